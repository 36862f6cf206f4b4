"""What moved from one snapshot to a later one: who is new or gone, whose total changed and why, and which facts did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from scoring.order import BLOCK
from scoring.reasons.receipt import day
from scoring.scores import Scores
from scoring.types import Factor, Floats

MOST = 10_000  # moves that are told apart; of two snapshots of the whole Hub millions move a little
LARGEST = 10  # moves, and facts that changed, that are written out
NAMED = 20  # of who is new or gone
BECAUSE = 3  # factors that a move is written with


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A subject whose total changed: total and rank (None: not ranked) in either snapshot, and through which factors.

    `because` names the factors that changed on their 0..1 scale and count, those first that changed the total most.
    """

    id: str
    total_before: float
    total_now: float
    rank_before: int | None
    rank_now: int | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Of how many subjects in both snapshots a category's score rose or fell, to the decimals that are shown."""

    category: str
    risen: int
    fallen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Of how many subjects in both snapshots a fact is another; those that have it in one alone are in `changed`, too.

    Only numbers, and truth values, rise and fall. `words` say to people what the fact is.
    """

    fact: str
    words: str
    changed: int
    risen: int
    fallen: int
    now_known: int
    no_longer_known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What moved from one snapshot to a later one: who is new, who is gone, and whose total changed.

    `moved` are the largest moves, largest first, of `changed` in all; of `facts` those that changed most come first.
    """

    before: str
    now: str
    new: tuple[str, ...]
    gone: tuple[str, ...]
    both: int
    changed: int
    moved: tuple[Move, ...]
    decimals: int  # to which a change counts
    categories: tuple[Shift, ...]
    facts: tuple[Changed, ...]

    def markdown(self, noun: str) -> str:
        """Say it in Markdown that reads well as plain text, too: counts, names, and the ten largest moves."""
        lines = [f"# {noun.capitalize()}s from {day(self.before)} to {day(self.now)}", ""]
        lines += [f"{len(self.new):,} new, {len(self.gone):,} gone, {self.both:,} in both, {self.changed:,} moved."]
        lines += [*_names("New", self.new), *_names("Gone", self.gone)]
        if self.moved:
            largest = (noun.capitalize(), "Total", "Change", "Rank", "Because of")
            lines += _table("Largest moves", largest, map(self._cells, self.moved[:LARGEST]))
        if self.changed:
            shifts = ((one.category, f"{one.risen:,}", f"{one.fallen:,}") for one in self.categories)
            lines += _table("Categories", ("Score", "Risen", "Fallen"), shifts)
        if self.facts:
            heads = ("Fact", "Changed", "Risen", "Fallen", "Now known", "No longer known")
            lines += _table("Facts that changed most", heads, map(_counts, self.facts[:LARGEST]))
        return "\n".join(lines) + "\n"

    def _cells(self, move: Move) -> Iterator[str]:
        yield f"`{_plain(move.id)}`"
        yield f"{move.total_before:.{self.decimals}f} → {move.total_now:.{self.decimals}f}"
        change = round(move.total_now, self.decimals) - round(move.total_before, self.decimals)  # of what is printed
        yield f"{change:+.{self.decimals}f}".replace("-", "−")
        yield " → ".join("unranked" if rank is None else f"{rank:,}" for rank in (move.rank_before, move.rank_now))
        yield ", ".join(move.because[:BECAUSE]) or "a cap, or the others"


def moves(
    now: Scores,
    before: Scores,
    days: tuple[str, str],
    rows: NDArray[np.intp] | None = None,
    facts: Sequence[Changed] = (),
) -> Moves:
    """Compare two snapshots of these days, the earlier first, under one view; an unknown total makes no move.

    `rows` (n x 2) says where those that are in both stand now and before, in the order of their ids; without it they
    are looked up. `facts` is what changed of these, for those who list it.
    """
    if rows is None:
        both = sorted(now.position.keys() & before.position.keys())
        rows = np.array([(now.position[i], before.position[i]) for i in both], dtype=np.intp).reshape(-1, 2)
    decimals = 1 if now.card.out_of > 1 else 4
    change = now.total[rows[:, 0]].round(decimals) - before.total[rows[:, 1]].round(decimals)
    order = np.argsort(-np.abs(change), kind="stable")
    moved = order[np.abs(change[order]) > _least(decimals)]
    return Moves(
        before=days[0],
        now=days[1],
        new=_others(now, rows[:, 0]),
        gone=_others(before, rows[:, 1]),
        both=len(rows),
        changed=len(moved),
        moved=tuple(_moved(now, before, rows[moved[:MOST]])),
        decimals=decimals,
        categories=tuple(_shifts(now, before, rows, decimals)),
        facts=tuple(sorted((one for one in facts if one.changed), key=lambda one: (-one.changed, one.fact))),
    )


