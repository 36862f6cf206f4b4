"""One file a category; the tuple in each `Category` is the registration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from scoring.types import Factor


def level_of(fact: str, levels: Mapping[str, float]) -> nw.Expr:
    """Turn a word of a closed vocabulary into its level; a word outside it is unknown (null)."""
    measure = nw.lit(None, dtype=nw.Float64)
    for word, level in levels.items():
        measure = nw.when(nw.col(fact) == word).then(nw.lit(float(level))).otherwise(measure)
    return measure


def yes_where(*facts: str) -> nw.Expr:
    """The far end of a yes-or-no measure that is only a lower bound where any of these is true, null elsewhere."""
    bound = nw.any_horizontal(*map(nw.col, facts), ignore_nulls=True)
    return nw.when(bound).then(nw.lit(1.0)).otherwise(nw.lit(None, dtype=nw.Float64))


def indicator(dimension: str, name: str, **declared: Any) -> Factor:
    """Declare a number of an organisation that counts as it is: its id, its fact and its column are one."""
    both = f"{dimension}_{name}"
    return Factor(id=both, reads=(both,), measure=nw.col(both), **declared)
