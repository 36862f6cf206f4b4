"""How far a total may still move: where it lies once all that is unknown is known, at worst and at best."""

from __future__ import annotations

import numpy as np

from scoring.methods import PRECISION, Method, aggregate, neutral, part, ratio, relative, weighted_sum, whole
from scoring.types import Blend, Bools, Floats, Scaled, Scorecard

DECIMALS = PRECISION["shared"]  # totals, coverage, ties and ranks are decided here, everywhere


def ends(method: Method) -> tuple[float, float, float]:
    """Return what the worst, a middling and the best measure put into the mean of a category."""
    worst, middle, best = part(method.within, np.array([0.0, neutral(method.normalise), 1.0])).tolist()
    return worst, middle, best


def category_interval(card: Scorecard, scaled: Scaled, method: Method) -> tuple[Floats, Floats]:
    """Return the least and the most that every category could be (each n x categories, 0..1)."""
    worst, _, best = ends(method)
    lows, highs = [], []
    for c, own in card.slices:
        w = relative(f.weight for f in c.factors)
        applies = weighted_sum(scaled.applies[:, own], w)
        # `low` is 0 and `high` 1 wherever a value is not known: what does not apply lacks nothing of the best.
        above = weighted_sum(part(method.within, scaled.low[:, own]) - worst, w)
        below = weighted_sum(best - part(method.within, scaled.high[:, own]), w)
        lows.append(whole(method.within, ratio(worst * applies + above, applies, worst)))
        highs.append(whole(method.within, ratio(best * applies - below, applies, worst)))
    return np.stack(lows).T, np.stack(highs).T


def interval(
    card: Scorecard, scaled: Scaled, blended: Blend, method: Method, weights: Floats, uncapped: Floats
) -> tuple[Floats, Floats]:
    """Return the worst and the best total (each n) before caps; NaN under a method that has none.

    `weights` (categories) are those that made the totals `uncapped` (n).
    """
    if not method.has_intervals:
        return np.full_like(uncapped, np.nan), np.full_like(uncapped, np.nan)
    low, high = (
        np.clip(card.out_of * aggregate(method.across, end, weights, counts=blended.applies), 0.0, card.out_of)
        for end in category_interval(card, scaled, method)
    )
    # The three sums round apart in the last bit; the interval must hold its total exactly.
    return np.fmin(np.nan_to_num(low, nan=0.0), uncapped), np.fmax(np.nan_to_num(high, nan=card.out_of), uncapped)


def limits(card: Scorecard, met: Bools) -> Floats:
    """Return the lowest cap (0..100) that each subject meets (n x caps), infinity where it meets none."""
    lowest: Floats = np.full(len(met), np.inf)
    for j, cap in enumerate(card.caps):
        np.minimum(lowest, cap.limit, out=lowest, where=met[:, j])
    return lowest


def covered(card: Scorecard, blended: Blend) -> Floats:
    """Return the known share (n, 0..1), rounded as totals are: all known is 1, not the last bit below."""
    w = relative(c.weight for c in card.categories)
    return ratio(weighted_sum(blended.coverage, w, blended.applies), weighted_sum(blended.applies, w)).round(DECIMALS)
