// The weights on a screen: sliders, and what they do to the ranking, drawn again at every step of a drag.
// A step is reckoned here; when the slider is let go `send` hands the weights on, and the exact numbers come back.
import { counted, list, move, one, rankThen, ranks, read, remember, shares, weigh } from "./core.js"

const TOP = 10 // rows of bars
const ROW = 40, GAP = 14, LINE = 18 // pixels: a bar with its name; between the first and the pinned; a line of text
const MOST = 100, COMFORTABLE = 10 // where sliders end
const AFTER_A_KEY = 200 // ms; keys that follow at once are one move
const SVG = "http://www.w3.org/2000/svg"
let mounted = 0

export function mount(root, send) {
  const at = { uid: `w${++mounted}`, locked: new Set(), undo: [], rows: new Map(), lines: new Map(), serial: 0, dragging: false, send }
  const place = skeleton(at)
  root.append(place.all)
  let frame = 0, later = 0

  const ready = () => at.field && at.now
  const paint = () => {
    frame = 0
    if (!ready()) return
    place.all.hidden = false
    draw(at, place)
  }
  const soon = () => { frame ||= requestAnimationFrame(paint) }

  function put(weights) {
    at.weights = weights
    show(at, place)
    soon()
  }
  function input(id, value) {
    at.before ??= at.weights
    at.dragging = true
    put(move(at.field, at.weights, id, value, at.locked, MOST))
  }
  function release(id, byKey) {
    clearTimeout(later)
    later = setTimeout(() => {
      at.dragging = false
      if (at.before) at.undo.push({ weights: at.before, preset: at.now.preset })
      at.before = null
      hand(at)
      show(at, place)
      soon()
      place.status.textContent = outcome(at, id)
    }, byKey ? AFTER_A_KEY : 0)
  }
  function choose(weights, preset) {
    at.undo.push({ weights: at.weights, preset: at.now.preset })
    leap({ weights, preset })
  }
  function leap({ weights, preset }) {
    at.now = { ...at.now, preset }
    at.then = null
    put({ ...weights })
    hand(at)
  }
  function sliders() {
    if (!ready()) return
    if (at.built !== at.field) build(at, place, { input, release, lock })
    at.built = at.field
    show(at, place)
    soon()
  }
  function lock(id) {
    if (!at.locked.delete(id)) at.locked.add(id)
    show(at, place)
  }
  place.preset.onchange = () => choose(at.field.presets[place.preset.value].weights, place.preset.value)
  place.reset.onclick = () => choose(at.field.presets[at.now.preset].weights, at.now.preset)
  place.undo.onclick = () => leap(at.undo.pop())
  const wide = new ResizeObserver(soon)
  wide.observe(place.all)
  return {
    field(bytes) {
      at.field = read(bytes)
      at.index = new Map(at.field.ids?.map((id, i) => [id, i]))
      at.then = null
      for (const drawn of [at.rows, at.lines]) { // a place may be another model's now
        for (const { all } of drawn.values()) all.remove()
        drawn.clear()
      }
      sliders()
    },
    list(flags) {
      at.flags = flags.slice()
      at.then = null
      soon()
    },
    // What Python knows: the weights are taken over unless the hand has moved on since they were sent.
    now(state) {
      const before = at.now
      at.now = at.dragging || state.serial < at.serial ? { ...state, preset: at.now?.preset ?? state.preset } : state
      if (!at.dragging && state.serial >= at.serial) at.weights = { ...state.weights }
      at.weights ??= { ...state.weights }
      if (["preset", "unknown", "capped"].some((key) => before?.[key] !== at.now[key])) at.then = null
      sliders()
    },
    destroy() {
      clearTimeout(later)
      cancelAnimationFrame(frame)
      wide.disconnect()
      place.all.remove()
    },
  }
}

function hand(at) {
  at.serial = Math.max(at.serial, at.now.serial) + 1
  at.send({ weights: at.weights, preset: at.now.preset, serial: at.serial })
}

function skeleton({ uid }) {
  const preset = add("select", { id: `${uid}-preset` })
  const undo = add("button", { type: "button" }, "Undo")
  const reset = add("button", { type: "button" }, "Reset")
  const tools = add("div", { class: "tools" }, add("label", { for: `${uid}-preset` }, "Start from"), preset, undo, reset)
  const rows = add("div", { class: "sliders" })
  const note = add("p", { class: "note", role: "alert" })
  const bars = add("ol", { class: "bars", "aria-label": "The first ten, and what is pinned" })
  const title = add("summary", {})
  const slope = document.createElementNS(SVG, "svg")
  slope.setAttribute("role", "img")
  const status = add("p", { class: "unseen", role: "status" })
  const legend = add("p", { class: "legend", hidden: "" }, "A line across a slider: beyond it another model is first.")
  const controls = add("div", { class: "controls" }, tools, rows, legend, note, status)
  const changes = add("details", { class: "changes", open: "" }, title, slope)
  const both = add("div", { class: "both" }, controls, bars, changes)
  const all = add("section", { class: "weights", "aria-label": "Weights", hidden: "" }, both) // until there is something in it
  return { all, preset, undo, reset, rows, legend, note, bars, title, slope, status }
}

