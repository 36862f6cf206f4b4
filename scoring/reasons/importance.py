"""How much each factor really decides: its nominal share of the weight beside its share of the differences.

A factor that is much the same for everybody weighs on paper and moves no order; one that goes along with others moves
it more than its weight says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scoring.reasons.bands import percent
from scoring.reasons.receipt import SAME_FACT
from scoring.scores import Scores
from scoring.types import Category, Factor

MOST = 50_000  # subjects that are looked at
NAMED = 8  # factors in a sentence
MORE, LESS = 2.0, 0.25  # times the weight, from where on the difference is worth a word


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """One factor: its `nominal` share (0..1) of the weight, and its `real` share of what sets totals apart.

    `real` is the covariance of its points with the total over the variance of the total: the shares of all factors sum
    to 1, and one that works against the others is negative. NaN where all totals are equal.
    """

    factor: Factor
    category: Category
    nominal: float
    real: float


def importance(scores: Scores) -> list[Importance]:
    """Return every factor that weighs, over all that are ranked, in the order of the card.

    Of more than MOST only one in so many is looked at, evenly.
    ValueError under a method whose totals are not sums of points.
    """
    if not scores.method.adds_up:
        raise ValueError(
            f"Under “{scores.method.label}” factors have no points, so none has a share of the differences."
        )
    rows = np.flatnonzero(scores.ranked)
    rows = rows[:: every(len(rows))]
    points = scores.points(rows)
    total = points.sum(axis=1)
    away = total - total.mean() if len(rows) else total
    variance = float(away @ away)
    shares = away @ points / variance if variance > 0 else np.full(points.shape[1], np.nan)
    nominal = scores.usual_shares
    return [
        Importance(factor=f, category=scores.card.category_of(f.id), nominal=nominal[f.id], real=float(real))
        for f, real in zip(scores.card.factors, shares, strict=True)
        if nominal[f.id] > 0
    ]


def every(ranked: int) -> int:
    """Return how many there are for each one that is looked at, of so many that are ranked."""
    return max(1, -(-ranked // MOST))


def paid_often(factors: Iterable[Factor]) -> list[tuple[Factor, ...]]:
    """Return the factors that read the same fact, as groups of two and more: there one answer is paid several times."""
    by_fact: dict[str, tuple[Factor, ...]] = {}
    for f in factors:
        fact = SAME_FACT.get(f.reads[0], f.reads[0])
        by_fact[fact] = (*by_fact.get(fact, ()), f)
    return [group for group in by_fact.values() if len(group) > 1]


def in_words(found: Iterable[Importance]) -> list[str]:
    """Say who decides most, who decides far more or less than its weight says, and what is paid several times."""
    known = [one for one in found if not np.isnan(one.real)]
    if not known:
        return ["All totals are equal, so no factor sets them apart."]
    labels = Counter(one.factor.label for one in known)
    called = {
        x.factor: x.factor.label + (f" ({x.category.label})" if labels[x.factor.label] > 1 else "") for x in known
    }
    first = max(known, key=lambda one: one.real)
    sentences = [
        f"The largest part of the differences between totals comes from {called[first.factor]}: {percent(first.real)}, "
        f"with {percent(first.nominal)} of the weight."
    ]
    sides = {
        "Counts more than twice what its weight says": [one for one in known if one.real > MORE * one.nominal],
        "Sets hardly anybody apart, whatever its weight": [one for one in known if one.real < LESS * one.nominal],
    }
    for words, some in sides.items():
        names = [called[one.factor] for one in sorted(some, key=lambda one: -abs(one.real - one.nominal))]
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        sentences += [f"{words}: {', '.join(names[:NAMED])}{more}."] if names else []
    for group in paid_often(one.factor for one in known):
        *names, last = (called[f] for f in group)
        weight = sum(one.nominal for one in known if one.factor in group)
        asked = f"{', '.join(names)} and {last} ask the same, with {percent(weight)} of the weight together"
        sentences.append(f"One fact is paid several times: {asked}.")
    return sentences
