// The weights on a screen: sliders, and what they do to the ranking, drawn again at every step of a drag.
// A step is reckoned here; when the slider is let go `send` hands the weights on, and the exact numbers come back.
import { counted, list, move, read, shares, weigh } from "./core.js"
import { SVG, TOP, add, draw, name, set } from "./picture.js"

const MOST = 100, COMFORTABLE = 10 // where sliders end
const AFTER_A_KEY = 200 // ms; keys that follow at once are one move
const TOGETHER = 20, PATIENCE = 1000 // ms: names that come into view are asked for together; then again
let mounted = 0

export function mount(root, send) {
  const at = { uid: `w${++mounted}`, locked: new Set(), undo: [], rows: new Map(), lines: new Map(), names: new Map(), index: new Map(), serial: 0, dragging: false, send }
  const place = skeleton(at)
  root.append(place.all)
  let frame = 0, later = 0, asking = 0, fetching = null

  const ready = () => at.field && at.now && at.bits
  const paint = () => {
    frame = 0
    if (!ready()) return
    place.all.hidden = place.both.hidden = false
    draw(at, place)
    if (at.unnamed?.length && !asking) asking = setTimeout(ask, TOGETHER)
  }
  const ask = () => {
    at.send({ asked: at.unnamed })
    asking = setTimeout(answered, PATIENCE)
  }
  const answered = () => {
    clearTimeout(asking)
    asking = 0
    soon()
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
    if (byKey) later = setTimeout(() => letGo(id), AFTER_A_KEY)
    else letGo(id)
  }
  function letGo(id) {
    at.dragging = false
    hand(at)
    if (at.before) at.undo.push({ weights: at.before, preset: at.now.preset })
    at.before = null
    show(at, place)
    soon()
    place.status.textContent = outcome(at, id)
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
  function listed() {
    at.then = null
    if (at.field && at.bits?.length === 2 * Math.ceil(at.field.n / 8)) list(at.field, at.bits)
  }
  function named(found = {}) {
    for (const [i, id] of Object.entries(found)) {
      at.names.set(Number(i), id)
      at.index.set(id, Number(i))
    }
  }
  function lock(id) {
    if (!at.locked.delete(id)) at.locked.add(id)
    show(at, place)
  }
  place.preset.onchange = () => choose(at.field.presets[place.preset.value].weights, place.preset.value)
  place.reset.onclick = () => choose(at.field.presets[at.now.preset].weights, at.now.preset)
  place.undo.onclick = () => leap(at.undo.pop())
  const wide = new ResizeObserver(([{ contentRect }]) => {
    at.wide = contentRect.width
    soon()
  })
  wide.observe(place.title) // as wide as the lines under it
  return {
    field(bytes) {
      at.field = read(bytes)
      at.names = new Map(at.field.ids?.entries()) // by place; others come with what Python knows, or are asked for
      at.index = new Map(at.field.ids?.map((id, i) => [id, i]))
      named(at.now?.names)
      listed()
      place.wait.hidden = true
      for (const drawn of [at.rows, at.lines]) { // a place may be another model's now
        for (const { all } of drawn.values()) all.remove()
        drawn.clear()
      }
      sliders()
    },
    // The same from an address.
    async fetch(address) {
      fetching?.abort()
      const { signal } = (fetching = new AbortController())
      place.all.hidden = place.wait.hidden = false
      try {
        const answer = await fetch(address, { signal })
        if (!answer.ok) throw new Error(answer.statusText)
        const bytes = new Uint8Array(await answer.arrayBuffer())
        if (!signal.aborted) this.field(bytes)
      } catch {
        if (!signal.aborted) place.wait.textContent = "The models could not be fetched; load the page again to move their weights."
      }
    },
    // Which are kept and which may be ranked, as `flags` wrote it.
    async list(bytes) {
      const mine = (at.listing = {})
      const bits = new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer())
      if (at.listing !== mine) return // others have come since
      at.bits = bits
      listed()
      sliders()
    },
    // The names that were asked for.
    names(found) {
      named(found)
      answered()
    },
    // What Python knows: the weights are taken over unless the hand has moved on since they were sent.
    now(state) {
      const before = at.now
      at.now = at.dragging || state.serial < at.serial ? { ...state, preset: at.now?.preset ?? state.preset } : state
      if (!at.dragging && state.serial >= at.serial) at.weights = { ...state.weights }
      at.weights ??= { ...state.weights }
      named(state.names)
      if (["preset", "unknown", "capped"].some((key) => before?.[key] !== at.now[key])) at.then = null
      sliders()
    },
    destroy() {
      clearTimeout(later)
      clearTimeout(asking)
      cancelAnimationFrame(frame)
      fetching?.abort()
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
  const both = add("div", { class: "both", hidden: "" }, controls, bars, changes)
  const wait = add("p", { class: "legend", role: "status", hidden: "" }, "The models are on their way to this browser, which weighs them itself …")
  const all = add("section", { class: "weights", "aria-label": "Weights", hidden: "" }, wait, both) // until there is something in it
  return { all, wait, both, preset, undo, reset, rows, legend, note, bars, title, slope, status }
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

// What a release did, for screen readers.
function outcome(at, id) {
  const { field, weights } = at
  const c = field.categories.findIndex((category) => category.id === id)
  if (c < 0 || !shares(field, weights).some((share) => share > 0)) return ""
  const [first] = weigh(field, weights, at.now, TOP).first, who = first === undefined ? "none" : name(at, first)
  return `${field.categories[c].label} is ${percent(shares(field, weights)[c])} of the total.${who ? ` First: ${who}.` : ""}`
}

function percent(share) {
  return `${Math.round(100 * share)}%`
}
