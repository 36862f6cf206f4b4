"""Why a score moved: from its score before, a step up or down for each cause, to its score now."""

from __future__ import annotations

import plotly.graph_objects as go

from charts.palette import ACCENT, GRID, INK, QUIET, layout
from scoring.reasons.attribution import Attribution
from scoring.reasons.receipt import day

ROW = 44  # pixels


def waterfall(parts: Attribution) -> go.Figure:
    """Draw the parts as steps between two bars, the earlier score on top; signs say up or down, not colours alone."""
    causes = parts.rows()
    labels = [day(parts.since), *(cause for cause, _, _ in causes), day(parts.until)]
    values = [parts.score_before, *(points for _, points, _ in causes), parts.score_now]
    texts = [
        f"{parts.score_before:.2f}",
        *(f"{p:+.2f}".replace("-", "−") for _, p, _ in causes),
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
    most = max(parts.score_before, parts.score_now, 1.0)
    axes = {
        "xaxis": {"range": [0, 1.18 * most], "gridcolor": GRID, "zeroline": False, "fixedrange": True},
        "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True, "tickfont": {"color": INK}},
    }
    margin = {"l": 0, "r": 8, "t": 8, "b": 24}
    return go.Figure(data=[steps], layout=layout(ROW * len(labels) + 40, **axes, margin=margin, showlegend=False))


def in_words(parts: Attribution) -> str:
    """Describe the steps in a sentence, for those who do not see them."""
    steps = "; ".join(f"{points:+.2f} through {cause}" for cause, points, _ in parts.rows()) or "no step"
    return f"From {parts.score_before:.2f} to {parts.score_now:.2f} of 100: {steps}."
