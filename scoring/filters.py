"""What filters keep: of a table of facts (a row a model), the models that a reader wants to see (n, boolean)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.ground import EVIDENCE

if TYPE_CHECKING:
    import pandas as pd

    from scoring.scores import Scores

PUBLISHERS = {"official": 2, "established": 1, "neither": 0}
SIZES = {"1b": 1, "3b": 3, "8b": 8, "15b": 15, "35b": 35, "80b": 80}  # thousand million parameters
CONTEXTS = {"8k": 8_000, "32k": 32_000, "128k": 128_000, "1m": 1_000_000}  # tokens
MEMORIES = ("8", "16", "24", "80")  # GB
BITS = ("4", "8", "16")  # a weight
OVERHEAD = 1.2  # of the weights: what running them takes beside them
PERIODS = {"3m": 92, "1y": 365, "2y": 730}  # days
EVIDENCE_LEVELS = {level.replace(" ", "_"): level for level in EVIDENCE}
OPENNESS = {
    "open_data": "Training data",
    "open_code": "Training code, not its data",
    "open_weights": "Weights alone",
}

# Of a model, and of several, that cannot pass because a fact is unknown.
LACKING = {
    "task_group": ("does not say what it is for", "do not say what they are for"),
    "license_class": ("has no licence that is known", "have no licence that is known"),
    "params": ("does not say its size", "do not say their size"),
    "task": ("states no task", "state no task"),
    "provider": ("has an owner nobody looked up", "have owners nobody looked up"),
    "context": ("does not say how long a text it reads", "do not say how long a text they read"),
    "library": ("names no library", "name no library"),
    "days_since_update": ("has no known day of its last change", "have no known day of their last change"),
    "openness": ("was not reviewed", "were not reviewed"),
    "results_by": ("has no evaluation results that are known", "have no evaluation results that are known"),
}


def with_words(facts: Any, text: str) -> Any:
    """Keep ids that contain every one of these words, whatever their case."""
    if hasattr(facts, "holding"):  # millions have their names ready to be searched
        return facts.holding(text)
    ids = facts["id"].str.lower()
    return np.logical_and.reduce([ids.str.contains(w, regex=False).to_numpy(bool) for w in text.lower().split()])


def among(column: str) -> Callable[[pd.DataFrame, Collection[str]], Any]:
    """Make the filter that keeps the values of a column that are, or list, one of the chosen."""

    def keeps(facts: pd.DataFrame, chosen: Collection[str]) -> Any:
        return _saying(facts[column], lambda value: not {value, *value.split(", ")}.isdisjoint(chosen))

    return keeps


def of_publishers(facts: pd.DataFrame, chosen: Collection[str]) -> Any:
    """Keep the models of these kinds of publishers, and those of these owners."""
    kinds = [PUBLISHERS[one] for one in chosen if one in PUBLISHERS]
    owners = {one.lower() for one in chosen if one not in PUBLISHERS}
    of_kind = facts["provider"].isin(kinds).to_numpy(bool)
    return of_kind | _saying(facts["owner"], lambda owner: owner.lower() in owners) if owners else of_kind


def _saying(column: pd.Series[Any], keeps: Callable[[str], bool]) -> Any:
    """Look once at each different word of a column (n), and keep all that have it; what is unknown is not kept."""
    codes, words = column.factorize()
    return np.array([*map(keeps, words), False], dtype=bool)[codes]


def at_most(facts: pd.DataFrame, size: str) -> Any:
    """Keep models that are known to have at most so many parameters."""
    return (facts["params"] <= 1_000_000_000 * SIZES[size]).fillna(False)


def fits(facts: pd.DataFrame, gigabytes: str, bits: str) -> Any:
    """Keep models that are known to fit a memory: parameters x bits / 8, and a fifth more to run them."""
    return (facts["params"] * (int(bits) / 8 * OVERHEAD) <= 1_000_000_000 * int(gigabytes)).fillna(False)


def reads(facts: pd.DataFrame, tokens: str) -> Any:
    """Keep models that are known to read at least so many tokens."""
    return (facts["context"] >= CONTEXTS[tokens]).fillna(False)


def changed_within(facts: pd.DataFrame, period: str) -> Any:
    """Keep models that are known to have changed so short a time before the day of the snapshot."""
    return (facts["days_since_update"] <= PERIODS[period]).fillna(False)


def without_danger(facts: pd.DataFrame, hide: bool) -> Any:
    """Keep models without a flag of danger."""
    from scoring.reasons.flags import danger  # here, because it needs pandas

    return ~danger(facts) if hide else np.ones(len(facts), dtype=bool)


def with_evidence(scores: Scores, levels: Collection[str]) -> Any:
    """Keep models of which as much is known as one of these levels asks for, and not as much as the next."""
    known = np.zeros(len(scores)) if scores.evidence is None else np.nan_to_num(scores.evidence)
    level = (known[:, None] < list(EVIDENCE.values())).sum(axis=1)  # the first whose least it reaches
    return np.isin(level, [list(EVIDENCE_LEVELS).index(one) for one in levels])
