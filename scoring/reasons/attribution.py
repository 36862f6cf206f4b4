"""Why a score moved: the parts of its own facts, the others' facts, the weights and the method, which sum up to it.

Each part is the Shapley value: what a cause adds on average over all orders in which the four could have changed.
Nothing is estimated: every mixture of old and new is scored by the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from itertools import combinations
from math import factorial, floor, isnan
from typing import Any, Final, Self

import numpy as np

from scoring.engine import measure, scale, score
from scoring.interval import DECIMALS
from scoring.reasons.moves import because
from scoring.reasons.receipt import day
from scoring.scorecards import MODEL
from scoring.scores import Scores
from scoring.types import Floats, Measured
from scoring.view import ModelView, Snapshot

CAUSES: Final[Mapping[str, str]] = {
    "own": "its own numbers",
    "others": "the others’ numbers",
    "weights": "the weights",
    "method": "the method",
}
OF_MODELS: Final[Mapping[str, str]] = {
    "own": "its own facts",
    "others": "the other models’ facts",
    "weights": "the weights",
    "method": "how facts are counted",
}
LEAST: Final = 0.005  # points of 100; less is nothing
NAMED: Final = 4  # of its own facts that changed, in a sentence


@dataclass(frozen=True, kw_only=True)
class Attribution:
    """The change of a subject's score (0..100) and rank between two snapshots, and the part of each cause.

    `points` and `places` are by cause, and `causes` says them in words; they sum to the change of score and of rank
    (negative places are a rise). A rank is None where there is none, and then there are no places. `because` names its
    own facts that changed, the strongest first, where they were asked for.
    """

    since: str
    until: str
    score_before: float
    score_now: float
    rank_before: int | None
    rank_now: int | None
    points: Mapping[str, float]
    places: Mapping[str, float]
    causes: Mapping[str, str] = field(default_factory=lambda: CAUSES)
    because: tuple[str, ...] = ()

    def rows(self) -> list[tuple[str, float, float]]:
        """Return cause, points and places of each that moved anything; points sum to the change as it is printed."""
        printed = dict(zip(self.points, _summing(list(self.points.values()), self.change), strict=True))
        places = {cause: self.places.get(cause, 0.0) for cause in self.points}
        moved = (c for c in self.points if abs(printed[c]) >= LEAST or abs(places[c]) >= LEAST)
        return [(self.causes[cause], printed[cause], round(places[cause], 1) + 0.0) for cause in moved]

    @property
    def change(self) -> float:
        """The change of the score between its two values as printed, with two decimals."""
        return round(round(self.score_now, 2) - round(self.score_before, 2), 2)

    def sentence(self) -> str:
        """Say how the score changed, and through what."""
        text = f"From {day(self.since)} to {day(self.until)} its score went from {self.score_before:.2f} to "
        text += f"{self.score_now:.2f} of 100 ({_signed(self.change)})"
        if not self.change:
            text = f"From {day(self.since)} to {day(self.until)} its score stayed {self.score_now:.2f} of 100"
        parts = [f"{_signed(points)} through {cause}" for cause, points, _ in self.rows() if points]
        text += f": {', '.join(parts)}." if parts else "."
        if self.because:
            more = len(self.because) - NAMED
            named = ", ".join(self.because[:NAMED]) + (f" and {more} more" if more > 0 else "")
            text += f" Of its own facts changed: {named}."
        return f"{text} {self._ranks()}"

    def _ranks(self) -> str:
        before, now = (None if rank is None else f"{rank:,}" for rank in (self.rank_before, self.rank_now))
        match before, now:
            case None, None:
                return "It is ranked on neither day."
            case None, _:
                return f"It was not ranked before; now its rank is {now}."
            case _, None:
                return f"Its rank was {before}; now it is not ranked."
            case _:
                return f"Its rank stays {now}." if before == now else f"Its rank went from {before} to {now}."


def attribution(now: Scores, before: Scores, subject: str) -> Attribution:
    """Attribute the change of an organisation that is in both; KeyError where it is not.

    Both hold their measures. What is asked in only one of the two counts for the others: what is asked changed, not
    what the subject did.
    """
    here, there = now.position[subject], before.position[subject]

    def world(new: frozenset[str]) -> Floats:
        scores, row = _mixed(now, before, (here, there), new)
        return np.array([100 / scores.card.out_of * scores.total[row], scores.rank[row]])

    return _attributed(world, since=before.as_of, until=now.as_of)


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """A model in a snapshot of a day, at a `row` of it, with its facts (a table of this row), as a view has it."""

    taken: str
    snapshot: Snapshot
    row: int
    facts: Any
    view: ModelView

    @classmethod
    def of(cls, snapshot: Any, row: int, view: ModelView) -> Self:
        """Make it of a row of a snapshot that has facts and a date."""
        return cls(taken=snapshot.taken, snapshot=snapshot, row=row, facts=snapshot.facts.iloc[[row]], view=view)

    @property
    def weights(self) -> dict[str, Any]:
        """The settings of the view that are weights."""
        return {"preset": self.view.preset, "weights": self.view.weights}


def of_model(now: Side, before: Side) -> Attribution:
    """Attribute the change of a model between two snapshots. ValueError where it has no total in a mixture of them.

    Others change its total where they are the yardstick, or where another set of factors is known for nearly all of
    them; else only its rank.
    """

    @cache
    def field_of(others: bool, weights: bool, method: bool) -> Scores:
        return _view(now, before, weights, method).score((now if others else before).snapshot)

    def world(new: frozenset[str]) -> Floats:
        others, own = (now if cause in new else before for cause in ("others", "own"))
        # The same weights and method need no second look at everybody.
        weights, method = "weights" in new or same_weights, "method" in new or same_method
        everybody, view = field_of(others is now, weights, method), _view(now, before, weights, method)
        yardstick = others.snapshot.yardstick(MODEL, view.yardstick)
        alone = view.weigh(scale(MODEL, asked[own is now], yardstick), others.snapshot)
        return np.array([alone.total[0], _rank_of(alone, everybody, others.row)])

    asked = {one is now: measure(MODEL, one.facts) for one in (before, now)}
    same_weights = now.weights == before.weights
    same_method = replace(now.view, **before.weights) == replace(before.view, snapshot=now.view.snapshot)
    was, is_ = (one.view.place(one.snapshot, one.facts) for one in (before, now))
    points = (is_.points(np.array([0])) - was.points(np.array([0])))[0]
    changed = because(is_.card.factors, points, was.scaled.value[0], is_.scaled.value[0])
    return _attributed(world, since=before.taken, until=now.taken, causes=OF_MODELS, because=tuple(changed))


def _view(now: Side, before: Side, weights: bool, method: bool) -> ModelView:
    """Mix the views of two days: the weights of this or the other one, and all else of this or the other one."""
    return replace((now if method else before).view, **(now if weights else before).weights)


def _rank_of(alone: Scores, field: Scores, row: int) -> float:
    """Return the rank of a model that is scored alone, in a field where it stands at a row; NaN where it has none."""
    if not alone.ranked[0]:
        return float("nan")
    above = field.ranked & (field.total.round(DECIMALS) > alone.total[0].round(DECIMALS))
    return 1.0 + int(above.sum()) - int(above[row])


def _attributed(world: Callable[[frozenset[str]], Floats], **about: Any) -> Attribution:
    """Make it of what score (of 100) and rank are in a world in which some of the causes are new."""
    worlds = {new: world(new) for new in _sets(tuple(CAUSES))}
    first, last = worlds[frozenset()], worlds[frozenset(CAUSES)]
    if any(isnan(score) for score, _ in worlds.values()):
        raise ValueError("Nothing that counts is known about it on one of the two days, so why it moved is unknown.")
    parts = shapley(tuple(CAUSES), worlds.__getitem__)
    ranks = [None if isnan(rank) else int(rank) for _, rank in (first, last)]
    placed = not any(isnan(rank) for _, rank in worlds.values())
    return Attribution(
        score_before=float(first[0]),
        score_now=float(last[0]),
        rank_before=ranks[0],
        rank_now=ranks[1],
        points={cause: float(part[0]) for cause, part in parts.items()},
        places={cause: float(part[1]) for cause, part in parts.items()} if placed else {},
        **about,
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
