"""Equal knowledge: what counts is what is known of nearly all, so that who was read more closely decides no order.

A snapshot's common ground is the factors that are known, or do not apply, for at least LEAST of its models. Under
`count=common` only these weigh; what else is known is shown beside them and is part of the evidence of a model.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scoring.types import Category, Measured, Scaled, Scorecard

Count = Literal["common", "all"]
LEAST = 0.8  # of the models that a factor must be answered for
# The known share of the full scorecard from which on the evidence of a model is called so.
EVIDENCE = {"whole dossier": 0.8, "card and files": 0.5, "listing": 0.0}


def answered(given: Scaled | Measured) -> NDArray[np.int64]:
    """Return for how many subjects each factor (k) is known or does not apply; counts of parts of a table add up."""
    values = given.raw if isinstance(given, Measured) else given.value
    counts: NDArray[np.int64] = (~np.isnan(values) | ~given.applies).sum(axis=0)
    return counts


def common_ground(card: Scorecard, answers: NDArray[np.int64], subjects: int, least: float = LEAST) -> tuple[str, ...]:
    """Return the ids of the factors that are answered for at least this share of so many subjects.

    All of them where none is: with nothing in common there is nothing else to go by.
    """
    ids = np.array([f.id for f in card.factors])
    common = ids[answers >= least * subjects].tolist()
    return tuple(common or ids.tolist())


def counted(
    card: Scorecard, ground: Collection[str], part: str = "factor", whom: str = "nearly all models"
) -> Scorecard:
    """Return the card in which only the common ground weighs; ValueError when nothing of it has a weight."""
    card.shares()  # all weights zero: there is nothing that counting everything would help
    common = card.without(*(f.id for f in card.factors if f.id not in ground))
    try:
        common.shares()
    except ValueError:
        raise ValueError(
            f"No {part} that is known for {whom} has a weight, so nothing can be ranked; "
            "raise one of them, or count everything that is known."
        ) from None
    return common


def ranked_on(card: Scorecard, uncounted: Collection[str]) -> str:
    """Say on how many factors a ranking rests, without a full stop."""
    every = len(card.factors)
    counting = f"{every - len(uncounted)} of {every} factors"
    return f"Ranked on the {counting} that are known for at least {LEAST:.0%} of these models"


def rests_on(category: Category) -> str:
    """Say on how many of its factors a category rests, such as '3 of 7 factors'."""
    weighing = sum(f.weight > 0 for f in category.factors)
    return f"{weighing or 'none'} of {len(category.factors)} factors"


def evidence(known: float) -> str:
    """Say how much evidence there is of a model of whose full scorecard this share (0..1) is known."""
    return next(word for word, least in EVIDENCE.items() if known >= least)
