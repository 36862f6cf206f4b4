"""What totals are made of: of one model its interval, categories and factors, of several their totals side by side.

Four parts make up every bar: earned, counted for what is unknown, still open because unknown, and not earned.
They differ by pattern as well as by shade: hatched is what is unknown, here and in every other chart. Every model of
several carries a letter that is written on its bars, so that no reader depends on colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from charts.palette import ACCENT, INK, QUIET, TRACK, hatched, safe, shorten
from scoring.reasons.receipt import Line, words
from scoring.reasons.receipt import interval as in_words
from scoring.scores import COARSE, Scores
from scoring.types import Scorecard

ROW, CHROME = 40, 74
BESIDE = 140  # pixels for what is written at the end of the longest bar
NEAR = 9  # points; labels nearer than this would touch
LETTERS = "ABCDEF"
MIDDLE = {"yanchor": "middle"}
_BARE = {"showarrow": False, "yanchor": "bottom", "font": {"size": 13, "color": INK}}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is called, its colour, its four parts in points (0..100), and what is written at its end."""

    label: str
    colour: str
    earned: float
    assumed: float
    open: float
    missed: float
    note: str
    hover: str

    @property
    def possible(self) -> float:
        """The length of the bar: the most points that it could have."""
        return self.earned + self.assumed + self.open + self.missed


def interval(total: float, low: float, high: float, uncapped: float) -> go.Figure:
    """Draw a total on 0..100: solid up to what is sure, hatched over what is unknown, a mark at the total.

    Where a cap holds the total, a second, hollow mark shows the sum before the cap.
    """
    figure, digits = go.Figure(), _digits(low, high)
    _span(figure, 0, (low, high, total), ACCENT, 0.5, 26)
    _say(figure, total, 0.56, f"<b>{total:.{digits}f}</b>", "bottom", 16)
    if uncapped - total > 0.05:
        figure.add_scatter(x=[uncapped], y=[0], mode="markers", marker=_mark("diamond-open", 12), hoverinfo="skip")
        if abs(uncapped - total) > NEAR:
            _say(figure, uncapped, 0.56, f"sum {uncapped:.1f}", "bottom", 12)
    if high - low > NEAR:
        _say(figure, low, -0.34, f"{low:.0f}", "top", 12)
        _say(figure, high, -0.34, f"{high:.0f}", "top", 12)
    elif high - low > 0.05:
        _say(figure, (low + high) / 2, -0.34, f"{low:.{digits}f} – {high:.{digits}f}", "top", 12)
    figure.update_layout(
        height=112, margin={"l": 12, "r": 12, "t": 30, "b": 20}, barmode="overlay", showlegend=False, hovermode=False
    )
    figure.update_xaxes(range=[-1, 101], showgrid=False, tickvals=[0, 100], zeroline=False, fixedrange=True)
    figure.update_yaxes(range=[-0.75, 0.6], visible=False, fixedrange=True)
    return figure


def interval_alt(total: float, low: float, high: float, uncapped: float) -> str:
    """Say what `interval` shows."""
    whole, least, most = (f"{end:.{_digits(low, high)}f}" for end in (total, low, high))
    words = f"Total {whole} of 100, between {least} and {most} depending on what is unknown"
    return f"{words}; the sum before the cap is {uncapped:.1f}." if uncapped - total > 0.05 else f"{words}."


def _digits(low: float, high: float) -> int:
    return 0 if high - low > COARSE else 1


def categories(lines: Sequence[Line], card: Scorecard) -> go.Figure:
    """Draw a bar a category: what it contributes to the total against what it could (points of 0..100)."""
    return _drawn([_category(c.label, c.colour, [x for x in lines if x.category.id == c.id]) for c in card.categories])


def factors(lines: Sequence[Line]) -> go.Figure:
    """Draw a bar a factor, for the factors of one category."""
    return _drawn([_factor(line) for line in lines])


def alt(lines: Sequence[Line], card: Scorecard) -> str:
    """Say what `categories` shows, or `factors` when the lines are of one category."""
    inside = [c for c in card.categories if any(x.category.id == c.id for x in lines)]
    if len(inside) == 1:
        bars = [_factor(line) for line in lines]
    else:
        bars = [_category(c.label, c.colour, [x for x in lines if x.category.id == c.id]) for c in inside]
    return "Points: " + "; ".join(f"{bar.label} {bar.note}" for bar in bars) + "."


