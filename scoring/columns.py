"""The columns of a ranking: what each shows of a model, and the order that it gives.

That of a factor holds its fact, one that ends in `_scaled` what the engine makes of it, that of a category its score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from scoring.filters import OPENNESS, SIZES
from scoring.ground import evidence
from scoring.interval import DECIMALS
from scoring.order import candidates
from scoring.reasons.receipt import Line, counted, day, level, plain, words
from scoring.scorecards import MODEL
from scoring.scores import Scores
from scoring.types import Factor, Floats

Rows = Sequence[int] | NDArray[np.intp]  # positions in scores and facts
Kind = Literal["score", "number", "text", "flags"]
EVERY = slice(None)
_UNITS = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its id, label and kind, and what it holds of scores and facts (n models in the same order).

    `values` gives numbers or texts to sort by (missing: unknown), the most first or, where it is `rising`, the least;
    `shown` the words for one row, empty where it is unknown; `reads` are the facts that this looks at.
    """

    id: str
    label: str
    kind: Kind
    values: Callable[[Scores, Any], Any]
    shown: Callable[[Scores, Any, int], str]
    reads: tuple[str, ...] = ()
    rising: bool = False


def arranged(
    column: Column, scores: Scores, facts: Any, rows: Rows, reverse: bool = False, places: slice = EVERY
) -> NDArray[np.intp]:
    """Return rows in the order that a column gives, or these places of it; what is unknown comes last, equals by id."""
    positions = np.asarray(rows, dtype=np.intp)
    values = _numbers(column.values(scores, facts))[positions].round(DECIMALS)
    key = np.where(np.isnan(values), np.inf, values if column.rising is not reverse else -values)
    start, stop, _ = places.indices(len(key))
    if start >= stop:
        return positions[:0]
    inside, before = candidates(key, start, stop)
    positions = positions[inside]
    return positions[np.lexsort((scores.by_id(positions), key[inside]))][start - before : stop - before]


def parameters(number: int) -> str:
    """Write a number of parameters as the field does: 1.5B."""
    return next((f"{number / size:.3g}{unit}" for size, unit in _UNITS if number >= 0.9995 * size), str(number))


def _numbers(values: Any) -> Floats:
    """Return values (an array of numbers, or a column of facts) as numbers that sort as they do; NaN is unknown."""
    if isinstance(values, np.ndarray):
        return np.asarray(values, dtype=np.float64)
    if values.dtype.kind in "iufb":
        return np.asarray(values.to_numpy(np.float64, na_value=np.nan))
    codes, words = values.factorize()
    order = words.astype("string").str.lower().to_series().rank(method="dense").to_numpy(np.float64)
    return np.asarray(np.append(order, np.nan)[codes])


def _fact(name: str, label: str, write: Callable[[Any], str], rising: bool = True, sort: str = "") -> Column:
    """Make the column of a fact, sorted by it or by another."""

    def shown(scores: Scores, facts: Any, row: int) -> str:
        value = plain(facts[name].iat[row])
        return "" if value is None else write(value)

    kind: Kind = "text" if rising else "number"
    column_id = {"modified": "changed"}.get(name, name)
    return Column(
        id=column_id,
        label=label,
        kind=kind,
        values=lambda _, facts: facts[sort or name],
        shown=shown,
        reads=(name,),
        rising=rising,
    )


def _size_class(params: int) -> str:
    return next(
        (f"at most {most}B" for most in SIZES.values() if params <= most * 10**9), f"over {max(SIZES.values())}B"
    )


def _of_category(at: int, category_id: str, label: str) -> Column:
    return Column(
        id=category_id,
        label=label,
        kind="score",
        values=lambda scores, _: scores.category_values[:, at],
        shown=lambda scores, _, row: _score(scores.category_values[row, at], 1),
    )


