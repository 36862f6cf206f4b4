"""How long the server takes for a slider that is let go of, for one visitor and for many.

    python -m benchmarks.whatif_server [VISITORS ...]

Each visitor moves a weight, thinks for a second, and moves it again: all on the ranking, or a third each on the
ranking, a model's page and the organisations (mixed). The naive page beside it does what comes to mind first. Times
are from the message that asks for a run to the last of its answer, on this machine, without a browser. The processor's
time a move has what opening the pages takes in it, and other work on the machine changes it least.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.visitors import Visitor, served
from scoring.view import ModelView

VISITORS = (1, 20, 50)
THINK, LAST = 1.0, 12.0  # seconds between two moves, and of the whole
SETTLED = 5.0  # seconds after the first visit
MODEL = "openai-community/gpt2"
Move = Callable[[Visitor, Random], tuple[float, int]]
Pages = dict[str, Move]  # by address, what a visitor does there


def main(visitors: tuple[int, ...] = VISITORS) -> None:
    """Print a line for each page and number of visitors, and all of it as JSON."""
    found = []
    heads = ("page", 7), ("visitors", 9), ("p50", 9), ("p95", 9), ("moves/s", 8), ("cpu/move", 9), ("bytes/move", 11)
    print(" ".join(f"{head:>{width}}" for head, width in (*heads, ("memory", 8))))
    mixed: Pages = {"": ours, f"model?model={MODEL}": slides("Security"), "organisations": slides("Data")}
    apps: tuple[tuple[str, str, Pages], ...] = (
        ("app", "serve.py", {"": ours}),
        ("mixed", "serve.py", mixed),
        ("naive", "benchmarks/naive_page.py", {"": slides("Security")}),
    )
    for name, script, pages in apps:
        with served(script) as (address, process):
            Visitor(address).leave()
            time.sleep(SETTLED)  # the app loads what later pages need
            for count in visitors:
                busy = cpu(process)
                result = {"page": name, "visitors": count, **crowd(address, count, pages), "mb": resident(process)}
                result["cpu"] = 1000 * (cpu(process) - busy) / (result["rate"] * LAST)
                found.append(result)
                print(
                    f"{name:>7} {count:>9} {result['p50']:>6.0f} ms {result['p95']:>6.0f} ms {result['rate']:>8.1f} "
                    f"{result['cpu']:>6.0f} ms {result['bytes']:>11,.0f} {result['mb']:>5.0f} MB",
                    flush=True,
                )
    print(json.dumps({"benchmark": "whatif_server", "results": found}))


def ours(visitor: Visitor, chance: Random) -> tuple[float, int]:
    """Let go of the sliders of the app's ranking."""
    return visitor.move(ModelView().usual | {"security": float(chance.randint(0, 100))})


def slides(label: str) -> Move:
    """Make the move that lets go of one of Streamlit's own sliders."""
    return lambda visitor, chance: visitor.slide(label, float(chance.randint(0, 100)))


def crowd(address: str, count: int, pages: Pages) -> dict[str, float]:
    """Return the times (ms) and bytes of the moves of so many visitors at once, who open these pages in turn."""

    def visit(number: int) -> list[tuple[float, int]]:
        page, move = list(pages.items())[number % len(pages)]
        chance, visitor, moves = Random(number), Visitor(address, page), []
        move(visitor, chance)  # the first has what later ones need not send again
        time.sleep(chance.random() * THINK)
        until = time.monotonic() + LAST
        while time.monotonic() < until:
            moves.append(move(visitor, chance))
            time.sleep(THINK)
        visitor.leave()
        return moves

    with ThreadPoolExecutor(count) as pool:
        seconds, sizes = np.array([one for moves in pool.map(visit, range(count)) for one in moves]).T
    p50, p95 = np.percentile(1000 * seconds, (50, 95))
    return {"p50": p50, "p95": p95, "rate": len(seconds) / LAST, "bytes": float(np.median(sizes))}


def resident(process: int) -> float:
    """Return the memory of a process in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def cpu(process: int) -> float:
    """Return how many seconds of a processor a process has used."""
    used = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main(tuple(int(a) for a in sys.argv[1:]) or VISITORS)
