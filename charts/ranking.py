"""The first models as stacked bars: what each category adds to a total, and what a cap takes away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from charts.palette import CLEAR, GRID, INK, QUIET, layout, safe
from scoring.scores import Scores

ROW = 44  # pixels: a line of text and its bar
LONGEST_NAME = 44
_BAR = {"type": "bar", "orientation": "h", "width": 0.32}
_HATCHED = {
    "color": CLEAR,
    "line": {"color": QUIET, "width": 1},
    "pattern": {"shape": "/", "fgcolor": QUIET, "size": 6},
}
_TICK = {"symbol": "line-ns", "size": 16, "line": {"width": 2, "color": INK}}
_TEXT = {"type": "scatter", "mode": "text", "hoverinfo": "skip", "showlegend": False, "cliponaxis": False}


def ranking_bars(
    scores: Scores, positions: Sequence[int] | NDArray[np.intp], starred: Collection[int] = ()
) -> go.Figure:
    """Draw these subjects, first on top: points by category (0..100, they sum to the uncapped total).

    Names stand above their bars, so that long ones fit a phone; the `starred` get a star. Where a cap cuts, what it
    takes is hatched; the thin line is the interval in which the total may lie.
    """
    rows = np.asarray(positions, dtype=np.intp)
    traces = [
        *_categories(scores, rows),
        *_cut(scores, rows),
        _intervals(scores, rows),
        *_labels(scores, rows, starred),
    ]
    axes = {
        "xaxis": {"range": [0, 100.5], "gridcolor": GRID, "zeroline": False, "fixedrange": True, "dtick": 25},
        "yaxis": {"range": [len(rows) - 0.55, -0.75], "visible": False, "fixedrange": True},
    }
    return go.Figure(data=traces, layout=layout(ROW * len(rows) + 70, barmode="overlay", **axes))


def in_words(scores: Scores, positions: Sequence[int] | NDArray[np.intp]) -> str:
    """Say the chart in a sentence, for those who do not see it."""
    said = [f"{scores.ids[i]} {_total(scores, i)}" for i in positions]
    parts = ", ".join(c.label for c in scores.card.categories)
    return f"Stacked bars of the points from {parts}, for {len(said)} models: {'; '.join(said)}."


def _categories(scores: Scores, rows: NDArray[np.intp]) -> Iterable[dict[str, Any]]:
    points = scores.by_category.to_numpy()[rows]
    start = points.cumsum(axis=1) - points
    kept = np.clip(np.nan_to_num(scores.total[rows])[:, None] - start, 0, points)
    for j, c in enumerate(scores.card.categories):
        yield {
            **_BAR,
            "name": c.label,
            "y": list(range(len(rows))),
            "base": start[:, j].round(2).tolist(),
            "x": kept[:, j].round(2).tolist(),
            "marker": {"color": c.colour},
            "customdata": points[:, j].round(1).tolist(),
            "hovertemplate": f"{safe(c.label)}: %{{customdata:.1f}} points<extra></extra>",
        }


def _cut(scores: Scores, rows: NDArray[np.intp]) -> Iterable[dict[str, Any]]:
    taken = np.nan_to_num(scores.uncapped[rows] - scores.total[rows])
    cut = taken > 1e-9
    if cut.any():
        yield {
            **_BAR,
            "name": "Held back",
            "y": np.flatnonzero(cut).tolist(),
            "base": scores.total[rows][cut].tolist(),
            "x": taken[cut].round(2).tolist(),
            "marker": _HATCHED,
            "hovertemplate": "Held back: %{x:.1f} points<extra></extra>",
        }


def _intervals(scores: Scores, rows: NDArray[np.intp]) -> dict[str, Any]:
    total, low, high = scores.total[rows], scores.low[rows], scores.high[rows]
    ends = {"array": (high - total).round(2).tolist(), "arrayminus": (total - low).round(2).tolist()}
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Interval",
        "y": list(range(len(rows))),
        "x": total.round(2).tolist(),
        "marker": _TICK,
        "error_x": {"type": "data", "symmetric": False, "color": INK, "thickness": 1.5, "width": 4, **ends},
        "customdata": np.stack([low, high], axis=1).round(1).tolist(),
        "hovertemplate": "Total %{x:.1f}, between %{customdata[0]:.1f} and %{customdata[1]:.1f}<extra></extra>",
    }


def _labels(scores: Scores, rows: NDArray[np.intp], starred: Collection[int]) -> Iterable[dict[str, Any]]:
    names, totals = [], []
    for i in rows:
        rank = "–" if np.isnan(scores.rank[i]) else f"{int(scores.rank[i])}"
        names.append(f"{rank}   {'★ ' if i in starred else ''}{safe(str(scores.ids[i]), LONGEST_NAME)}")
        totals.append(f"<b>{_total(scores, i)}</b>")
    above = [place - 0.19 for place in range(len(rows))]
    for x, side, texts in ((0.0, "top right", names), (100.5, "top left", totals)):
        font = {"size": 13, "color": INK}
        yield {**_TEXT, "y": above, "x": [x] * len(rows), "text": texts, "textposition": side, "textfont": font}


def _total(scores: Scores, i: int) -> str:
    return "unknown" if np.isnan(scores.total[i]) else f"{scores.total[i]:.1f}"
