"""Tipping points: how far weights must move until two subjects are level, or until another one is first.

One weight moves while the others keep their proportions: then totals are ratios of straight lines, two of which cross
where a quadratic is 0. All weights move together: the smallest change is a linear programme, solved by HiGHS.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scoring.interval import DECIMALS
from scoring.methods import part
from scoring.reasons.draws import present_shares
from scoring.scores import Scores
from scoring.settings import MOST_WEIGHT
from scoring.types import Bools, Category, Floats

EXACT = 1e-9  # of a share; nearer is the same place
NEAR = 0.01  # of a share; closer numbers are written with a decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """The share (0..1) of a category `at` which two subjects are level, or the first place goes to `then`."""

    category: Category
    now: float
    at: float
    then: str = ""

    @property
    def moves(self) -> str:
        """Say the change, such as 'Security falls below 18 % (now 30 %)'."""
        digits = 1 if abs(self.at - self.now) < NEAR else 0
        verb = "falls below" if self.at < self.now else "rises above"
        return f"{self.category.label} {verb} {100 * self.at:.{digits}f} % (now {100 * self.now:.{digits}f} %)"


@dataclass(frozen=True, kw_only=True)
class Tipping:
    """What it takes to change the order of two subjects, of which `ahead` has the higher total, or that nothing does.

    `tips` is one for each weight that can do it alone, the smallest change first; one may have two. `moved` are the
    changes of share (c, summing to 0) by which all weights together do it with the least that changes hands; None where
    none do, or where the two are judged on different categories. `why_not` says why there is no tip.
    """

    ahead: str
    behind: str
    tips: tuple[Tip, ...] = ()
    moved: Floats | None = field(default=None, compare=False)
    categories: tuple[Category, ...] = ()
    why_not: str = ""

    def sentences(self) -> list[str]:
        """Say it: the single weights, then all of them together."""
        if self.why_not:
            return [self.why_not]
        ways = [tip.moves for tip in self.tips]
        text = [f"{self.ahead} stays ahead of {self.behind} unless {_listed(ways, 'or')}."]
        if self.moved is not None:
            lose, gain = (
                [c.label for c, change in zip(self.categories, side, strict=True) if change > EXACT]
                for side in (-self.moved, self.moved)
            )
            share = np.abs(self.moved).sum() / 2
            much = f"{100 * share:.{1 if share < 10 * NEAR else 0}f} %"
            text.append(
                f"The smallest change that makes them level moves {much} of the weight from {_listed(lose)} "
                f"to {_listed(gain)}."
            )
        return text


def tipping(scores: Scores, one: int, other: int) -> Tipping:
    """Return what would change the order of two subjects (positions in the scores)."""
    totals = scores.total.round(DECIMALS)
    first, second = (one, other) if not totals[other] > totals[one] else (other, one)
    ahead, behind = (str(scores.ids[row]) for row in (first, second))
    found = Tipping(ahead=ahead, behind=behind, categories=scores.card.categories)
    lines = _Lines.of(scores, np.array([first, second]))
    why_not = _why_not(scores, first, second, lines)
    if why_not:
        return Tipping(ahead=ahead, behind=behind, why_not=why_not)
    tips = [
        Tip(category=c, now=float(lines.usual[k]), at=at)
        for k, c in enumerate(scores.card.categories)
        for at in lines.crossings(k)
    ]
    tips.sort(key=lambda tip: abs(tip.at - tip.now))
    return Tipping(**{**vars(found), "tips": tuple(tips), "moved": _together(lines)})


def first_places(scores: Scores, among: Bools | None = None) -> list[Tip]:
    """Return, for each weight alone, the shares at which the first place goes to another, the nearest to now first.

    Who meets a cap does not take part, nor of many who is not among the foremost; of those who change places at one
    share, the last one is named.
    """
    scores, among = scores.foremost(among)
    rows = np.flatnonzero(scores.ranked & (True if among is None else among) & ~_may_be_held(scores))
    if not len(rows):
        return []
    lines, tips = _Lines.of(scores, rows), []
    for k, c in enumerate(scores.card.categories):
        now = float(lines.usual[k])
        if 0 < now < 1:
            tips += [Tip(category=c, now=now, at=at, then=str(scores.ids[rows[row]])) for at, row in lines.leaders(k)]
    return sorted(tips, key=lambda tip: abs(tip.at - tip.now))


def weight_at(tip: Tip) -> float:
    """Return the weight of a category, as it is set, that gives it the share of a tip while the others stay."""
    return float(tip.category.weight * tip.at / (1 - tip.at) * (1 - tip.now) / tip.now)


def marks(scores: Scores) -> dict[str, str]:
    """Say for each category, by id, below and above which of its weights who would be first; none where nobody is."""
    found: dict[str, str] = {}
    tips = [tip for tip in first_places(scores) if weight_at(tip) <= MOST_WEIGHT]
    for c in scores.card.categories:
        below = next((tip for tip in tips if tip.category.id == c.id and tip.at < tip.now), None)
        above = next((tip for tip in tips if tip.category.id == c.id and tip.at > tip.now), None)
        sides = (("Below", below), ("Above", above))
        parts = [f"{side} {weight_at(tip):.3g} {tip.then} is first." for side, tip in sides if tip]
        if parts:
            found[c.id] = " ".join(parts)
    return found


@dataclass(frozen=True, kw_only=True)
class _Lines:
    """Totals of m subjects as functions of the share s of a category: a ratio of a line by a line.

    `values` and `counts` (m x c) are what categories give, and whether; `usual` (c) are the present shares.
    """

    values: Floats
    counts: Floats
    usual: Floats

    @classmethod
    def of(cls, scores: Scores, rows: NDArray[np.intp]) -> _Lines:
        method = scores.method
        parts = part(method.across, scores.blended.value, method.ties)[rows]
        return cls(
            values=np.nan_to_num(parts), counts=(~np.isnan(parts)).astype(np.float64), usual=present_shares(scores)
        )

    def along(self, k: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Return start and slope of numerators, then of denominators (m each), as functions of the share of k."""
        rest = self.usual.copy()
        rest[k] = 0.0
        rest = rest / rest.sum() if rest.sum() else rest
        over, under = self.values @ rest, self.counts @ rest
        return over, self.values[:, k] - over, under, self.counts[:, k] - under

    def crossings(self, k: int) -> Iterator[float]:
        """Yield the shares in 0..1, other than now, at which the first two subjects change their order."""
        if not 0 < self.usual[k] < 1:
            return
        roots = _roots(*_ahead(self.along(k), 0, np.array([1])))[:, 0]
        yield from (float(at) for at in roots if EXACT < at < 1 - EXACT)

    def leaders(self, k: int) -> Iterator[tuple[float, int]]:
        """Yield the shares in 0..1 at which another leads, and who it is for values away from the present share."""
        lines = self.along(k)
        for direction in (1.0, -1.0):
            at = float(self.usual[k])
            lead = self._lead(lines, at)
            while True:
                roots = _roots(*_ahead(lines, lead, np.arange(len(self.values))))
                away = np.where((roots - at) * direction > EXACT, (roots - at) * direction, np.inf).min(axis=0)
                at += direction * float(away.min())
                if not EXACT < at < 1 - EXACT:
                    break
                lead = self._lead(lines, min(max(at + direction * 10 * EXACT, 0.0), 1.0))
                yield at, lead

    def _lead(self, lines: tuple[Floats, Floats, Floats, Floats], at: float) -> int:
        over, slope, under, turn = lines
        below = under + at * turn
        return int(np.argmax(np.divide(over + at * slope, below, out=np.full(len(over), -np.inf), where=below > 0)))


