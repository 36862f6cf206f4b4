"""Weights on the groups of a dimension, such as the operator libraries of System: one slider for all in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scoring.scorecards import ORGANISATION
from scoring.types import Scorecard


def weighted(card: Scorecard, weights: Mapping[str, float]) -> Scorecard:
    """Return the card with weights of dimensions, groups and indicators changed; a group's multiplies its indicators'.

    Raises ValueError for an id that is none of them.
    """
    inside = groups(card)
    foreign = [i for i in weights if i not in inside and i not in card.weights()]
    if foreign:
        known = (*card.weights(), *inside)
        raise ValueError(f"There is no weight {', '.join(foreign)}; the weights are {', '.join(known)}.")
    own = card.with_weights({i: w for i, w in weights.items() if i not in inside}).weights()
    times = {i: w for g, w in weights.items() for i in inside.get(g, ())}
    return card.with_weights({i: own[i] * w if i in times else own[i] for i, w in (own | times).items()})


def groups(card: Scorecard = ORGANISATION) -> dict[str, tuple[str, ...]]:
    """Return the id of every group, `<dimension>_group_<name>`, with the ids of its indicators."""
    found: dict[str, tuple[str, ...]] = {}
    for c in card.categories:
        for f in c.factors:
            key = f"{c.id}_group_{re.sub('[^a-z0-9]+', '_', f.group.lower())}"
            found[key] = (*found.get(key, ()), f.id)
    return found
