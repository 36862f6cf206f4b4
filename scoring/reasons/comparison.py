"""Two orders compared: how much one depends on the method, and what moved an organisation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from scoring.engine import score
from scoring.reasons.receipt import day
from scoring.scores import Scores
from scoring.types import Factor, Floats, Measured

FEW = 200  # subjects, of which all pairs are compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Two orders of the same organisations: Kendall's tau (1 the same, 0 unrelated, -1 reversed) and who moves most.

    `moved` holds (organisation, rank here, rank there) of all who move the greatest number of places.
    """

    other: str
    tau: float
    first_here: tuple[str, ...]
    first_there: tuple[str, ...]
    moved: tuple[tuple[str, int, int], ...]

    def sentence(self) -> str:
        """Say in one line how alike the orders are, who moves most and who is first in each."""
        if np.isnan(self.tau):
            return "Kendall’s tau cannot be computed, because an order has everybody at one rank."
        parts = [f"Kendall’s tau {self.tau:.2f}"]
        if self.moved:
            name, here, there = self.moved[0]
            also = f" (and {len(self.moved) - 1} more as far)" if len(self.moved) > 1 else ""
            parts.append(f"{name} moves most, from {here:,} to {there:,}{also}")
        if self.first_here != self.first_there:
            parts.append(f"first is {' and '.join(self.first_there)}, not {' and '.join(self.first_here)}")
        return f"{'; '.join(parts)}."


def agreement(here: Scores, others: Iterable[Scores]) -> list[Agreement]:
    """Compare an order with others of the same organisations, each named by its method."""
    return [agree(here, there, there.method.label) for there in others]


def agree(here: Scores, there: Scores, other: str) -> Agreement:
    """Compare an order with another one of the same subjects, called `other`."""
    at = np.array([there.position[str(i)] for i in here.ids], dtype=np.intp)
    rank = there.rank[at]
    distance = np.abs(here.rank - rank)
    far = np.flatnonzero((distance == np.nanmax(distance, initial=0.0)) & (distance > 0))
    moves = [(str(here.ids[n]), int(here.rank[n]), int(rank[n])) for n in far]
    both = ~np.isnan(distance)
    return Agreement(
        other=other,
        tau=kendall_tau(here.rank[both], rank[both]),
        first_here=_first(here),
        first_there=_first(there),
        moved=tuple(sorted(moves)),
    )


def overlap(here: Scores, there: Scores, top: int = 10) -> int:
    """Return how many of the first `top` subjects of one order are among those of another."""
    first, other = ({str(i) for i in one.ids[np.nan_to_num(one.rank, nan=np.inf) <= top]} for one in (here, there))
    return len(first & other)


def reversals(scores: Scores) -> dict[str, int]:
    """Return, by subject, how many of the others have another rank among themselves when it is left out.

    Under goalposts nobody has; where the field is the scale, or ranks are joined, leaving out one moves others.
    """
    found: dict[str, int] = {}
    for row in range(len(scores)):
        stay = np.delete(np.arange(len(scores)), row)
        measured = scores.measured
        fewer = Measured(**{f.name: getattr(measured, f.name)[stay] for f in fields(measured)})
        again = score(scores.card, fewer, method=scores.method, as_of=scores.as_of)
        before = scores.rank_among(stay)[stay]
        found[str(scores.ids[row])] = int((again.rank != before)[~np.isnan(before)].sum())
    return found


def reversed_in_words(moved: Mapping[str, int]) -> str:
    """Say how often leaving out one subject reorders the others, and who does most."""
    some = {name: count for name, count in moved.items() if count}
    if not some:
        return "Leaving out any single one changes the order of no others."
    most = max(some, key=lambda name: some[name])
    others = "one other has" if some[most] == 1 else f"{some[most]} others have"
    return (
        f"Leaving out one changes the order of the others in {len(some)} of {len(moved)} cases; most without {most}, "
        f"where {others} another rank."
    )


