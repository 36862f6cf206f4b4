"""What a view may choose from in a table of facts, for its panel, its links and its options."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from scoring.settings import Key
from scoring.view import ModelView


def offered(facts: pd.DataFrame, view: ModelView | None = None) -> dict[str, list[str]]:
    """Return what there is to choose from for each key (of a view: that it sets), the most frequent values first."""
    keys = {name: key for name, key in ModelView.keys().items() if key.column}
    wanted = (name for name, key in keys.items() if view is None or getattr(view, name) != key.default)
    return {name: choices(keys[name], facts[keys[name].column]) for name in wanted}


def choices(key: Key, values: pd.Series[Any]) -> list[str]:
    """Return what there is to choose from in the column of a key, the most frequent values first."""
    if key.closed:
        return [word for word in key.words if (values == word).any()]
    if key.column == "id":
        return values.tolist()
    counts: Counter[str] = Counter()
    for cell, count in values.value_counts().items():
        for value in str(cell).split(", "):  # a cell may list several
            counts[value] += int(count)
    return [*key.words, *sorted(counts, key=lambda value: (-counts[value], value))]
