"""The influence of organisations: one month's facts through a named method, every stage kept.

    facts --measure--> raw --normalise--> scaled --within--> dimensions --across--> score, rank

For `documented` this is the engine's own arithmetic (a test holds them equal). It stands beside the engine because the
other methods rank dimensions before they join them, and because the command line opens it without pandas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from scoring.groups import weighted
from scoring.methods import METHODS, Ends, Floats, Method, aggregate, constant, neutral, normalise, part, portion, ranks
from scoring.scorecards import ORGANISATION
from scoring.types import Category, Factor, Scorecard

TableId = Literal["overall", "data", "model", "system", "benchmark"]
TABLES: tuple[TableId, ...] = get_args(TableId)


@dataclass(frozen=True, kw_only=True)
class Table:
    """One of the five tables: what its columns hold (n x k), the score they make (n) and its rank (n)."""

    columns: tuple[str, ...]
    values: Floats
    score: Floats
    rank: Floats


@dataclass(frozen=True, kw_only=True)
class Line:
    """One indicator of one organisation against the field.

    `value` is the fact (None: unknown), `scaled` what the method makes of it, `rank` its place among all, `leaders` who
    has the most; `share` of the total 0..1; `points` 0..100, None where the method ranks before it joins.
    """

    factor: Factor
    category: Category
    value: float | None
    scaled: float | None
    rank: float | None
    leaders: tuple[str, ...]
    most: float | None
    share: float
    points: float | None


@dataclass(frozen=True, kw_only=True)
class Influence:
    """n organisations under a method; the arrays are n x indicators (raw and scaled: NaN = unknown).

    `weights` are those that somebody moved, `card` has them all. `existing` says which indicators somebody has a value
    of this month, `counted` what each is reckoned as where it is unknown (NaN: the method leaves it out, or the whole
    dimension is unknown).
    """

    month: str
    method: Method
    weights: Mapping[str, float]
    card: Scorecard
    ids: NDArray[np.object_]
    raw: Floats
    scaled: Floats
    counted: Floats
    existing: NDArray[np.bool_]

    @cached_property
    def dimension(self) -> Floats:
        """Score of every dimension (n x 4)."""
        weights, place = self._weights
        each = range(len(self.card.categories))
        scores = [aggregate(self.method.within, self.counted[:, place == d], weights[place == d]) for d in each]
        return np.stack(scores, axis=1)

    @cached_property
    def dimension_rank(self) -> Floats:
        """Rank in every dimension (n x 4)."""
        return np.stack([ranks(column, self.method.ties) for column in self.dimension.T], axis=1)

    @cached_property
    def parts(self) -> Floats:
        """What of every dimension is weighed (n x 4): its score, or the discount of its rank."""
        return self.dimension if self.method.flat else part(self.method.across, self.dimension, self.method.ties)

    @cached_property
    def score(self) -> Floats:
        """The influence score (n)."""
        weights, place = self._weights
        of_dimension = np.array([c.weight for c in self.card.categories])
        if self.method.flat:
            return aggregate(self.method.within, self.counted, weights * of_dimension[place])
        return aggregate(self.method.across, self.dimension, of_dimension, self.method.ties)

    @cached_property
    def rank(self) -> Floats:
        """The rank (n) by score."""
        return ranks(self.score, self.method.ties)

    @cached_property
    def contributions(self) -> Floats:
        """What every dimension adds to the score (n x 4); a row sums to it under every method that ends in a mean."""
        weights, place = self._weights
        of_dimension = np.array([c.weight for c in self.card.categories])
        if not self.method.flat:
            return portion(self.parts, of_dimension)
        each = portion(self.counted, weights * of_dimension[place])
        return np.stack([each[:, place == d].sum(axis=1) for d in range(len(of_dimension))], axis=1)

    @property
    def _weights(self) -> tuple[Floats, NDArray[np.intp]]:
        """Weight and dimension of every indicator."""
        place = [d for d, c in enumerate(self.card.categories) for _ in c.factors]
        return np.array([f.weight for f in self.card.factors]), np.array(place, dtype=np.intp)

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each organisation stands in the arrays."""
        return {str(i): n for n, i in enumerate(self.ids)}

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """Positions from first to last; equals by name."""
        return np.lexsort((self.ids.astype(str), np.nan_to_num(self.rank, nan=np.inf)))

    @cached_property
    def shares(self) -> dict[str, float]:
        """Share of every indicator in the total, among those that exist this month; sums to 1."""
        absent = [f.id for f, there in zip(self.card.factors, self.existing, strict=True) if not there]
        card = self.card.without(*absent)
        if not self.method.flat:
            return card.shares()
        weights = {f.id: f.weight * c.weight for c in card.categories for f in c.factors}
        whole = sum(weights.values())
        return {i: w / whole for i, w in weights.items()}

    @property
    def constant(self) -> tuple[str, ...]:
        """Indicators that are equal for all this month, and counted neutral for it."""
        if self.method.normalise in ("max", "goalposts"):
            return ()
        flat = constant(self.raw)
        return tuple(f.id for f, same in zip(self.card.factors, flat, strict=True) if same and f.weight > 0)

    @property
    def missing(self) -> tuple[str, ...]:
        """Indicators that nobody has a value of this month."""
        return tuple(f.id for f, there in zip(self.card.factors, self.existing, strict=True) if not there)

    def columns(self, category: Category) -> list[int]:
        """Return the columns of a dimension that its table shows: they exist this month, and weigh or used to."""
        usual = {f.id for f in ORGANISATION.factors if f.weight > 0}
        return [
            j
            for j, f in enumerate(self.card.factors)
            if f in category.factors and self.existing[j] and (f.weight > 0 or f.id in usual)
        ]

    def table(self, name: TableId) -> Table:
        """Return one of the five tables, its columns under their bare ids."""
        if name == "overall":
            dimensions = tuple(c.id for c in self.card.categories)
            return Table(columns=dimensions, values=self.parts, score=self.score, rank=self.rank)
        at = next(n for n, c in enumerate(self.card.categories) if c.id == name)
        columns = self.columns(self.card.categories[at])
        return Table(
            columns=tuple(self.card.factors[j].id.removeprefix(f"{name}_") for j in columns),
            values=self.scaled[:, columns],
            score=self.dimension[:, at],
            rank=self.dimension_rank[:, at],
        )

    def moved(self, before: Influence | None, name: TableId) -> Floats:
        """Return how many places each organisation (n) rose in a table since `before`; NaN for one that is new."""
        rank = self.table(name).rank
        if before is None:
            return np.full(len(rank), np.nan)
        then = before.table(name).rank
        places = [then[before.position[i]] if i in before.position else np.nan for i in map(str, self.ids)]
        return np.array(places, dtype=np.float64) - rank

    def receipt(self, organisation: str) -> list[Line]:
        """Return every indicator of an organisation as a line; where points are known they sum to 100 x score."""
        row = self.position[organisation]
        lines = []
        for j, f in enumerate(self.card.factors):
            column, share = self.raw[:, j], self._share(row, j)
            most = float(np.nanmax(column)) if self.existing[j] else None
            lines.append(
                Line(
                    factor=f,
                    category=self.card.category_of(f.id),
                    value=_known(column[row]),
                    scaled=_known(self.scaled[row, j]),
                    rank=_known(ranks(column, "shared")[row]),
                    leaders=tuple(str(i) for i in self.ids[column == most]) if most else (),
                    most=most,
                    share=share,
                    points=self._points(row, j, share),
                )
            )
        return lines

    @property
    def adds_up(self) -> bool:
        """Whether the score is a weighted sum of indicators, so that each has points."""
        return self.method.within == self.method.across == "mean"

    def _share(self, row: int, j: int) -> float:
        """Return the share of an indicator in one organisation's total: a dimension that is left out has none."""
        shares = np.array([self.shares[f.id] for f in self.card.factors])
        there = ~np.isnan(self.counted[row]) if self.adds_up else np.ones(len(shares), dtype=bool)
        return float(shares[j] / (shares[there].sum() or 1.0)) if there[j] else 0.0

    def _points(self, row: int, j: int, share: float) -> float | None:
        return 100 * share * float(np.nan_to_num(self.counted[row, j])) if self.adds_up else None


