// Keeps the browser's address in step with the view, in place: “Back” leaves the page and does not step through sliders.
// And copies data.address. Browsers give pages no clipboard without https (or localhost): then the older way is tried, and
// where that fails too the reader is pointed to "Show link".
const SHOWN_FOR_MS = 4000

export default function ({ data, parentElement }) {
  keepInStep(data.address)
  const button = parentElement.querySelector("button")
  const outcome = parentElement.querySelector(".outcome")

  button.onclick = async () => {
    const copied = (await copyNow(data.address)) || copyOldWay(data.address)
    outcome.textContent = copied ? "Copied" : "Copying is blocked here; use “Show link”."
    clearTimeout(button.forget)
    button.forget = setTimeout(() => (outcome.textContent = ""), SHOWN_FOR_MS)
    button.focus()
  }
}

function keepInStep(address) {
  if (!address) return
  const now = new URL(window.location.href)
  const next = new URL(address, now)
  if (next.origin !== now.origin || trimmed(next) !== trimmed(now)) return // this element is about to leave the page
  for (const key of ["embed", "embed_options"]) {
    for (const value of now.searchParams.getAll(key)) next.searchParams.append(key, value)
  }
  next.pathname = now.pathname
  if (next.search !== now.search) window.history.replaceState(window.history.state, "", next)
}

function trimmed(url) {
  return url.pathname.replace(/\/+$/, "")
}

async function copyNow(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

function copyOldWay(text) {
  const field = document.createElement("textarea")
  field.value = text
  field.setAttribute("readonly", "")
  field.style.position = "fixed"
  field.style.opacity = "0"
  document.body.append(field)
  field.select()
  let copied = false
  try {
    copied = document.execCommand("copy")
  } catch {
    copied = false
  }
  field.remove()
  return copied
}
