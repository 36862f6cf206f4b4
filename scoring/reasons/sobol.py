"""Which choice matters most: Sobol indices of how far an order moves when choices and weights are drawn at random.

The indices are estimated on a scrambled Sobol sequence: first-order ones as Saltelli et al. (2010) do, total ones as
Jansen (1999) does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from scoring.methods import PRECISION
from scoring.reasons.bands import percent
from scoring.reasons.draws import CONCENTRATION, Field, Weights, present_shares
from scoring.scores import Scores
from scoring.types import Bools, Floats

POINTS: Final = 512  # of the sequence, a power of 2; there are as many draws for each choice, and twice as many more
WEIGHTS: Final = "the weights"
SLIGHT: Final = 0.02  # of the variance; less is not told apart from nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisive:
    """A choice: the share (0..1) of the variance of an outcome that it makes by itself, and in `total` with others."""

    choice: str
    first: float
    total: float


def indices(
    outcome: Callable[[Floats], Floats], groups: Sequence[slice], points: int = POINTS, seed: int = 0
) -> tuple[Floats, Floats]:
    """Return the first-order and the total index of each group of inputs (columns); NaN where nothing varies.

    `outcome` takes inputs (n x d, evenly between 0 and 1) and returns as many numbers.
    """
    from scipy.stats import qmc  # type: ignore[import-untyped]  # here, because it takes half a second and few ask

    d = max(group.stop for group in groups)
    drawn = qmc.Sobol(2 * d, rng=np.random.default_rng(seed)).random(points)
    a, b = drawn[:, :d], drawn[:, d:]
    ab = np.repeat(a[None], len(groups), axis=0)
    for mixed, group in zip(ab, groups, strict=True):
        mixed[:, group] = b[:, group]
    found = outcome(np.concatenate([a, b, *ab])).reshape(len(groups) + 2, points)
    of_a, of_b, of_ab = found[0], found[1], found[2:]
    variance = float(np.var(found[:2]))
    if not variance:
        return np.full(len(groups), np.nan), np.full(len(groups), np.nan)
    first = np.mean((of_b - found[:2].mean()) * (of_ab - of_a), axis=1) / variance
    return first, np.mean((of_a - of_ab) ** 2, axis=1) / (2 * variance)


def decisive(here: Scores, others: Mapping[tuple[Any, ...], Scores], names: Sequence[str]) -> list[Decisive]:
    """Return how much each choice decides how far the order of `here` moves, the most decisive first.

    `others` are the scores of the same subjects under every combination of what can be chosen for each of `names`. The
    weights of categories, around those of a combination, are one choice more. How far an order moves is the mean of the
    places that subjects gain or lose.
    """
    options = [list(dict.fromkeys(combination[n] for combination in others)) for n in range(len(names))]
    categories = len(here.card.categories)
    groups = [*(slice(n, n + 1) for n in range(len(names))), slice(len(names), len(names) + categories)]
    fields = {combination: _Drawn.of(scores, here) for combination, scores in others.items()}

    def outcome(inputs: Floats) -> Floats:
        at = [(inputs[:, n] * len(each)).astype(int) for n, each in enumerate(options)]
        codes = np.ravel_multi_index(at, [len(each) for each in options])
        moved = np.empty(len(inputs))
        for code in np.unique(codes):
            chosen = np.unravel_index(code, [len(each) for each in options])
            combination = tuple(each[int(n)] for each, n in zip(options, chosen, strict=True))
            rows = codes == code
            moved[rows] = fields[combination].moved(here.rank, inputs[rows, len(names) :])
        return moved

    first, total = indices(outcome, groups)
    found = [
        Decisive(choice=name, first=max(float(one), 0.0), total=float(whole))
        for name, one, whole in zip((*names, WEIGHTS), first, total, strict=True)
        if not np.isnan(one)
    ]
    return sorted(found, key=lambda one: -one.total)


def in_words(found: Iterable[Decisive]) -> str:
    """Say which choice decides most, and how much each does."""
    found = list(found)
    parts = [one for one in found if one.total >= SLIGHT]
    if not parts:
        return "No choice moves the order, whatever it is put together with."
    most, *others = parts
    alone = f"{percent(most.first)} of how far the order moves by itself"
    if most.total - most.first >= SLIGHT:
        alone += f", {percent(most.total)} together with the others"
    text = f"What decides most is {most.choice}: {alone}."
    if others:
        text += f" Then: {', '.join(f'{one.choice} {percent(one.total)}' for one in others)}."
    return f"{text} The rest decides next to nothing." if len(parts) < len(found) else text


@dataclass(frozen=True, kw_only=True, eq=False)
class _Drawn:
    """A combination: its subjects as the draws need them, the shares of its categories (c), and who is ranked (m)."""

    field: Field
    usual: Floats
    ranked: Bools

    @classmethod
    def of(cls, scores: Scores, here: Scores) -> _Drawn:
        """Make it of scores of the subjects of `here`, in their order."""
        usual = present_shares(scores)
        rows = np.array([scores.position[str(i)] for i in here.ids], dtype=np.intp)
        field = Field.of(scores, rows, usual > 0, "categories", unknown=False)
        return cls(field=field, usual=usual, ranked=scores.ranked[rows])

    def moved(self, ranks: Floats, inputs: Floats) -> Floats:
        """Return by how many places subjects move on average from their `ranks` (n) under each draw of weights.

        `inputs` (draws x c) become shares of a Dirichlet distribution around the usual ones.
        """
        from scipy.special import gammaincinv  # type: ignore[import-untyped]

        weighs = self.usual > 0
        gammas = gammaincinv(CONCENTRATION * self.usual[weighs], inputs[:, weighs])
        shares = Weights(categories=gammas / gammas.sum(axis=1, keepdims=True))
        totals = self.field.totals(shares, np.random.default_rng(0))  # nothing is drawn: the unknown is as it is set
        totals[:, ~self.ranked] = np.nan
        ordered = np.stack([_ranks(-one) for one in totals.round(PRECISION["shared"])])
        moved: Floats = np.nan_to_num(np.nanmean(np.abs(ordered - ranks), axis=1))
        return moved


def _ranks(behind: Floats) -> Floats:
    ranks: Floats = np.searchsorted(np.sort(behind), behind).astype(np.float64) + 1
    ranks[np.isnan(behind)] = np.nan
    return ranks
