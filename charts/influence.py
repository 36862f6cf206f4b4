"""Organisations as figures: the order as stacked bars, one against the field, and its way through the months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from charts.palette import GRID, INK, QUIET, layout, safe
from scoring.scores import Scores

ROW, LANE = 40, 64  # pixels
ACCENT = "#2E8BA6"  # reads on the light and on the dark page
_TEXT = {"type": "scatter", "mode": "text", "hoverinfo": "skip", "showlegend": False, "cliponaxis": False}
_DASHES = ("solid", "dot")


def bars(now: Scores, rows: Sequence[int] | NDArray[np.intp]) -> go.Figure:
    """Draw these organisations (positions), first on top: what each dimension adds to the score."""
    place = list(range(len(rows)))
    most = float(np.nanmax(now.total, initial=0.0)) or 1.0
    traces: list[dict[str, Any]] = []
    for d, c in enumerate(now.card.categories):
        values = now.contributions[rows, d]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "width": 0.34,
                "name": c.label,
                "y": place,
                "x": values.round(5).tolist(),
                "marker": {"color": c.colour},
                "hovertemplate": f"{safe(c.label)}: %{{x:.4f}}<extra></extra>",
            }
        )
    names = [f"{_rank(now.rank[n])}   {safe(str(now.ids[n]))}" for n in rows]
    totals = [f"<b>{_score(now.total[n])}</b>" for n in rows]
    for x, side, texts in ((0.0, "top right", names), (most, "top left", totals)):
        above = {"y": [p - 0.2 for p in place], "x": [x] * len(rows), "text": texts}
        traces.append({**_TEXT, **above, "textposition": side, "textfont": {"size": 13, "color": INK}})
    axes = {
        "xaxis": {"range": [0, most * 1.005], "gridcolor": GRID, "zeroline": False, "fixedrange": True, "nticks": 6},
        "yaxis": {"range": [len(rows) - 0.55, -0.75], "visible": False, "fixedrange": True},
    }
    return go.Figure(data=traces, layout=layout(ROW * len(rows) + 70, barmode="stack", **axes))


def bars_in_words(now: Scores, rows: Sequence[int] | NDArray[np.intp]) -> str:
    """Say the bars in a sentence, for those who do not see them."""
    said = "; ".join(f"{now.ids[n]} {_score(now.total[n])}" for n in rows)
    parts = ", ".join(c.label for c in now.card.categories)
    return f"Stacked bars of what {parts} add to the score, for {len(rows)} organisations: {said}."


def field(now: Scores, row: int) -> go.Figure:
    """Draw the four dimensions as lanes: a dot for every organisation, a large one for this, a line at the median."""
    traces: list[dict[str, Any]] = []
    for d, c in enumerate(now.card.categories):
        values = now.category_values[:, d]
        others = [n for n in range(len(values)) if n != row and not np.isnan(values[n])]
        traces.append(
            {
                **_dots(values[others], d, 8, QUIET, "circle-open"),
                "name": "the others",
                "showlegend": d == 0,
                "text": [safe(str(now.ids[n])) for n in others],
                "hovertemplate": f"%{{text}}, {safe(c.label)}: %{{x:.4f}}<extra></extra>",
            }
        )
        median = np.array([np.nanmedian(values)]) if others else np.array([])
        line = _dots(median, d, 22, INK, "line-ns") | {"hovertemplate": "median: %{x:.4f}<extra></extra>"}
        line["marker"] |= {"line": {"width": 2, "color": INK}}
        traces.append(line | {"name": "median", "showlegend": d == 0})
        if not np.isnan(values[row]):
            said = f"{safe(c.label)}: %{{x:.4f}}, rank {_rank(now.category_ranks[row, d])}<extra></extra>"
            own = _dots(values[[row]], d, 17, c.colour, "diamond")
            traces.append(own | {"hovertemplate": said, "showlegend": False})
    labels = [
        f"{c.label}: {_score(now.category_values[row, d])}, rank {_rank(now.category_ranks[row, d])} of {len(now.ids)}"
        for d, c in enumerate(now.card.categories)
    ]
    above = {"x": [0.0] * len(labels), "y": [d - 0.3 for d in range(len(labels))], "text": labels}
    traces.append({**_TEXT, **above, "textposition": "top right", "textfont": {"size": 13, "color": INK}})
    most = float(np.nanmax(now.category_values, initial=0.0)) or 1.0
    axes = {
        "xaxis": {"range": [-0.02 * most, most * 1.04], "gridcolor": GRID, "zeroline": False, "fixedrange": True},
        "yaxis": {"range": [len(labels) - 0.5, -0.9], "visible": False, "fixedrange": True},
    }
    return go.Figure(data=traces, layout=layout(LANE * len(labels) + 80, **axes))


def field_in_words(now: Scores, row: int) -> str:
    """Say the lanes in a sentence, for those who do not see them."""
    said = (
        f"{c.label} {_score(now.category_values[row, d])}, rank {_rank(now.category_ranks[row, d])}, "
        f"median {_score(float(np.nanmedian(now.category_values[:, d])))}"
        for d, c in enumerate(now.card.categories)
    )
    return f"{now.ids[row]} in the four dimensions against the field: {'; '.join(said)}."


def through_months(organisation: str, scales: Mapping[str, Sequence[Scores]]) -> go.Figure:
    """Draw score and rank of an organisation over the months, a line a scale; no point where it was not ranked."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.16, subplot_titles=("Score", "Rank"))
    worst = 1.0
    for dash, (name, series) in zip(_DASHES, scales.items(), strict=True):
        dates, scores, ranks, fields = _series(organisation, series)
        worst = max([worst, *(r for r in ranks if r is not None)])
        look = {
            "mode": "lines+markers",
            "name": name,
            "line": {"color": ACCENT if dash == "solid" else QUIET, "dash": dash, "width": 2},
            "marker": {"symbol": "circle" if dash == "solid" else "diamond-open", "size": 8},
        }
        said = f"%{{x|%-d %b %Y}}, {safe(name)}: "
        figure.add_scatter(
            x=dates, y=scores, row=1, col=1, hovertemplate=f"{said}%{{y:.4f}}<extra></extra>", legendgroup=name, **look
        )
        figure.add_scatter(
            x=dates,
            y=ranks,
            row=2,
            col=1,
            customdata=fields,
            hovertemplate=f"{said}rank %{{y}} of %{{customdata}}<extra></extra>",
            legendgroup=name,
            showlegend=False,
            **look,
        )
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
    """Say the lines in a sentence, for those who do not see them."""
    said = []
    for name, series in scales.items():
        dates, scores, ranks, _ = _series(organisation, series)
        points = [
            f"{d} {s:.4f} rank {r}" if s is not None else f"{d} not ranked"
            for d, s, r in zip(dates, scores, ranks, strict=True)
        ]
        said.append(f"{name}: {', '.join(points)}")
    return f"Score and rank of {organisation} over the months. {'. '.join(said)}."


def _series(
    organisation: str, series: Iterable[Scores]
) -> tuple[list[str], list[float | None], list[int | None], list[int]]:
    dates, scores, ranks, fields = [], [], [], []
    for one in series:
        at = one.position.get(organisation)
        known = at is not None and not np.isnan(one.total[at])
        dates.append(one.as_of)
        scores.append(float(one.total[at]) if known else None)
        ranks.append(int(one.rank[at]) if known else None)
        fields.append(len(one.ids))
    return dates, scores, ranks, fields


def _dots(values: NDArray[np.float64], lane: int, size: int, colour: str, symbol: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": values.round(5).tolist(),
        "y": [lane] * len(values),
        "marker": {"size": size, "color": colour, "symbol": symbol},
    }


def _rank(rank: float) -> str:
    return "–" if np.isnan(rank) else f"{rank:.0f}"


def _score(score: float) -> str:
    return "unknown" if np.isnan(score) else f"{score:.4f}"
