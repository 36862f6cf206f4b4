"""Scores of millions of subjects: in memory each factor is a number of a byte or two, its place in a table of values.

A factor takes few values (yes or no, a level, the logarithm of a count), so that a table of them and a code a subject
say all, exactly, in an eighth of the memory. What is shown of a subject is computed from its own row; totals go through
the same engine, a block of subjects at a time, so that they are to the last bit those of a small table. The ids rise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring import engine
from scoring.ground import counted
from scoring.interval import limits
from scoring.methods import STANDARD, divisor, fractions, relative, weighted_sum
from scoring.order import BLOCK
from scoring.scorecards import MODEL
from scoring.scores import Scores
from scoring.types import Blend, Bools, Floats, Scaled, Scorecard, UnknownPolicy

COLUMNS = 6  # scores of a category for all subjects that memory keeps, one for each way to weigh its factors


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


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """A column of n values, each a code (n) that says where in a table it stands; an index is that of an array."""

    table: NDArray[Any]
    codes: NDArray[np.unsignedinteger[Any]]

    def __getitem__(self, rows: Any) -> Any:
        """Return the values of rows."""
        return self.table[self.codes[rows]]


class ByColumn:
    """A matrix (n x k) of columns that are arrays or `Coded`; an index is that of an array, and gives one."""

    def __init__(self, columns: Sequence[Any], rows: int) -> None:
        self.columns, self.shape = tuple(columns), (rows, len(columns))

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.shape[0]

    def __getitem__(self, key: Any) -> Any:
        """Return rows (of some columns), which lie column by column in memory, as the engine reads them."""
        rows, which = key if isinstance(key, tuple) else (key, slice(None))
        places = np.arange(len(self.columns))[which]
        if np.ndim(places) == 0:
            return self.columns[places][rows]
        if not len(places):
            return np.zeros((len(np.arange(len(self))[rows]), 0), dtype=np.bool_)
        return np.stack([self.columns[n][rows] for n in places]).T

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Return all of it."""
        return np.asarray(self[:], dtype)


@dataclass(frozen=True, kw_only=True, eq=False)
class Values:
    """A factor of n subjects: codes (n) into the different values that it takes (each d long, as in Scaled)."""

    codes: NDArray[np.unsignedinteger[Any]]
    value: Floats
    low: Floats
    high: Floats
    applies: Bools


@dataclass(frozen=True, kw_only=True, eq=False)
class ScaledByRow(Scaled):
    """Scaled measures (see `by_row`) whose fields are read by row or column."""

    factors: tuple[Values, ...]

    def rows(self, rows: Any) -> Scaled:
        """Read some of these subjects."""
        return Scaled(**{f.name: getattr(self, f.name)[rows] for f in fields(Scaled)})

    def parts(self) -> Iterator[Scaled]:
        """Read all of them, one block after the other, without ids."""
        for block in blocks(len(self.ids)):
            read = {f.name: getattr(self, f.name)[block] for f in fields(Scaled) if f.name != "ids"}
            yield Scaled(ids=np.empty(len(read["value"]), dtype=object), **read)

    @cached_property
    def knowledge(self) -> tuple[NDArray[np.unsignedinteger[Any]], Scaled]:
        """Who knows and lacks the same: a code (n) for each subject, and a subject for each code."""
        places = 3 ** np.arange(len(self.factors))
        # 0 does not apply, 1 unknown, 2 known
        states = [
            n * (f.applies.astype(np.int64) + ~np.isnan(f.value)) for n, f in zip(places, self.factors, strict=True)
        ]
        key = np.empty(len(self.ids), dtype=np.int64)
        for block in blocks(len(key)):
            key[block] = sum(s.take(f.codes[block]) for s, f in zip(states, self.factors, strict=True))
        different = np.unique(key)
        codes = np.searchsorted(different, key).astype(np.min_scalar_type(len(different)))
        digits = different[:, None] // places % 3
        value = np.where(digits == 2, 0.5, np.nan)
        none, no_caps = np.empty(len(different), dtype=object), np.zeros((len(different), 0), dtype=np.bool_)
        return codes, Scaled(ids=none, value=value, low=value, high=value, applies=digits > 0, caps=no_caps)


@dataclass(frozen=True, kw_only=True)
class BlendByRow(Blend):
    """Category scores that are read by row, of `columns` (n each); `kinds` are those of who know and lack the same."""

    columns: tuple[Floats, ...]
    kinds: Blend


