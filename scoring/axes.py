"""What models can be drawn against one another by: a count or a score an axis, and a class for the colour."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.scorecards import MODEL
from scoring.scores import Scores
from scoring.types import Category, Factor, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis: its id and label, and its value of each model (n; NaN: unknown).

    Counts (`log`) are drawn by their powers of ten; a factor of few `steps` as it is scaled, 0..1. `reads` are
    the facts that the values come from.
    """

    id: str
    label: str
    values: Callable[[Scores, Any], Floats]
    log: bool = False
    steps: bool = False
    reads: tuple[str, ...] = ()


COLOURS: Mapping[str, str] = {"licence": "Licence class", "strongest": "Category in which it ranks best"}


def _count(fact: str, factor: int | None = None) -> Callable[[Scores, Any], Floats]:
    """Make the values of a fact; what a factor does not count as known is unknown here too."""

    def values(scores: Scores, facts: Any) -> Floats:
        found: Floats = facts[fact].to_numpy(dtype=np.float64, na_value=np.nan)
        return found if factor is None else np.where(np.isnan(scores.scaled.value[:, factor]), np.nan, found)

    return values


def _of_category(at: int, c: Category) -> Axis:
    return Axis(id=c.id, label=f"{c.label}, of 100", values=lambda scores, _: scores.category_values[:, at])


def _of_factor(at: int, f: Factor) -> Axis:
    if f.curve == "log":
        return Axis(id=f.id, label=f.label, values=_count(f.reads[0], at), log=True, reads=f.reads[:1])
    steps = bool(f.levels) or f.curve == "yes_no"
    return Axis(
        id=f.id, label=f"{f.label}, scaled 0 to 1", values=lambda scores, _: scores.scaled.value[:, at], steps=steps
    )


def _axes() -> Iterator[Axis]:
    yield Axis(id="total", label="Total, of 100", values=lambda scores, _: scores.total)
    yield from (_of_category(at, c) for at, c in enumerate(MODEL.categories))
    yield Axis(id="params", label="Parameters", values=_count("params"), log=True, reads=("params",))
    yield Axis(id="context", label="Context length in tokens", values=_count("context"), log=True, reads=("context",))
    yield from (_of_factor(at, f) for at, f in enumerate(MODEL.factors))


AXES: Mapping[str, Axis] = {axis.id: axis for axis in _axes()}
