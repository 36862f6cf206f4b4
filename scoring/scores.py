"""What comes out of the engine, with every stage kept so that each bar traces back to its facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.types import Scorecard, State, UnknownPolicy

if TYPE_CHECKING:
    from scoring.engine import Blend, Scaled

Floats = NDArray[np.float64]

DECIMALS = 9  # totals, ties and ranks are decided here, everywhere
SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Totals of n subjects under one scorecard.

    total, uncapped, low, high: 0..100 (total is NaN when nothing is known); coverage: 0..1; ranked: who gets a rank.
    """

    card: Scorecard
    scaled: Scaled
    blended: Blend
    unknown: UnknownPolicy
    capped: bool
    uncapped: Floats
    total: Floats
    low: Floats
    high: Floats
    coverage: Floats
    ranked: NDArray[np.bool_]

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

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """Positions from first to last: ranked before unranked, then total, uncapped, id."""
        total = np.nan_to_num(self.total.round(DECIMALS), nan=-1.0)
        uncapped = np.nan_to_num(self.uncapped.round(DECIMALS), nan=-1.0)
        by_id = np.empty(len(total), dtype=np.intp)
        by_id[np.argsort(self.ids.astype(str), kind="stable")] = np.arange(len(total))
        return np.lexsort((by_id, -uncapped, -total, ~self.ranked))

    def top(self, n: int, mask: NDArray[np.bool_] | None = None) -> NDArray[np.intp]:
        """Return the first n positions of `order` (of those in `mask`) without sorting the rest.

        The preselection is generous by one rounding step, so that ties at the edge are decided as `order` decides them.
        """
        within = np.ones(len(self), dtype=np.bool_) if mask is None else mask
        first = self._foremost(np.flatnonzero(within & self.ranked), n)
        if len(first) >= n:
            return first
        return np.concatenate([first, self._foremost(np.flatnonzero(within & ~self.ranked), n - len(first))])

    def _foremost(self, rows: NDArray[np.intp], n: int) -> NDArray[np.intp]:
        """Return the first n of rows that are all ranked or all unranked, in order."""
        if n <= 0:
            return rows[:0]
        total = np.nan_to_num(self.total[rows], nan=-1.0)
        if n < len(rows):
            edge = np.partition(total, len(rows) - n)[len(rows) - n]
            kept = total >= edge - 10.0**-DECIMALS
            rows, total = rows[kept], total[kept]
        uncapped = np.nan_to_num(self.uncapped[rows].round(DECIMALS), nan=-1.0)
        return rows[np.lexsort((self.ids[rows].astype(str), -uncapped, -total.round(DECIMALS)))][:n]

    @cached_property
    def rank(self) -> Floats:
        """Ranks 1, 2, 2, 4 by total; NaN for those who are listed but not ranked."""
        rank = np.full(len(self), np.nan)
        totals = -self.total[self.ranked].round(DECIMALS)
        rank[self.ranked] = np.searchsorted(np.sort(totals), totals) + 1.0
        return rank

    def rank_of(self, rows: NDArray[np.intp]) -> Floats:
        """Return the ranks of these positions alone; only what lies above them is sorted."""
        rank = np.full(len(rows), np.nan)
        has_one = self.ranked[rows]
        totals = -self.total[rows[has_one]].round(DECIMALS)
        if totals.size:
            above = self.total[self.ranked]
            above = -above[above >= -totals.max() - 10.0**-DECIMALS].round(DECIMALS)
            rank[has_one] = np.searchsorted(np.sort(above), totals) + 1.0
        return rank

    @cached_property
    def by_category(self) -> pd.DataFrame:
        """Points of every category (n x categories, id as index); a row sums to `uncapped`."""
        said = self.blended.counts * relative(c.weight for c in self.card.categories)
        points = 100 * self.blended.value * _parts(said)
        return pd.DataFrame(points, index=pd.Index(self.ids, name="id"), columns=[c.id for c in self.card.categories])

    @cached_property
    def category_scores(self) -> pd.DataFrame:
        """Score of every category by itself, 0..100 (n x categories); NaN where nothing in it is known."""
        values = np.where(self.blended.counts, 100 * self.blended.value, np.nan)
        return pd.DataFrame(values, index=pd.Index(self.ids, name="id"), columns=[c.id for c in self.card.categories])

    def shares(self, rows: NDArray[np.intp]) -> Floats:
        """Share of every factor in these subjects' totals (rows x factors); a row sums to 1 unless nothing counts."""
        parts: list[Floats] = []
        start = 0
        said = self.blended.counts[rows] * relative(c.weight for c in self.card.categories)
        of_total = _parts(said)
        for j, c in enumerate(self.card.categories):
            part = slice(start, start + len(c.factors))
            start = part.stop
            has_say = self.scaled.applies[rows, part]
            if self.unknown == "skip":
                has_say = ~np.isnan(self.scaled.value[rows, part])
            w = has_say * relative(f.weight for f in c.factors)
            parts.append(_parts(w) * of_total[:, [j]])
        return np.concatenate(parts, axis=1)

    def scaled_as_counted(self, rows: NDArray[np.intp]) -> Floats:
        """Scaled values 0..1 with the unknown policy filled in; NaN where a factor has no say."""
        value = self.scaled.value[rows]
        filler = {"neutral": 0.5, "zero": 0.0, "skip": np.nan}[self.unknown]
        return np.where(np.isnan(value) & self.scaled.applies[rows], filler, value)

    def points(self, rows: NDArray[np.intp]) -> Floats:
        """Points of every factor (rows x factors); a row sums to `uncapped`."""
        return 100 * self.shares(rows) * np.nan_to_num(self.scaled_as_counted(rows))

    def capped_by(self, row: int) -> str | None:
        """Return the id of the cap that lowers or would lower this total, or None."""
        if self.capped:
            for j, cap in enumerate(self.card.caps):
                if self.scaled.caps[row, j]:
                    return cap.id
        return None

    def state(self, row: int, factor_id: str, value: object) -> State:
        """Tell known, absent (looked for and not there), unknown and not applicable apart."""
        j = [f.id for f in self.card.factors].index(factor_id)
        if not self.scaled.applies[row, j]:
            return "not_applicable"
        if np.isnan(self.scaled.value[row, j]):
            return "unknown"
        return "absent" if isinstance(value, int | float | np.number | np.bool_) and value == 0 else "known"

    def table(self, rows: NDArray[np.intp] | None = None) -> pd.DataFrame:
        """Return the ranking, or these rows: rank, id, total, low, high, coverage and a column a category's score."""
        rows = self.order if rows is None else rows
        said = {"rank": self.rank_of(rows), "id": self.ids[rows], "total": self.total[rows]}
        said |= {"low": self.low[rows], "high": self.high[rows], "coverage": self.coverage[rows]}
        scores = np.where(self.blended.counts[rows], 100 * self.blended.value[rows], np.nan)
        frame = pd.DataFrame(said | {c.id: scores[:, j] for j, c in enumerate(self.card.categories)})
        frame["rank"] = frame["rank"].astype("Int64")
        return frame

    def _repr_html_(self) -> str:
        """Show the first twenty in Jupyter."""
        return _html(self)