def _ahead(lines: tuple[Floats, Floats, Floats, Floats], one: int, others: NDArray[np.intp]) -> tuple[Floats, ...]:
    """Return the coefficients (constant, linear, square) of a polynomial that is 0 where one is level with others."""
    over, slope, under, turn = lines
    a, da, b, db = over[one], slope[one], under[one], turn[one]
    c, dc, d, dd = over[others], slope[others], under[others], turn[others]
    return a * d - c * b, a * dd + da * d - c * db - dc * b, da * dd - dc * db


def _roots(constant: Floats, linear: Floats, square: Floats) -> Floats:
    """Return both real roots (2 x m) of quadratics, NaN where there are none; a straight line has one."""
    roots = np.full((2, len(constant)), np.nan)
    straight = np.abs(square) < EXACT**1.5
    slope = straight & (np.abs(linear) > EXACT)
    np.divide(-constant, linear, out=roots[0], where=slope)
    inside = linear**2 - 4 * square * constant
    curved = ~straight & (inside > 0)
    # The way that loses no digits where the roots lie far apart.
    half = -(linear + np.where(linear < 0, -1.0, 1.0) * np.sqrt(np.maximum(inside, 0.0))) / 2
    np.divide(half, square, out=roots[0], where=curved)
    np.divide(constant, half, out=roots[1], where=curved & (half != 0))
    return roots


