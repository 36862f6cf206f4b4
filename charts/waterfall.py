"""Why a score moved: from its score before, a step up or down for each cause, to its score now."""

from __future__ import annotations

from math import floor

import numpy as np
import plotly.graph_objects as go

from charts.palette import ACCENT, GRID, INK, QUIET, layout
from scoring.reasons.attribution import Attribution
from scoring.reasons.receipt import day

ROW = 44  # pixels
SHORT = 0.15  # of the score; all steps together are at least as long, or the axis does not start at 0


def waterfall(parts: Attribution) -> go.Figure:
    """Draw the parts as steps between two bars, the earlier score on top; signs say up or down, not colours alone."""
    causes = [(cause, points) for cause, points, _ in parts.rows() if points]
    labels = [day(parts.since), *(cause for cause, _ in causes), day(parts.until)]
    values = [parts.score_before, *(points for _, points in causes), parts.score_now]
    texts = [
        f"{parts.score_before:.2f}",
        *(f"{points:+.2f}".replace("-", "−") for _, points in causes),
        f"{parts.score_now:.2f}",
    ]
    steps = go.Waterfall(
        orientation="h",
        y=labels,
        x=values,
        measure=["absolute", *["relative"] * len(causes), "total"],
        text=texts,
        textposition="outside",
        textfont={"color": INK},
        cliponaxis=False,
        connector={"line": {"color": QUIET, "width": 1}},
        increasing={"marker": {"color": "#009E73"}},
        decreasing={"marker": {"color": "#D55E00"}},
        totals={"marker": {"color": ACCENT}},
        hoverinfo="skip",
    )
    levels = np.cumsum(values[:-1]).tolist()
    start, end = _range(min(levels), max(levels))
    axes = {
        "xaxis": {"range": [start, end], "gridcolor": GRID, "zeroline": False, "fixedrange": True}
        | ({"title": {"text": f"of 100, from {start:.4g} on", "font": {"size": 12}}} if start else {}),
        "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True, "tickfont": {"color": INK}},
    }
    margin = {"l": 0, "r": 8, "t": 8, "b": 44 if start else 24}
    return go.Figure(
        data=[steps], layout=layout(ROW * len(labels) + (60 if start else 40), **axes, margin=margin, showlegend=False)
    )


def _range(least: float, most: float) -> tuple[float, float]:
    """Return the ends of the axis: from 0, or where steps would be too short to see, from just below the lowest."""
    span = max(most - least, 0.1)
    if span > SHORT * most:
        return 0.0, 1.18 * max(most, 1.0)
    return floor(10 * max(least - span, 0.0)) / 10, most + 0.6 * span


def in_words(parts: Attribution) -> str:
    """Describe the steps in a sentence, for those who do not see them."""
    steps = "; ".join(f"{points:+.2f} through {cause}" for cause, points, _ in parts.rows() if points) or "no step"
    return f"From {parts.score_before:.2f} to {parts.score_now:.2f} of 100: {steps}."
