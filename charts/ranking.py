"""Where subjects stand: the first as stacked bars of what each category adds, and one against the whole field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from charts.palette import CLEAR, GRID, INK, QUIET, TEXT, layout, placed, places, safe, shorten, written
from scoring.scores import Scores
from scoring.types import Floats

ROW, LANE = 44, 64  # pixels: a line of text and its bar, a lane of dots
LONGEST_LINE = 50  # letters of rank and name; longer ones would reach the totals on a phone
_BAR = {"type": "bar", "orientation": "h", "width": 0.32}
_HOLLOW = {"color": CLEAR, "line": {"color": QUIET, "width": 1}}
_TICK = {"symbol": "line-ns", "size": 16, "line": {"width": 2, "color": INK}}


def ranking_bars(
    scores: Scores,
    positions: Sequence[int] | NDArray[np.intp],
    starred: Collection[int] = (),
    intervals: bool = True,
    ranks: Floats | None = None,
    marks: Mapping[int, str] | None = None,
) -> go.Figure:
    """Draw these subjects, first on top: what each category adds (0..out_of, the bars sum to the uncapped total).

    Names stand above their bars, so that long ones fit a phone, behind their `ranks` (n; by default those in all) and
    their `marks` (▲ 3); the `starred` get a star. Where a cap cuts, what it takes is hollow; the thin line is the
    interval in which the total may lie. The axis ends at the best total that there can be.
    """
    rows = np.asarray(positions, dtype=np.intp)
    end = scores.card.out_of
    traces = [*_categories(scores, rows), *_cut(scores, rows)]
    if intervals:
        traces.append(_intervals(scores, rows))
    traces += _labels(scores, rows, starred, 1.005 * end, scores.rank if ranks is None else ranks, marks or {})
    axes = {
        "xaxis": {"range": [0, 1.005 * end], "gridcolor": GRID, "zeroline": False, "fixedrange": True}
        | {"dtick": end / 4},
        "yaxis": {"range": [len(rows) - 0.55, -0.75], "visible": False, "fixedrange": True},
    }
    return go.Figure(data=traces, layout=layout(ROW * len(rows) + 70, barmode="overlay", **axes))


def in_words(
    scores: Scores, positions: Sequence[int] | NDArray[np.intp], marks: Mapping[int, str] | None = None
) -> str:
    """Describe the bars in a sentence, for those who do not see them."""
    moved = {i: f" ({mark})" for i, mark in (marks or {}).items() if mark}
    totals = [f"{scores.ids[i]} {scores.written(i)}{moved.get(i, '')}" for i in positions]
    parts, subjects = ", ".join(c.label for c in scores.card.categories), f"{scores.card.subject}s"
    return f"Stacked bars of what {parts} add to the total, for {len(totals)} {subjects}: {'; '.join(totals)}."


def field(scores: Scores, row: int) -> go.Figure:
    """Draw the categories as lanes: a dot for every subject, a large one for this, a line at the median."""
    traces: list[dict[str, Any]] = []
    labels, digits = [], places(scores.card.out_of)
    for d, c in enumerate(scores.card.categories):
        values, rank = scores.category_values[:, d], placed(scores.category_ranks[row, d])
        labels.append(f"{c.label}: {written(values[row], scores.card.out_of)}, rank {rank} of {len(scores)}")
        others = [n for n in range(len(values)) if n != row and not np.isnan(values[n])]
        traces.append(
            {
                **_dots(values[others], d, 8, QUIET, "circle-open"),
                "name": "the others",
                "showlegend": d == 0,
                "text": [safe(str(scores.ids[n])) for n in others],
                "hovertemplate": f"%{{text}}, {safe(c.label)}: %{{x:.{digits}f}}<extra></extra>",
            }
        )
        median = np.array([_median(values)]) if others else np.array([])
        line = _dots(median, d, 22, INK, "line-ns") | {"hovertemplate": f"median: %{{x:.{digits}f}}<extra></extra>"}
        line["marker"] |= {"line": {"width": 2, "color": INK}}
        traces.append(line | {"name": "median", "showlegend": d == 0})
        if not np.isnan(values[row]):
            own = _dots(values[[row]], d, 17, c.colour, "diamond")
            hover = f"{safe(c.label)}: %{{x:.{digits}f}}, rank {rank}<extra></extra>"
            traces.append(own | {"hovertemplate": hover, "showlegend": False})
    above = {"x": [0.0] * len(labels), "y": [d - 0.3 for d in range(len(labels))], "text": labels}
    traces.append({**TEXT, **above, "textposition": "top right", "textfont": {"size": 13, "color": INK}})
    most = float(np.nanmax(scores.category_values, initial=0.0)) or 1.0
    axes = {
        "xaxis": {"range": [-0.02 * most, most * 1.04], "gridcolor": GRID, "zeroline": False, "fixedrange": True},
        "yaxis": {"range": [len(labels) - 0.5, -0.9], "visible": False, "fixedrange": True},
    }
    return go.Figure(data=traces, layout=layout(LANE * len(labels) + 80, **axes))


def _median(values: NDArray[np.float64]) -> float:
    """Return the median of what is known; NaN where nothing is."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else np.nan