def influence(
    facts: Any,
    method: Method | str = "documented",
    *,
    month: str = "",
    weights: Mapping[str, float] | None = None,
    ends: Ends | None = None,
) -> Influence:
    """Score the organisations of a table of facts (`id` and a column a fact of ORGANISATION; null = unknown).

    `weights`: of dimensions, groups and indicators, by id. `ends`: low and high of every indicator to measure against,
    instead of the month's own. Raises ValueError for a weight that does not exist, or when all are zero.
    """
    chosen = METHODS[method] if isinstance(method, str) else method
    card = weighted(ORGANISATION.with_weights(chosen.weights), weights or {})
    card.shares()
    answers = nw.from_native(facts).select(
        nw.col("id"), *(f.measure.cast(nw.Float64).alias(f.id) for f in card.factors)
    )
    raw = np.array([answers[f.id].to_list() for f in card.factors], dtype=np.float64).T
    ids = np.array(answers["id"].to_list(), dtype=object)
    return reckon(raw, ids, card, chosen, month=month, weights=weights or {}, ends=ends)


def reckon(
    raw: Floats,
    ids: NDArray[np.object_],
    card: Scorecard,
    method: Method,
    *,
    month: str = "",
    weights: Mapping[str, float],
    ends: Ends | None = None,
) -> Influence:
    """Score organisations from their indicators (n x indicators, NaN = unknown) under a card with its weights set."""
    existing = np.asarray(~np.isnan(raw).all(axis=0))
    scaled = np.full_like(raw, np.nan)
    within = _ends(card, method, ends)
    if existing.any():
        measured = None if within is None else (within[0][existing], within[1][existing])
        scaled[:, existing] = normalise(method.normalise, raw[:, existing], measured)
    unknown = {"neutral": neutral(method.normalise), "zero": 0.0, "skip": np.nan}[method.unknown]
    counted = np.where(np.isnan(scaled) & existing, unknown, scaled)
    for c in card.categories:  # a dimension of which nothing is known is left out, not counted neutral
        own = np.array([f in c.factors for f in card.factors])
        weighed = own & existing & np.array([f.weight > 0 for f in card.factors])
        counted[np.ix_(np.isnan(raw[:, weighed]).all(axis=1), own)] = np.nan
    return Influence(
        month=month,
        method=method,
        weights=dict(weights),
        card=card,
        ids=ids,
        raw=raw,
        scaled=scaled,
        counted=counted,
        existing=existing,
    )


def _ends(card: Scorecard, method: Method, ends: Ends | None) -> Ends | None:
    if ends is not None or method.normalise != "goalposts":
        return ends
    return np.array([f.low for f in card.factors]), np.array([f.high for f in card.factors])


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
