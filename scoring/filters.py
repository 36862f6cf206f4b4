"""What filters keep: of a table of facts (a row a model), the models that a reader wants to see (n, boolean)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

PUBLISHERS = {"official": 2, "established": 1, "neither": 0}
SIZES = {"1b": 1, "3b": 3, "8b": 8, "15b": 15, "35b": 35, "80b": 80}  # thousand million parameters
CONTEXTS = {"8k": 8_000, "32k": 32_000, "128k": 128_000, "1m": 1_000_000}  # tokens
OPENNESS = {
    "open_data": "Training data",
    "open_code": "Training code, not its data",
    "open_weights": "Weights alone",
}


def with_words(facts: pd.DataFrame, text: str) -> Any:
    """Keep ids that contain every one of these words, whatever their case."""
    ids = facts["id"].astype(str).str.lower()
    return np.logical_and.reduce([ids.str.contains(w, regex=False).to_numpy(bool) for w in text.lower().split()])


def equal(column: str) -> Callable[[pd.DataFrame, str], Any]:
    """Make the filter that keeps a value of a column."""
    return lambda facts, value: (facts[column] == value).fillna(False)


def of_publisher(facts: pd.DataFrame, value: str) -> Any:
    """Keep the models of a kind of publisher, else of one owner."""
    if value in PUBLISHERS:
        return (facts["provider"] == PUBLISHERS[value]).fillna(False)
    return (facts["owner"].str.lower() == value.lower()).fillna(False)


def fits(facts: pd.DataFrame, size: str) -> Any:
    """Keep models that are known to have at most so many parameters."""
    return (facts["params"] <= 1_000_000_000 * SIZES[size]).fillna(False)


def reads(facts: pd.DataFrame, tokens: str) -> Any:
    """Keep models that are known to read at least so many tokens."""
    return (facts["context"] >= CONTEXTS[tokens]).fillna(False)
