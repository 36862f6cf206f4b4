"""From an order to weights: the nearest weights that put a few subjects in a given order, or why none do.

A linear programme, solved by HiGHS: the least weight that changes hands so that each subject is ahead of the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from scoring.methods import part
from scoring.reasons.bands import percent
from scoring.reasons.draws import present_shares
from scoring.scores import Scores
from scoring.types import Floats

FEWEST, MOST = 2, 6  # subjects
MARGIN: Final = 1e-4  # of a score of 0..1, by which each must be ahead
DEEPEST: Final = 4  # contradictions of more pairs than there are categories do not exist

Pair = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class NearestWeights:
    """The answer to an order: `shares` (c, of the categories, summing to 1) that give it, or why none do.

    `moved` is the share (0..1) of the weight that changes hands. `contradiction` holds the fewest pairs of names
    (ahead, behind) that no weights give together. `why_not` says what else is in the way.
    """

    scores: Scores
    shares: Floats | None = None
    moved: float = 0.0
    contradiction: tuple[tuple[str, str], ...] = ()
    why_not: str = ""

    def sentence(self) -> str:
        """Say the weights, or what contradicts what."""
        if self.shares is None:
            wants = [f"{ahead} ahead of {behind}" for ahead, behind in self.contradiction]
            return self.why_not or f"No weights put {' and also '.join(wants)}."
        if self.moved < MARGIN:
            return "The present weights give this order already."
        each = zip(self.scores.card.categories, self.shares, strict=True)
        weights = ", ".join(f"{c.label} {percent(float(share))}" for c, share in each if c.id not in self.scores.idle)
        return (
            f"The nearest weights that give this order: {weights}; {percent(self.moved)} of the weight changes hands."
        )

    def weights(self) -> dict[str, float]:
        """Return the weights (0..100) of the categories that count, by id; empty where none give the order."""
        if self.shares is None:
            return {}
        each = zip(self.scores.card.categories, self.shares, strict=True)
        return {c.id: round(100 * float(share), 4) for c, share in each if c.id not in self.scores.idle}


def nearest_weights(scores: Scores, rows: Sequence[int]) -> NearestWeights:
    """Return the nearest weights of categories that rank these subjects (positions) in this order, the first ahead."""
    for row in rows:
        name = str(scores.ids[row])
        cap = next((c for c in scores.card.caps if c.id == scores.capped_by(row)), None)
        if np.isnan(scores.total[row]):
            return NearestWeights(
                scores=scores, why_not=f"Nothing that counts is known about {name}, so it has no place."
            )
        if cap:
            return NearestWeights(scores=scores, why_not=f"{name} is held at {cap.limit:g} because {cap.label}.")
    usual = present_shares(scores)
    weighs = usual > 0
    parts = part(scores.method.across, scores.blended.value, scores.method.ties)[
        np.ix_(np.array(rows, dtype=np.intp), weighs)
    ]
    if np.isnan(parts).any():
        return NearestWeights(
            scores=scores, why_not="They are not all judged on the same categories, so no weights are found."
        )
    apart = {(i, j): parts[i] - parts[j] for i, j in combinations(range(len(rows)), 2)}
    found = _nearest(usual[weighs], [apart[i, i + 1] for i in range(len(rows) - 1)])
    if found is None:
        pairs = _fewest(usual[weighs], apart)
        names = tuple((str(scores.ids[rows[i]]), str(scores.ids[rows[j]])) for i, j in pairs)
        return NearestWeights(scores=scores, contradiction=names)
    shares = np.zeros(len(usual))
    shares[weighs] = found
    return NearestWeights(scores=scores, shares=shares, moved=float(np.abs(shares - usual).sum() / 2))


def _nearest(usual: Floats, apart: Sequence[Floats]) -> Floats | None:
    """Return the shares (w) nearest to the usual ones under which each difference (w) sums to MARGIN; None if none."""
    from scipy.optimize import linprog  # type: ignore[import-untyped]

    c = len(usual)
    rows = np.array(apart)
    found = linprog(
        np.full(2 * c, 0.5),
        A_ub=np.c_[-rows, rows],
        b_ub=rows @ usual - MARGIN,
        A_eq=[np.r_[np.ones(c), -np.ones(c)]],
        b_eq=[0.0],
        bounds=[*((0.0, 1.0) for _ in usual), *((0.0, float(share)) for share in usual)],
        method="highs",
    )
    return usual + found.x[:c] - found.x[c:] if found.success else None


def _fewest(usual: Floats, apart: dict[Pair, Floats]) -> tuple[Pair, ...]:
    """Return the fewest pairs that no weights give together: an order that cannot be has such a few."""
    for many in range(1, DEEPEST + 1):
        for pairs in combinations(apart, many):
            if _nearest(usual, [apart[pair] for pair in pairs]) is None:
                return pairs
    return tuple(apart)
