"""One subject over time: a strip for each of its scores or facts, or its score and rank on two scales."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from charts.palette import ACCENT, GRID, INK, QUIET, layout, safe
from scoring.reasons.receipt import day
from scoring.scores import Scores

STRIP, GAP, ABOVE, BELOW, RIGHT = 64, 40, 28, 30, 30  # pixels
BAND = "rgba(123,138,147,0.34)"
BESIDE = 0.07  # of the time that is shown, left and right of it
APART = 0.25  # of the time that is shown; days nearer than this would touch on a phone
_DASHES = ("solid", "dot")


@dataclass(frozen=True, slots=True)
class Strip:
    """A score or a fact over the days; None is what was unknown then, and `words` say each value.

    A score (`of_100`) is drawn on 0..100, with `low` and `high` as what the unknown could make of it.
    """

    title: str
    values: Sequence[float | None]
    words: Sequence[str]
    colour: str = QUIET
    of_100: bool = False
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()
    height: int = STRIP


def trend(days: Sequence[str], strips: Sequence[Strip]) -> go.Figure:
    """Draw the strips over ISO days, oldest first. What was unknown leaves a gap: no line is drawn across it."""
    heights = [strip.height for strip in strips]
    inside = sum(heights) + GAP * (len(strips) - 1)
    figure = make_subplots(
        len(strips),
        1,
        shared_xaxes=True,
        subplot_titles=[safe(strip.title) for strip in strips],
        row_heights=heights,
        vertical_spacing=GAP / inside,
    )
    for row, strip in enumerate(strips, start=1):
        figure.add_scatter(
            x=list(days),
            y=list(strip.values),
            error_y=_interval(strip),
            mode="lines+markers",
            line={"color": strip.colour, "width": 2},
            marker={"size": 8, "line": {"width": 1, "color": QUIET}},
            customdata=[safe(f"{_day(day)}: {words}") for day, words in zip(days, strip.words, strict=True)],
            hovertemplate="%{customdata}<extra></extra>",
            showlegend=False,
            connectgaps=False,
            cliponaxis=False,
            row=row,
            col=1,
        )
        figure.update_yaxes(_scale(strip), row=row, col=1)
    figure.update_layout(layout(ABOVE + inside + BELOW, hovermode="closest"))
    figure.update_layout(margin={"l": 0, "r": RIGHT, "t": ABOVE, "b": BELOW}, hoverlabel={"font": {"color": INK}})
    figure.update_xaxes(type="date", range=_range(days), showgrid=False, fixedrange=True)
    figure.update_xaxes(tickvals=_written(days), ticktext=[_day(day) for day in _written(days)], tickangle=0)
    figure.update_yaxes(gridcolor=GRID, zeroline=False, fixedrange=True, automargin=True)
    figure.update_annotations(x=0, xanchor="left", font={"size": 13, "color": INK})
    return figure


def alt(days: Sequence[str], strips: Sequence[Strip]) -> str:
    """Say what `trend` shows."""
    parts = (
        f"{strip.title}: " + ", ".join(f"{day(one)} {words}" for one, words in zip(days, strip.words, strict=True))
        for strip in strips
    )
    return "Over the snapshots. " + "; ".join(parts) + "."


def through_months(organisation: str, scales: Mapping[str, Sequence[Scores]]) -> go.Figure:
    """Draw score and rank of an organisation over the months, a line a scale; no point where it was not ranked."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.16, subplot_titles=("Score", "Rank"))
    worst = 1.0
    for dash, (name, series) in zip(_DASHES, scales.items(), strict=True):
        days, scores, ranks, fields = zip(*_points(organisation, series), strict=True)
        worst = max([worst, *(r for r in ranks if r is not None)])
        look = {
            "mode": "lines+markers",
            "name": name,
            "line": {"color": ACCENT if dash == "solid" else QUIET, "dash": dash, "width": 2},
            "marker": {"symbol": "circle" if dash == "solid" else "diamond-open", "size": 8},
        }
        for row, values, words in ((1, scores, "%{y:.1f}"), (2, ranks, "rank %{y} of %{customdata}")):
            hover = f"%{{x|%-d %b %Y}}, {safe(name)}: {words}<extra></extra>"
            line = {"x": days, "y": values, "customdata": fields, "hovertemplate": hover, "legendgroup": name}
            figure.add_scatter(**line, **look, showlegend=row == 1, row=row, col=1)
    figure.update_layout(**layout(430, margin={"l": 8, "r": 8, "t": 64, "b": 24}))
    figure.update_layout(legend={"y": 1.12})
    figure.update_xaxes(gridcolor=GRID, fixedrange=True, tickformat="%b %Y")
    figure.update_yaxes(gridcolor=GRID, fixedrange=True, zeroline=False)
    figure.update_yaxes(rangemode="tozero", row=1, col=1)
    figure.update_yaxes(range=[worst + 0.7, 0.3], tickformat="d", tick0=1, dtick=-(-worst // 8), row=2, col=1)
    for title in figure.layout.annotations:
        title.update(x=0, xanchor="left", font={"size": 13, "color": INK})
    return figure


def months_in_words(organisation: str, scales: Mapping[str, Sequence[Scores]]) -> str:
    """Describe the lines in a sentence, for those who do not see them."""
    parts = []
    for name, series in scales.items():
        points = [
            f"{day(one)} {f'{score:.1f} rank {rank}' if score is not None else 'not ranked'}"
            for one, score, rank, _ in _points(organisation, series)
        ]
        parts.append(f"{name}: {', '.join(points)}")
    return f"Score and rank of {organisation} over the months. {'. '.join(parts)}."


def _interval(strip: Strip) -> dict[str, object] | None:
    if not strip.low:
        return None
    ends = list(zip(strip.low, strip.values, strip.high, strict=True))
    return {
        "type": "data",
        "symmetric": False,
        "array": [high - value if value is not None and high is not None else 0 for _, value, high in ends],
        "arrayminus": [value - low if value is not None and low is not None else 0 for low, value, _ in ends],
        "color": BAND,
        "thickness": 16,
        "width": 0,
    }


def _scale(strip: Strip) -> dict[str, object]:
    """A score stands on its whole scale; a fact between its least and its most, which are written at its side."""
    known = [value for value in strip.values if value is not None]
    if strip.of_100 or not known:
        ticks: list[float] = [0, 50, 100] if strip.of_100 else []
        return {"range": [-4, 104], "tickvals": ticks}
    least, most = min(known), max(known)
    room = 0.2 * (most - least) or 1
    ticks = sorted({least, most})
    return {"range": [least - room, most + room], "tickvals": ticks, "ticktext": [f"{tick:,.10g}" for tick in ticks]}


def _range(days: Sequence[str]) -> list[str]:
    first, last = datetime.fromisoformat(days[0]), datetime.fromisoformat(days[-1])
    room = max(timedelta(days=1), BESIDE * (last - first))
    return [(first - room).isoformat(), (last + room).isoformat()]


def _written(days: Sequence[str]) -> list[str]:
    """The days that are written below: the first and the last, and between them what touches no other."""
    when = [datetime.fromisoformat(day) for day in days]
    apart = APART * (when[-1] - when[0])
    written = [len(days) - 1]
    for n in range(len(days) - 2, 0, -1):
        if when[written[-1]] - when[n] >= apart <= when[n] - when[0]:
            written.append(n)
    return [days[0], *(days[n] for n in reversed(written))]


def _day(iso: str) -> str:
    day = datetime.fromisoformat(iso)
    return f"{day.day} {day:%b %Y}"


def _points(organisation: str, series: Iterable[Scores]) -> list[tuple[str, float | None, int | None, int]]:
    """Day, score and rank of each month, and of how many; None where it was not ranked."""
    points = []
    for one in series:
        at = one.position.get(organisation)
        ranked = at is not None and not np.isnan(one.total[at])
        score, rank = (float(one.total[at]), int(one.rank[at])) if ranked else (None, None)
        points.append((one.as_of, score, rank, len(one)))
    return points
