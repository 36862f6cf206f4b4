"""Why a score moved: the parts of its own facts, the others' facts, the weights and the method, which sum up to it.

Each part is the Shapley value: what a cause adds on average over all orders in which the four could have changed.
Nothing is estimated: every mixture of old and new is scored by the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import combinations
from math import factorial, floor
from typing import Final

import numpy as np

from scoring.engine import score
from scoring.reasons.receipt import day
from scoring.scores import Scores
from scoring.types import Floats, Measured

CAUSES: Final[Mapping[str, str]] = {
    "own": "its own numbers",
    "others": "the others’ numbers",
    "weights": "the weights",
    "method": "the method",
}
LEAST: Final = 0.005  # points of 100; less is nothing


@dataclass(frozen=True, kw_only=True)
class Attribution:
    """The change of a subject's score (0..100) and rank between two snapshots, and the part of each cause.

    `points` and `places` are by cause; they sum to the change of score and of rank (negative places are a rise).
    """

    since: str
    until: str
    score_before: float
    score_now: float
    rank_before: int
    rank_now: int
    points: Mapping[str, float]
    places: Mapping[str, float]

    def rows(self) -> list[tuple[str, float, float]]:
        """Return cause, points and places of each that moved anything; points sum to the change as it is printed."""
        printed = dict(zip(self.points, _summing(list(self.points.values()), self.change), strict=True))
        moved = (c for c in self.points if abs(printed[c]) >= LEAST or abs(self.places[c]) >= LEAST)
        return [(CAUSES[cause], printed[cause], round(self.places[cause], 1) + 0.0) for cause in moved]

    @property
    def change(self) -> float:
        """The change of the score between its two values as printed, with two decimals."""
        return round(round(self.score_now, 2) - round(self.score_before, 2), 2)

    def sentence(self) -> str:
        """Say how the score changed, and through what."""
        text = f"From {day(self.since)} to {day(self.until)} its score went from {self.score_before:.2f} to "
        text += f"{self.score_now:.2f} of 100 ({_signed(self.change)})"
        parts = [f"{_signed(points)} through {cause}" for cause, points, _ in self.rows() if points]
        if parts:
            text += f": {', '.join(parts)}"
        if self.rank_before == self.rank_now:
            return f"{text}. Its rank stays {self.rank_now}."
        return f"{text}. Its rank went from {self.rank_before} to {self.rank_now}."


def attribution(now: Scores, before: Scores, subject: str) -> Attribution:
    """Attribute the change of a subject that is in both; KeyError where it is not.

    Both hold their measures. What is asked in only one of the two counts for the others: what is asked changed, not
    what the subject did.
    """
    here, there = now.position[subject], before.position[subject]

    def world(new: frozenset[str]) -> Floats:
        scores, row = _mixed(now, before, (here, there), new)
        return np.array([100 / scores.card.out_of * scores.total[row], scores.rank[row]])

    first, last = world(frozenset()), world(frozenset(CAUSES))
    parts = shapley(tuple(CAUSES), world)
    return Attribution(
        since=before.as_of,
        until=now.as_of,
        score_before=float(first[0]),
        score_now=float(last[0]),
        rank_before=int(first[1]),
        rank_now=int(last[1]),
        points={cause: float(part[0]) for cause, part in parts.items()},
        places={cause: float(part[1]) for cause, part in parts.items()},
    )


def shapley(causes: Sequence[str], value: Callable[[frozenset[str]], Floats]) -> dict[str, Floats]:
    """Return the Shapley value of each cause; `value` is asked a single time for every set of causes."""
    values = {one: value(one) for one in _sets(causes)}
    parts = {}
    for cause in causes:
        others = [one for one in causes if one != cause]
        weights = {k: factorial(k) * factorial(len(others) - k) / factorial(len(causes)) for k in range(len(causes))}
        steps = (weights[len(s)] * (values[s | {cause}] - values[s]) for s in _sets(others))
        parts[cause] = np.sum(list(steps), axis=0)
    return parts


def _sets(causes: Sequence[str]) -> Iterator[frozenset[str]]:
    for many in range(len(causes) + 1):
        yield from map(frozenset, combinations(causes, many))


def _mixed(now: Scores, before: Scores, rows: tuple[int, int], new: frozenset[str]) -> tuple[Scores, int]:
    """Score the field of one snapshot with the subject's numbers, weights and method of this or the other one."""
    field, row = (now, rows[0]) if "others" in new else (before, rows[1])
    measured = field.measured
    if ("own" in new) != ("others" in new):
        other, at = (now, rows[0]) if "own" in new else (before, rows[1])
        both = now.asked & before.asked
        changed = {f.name: getattr(measured, f.name).copy() for f in fields(Measured)}
        for name in ("raw", "open_end", "applies"):
            changed[name][row] = np.where(both, getattr(other.measured, name)[at], changed[name][row])
        measured = Measured(**changed)
    weights = ((now if "weights" in new else before).whole or field.card).weights()
    card = field.card.with_weights(weights | dict.fromkeys(field.uncounted, 0.0))
    method = (now if "method" in new else before).method
    return score(card, replace(measured), method=method, as_of=field.as_of), row


def _summing(parts: list[float], total: float) -> list[float]:
    """Round parts to two decimals so that they sum to this total; the nearest to the next number give way first."""
    cents = [floor(100 * part) for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda i: cents[i] - 100 * parts[i])
    missing = round(100 * total) - sum(cents)
    for k in range(abs(missing)):
        cents[by_remainder[k % len(parts)] if missing > 0 else by_remainder[-1 - k % len(parts)]] += missing // abs(
            missing
        )
    return [one / 100 for one in cents]


def _signed(points: float) -> str:
    return f"{points:+.2f}".replace("-", "−")
