"""How much an order depends on the method: rank agreement between methods, and who moves most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scoring.influence import Influence
from scoring.methods import Floats


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
        said = f"Kendall’s tau {self.tau:.2f}"
        if self.moved:
            name, here, there = self.moved[0]
            also = f" (and {len(self.moved) - 1} more as far)" if len(self.moved) > 1 else ""
            said += f"; {name} moves most, from {here} to {there}{also}"
        if self.first_here != self.first_there:
            said += f"; first is {' and '.join(self.first_there)}, not {' and '.join(self.first_here)}"
        return said + "."


def agreement(here: Influence, others: Iterable[Influence]) -> list[Agreement]:
    """Compare an order with others of the same organisations."""
    found = []
    for there in others:
        at = np.array([there.position[str(i)] for i in here.ids], dtype=np.intp)
        rank = there.rank[at]
        distance = np.abs(here.rank - rank)
        far = np.flatnonzero((distance == np.nanmax(distance, initial=0.0)) & (distance > 0))
        moves = [(str(here.ids[n]), int(here.rank[n]), int(rank[n])) for n in far]
        found.append(
            Agreement(
                other=there.method.label,
                tau=kendall_tau(here.rank, rank),
                first_here=_first(here),
                first_there=_first(there),
                moved=tuple(sorted(moves)),
            )
        )
    return found


def kendall_tau(a: Floats, b: Floats) -> float:
    """Return Kendall's tau-b of two rankings (n), which allows for ties; NaN when one of them ties everybody.

    All pairs are compared: n is the number of organisations, some dozens, so this is quicker than importing SciPy.
    """
    upper = np.triu_indices(len(a), k=1)
    x = np.sign(a[:, None] - a[None, :])[upper]
    y = np.sign(b[:, None] - b[None, :])[upper]
    apart = float(np.sqrt(np.count_nonzero(x) * np.count_nonzero(y)))
    return float(np.sum(x * y)) / apart if apart else float("nan")


def _first(scored: Influence) -> tuple[str, ...]:
    return tuple(sorted(str(i) for i in scored.ids[scored.rank == 1]))
