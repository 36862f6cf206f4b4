"""Rank bands: where each subject ranks, and between which ranks it stays in nine of ten draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from charts.palette import ACCENT, GRID, INK, TEXT, TRACK, layout, safe, shorten
from scoring.reasons.bands import Bands

ROW = 34  # pixels: a line of text and its band
WIDE = 60  # places; from here on the axis is logarithmic, so that the first ten stay apart
LONGEST_NAME = 44


def rank_bands(bands: Bands, rows: Sequence[int]) -> go.Figure:
    """Draw these subjects, the first on top: a bar from the 5 % to the 95 % rank, a tick at the rank, tiers shaded.

    Names stand above their bars, so that long ones fit a phone.
    """
    rows = [row for row in rows if not np.isnan(bands.low[row])]
    low, high, rank = (each[rows] for each in (bands.low, bands.high, bands.rank))
    most = float(high.max(initial=1.0))
    places = list(range(len(rows)))
    words = [f"{bands.band(row)}, first in {100 * bands.first[row]:.1f} %" for row in rows]
    ends: dict[str, Any] = {"array": (high - rank).tolist(), "arrayminus": (rank - low).tolist()}
    band = {
        "type": "scatter",
        "mode": "markers",
        "x": rank.tolist(),
        "y": places,
        "marker": {"symbol": "line-ns", "size": 14, "line": {"width": 2.5, "color": INK}},
        "error_x": {"type": "data", "symmetric": False, "color": ACCENT, "thickness": 7, "width": 0, **ends},
        "customdata": words,
        "hovertemplate": "Rank %{x}, in nine of ten draws %{customdata}<extra></extra>",
        "showlegend": False,
    }
    names = [f"{bands.rank[row]:,.0f}   {safe(shorten(str(bands.scores.ids[row]), LONGEST_NAME))}" for row in rows]
    log = most > WIDE
    start = 0.9 if log else 0.4
    label = {**TEXT, "x": [start] * len(rows), "y": [place - 0.2 for place in places], "text": names}
    label |= {"textposition": "top right", "textfont": {"size": 13, "color": INK}}
    span = np.log10([start, 1.2 * most]).tolist() if log else [start, most + 1]
    axes = {
        "xaxis": {"type": "log" if log else "linear", "range": span, "gridcolor": GRID, "zeroline": False}
        | {"fixedrange": True, "title": "rank", "tickvals": _ticks(most)},
        "yaxis": {"range": [len(rows) - 0.4, -0.9], "visible": False, "fixedrange": True},
    }
    margin = {"l": 0, "r": 8, "t": 8, "b": 40}
    shapes = _tiers(bands, rows)
    return go.Figure(data=[band, label], layout=layout(ROW * len(rows) + 80, **axes, shapes=shapes, margin=margin))


def in_words(bands: Bands, rows: Sequence[int]) -> str:
    """Describe the bands in a sentence, for those who do not see them."""
    each = (f"{bands.scores.ids[row]} {bands.rank[row]:,.0f} ({bands.band(row)})" for row in rows)
    return f"Ranks, with the band of nine of ten draws: {'; '.join(each)}."


def _tiers(bands: Bands, rows: Sequence[int]) -> list[dict[str, Any]]:
    """Shade every second tier."""
    shapes = []
    for tier in sorted({float(bands.tier[row]) for row in rows if bands.tier[row] % 2 == 1}):
        inside = [place for place, row in enumerate(rows) if bands.tier[row] == tier]
        shapes.append(
            {
                "type": "rect",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": inside[0] - 0.78,
                "y1": inside[-1] + 0.22,
                "fillcolor": TRACK,
                "line": {"width": 0},
                "layer": "below",
            }
        )
    return shapes


def _ticks(most: float) -> list[int]:
    """Return the ranks that the axis names, the first and the tenth among them."""
    if most <= WIDE:
        step = 1 if most <= 12 else 5 if most <= 30 else 10
        return sorted({1, *range(step, int(most) + 1, step)})
    return [tick for tick in (1, 3, 10, 30, 100, 300, 1000, 3000, 10_000) if tick <= most]
