"""Two orders compared: how much one depends on the method, what moved an organisation, and what moved at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from scoring.engine import score
from scoring.reasons.receipt import day
from scoring.scores import Scores
from scoring.types import Factor, Floats, Measured

MOST = 10_000  # moves that are told apart; of two snapshots of the whole Hub millions move a little
LARGEST = 10  # moves, and names of who is new or gone, that are written out
NAMED = 20
BECAUSE = 3  # factors that a move is written with


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Two orders of the same organisations: Kendall's tau (1 the same, 0 unrelated, -1 reversed) and who moves most.

    `moved` holds (organisation, rank here, rank there) of all who move the greatest number of places.
    """

    other: str
    tau: float
    first_here: tuple[str, ...]
    first_there: tuple[str, ...]
    moved: tuple[tuple[str, int, int], ...]

    def sentence(self) -> str:
        """Say in one line how alike the orders are, who moves most and who is first in each."""
        if np.isnan(self.tau):
            return "Kendall’s tau cannot be computed, because an order has everybody at one rank."
        parts = [f"Kendall’s tau {self.tau:.2f}"]
        if self.moved:
            name, here, there = self.moved[0]
            also = f" (and {len(self.moved) - 1} more as far)" if len(self.moved) > 1 else ""
            parts.append(f"{name} moves most, from {here} to {there}{also}")
        if self.first_here != self.first_there:
            parts.append(f"first is {' and '.join(self.first_there)}, not {' and '.join(self.first_here)}")
        return f"{'; '.join(parts)}."


def agreement(here: Scores, others: Iterable[Scores]) -> list[Agreement]:
    """Compare an order with others of the same organisations."""
    found = []
    for there in others:
        at = np.array([there.position[str(i)] for i in here.ids], dtype=np.intp)
        rank = there.rank[at]
        distance = np.abs(here.rank - rank)
        far = np.flatnonzero((distance == np.nanmax(distance, initial=0.0)) & (distance > 0))
        moves = [(str(here.ids[n]), int(here.rank[n]), int(rank[n])) for n in far]
        found.append(
            Agreement(
                other=there.method.label,
                tau=kendall_tau(here.rank, rank),
                first_here=_first(here),
                first_there=_first(there),
                moved=tuple(sorted(moves)),
            )
        )
    return found


def overlap(here: Scores, there: Scores, top: int = 10) -> int:
    """Return how many of the first `top` subjects of one order are among those of another."""
    first, other = ({str(i) for i in one.ids[np.nan_to_num(one.rank, nan=np.inf) <= top]} for one in (here, there))
    return len(first & other)


def reversals(scores: Scores) -> dict[str, int]:
    """Return, by subject, how many of the others have another rank among themselves when it is left out.

    Under goalposts nobody has; where the field is the scale, or ranks are joined, leaving out one moves others.
    """
    found: dict[str, int] = {}
    for row in range(len(scores)):
        stay = np.delete(np.arange(len(scores)), row)
        measured = scores.measured
        fewer = Measured(**{f.name: getattr(measured, f.name)[stay] for f in fields(measured)})
        again = score(scores.card, fewer, method=scores.method, as_of=scores.as_of)
        before = scores.rank_among(stay)[stay]
        found[str(scores.ids[row])] = int((again.rank != before)[~np.isnan(before)].sum())
    return found


def reversed_in_words(moved: Mapping[str, int]) -> str:
    """Say how often leaving out one subject reorders the others, and who does most."""
    some = {name: count for name, count in moved.items() if count}
    if not some:
        return "Leaving out any single one changes the order of no others."
    most = max(some, key=lambda name: some[name])
    others = "one other has" if some[most] == 1 else f"{some[most]} others have"
    return (
        f"Leaving out one changes the order of the others in {len(some)} of {len(moved)} cases; most without {most}, "
        f"where {others} another rank."
    )


