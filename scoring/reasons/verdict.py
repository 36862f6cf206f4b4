"""The verdict on a model in one sentence: its total, its ranks among its like and in all, its best and worst side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.scores import Scores
from scoring.tasks import in_words

Groups = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Place:
    """A rank among `of` subjects that have one."""

    rank: int
    of: int

    def __str__(self) -> str:
        return f"{self.rank:,} of {self.of:,}"


def place(scores: Scores, row: int, groups: Groups | None = None) -> Place | None:
    """Return where a subject ranks (among those of its group); ties share a rank. None without a rank or a group."""
    if not scores.ranked[row] or (groups is not None and not groups[row]):
        return None
    ranked = scores.ranked if groups is None else scores.ranked & (groups == groups[row])
    return Place(1 + int((scores.rank[ranked] < scores.rank[row]).sum()), int(ranked.sum()))


def verdict(scores: Scores, row: int, groups: Groups | None = None) -> str:
    """Say in one sentence how a model does; `groups` are the groups of tasks of all subjects (n; empty: of none)."""
    if np.isnan(scores.total[row]):
        return "It has no total, because nothing that counts is known about it."
    total = f"{scores.written(row)} of {scores.card.out_of:g}"
    overall = place(scores, row)
    if overall is None:
        return f"What is known gives it {total}, but too little that counts is known to rank it."
    where = f"{overall} in all"
    if groups is not None and (own := place(scores, row, groups)):
        where = f"{own} in {in_words([groups[row]])} and {where}"
    ranks = f"With {total} it ranks {where}"
    cap = next((c for c in scores.card.caps if c.id == scores.capped_by(row)), None)
    if cap and scores.uncapped[row] > scores.total[row]:
        return f"{ranks}, held at {cap.limit:g} because {cap.label}; its points sum to {scores.uncapped[row]:.1f}."
    return f"{ranks}{_sides(scores, row)}."


def _sides(scores: Scores, row: int) -> str:
    """Name the categories in which a subject is strongest and weakest, of those that count; nothing where all equal."""
    categories = zip(scores.card.categories, scores.category_values[row], strict=True)
    values = {c.label.lower(): round(float(v)) for c, v in categories if c.weight > 0 and not np.isnan(v)}
    if len(set(values.values())) < 2:
        return ""
    best, worst = max(values, key=lambda c: values[c]), min(values, key=lambda c: values[c])
    return f"; it is strongest in {best} ({values[best]} of 100) and weakest in {worst} ({values[worst]} of 100)"