def _of_factor(at: int, f: Factor) -> Iterator[Column]:
    """Make the columns of a factor: its fact, sorted as a number where it is one, and its scaled value."""

    def values(scores: Scores, facts: Any) -> Any:
        scaled = scores.scaled.value[:, at]
        if facts[f.reads[0]].dtype.kind not in "iufb":  # a word: the best of its scale first
            return scaled
        return np.where(np.isnan(scaled), np.nan, _numbers(facts[f.reads[0]]))

    yield Column(
        id=f.id,
        label=f.label,
        kind="text",
        values=values,
        shown=lambda s, facts, row: _words(s, facts, row, at),
        reads=_read_for(f),
    )
    yield Column(
        id=f"{f.id}_scaled",
        label=f"{f.label}, scaled",
        kind="number",
        values=lambda scores, _: scores.scaled.value[:, at],
        shown=lambda scores, _, row: _score(scores.scaled.value[row, at], 2),
    )


def _read_for(f: Factor) -> tuple[str, ...]:
    """Return the facts that the words for a factor need, where there are such."""
    return (*f.reads, f"{f.reads[0]}_at_least", "created", "modified")


def _words(scores: Scores, facts: Any, row: int, at: int) -> str:
    """Say the fact of a factor as the receipt does."""
    f, scaled = scores.card.factors[at], float(scores.scaled.value[row, at])
    also = {name: plain(facts[name].iat[row]) for name in _read_for(f) if name in facts}
    value = also.pop(f.reads[0])
    state = scores.state(row, f.id, value)
    known = state in ("known", "absent")
    at_least = known and any(also[name] is True for name in also if name.endswith("_at_least"))
    if state == "unknown":
        return ""
    if known and not (f.levels or f.id == "age" or isinstance(value, bool | str)):
        return counted(value, "", at_least=at_least)
    line = Line(
        factor=f,
        category=scores.card.category_of(f.id),
        value=value if known else None,
        level=level(f, scaled) if known else None,
        state=state,
        at_least=at_least,
        scaled=scaled,
        low=float(scores.scaled.low[row, at]),
        high=float(scores.scaled.high[row, at]),
        share=0.0,
        points=0.0,
        also=also,
    )
    return words(line)


def _score(value: float, decimals: int) -> str:
    return "" if np.isnan(value) else f"{value:.{decimals}f}"


def _flags(facts: Any) -> Any:
    from scoring.reasons.flags import flags  # here, because it needs pandas

    return flags(facts).sum(axis=1)


def _known(scores: Scores) -> Floats:
    return np.full(len(scores), np.nan) if scores.evidence is None else scores.evidence


def _columns() -> Iterator[Column]:
    for at, c in enumerate(MODEL.categories):
        yield _of_category(at, c.id, c.label)
    yield Column(
        id="evidence",
        label="Evidence",
        kind="text",
        values=lambda scores, _: _known(scores),
        shown=lambda scores, _, row: "" if np.isnan(_known(scores)[row]) else evidence(_known(scores)[row]),
    )
    yield Column(id="flags", label="Flags", kind="flags", values=lambda _, facts: _flags(facts), shown=lambda *_: "")
    yield _fact("license", "Licence", str)
    yield _fact("params", "Parameters", parameters, rising=False)
    size = _fact("params", "Size class", _size_class, rising=False)
    yield Column(id="size", label=size.label, kind="text", values=size.values, shown=size.shown, reads=size.reads)
    yield _fact("context", "Context, in tokens", lambda tokens: f"{tokens:,}", rising=False)
    yield _fact("task", "Task", lambda task: task.replace("-", " "))
    yield _fact("library", "Library", str)
    yield _fact("modified", "Last changed", day, rising=False)
    yield _fact("created", "Created", day, rising=False)
    yield _fact("openness", "Open, as reviewed", lambda part: OPENNESS[part])
    for at, f in enumerate(MODEL.factors):
        yield from _of_factor(at, f)


# What every row shows, and so can be sorted by.
ALWAYS: tuple[Column, ...] = (
    Column(
        id="total",
        label="Total",
        kind="score",
        values=lambda scores, _: np.where(scores.ranked, scores.total, np.nan),
        shown=lambda scores, _, row: scores.written(row),
    ),
    Column(id="id", label="Model", kind="text", values=lambda _, facts: facts["id"], shown=lambda *_: "", rising=True),
)
COLUMNS: Mapping[str, Column] = {column.id: column for column in (*ALWAYS, *_columns())}
CHOICES: Mapping[str, str] = {i: c.label for i, c in COLUMNS.items() if c not in ALWAYS}
USUAL: tuple[str, ...] = (*(c.id for c in MODEL.categories), "evidence", "flags")
