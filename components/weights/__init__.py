"""The weights component: sliders that reorder the ranking while they move, in the app and in a notebook.

core.js is the arithmetic (scoring/preview.py is its reference), picture.js draws what comes of it, and index.js has the
sliders; app.py and notebook.py are the two ways to mount them. There is no build step: the modules become one by
joining them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.reasons.tipping import first_places, weight_at
from scoring.scores import Scores
from scoring.types import Bools
from scoring.view import ModelView

Rows = NDArray[np.intp] | slice  # a slice is all, in order
_HERE = Path(__file__).parent
STYLE = (_HERE / "style.css").read_text("utf-8")


def script(adapter: str) -> str:
    """Return the modules and an adapter as one module, which exports what the adapter does."""
    parts = [(_HERE / f"{name}.js").read_text("utf-8") for name in ("core", "picture", "index")]
    lines = [line.removeprefix("export ") for part in parts for line in part.splitlines()]
    return "\n".join(line for line in (*lines, adapter) if not line.startswith("import "))


def names(scores: Scores, rows: Rows, places: Sequence[int]) -> dict[str, str]:
    """Return the names of the models at these places; `rows` are the positions in the scores by place."""
    at = np.array(places, dtype=np.intp)
    ids = scores.ids[at if isinstance(rows, slice) else rows[at]] if len(at) else ()
    return {str(place): str(i) for place, i in zip(places, ids, strict=True)}


def places(rows: Rows, positions: Collection[int]) -> list[int]:
    """Return the places of some positions in the scores, in the order of places."""
    at = np.fromiter(positions, np.intp)
    found: list[int] = (np.sort(at) if isinstance(rows, slice) else np.flatnonzero(np.isin(rows, at))).tolist()
    return found


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
    ids = [str(i) for i in scores.ids[shown]]
    ends = zip(ids, *(end.tolist() for end in scores.interval(shown)), strict=True)
    return {
        "tips": tips,
        "weights": view.usual | dict(view.weights),
        "preset": view.preset,
        "unknown": view.unknown,
        "capped": view.cap,
        "pins": list(pins),
        "exact": {
            i: [round(float(low), 2), round(float(high), 2), scores.precision(high - low)] for i, low, high in ends
        },
    }
