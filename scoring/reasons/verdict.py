"""The verdict on a model in one sentence: its total, its ranks among its like and in all, its best and worst side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.methods import Ties
from scoring.order import ahead
from scoring.scores import Scores
from scoring.tasks import in_words
from scoring.types import Bools, Floats


@dataclass(frozen=True, slots=True)
class Place:
    """A rank among `of` subjects that have one."""

    rank: int
    of: int

    @classmethod
    def among(cls, totals: Floats, total: float, ties: Ties = "shared") -> Place:
        """Return the place of a total among all that are ranked, of which it is one; ties share a rank."""
        return cls(1 + ahead(totals, total, ties), len(totals))

    def __str__(self) -> str:
        return f"{self.rank:,} of {self.of:,}"


@dataclass(frozen=True, slots=True)
class Group:
    """A subject's group of tasks, by its id, and the subject's place in it, if it has one."""

    id: str
    place: Place | None

    @classmethod
    def of(cls, scores: Scores, row: int, groups: Any) -> Group | None:
        """Return the group of a subject, None where it is missing; `groups` are those of all, a pandas column."""
        if not isinstance(name := groups.iloc[row], str):
            return None
        total = float(scores.total[row])
        return cls(name, Place.among(scores.total[inside(scores, groups, name)], total) if scores.ranked[row] else None)


def inside(scores: Scores, groups: Any, name: str) -> Bools:
    """Return who is ranked and in the group of this name."""
    own: Bools = scores.ranked & np.asarray((groups == name).fillna(False), dtype=bool)
    return own


def place(scores: Scores, row: int) -> Place | None:
    """Return where a subject ranks; ties share a rank. None without a rank."""
    return Place.among(scores.field, float(scores.total[row]), scores.method.ties) if scores.ranked[row] else None


def verdict(scores: Scores, row: int, group: Group | None = None) -> str:
    """Say in one sentence how a model does, in its group of tasks (None: it has none) and in all."""
    if np.isnan(scores.total[row]):
        return "It has no total, because nothing that counts is known about it."
    total = f"{scores.written(row)} of {scores.card.out_of:g}"
    overall = place(scores, row)
    if overall is None:
        return f"What is known gives it {total}, but too little that counts is known to rank it."
    where = f"{overall} in all"
    if group is not None:
        where = f"{group.place} in {in_words([group.id])} and {where}"
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
