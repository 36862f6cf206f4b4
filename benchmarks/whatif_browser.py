"""How long a step of a drag takes in the browser, and how long a slider that is let go of.

    python -m benchmarks.whatif_browser [ROWS ...]

A step is timed from the slider's event to the end of the script that draws it, and to the frame after which it is on
the screen; the bundled models by factor, generated ones by factor up to 100,000, and by category above. Ready is the
time to fetch the compressed field over loopback, to unpack and sort it, and to draw it first. Letting go is
timed on the app itself, from the event to the exact rows in the table. Headless Chromium paints in software here.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks.rescoring import generated
from benchmarks.visitors import served
from components.weights import STYLE, script
from data.models import snapshot
from scoring import engine
from scoring.preview import MOST_BY_FACTOR, flags, preview
from scoring.scorecards import MODEL
from scoring.view import ModelView
from tests import programs

ROWS = (100_000, 1_000_000, 2_600_000)
STEPS = 60
READY = """async ([code, style, state, flags]) => {
  const { mount } = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))
  const host = document.body.appendChild(document.createElement("div")).attachShadow({ mode: "open" })
  host.append(Object.assign(document.createElement("style"), { textContent: style }))
  const began = performance.now(), it = mount(host, () => {})
  it.list(Uint8Array.from(flags))
  it.now(state)
  await it.fetch("/field.bin")
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
  window.slider = host.querySelector("[data-id=security] > input")
  return performance.now() - began
}"""
STEP = """async (steps) => {
  const wait = (start) => new Promise((done) => start(done))
  const timed = []
  for (let k = 0; k < steps; k++) {
    await wait((done) => setTimeout(done, 30))
    const began = performance.now()
    slider.value = (k * 37) % 101
    slider.dispatchEvent(new Event("input"))
    const handled = performance.now() - began
    const frame = await wait((done) => requestAnimationFrame((at) => done([at, performance.now()])))
    await wait((done) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = done
      port2.postMessage(0)
    })
    timed.push([handled + frame[1] - Math.max(frame[0], began), performance.now() - began])
  }
  return timed
}"""
LET_GO = """async (steps) => {
  const roots = [...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean)
  const at = (wanted) => roots.find((root) => root.querySelector(wanted))
  const table = at("tbody.rows"), weights = at("section.weights")
  const wire = globalThis[Symbol.for("weighbridge.weights")], timed = []
  const totals = () => table.querySelector("tbody.rows")?.textContent
  for (let k = 0; k < steps; k++) {
    await new Promise((done) => setTimeout(done, 600))
    const slider = weights.querySelector("[data-id=security] > input"), { serial } = wire.state, before = totals()
    const began = performance.now()
    slider.value = 20 + 3 * k
    slider.dispatchEvent(new Event("input"))
    slider.dispatchEvent(new Event("change"))
    await new Promise((done) => {
      const look = () => (wire.state.serial > serial && totals() !== before ? done() : setTimeout(look, 2))
      look()
    })
    timed.push(performance.now() - began)
  }
  return timed
}"""


def main(rows: tuple[int, ...] = ROWS) -> None:
    """Print a line a size and one for letting go, and all of it as JSON."""
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=programs.chromium(), args=programs.FLAGS)
        print(f"{'models':>10} {'bytes':>12} {'ready':>9} {'script p50':>11} {'p95':>8} {'painted p50':>12} {'p95':>8}")
        for n in (0, *rows):
            found.append(steps(browser.new_page(viewport={"width": 1400, "height": 900}), n))
            print(_line(found[-1]), flush=True)
        found.append(released(browser.new_page(viewport={"width": 1400, "height": 900})))
        print(
            f"let go, to the exact rows: p50 {found[-1]['p50']:.0f} ms, p95 {found[-1]['p95']:.0f} ms, "
            f"{found[-1]['bytes']:,.0f} bytes a move"
        )
        browser.close()
    print(json.dumps({"benchmark": "whatif_browser", "results": found}))


def steps(page: Page, n: int) -> dict[str, float]:
    """Time the steps of a drag over n generated models, or over the bundled ones (0)."""
    scaled = generated(n) if n else snapshot.load(within=snapshot.BUNDLED).scaled(MODEL)
    blended = engine.blend(MODEL, scaled) if n > MOST_BY_FACTOR else None
    drawn = preview(MODEL, scaled, [f.id for f in MODEL.factors], blended)
    packed, everyone = drawn.pack({"balanced": ("Balanced", ModelView().usual)}), np.ones(len(scaled.ids), dtype=bool)
    sent = gzip.compress(packed, 1)
    view = ModelView()
    state = {"weights": view.usual, "preset": view.preset, "unknown": view.unknown, "capped": view.cap}
    state |= {"pins": [], "exact": {}, "serial": 0}
    with _handed_out({"/": b"<!doctype html>", "/field.bin": sent}) as address:
        page.goto(address)
        ready = page.evaluate(READY, [script("export { mount }"), STYLE, state, list(flags(everyone, everyone))])
        ms = np.array(page.evaluate(STEP, STEPS))
    (script50, painted50), (script95, painted95) = np.percentile(ms, (50, 95), axis=0)
    page.close()
    figures = {"script50": script50, "script95": script95, "painted50": painted50, "painted95": painted95}
    return {"models": len(scaled.ids), "bytes": len(sent), "ready": ready, **figures}


@contextmanager
def _handed_out(files: dict[str, bytes]) -> Iterator[str]:
    """Serve some contents on this machine, the binary ones compressed; the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = files.get(self.path, b"")
            self.send_response(200 if content else 404)
            self.send_header("Content-Type", "application/octet-stream" if "." in self.path else "text/html")
            if "." in self.path:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def released(page: Page) -> dict[str, float]:
    """Time what is let go of in the app, and count what travels."""
    with served("serve.py") as (address, _):
        sizes: list[int] = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda data: sizes.append(len(data))))
        page.goto(address)
        page.wait_for_selector("tbody.rows a")
        page.wait_for_selector("section.weights .bars li")
        time.sleep(2)
        page.evaluate(LET_GO, 3)
        before, moves = sum(sizes), 15
        ms = page.evaluate(LET_GO, moves)
        time.sleep(1)
        p50, p95 = np.percentile(ms, (50, 95))
        return {"models": 0, "p50": p50, "p95": p95, "bytes": (sum(sizes) - before) / moves}


def _line(found: dict[str, float]) -> str:
    return (
        f"{found['models']:>10,.0f} {found['bytes']:>12,.0f} {found['ready']:>6.0f} ms {found['script50']:>8.1f} ms "
        f"{found['script95']:>5.1f} ms {found['painted50']:>9.1f} ms {found['painted95']:>5.1f} ms"
    )


if __name__ == "__main__":
    main(tuple(int(a) for a in sys.argv[1:]) or ROWS)
