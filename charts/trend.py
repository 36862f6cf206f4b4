"""One model over the snapshots: its total with the interval, and facts, a row each over the same days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from charts.palette import GRID, QUIET, layout, safe

ROW, CHROME = 170, 60  # pixels
ACCENT = "#2E8BA6"  # reads on the light and on the dark page
BAND = "rgba(123,138,147,0.22)"
_EDGE = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False, "connectgaps": False}


@dataclass(frozen=True, slots=True)
class Point:
    """A model in one snapshot; None is what was unknown then."""

    taken: str
    total: float | None
    low: float | None = None
    high: float | None = None
    facts: Mapping[str, float | None] = field(default_factory=dict)


def trend(points: Sequence[Point], names: Sequence[str]) -> go.Figure:
    """Draw the total on 0..100 within what the unknown could make of it, and below it a row for each named fact.

    What was unknown leaves a gap: no line is drawn across it.
    """
    titles = ["Total, of 100", *(safe(name) for name in names)]
    rows = len(titles)
    spacing = {"vertical_spacing": 0.3 / rows} if rows > 1 else {}
    figure = make_subplots(rows=rows, cols=1, shared_xaxes=True, subplot_titles=titles, **spacing)
    days = [p.taken for p in points]
    figure.add_scatter(x=days, y=[p.low for p in points], row=1, col=1, **_EDGE)
    figure.add_scatter(x=days, y=[p.high for p in points], fill="tonexty", fillcolor=BAND, row=1, col=1, **_EDGE)
    lines = [[p.total for p in points], *([p.facts.get(name) for p in points] for name in names)]
    for row, values in enumerate(lines, start=1):
        figure.add_scatter(
            x=days,
            y=values,
            mode="lines+markers",
            line={"color": ACCENT if row == 1 else QUIET, "width": 2},
            marker={"size": 8, "symbol": "circle" if row == 1 else "diamond"},
            hovertemplate=f"%{{x|%-d %b %Y}}: %{{y:{'.1f' if row == 1 else ',.6~g'}}}<extra></extra>",
            showlegend=False,
            connectgaps=False,
            row=row,
            col=1,
        )
    figure.update_layout(layout(CHROME + ROW * rows, hovermode="closest"))
    figure.update_xaxes(type="date", tickvals=days, tickformat="%-d %b %Y", showgrid=False, fixedrange=True)
    figure.update_yaxes(gridcolor=GRID, zeroline=False, fixedrange=True, automargin=True, nticks=5)
    figure.update_yaxes(range=[0, 100], row=1, col=1)
    figure.update_annotations(x=0, xanchor="left", font={"size": 13})
    return figure


def alt(points: Sequence[Point], names: Sequence[str]) -> str:
    """Say what `trend` shows."""
    rows = [("Total", [(p.taken, p.total) for p in points], ".1f")]
    rows += [(name, [(p.taken, p.facts.get(name)) for p in points], ",.6g") for name in names]
    said = (
        f"{name}: " + ", ".join(f"{day} {'unknown' if value is None else format(value, form)}" for day, value in values)
        for name, values, form in rows
    )
    return "Over the snapshots. " + "; ".join(said) + "."
