"""The weights component: sliders that reorder the ranking while they move, in the app and in a notebook.

core.js is the arithmetic (scoring/preview.py is its reference), index.js what is on the screen; app.py and notebook.py
are the two ways to mount them. There is no build step: the modules become one by joining them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from scoring.reasons.tipping import first_places, weight_at
from scoring.scores import Scores
from scoring.types import Bools
from scoring.view import ModelView

_HERE = Path(__file__).parent
STYLE = (_HERE / "style.css").read_text("utf-8")


def script(adapter: str) -> str:
    """Return core.js, index.js and an adapter as one module, which exports what the adapter does."""
    parts = [(_HERE / name).read_text("utf-8") for name in ("core.js", "index.js")]
    lines = [line.removeprefix("export ") for part in parts for line in part.splitlines()]
    return "\n".join(line for line in (*lines, adapter) if not line.startswith("import "))


def state(
    view: ModelView, scores: Scores, rows: Iterable[int], pins: Sequence[str], among: Bools | None = None
) -> dict[str, Any]:
    """Return what the browser is to know after a move: all weights, how to count, and the exact rows that it shows.

    `pins` are the ids that are pinned, `tips` the weights of each category at which another of `among` (n, default all)
    comes first.
    """
    tips: dict[str, list[float]] = {}
    for tip in first_places(scores, among):
        tips.setdefault(tip.category.id, []).append(round(weight_at(tip), 3))
    shown = np.fromiter(rows, np.intp)
    ends = zip(scores.ids[shown], *scores.interval(shown), strict=True)
    return {
        "tips": tips,
        "weights": view.usual | dict(view.weights),
        "preset": view.preset,
        "unknown": view.unknown,
        "capped": view.cap,
        "pins": list(pins),
        "exact": {
            str(i): [round(float(low), 2), round(float(high), 2), scores.precision(high - low)] for i, low, high in ends
        },
    }
