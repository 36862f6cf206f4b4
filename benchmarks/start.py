"""How long a first visitor waits, with server and browser both cold, and how much memory the server then has.

    python -m benchmarks.start [TIMES]

From the start of the process to the first row of the ranking and the first bar on the screen, and what the browser
fetched until then; beside it the naive page, and the least there can be, a page with one line.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from benchmarks.visitors import served
from benchmarks.whatif_server import resident
from tests import programs

TIMES = 3
PAGES = {
    "app": ("serve.py", ("tbody.rows a", "section.weights .bars li")),
    "naive": ("benchmarks/naive_page.py", (".js-plotly-plot .point", "[data-testid=stDataFrame] canvas")),
    "empty": ("benchmarks/empty_page.py", ("[data-testid=stMarkdown] p",)),
}


def main(times: int = TIMES) -> None:
    """Print a line a page, and all of it as JSON."""
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=programs.chromium(), args=programs.FLAGS)
        print(f"{'page':>7} {'answers':>9} {'first ranking':>14} {'fetched':>9} {'memory':>8}")
        each: dict[str, list[tuple[float, ...]]] = {name: [] for name in PAGES}
        for _ in range(times):  # one of each after the other, so that a busy minute is everybody's
            for name, (script, wanted) in PAGES.items():
                each[name].append(start(browser, script, wanted))
        for name, measured in each.items():
            answers, ready, fetched, memory = (float(x) for x in np.median(measured, axis=0))
            found.append({"page": name, "answers": answers, "ready": ready, "mb_fetched": fetched, "mb": memory})
            print(f"{name:>7} {answers:>7.1f} s {ready:>12.1f} s {fetched:>6.1f} MB {memory:>5.0f} MB", flush=True)
        browser.close()
    print(json.dumps({"benchmark": "start", "results": found}))


def start(browser: Browser, script: str, wanted: tuple[str, ...]) -> tuple[float, float, float, float]:
    """Seconds until the server answers and until all that is `wanted` is there, MB that were fetched, MB of memory."""
    began = time.perf_counter()
    with served(script) as (address, process):
        answers = time.perf_counter() - began
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        page, sizes = context.new_page(), []
        page.on("response", lambda response: sizes.append(int(response.headers.get("content-length", 0))))
        page.on("websocket", lambda socket: socket.on("framereceived", lambda data: sizes.append(len(data))))
        page.goto(address)
        for one in wanted:
            page.wait_for_selector(one, timeout=60_000)
        ready = time.perf_counter() - began
        memory = resident(process)
        context.close()
        return answers, ready, sum(sizes) / 1e6, memory


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:2]))
