"""Draws of weights, and the totals of subjects under each.

Weights are drawn evenly or around the present ones: those of the categories, or those of the factors inside them, too.
What is unknown of a category is drawn anywhere between its worst and its best.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from scoring.interval import category_interval, limits
from scoring.methods import category_weights, part, relative, whole
from scoring.scores import Scores
from scoring.types import Bools, Floats

Noise = Literal["around", "any"]
NOISES: Final[Mapping[Noise, str]] = {"around": "weights like these", "any": "any weights"}
Depth = Literal["categories", "factors"]
DEPTHS: Final[tuple[Depth, ...]] = get_args(Depth)
# Of the Dirichlet distribution: a category that weighs 30 % is between 19 % and 42 % in nine of ten draws.
CONCENTRATION: Final = 40.0
# What a category gives at least (draws x m), who of the m may get more (positions), and how much (draws x those).
Ends = tuple[Floats, NDArray[np.intp], Floats]
EXACT: Final = 1e-9  # of a category's 0..1; narrower is known
PIVOTS: Final = 64  # subjects that show which others can never be among the first
LEAST: Final = 1e-12  # of a drawn share: who is judged on one factor alone is judged on it however little it weighs


@dataclass(frozen=True, kw_only=True, eq=False)
class Weights:
    """Drawn shares: of the w `categories` that weigh (draws x w, a row sums to 1), and of the `factors` in each.

    Those are by category (draws x f, a row sums to 1), and empty where only categories are drawn.
    """

    categories: Floats
    factors: tuple[Floats, ...] = ()

    def __len__(self) -> int:
        """Return the number of draws."""
        return len(self.categories)

    def __getitem__(self, some: slice) -> Weights:
        """Return some of the draws."""
        return Weights(categories=self.categories[some], factors=tuple(each[some] for each in self.factors))


def present_shares(scores: Scores) -> Floats:
    """Return the share (c) of every category in a total of which all that weigh count; sums to 1."""
    weights = category_weights(scores.card, scores.method, scores.scaled.applies)
    weights = np.where([c.id in scores.idle for c in scores.card.categories], 0.0, weights)
    shares: Floats = weights / weights.sum()
    return shares


def draw(scores: Scores, usual: Floats, noise: Noise, depth: Depth, draws: int, rng: np.random.Generator) -> Weights:
    """Draw so many weights for categories that weigh `usual` (c), or for the factors inside them, too."""

    def drawn(shares: Floats) -> Floats:
        return rng.dirichlet({"around": CONCENTRATION * shares, "any": np.ones(len(shares))}[noise], draws)

    categories, inside = drawn(usual[usual > 0]), []
    for columns in _columns(scores, usual > 0) if depth == "factors" else ():
        weights = relative(scores.card.factors[j].weight for j in columns)
        inside.append(np.maximum(drawn(weights / weights.sum()), LEAST))
    return Weights(categories=categories, factors=tuple(inside))


def _columns(scores: Scores, weighs: Bools) -> list[NDArray[np.intp]]:
    """Return the factors (columns) that weigh in each category that does."""
    each = np.array([f.weight > 0 for f in scores.card.factors]) & scores.asked
    return [
        own.start + np.flatnonzero(each[own]) for (_, own), yes in zip(scores.card.slices, weighs, strict=True) if yes
    ]


@dataclass(frozen=True, kw_only=True, eq=False)
class Field:
    """Subjects as the draws need them (m): what each of the w categories that weigh may give, and whether it `counts`.

    `low` and `high` (m x w) are the ends of what a category gives; where all is known they are one. `counts` (m x w) is
    None where everything counts for everybody. Where weights of factors are drawn, `inside` has what these may give,
    and `low` and `high` are those under the present weights.
    """

    scores: Scores
    low: Floats
    high: Floats
    counts: Floats | None
    limit: Floats
    inside: Inside | None = None

    @classmethod
    def of(cls, scores: Scores, rows: NDArray[np.intp], weighs: Bools, depth: Depth, *, unknown: bool) -> Self:
        """Make it of these positions of the scores; `weighs` (c) are the categories that do."""
        method, scaled, blended = scores.method, scores.scaled.rows(rows), scores.blended.rows(rows)
        unknown &= method.has_intervals
        if unknown:
            applies = blended.applies[:, weighs]
            ends = [end[:, weighs] for end in category_interval(scores.card, scaled, method)]
            ends = [np.where(applies, part(method.across, end), 0.0) for end in ends]
        else:
            if method.across == "rank_discount":  # ranks are those among all
                parts = part(method.across, scores.blended.value, method.ties)[rows][:, weighs]
            else:
                parts = part(method.across, blended.value, method.ties)[:, weighs]
            applies = ~np.isnan(parts)
            ends = [np.nan_to_num(parts)] * 2
        limit = limits(scores.card, scaled.caps) if scores.capped else np.full(len(rows), np.inf)
        counts = None if applies.all() else applies.astype(np.float64)
        inside = Inside.of(scores, rows, weighs, unknown=unknown) if depth == "factors" else None
        return cls(scores=scores, low=ends[0], high=ends[1], counts=counts, limit=limit, inside=inside)

    @property
    def shape(self) -> tuple[int, int]:
        """How many subjects, and categories that weigh."""
        return self.low.shape[0], self.low.shape[1]

    def among(self, rows: NDArray[np.intp]) -> Field:
        """Return only these of the subjects."""
        counts = None if self.counts is None else self.counts[rows]
        return replace(self, low=self.low[rows], high=self.high[rows], counts=counts, limit=self.limit[rows])

    def totals(self, weights: Weights, rng: np.random.Generator) -> Floats:
        """Return the totals (draws x m) under weights, with what is unknown drawn anew for each."""
        shares = weights.categories
        ends = self._ends() if self.inside is None else self.inside.ends(weights.factors)
        totals = shares @ self.low.T if self.inside is None else np.zeros((len(weights), len(self.low)))
        for share, (low, open_ones, span) in zip(shares.T, ends, strict=True):
            if self.inside is not None:
                totals += share[:, None] * low
            if open_ones.size:
                totals[:, open_ones] += share[:, None] * (rng.random((len(weights), open_ones.size)) * span)
        if self.counts is not None:
            totals /= weights.categories @ self.counts.T
        totals = self.scores.card.out_of * whole(self.scores.method.across, totals)
        return np.minimum(totals, self.limit) if np.isfinite(self.limit).any() else totals

    def _ends(self) -> Iterator[Ends]:
        for low, high in zip(self.low.T, self.high.T, strict=True):
            open_ones = np.flatnonzero(high - low > EXACT)
            yield low, open_ones, (high - low)[open_ones]

    def able(self, top: int) -> Bools:
        """Return who may ever be among the first `top` (m): not those who lie below so many others in everything."""
        if self.inside is not None:
            return np.ones(len(self.low), dtype=bool)
        every = np.isinf(self.limit) & (True if self.counts is None else self.counts.all(axis=1))
        known = np.flatnonzero(every)
        pivots = known[np.argsort(-self.low[known].sum(axis=1), kind="stable")[:PIVOTS]]
        below = np.zeros(len(self.low), dtype=np.intp)
        for pivot in pivots:
            below += (self.high < self.low[pivot] - EXACT).all(axis=1)
        return (below < top) | (~every & np.isinf(self.limit))


@dataclass(frozen=True, kw_only=True, eq=False)
class Inside:
    """What the factors of each category give at least and at most (a pair of m x f), and which count (m x f).

    Under a method that ranks categories before it joins them m is everybody, of whom `rows` are asked for.
    """

    scores: Scores
    low: tuple[Floats, ...]
    high: tuple[Floats, ...]
    counts: tuple[Floats, ...]
    rows: NDArray[np.intp]

    @classmethod
    def of(cls, scores: Scores, rows: NDArray[np.intp], weighs: Bools, *, unknown: bool) -> Self:
        """Make it of these positions of the scores."""
        method = scores.method
        everybody = method.across == "rank_discount"
        asked = np.arange(len(scores)) if everybody else rows
        scaled, filled = scores.scaled.rows(asked), scores.scaled_as_counted(asked)
        ends = (scaled.low, scaled.high) if unknown else (filled, filled)
        counting, columns = scaled.applies, _columns(scores, weighs)
        if not unknown:
            within = np.repeat(
                ~np.isnan(scores.blended.rows(asked).value), [len(c.factors) for c in scores.card.categories], axis=1
            )
            counting = counting & ~np.isnan(filled) & within
        low, high = (
            tuple(np.where(counting[:, own], part(method.within, np.nan_to_num(end[:, own])), 0.0) for own in columns)
            for end in ends
        )
        counts = tuple(counting[:, own].astype(np.float64) for own in columns)
        return cls(scores=scores, low=low, high=high, counts=counts, rows=rows)

    def ends(self, weights: tuple[Floats, ...]) -> Iterator[Ends]:
        """Yield what each category gives under weights of its factors (draws x f)."""
        method = self.scores.method
        for low, high, counts, drawn in zip(self.low, self.high, self.counts, weights, strict=True):
            everything, none = bool(counts.all()), counts.sum(axis=1) == 0
            under = 1.0 if everything else np.where(none, 1.0, drawn @ counts.T)
            least = whole(method.within, drawn @ low.T / under)
            least[:, none] = np.nan
            if method.across == "rank_discount":
                ranked = np.stack([part(method.across, one[:, None], method.ties)[:, 0] for one in least])
                yield np.nan_to_num(ranked[:, self.rows]), np.empty(0, dtype=np.intp), np.zeros((1, 0))
                continue
            parts = part(method.across, least)
            parts[:, none] = 0.0
            open_ones = np.flatnonzero((high - low).max(axis=1, initial=0.0) > EXACT)
            over = under if isinstance(under, float) else under[:, open_ones]
            most = part(method.across, whole(method.within, drawn @ high[open_ones].T / over))
            yield parts, open_ones, most - parts[:, open_ones]
