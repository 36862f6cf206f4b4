"""Models side by side, factor by factor: which values differ, when they were read, and which of them is the best.

Values that were read far apart are no match: the younger reading may be better only for being younger. They are shown
with their days, and none of them is the best.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scoring.reasons.receipt import Line, words

FAR = 60  # days; of two values of one fact that were read further apart, none is the better one
SAME = 1e-9  # scaled values nearer than this are equal


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One factor of several models, in their order.

    `days` are the ISO days on which the values were read: of a value that stands on several facts the earliest, empty
    where the value is unknown. `apart` holds the first and the last day of a fact that was read more than FAR days
    apart, None where there is none.
    """

    lines: tuple[Line, ...]
    days: tuple[str, ...]
    apart: tuple[str, str] | None

    @property
    def differs(self) -> bool:
        """Whether the values differ in words."""
        return len({words(line) for line in self.lines}) > 1

    @property
    def dated(self) -> bool:
        """Whether the values were read on different days, so that each has to show its own."""
        return self.apart is not None or len({day for day in self.days if day}) > 1

    @property
    def counts(self) -> bool:
        """Whether a total stands on one of the values."""
        return any(line.known and line.share > 0 for line in self.lines)

    @property
    def best(self) -> frozenset[int]:
        """The positions of the best known values; none where all are equal, or were read far apart."""
        known = {n: x.scaled for n, x in enumerate(self.lines) if x.known and x.scaled is not None}
        if self.apart or not known or max(known.values()) - min(known.values()) <= SAME:
            return frozenset()
        return frozenset(n for n, scaled in known.items() if scaled == max(known.values()))


def differences(receipts: Sequence[Sequence[Line]], read: Sequence[Mapping[str, str]]) -> list[Difference]:
    """Compare the receipts of several models; `read` maps the facts of each to the ISO days on which they were read."""
    return [_difference(lines, read) for lines in zip(*receipts, strict=True)]


def far_apart(days: Iterable[str]) -> tuple[str, str] | None:
    """Return the first and the last of these ISO days where more than FAR days lie between them, else None."""
    ordered = sorted(days)
    if not ordered or (date.fromisoformat(ordered[-1]) - date.fromisoformat(ordered[0])).days <= FAR:
        return None
    return ordered[0], ordered[-1]


def _difference(lines: tuple[Line, ...], read: Sequence[Mapping[str, str]]) -> Difference:
    behind = [_behind(line, days) for line, days in zip(lines, read, strict=True)]
    by_fact = ([days[fact] for days in behind if fact in days] for fact in lines[0].factor.reads)
    apart = [ends for days in by_fact if (ends := far_apart(days))]
    return Difference(
        lines=lines,
        days=tuple(min(days.values(), default="") for days in behind),
        apart=(min(first for first, _ in apart), max(last for _, last in apart)) if apart else None,
    )


def _behind(line: Line, days: Mapping[str, str]) -> dict[str, str]:
    """The days of the facts that a known value stands on; what is unknown stands on none, whatever day it bears."""
    facts = [f for f in line.factor.reads if f == line.factor.reads[0] or line.also.get(f) is not None]
    return {fact: days[fact] for fact in facts if line.known and days.get(fact)}
