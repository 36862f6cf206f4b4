"""Two to six models side by side: their totals with intervals, and their category scores.

Every model carries a letter that is written on its bars, so that no reader depends on their colours.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.palette import CLEAR, INK, QUIET, safe
from scoring.scores import Scores
from scoring.types import Scorecard

LETTERS = "ABCDEF"
# Okabe and Ito's colours, safe for colour-blind people, of a lightness that reads on white and on black.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
PATTERNS = ("", "/", "x", ".", "\\", "+")
TRACK = "rgba(123,138,147,.16)"
LONGEST = 34


def shorten(model: str, longest: int = LONGEST) -> str:
    """Cut a model's id in the middle: its owner and its last words tell it from others."""
    if len(model) <= longest:
        return model
    head = (longest - 1) // 2
    return f"{model[:head]}…{model[-(longest - 1 - head) :]}"


def totals(scores: Scores, rows: Sequence[int]) -> go.Figure:
    """Draw the total of each model on 0..100, hatched over what its unknown facts leave open."""
    figure = go.Figure()
    for n, row in enumerate(rows):
        low, high, total = float(scores.low[row]), float(scores.high[row]), float(scores.total[row])
        common = {"y": [n], "orientation": "h", "width": 0.36, "hoverinfo": "skip", "showlegend": False}
        line = {"width": 1, "color": COLOURS[n]}
        figure.add_bar(x=[100], base=0, marker={"color": TRACK, "line": {"width": 0}}, **common)
        figure.add_bar(x=[low], base=0, marker={"color": COLOURS[n], "line": line}, **common)
        hatch = {
            "shape": "/",
            "fgcolor": COLOURS[n],
            "bgcolor": CLEAR,
            "size": 6,
            "solidity": 0.35,
            "fillmode": "replace",
        }
        figure.add_bar(x=[high - low], base=low, marker={"color": COLOURS[n], "pattern": hatch, "line": line}, **common)
        said = "nothing known" if np.isnan(total) else f"<b>{total:.1f}</b>  ({low:.1f} – {high:.1f})"
        figure.add_annotation(
            x=0, y=n - 0.26, text=f"<b>{LETTERS[n]}</b>  {safe(shorten(str(scores.ids[row])))}", xanchor="left", **_BARE
        )
        figure.add_annotation(x=100, y=n - 0.26, text=said, xanchor="right", **_BARE)
        mark = {"symbol": "line-ns", "size": 20, "line": {"width": 3, "color": QUIET}}
        figure.add_scatter(x=[total], y=[n], mode="markers", marker=mark, hoverinfo="skip", showlegend=False)
    figure.update_layout(
        height=30 + 62 * len(rows), margin={"l": 4, "r": 14, "t": 4, "b": 4}, barmode="overlay", hovermode=False
    )
    figure.update_xaxes(range=[-0.5, 100.5], showgrid=False, tickvals=[0, 50, 100], zeroline=False, fixedrange=True)
    figure.update_yaxes(range=[len(rows) - 0.6, -0.75], visible=False, fixedrange=True)
    return figure


_BARE = {"showarrow": False, "yanchor": "bottom", "font": {"size": 13, "color": INK}}


def categories(scores: Scores, rows: Sequence[int]) -> go.Figure:
    """Draw the category scores (0..100) of each model, grouped by category; none where nothing is known."""
    card, table = scores.card, category_scores(scores, rows)
    labels = [c.label for c in card.categories]
    figure = go.Figure()
    for n in range(len(rows)):
        values = table.iloc[n].to_numpy(dtype=np.float64)
        pattern = {"shape": PATTERNS[n], "fgcolor": COLOURS[n], "bgcolor": CLEAR, "fillmode": "replace", "size": 7}
        figure.add_bar(
            y=labels,
            x=np.nan_to_num(values),
            orientation="h",
            name=f"{LETTERS[n]}  {safe(shorten(str(table.index[n])))}",
            text=[f"{LETTERS[n]}  {'nothing known' if np.isnan(v) else f'{v:.0f}'}" for v in values],
            textposition="outside",
            textfont={"color": INK},
            cliponaxis=False,
            marker={
                "color": COLOURS[n],
                "pattern": pattern,
                "line": {"width": [0 if np.isnan(v) else 1 for v in values], "color": COLOURS[n]},
            },
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    figure.update_layout(
        height=70 + 24 * len(rows) + len(labels) * (26 + 22 * len(rows)),
        margin={"l": 8, "r": 56, "t": 8, "b": 8},
        barmode="group",
        bargap=0.28,
        bargroupgap=0.12,
        legend={"orientation": "v", "x": 0, "xref": "container", "y": 0, "yref": "container", "yanchor": "bottom"},
    )
    figure.update_xaxes(range=[0, 100], tickvals=[0, 25, 50, 75, 100], fixedrange=True, automargin=True)
    figure.update_yaxes(autorange="reversed", automargin=True, ticksuffix="  ", fixedrange=True)
    return figure


def category_scores(scores: Scores, rows: Sequence[int]) -> pd.DataFrame:
    """Return the category scores of these models: rows x categories, 0..100, NaN where nothing is known."""
    return scores.category_scores.iloc[list(rows)]


def totals_alt(scores: Scores, rows: Sequence[int]) -> str:
    """Say what `totals` shows."""
    return "Totals: " + "; ".join(_total_said(scores, row) for row in rows) + "."


def categories_alt(scores: Scores, rows: Sequence[int], card: Scorecard | None = None) -> str:
    """Say what `categories` shows."""
    table = category_scores(scores, rows)
    said = []
    for c in (card or scores.card).categories:
        values = [f"{m} {'nothing known' if np.isnan(v) else f'{v:.0f}'}" for m, v in table[c.id].items()]
        said.append(f"{c.label}: {', '.join(values)}")
    return "Category scores of 100. " + "; ".join(said) + "."


def _total_said(scores: Scores, row: int) -> str:
    if np.isnan(scores.total[row]):
        return f"{scores.ids[row]}: nothing known"
    return f"{scores.ids[row]} {scores.total[row]:.1f}, between {scores.low[row]:.1f} and {scores.high[row]:.1f}"
