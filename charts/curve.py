"""How a factor turns its fact into 0..1, drawn: a line over the fact's own unit, or a bar for each word."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.palette import GRID, layout, safe
from scoring.output import examples
from scoring.types import Factor

LINE_HEIGHT, BAR_HEIGHT, MARGIN = 250, 34, 56
DASHES = ("solid", "dash", "dashdot", "dot")  # lines differ in more than their shade
CLOSE = 0.35  # tick labels nearer than this many factors of ten would touch
_VALUES = {
    "tickvals": [0, 0.25, 0.5, 0.75, 1],
    "gridcolor": GRID,
    "zeroline": False,
    "automargin": True,
    "fixedrange": True,
}
_UNITS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def curve(factor: Factor, colour: str) -> go.Figure:
    """Draw the curve of a factor: x is the fact in its unit (log where the curve is), y the value from 0 to 1.

    Every point comes from the engine (`scoring.output.examples.curve`); `colour` is that of its category.
    """
    points = examples.curve(factor)
    if factor.levels or factor.curve == "yes_no":
        return _bars(points, colour)
    figure = go.Figure()
    log = factor.curve == "log"
    unit = safe(factor.unit or "value")
    for dash, (name, line) in zip(DASHES, points.groupby("line", sort=False), strict=False):
        x = line["x"].to_numpy(dtype=np.float64)
        figure.add_scatter(
            x=np.log1p(x) if log else x,
            y=line["scaled"],
            customdata=x,
            name=safe(str(name)),
            mode="lines",
            line={"color": colour, "dash": dash, "width": 2.5},
            hovertemplate=f"%{{customdata:,.0f}} {unit}<br>counts %{{y:.2f}}<extra>{name}</extra>",
        )
    several = points["line"].nunique() > 1
    legend = {"orientation": "h", "x": 0, "y": -0.28, "yanchor": "top"}
    margin = {"l": 8, "r": 16, "t": 12, "b": 8}
    figure.update_layout(
        layout(
            LINE_HEIGHT + (90 if several else 0), margin=margin, showlegend=several, legend=legend, hovermode="closest"
        )
    )
    figure.update_yaxes(title="value", range=[-0.03, 1.06], **_VALUES)
    figure.update_xaxes(title=_axis(factor), automargin=True, fixedrange=True, **_ticks(factor, points))
    return figure


def _bars(points: pd.DataFrame, colour: str) -> go.Figure:
    figure = go.Figure(
        go.Bar(
            x=points["scaled"],
            y=[safe(str(word)) for word in points["x"]],
            orientation="h",
            text=[f"{value:.2f}" for value in points["scaled"]],
            textposition="outside",
            cliponaxis=False,
            marker={"color": colour},
            hovertemplate="%{y} value %{x:.2f}<extra></extra>",
        )
    )
    margin = {"l": 8, "r": 44, "t": 12, "b": 8}
    figure.update_layout(layout(MARGIN + BAR_HEIGHT * len(points), margin=margin, bargap=0.35, showlegend=False))
    figure.update_xaxes(title="value", range=[0, 1], **_VALUES)
    figure.update_yaxes(autorange="reversed", automargin=True, fixedrange=True, ticksuffix="  ")
    return figure


def _axis(factor: Factor) -> str:
    if factor.id in examples.SWEEPS:
        return examples.SWEEPS[factor.id].axis
    return f"{safe(factor.unit or 'value')}{' (each mark is a step of magnitude)' if factor.curve == 'log' else ''}"


def _ticks(factor: Factor, points: pd.DataFrame) -> dict[str, object]:
    """Return marks at 0, the powers of ten and both goalposts; a log axis is drawn as log(1 + x): it has a 0."""
    if factor.curve != "log":
        return {"rangemode": "tozero"}
    high = float(points["x"].max())
    decades = np.arange(0, np.log10(high) - CLOSE)
    step = 2 if len(decades) > 5 else 1
    last = len(decades) - 1
    marks = [0.0, *(10.0**d for d in decades if (last - d) % step == step - 1 and d > 0), high]
    if factor.low > 0:
        marks = [factor.low, *(m for m in marks if m > factor.low * 10**CLOSE)]
    return {"tickvals": list(np.log1p(marks)), "ticktext": [short(m) for m in marks]}


def short(number: float) -> str:
    """Say a number as an axis has room for: 15k, 100M."""
    for size, unit in _UNITS:
        if number >= size:
            return f"{number / size:g}{unit}"
    return f"{number:g}"
