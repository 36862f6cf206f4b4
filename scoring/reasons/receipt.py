"""Say why: the receipt of a total, each of its lines in words, and what counts for and against a subject."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from scoring.interval import DECIMALS
from scoring.methods import ranks
from scoring.reasons.clauses import CLAUSES, NOT_APPLICABLE, WORDS
from scoring.scores import Scores, state_of
from scoring.types import Category, Evidence, Factor, State

_DAYS: Mapping[str, tuple[str, ...]] = {"age": ("created", "modified")}  # what a factor shows beside what it reads
SAME_FACT: Mapping[str, str] = {"gated": "authorization"}  # whether there is a gate, and who opens it
EXACT = 0.05  # points; a narrower interval is none where points have one decimal
MONTHLY, YEARLY = 61, 730  # from these numbers of days on, a span is given in months, in years


@dataclass(frozen=True, kw_only=True)
class Line:
    """One factor of one subject: a line of the receipt.

    `value` is the fact itself (None when unknown or not applicable), `level` its word on the factor's scale where it
    has one, `scaled` 0..1, `share` of the total 0..1, `points` 0..100; `low` and `high` bound `scaled`; `also` holds
    the other facts that the factor reads. `as_of` is the ISO day on which the value was read, where it is given;
    `would_add` what it would give if everything that is known counted, None where it counts.
    """

    factor: Factor
    category: Category
    value: Any
    level: str | None
    state: State
    at_least: bool
    scaled: float | None
    low: float
    high: float
    share: float
    points: float
    also: Mapping[str, Any] = field(default_factory=dict)
    as_of: str = ""
    would_add: float | None = None

    @property
    def known(self) -> bool:
        """Whether somebody looked: known, or absent (looked for and not there)."""
        return self.state in ("known", "absent")

    @property
    def possible(self) -> float:
        """The most points (0..100) that this factor can give to this subject."""
        return 100 * self.share


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One indicator of one organisation against the field.

    `value` is the fact (None: unknown), `scaled` what the method makes of it, `rank` its place among all, `leaders` who
    has the most; `share` of the total 0..1; `points` 0..100, None where the method ranks before it joins.
    """

    factor: Factor
    category: Category
    value: float | None
    scaled: float | None
    rank: float | None
    leaders: tuple[str, ...]
    most: float | None
    share: float
    points: float | None


def receipt(
    scores: Scores, row: int, facts: Mapping[str, Any], evidence: Mapping[str, Evidence] | None = None
) -> list[Line]:
    """Return every factor of a subject as a line; the points sum to its uncapped total.

    `evidence` (by factor) tells on which day a fact was read, which the words for a span of time need.
    """
    (lines,) = receipts(scores, [row], [facts], evidence)
    return lines


def receipts(
    scores: Scores,
    rows: Sequence[int],
    facts: Iterable[Mapping[str, Any]],
    evidence: Mapping[str, Evidence] | None = None,
) -> Iterator[list[Line]]:
    """Yield the receipt of each of these subjects, in half the time; their facts come in the same order."""
    at, card, scaled = np.array(rows, dtype=np.intp), scores.card, scores.scaled
    days = {factor: one.as_of for factor, one in (evidence or {}).items()}
    bounds = [(f"{f.reads[0]}_at_least", *(r for r in f.reads if r.endswith("_at_least"))) for f in card.factors]
    also = [(*f.reads[1:], *_DAYS.get(f.id, ())) for f in card.factors]
    tables = [scores.shares(at), scores.points(at), scores.scaled_as_counted(at), scores.would_add(at)]
    tables += [ends[at] for ends in (scaled.value, scaled.low, scaled.high)]
    for subject, numbers in zip(facts, np.stack([*tables, scaled.applies[at]], axis=-1).tolist(), strict=True):
        known = {fact: plain(value) for fact, value in subject.items()}
        lines = []
        for f, bound, more, own in zip(card.factors, bounds, also, numbers, strict=True):
            share, points, counted, would_add, value, low, high, applies = own
            fact = known.get(f.reads[0])
            state = state_of(fact, value, applies=applies)
            there = state in ("known", "absent")
            lines.append(
                Line(
                    factor=f,
                    category=card.category_of(f.id),
                    value=fact if there else None,
                    level=level(f, value) if there else None,
                    state=state,
                    at_least=there and any(known.get(b) is True for b in bound),
                    scaled=_known(counted),
                    low=low,
                    high=high,
                    share=share,
                    points=points,
                    also={r: known.get(r) for r in more},
                    as_of=days.get(f.id, ""),
                    would_add=_known(would_add),
                )
            )
        yield lines