def totals(scores: Scores, rows: Sequence[int]) -> go.Figure:
    """Draw the total of each model on 0..100, hatched over what its unknown facts leave open."""
    figure = go.Figure()
    for n, row in enumerate(rows):
        low, high, total = float(scores.low[row]), float(scores.high[row]), float(scores.total[row])
        _span(figure, n, (low, high, total), ACCENT, 0.36, 20)
        known = f"<b>{scores.written(row)}</b>  ({in_words(scores, row)})"
        total_text = "nothing known" if np.isnan(total) else known
        figure.add_annotation(
            x=0, y=n - 0.26, text=f"<b>{LETTERS[n]}</b>  {safe(shorten(str(scores.ids[row])))}", xanchor="left", **_BARE
        )
        figure.add_annotation(x=100, y=n - 0.26, text=total_text, xanchor="right", **_BARE)
    figure.update_layout(
        height=30 + 62 * len(rows), margin={"l": 4, "r": 14, "t": 4, "b": 4}, barmode="overlay", hovermode=False
    )
    figure.update_xaxes(range=[-0.5, 100.5], showgrid=False, tickvals=[0, 50, 100], zeroline=False, fixedrange=True)
    figure.update_yaxes(range=[len(rows) - 0.6, -0.75], visible=False, fixedrange=True)
    return figure


def category_bars(scores: Scores, rows: Sequence[int]) -> go.Figure:
    """Draw the category scores (0..100) of each model, grouped by category; none where nothing is known or counts."""
    cards = scores.card.categories
    labels, colours = [c.label for c in cards], [c.colour for c in cards]
    figure = go.Figure()
    for n, row in enumerate(rows):
        values = scores.category_values[row]
        figure.add_bar(
            y=labels,
            x=np.nan_to_num(values),
            orientation="h",
            name=f"{LETTERS[n]}  {safe(shorten(str(scores.ids[row])))}",
            text=[f"{LETTERS[n]}  {_of_category(scores, c.id, v)}" for c, v in zip(cards, values, strict=True)],
            textposition="outside",
            textfont={"color": INK},
            cliponaxis=False,
            marker={"color": colours},
            hovertemplate="%{y}: %{text}<extra>%{fullData.name}</extra>",
        )
    figure.update_layout(
        height=50 + len(labels) * (26 + 22 * len(rows)),
        margin={"l": 8, "r": 56, "t": 8, "b": 8},
        barmode="group",
        bargap=0.28,
        bargroupgap=0.12,
        showlegend=False,
    )
    figure.update_xaxes(range=[0, 100], tickvals=[0, 25, 50, 75, 100], fixedrange=True, automargin=True)
    figure.update_yaxes(autorange="reversed", automargin=True, ticksuffix="  ", fixedrange=True)
    return figure


def totals_alt(scores: Scores, rows: Sequence[int]) -> str:
    """Say what `totals` shows."""
    return "Totals: " + "; ".join(_total_in_words(scores, row) for row in rows) + "."


def category_bars_alt(scores: Scores, rows: Sequence[int]) -> str:
    """Say what `category_bars` shows."""
    parts = []
    for j, c in enumerate(scores.card.categories):
        values = ((scores.ids[row], scores.category_values[row, j]) for row in rows)
        written = [f"{model} {_of_category(scores, c.id, v)}" for model, v in values]
        parts.append(f"{c.label}: {', '.join(written)}")
    return "Category scores of 100. " + "; ".join(parts) + "."


def _of_category(scores: Scores, category: str, value: float) -> str:
    if np.isnan(value):
        return "not counted" if category in scores.idle else "nothing known"
    return f"{value:.0f}"


def _parts(line: Line) -> tuple[float, float, float, float]:
    if not line.known:
        return 0.0, line.points, line.possible - line.points, 0.0
    open_end = line.possible * max(0.0, line.high - (line.scaled or 0.0))
    return line.points, 0.0, open_end, max(0.0, line.possible - line.points - open_end)


def _category(label: str, colour: str, lines: Sequence[Line]) -> Bar:
    earned, assumed, open_end, missed = np.sum([_parts(x) for x in lines], axis=0)
    possible = earned + assumed + open_end + missed
    note = f"{earned + assumed:.1f} of {possible:.1f}" if possible else "nothing known, not counted"
    if possible == 0 and any(x.known for x in lines):
        note = "weighs nothing"
    if lines and all(x.would_add is not None for x in lines):
        note = "not counted: known of too few models"
    known = sum(x.known for x in lines)
    hover = f"<b>{label}</b><br>{note}<br>{known} of {len(lines)} questions answered"
    return Bar(label, colour, earned, assumed, open_end, missed, note, hover)