def relative(weights: Iterable[float]) -> Floats:
    """Return weights as parts of the largest one, so that sums of huge or tiny weights stay exact."""
    w: Floats = np.array(list(weights), dtype=np.float64)
    most = w.max(initial=0.0)
    return w / most if most > 0 else w


def _parts(weights: Floats) -> Floats:
    """Return the part of each weight in the sum of its row; a row of zeros stays so."""
    whole = weights.sum(axis=1, keepdims=True)
    parts: Floats = np.divide(weights, whole, out=np.zeros(weights.shape), where=whole > 0)
    return parts


def _html(scores: Scores) -> str:
    """Write the first rows of a ranking as a table; every text is escaped, what is not known says so."""
    card = scores.card
    head = ["rank", card.subject, "total", "interval", "known", *(c.label for c in card.categories)]
    lines = []
    for row in scores.table(scores.top(SHOWN)).itertuples(index=False):
        rank, subject, total, low, high, known, *parts = row
        place, name = "not ranked" if rank is pd.NA else f"{rank:,}", escape(str(subject))
        ends = [f"{low:.1f} – {high:.1f}", f"{known:.0%}"]
        lines.append(_cells("td", [place, name, f"<b>{_number(total)}</b>", *ends, *map(_number, parts)]))
    shown = f"the first {SHOWN} of {len(scores):,}" if len(scores) > SHOWN else f"{len(scores):,}"
    title = f"{card.title} {card.version}: {shown} {card.subject}{'' if len(scores) == 1 else 's'}"
    return (
        f"<table><caption style='text-align:left'>{escape(title)}</caption>"
        f"<thead>{_cells('th', map(escape, head))}</thead><tbody>{''.join(lines)}</tbody></table>"
    )


def _cells(tag: str, texts: Iterable[str]) -> str:
    sides = ("right", "left")
    cells = (f"<{tag} style='text-align:{sides[n == 1]}'>{text}</{tag}>" for n, text in enumerate(texts))
    return f"<tr>{''.join(cells)}</tr>"


def _number(value: float) -> str:
    return "unknown" if np.isnan(value) else f"{value:.1f}"
