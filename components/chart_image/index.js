// Saves a chart as an image with the page's own font and background, under what it is of: Plotly's own button loses all
// three. It listens for that button, so that there is nothing further on the screen. With Shift it is SVG, else PNG.
const SPACE = 16, LINE = 24, SCALE = 2, NS = "http://www.w3.org/2000/svg"
const shared = (globalThis[Symbol.for("weighbridge.chart_image")] ??= {})

export default function ({ data }) {
  shared.source = data
  shared.listening ??= !document.addEventListener("click", clicked, true)
}

function clicked(event) {
  const chart = event.target.closest?.(".modebar-btn")?.closest(".js-plotly-plot")
  if (!chart) return
  event.preventDefault()
  event.stopImmediatePropagation()
  const name = chart._context?.toImageButtonOptions?.filename ?? "weighbridge"
  save(chart, name, event.shiftKey)
}

async function save(chart, name, asSvg) {
  const svg = await drawing(chart)
  const file = new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" })
  download(asSvg ? file : await raster(file, svg), `${name}.${asSvg ? "svg" : "png"}`)
}

/** The chart between the title of the page and where its numbers are from. */
async function drawing(chart) {
  const layers = [...chart.querySelectorAll(".main-svg, .gl-canvas:not(.gl-canvas-pick)")] // from back to front
  const first = layers.find((layer) => layer.matches(".main-svg"))
  const [wide, high] = [first.width.baseVal.value, first.height.baseVal.value]
  const style = getComputedStyle(document.querySelector("[data-testid=stApp]"))
  const svg = element("svg", { xmlns: NS, width: wide + 2 * SPACE, height: high + 2 * (SPACE + LINE) })
  const text = { x: SPACE, fill: style.color, "font-family": style.fontFamily }
  svg.append(
    element("style", {}, await fontFace(style.fontFamily)),
    element("rect", { width: "100%", height: "100%", fill: style.backgroundColor }),
    element("text", { ...text, y: SPACE + 8, "font-size": 15, "font-weight": 600 }, short(document.title, wide / 8)),
  )
  const place = { x: SPACE, y: SPACE + LINE, width: wide, height: high }
  for (const layer of layers) {
    const points = layer.matches("canvas")
    const copy = points ? element("image", { href: layer.toDataURL("image/png") }) : layer.cloneNode(true)
    copy.querySelector(".hoverlayer")?.remove()
    for (const [key, value] of Object.entries(place)) copy.setAttribute(key, value)
    svg.append(copy)
  }
  const from = { ...text, y: SPACE + 2 * LINE + high - 4, "font-size": 12, "fill-opacity": 0.7 }
  svg.append(element("text", from, short(`${shared.source} · ${location.host}${location.pathname}`, wide / 6.5)))
  return svg
}

/** The rule of the page's font with its file inside; nothing where the page has none of that name. */
async function fontFace(families) {
  const family = families.split(",")[0].replaceAll(/["']/g, "").trim()
  const rules = [...document.styleSheets].flatMap((sheet) => [...readable(sheet)])
  const own = (rule) => rule.style.fontFamily.replaceAll(/["']/g, "") === family && rule.style.fontStyle !== "italic"
  const rule = rules.find((one) => one instanceof CSSFontFaceRule && own(one))
  const address = rule?.style.getPropertyValue("src").match(/url\(["']?([^"')]+)/)?.[1]
  if (!address) return ""
  const file = await (await fetch(new URL(address, rule.parentStyleSheet.href ?? document.baseURI))).blob()
  const weight = rule.style.getPropertyValue("font-weight") || "normal"
  return `@font-face { font-family: "${family}"; font-weight: ${weight}; src: url(${await inside(file)}) }`
}

function readable(sheet) {
  try {
    return sheet.cssRules
  } catch {
    return [] // that of another address
  }
}

async function raster(file, svg) {
  const image = new Image()
  const canvas = document.createElement("canvas")
  canvas.width = SCALE * svg.getAttribute("width")
  canvas.height = SCALE * svg.getAttribute("height")
  image.src = await inside(file)
  await image.decode()
  await new Promise((done) => setTimeout(done, 50)) // its font is read after the picture itself
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((done) => canvas.toBlob(done, "image/png"))
}

function inside(file) {
  return new Promise((done) => {
    const reader = new FileReader()
    reader.onload = () => done(reader.result)
    reader.readAsDataURL(file)
  })
}

function download(file, name) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}

function element(name, attributes, text = "") {
  const made = document.createElementNS(NS, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.textContent = text
  return made
}

function short(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}
