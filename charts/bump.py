"""Ranks through the months: a line for each of the first organisations, named at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import plotly.graph_objects as go

from charts.palette import GRID, INK, QUIET, layout, safe
from scoring.scores import Scores

# Eight colours that colour-blind people tell apart: Okabe and Ito's, with wine for their yellow, unreadable on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8B5264", "#7B8A93")
LINES = len(COLOURS)
RIGHT = 128  # pixels for the names at the ends of the lines
LONGEST_NAME = 16
HEIGHT = 420


def ranks(series: Mapping[str, Scores], organisations: Sequence[str]) -> dict[str, list[float | None]]:
    """Return the rank of each organisation in every month (ISO days, oldest first), None where it was not ranked."""
    return {org: [_rank(scores, org) for scores in series.values()] for org in organisations}


def bump(series: Mapping[str, Scores], organisations: Sequence[str]) -> go.Figure:
    """Draw the ranks of the first LINES of these organisations over the months, the best on top."""
    days = [date.fromisoformat(day) for day in series]
    own = ranks(series, organisations[:LINES])
    worst = max((rank for line in own.values() for rank in line if rank is not None), default=1.0)
    figure = go.Figure()
    for colour, (org, line) in zip(COLOURS, own.items(), strict=False):
        figure.add_scatter(
            x=days,
            y=line,
            mode="lines+markers",
            line={"color": colour, "width": 3},
            marker={"size": 9, "color": colour},
            name=safe(org),
            hovertemplate=f"{safe(org)}, %{{x|%-d %B %Y}}: rank %{{y}}<extra></extra>",
            showlegend=False,
            cliponaxis=False,
        )
        if line and line[-1] is not None:
            label = {"text": f"{line[-1]:.0f} {safe(org, LONGEST_NAME)}", "font": {"size": 13, "color": INK}}
            figure.add_annotation(
                x=days[-1], y=line[-1], xanchor="left", xshift=10, showarrow=False, yshift=_apart(own, org), **label
            )
    figure.update_layout(layout(HEIGHT, hovermode="closest"))
    figure.update_layout(margin={"l": 8, "r": RIGHT, "t": 16, "b": 28}, hoverlabel={"font": {"color": INK}})
    beside = max((days[-1] - days[0]) * 0.04, timedelta(days=2))
    figure.update_xaxes(type="date", range=[days[0] - beside, days[-1] + beside / 2], tickformat="%b %Y", nticks=4)
    figure.update_xaxes(gridcolor=GRID, fixedrange=True, tickangle=0)
    figure.update_yaxes(range=[worst + 0.6, 0.4], tickformat="d", gridcolor=GRID, zeroline=False, fixedrange=True)
    figure.update_yaxes(tick0=1, dtick=1 if worst <= 12 else 5, tickfont={"color": QUIET})
    return figure


def in_words(series: Mapping[str, Scores], organisations: Sequence[str]) -> str:
    """Describe the lines in a sentence, for those who do not see them."""
    own = ranks(series, organisations[:LINES])
    parts = (f"{org} {', '.join('–' if rank is None else f'{rank:.0f}' for rank in line)}" for org, line in own.items())
    return f"Ranks in {len(series)} months, oldest first: {'; '.join(parts)}."


def _apart(own: Mapping[str, list[float | None]], org: str) -> int:
    """Return by how many pixels the name of one that shares its last rank with others before it is moved down."""
    last = own[org][-1]
    before = [other for other in list(own)[: list(own).index(org)] if own[other][-1] == last]
    return -14 * len(before)


def _rank(scores: Scores, organisation: str) -> float | None:
    row = scores.position.get(organisation)
    return None if row is None or np.isnan(scores.rank[row]) else float(scores.rank[row])
