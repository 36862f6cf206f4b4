// The picture under the weights: the first as bars, and who rises and who falls against the weights one started from.
import { one, ranksThen, remember, shares, weigh } from "./core.js"

export const TOP = 10 // rows of bars
export const SVG = "http://www.w3.org/2000/svg"
const ROW = 40, GAP = 14, LINE = 18 // pixels: a bar with its name; between the first and the pinned; a line of text
const PLACEHOLDER = "…" // for a name that is on its way

// The picture under the weights as they are. Where nothing weighs the last one stays.
export function draw(at, place) {
  const { field, now, weights } = at
  if (shares(field, weights).every((share) => share === 0)) return place.all.classList.add("stale")
  place.all.classList.remove("stale")
  const how = { unknown: now.unknown, capped: now.capped }
  if (!at.then) {
    at.then = remember(field.presets[now.preset].weights, how)
    at.firstThen = weigh(field, at.then.weights, how, TOP).first
  }
  const pins = now.pins.map((id) => at.index.get(id)).filter((i) => i !== undefined)
  const { first, ranks } = weigh(field, weights, how, TOP, [...new Set([...pins, ...at.firstThen])])
  const below = pins.filter((i) => !first.includes(i)), every = [...new Set([...first, ...below, ...at.firstThen])]
  const then = ranksThen(field, at.then, every)
  const ranked = new Map(every.map((i) => [i, { i, rank: ranks.get(i), then: then.get(i) }]))
  at.unnamed = every.filter((i) => !at.names.has(i))
  bars(at, place, first, below, ranked, how)
  slopes(at, place, [...ranked.values()].filter((r) => r.rank && r.then))
}

function bars(at, place, first, below, ranked, how) {
  const { field, now, weights } = at
  const shown = [...first, ...below], gone = new Set(at.rows.keys())
  place.bars.style.height = `${shown.length * ROW + (below.length ? GAP : 0) + (first.length ? 0 : ROW)}px`
  shown.forEach((i, k) => {
    gone.delete(i)
    const row = at.rows.get(i) ?? bar(at, place, i)
    const made = one(field, i, weights, how), id = name(at, i), exact = now.serial < at.serial || at.dragging ? null : now.exact[id]
    if (row.id !== id) label(at, row, id)
    const { rank, then } = ranked.get(i)
    row.all.style.transform = `translateY(${k * ROW + (k >= first.length ? GAP : 0)}px)`
    row.rank.textContent = rank ?? "–"
    moved(row.moved, rank, then)
    if (now.page && id) row.label.href = `${now.page}?${["model=" + encodeURIComponent(id), now.query].filter(Boolean).join("&")}`
    row.star.hidden = !now.pins.includes(id)
    row.total.textContent = made.total === made.total ? made.total.toFixed(exact?.[2] ?? 0) : "unknown"
    const kept = made.uncapped > 0 ? Math.min(1, made.total / made.uncapped) : 0
    made.parts.forEach((part, c) => { row.parts[c].style.width = `${(100 * kept * part) / field.out_of || 0}%` })
    row.held.style.width = `${(100 * (made.uncapped - made.total)) / field.out_of || 0}%`
    row.range.hidden = !exact
    if (exact) {
      row.range.style.left = `${(100 * exact[0]) / field.out_of}%`
      row.range.style.width = `${(100 * (exact[1] - exact[0])) / field.out_of}%`
    }
  })
  for (const i of gone) {
    at.rows.get(i).all.remove()
    at.rows.delete(i)
  }
  if (!at.dragging) inOrder(place.bars, shown.map((i) => at.rows.get(i).all))
  place.bars.dataset.empty = first.length ? "" : "No model passes these filters."
}

// Readers of the page get the order of the picture; while a hand drags nothing is moved under it.
function inOrder(within, wanted) {
  wanted.forEach((element, k) => { if (within.children[k] !== element) within.insertBefore(element, within.children[k] ?? null) })
}

