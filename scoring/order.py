"""Who comes first, and who is ahead of whom, of millions: what lies elsewhere is counted and not sorted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scoring.methods import PRECISION, Ties
from scoring.types import Bools, Floats

BLOCK = 32_768  # subjects whose numbers fit a processor's cache
FEW = 16  # whose ranks are counted one by one
NEAR = 10.0 ** -PRECISION["shared"]  # totals that are nearer may be tied


def preselected(total: Floats, within: Bools, start: int, stop: int) -> tuple[NDArray[np.intp], int]:
    """Return who in a mask may be at the places from start to stop by total, and how many come before all of these.

    It is generous by one rounding step, so that ties at the edges are decided as an order of all decides them.
    """
    if start:
        rows = np.flatnonzero(within)
        inside, before = candidates(-np.nan_to_num(total[rows], nan=-np.inf), start, stop, NEAR)
        return rows[inside], before
    rows, edge = np.empty(0, dtype=np.intp), -np.inf
    for first in range(0, len(within) if stop > 0 else 0, BLOCK):
        here, own = within[first : first + BLOCK], total[first : first + BLOCK]
        rows = np.concatenate([rows, first + np.flatnonzero(here if edge == -np.inf else here & (own >= edge))])
        if len(rows) > 2 * stop:
            totals = np.nan_to_num(total[rows], nan=-np.inf)
            edge = np.partition(totals, len(rows) - stop)[len(rows) - stop] - NEAR
            rows = rows[totals >= edge]
    return rows, 0


def candidates(key: Floats, start: int, stop: int, near: float = 0.0) -> tuple[Bools, int]:
    """Return which values of a key (n, no NaN) may come in the places from start to stop, and how many before them.

    Values nearer than `near` may change places.
    """
    stop = min(stop, len(key))
    if start >= stop:
        return np.zeros(len(key), dtype=np.bool_), start
    if stop - start == len(key):
        return np.ones(len(key), dtype=np.bool_), 0
    least, most = np.partition(key, [start, stop - 1])[[start, stop - 1]]
    return (key >= least - near) & (key <= most + near), int((key < least - near).sum())


def ahead(totals: Floats, total: float, ties: Ties = "shared") -> int:
    """Return how many of `totals` are higher than one of them, or than another."""
    decimals = PRECISION[ties]
    own = np.round(total, decimals)
    edge = own + 0.5 * 10.0**-decimals  # the highest number that rounds to it, to a bit or two
    while np.round(edge, decimals) > own:
        edge = np.nextafter(edge, -np.inf)
    while np.round(above := np.nextafter(edge, np.inf), decimals) <= own:
        edge = above
    return int(np.count_nonzero(totals > edge))
