// Counts down to the next try, and opens the page when there is room for it.
const place = document.getElementById("left"), between = parseInt(place.textContent)
let left = between

async function tick() {
  left -= 1
  if (left < 1) {
    const full = await fetch(location.href, { method: "HEAD", cache: "no-store" }).then((answer) => answer.status === 503, () => true)
    if (!full) return location.reload()
    left = between
  }
  place.textContent = `${left} second${left === 1 ? "" : "s"}`
  setTimeout(tick, 1000)
}
setTimeout(tick, 1000)
