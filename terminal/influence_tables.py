"""The influence of organisations as tables for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from data.organisations.provenance import evidence
from data.organisations.rollup import Rollup, rollup, summary
from scoring.methods import METHODS
from scoring.output.export import TableId, risen
from scoring.reasons.comparison import agreement
from scoring.reasons.receipt import standings
from scoring.scorecards import influence
from scoring.scores import Scores
from terminal.console import PLAIN, console

Row = Mapping[str, Any]


def ranking(rolled: Rollup, now: Scores, name: TableId, rows: Sequence[Row], weights: Mapping[str, float]) -> None:
    """Print the rows of one of the five tables, and what is to be known about them."""
    table = Table(title=f"{now.as_of}, {now.method.label.lower()}: {name}", title_justify="left", **PLAIN)
    ranked = [heading for heading in ("rank", "delta_rank", "org", "score") if heading in (rows[0] if rows else {})]
    headings = [*ranked, *(h for h in (rows[0] if rows else {}) if h not in (*ranked, "month"))]
    for heading in headings:
        table.add_column({"delta_rank": "moved"}.get(heading, heading), justify="left" if heading == "org" else "right")
    for row in rows:
        table.add_row(*(_cell(heading, row[heading]) for heading in headings))
    # Many indicators are wider than a terminal: whole lines, for a pager that scrolls sideways.
    wide = sum(max(len(h), 8) + 1 for h in headings) + 12
    Console(markup=False, emoji=False, highlight=False, width=max(console.width, wide)).print(table)
    _say(summary(rolled.month, rolled.reading))
    if now.constant:
        _say(f"Equal for all this month, so counted neutral: {', '.join(now.constant)}.")
    for sentence in _depends(rolled, now, weights) if name == "overall" else ():
        _say(sentence)


def receipt(rolled: Rollup, now: Scores, before: Scores | None, name: str) -> None:
    """Print every indicator of an organisation with its source; points sum to the score where the method adds up."""
    table = Table(title=f"{name}, {now.as_of}, {now.method.label.lower()}", title_justify="left", **PLAIN)
    for heading in ("Indicator", "Value", "Scaled", "Rank", "Share", "Points", "Source", "As of"):
        numeric = heading in ("Value", "Scaled", "Rank", "Share", "Points")
        table.add_column(heading, justify="right" if numeric else "left", no_wrap=numeric or heading == "As of")
    lines = standings(now, name)
    row = now.position[name]
    for d, category in enumerate(now.card.categories):
        part, place = now.joined[row, d], now.category_ranks[row, d]
        shown = "" if part != part else f"{part:.4f}"
        points = "" if now.method.adds_up else shown
        table.add_row(Text(category.label, style="bold"), "", shown, _cell("rank", place), "", points, "", "")
        for line in (x for x in lines if x.category.id == category.id):
            origin = evidence(rolled, name, line.factor.id)
            table.add_row(
                f"  {line.factor.label}",
                "unknown" if line.value is None else f"{line.value:,.0f}",
                "-" if line.scaled is None else f"{line.scaled:.4f}",
                "-" if line.rank is None else f"{line.rank:.0f}",
                f"{line.share:.1%}",
                "" if line.points is None else f"{line.points:.2f}",
                ", ".join(text for text in (origin.source, origin.note) if text),
                origin.as_of,
            )
    console.print(table)
    moved = risen(now, before, "overall")[row]
    since = "" if before is None or moved != moved else f" ({_cell('delta_rank', int(moved))} since {before.as_of})"
    _say(f"Score {now.total[row]:.4f}, rank {now.rank[row]:.0f} of {len(now.ids)}{since}. {now.method.summary}")


def _depends(rolled: Rollup, now: Scores, weights: Mapping[str, float]) -> list[str]:
    """Say how much the order depends on the method; not for `published`, which starts without scikit-learn."""
    if now.method.id == "published":
        return []
    others = []
    for method in METHODS.values():
        if method.id != now.method.id:
            facts = rolled.facts if method.reading == rolled.reading else rollup(rolled.month, method.reading).facts
            others.append(influence(facts, method, as_of=now.as_of, weights=weights))
    return [f"Compared with “{one.other}”: {one.sentence()}" for one in agreement(now, others)]


def _cell(heading: str, value: Any) -> str:
    if value is None or value != value:
        return "new" if heading == "delta_rank" else "-"
    if heading == "delta_rank":
        return f"{value:+d}" if value else "="
    return f"{value:.0f}" if heading == "rank" else f"{value:.4f}" if isinstance(value, float) else str(value)


def _say(sentence: str) -> None:
    console.print(sentence, soft_wrap=True)