def kendall_tau(a: Floats, b: Floats) -> float:
    """Return Kendall's tau-b of two rankings (n), which allows for ties; NaN when one of them ties everybody.

    All pairs are compared: n is the number of organisations, some dozens, so this is quicker than importing SciPy.
    """
    upper = np.triu_indices(len(a), k=1)
    x = np.sign(a[:, None] - a[None, :])[upper]
    y = np.sign(b[:, None] - b[None, :])[upper]
    apart = float(np.sqrt(np.count_nonzero(x) * np.count_nonzero(y)))
    return float(np.sum(x * y)) / apart if apart else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An indicator of the organisation that has another value than the month before (None: unknown)."""

    factor: Factor
    before: float | None
    now: float | None
    scaled_before: float | None
    scaled_now: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """An organisation's score and rank in two months, and who changed them.

    `own` and `others` sum to the change of the score. `rank_own` is the rank that its own new numbers alone would have
    given it among the others' old ones; `rank_others` the rank with its old numbers among the others' new ones.
    """

    since: str
    score_before: float
    score_now: float
    own: float
    others: float
    rank_before: int
    rank_now: int
    rank_own: int
    rank_others: int
    changes: tuple[Change, ...]

    def sentence(self) -> str:
        """Say in plain words how the score and the rank changed, and through whom."""
        change = self.score_now - self.score_before
        text = (
            f"Since {day(self.since)} its score went from {100 * self.score_before:.1f} to {100 * self.score_now:.1f} "
            f"of 100 ({_signed(change)}): {_signed(self.own)} through its own numbers, "
            f"{_signed(self.others)} through the others’."
        )
        if self.rank_now == self.rank_before:
            text += f" It stays at rank {self.rank_now}."
        else:
            text += f" Its rank went from {self.rank_before} to {self.rank_now}."
        return (
            f"{text} With its own new numbers alone it would rank {self.rank_own}, "
            f"with the others’ alone {self.rank_others}."
        )


def movement(now: Scores, before: Scores, organisation: str) -> Movement:
    """Separate an organisation's own part in its change from the others'; KeyError if it is new this month.

    Each part is the mean of two ways: its numbers change first, or the others' do. Indicators that exist in only one of
    the months count for the others: what is asked changed, not what it did.
    """
    here, there = now.position[organisation], before.position[organisation]
    both = now.asked & before.asked
    alone = _with(before, there, np.where(both, now.raw[here], before.raw[there]))
    behind = _with(now, here, np.where(both, before.raw[there], now.raw[here]))
    score_before, score_now = float(before.total[there]), float(now.total[here])
    own = ((alone.total[there] - score_before) + (score_now - behind.total[here])) / 2
    return Movement(
        since=before.as_of,
        score_before=score_before,
        score_now=score_now,
        own=float(own),
        others=score_now - score_before - float(own),
        rank_before=int(before.rank[there]),
        rank_now=int(now.rank[here]),
        rank_own=int(alone.rank[there]),
        rank_others=int(behind.rank[here]),
        changes=_changes(now, before, here, there),
    )


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
class Moves:
    """What moved from one snapshot to a later one: who is new, who is gone, and whose total changed.

    `moved` are the largest moves, largest first, of `changed` in all.
    """

    before: str
    now: str
    new: tuple[str, ...]
    gone: tuple[str, ...]
    both: int
    changed: int
    moved: tuple[Move, ...]
    decimals: int  # to which a change counts

    def markdown(self, noun: str) -> str:
        """Say it in Markdown that reads well as plain text, too: counts, names, and the ten largest moves."""
        lines = [f"# {noun.capitalize()}s from {day(self.before)} to {day(self.now)}", ""]
        lines += [f"{len(self.new):,} new, {len(self.gone):,} gone, {self.both:,} in both, {self.changed:,} moved."]
        lines += [*_names("New", self.new), *_names("Gone", self.gone)]
        if self.moved:
            heads = (noun.capitalize(), "Total", "Change", "Rank", "Because of")
            lines += ["", "## Largest moves", "", _row(heads), _row(["---"] * len(heads))]
            lines += [_row(self._cells(move)) for move in self.moved[:LARGEST]]
        return "\n".join(lines) + "\n"

    def _cells(self, move: Move) -> Iterator[str]:
        yield f"`{_plain(move.id)}`"
        yield f"{move.total_before:.{self.decimals}f} → {move.total_now:.{self.decimals}f}"
        change = round(move.total_now, self.decimals) - round(move.total_before, self.decimals)  # of what is printed
        yield f"{change:+.{self.decimals}f}".replace("-", "−")
        yield " → ".join("unranked" if rank is None else f"{rank:,}" for rank in (move.rank_before, move.rank_now))
        yield ", ".join(move.because[:BECAUSE]) or "a cap, or the others"


def moves(now: Scores, before: Scores, days: tuple[str, str]) -> Moves:
    """Compare two snapshots of these days, the earlier first, under one view; an unknown total makes no move."""
    here, there = set(now.position), set(before.position)
    both = sorted(here & there)
    at, was = now.position, before.position
    rows = np.array([(at[i], was[i]) for i in both], dtype=np.intp).reshape(-1, 2)
    decimals = 1 if now.card.out_of > 1 else 4
    change = now.total[rows[:, 0]].round(decimals) - before.total[rows[:, 1]].round(decimals)
    moved = [n for n in np.argsort(-np.abs(change), kind="stable") if abs(change[n]) > 10.0**-decimals / 2]
    return Moves(
        before=days[0],
        now=days[1],
        new=tuple(sorted(here - there)),
        gone=tuple(sorted(there - here)),
        both=len(both),
        changed=len(moved),
        moved=tuple(_moved(now, before, rows[moved[:MOST]])),
        decimals=decimals,
    )


def _moved(now: Scores, before: Scores, rows: NDArray[np.intp]) -> Iterator[Move]:
    """`rows` (n x 2) are positions now and before."""
    points = now.points(rows[:, 0]) - before.points(rows[:, 1])
    for (here, there), through in zip(rows, points, strict=True):
        was, is_ = (None if np.isnan(rank) else int(rank) for rank in (before.rank[there], now.rank[here]))
        yield Move(
            id=str(now.ids[here]),
            total_before=float(before.total[there]),
            total_now=float(now.total[here]),
            rank_before=was,
            rank_now=is_,
            because=tuple(because(now.card.factors, through, before.scaled.value[there], now.scaled.value[here])),
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


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Return a name without what would end its place in Markdown."""
    return "".join(c for c in text if c.isprintable() and c not in "`|")


