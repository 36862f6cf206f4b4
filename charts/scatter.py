"""Many models as points between two axes: each a count or a score, the colour their licence or strongest category."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from charts.palette import GRID, INK, QUIET, layout, safe, shorten
from scoring.axes import Axis
from scoring.scores import Scores
from scoring.types import Bools, Floats

HEIGHT, ABOVE, BELOW = 540, 64, 56  # pixels
LINE = 17  # pixels; names nearer than this would touch
ZERO = 0.5  # where a count of none stands on an axis of powers of ten
SPREAD = 0.03  # how far apart points of the same step are drawn
LONGEST_LABEL = 26
UNKNOWN = "not stated or unknown"
# No category's colours (charts.palette); their shapes differ as well.
LICENCES = {
    "permissive": ("permissive", "#56B4E9", "circle"),
    "weak_copyleft": ("copyleft", "#8F7FE0", "diamond"),
    "strong_copyleft": ("copyleft", "#8F7FE0", "diamond"),
    "use_restricted": ("use restricted", "#D55E00", "square"),
    "custom": ("custom terms", "#A65E2E", "triangle-up"),
    "non_commercial": ("non-commercial", "#D64550", "x"),
}
SHAPES = ("circle", "square", "diamond", "triangle-up")
_UNITS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
Axes = tuple[Axis, Axis]


def scatter(
    scores: Scores, facts: Any, rows: Sequence[int], axes: Axes, colour: str, pinned: Collection[int] = ()
) -> go.Figure:
    """Draw these models (positions in scores and facts) where both axes are known; the pinned carry their names.

    `colour` is `licence` or `strongest`, the category in which a model ranks best. A point's `customdata` starts with
    its position.
    """
    shown, *values = _known(scores, facts, rows, axes)
    at = [_placed(axis, own, shown) for axis, own in zip(axes, values, strict=True)]
    spans = [_span(axis, own) for axis, own in zip(axes, at, strict=True)]
    hover = "".join(f"<br>{safe(axis.label)}: %{{customdata[{n}]}}" for n, axis in enumerate(axes, start=1))
    traces = [
        {
            "type": "scattergl",
            "mode": "markers",
            "name": f"{name} ({int(inside.sum()):,})",
            "x": at[0][inside],
            "y": at[1][inside],
            "text": [safe(str(i)) for i in scores.ids[shown[inside]]],
            "customdata": [
                [int(row), *map(_short, own)]
                for row, *own in zip(shown[inside], values[0][inside], values[1][inside], strict=True)
            ],
            "marker": {"color": tone, "symbol": symbol, "size": 7, "opacity": 0.7},
            "hovertemplate": f"<b>%{{text}}</b>{hover}<extra></extra>",
        }
        for name, tone, symbol, inside in _classes(scores, facts, shown, colour)
    ]
    own = [n for n, row in enumerate(shown) if row in pinned]
    frame = layout(
        HEIGHT, hovermode="closest", annotations=_names(scores.ids[shown[own]], axes, [a[own] for a in at], spans)
    )
    frame |= {"margin": {"l": 8, "r": 12, "t": ABOVE, "b": BELOW}, "showlegend": True}
    x, y = (_scale(axis, span) for axis, span in zip(axes, spans, strict=True))
    return go.Figure(data=traces, layout=frame | {"xaxis": x, "yaxis": y})


def in_words(scores: Scores, facts: Any, rows: Sequence[int], axes: Axes) -> str:
    """Say how many models the points are, and how many are left out for lack of a value."""
    shown = _known(scores, facts, rows, axes)[0]
    right, up = (axis.label for axis in axes)
    sentences = [f"{len(shown):,} of {len(rows):,} models as points: “{right}” to the right, “{up}” upwards."]
    lacking = {a.label: int(np.isnan(a.values(scores, facts)[np.asarray(rows)]).sum()) for a in axes} if rows else {}
    if parts := [f"“{label}” is unknown of {count:,}" for label, count in lacking.items() if count]:
        out = len(rows) - len(shown)
        sentences.append(f"{out:,} {'is' if out == 1 else 'are'} left out: {' and '.join(parts)}.")
    if any(axis.steps for axis in axes):
        sentences.append("Points of the same step are drawn a little apart.")
    return " ".join(sentences)


def _known(scores: Scores, facts: Any, rows: Sequence[int], axes: Axes) -> tuple[NDArray[np.intp], Floats, Floats]:
    """Return the positions at which both axes are known, and the values of both there."""
    positions = np.asarray(rows, dtype=np.intp)
    x, y = (axis.values(scores, facts)[positions] for axis in axes)
    known = ~(np.isnan(x) | np.isnan(y))
    return positions[known], x[known], y[known]


def _placed(axis: Axis, values: Floats, rows: NDArray[np.intp]) -> Floats:
    """Return where values are drawn; a model is spread the same way whatever else is shown."""
    if axis.log:
        return np.maximum(values, ZERO)
    if axis.steps:
        turn = sum(axis.id.encode()) / 100  # another one for another axis, else the points would lie on a line
        return (values + SPREAD * (2 * ((rows * 0.618034 + turn) % 1) - 1)).round(4)
    return values.round(2)


def _span(axis: Axis, drawn: Floats) -> tuple[float, float]:
    """Return the ends of an axis, as plotly counts them, with room for the points at its ends."""
    least, most = (float(drawn.min()), float(drawn.max())) if len(drawn) else (0.0, 1.0)
    if axis.log:
        least, most = np.log10(max(least, ZERO)), np.log10(max(most, ZERO))
    room = 0.04 * (most - least) or 0.5
    return least - room, most + room


def _classes(scores: Scores, facts: Any, rows: NDArray[np.intp], colour: str) -> Iterator[tuple[str, str, str, Bools]]:
    """Return name, colour, symbol and members (of rows) of each class that has any."""
    if colour == "strongest":
        ranks = scores.category_ranks[rows]
        best = np.where(np.isnan(ranks).all(axis=1), -1, np.nan_to_num(ranks, nan=np.inf).argmin(axis=1))
        found = [(c.label, c.colour, SHAPES[j], best == j) for j, c in enumerate(scores.card.categories)]
    else:
        words = facts["license_class"].to_numpy(dtype=object, na_value="")[rows]
        kinds = np.array([LICENCES.get(word, ("",))[0] for word in words], dtype=object)
        found = [(*look, kinds == look[0]) for look in dict.fromkeys(LICENCES.values())]
    rest = ~np.logical_or.reduce([inside for *_, inside in found])
    yield from (one for one in (*found, (UNKNOWN, QUIET, "circle-open", rest)) if one[-1].any())


def _names(
    ids: NDArray[np.object_], axes: Axes, at: Sequence[Floats], spans: Sequence[tuple[float, float]]
) -> list[Any]:
    """Write names beside their points, from the highest down, each at least a line below the one before."""
    x, y = (np.log10(own) if axis.log else own for axis, own in zip(axes, at, strict=True))
    (left, right), (bottom, top) = spans
    high, free = HEIGHT - ABOVE - BELOW, 0.0
    written = []
    for n in np.argsort(-y):
        down = high * (top - y[n]) / (top - bottom)
        free = max(down - LINE, free)
        inward = 1 if x[n] < (left + right) / 2 else -1
        written.append(
            {
                "x": float(x[n]),
                "y": float(y[n]),
                "text": f"<b>{safe(shorten(str(ids[n]), LONGEST_LABEL))}</b>",
                "ax": 18 * inward,
                "ay": free - down,
                "xanchor": "left" if inward > 0 else "right",
                "font": {"size": 12, "color": INK},
                "arrowcolor": INK,
                "arrowwidth": 1,
                "arrowhead": 6,
            }
        )
        free += LINE
    return written


def _scale(axis: Axis, span: tuple[float, float]) -> dict[str, Any]:
    scale = {
        "title": {"text": safe(axis.label)},
        "range": span,
        "gridcolor": GRID,
        "zeroline": False,
        "fixedrange": True,
    }
    if axis.log:
        powers = [10.0**n for n in range(-1, 16) if span[0] <= n <= span[1] and n >= 0]
        ticks = [*([ZERO] if span[0] <= np.log10(ZERO) else []), *powers]
        scale |= {"type": "log", "tickvals": ticks, "ticktext": ["0" if t == ZERO else _short(t) for t in ticks]}
    return scale


def _short(value: float) -> str:
    """Write a number briefly: 1.5B, 83.4, 0.25."""
    for size, unit in _UNITS:
        if value >= 0.9995 * size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"
