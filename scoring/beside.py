"""One more model beside those of a snapshot: it moves nobody, and its rank is counted among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from scoring.reasons.verdict import Group, Place, inside
from scoring.scores import Scores
from scoring.view import ModelView, Snapshot


def beside(
    view: ModelView,
    snapshot: Snapshot,
    scores: Scores,
    facts: Any,
    rows: Sequence[int] = (),
    instead: int | None = None,
) -> Scores:
    """Score one more model (a table of its facts), and after it those at `rows` of the `scores` of a snapshot.

    It is ranked among all of them, `instead` of the one at this position where they have it already.
    """
    placed = view.place(snapshot, facts).scaled
    some = view.weigh(placed.beside(scores.scaled.rows(np.array(rows, dtype=np.intp))), snapshot)
    return replace(some, among=_joined(scores, scores.ranked, some, instead))


def group(name: object, groups: Any, scores: Scores, further: Scores, instead: int | None = None) -> Group | None:
    """Return the group of tasks of this name with the place of the first of `further` scores in it; None: no name.

    `groups` are those of all `scores`, a pandas column.
    """
    if not isinstance(name, str):
        return None
    totals = _joined(scores, inside(scores, groups, name), further, instead)
    return Group(name, Place.among(totals, float(further.total[0])) if further.ranked[0] else None)


def _joined(scores: Scores, members: Any, further: Scores, instead: int | None) -> Any:
    others = members if instead is None else members & (np.arange(len(scores)) != instead)
    return np.append(scores.total[others], further.total[:1][further.ranked[:1]])