def kendall_tau(a: Floats, b: Floats) -> float:
    """Return Kendall's tau-b of two rankings (n), which allows for ties; NaN when one of them ties everybody.

    Of some dozens, such as organisations, all pairs are compared, which is quicker than importing SciPy.
    """
    if len(a) > FEW:
        from scipy.stats import kendalltau  # type: ignore[import-untyped]

        return float(kendalltau(a, b).statistic)
    upper = np.triu_indices(len(a), k=1)
    x = np.sign(a[:, None] - a[None, :])[upper]
    y = np.sign(b[:, None] - b[None, :])[upper]
    apart = float(np.sqrt(np.count_nonzero(x) * np.count_nonzero(y)))
    return float(np.sum(x * y)) / apart if apart else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An indicator of the organisation that has another value than the month before (None: unknown)."""

    factor: Factor
    before: float | None
    now: float | None
    scaled_before: float | None
    scaled_now: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """An organisation's score and rank in two months, and who changed them.

    `own` and `others` sum to the change of the score. `rank_own` is the rank that its own new numbers alone would have
    given it among the others' old ones; `rank_others` the rank with its old numbers among the others' new ones.
    """

    since: str
    score_before: float
    score_now: float
    own: float
    others: float
    rank_before: int
    rank_now: int
    rank_own: int
    rank_others: int
    changes: tuple[Change, ...]

    def sentence(self) -> str:
        """Say in plain words how the score and the rank changed, and through whom."""
        change = self.score_now - self.score_before
        text = (
            f"Since {day(self.since)} its score went from {100 * self.score_before:.1f} to {100 * self.score_now:.1f} "
            f"of 100 ({_signed(change)}): {_signed(self.own)} through its own numbers, "
            f"{_signed(self.others)} through the others’."
        )
        if self.rank_now == self.rank_before:
            text += f" It stays at rank {self.rank_now}."
        else:
            text += f" Its rank went from {self.rank_before} to {self.rank_now}."
        return (
            f"{text} With its own new numbers alone it would rank {self.rank_own}, "
            f"with the others’ alone {self.rank_others}."
        )


def movement(now: Scores, before: Scores, organisation: str) -> Movement:
    """Separate an organisation's own part in its change from the others'; KeyError if it is new this month.

    Each part is the mean of two ways: its numbers change first, or the others' do. Indicators that exist in only one of
    the months count for the others: what is asked changed, not what it did.
    """
    here, there = now.position[organisation], before.position[organisation]
    both = now.asked & before.asked
    alone = _with(before, there, np.where(both, now.raw[here], before.raw[there]))
    behind = _with(now, here, np.where(both, before.raw[there], now.raw[here]))
    score_before, score_now = float(before.total[there]), float(now.total[here])
    own = ((alone.total[there] - score_before) + (score_now - behind.total[here])) / 2
    return Movement(
        since=before.as_of,
        score_before=score_before,
        score_now=score_now,
        own=float(own),
        others=score_now - score_before - float(own),
        rank_before=int(before.rank[there]),
        rank_now=int(now.rank[here]),
        rank_own=int(alone.rank[there]),
        rank_others=int(behind.rank[here]),
        changes=_changes(now, before, here, there),
    )


def _first(scored: Scores) -> tuple[str, ...]:
    return tuple(sorted(str(i) for i in scored.ids[scored.rank == 1]))


def _signed(number: float) -> str:
    return f"{100 * number:+.1f}".replace("-", "−")


def _with(scores: Scores, row: int, own: Floats) -> Scores:
    """Score the field again in which one organisation has other numbers."""
    raw = scores.raw.copy()
    raw[row] = own
    return score(scores.card, replace(scores.measured, raw=raw, open_end=raw), method=scores.method, as_of=scores.as_of)


def _changes(now: Scores, before: Scores, here: int, there: int) -> tuple[Change, ...]:
    """The indicators that changed and count, those first that changed most on the method's scale."""
    found = []
    for j, f in enumerate(now.card.factors):
        old, new = before.raw[there, j], now.raw[here, j]
        if f.weight > 0 and (now.asked[j] or before.asked[j]) and not np.array_equal(old, new, equal_nan=True):
            values = (old, new, before.scaled.value[there, j], now.scaled.value[here, j])
            was, is_, scaled_was, scaled_is = (None if np.isnan(v) else float(v) for v in values)
            found.append(Change(factor=f, before=was, now=is_, scaled_before=scaled_was, scaled_now=scaled_is))
    return tuple(sorted(found, key=lambda c: -abs((c.scaled_now or 0.0) - (c.scaled_before or 0.0))))
