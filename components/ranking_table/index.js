// Draws data.rows. Every text is set as text, never as markup: ids and flags come from other people's records.
export default function ({ data, parentElement, setTriggerValue }) {
  const table = parentElement.querySelector("table")
  const focused = parentElement.activeElement?.dataset?.what
  table.querySelector("caption").textContent =
    "Models by total. The bar beside a total is the interval in which it may lie; its mark is the total."
  table.querySelector("thead").replaceChildren(head(data))
  const draw = (model) => row(model, data, setTriggerValue)
  table.querySelector(".pinned").replaceChildren(...data.pinned.map(draw))
  table.querySelector(".rows").replaceChildren(...data.rows.map(draw))
  if (focused) parentElement.querySelector(`[data-what="${CSS.escape(focused)}"]`)?.focus()
}

function head(data) {
  const labels = ["Rank", "Model", "Total", ...data.categories.map((c) => c.label), "Evidence", "Flags", "Pin"]
  return add("tr", {}, ...labels.map((label, i) => add("th", { scope: "col", class: kind(i, data) }, label)))
}

// Classes carry the layout: style.css turns a row into a card where the table is narrow.
function kind(i, data) {
  const n = data.categories.length
  return ["rank", "model", "total", ...Array(n).fill("category"), "evidence", "flags", "pin"][i]
}

function row(model, data, setTriggerValue) {
  const isPinned = data.pins.includes(model.id)
  const cells = [
    add("td", { class: "rank" }, model.rank === null ? add("span", { class: "quiet" }, "not ranked") : String(model.rank)),
    add("th", { scope: "row", class: "model" }, link(model, data, setTriggerValue)),
    add("td", { class: "total" }, ...total(model)),
    ...model.scores.map((score, i) => add("td", { class: "category", style: `--place: ${i}` }, ...category(score, data.categories[i]))),
    add("td", { class: "evidence" }, label("Evidence"), model.evidence),
    add("td", { class: "flags" }, ...model.flags.map(flag)),
    add("td", { class: "pin" }, pin(model, isPinned, setTriggerValue)),
  ]
  return add("tr", { class: isPinned ? "is-pinned" : "" }, ...cells)
}

function link(model, data, setTriggerValue) {
  const query = [`model=${encodeURIComponent(model.id)}`, data.view].filter(Boolean).join("&")
  const a = add("a", { href: `${data.page}?${query}`, "data-what": `open ${model.id}` })
  if (model.owner) a.append(add("span", { class: "owner" }, `${model.owner}/`))
  a.append(add("wbr"), add("span", { class: "name" }, model.name))
  a.onclick = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return
    event.preventDefault()
    setTriggerValue("open", model.id)
  }
  return a
}

function total(model) {
  if (model.total === null) return [add("span", { class: "quiet" }, "unknown")]
  const track = add("span", { class: "track", "aria-hidden": "true" }, add("i", { class: "span" }), add("i", { class: "mark" }))
  track.firstChild.style.left = `${model.low}%`
  track.firstChild.style.width = `${Math.max(model.high - model.low, 0.5)}%`
  track.lastChild.style.left = `${model.total}%`
  const held = model.uncapped !== null && model.uncapped > model.total
  return [
    add("span", { class: "number" }, model.total.toFixed(model.digits)),
    add("span", { class: "interval" }, `${model.low.toFixed(model.digits)} – ${model.high.toFixed(model.digits)}`),
    track,
    ...(held ? [add("span", { class: "interval held" }, `held back from ${model.uncapped.toFixed(1)}`)] : []),
  ]
}

function category(score, { label: name, colour, missing }) {
  if (score === null) return [label(name), add("span", { class: "quiet" }, missing)]
  const bar = add("span", { class: "bar", "aria-hidden": "true" }, add("i"))
  bar.firstChild.style.width = `${score}%`
  bar.firstChild.style.background = colour
  return [label(name), add("span", { class: "number" }, score.toFixed(1)), bar]
}

function flag({ label: words, tone, sentence }) {
  const sign = { danger: "▲", warning: "!", note: "i" }[tone]
  return add("span", { class: `flag ${tone}`, title: sentence }, add("b", { "aria-hidden": "true" }, sign), ` ${words}`)
}

function pin(model, isPinned, setTriggerValue) {
  const words = `${isPinned ? "Unpin" : "Pin"} ${model.id}`
  const button = add("button", { type: "button", "aria-pressed": String(isPinned), "aria-label": words, title: words })
  button.dataset.what = `pin ${model.id}`
  button.textContent = isPinned ? "★" : "☆"
  button.onclick = () => setTriggerValue("pin", model.id)
  return button
}

// Shown in the narrow layout only, where no column's heading stands above a number.
function label(text) {
  return add("span", { class: "label" }, text)
}

function add(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}
