// Opens the sidebar and brings the panel into sight, past the navigation that stands above it there.
const OPENS_WITHIN_MS = 400

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button")
  button.textContent = data.label
  button.onclick = () => {
    document.querySelector('[data-testid="stExpandSidebarButton"]')?.click()
    setTimeout(() => {
      const panel = document.querySelector('[data-testid="stSidebarUserContent"]')
      panel?.scrollIntoView({ block: "start" })
      const first = (wanted) => [...panel.querySelectorAll(wanted)].find((control) => control.checkVisibility())
      if (panel) (first("input[type=range]") ?? first("input"))?.focus({ preventScroll: true })
    }, OPENS_WITHIN_MS)
  }
}
