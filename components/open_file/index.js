// Reads the chosen file here and sends its text: the server takes no uploads. It is checked there, as anything else.
export default function ({ data, parentElement, setTriggerValue }) {
  const input = parentElement.querySelector("input")
  const outcome = parentElement.querySelector(".outcome")
  parentElement.querySelector(".label").textContent = data.label
  input.accept = data.accept
  input.onchange = async () => {
    const file = input.files[0]
    if (!file) return
    if (file.size > data.most) {
      outcome.textContent = `This file has ${Math.ceil(file.size / 1000)} kB; at most ${data.most / 1000} kB are read.`
    } else {
      outcome.textContent = ""
      setTriggerValue("text", await file.text())
    }
    input.value = "" // the same file can be chosen again
  }
}