def field_in_words(scores: Scores, row: int) -> str:
    """Describe the lanes in a sentence, for those who do not see them."""
    lanes = (
        f"{c.label} {written(scores.category_values[row, d], scores.card.out_of)}, "
        f"rank {placed(scores.category_ranks[row, d])}, "
        f"median {written(_median(scores.category_values[:, d]), scores.card.out_of)}"
        for d, c in enumerate(scores.card.categories)
    )
    return f"{scores.ids[row]} in every category against the field: {'; '.join(lanes)}."


def _dots(values: NDArray[np.float64], lane: int, size: int, colour: str, symbol: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": values.round(5).tolist(),
        "y": [lane] * len(values),
        "marker": {"size": size, "color": colour, "symbol": symbol},
    }


def _categories(scores: Scores, rows: NDArray[np.intp]) -> Iterable[dict[str, Any]]:
    points, digits = scores.contributions[rows], places(scores.card.out_of)
    start = points.cumsum(axis=1) - points
    kept = np.clip(np.nan_to_num(scores.total[rows])[:, None] - start, 0, points)
    for j, c in enumerate(scores.card.categories):
        yield {
            **_BAR,
            "name": c.label,
            "y": list(range(len(rows))),
            "base": start[:, j].round(digits + 1).tolist(),
            "x": kept[:, j].round(digits + 1).tolist(),
            "marker": {"color": c.colour},
            "customdata": points[:, j].round(digits).tolist(),
            "hovertemplate": f"{safe(c.label)} adds %{{customdata:.{digits}f}}<extra></extra>",
        }


def _cut(scores: Scores, rows: NDArray[np.intp]) -> Iterable[dict[str, Any]]:
    held = np.nan_to_num(scores.uncapped[rows] - scores.total[rows])
    cut = held > 1e-9
    if cut.any():
        yield {
            **_BAR,
            "name": "Held back",
            "y": np.flatnonzero(cut).tolist(),
            "base": scores.total[rows][cut].tolist(),
            "x": held[cut].round(2).tolist(),
            "marker": _HOLLOW,
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


def _labels(
    scores: Scores,
    rows: NDArray[np.intp],
    starred: Collection[int],
    end: float,
    ranks: Floats,
    marks: Mapping[int, str],
) -> Iterable[dict[str, Any]]:
    names, totals = [], []
    for i in rows:
        star, mark = "★ " if i in starred else "", f"  {marks[i]}" if marks.get(i) else ""
        lead = f"{placed(ranks[i])}{mark}   {star}"
        names.append(f"{lead}{safe(shorten(str(scores.ids[i]), LONGEST_LINE - len(lead)))}")
        totals.append(f"<b>{scores.written(i)}</b>")
    above = [place - 0.19 for place in range(len(rows))]
    for x, side, texts in ((0.0, "top right", names), (end, "top left", totals)):
        font = {"size": 13, "color": INK}
        yield {**TEXT, "y": above, "x": [x] * len(rows), "text": texts, "textposition": side, "textfont": font}