function bar(at, place, i) {
  const { field } = at
  const label = add(at.now.page ? "a" : "span", { class: "name" })
  label.onclick = (event) => {
    if (!row.id || !at.now.page || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button) return
    event.preventDefault()
    at.send({ open: row.id })
  }
  const row = {
    label,
    rank: add("span", { class: "rank" }),
    star: add("span", { class: "star", role: "img", "aria-label": "pinned" }, "★"),
    moved: add("span", { class: "moved" }),
    total: add("span", { class: "total" }),
    parts: field.categories.map((c) => add("i", { title: c.label, style: `background:${c.colour}` })),
    held: add("i", { class: "held", title: "held back" }),
    range: add("span", { class: "range" }),
  }
  const track = add("span", { class: "track", "aria-hidden": "true" }, ...row.parts, row.held, row.range)
  row.all = add("li", {}, row.rank, row.star, label, row.moved, row.total, track)
  place.bars.append(row.all)
  at.rows.set(i, row)
  return row
}

// Writes the name of a row, once it is known.
function label(at, row, id) {
  row.id = id
  const [owner, model] = split(id || PLACEHOLDER)
  row.label.replaceChildren(add("span", { class: "owner" }, owner), model)
  row.label.title = id || "The name is on its way"
}

function moved(element, rank, then) {
  const by = rank && then ? then - rank : 0
  element.className = `moved ${by > 0 ? "up" : by < 0 ? "down" : ""}`
  element.textContent = by ? `${by > 0 ? "▲" : "▼"} ${Math.abs(by).toLocaleString("en")}` : ""
  element.setAttribute("aria-label", by ? `${by > 0 ? "up" : "down"} ${Math.abs(by)}` : "")
}

// Who rises and who falls: of all that are or were among the first, a line from its place at the start to that of now.
function slopes(at, place, every) {
  const { field, now } = at
  place.title.textContent = `Who rises and who falls, from ${field.presets[now.preset].label}`
  const wide = Math.max(at.wide ?? 0, 200), [left, right] = [44, Math.min(0.4 * wide, 200)]
  set(place.slope, { viewBox: `0 0 ${wide} ${every.length * LINE}`, "aria-label": inWords(at, every) })
  place.slope.style.height = `${every.length * LINE}px`
  const before = new Map(every.toSorted((a, b) => a.then - b.then).map((r, k) => [r.i, k * LINE + LINE / 2]))
  const letters = Math.floor((wide - right) / 6.6) - 6, gone = new Set(at.lines.keys())
  every.toSorted((a, b) => a.rank - b.rank).forEach(({ i, rank, then }, k) => {
    gone.delete(i)
    const line = at.lines.get(i) ?? slope(at, place, i), text = split(name(at, i) || PLACEHOLDER)[1]
    const from = before.get(i), to = k * LINE + LINE / 2
    line.all.setAttribute("class", then > rank ? "up" : then < rank ? "down" : "same")
    set(line.path, { x1: left, y1: from, x2: right, y2: to })
    set(line.then, { x: left - 6, y: from + 4 }, then.toLocaleString("en"))
    set(line.now, { x: right + 40, y: to + 4 }, text.length > letters ? `${text.slice(0, letters - 1)}…` : text)
    set(line.rank, { x: right + 34, y: to + 4 }, rank.toLocaleString("en"))
  })
  for (const i of gone) {
    at.lines.get(i).all.remove()
    at.lines.delete(i)
  }
}

function slope(at, place, i) {
  const make = (tag) => document.createElementNS(SVG, tag)
  const line = { all: make("g"), path: make("line"), then: make("text"), rank: make("text"), now: make("text") }
  for (const text of [line.then, line.rank]) text.setAttribute("text-anchor", "end")
  line.all.append(line.path, line.then, line.rank, line.now)
  place.slope.append(line.all)
  at.lines.set(i, line)
  return line
}

function inWords(at, every) {
  const moves = every.filter((r) => r.then !== r.rank && name(at, r.i)).sort((a, b) => a.rank - b.rank)
  const each = moves.map((r) => `${name(at, r.i)} from ${r.then} to ${r.rank}`)
  return each.length ? `Ranks that changed: ${each.join("; ")}.` : "No rank of the first changed."
}

// The name of a subject; empty while it is on its way.
export function name({ names }, i) {
  return names.get(i) ?? ""
}

function split(id) {
  const cut = id.lastIndexOf("/") + 1
  return [id.slice(0, cut), id.slice(cut)]
}

export function set(element, attributes, text) {
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  if (text !== undefined && element.textContent !== text) element.textContent = text
}

export function add(tag, attributes, ...children) {
  const element = document.createElement(tag)
  set(element, attributes)
  element.append(...children)
  return element
}