@dataclass(frozen=True, kw_only=True)
class ScoresByRow(Scores):
    """Scores whose totals are in memory."""

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each id stands; memory holds all of them."""
        return {str(i): n for n, i in enumerate(self.ids[:])}

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
        return ByRow(lambda rows: self.card.out_of * self.blended.value[rows], len(self))

    @cached_property
    def asked(self) -> Bools:
        """Which factors apply to any subject."""
        scaled: Any = self.scaled
        return np.array([f.applies.any() for f in scaled.factors])

    def by_id(self, rows: NDArray[np.intp]) -> NDArray[Any]:
        """Return what sorts as the ids of these positions: as the ids rise, the positions themselves."""
        return rows


def by_row(ids: ByRow, factors: Sequence[Values], caps: Sequence[Any]) -> ScaledByRow:
    """Make scaled measures of ids that rise, of factors, and of who (n, boolean) meets each cap."""
    columns: dict[str, Any] = {
        name: ByColumn([Coded(getattr(f, name), f.codes) for f in factors], len(ids))
        for name in ("value", "low", "high", "applies")
    }
    columns["caps"] = ByColumn(caps, len(ids))
    return ScaledByRow(ids=ids, factors=tuple(factors), **columns)  # type: ignore[arg-type]  # it reads as an array does


def blocks(n: int) -> Iterator[slice]:
    """Yield slices that cover n rows."""
    return (slice(start, min(start + BLOCK, n)) for start in range(0, n, BLOCK))


def blend(scaled: ScaledByRow, factors: tuple[tuple[str, float], ...], unknown: UnknownPolicy) -> BlendByRow:
    """Weigh the factors inside each category; only a category in which a weight has moved is computed again."""
    (codes, kinds), card = scaled.knowledge, MODEL.with_weights(dict(factors))
    of_kinds, n = engine.blend(card, kinds, unknown), len(scaled.ids)
    lacks: dict[str, Any] = {
        name: ByColumn([Coded(column, codes) for column in getattr(of_kinds, name).T], n)
        for name in ("coverage", "applies")
    }
    weights = [tuple(f.weight for f in c.factors) for c in card.categories]
    values = tuple(_column(scaled, at, each, unknown) for at, each in enumerate(weights))
    return BlendByRow(value=ByColumn(values, n), **lacks, columns=values, kinds=of_kinds)  # type: ignore[arg-type]


@lru_cache(maxsize=COLUMNS)
def _column(scaled: ScaledByRow, at: int, weights: tuple[float, ...], unknown: UnknownPolicy) -> Floats:
    """Return the score of a category (n, 0..1) as `engine.blend` computes it: the same sums in the same order."""
    own, w = MODEL.slices[at][1], relative(weights)
    codes, kinds = scaled.knowledge
    filled, weight, _, _ = engine.basis(w, ~np.isnan(kinds.value[:, own]), kinds.applies[:, own], unknown)
    points = [(each * np.nan_to_num(f.value), f.codes) for each, f in zip(w, scaled.factors[own], strict=True) if each]
    column = np.empty(len(codes))
    for block in blocks(len(codes)):
        total = np.zeros(len(codes[block]))
        for table, places in (*points, (filled, codes)):
            total += table.take(places[block], mode="clip")  # a code is always inside, and so is not checked
        np.divide(total, weight[codes[block]], out=column[block])
    column.flags.writeable = False
    return column


@lru_cache(maxsize=8)
def coverage(scaled: ScaledByRow, ground: tuple[str, ...]) -> Floats:
    """Return the known share (n, 0..1) of each subject under the usual weights of what counts."""
    codes, kinds = scaled.knowledge
    known: Floats = engine.coverage(counted(MODEL, ground), kinds)[codes]
    known.flags.writeable = False
    return known


def weigh(
    card: Scorecard, scaled: ScaledByRow, blended: BlendByRow, unknown: UnknownPolicy, capped: bool, rankable: Bools
) -> ScoresByRow:
    """Weigh the categories as `engine.weigh` does, a block of subjects after the other."""
    card.shares()
    w = relative(c.weight for c in card.categories)
    shares, codes = fractions(w), scaled.knowledge[0]
    whole = divisor(blended.kinds.counts, shares)  # of those who know and lack the same
    if unknown == "zero":
        whole[weighted_sum(blended.kinds.coverage, w) == 0] = np.nan  # nothing known at all is no total here either
    counting = blended.kinds.counts
    terms = [term for term in zip(shares, blended.columns, counting.T, strict=True) if term[0] and term[2].any()]
    uncapped = np.empty(len(codes))
    total = np.empty(len(codes)) if capped else uncapped
    for block in blocks(len(codes)):
        points = np.zeros(len(codes[block]))
        for share, column, counts in terms:  # what does not count of a subject adds nothing
            points += share * (column[block] if counts.all() else np.fmax(column[block], 0.0))
        own = np.clip(card.out_of * (points / whole.take(codes[block])), 0.0, card.out_of, out=uncapped[block])
        if capped:
            np.minimum(own, limits(card, scaled.caps[block]), out=total[block])
    return ScoresByRow(
        card=card,
        method=STANDARD,
        measures=None,
        scaled=scaled,
        blended=blended,
        unknown=unknown,
        capped=capped,
        uncapped=uncapped,
        total=total,
        ranked=~np.isnan(uncapped) & rankable,
    )