def _together(lines: _Lines) -> Floats | None:
    """Return the changes of share (c) that make the first two level and move the least weight from one to another.

    Minimise half the sum of gains and losses so that the shares still sum to 1, none is negative and the totals are
    equal. That is linear only where both are judged on the same categories; None elsewhere. SciPy is imported here,
    because it takes half a second and few ask.
    """
    weighs = lines.usual > 0
    if (lines.counts[0] != lines.counts[1])[weighs].any():
        return None
    from scipy.optimize import linprog  # type: ignore[import-untyped]

    apart = (lines.values[0] - lines.values[1])[weighs]
    usual = lines.usual[weighs]
    c = len(usual)
    found = linprog(
        np.full(2 * c, 0.5),
        A_eq=[np.r_[np.ones(c), -np.ones(c)], np.r_[apart, -apart]],
        b_eq=[0.0, -float(apart @ usual)],
        bounds=[*((0.0, 1.0) for _ in usual), *((0.0, float(share)) for share in usual)],
        method="highs",
    )
    if not found.success:
        return None
    moved = np.zeros(len(lines.usual))
    moved[weighs] = found.x[:c] - found.x[c:]
    return moved


def _may_be_held(scores: Scores) -> Bools:
    held: Bools = np.any(scores.scaled.caps & scores.capped, axis=1)
    return held


def _listed(parts: list[str], last: str = "and") -> str:
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}" if parts[1:] else parts[0]


def _why_not(scores: Scores, first: int, second: int, lines: _Lines) -> str:
    """Say why no weights change the order of two subjects; empty where some do."""
    ahead, behind = (str(scores.ids[row]) for row in (first, second))
    for row, name in ((first, ahead), (second, behind)):
        if np.isnan(scores.total[row]):
            return f"Nothing that counts is known about {name}, so it has no place before or behind the other."
        cap = next((c for c in scores.card.caps if c.id == scores.capped_by(row)), None)
        if cap:
            return f"{name} is held at {cap.limit:g} because {cap.label}, which no weights change."
    if scores.total[first].round(DECIMALS) == scores.total[second].round(DECIMALS):
        return f"{ahead} and {behind} have the same total."
    if better := _dominates(scores, lines):
        return f"No weights put {behind} ahead of {ahead}, which is as good or better in {_listed(better)}."
    alone = any(True for k in range(len(lines.usual)) for _ in lines.crossings(k))
    return "" if alone else f"No single weight puts {behind} ahead of {ahead}."


def _dominates(scores: Scores, lines: _Lines) -> list[str]:
    """Return the categories that weigh if the first subject is as good or better in all of them, else none."""
    weighs = lines.usual > 0
    (ahead, behind), (one, other) = lines.values[:, weighs], lines.counts[:, weighs]
    if (one != other).any() or (ahead < behind - EXACT).any():
        return []
    counts = iter(one > 0)
    return [c.label for c, own in zip(scores.card.categories, weighs, strict=True) if own and next(counts)]
