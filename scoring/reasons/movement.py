"""What moved an organisation between two months: its own numbers, or the others'."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.influence import Influence, reckon
from scoring.methods import Floats
from scoring.types import Factor


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
        said = (
            f"Since {self.since} its score went from {self.score_before:.4f} to {self.score_now:.4f} "
            f"({_signed(change)}): {_signed(self.own)} through its own numbers, "
            f"{_signed(self.others)} through the others’."
        )
        if self.rank_now == self.rank_before:
            said += f" It stays at rank {self.rank_now}."
        else:
            said += f" Its rank went from {self.rank_before} to {self.rank_now}."
        return (
            f"{said} With its own new numbers alone it would rank {self.rank_own}, "
            f"with the others’ alone {self.rank_others}."
        )


def movement(now: Influence, before: Influence, organisation: str) -> Movement:
    """Tell an organisation's own part in its change from the others'; KeyError if it is new this month.

    Each part is the mean of two ways: its numbers change first, or the others' do. Indicators that exist in only one of
    the months count for the others: what is asked changed, not what it did.
    """
    here, there = now.position[organisation], before.position[organisation]
    both = now.existing & before.existing
    alone = _with(before, there, np.where(both, now.raw[here], before.raw[there]))
    behind = _with(now, here, np.where(both, before.raw[there], now.raw[here]))
    score_before, score_now = float(before.score[there]), float(now.score[here])
    own = ((alone.score[there] - score_before) + (score_now - behind.score[here])) / 2
    return Movement(
        since=before.month,
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


def _signed(number: float) -> str:
    return f"{number:+.4f}".replace("-", "−")


def _with(scored: Influence, row: int, own: Floats) -> Influence:
    raw = scored.raw.copy()
    raw[row] = own
    return reckon(raw, scored.ids, scored.card, scored.method, month=scored.month, weights=scored.weights)


def _changes(now: Influence, before: Influence, here: int, there: int) -> tuple[Change, ...]:
    """The indicators that changed and count, those first that changed most on the method's scale."""
    found = []
    for j, f in enumerate(now.card.factors):
        old, new = before.raw[there, j], now.raw[here, j]
        if f.weight > 0 and (now.existing[j] or before.existing[j]) and not np.array_equal(old, new, equal_nan=True):
            values = (old, new, before.scaled[there, j], now.scaled[here, j])
            was, is_, scaled_was, scaled_is = (None if np.isnan(v) else float(v) for v in values)
            found.append(Change(factor=f, before=was, now=is_, scaled_before=scaled_was, scaled_now=scaled_is))
    return tuple(sorted(found, key=lambda c: -abs((c.scaled_now or 0.0) - (c.scaled_before or 0.0))))
