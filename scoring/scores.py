"""What comes out of the engine, with every stage kept so that each bar traces back to its facts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scoring.interval import category_interval, covered, interval, limits
from scoring.methods import (
    PRECISION,
    Method,
    category_weights,
    constant,
    neutral,
    part,
    parts,
    ranks,
    ratio,
    shares_of,
)
from scoring.order import FEW, ahead, preselected
from scoring.types import Blend, Bools, Cap, Floats, Measured, Scaled, Scorecard, State, UnknownPolicy

if TYPE_CHECKING:
    import pandas as pd  # built where a DataFrame is asked for: organisations are ranked without it

SHOWN = 20
FOREMOST = 10_000  # subjects, for what takes too long for all of more
COARSE = 2.0  # points; a total that may move further is shown in whole points


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Totals of n subjects under one scorecard and method.

    total, uncapped, low, high: 0..card.out_of (total is NaN when nothing is known, low and high under a method that
    has no intervals); coverage: 0..1; ranked: who gets a rank; as_of: the day of the facts, where it was given. What
    few readers ask for is computed when they do.
    `whole` is the card before what is not common ground lost its weight, `evidence` the known share (0..1) of the full
    scorecard; both where the view counts common ground or could. `bounded` is False for scores shown without intervals.
    `among` are the totals of all that are ranked, where these scores are some of them that have their ranks in all.
    """

    card: Scorecard
    method: Method
    measures: Measured | None
    scaled: Scaled
    blended: Blend
    unknown: UnknownPolicy
    capped: bool
    uncapped: Floats
    total: Floats
    ranked: Bools
    as_of: str = ""
    whole: Scorecard | None = None
    evidence: Floats | None = None
    bounded: bool = True
    among: Floats | None = None

    def __len__(self) -> int:
        """Return the number of subjects."""
        return len(self.total)

    @property
    def ids(self) -> NDArray[np.object_]:
        """The subjects' ids, in the order of the facts."""
        return self.scaled.ids

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each id stands in the arrays."""
        return {str(i): n for n, i in enumerate(self.ids)}

    @property
    def measured(self) -> Measured:
        """What was measured; ValueError for scores of columns that were stored scaled."""
        if self.measures is None:
            raise ValueError("These scores come from stored scaled columns; score the facts to have their measures.")
        return self.measures

    @property
    def raw(self) -> Floats:
        """The measures (n x factors, NaN = unknown), in the unit of each factor."""
        return self.measured.raw

    @cached_property
    def coverage(self) -> Floats:
        """The known share of each subject (n, 0..1)."""
        return covered(self.card, self.blended)

    @property
    def low(self) -> Floats:
        """The totals (n) with every unknown at its worst."""
        return self._interval[0]

    @property
    def high(self) -> Floats:
        """The totals (n) with every unknown at its best."""
        return self._interval[1]

    @cached_property
    def _interval(self) -> tuple[Floats, Floats]:
        return self._interval_of(self.scaled, self.blended, self.uncapped)

    def interval(self, rows: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Return `low` and `high` of these positions alone."""
        if "_interval" in self.__dict__:
            return self.low[rows], self.high[rows]
        return self._interval_of(self.scaled.rows(rows), self.blended.rows(rows), self.uncapped[rows])

    def _interval_of(self, scaled: Scaled, blended: Blend, uncapped: Floats) -> tuple[Floats, Floats]:
        if not self.bounded:
            return np.full(len(uncapped), np.nan), np.full(len(uncapped), np.nan)
        ends = interval(self.card, scaled, blended, self.method, self._category_weights, uncapped)
        limit = limits(self.card, scaled.caps) if self.capped else np.inf
        low, high = (np.minimum(end, limit) for end in ends)
        return low, high

    @cached_property
    def category_interval(self) -> tuple[Floats, Floats]:
        """The least and the most that every category could be (each n x categories), 0..out_of."""
        low, high = category_interval(self.card, self.scaled, self.method)
        return self.card.out_of * low, self.card.out_of * high

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """Positions from first to last: ranked before unranked, then total, uncapped, id."""
        total, uncapped = self._rounded(self.total), self._rounded(self.uncapped)
        return np.lexsort((self.by_id(np.arange(len(total))), -uncapped, -total, ~self.ranked))

    def by_id(self, rows: NDArray[np.intp]) -> NDArray[Any]:
        """Return what sorts as the ids of these positions do."""
        return self.ids[rows].astype(str)

    def _rounded(self, totals: Floats) -> Floats:
        """Return totals as ties are decided; what is not known comes last."""
        return np.nan_to_num(totals.round(PRECISION[self.method.ties]), nan=-np.inf, neginf=-np.inf)

    def top(self, n: int, mask: Bools | None = None, start: int = 0) -> NDArray[np.intp]:
        """Return n positions of `order` (of those in `mask`) from `start` on, without sorting the rest."""
        everyone = np.ones(len(self), dtype=np.bool_) if mask is None else mask
        ranked = everyone & self.ranked
        first = self._places(ranked, start, n)
        if len(first) >= n:
            return first
        after = max(start - int(ranked.sum()), 0)
        return np.concatenate([first, self._places(everyone & ~self.ranked, after, n - len(first))])

    def _places(self, within: Bools, start: int, n: int) -> NDArray[np.intp]:
        """Return n of those in a mask, who are all ranked or all unranked, from a place of their order on."""
        rows, before = preselected(self.total, within, start, start + n)
        keys = self.by_id(rows), -self._rounded(self.uncapped[rows]), -self._rounded(self.total[rows])
        return rows[np.lexsort(keys)][start - before : start + n - before]

    @cached_property
    def field(self) -> Floats:
        """The totals of all that are ranked, among whom ranks are given."""
        return self.total[self.ranked] if self.among is None else self.among

    @cached_property
    def rank(self) -> Floats:
        """Ranks by total, ties as the method has them; NaN for those who are listed but not ranked."""
        return self.rank_of(np.arange(len(self)))

    def rank_of(self, rows: NDArray[np.intp], mask: Bools | None = None) -> Floats:
        """Return the ranks of these positions alone: in all, or among those in `mask`, where others have none."""
        ranked = self.ranked if mask is None else self.ranked & mask
        totals = np.where(ranked[rows], self.total[rows], np.nan)
        field = self.field if mask is None else self.total[ranked]
        if self.method.ties == "shared" and len(totals) <= FEW:
            return np.array([np.nan if np.isnan(total) else 1.0 + ahead(field, total) for total in totals])
        return ranks(totals, self.method.ties, field)

    def rank_among(self, rows: NDArray[np.intp]) -> Floats:
        """Return the ranks (n) of these positions among themselves, by the same rules; NaN for all others."""
        placed = np.full(len(self), np.nan)
        placed[rows] = ranks(np.where(self.ranked[rows], self.total[rows], np.nan), self.method.ties)
        return placed

    def of(self, rows: Sequence[int] | NDArray[np.intp]) -> Scores:
        """Return the scores of these positions alone, with the ranks that they have in all."""
        at = np.asarray(rows, dtype=np.intp)
        own = {f.name: getattr(self, f.name) for f in fields(Scores)}
        own |= {name: own[name][at] for name in ("uncapped", "total", "ranked")}
        own |= {name: own[name] and own[name].rows(at) for name in ("measures", "scaled", "blended")}
        return Scores(**own | {"evidence": None if self.evidence is None else self.evidence[at], "among": self.field})

    def foremost(self, mask: Bools | None = None) -> tuple[Scores, Bools | None]:
        """Return the scores and `mask` as they are; of more than FOREMOST only the first in the mask, by themselves."""
        if len(self) <= FOREMOST:
            return self, mask
        return replace(self.of(np.sort(self.top(FOREMOST, mask))), among=None), None

    @cached_property
    def category_values(self) -> Floats:
        """Score of every category by itself (n x categories), 0..out_of; NaN where it leaves the total."""
        return self.card.out_of * self.blended.value

    @cached_property
    def category_ranks(self) -> Floats:
        """Rank in every category (n x categories)."""
        return np.stack([ranks(column, self.method.ties) for column in self.category_values.T], axis=1)

    @cached_property
    def joined(self) -> Floats:
        """What of every category is joined to the total (n x categories): its score, or the discount of its rank."""
        if self.method.across != "rank_discount":
            return self.category_values
        return self.card.out_of * part(self.method.across, self.blended.value, self.method.ties)

    @cached_property
    def contributions(self) -> Floats:
        """What every category adds (n x categories), a row summing to `uncapped`; a geometric mean in proportion."""
        parts: Floats = np.nan_to_num(self.joined) * self._of_total(slice(None))
        if self.method.across != "geometric_mean":
            return parts
        return ratio(np.nan_to_num(self.uncapped), parts.sum(axis=1))[:, None] * parts

    @cached_property
    def by_category(self) -> pd.DataFrame:
        """The contributions as a table (id as index, a column a category)."""
        return self._by_category(self.contributions)

    @cached_property
    def category_scores(self) -> pd.DataFrame:
        """The categories' own scores as a table (id as index, a column a category)."""
        return self._by_category(self.category_values)

    def _by_category(self, values: Floats) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(values, index=pd.Index(self.ids, name="id"), columns=[c.id for c in self.card.categories])

    def _of_total(self, rows: Any) -> Floats:
        """Share of every category in these subjects' totals."""
        return parts(self.blended.rows(rows).counts * self._category_weights)

    @cached_property
    def _category_weights(self) -> Floats:
        return category_weights(self.card, self.method, self.scaled.applies)

    def shares(self, rows: NDArray[np.intp]) -> Floats:
        """Share of every factor in these subjects' totals (rows x factors); a row sums to 1 unless nothing counts."""
        counting = ~np.isnan(self.scaled.value[rows]) if self.unknown == "skip" else self.scaled.applies[rows]
        return shares_of(self.card, counting, self._of_total(rows))

    @property
    def asked(self) -> Bools:
        """Which factors apply to any subject; under `missing="left_out"` those that anybody has a value of."""
        asked: Bools = np.any(self.scaled.applies, axis=0)
        return asked

    @cached_property
    def usual_shares(self) -> dict[str, float]:
        """Share of every factor in the total of a subject to whom all that is asked applies; sums to 1."""
        asked = {f.id for f, yes in zip(self.card.factors, self.asked, strict=True) if yes and f.weight > 0}
        counts = np.array([any(f.id in asked for f in c.factors) for c in self.card.categories])
        of_total = parts((counts * self._category_weights)[None])
        shares = shares_of(self.card, self.asked[None], of_total)[0]
        return dict(zip((f.id for f in self.card.factors), shares.tolist(), strict=True))

    @property
    def missing(self) -> tuple[str, ...]:
        """Ids of the factors that are not asked, because no subject has them."""
        return tuple(f.id for f, asked in zip(self.card.factors, self.asked, strict=True) if not asked)

    @cached_property
    def uncounted(self) -> frozenset[str]:
        """Ids of the factors that weigh nothing because they are known for too few subjects."""
        whole = self.whole or self.card
        return frozenset(
            f.id for f, own in zip(whole.factors, self.card.factors, strict=True) if f.weight > 0 and not own.weight
        )

    @cached_property
    def idle(self) -> frozenset[str]:
        """Ids of the categories of which no factor weighs anything."""
        return frozenset(c.id for c in self.card.categories if not any(f.weight for f in c.factors))

    @property
    def constant(self) -> tuple[str, ...]:
        """Ids of the factors that are equal for all and count neutral for it; none where the scale is not the field."""
        if self.method.normalise in ("max", "goalposts"):
            return ()
        same = constant(self.raw)
        return tuple(f.id for f, flat in zip(self.card.factors, same, strict=True) if flat and f.weight > 0)

    def scaled_as_counted(self, rows: NDArray[np.intp]) -> Floats:
        """Scaled values 0..1 with the unknown policy filled in; NaN where a factor does not count."""
        value = self.scaled.value[rows]
        filler = {"neutral": neutral(self.method.normalise), "zero": 0.0, "skip": np.nan}[self.unknown]
        return np.where(np.isnan(value) & self.scaled.applies[rows], filler, value)

    def points(self, rows: NDArray[np.intp]) -> Floats:
        """Points of every factor (rows x factors); a row sums to `uncapped`."""
        return self.card.out_of * self.shares(rows) * np.nan_to_num(self.scaled_as_counted(rows))

    def would_add(self, rows: NDArray[np.intp]) -> Floats:
        """Points of every factor (rows x factors) if everything that is known counted; NaN for one that does."""
        card = self.whole or self.card
        known, applies = ~np.isnan(self.scaled.value[rows]), self.scaled.applies[rows]
        basis = (applies if self.unknown == "zero" else known) & np.array([f.weight > 0 for f in card.factors])
        counts = np.stack([basis[:, own].any(axis=1) for _, own in card.slices], axis=1)
        of_total = parts(counts * category_weights(card, self.method, self.scaled.applies))
        shares = shares_of(card, known if self.unknown == "skip" else applies, of_total)
        points = card.out_of * shares * np.nan_to_num(self.scaled_as_counted(rows))
        return np.where([f.id in self.uncounted for f in card.factors], points, np.nan)

    def capped_by(self, row: int) -> str | None:
        """Return the id of the cap that lowers or would lower this total, or None."""
        if self.capped:
            for j, cap in enumerate(self.card.caps):
                if self.scaled.caps[row, j]:
                    return cap.id
        return None

    def open_caps(self, row: int) -> tuple[Cap, ...]:
        """Return the caps that this subject does not meet only because the fact behind them is not known."""
        if not self.capped:
            return ()
        known = dict(zip((f.id for f in self.card.factors), ~np.isnan(self.scaled.value[row]), strict=True))
        met = self.scaled.caps[row]
        return tuple(cap for cap, held in zip(self.card.caps, met, strict=True) if not held and not known[cap.id])

    def decimals(self, row: int) -> int:
        """Return how many decimals a total has a right to."""
        (low,), (high,) = self.interval(np.array([row]))
        return self.precision(high - low)

    def precision(self, width: float) -> int:
        """Return the decimals that go with an interval: none where it is wider than COARSE points."""
        if self.card.out_of == 1:
            return 4
        return 0 if width > COARSE else 1

    def written(self, row: int) -> str:
        """Write the total of a subject with the precision that it has."""
        total = self.total[row]
        return "unknown" if np.isnan(total) else f"{total:.{self.decimals(row)}f}"

    def state(self, row: int, factor_id: str, value: object) -> State:
        """Return known, absent (looked for and not there), unknown or not_applicable for a factor's value."""
        j = [f.id for f in self.card.factors].index(factor_id)
        return state_of(value, float(self.scaled.value[row, j]), applies=self.scaled.applies[row, j])

    def table(self, rows: NDArray[np.intp] | None = None) -> pd.DataFrame:
        """Return the ranking, or these rows: rank, id, total, low, high, coverage and a column a category's score."""
        import pandas as pd

        rows = self.order if rows is None else rows
        low, high = self.interval(rows)
        known = covered(self.card, self.blended.rows(rows))
        columns = {
            "rank": self.rank_of(rows),
            "id": self.ids[rows],
            "total": self.total[rows],
            "low": low,
            "high": high,
        }
        frame = pd.DataFrame(columns | {"coverage": known})
        frame[[c.id for c in self.card.categories]] = self.card.out_of * self.blended.value[rows]
        frame["rank"] = frame["rank"].astype("Int64")
        return frame

    def _repr_html_(self) -> str:
        """Show the first twenty in Jupyter."""
        from scoring.output.export import as_html  # here, because it writes scores

        return as_html(self, SHOWN)


def state_of(value: object, scaled: float, *, applies: bool) -> State:
    """Return the state of a factor's value; `scaled` is NaN where it is not known."""
    if not applies:
        return "not_applicable"
    if math.isnan(scaled):
        return "unknown"
    return "absent" if isinstance(value, int | float | np.number | np.bool_) and value == 0 else "known"
