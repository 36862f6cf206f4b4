"""A subject that was scored alone, placed among those of a snapshot: only it moves, nobody else's value does."""

from __future__ import annotations

import numpy as np

from scoring.engine import Scaled


def beside(scaled: Scaled, added: Scaled) -> Scaled:
    """Return these subjects and the added ones after them; one that is among both is the added one.

    Both must have been scaled under the same card with the same yardstick.
    """
    stays = ~np.isin(scaled.ids.astype(str), added.ids.astype(str))

    def both(name: str) -> np.ndarray:
        return np.concatenate([getattr(scaled, name)[stays], getattr(added, name)])

    return Scaled(**{name: both(name) for name in ("ids", "value", "low", "high", "applies", "caps")})
