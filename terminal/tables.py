"""Scores as tables for people: a row a model or organisation, or a row a factor of one of them."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from scoring.ground import evidence, ranked_on
from scoring.output.export import risen
from scoring.reasons.receipt import Line, if_found, receipt, standings, words
from terminal.messages import say

if TYPE_CHECKING:
    from data.models.snapshot import Snapshot
    from data.organisations.rollup import Rollup
    from scoring.output.export import TableId
    from scoring.scores import Scores

# A pipe or a file has room for whole lines.
_WIDTH = None if "COLUMNS" in os.environ or (sys.stdout and sys.stdout.isatty()) else 160
_console = partial(Console, markup=False, emoji=False, highlight=False)
console = _console(width=_WIDTH)

Number = partial(Column, justify="right", no_wrap=True)
Words = partial(Column, overflow="fold")
AS_OF = Column("As of", no_wrap=True, min_width=10)


def models(scores: Scores, positions: Iterable[int]) -> None:
    """Print the models at `positions`, in that order."""
    labels = [c.label if console.width > 99 else f"{c.label[:4]}." for c in scores.card.categories]
    columns = [Column("#", justify="right"), Words("Model", min_width=22)]
    columns += [Number("Total"), Number("Low-high"), Words("Evidence", min_width=8), *map(Number, labels)]
    counting = [not {f.id for f in c.factors} <= scores.uncounted for c in scores.card.categories]
    rows = (
        (
            "-" if math.isnan(scores.rank[n]) else f"{scores.rank[n]:.0f}",
            str(scores.ids[n]),
            scores.written(n),
            f"{scores.low[n]:.0f}-{scores.high[n]:.0f}",
            f"{scores.coverage[n]:.0%}" if scores.evidence is None else evidence(scores.evidence[n]),
            *(
                _number(part, 0) if counts else "-"
                for part, counts in zip(scores.category_values[n], counting, strict=True)
            ),
        )
        for n in positions
    )
    _print("", columns, rows)


def model(scores: Scores, n: int, facts: dict[str, Any], origin: Snapshot | None) -> None:
    """Print every factor of a model, with its source where the snapshot knows it; then why facts are unknown."""
    columns = [Words("Factor", min_width=13), Words("Value", min_width=12)]
    columns += [Words("State", min_width=7, max_width=None if console.width > 99 else 8)]
    columns += map(Number, ("Scaled", "Share", "Points"))
    columns += [Words("Source", min_width=11), AS_OF] if origin else []
    rows: list[Sequence[str]] = []
    reasons: list[str] = []
    for line in receipt(scores, n, facts):
        found = origin and origin.evidence(str(scores.ids[n]), line.factor.reads[0], line.value, "")
        if found and found.note:
            reasons.append(f"{line.factor.label}: {found.note}")
        state = "n/a" if line.state == "not_applicable" else line.state
        row = [line.factor.label, words(line), state if line.would_add is None else f"{state}, not counted"]
        row += ["-" if line.scaled is None else f"{line.scaled:.2f}", f"{line.share:.1%}", _points(line)]
        rows.append(row + ([found.source, found.as_of] if found else []))
    rows.append(("Total", "", "", "", "", _number(scores.uncapped[n], 2)))
    _print(str(scores.ids[n]), columns, rows)
    for sentence in reasons:
        say(sentence)
    if scores.uncounted:
        console.print(f"{ranked_on(scores.card, scores.uncounted)}. Points in parentheses: with --count all.")
    if held := if_found(scores, n):
        console.print(held)
    cap = next((c for c in scores.card.caps if c.id == scores.capped_by(n)), None)
    if cap and scores.uncapped[n] > cap.limit:
        say(f"Held at {cap.limit:.0f}, because {cap.label}.")


def organisations(now: Scores, name: TableId, rows: Sequence[Mapping[str, Any]]) -> None:
    """Print the rows of one of the five tables; many indicators make lines that are wider than a terminal."""
    found = rows[0] if rows else {}
    ranked = [heading for heading in ("rank", "delta_rank", "org", "score") if heading in found]
    headings = [*ranked, *(h for h in found if h not in (*ranked, "month"))]
    columns = [Column(h) if h == "org" else Number({"delta_rank": "moved"}.get(h, h)) for h in headings]
    width = max(console.width, sum(max(len(h), 8) + 1 for h in headings) + 12)
    cells = ([_cell(heading, row[heading]) for heading in headings] for row in rows)
    _print(f"{now.as_of}, {now.method.label.lower()}: {name}", columns, cells, width)


def organisation(rolled: Rollup, now: Scores, before: Scores | None, name: str) -> None:
    """Print every indicator of an organisation with its source; points sum to the score where the method adds up."""
    from data.organisations.provenance import evidence

    columns = [Words("Indicator"), *map(Number, ("Value", "Scaled", "Rank", "Share", "Points")), Words("Source"), AS_OF]
    lines, row = standings(now, name), now.position[name]
    rows: list[Sequence[str | Text]] = []
    for d, category in enumerate(now.card.categories):
        part, place = now.joined[row, d], now.category_ranks[row, d]
        shown = "" if math.isnan(part) else f"{part:.4f}"
        heading = Text(category.label, style="bold")
        rows.append((heading, "", shown, _cell("rank", place), "", "" if now.method.adds_up else shown, "", ""))
        for line in (x for x in lines if x.category.id == category.id):
            origin = evidence(rolled, name, line.factor.id)
            rows.append(
                (
                    f"  {line.factor.label}",
                    "unknown" if line.value is None else f"{line.value:,.0f}",
                    "-" if line.scaled is None else f"{line.scaled:.4f}",
                    "-" if line.rank is None else f"{line.rank:.0f}",
                    f"{line.share:.1%}",
                    "" if line.points is None else f"{line.points:.2f}",
                    ", ".join(text for text in (origin.source, origin.note) if text),
                    origin.as_of,
                )
            )
    _print(f"{name}, {now.as_of}, {now.method.label.lower()}", columns, rows)
    moved = risen(now, before)[row]
    since = "" if before is None or math.isnan(moved) else f" ({_cell('delta_rank', int(moved))} since {before.as_of})"
    say(f"Score {now.total[row]:.4f}, rank {now.rank[row]:.0f} of {len(now.ids)}{since}. {now.method.summary}")


def _print(title: str, columns: Sequence[Column], rows: Iterable[Sequence[str | Text]], width: int = 0) -> None:
    """Print a table; ids, names and paths in it are text, never markup."""
    table = Table(
        *columns,
        title=Text(title) if title else None,
        title_justify="left",
        box=None,
        header_style="bold",
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for row in rows:
        table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))
    (_console(width=width) if width else console).print(table)


def _number(value: float, decimals: int) -> str:
    return "unknown" if math.isnan(value) else f"{value:.{decimals}f}"


def _points(line: Line) -> str:
    """Write what a factor gives, in parentheses what it would give if it counted."""
    if line.would_add is None:
        return f"{line.points:.2f}"
    return f"({line.would_add:.2f})" if line.known else "-"


def _cell(heading: str, value: Any) -> str:
    if value is None or value != value:
        return "new" if heading == "delta_rank" else "-"
    if heading == "delta_rank":
        return f"{value:+d}" if value else "="
    return f"{value:.0f}" if heading == "rank" else f"{value:.4f}" if isinstance(value, float) else str(value)