function build(at, place, on) {
  const { field } = at
  place.preset.replaceChildren(...Object.entries(field.presets).map(([id, p]) => add("option", { value: id }, p.label)))
  at.controls = new Map()
  place.rows.replaceChildren(...field.categories.map((c) => {
    const row = slider(at, c, on, MOST)
    const title = `Keep the share of ${c.label} while others move`
    const lock = add("button", { type: "button", class: "lock", "aria-label": `Lock ${c.label}`, title }, padlock())
    lock.onclick = () => on.lock(c.id)
    row.lock = lock
    row.all.style.setProperty("--colour", c.colour)
    row.all.insertBefore(lock, row.range)
    row.tips = add("div", { class: "tips", "aria-hidden": "true" })
    row.all.append(row.tips)
    const factors = field.by_factor ? c.factors.filter((f) => field.columns.includes(f.id)) : []
    if (factors.length) row.all.append(inside(at, c, factors, on))
    return row.all
  }))
}

function slider(at, { id, label, question }, on, most) {
  const range = add("input", { type: "range", id: `${at.uid}-${id}`, min: 0, max: most, step: most > COMFORTABLE ? 1 : 0.25 })
  const number = add("output", { for: range.id })
  const name = add("label", { for: range.id, ...(question ? { title: question } : {}) }, label)
  const all = add("div", { class: "slider", "data-id": id }, name, number, range)
  let byKey = false
  range.onkeydown = () => { byKey = true }
  range.onpointerdown = () => { byKey = false }
  range.oninput = () => on.input(id, Number(range.value))
  range.onchange = () => on.release(id, byKey)
  at.controls.set(id, { all, range, number })
  return at.controls.get(id)
}

function padlock() {
  const [svg, body, bow] = ["svg", "rect", "path"].map((tag) => document.createElementNS(SVG, tag))
  set(svg, { viewBox: "0 0 20 16", "aria-hidden": "true" })
  set(body, { x: 3, y: 7.5, width: 10, height: 7, rx: 1 })
  set(bow, { d: "M5 7V5a3 3 0 0 1 6 0v2" })
  svg.append(body, bow)
  return svg
}

// The factors of a category, drawn when somebody opens them.
function inside(at, category, factors, on) {
  const body = add("div", { class: "factors" })
  const all = add("details", {}, add("summary", {}, `Factors of ${category.label}`), body)
  all.ontoggle = () => {
    if (!all.open || body.childElementCount) return
    body.append(...factors.map((f) => slider(at, f, on, at.weights[f.id] > COMFORTABLE ? MOST : COMFORTABLE).all))
    show(at, at.place)
  }
  return all
}

// The controls under the weights as they are.
function show(at, place) {
  at.place = place
  const { field, weights } = at
  const each = shares(field, weights)
  field.categories.forEach((c, n) => {
    const control = at.controls.get(c.id), closed = at.locked.has(c.id)
    const of = counted(field, n, weights) ? `${percent(each[n])} of the total` : "not counted"
    write(control, weights[c.id], of)
    tips(at, c.id, control)
    control.range.disabled = closed
    control.lock.setAttribute("aria-pressed", String(closed))
    for (const f of c.factors) {
      const own = at.controls.get(f.id)
      if (own) write(own, weights[f.id], weights[f.id] ? `weight ${weights[f.id]}` : "not counted")
    }
  })
  place.legend.hidden = !place.rows.querySelector(".tips > span")
  const closed = field.categories.reduce((sum, c, n) => sum + (at.locked.has(c.id) ? each[n] : 0), 0)
  const none = each.every((share) => share === 0)
  place.note.textContent = none
    ? "All weights are zero, so nothing can be ranked; raise at least one weight. Shown until then: the last order."
    : closed > 1 - 1e-6 ? "What is locked is the whole total; unlock a weight to move another." : ""
  const usual = field.presets[at.now.preset].weights
  place.preset.value = at.now.preset
  place.reset.disabled = Object.keys(usual).every((id) => usual[id] === weights[id])
  place.undo.disabled = !at.undo.length
}

function write({ range, number }, weight, of) {
  if (Number(range.max) < weight) range.max = MOST
  if (Number(range.value) !== weight) {
    if ((weight / Number(range.step)) % 1) range.step = "any"
    range.value = weight
  }
  range.setAttribute("aria-valuetext", `${weight}, ${of}`)
  number.textContent = `${weight} · ${of}`
  range.style.setProperty("--full", `${(100 * weight) / Number(range.max)}%`)
}

