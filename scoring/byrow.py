"""Scores of more subjects than memory should hold: totals of all, and everything else of the rows that are asked for.

The measures come in parts, which the same engine scores one after the other; what a screen shows of a subject is
computed from its own row. Totals are float64 as everywhere, so that ranks and ties are those of a small table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property, partial
from typing import Any

import numpy as np

from scoring.scores import Scores
from scoring.types import Blend, Floats, Scaled


class ByRow:
    """An array of n rows that are read when they are asked for; an index is that of an array."""

    def __init__(self, read: Callable[[Any], Any], rows: int) -> None:
        self._read, self._rows = read, rows

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._rows

    def __getitem__(self, key: Any) -> Any:
        """Read rows, and of these what the rest of the index says."""
        rows, *rest = key if isinstance(key, tuple) else (key,)
        if isinstance(rows, slice):
            rows = np.arange(self._rows)[rows]
        single = np.ndim(rows) == 0
        wanted = np.atleast_1d(np.asarray(rows))
        found = self._read(np.flatnonzero(wanted) if wanted.dtype == bool else wanted)
        if single:
            return found[0][tuple(rest)] if rest else found[0]
        return found[(slice(None), *rest)] if rest else found


@dataclass(frozen=True, kw_only=True, eq=False)
class ScaledByRow(Scaled):
    """Scaled measures whose fields are read by row; `parts` yields them all, without ids and the ends of intervals."""

    parts: Callable[[], Iterator[Scaled]]

    def rows(self, rows: Any) -> Scaled:
        """Read some of these subjects."""
        return Scaled(**{f.name: getattr(self, f.name)[rows] for f in fields(Scaled)})


@dataclass(frozen=True, kw_only=True)
class ScoresByRow(Scores):
    """Scores whose totals are in memory; `known` is the coverage (n, 0..1)."""

    known: Floats

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each id stands; memory holds all of them."""
        return {str(i): n for n, i in enumerate(self.ids[:])}

    @property
    def coverage(self) -> Floats:
        """The known share of each subject (n, 0..1)."""
        return self.known

    @property
    def low(self) -> Any:
        """The totals with every unknown at its worst, by row."""
        return ByRow(lambda rows: self.interval(rows)[0], len(self))

    @property
    def high(self) -> Any:
        """The totals with every unknown at its best, by row."""
        return ByRow(lambda rows: self.interval(rows)[1], len(self))

    @property
    def category_values(self) -> Any:
        """Score of every category by itself (n x categories), by row."""
        return ByRow(lambda rows: self.card.out_of * self.blended.rows(rows).value, len(self))


def _part_of(name: str, scaled: Scaled, blend: Callable[[Scaled], Blend], rows: Any) -> Any:
    return getattr(blend(scaled.rows(rows)), name)


def in_parts(scaled: ScaledByRow, score: Callable[[Scaled], Scores], blend: Callable[[Scaled], Blend]) -> ScoresByRow:
    """Score the parts of a table one after the other, and keep what of them is a number a subject."""
    kept: dict[str, list[Any]] = {name: [] for name in ("uncapped", "total", "ranked", "evidence", "known")}
    for part in scaled.parts():
        last = score(part)
        for name, values in kept.items():
            values.append(getattr(last, "coverage" if name == "known" else name))
    held = {f.name: getattr(last, f.name) for f in fields(Scores)}
    arrays = {name: np.concatenate(values) for name, values in kept.items()}
    columns: dict[str, Any] = {
        f.name: ByRow(partial(_part_of, f.name, scaled, blend), len(arrays["total"])) for f in fields(Blend)
    }
    return ScoresByRow(**held | arrays | {"scaled": scaled, "blended": Blend(**columns)})