def _first(scored: Scores) -> tuple[str, ...]:
    return tuple(sorted(str(i) for i in scored.ids[scored.rank == 1]))


def _signed(number: float) -> str:
    return f"{100 * number:+.1f}".replace("-", "−")


def _with(scores: Scores, row: int, own: Floats) -> Scores:
    """Score the field again in which one organisation has other numbers."""
    raw = scores.raw.copy()
    raw[row] = own
    return score(scores.card, replace(scores.measured, raw=raw, open_end=raw), method=scores.method, as_of=scores.as_of)


def _changes(now: Scores, before: Scores, here: int, there: int) -> tuple[Change, ...]:
    """The indicators that changed and count, those first that changed most on the method's scale."""
    found = []
    for j, f in enumerate(now.card.factors):
        old, new = before.raw[there, j], now.raw[here, j]
        if f.weight > 0 and (now.asked[j] or before.asked[j]) and not np.array_equal(old, new, equal_nan=True):
            values = (old, new, before.scaled.value[there, j], now.scaled.value[here, j])
            was, is_, scaled_was, scaled_is = (None if np.isnan(v) else float(v) for v in values)
            found.append(Change(factor=f, before=was, now=is_, scaled_before=scaled_was, scaled_now=scaled_is))
    return tuple(sorted(found, key=lambda c: -abs((c.scaled_now or 0.0) - (c.scaled_before or 0.0))))