def standings(scores: Scores, organisation: str) -> list[Standing]:
    """Return every indicator of an organisation; where points are known they sum to 100 x its score."""
    row = scores.position[organisation]
    rows = np.array([row], dtype=np.intp)
    shares, points = scores.shares(rows)[0], 100 / scores.card.out_of * scores.points(rows)[0]
    found = []
    for j, f in enumerate(scores.card.factors):
        column = scores.raw[:, j]
        most = _known(np.fmax.reduce(column))
        found.append(
            Standing(
                factor=f,
                category=scores.card.category_of(f.id),
                value=_known(column[row]),
                scaled=_known(scores.scaled.value[row, j]),
                rank=_known(ranks(column)[row]),
                leaders=tuple(str(i) for i in scores.ids[column == most]) if most else (),
                most=most,
                share=float(shares[j]),
                points=float(points[j]) if scores.method.adds_up else None,
            )
        )
    return found


def for_and_against(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Return the known lines that lift a total above the middle and those that hold it below, strongest first."""
    away = [(x.scaled - 0.5, x) for x in lines if x.known and x.share > 0 and x.scaled is not None]
    away.sort(key=lambda pair: -abs(pair[0]) * pair[1].share)
    named: set[str] = set()  # a fact is an argument a single time, on the side where it weighs most
    sides: tuple[list[Line], list[Line]] = [], []
    for distance, line in away:
        own = {SAME_FACT.get(fact, fact) for fact in line.factor.reads}
        if distance and not own & named:
            sides[distance < 0].append(line)
            named |= own
    return sides


def alike(lines: Iterable[Line]) -> list[tuple[Line, ...]]:
    """Return the lines in their order, those of a category that say the same together: a known gate says who opens it.

    A line that is not known says nothing, so it stands alone.
    """
    groups: dict[tuple[str, bool, str], tuple[Line, ...]] = {}
    for line in lines:
        fact = SAME_FACT.get(line.factor.reads[0], line.factor.reads[0])
        key = (line.category.id, line.known, fact if line.known else line.factor.id)
        groups[key] = (*groups.get(key, ()), line)
    return list(groups.values())


def if_found(scores: Scores, row: int) -> str:
    """Say what could still hold a total, such as 'At most 30 if the Hub's scanners call a file unsafe.'; else nothing.

    No interval can show it: it is not a matter of points.
    """
    caps = () if np.isnan(scores.total[row]) else scores.open_caps(row)
    limits = dict.fromkeys(cap.limit for cap in caps)
    ways = (f"At most {x:g} if {' or '.join(cap.label for cap in caps if cap.limit == x)}." for x in limits)
    return " ".join(ways)


def contenders(scores: Scores, rows: Iterable[int]) -> list[int]:
    """Return those of these subjects that could be first once everything is known, the highest total first.

    One is a clear winner; several are too close to call. Subjects of which nothing is known do not count.
    """
    known = [row for row in rows if not np.isnan(scores.total[row])]
    bar = max((float(scores.low[row]) for row in known), default=0.0)
    able = [row for row in known if float(scores.high[row]) >= bar - 10.0**-DECIMALS]
    return sorted(able, key=lambda row: -float(scores.total[row]))


def sentence(line: Line) -> str:
    """Say what a line found and what it gives, such as 'It has 120 likes (+3.1 of 7.7 points).'."""
    return f"{clause(line)} ({points_in_words(line)})."


def clause(line: Line) -> str:
    """Say what a line found, as a clause without a full stop; a factor without words of its own gets its label."""
    if line.state == "not_applicable":
        return f"{line.factor.label}: {words(line)}"
    if line.state == "unknown":
        return f"Not known: {line.factor.question}"
    template = CLAUSES.get(line.factor.id, {}).get(_case(line))
    if template is None:
        return f"{line.factor.label}: {words(line)}"
    number = "number unknown" if line.value is None else counted(line.value, line.factor.unit, at_least=line.at_least)
    until = f"in the 30 days to {day(line.as_of)}" if line.as_of else "in the last 30 days"
    text = template.format(words=words(line), number=number, until=until)
    return text[:1].upper() + text[1:]


def points_in_words(line: Line) -> str:
    """Say what a line gives of what it could give, such as '+3.1 of 7.7 points'."""
    if line.would_add is not None:
        return f"not counted; it would add {line.would_add:.1f} points" if line.known else "not counted"
    if not line.share:
        return "does not count"
    given = f"{line.points:+.1f}" if round(line.points, 1) else "0.0"
    return f"{given} of {line.possible:.1f} points"


def words(line: Line) -> str:
    """Say the value of a line in words."""
    if line.state == "not_applicable":
        return NOT_APPLICABLE.get(line.factor.id, "does not apply")
    if line.state == "unknown" or (line.value is None and line.level is None):
        return "unknown"
    if isinstance(line.value, bool):
        return {"not_found": "not in its metadata", "elsewhere": "yes, but not in its metadata"}.get(
            _case(line), "yes" if line.value else "no"
        )
    return _age(line) if line.factor.id == "age" else _value(line)


def counted(number: object, unit: str, *, at_least: bool = False) -> str:
    """Say a number with its unit, such as '1 like' or '100 or more Spaces'."""
    unit = unit.removesuffix("s") if number == 1 and not at_least else unit
    text = f"{number:,}" if isinstance(number, int | float) else str(number)
    return f"{text}{' or more' if at_least else ''} {unit}".strip()


def day(iso: str) -> str:
    """Write an ISO date as people do: 8 October 2026; what is no date stays as it is."""
    try:
        when = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{when.day} {when:%B %Y}"


def span(days: int) -> str:
    """Say a number of days as people do, such as '12 days' or '3.4 years'."""
    if days < MONTHLY:
        return counted(days, "days")
    return f"{days / 30.44:.0f} months" if days < YEARLY else f"{days / 365.25:.1f} years"


def to_hundredths(parts: Iterable[float]) -> list[float]:
    """Round parts to two decimals so that they sum to their rounded sum: who adds up a column finds its total.

    The parts with the largest remainders are rounded up.
    """
    cents = [100 * part for part in parts]
    floors = [math.floor(c + 1e-9) for c in cents]
    missing = round(sum(cents)) - sum(floors)
    by_remainder = sorted(range(len(cents)), key=lambda i: floors[i] - cents[i])
    up = set(by_remainder[: max(missing, 0)])
    return [(floor + (i in up)) / 100 for i, floor in enumerate(floors)]


def level(f: Factor, scaled: float) -> str | None:
    """Return the word on a factor's scale that a scaled value (0..1) stands for; None where it has no words."""
    if not f.levels:
        return None
    return min(f.levels, key=lambda word: abs(f.levels[word] - scaled))  # type: ignore[index]


def interval(scores: Scores, row: int) -> str:
    """Write between which ends the total of a subject lies."""
    (low,), (high,) = scores.interval(np.array([row]))
    return "unknown" if math.isnan(scores.total[row]) else between(scores, low, high)


def between(scores: Scores, low: float, high: float) -> str:
    """Write an interval with the precision that it has; exact where its ends are one."""
    digits = scores.precision(high - low)
    return "exact" if high - low < EXACT else f"{low:.{digits}f} – {high:.{digits}f}"


def revision(facts: Mapping[str, Any], read_on: Mapping[str, str]) -> str:
    """Return the commit whose listing was read, and the day; empty where no source names one."""
    sha = plain(facts.get("revision"))
    return f"{sha}, read on {day(read_on['revision'])}" if sha else ""


def plain(value: object) -> Any:
    """Return a pandas or numpy scalar as a plain Python value, None where it is missing."""
    if value is None or type(value).__name__ == "NAType" or (isinstance(value, float) and math.isnan(value)):
        return None  # NAType is pandas' missing value, which organisations are explained without
    return value.item() if isinstance(value, np.generic) else value


def _case(line: Line) -> str:
    if isinstance(line.value, bool):
        if line.value:
            return "elsewhere" if line.factor.better == "higher" and line.scaled == 0 else "yes"
        return "not_found" if line.at_least else "no"
    if line.level:
        return line.level
    return "none" if line.value == 0 else "one" if line.value == 1 and not line.at_least else "some"


def _value(line: Line) -> str:
    """Say a value that is a word, a number, or a number with the level that it stands for."""
    f = line.factor
    level = _word(f.id, line.level) if line.level else ""
    if isinstance(line.value, str) or line.value is None or (level and not f.unit):
        return level or _word(f.id, str(line.value))
    number = counted(line.value, f.unit, at_least=line.at_least)
    return f"{number} ({level})" if level and line.value else number


def _word(factor_id: str, word: str) -> str:
    return WORDS.get(factor_id, {}).get(word, word.replace("_", " "))


def _age(line: Line) -> str:
    old = f"{'at least ' if line.at_least else ''}{span(int(line.value))} old"
    changed, since = line.also.get("modified"), line.also.get("days_since_update")
    if changed is not None:
        return f"{old}, last changed {day(changed)}"
    return old if since is None else f"{old}, last changed {'that day' if since == 0 else span(int(since)) + ' ago'}"


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