def _least(decimals: int) -> float:
    """Less than this is no change of numbers that were rounded to so many decimals."""
    return 10.0**-decimals / 2


def _others(scores: Scores, rows: NDArray[np.intp]) -> tuple[str, ...]:
    """Return the ids of all but these positions, in order."""
    left = np.ones(len(scores), dtype=np.bool_)
    left[rows] = False
    return tuple(sorted(map(str, scores.ids[np.flatnonzero(left)])))


def _shifts(now: Scores, before: Scores, rows: NDArray[np.intp], decimals: int) -> Iterator[Shift]:
    counts = np.zeros((2, len(now.card.categories)), dtype=np.int64)
    for start in range(0, len(rows), BLOCK):
        here, there = rows[start : start + BLOCK].T
        change = now.category_values[here].round(decimals) - before.category_values[there].round(decimals)
        counts += np.array([(change > _least(decimals)).sum(axis=0), (change < -_least(decimals)).sum(axis=0)])
    for category, risen, fallen in zip(now.card.categories, *counts.tolist(), strict=True):
        yield Shift(category=category.label, risen=risen, fallen=fallen)


def _moved(now: Scores, before: Scores, rows: NDArray[np.intp]) -> Iterator[Move]:
    """`rows` (n x 2) are positions now and before."""
    here, there = rows.T
    points = now.points(here) - before.points(there)
    ranks, was, is_ = (before.rank_of(there), now.rank_of(here)), before.scaled.value[there], now.scaled.value[here]
    for n, model in enumerate(now.ids[here]):
        rank_before, rank_now = (None if np.isnan(rank[n]) else int(rank[n]) for rank in ranks)
        yield Move(
            id=str(model),
            total_before=float(before.total[there[n]]),
            total_now=float(now.total[here[n]]),
            rank_before=rank_before,
            rank_now=rank_now,
            because=tuple(because(now.card.factors, points[n], was[n], is_[n])),
        )


def because(factors: Sequence[Factor], points: Floats, was: Floats, is_: Floats) -> Iterator[str]:
    """Name the factors whose own value (0..1) changed what they add (`points`), those first that changed it most."""
    for j in np.argsort(-np.abs(points), kind="stable"):
        if np.isnan(was[j]) != np.isnan(is_[j]) and points[j]:
            yield f"{factors[j].label} {'no longer' if np.isnan(is_[j]) else 'now'} known"
        elif points[j] and was[j] != is_[j] and not np.isnan(is_[j]):
            yield f"{factors[j].label} {'▲' if is_[j] > was[j] else '▼'}"


def _names(title: str, ids: Sequence[str]) -> list[str]:
    if not ids:
        return []
    more = [f"- and {len(ids) - NAMED:,} more"] if len(ids) > NAMED else []
    return ["", f"## {title}", "", *(f"- `{_plain(one)}`" for one in islice(ids, NAMED)), *more]


def _table(title: str, heads: Sequence[str], rows: Iterable[Iterable[str]]) -> list[str]:
    return ["", f"## {title}", "", _row(heads), _row(["---"] * len(heads)), *map(_row, rows)]


def _counts(fact: Changed) -> Iterator[str]:
    yield fact.words
    for count in (fact.changed, fact.risen, fact.fallen, fact.now_known, fact.no_longer_known):
        yield f"{count:,}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Return a name without what would end its place in Markdown."""
    return "".join(c for c in text if c.isprintable() and c not in "`|")