def _factor(line: Line) -> Bar:
    note = f"{line.points:.1f} of {line.possible:.1f}"
    if line.state == "not_applicable":
        note = "does not apply"
    elif not line.share:
        note = "not counted" if not line.would_add else f"not counted, would add {line.would_add:.1f}"
    elif line.state == "unknown":
        note += " · unknown"
    hover = f"<b>{line.factor.label}</b><br>{line.factor.question}<br>{safe(words(line))}<br>{note}"
    return Bar(line.factor.label, line.category.colour, *_parts(line), note, hover)


def _drawn(bars: Sequence[Bar]) -> go.Figure:
    figure = go.Figure()
    rows, colours = list(range(len(bars))), [bar.colour for bar in bars]
    solid = {"color": colours, "line": {"width": 0}}
    parts = (
        ("earned", [b.earned for b in bars], solid, {"color": QUIET}),
        ("counted for the unknown", [b.assumed for b in bars], hatched(colours, "/"), hatched(QUIET, "/")),
        ("open: unknown", [b.open for b in bars], hatched(colours, "."), hatched(QUIET, ".")),
        ("not earned", [b.missed for b in bars], {"color": TRACK, "line": {"width": 0}}, {"color": TRACK}),
    )
    for name, values, marker, sample in parts:
        common = {"orientation": "h", "width": 0.62, "hovertemplate": "%{customdata}<extra></extra>"}
        drawn = [v if v > 0.005 else None for v in values]  # an outline around nothing would look like a little
        figure.add_bar(x=drawn, y=rows, marker=marker, customdata=[b.hover for b in bars], showlegend=False, **common)
        if any(drawn):
            figure.add_bar(x=[None], y=[0], name=name, marker=sample, orientation="h")
    for row, bar in zip(rows, bars, strict=True):
        figure.add_annotation(x=bar.possible, y=row, text=bar.note, xanchor="left", xshift=6, **_BARE | MIDDLE)
    return _framed(figure, bars)


def _framed(figure: go.Figure, bars: Sequence[Bar]) -> go.Figure:
    longest = max((bar.possible for bar in bars), default=0) or 1
    figure.update_layout(
        height=CHROME + ROW * len(bars),
        margin={"l": 8, "r": BESIDE, "t": 8, "b": 8},
        barmode="stack",
        legend={"orientation": "h", "x": 0, "xref": "container", "y": 0, "yref": "container", "traceorder": "normal"},
        hoverlabel={"align": "left"},
    )
    figure.update_xaxes(range=[0, longest], visible=False, fixedrange=True)
    figure.update_yaxes(
        range=[len(bars) - 0.5, -0.5],
        tickvals=list(range(len(bars))),
        ticktext=[f"{b.label}  " for b in bars],
        automargin=True,
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    return figure


def _span(figure: go.Figure, y: int, ends: tuple[float, float, float], colour: str, width: float, mark: int) -> None:
    """Draw a row: the whole scale, solid up to the low end, hatched up to the high one, a mark at the total."""
    low, high, total = ends
    bare = {"y": [y], "hoverinfo": "skip", "showlegend": False}
    sure, whole = {"color": colour, "line": {"width": 1, "color": colour}}, {"color": TRACK, "line": {"width": 0}}
    for base, length, marker in ((0, 100, whole), (0, low, sure), (low, high - low, hatched(colour, "/"))):
        figure.add_bar(x=[length], base=base, width=width, orientation="h", marker=marker, **bare)
    figure.add_scatter(x=[total], mode="markers", marker=_mark("line-ns", mark), **bare)


def _mark(symbol: str, size: int) -> dict[str, object]:
    return {"symbol": symbol, "size": size, "color": QUIET, "line": {"width": 3, "color": QUIET}}


def _say(figure: go.Figure, x: float, y: float, text: str, anchor: str, size: int) -> None:
    side = "left" if x < 6 else "right" if x > 94 else "center"
    figure.add_annotation(
        x=x, y=y, text=text, showarrow=False, xanchor=side, yanchor=anchor, font={"size": size, "color": INK}
    )


def _total_in_words(scores: Scores, row: int) -> str:
    if np.isnan(scores.total[row]):
        return f"{scores.ids[row]}: nothing known"
    low, sign, high = in_words(scores, row).partition(" – ")
    return f"{scores.ids[row]} {scores.written(row)}, {f'between {low} and {high}' if sign else low}"
