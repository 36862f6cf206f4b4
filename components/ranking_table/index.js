// Draws data.rows. Every text is set as text, never as markup: ids and flags come from other people's records.
export default function ({ data, parentElement, setTriggerValue }) {
  const table = parentElement.querySelector("table")
  const focused = parentElement.activeElement?.dataset?.what
  table.querySelector("caption").textContent = data.caption
  table.querySelector("thead").replaceChildren(head(data, setTriggerValue))
  table.classList.toggle("wide", data.heads.length > USUAL)
  const draw = (model) => row(model, data, setTriggerValue)
  table.querySelector(".pinned").replaceChildren(...data.pinned.map(draw))
  table.querySelector(".rows").replaceChildren(...data.rows.map(draw))
  if (focused) parentElement.querySelector(`[data-what="${CSS.escape(focused)}"]`)?.focus()
}

const USUAL = 8 // columns; a table with more may be wider than the page

function head({ heads, sorted }, setTriggerValue) {
  const headings = heads.map((column) => {
    const th = add("th", { scope: "col", class: kind(column) }, sorter(column, sorted, setTriggerValue))
    if (column.id === sorted.id) th.setAttribute("aria-sort", sorted.order)
    return th
  })
  const rank = add("th", { scope: "col", class: "rank" }, "Rank")
  return add("tr", {}, rank, ...headings, add("th", { scope: "col", class: "pin" }, "Pin"))
}

// A heading sorts by its column; a second press turns the order round.
function sorter({ id, label }, sorted, setTriggerValue) {
  const sign = id === sorted.id ? { ascending: "▲", descending: "▼" }[sorted.order] : ""
  const button = add("button", { type: "button", class: "sorter", "data-what": `sort ${id}` }, label)
  if (sign) button.append(add("span", { "aria-hidden": "true" }, ` ${sign}`))
  button.onclick = () => setTriggerValue("sort", id)
  return button
}

// Classes carry the layout: style.css turns a row into a card where the table is narrow.
function kind({ id, colour, kind }) {
  if (id === "total" || id === "flags") return id
  return id === "id" ? "model" : colour ? "category" : kind
}

function row(model, data, setTriggerValue) {
  const isPinned = data.pins.includes(model.id)
  const [, , ...columns] = data.heads
  let place = 0
  const cells = [
    add("td", { class: "rank" }, ...rank(model)),
    add("th", { scope: "row", class: "model" }, link(model, data, setTriggerValue)),
    add("td", { class: "total" }, ...total(model)),
    ...columns.map((column, i) => {
      const td = add("td", { class: kind(column) }, ...cell(model.cells[i], column))
      if (column.colour) td.style.setProperty("--place", place++)
      return td
    }),
    add("td", { class: "pin" }, pin(model, isPinned, setTriggerValue)),
  ]
  return add("tr", { class: isPinned ? "is-pinned" : "" }, ...cells)
}

function rank({ rank, inAll, moved }) {
  const all = inAll === null ? [] : [add("span", { class: "all" }, `${inAll.toLocaleString("en")} in all`)]
  if (moved) all.unshift(add("span", { class: "moved", role: "img", "aria-label": spoken(moved), title: spoken(moved) }, moved))
  if (rank !== null) return [rank.toLocaleString("en"), ...all]
  return all.length ? all : [add("span", { class: "quiet" }, "not ranked")]
}

function spoken(moved) {
  const words = moved.replace("▲", "up").replace("▼", "down")
  return `${moved === "=" ? "as before" : words}, against the unchanged weights`
}

function cell(value, column) {
  if (column.colour) return category(value, column)
  if (column.kind === "flags") return value.map(flag)
  const text = value === "" ? add("span", { class: "quiet" }, "unknown") : value
  return [label(column.label), text]
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
    add("span", { class: "interval" }, model.interval),
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
