"""What a loaded snapshot of any size answers in: the first score, a moved slider, a filter, a search, one model.

    WEIGHBRIDGE_SNAPSHOTS=FOLDER python -m benchmarks.reading

All in one process, as in the app, on the newest snapshot of the folder. Processor time is what a busy machine changes
least; memory is that of the process without what is mapped of files, after the step.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import psutil

from data.models import snapshot
from scoring.reasons.receipt import receipt
from scoring.view import ModelView

FILTERS: dict[str, dict[str, Any]] = {
    "filter by task group": {"task_group": ("language",)},
    "filter by licence": {"license": ("permissive",)},
    "filter by size": {"memory": "16"},
    "filter by owner": {"publisher": ("official", "Qwen")},
    "filter by words": {"search": "qwen instruct"},
}


def main() -> None:
    """Print a line a step, and all of it as JSON."""
    found: list[dict[str, object]] = []

    def step(name: str, run: Callable[[], Any]) -> Any:
        before, began = time.process_time(), time.perf_counter()
        result = run()
        spent = [1000 * (time.process_time() - before), 1000 * (time.perf_counter() - began)]
        memory = psutil.Process().memory_full_info().uss / 1e6
        found.append({"step": name, "processor": spent[0], "clock": spent[1], "memory": memory})
        print(f"{name:>24} {spent[0]:>8.1f} ms of processor {spent[1]:>8.1f} ms {memory:>6.0f} MB", flush=True)
        return result

    taken = step("load", lambda: snapshot.load(by_position=True))
    scores = step("first score", lambda: ModelView().score(taken))
    step("a category moves", lambda: ModelView(weights={"security": 55}).score(taken))
    step("a factor moves", lambda: ModelView(weights={"license_type": 2.5}).score(taken))
    step("first hundred", lambda: scores.top(100))
    step("ranks of ten", lambda: scores.rank_of(np.arange(10)))
    for name, chosen in FILTERS.items():
        view = ModelView(**chosen)
        out = step(f"{name}, first", partial(view.left_out, taken.facts, scores))
        step(f"{name}, again", partial(view.left_out, taken.facts, scores))
        step("its first hundred", partial(scores.top, 100, ~np.logical_or.reduce([*out.values()])))
    step("search, first", lambda: taken.search("qwen", 20))
    for text in ("qwen", "a", "qwen instruct", "no such model"):
        step(f"search {text}", partial(taken.search, text, 20))
    row = len(taken.facts) // 3
    model = step("id of a row", lambda: scores.ids[row])
    facts = step("facts of a model", lambda: taken.subject(model))
    step("its sources", lambda: taken.origins.of(model))
    step("its receipt", lambda: receipt(scores, row, facts))
    step("25 rows of facts", lambda: taken.facts.iloc[scores.top(25)])
    print(json.dumps({"benchmark": "reading", "models": len(taken.facts), "results": found}))


if __name__ == "__main__":
    main()
