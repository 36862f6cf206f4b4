"""One subject over the snapshots: its scores and every fact that the card reads, and what changed in between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from scoring.reasons.clauses import NOT_APPLICABLE, WORDS
from scoring.reasons.receipt import counted, level
from scoring.scores import Scores
from scoring.types import Factor

MORE, LESS, OTHER = "▲", "▼", "≠"
UNKNOWN = "unknown"
# Facts whose factor reads several of them; any other is called as its factor.
LABELS: Mapping[str, str] = {
    "age_days": "Age",
    "days_since_update": "Since last change",
    "lineage": "Original or derivative",
    "unsafe_level": "Kind of unsafe files",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A subject in one snapshot: its scores (of this one row) and its facts as plain values, None where unknown."""

    taken: str
    scores: Scores
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a score or a fact was in one snapshot, in words and, where it is one, as a number."""

    words: str = UNKNOWN
    number: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A score or a fact over the snapshots: its cells, oldest first."""

    id: str
    label: str
    cells: tuple[Cell, ...]

    @property
    def signs(self) -> tuple[str, ...]:
        """Per cell how it differs from the one before: ▲ more, ▼ less, ≠ changed in another way, empty if not at all.

        Numbers are more or less; between words, and from or to unknown, something is only another thing.
        """
        return ("", *(_sign(before, after) for before, after in pairwise(self.cells)))

    @property
    def changes(self) -> int:
        """How often it changed from one snapshot to the next."""
        return sum(bool(sign) for sign in self.signs)


def scores(moments: Sequence[Moment]) -> list[Row]:
    """Return the total and every category score, 0..100, with one decimal."""
    card = moments[0].scores.card
    rows = [Row("total", "Total, of 100", tuple(_cell(float(m.scores.total[0])) for m in moments))]
    for c in card.categories:
        values = (float(m.scores.category_scores[c.id].iloc[0]) for m in moments)
        rows.append(Row(c.id, f"{c.label}, of 100", tuple(map(_cell, values))))
    return rows


def facts(moments: Sequence[Moment], beside: Mapping[str, str] | None = None) -> list[Row]:
    """Return every fact that a factor reads, once, in the order of the card; then the counts `beside` it, by label.

    Whether a number is only a lower bound stands beside the number, not in a row of its own.
    """
    rows: dict[str, Row] = {}
    for j, f, fact in _asked(moments[0].scores.card.factors):
        label = LABELS.get(fact) or (f.label if fact == f.reads[0] else fact.replace("_", " ").capitalize())
        rows.setdefault(fact, Row(fact, label, tuple(_fact(f, j, fact, m) for m in moments)))
    for fact, label in (beside or {}).items():
        rows[fact] = Row(fact, label, tuple(_count(m.facts.get(fact)) for m in moments))
    return list(rows.values())


def _asked(factors: Sequence[Factor]) -> Iterator[tuple[int, Factor, str]]:
    """Yield every factor with its position and each fact that it reads and that no other factor shows."""
    first = {f.reads[0] for f in factors}
    for j, f in enumerate(factors):
        yield j, f, f.reads[0]
        yield from ((j, f, fact) for fact in f.reads[1:] if fact not in first and not fact.endswith("_at_least"))


def _count(value: Any) -> Cell:
    return Cell() if value is None else Cell(f"{value:,}", float(value))


def _cell(score: float) -> Cell:
    return Cell() if np.isnan(score) else Cell(f"{score:.1f}", round(score, 1))


def _fact(f: Factor, j: int, fact: str, moment: Moment) -> Cell:
    value, main = moment.facts.get(fact), fact == f.reads[0]
    if main and not moment.scores.scaled.applies[0, j]:
        return Cell(NOT_APPLICABLE.get(f.id, "does not apply"))
    if value is None:
        return Cell()
    if f.levels and not f.unit and not isinstance(value, str):
        value = level(f, float(moment.scores.scaled.value[0, j])) or str(value)
    match value:
        case bool():
            return Cell("yes" if value else "no")
        case str():
            return Cell(WORDS.get(f.id, {}).get(value, value.replace("_", " ")))
        case _:
            return Cell(counted(value, f.unit, at_least=_at_least(f, fact, moment.facts)), float(value))


def _at_least(f: Factor, fact: str, facts: Mapping[str, Any]) -> bool:
    """Whether a number is only a lower bound; what bounds a factor bounds the first fact that it reads."""
    bounds = [read for read in f.reads if read.endswith("_at_least")] if fact == f.reads[0] else []
    return any(facts.get(bound) is True for bound in (f"{fact}_at_least", *bounds))


def _sign(before: Cell, after: Cell) -> str:
    if before == after:
        return ""
    if before.number is None or after.number is None or before.number == after.number:
        return OTHER
    return MORE if after.number > before.number else LESS
