"""How firm an order is: the ranks that subjects have under other weights, and once what is unknown is known.

Every draw of weights (draws.py) is an order; a band holds nine of ten ranks of a subject. It goes chunk by chunk: there
is never an array of all subjects under all weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.methods import PRECISION
from scoring.reasons.draws import Depth, Field, Noise, Weights, draw, present_shares
from scoring.scores import Scores
from scoring.types import Bools, Floats

DRAWS: Final = 4000
ENDS: Final = (0.05, 0.95)
FIRM: Final = 0.95  # of the draws in which one must be ahead of another for their order to be firm
BANDED: Final = 2000  # subjects, the first ones, whose ranks are counted
TIERED: Final = 200  # subjects, the first ones, who are put in tiers
CHUNK: Final = 1 << 17  # totals at a time
TOP: Final = 10
NAMED: Final = 4  # winners that a sentence names
SLIGHT: Final = 0.03  # of the weight; less is no other preference


@dataclass(frozen=True, kw_only=True, eq=False)
class Bands:
    """What becomes of every rank in so many `draws`.

    All arrays have an entry a subject of `scores` (n). `rank` is that under the present weights, among those who were
    asked for and are ranked (in their `order`), NaN for all others. `low` and `high` are the 5 % and the 95 % rank (NaN
    beyond the first BANDED), `first` and `ten` the shares (0..1) of the draws in which one is first and among the first
    ten, `tier` counts from 1 over the first TIERED, a new one where the first of a tier is firmly ahead of all who
    follow. `usual` are the present shares of the categories (c), `when_first` (n x c) their means over the draws in
    which a subject is first, else NaN.
    """

    scores: Scores
    noise: Noise
    depth: Depth
    unknown: bool
    draws: int
    order: NDArray[np.intp]
    rank: Floats
    low: Floats
    high: Floats
    first: Floats
    ten: Floats
    tier: Floats
    usual: Floats
    when_first: Floats

    @cached_property
    def tiers(self) -> list[list[int]]:
        """The rows of every tier, in order."""
        found: dict[float, list[int]] = {}
        for row in self.order[~np.isnan(self.tier[self.order])]:
            found.setdefault(float(self.tier[row]), []).append(int(row))
        return list(found.values())

    @property
    def winners(self) -> list[int]:
        """The rows of all that are ever first, most often first."""
        ever = self.order[self.first[self.order] > 0]
        return [int(row) for row in ever[np.argsort(-self.first[ever], kind="stable")]]

    def band(self, row: int) -> str:
        """Write the band of a subject, such as '2 to 7', or '2' where both ends are one."""
        low, high = self.low[row], self.high[row]
        if np.isnan(low):
            return "unknown"
        return f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"

    def for_whom(self, row: int) -> str:
        """Say for whom a subject is first, such as 'people who give Security about 45 %'; empty where it never is."""
        if not self.first[row] > 0:
            return ""
        away = self.when_first[row] - self.usual
        most = int(np.argmax(away))
        if away[most] < SLIGHT:
            return "people whose weights are much like these"
        return f"people who give {self.scores.card.categories[most].label} about {percent(self.when_first[row, most])}"

    def sentence(self, row: int) -> str:
        """Say where a subject ranks, between which ranks in nine of ten draws, and when it is first."""
        name = str(self.scores.ids[row])
        if np.isnan(self.rank[row]):
            return f"{name} is not ranked."
        text = f"{name} ranks {self.rank[row]:,.0f}"
        if self.low[row] == self.high[row]:
            text += f"; in nine of ten draws it is at {self.band(row)}"
        elif not np.isnan(self.low[row]):
            text += f"; in nine of ten draws it is between {self.band(row).replace('to', 'and')}"
        if self.first[row] in (0, 1):
            return f"{text}. It is {'first in all of them' if self.first[row] else 'never first'}."
        return f"{text}. It is first in {percent(self.first[row])} of them, for {self.for_whom(row)}."

    def summary(self) -> str:
        """Say who is first how often, and how many at the top cannot be told apart."""
        if not len(self.order):
            return "Nobody is ranked, so there is no order to test."
        names, (most, *others) = self.scores.ids, self.winners
        text = f"{names[most]} is first in {percent(self.first[most])} of {self.draws:,} draws"
        text += "".join(f", {names[row]} in {percent(self.first[row])}" for row in others[: NAMED - 1])
        if more := len(others[NAMED - 1 :]):
            text += f"; {more:,} more {'is' if more == 1 else 'are'} first now and then"
        return f"{text}. {self._top()}".strip()

    def _top(self) -> str:
        if len(self.order) == 1 or not self.tiers:
            return ""
        leader, second = (self.scores.ids[row] for row in self.order[:2])
        many = len(self.tiers[0])
        if many == 1:
            return (
                f"The first place is firm: {leader} is ahead of each of the others in at least {percent(FIRM)} of them."
            )
        whom = second if many == 2 else "all of them"
        level = f"{leader} is not firmly ahead of {whom}"
        return f"The first {many:,} are one tier: {level} (in {percent(FIRM)} of the draws)."


def bands(
    scores: Scores,
    among: Bools | None = None,
    *,
    noise: Noise = "around",
    depth: Depth = "categories",
    unknown: bool = True,
    draws: int = DRAWS,
    seed: int = 0,
    banded: int = BANDED,
    progress: Callable[[float], None] = lambda _: None,
) -> Bands:
    """Draw weights (and what is `unknown`) and rank the subjects of `among` (n, default all) under each of them.

    They are those of categories, or with `depth` of the factors inside them, too. What weighs nothing stays so. The
    same `seed` gives the same draws. `progress` is called with the share of the work that is done (0..1), and may raise
    to end it. With `banded=0` only the shares of the first are counted, which is much faster for tens of thousands. A
    method that ranks before it joins takes what is unknown as it is.
    """
    order = scores.order[scores.ranked[scores.order]]
    order = order if among is None else order[among[order]]
    rng = np.random.default_rng(seed)
    usual = present_shares(scores)
    weights = draw(scores, usual, noise, depth, draws, rng)
    field = Field.of(scores, order, usual > 0, depth, unknown=unknown)
    able = np.arange(len(order)) if banded else np.flatnonzero(field.able(TOP))
    count = _Count(field if len(able) == len(order) else field.among(able), weights, min(banded, len(order)))
    for done in count.all(rng):
        progress(done)
    return Bands(
        scores=scores,
        noise=noise,
        depth=depth,
        unknown=unknown and scores.method.has_intervals,
        draws=draws,
        order=order,
        rank=scores.rank_among(order),
        usual=usual,
        **_placed(len(scores), order, able, count, usual > 0),
    )


def _placed(
    n: int, order: NDArray[np.intp], able: NDArray[np.intp], count: _Count, weighs: Bools
) -> Mapping[str, Floats]:
    """Return what was counted of the `able` ones of an order as arrays over all subjects (n)."""
    draws, banded = len(count.weights), len(count.ranks)
    found = {name: np.full(n, np.nan) for name in ("low", "high", "tier", "first", "ten")}
    for name, counted in (("first", count.first), ("ten", count.ten)):
        found[name][order] = 0.0
        found[name][order[able]] = counted / draws
    found["when_first"] = np.full((n, len(weighs)), np.nan)
    ever = np.flatnonzero(count.first)
    means = np.zeros((len(ever), len(weighs)))
    means[:, weighs] = count.when_first[ever] / count.first[ever, None]
    found["when_first"][order[able[ever]]] = means
    if banded:
        found["low"][order[:banded]], found["high"][order[:banded]] = count.ends()
        found["tier"][order[: count.kept.shape[1]]] = _tiers(count.kept)
    return found


class _Count:
    """What is counted over the draws: how often each of m subjects is first, among the first ten, and at which rank."""

    def __init__(self, field: Field, weights: Weights, banded: int) -> None:
        m, weighing = field.shape
        self.field, self.weights = field, weights
        self.first, self.ten, self.when_first = np.zeros(m), np.zeros(m), np.zeros((m, weighing))
        self.ranks = np.zeros((banded, m), dtype=np.int32)
        self.kept = np.empty((len(weights), min(banded, TIERED, m)))

    def all(self, rng: np.random.Generator) -> Iterator[float]:
        """Count every draw; yield the share (0..1) that is done after each chunk."""
        m, done = len(self.first), 0
        step = max(1, CHUNK // max(m, 1))
        while m and done < len(self.weights):
            chunk = self.weights[done : done + step]
            totals = self.field.totals(chunk, rng)
            self._lead(chunk.categories, totals)
            if len(self.ranks):
                self.kept[done : done + len(chunk)] = totals[:, : self.kept.shape[1]]
                self._rank(totals)
            done += len(chunk)
            yield done / len(self.weights)

    def _lead(self, weights: Floats, totals: Floats) -> None:
        """Note who is first and among the first ten; ties share a rank, so they may be more."""
        m, last = totals.shape[1], min(TOP, totals.shape[1])
        tie = 10.0 ** -PRECISION["shared"] / 2
        edge = np.partition(totals, m - last, axis=1)[:, [m - last]]
        draw, row = np.divmod(np.flatnonzero(totals >= edge - tie), m)
        self.ten += np.bincount(row, minlength=m)
        leads = totals[draw, row] >= totals.max(axis=1)[draw] - tie
        np.add.at(self.when_first, row[leads], weights[draw[leads]])
        self.first += np.bincount(row[leads], minlength=m)

    def _rank(self, totals: Floats) -> None:
        """Count the ranks of the first subjects; ties share one, as everywhere."""
        banded, each = len(self.ranks), np.arange(len(self.ranks))
        for one in -totals.round(PRECISION["shared"]):
            self.ranks[each, np.searchsorted(np.sort(one), one[:banded])] += 1

    def ends(self) -> Iterator[Floats]:
        """Yield the 5 % and the 95 % rank of those whose ranks were counted."""
        for share in ENDS:
            least = share * len(self.weights)
            yield np.array([1.0 + np.searchsorted(np.cumsum(row), least) for row in self.ranks])


def _tiers(totals: Floats) -> Floats:
    """Return the tier of each subject, in order, of their totals (draws x k).

    A tier ends where its first is firmly ahead of everybody who follows: the others in it may be level with it.
    """
    rounded, tiers = totals.round(PRECISION["shared"]), np.ones(totals.shape[1])
    lead = 0
    while lead < len(tiers):
        firm = (rounded[:, [lead]] > rounded[:, lead:]).mean(axis=0) >= FIRM
        last = int(np.flatnonzero(~firm).max())  # nobody is ahead of itself
        tiers[lead + last + 1 :] += 1
        lead += last + 1
    return tiers


def percent(share: float) -> str:
    """Write a share (0..1) in percent; what is neither nothing nor all does not round to it."""
    if 0 < share < 0.005:
        return "less than 1 %"
    return "more than 99 %" if 0.995 <= share < 1 else f"{100 * share:.0f} %"