// Where another model comes first if this weight alone moves on; gone while another weight is on the move.
function tips(at, id, { range, tips }) {
  const alone = at.field.categories.every((c) => c.id === id || at.weights[c.id] === at.now.weights[c.id])
  const marked = (alone && at.now.tips?.[id]) || []
  tips.replaceChildren(...marked.filter((weight) => weight <= Number(range.max)).map((weight) => {
    const tip = add("span", {})
    tip.style.setProperty("--at", weight / Number(range.max))
    return tip
  }))
}

// The picture under the weights as they are. Where nothing weighs the last one stays.
function draw(at, place) {
  const { field, now, weights } = at
  if (shares(field, weights).every((share) => share === 0)) return place.all.classList.add("stale")
  place.all.classList.remove("stale")
  if (at.flags?.length === field.n) list(field, at.flags)
  const how = { unknown: now.unknown, capped: now.capped }
  if (!at.then) {
    const usual = field.presets[now.preset].weights
    at.firstThen = weigh(field, usual, how, TOP)
    at.then = remember(field, usual, how)
  }
  const first = weigh(field, weights, how, TOP)
  const pins = now.pins.map((id) => at.index.get(id)).filter((i) => i !== undefined)
  const below = pins.filter((i) => !first.includes(i))
  const every = [...new Set([...first, ...below, ...at.firstThen])]
  const ranked = new Map(ranks(field, every).map((rank, k) => [every[k], { i: every[k], rank, then: rankThen(field, at.then, every[k]) }]))
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
    const made = one(field, i, weights, how), exact = at.dragging ? null : now.exact[name(field, i)]
    const { rank, then } = ranked.get(i)
    row.all.style.transform = `translateY(${k * ROW + (k >= first.length ? GAP : 0)}px)`
    row.rank.textContent = rank ?? "–"
    moved(row.moved, rank, then)
    if (now.page) row.label.href = `${now.page}?${["model=" + encodeURIComponent(name(field, i)), now.query].filter(Boolean).join("&")}`
    row.star.hidden = !now.pins.includes(name(field, i))
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
  const [owner, model] = split(name(field, i))
  const label = add(at.now.page ? "a" : "span", { class: "name", title: name(field, i) }, add("span", { class: "owner" }, owner), model)
  label.onclick = (event) => {
    if (!at.now.page || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button) return
    event.preventDefault()
    at.send({ open: name(field, i) })
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
  const wide = Math.max(place.slope.clientWidth, 200), [left, right] = [44, Math.min(0.4 * wide, 200)]
  set(place.slope, { viewBox: `0 0 ${wide} ${every.length * LINE}`, "aria-label": inWords(field, every) })
  place.slope.style.height = `${every.length * LINE}px`
  const before = new Map(every.toSorted((a, b) => a.then - b.then).map((r, k) => [r.i, k * LINE + LINE / 2]))
  const letters = Math.floor((wide - right) / 6.6) - 6, gone = new Set(at.lines.keys())
  every.toSorted((a, b) => a.rank - b.rank).forEach(({ i, rank, then }, k) => {
    gone.delete(i)
    const line = at.lines.get(i) ?? slope(at, place, i), text = split(name(field, i))[1]
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

function inWords(field, every) {
  const moves = every.filter((r) => r.then !== r.rank).sort((a, b) => a.rank - b.rank)
  const each = moves.map((r) => `${name(field, r.i)} from ${r.then} to ${r.rank}`)
  return each.length ? `Ranks that changed: ${each.join("; ")}.` : "No rank of the first changed."
}

// What a release did, for screen readers.
function outcome(at, id) {
  const { field, weights } = at
  const c = field.categories.findIndex((category) => category.id === id)
  if (c < 0 || !shares(field, weights).some((share) => share > 0)) return ""
  const [first] = weigh(field, weights, at.now, 1)
  return `${field.categories[c].label} is ${percent(shares(field, weights)[c])} of the total. First: ${first === undefined ? "none" : name(field, first)}.`
}

function name(field, i) {
  return field.ids ? field.ids[i] : `Model ${i + 1}`
}

function split(id) {
  const cut = id.lastIndexOf("/") + 1
  return [id.slice(0, cut), id.slice(cut)]
}

function percent(share) {
  return `${Math.round(100 * share)}%`
}

function set(element, attributes, text) {
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  if (text !== undefined && element.textContent !== text) element.textContent = text
}

function add(tag, attributes, ...children) {
  const element = document.createElement(tag)
  set(element, attributes)
  element.append(...children)
  return element
}
