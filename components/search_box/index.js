// A combobox as the ARIA practices have it, whose matches come from the server. It sends what is typed and what is picked;
// data.of says which text data.matches belong to. Every name is set as text: ids come from other people's records.
const PAUSE_MS = 60 // between two keys, before what was typed is sent
const boxes = new WeakMap()
let boxesSoFar = 0

export default function ({ data, parentElement, setTriggerValue }) {
  const box = boxes.get(parentElement) ?? make(parentElement)
  boxes.set(parentElement, box)
  box.send = setTriggerValue
  box.take(data)
}

function make(parent) {
  const [label, input, list, chosen, outcome] = ["label", "input", ".matches", ".chosen", ".outcome"].map((one) => parent.querySelector(one))
  const id = `search-box-${boxesSoFar++}`
  Object.assign(input, { id }), Object.assign(list, { id: `${id}-matches` })
  label.htmlFor = id
  input.setAttribute("aria-controls", list.id)
  let data = { chosen: [], matches: [], most: 1 }
  let active = -1
  let entered = false // Enter was pressed before the matches came
  let pause

  const isOne = () => data.most === 1
  const options = () => [...list.children]
  const pick = (names) => (close(), setText(isOne() ? (names[0] ?? "") : ""), box.send("picked", names))
  const add = (name) => pick(isOne() ? [name] : [...data.chosen, name])
  const setText = (text) => ((input.value = text), grow())
  const grow = () => input.parentElement.classList.toggle("filled", Boolean(input.value))

  function close() {
    list.hidden = true
    input.setAttribute("aria-expanded", "false")
    activate(-1)
  }

  function activate(n) {
    active = n
    options().forEach((option, at) => option.setAttribute("aria-selected", String(at === n)))
    if (n < 0) return input.removeAttribute("aria-activedescendant")
    input.setAttribute("aria-activedescendant", options()[n].id)
    options()[n].scrollIntoView({ block: "nearest" })
  }

  // Shows the matches, if they are of what stands in the field now.
  function open() {
    const typed = input.value.trim()
    if (!typed || data.of !== typed || document.activeElement?.shadowRoot?.activeElement !== input && parent.activeElement !== input) return close()
    const names = data.matches.filter((name) => !data.chosen.includes(name) || isOne())
    if (entered && names.length) return (entered = false), add(names[0])
    list.replaceChildren(...names.map((name, n) => option(name, n, typed)))
    list.hidden = !names.length
    input.setAttribute("aria-expanded", String(Boolean(names.length)))
    activate(-1)
    outcome.textContent = names.length ? `${names.length} ${names.length === 1 ? "match" : "matches"}` : `No name contains “${typed}”.`
    outcome.classList.toggle("nothing", !names.length)
  }

  function option(name, n, typed) {
    const item = element("li", { role: "option", id: `${list.id}-${n}`, "aria-selected": "false" })
    item.append(...marked(name, typed))
    item.onpointerdown = (event) => (event.preventDefault(), add(name)) // before the field loses the focus
    return item
  }

  function chip(name) {
    const button = element("button", { type: "button", "aria-label": `Remove ${name}`, title: `Remove ${name}` }, "×")
    button.onclick = () => (pick(data.chosen.filter((one) => one !== name)), input.focus())
    return element("li", {}, element("span", {}, name), button)
  }

  input.oninput = () => {
    entered = false
    grow()
    clearTimeout(pause)
    outcome.textContent = ""
    if (isOne() && !input.value && data.chosen.length) return pick([])
    pause = setTimeout(() => (input.value.trim() ? box.send("typed", input.value.trim()) : close()), PAUSE_MS)
  }
  input.onfocus = () => (isOne() && input.select(), open())
  input.onblur = () => (close(), (outcome.textContent = ""), isOne() ? setText(data.chosen[0] ?? "") : null)
  input.onkeydown = (event) => {
    const last = options().length - 1
    const steps = { ArrowDown: active < last ? active + 1 : 0, ArrowUp: active > 0 ? active - 1 : last }
    if (event.key in steps && !list.hidden) {
      activate(steps[event.key])
    } else if (event.key in steps) {
      open()
    } else if (event.key === "Enter" && !list.hidden) {
      add(names()[Math.max(active, 0)])
    } else if (event.key === "Enter" && data.of !== input.value.trim() && input.value !== data.chosen[0]) {
      entered = true
    } else if (event.key === "Escape") {
      list.hidden ? setText("") : close()
    } else if (event.key === "Backspace" && !input.value && !isOne() && data.chosen.length) {
      pick(data.chosen.slice(0, -1))
    } else return
    event.preventDefault()
  }
  const names = () => options().map((option) => option.textContent)

  const box = {
    take(sent) {
      const before = data.chosen.join("\n")
      data = sent
      label.textContent = data.label
      label.classList.toggle("unseen", !data.labelled)
      input.placeholder = data.chosen.length && !isOne() ? "" : data.placeholder
      input.disabled = !isOne() && data.chosen.length >= data.most
      chosen.hidden = isOne() || !data.chosen.length
      chosen.replaceChildren(...(isOne() ? [] : data.chosen.map(chip)))
      if (isOne() && (before !== data.chosen.join("\n") || !boxes.has(parent))) setText(data.chosen[0] ?? "")
      open()
    },
  }
  return box
}

// The words that were typed stand out in a name.
function marked(name, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "i")
  return name.split(pattern).filter(Boolean).map((part) => (words.includes(part.toLowerCase()) ? element("b", {}, part) : part))
}

function element(tag, attributes, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}
