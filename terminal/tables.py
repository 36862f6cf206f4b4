"""Scores as tables for people: a row a model or organisation, or a row a factor of one of them."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.cells import cell_len
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from scoring.ground import evidence, ranked_on
from scoring.output.export import risen
from scoring.reasons.receipt import EXACT, Line, Standing, day, receipt, standings, words
from terminal.messages import say

if TYPE_CHECKING:
    from data.models.snapshot import Snapshot
    from data.organisations.rollup import Rollup
    from scoring.reasons.whatif import Advice
    from scoring.scores import Scores
    from scoring.types import Bools


Number = partial(Column, justify="right", no_wrap=True)
Words = partial(Column, overflow="fold")
PIPED = 160  # characters a line where nobody looks: a pipe or a file has room for whole lines


def console(width: int | None = None) -> Console:
    """Return the console that standard output is, of this width or its own."""
    piped = "COLUMNS" not in os.environ and not (sys.stdout and sys.stdout.isatty())
    return Console(width=width or (PIPED if piped else None), markup=False, emoji=False, highlight=False)


READABLE = 40  # letters of an id; few are longer, and other columns make room for as many
WIDE = 100  # letters; from here on a receipt has room for what its numbers say too
AS_OF = Column("As of", no_wrap=True, min_width=10)


def models(
    scores: Scores, positions: Sequence[int], among: Bools | None = None, by: tuple[str, Sequence[str]] | None = None
) -> None:
    """Print the models at `positions`, in that order, with as much of each as the terminal has room for.

    Where a filter keeps only some (`among`, n), ranks are given among them and in all; `by` is the label and the cells
    of what they are sorted by. An id is never broken: what is longer than its column has a line of its own.
    """
    ranks = scores.rank_of(np.array(positions, dtype=np.intp))
    rows = [_model(scores, n, rank) for n, rank in zip(positions, ranks, strict=True)]
    filtered = among is not None and not among.all()
    if among is not None and filtered:
        shown = scores.rank_of(np.array(positions, dtype=np.intp), among)
        rows = [{**row, "#": _rank(rank), "In all": row["#"]} for rank, row in zip(shown, rows, strict=True)]
    label, cells = by or ("Total", [row["Total"] for row in rows])
    rows = [{**row, label: cell or "unknown"} for row, cell in zip(rows, cells, strict=True)]
    labels = [c.label for c in scores.card.categories]
    short = [label[:3] for label in labels]
    before = ["#", "In all"] if filtered else ["#"]
    layouts = [["Evidence", *labels], ["Evidence", *short], ["Known", *short], short, ["Known"], []]
    layouts = [[*dict.fromkeys((label, "Total", "Range", *more))] for more in layouts]
    _list(rows, before, layouts)


def _list(rows: Sequence[Mapping[str, str]], before: Sequence[str], layouts: Sequence[Sequence[str]]) -> None:
    """Print rows by heading: what stands before the id, the id, and the first of the layouts that leaves it room."""
    longest = max([len("Model"), *(cell_len(row["Model"]) for row in rows)])
    for after in layouts:
        widths = _widths([*before, *after], rows)
        room = console().width - sum(widths.values()) - len(widths)
        if room >= min(longest, READABLE):
            break
    start = sum(widths[h] + 1 for h in before) + min(longest, room)
    for row in ({heading: heading for heading in ("Model", *widths)}, *rows):
        cells = {h: row[h].ljust(width) if h == "Evidence" else row[h].rjust(width) for h, width in widths.items()}
        first = " ".join([*(cells[h] for h in before), row["Model"]])
        if cell_len(first) > start:
            say(first)
            first = ""
        say(" ".join([first + " " * (start - cell_len(first)), *(cells[h] for h in after)]).rstrip())


def _widths(headings: Iterable[str], rows: Sequence[Mapping[str, str]]) -> dict[str, int]:
    return {h: max(cell_len(text) for text in (h, *(row[h] for row in rows))) for h in headings}


def _model(scores: Scores, n: int, rank: float) -> dict[str, str]:
    """Return what a ranking shows of a model, by heading; a category under its label and the first letters of it."""
    row = {
        "#": _rank(rank),
        "Model": str(scores.ids[n]),
        "Total": scores.written(n),
        "Range": _range(scores, n),
        "Known": f"{scores.coverage[n] if scores.evidence is None else scores.evidence[n]:.0%}",
    }
    row["Evidence"] = row["Known"] if scores.evidence is None else evidence(scores.evidence[n])
    for category, value in zip(scores.card.categories, scores.category_values[n], strict=True):
        row[category.label] = row[category.label[:3]] = "-" if category.id in scores.idle else _number(value, 0)
    return row


def _range(scores: Scores, n: int) -> str:
    """Write an interval in whole points; a narrow one within the points that hold it."""
    low, high = float(scores.low[n]), float(scores.high[n])
    if not scores.decimals(n) or math.isnan(high - low):
        return f"{low:.0f}-{high:.0f}"
    return f"{math.floor(low)}-{math.ceil(high)}" if high - low >= EXACT else "exact"


def model(scores: Scores, n: int, facts: Mapping[str, Any], origin: Snapshot | None) -> None:
    """Print every factor of a model, with its source where the snapshot knows it; then why facts are unknown."""
    columns = [Words("Factor", min_width=13), Words("Value", min_width=12), Words("State", min_width=7)]
    columns += map(Number, ("Scaled", "Share", "Points"))
    columns += [Words("Source", min_width=11), AS_OF] if origin else []
    rows: list[Sequence[str]] = []
    reasons: list[str] = []
    for line in receipt(scores, n, facts):
        rows.append(_factor(line))
        if origin:
            found = origin.evidence(str(scores.ids[n]), line.factor.reads[0], line.value, "")
            rows[-1] = [*rows[-1], found.source, found.as_of]
            reasons += [f"{line.factor.label}: {found.note}"] if found.note else []
    rows.append(("Total", "", "", "", "", _number(scores.uncapped[n], 2)))
    _print("", columns, rows)
    for sentence in reasons:
        say(sentence)
    if scores.uncounted:
        console().print(f"{ranked_on(scores.card, scores.uncounted)}. Points in parentheses: with --count all.")
    cap = next((c for c in scores.card.caps if c.id == scores.capped_by(n)), None)
    if cap and scores.uncapped[n] > cap.limit:
        say(f"Held at {cap.limit:.0f}, because {cap.label}.")


def _factor(line: Line) -> list[str]:
    scaled = "-" if line.scaled is None else f"{line.scaled:.2f}"
    share = "-" if line.would_add is not None else f"{line.share:.1%}"
    return [line.factor.label, words(line), _state(line), scaled, share, _points(line)]


def sentences(*paragraphs: str) -> None:
    """Print sentences as wide as the terminal is; ids, names and paths in them are text, never markup."""
    for paragraph in paragraphs:
        console().print(Text("".join(c for c in paragraph if c.isprintable())))


def changes(found: Advice) -> None:
    """Print what would move a rank: what is to mend, what is to find out, with points and places."""
    from terminal.standing import places, points, what

    if not found.improvements:
        return
    say("")
    sentences(
        "What would change its rank: each line scores it anew with one thing changed, under these weights. Of two "
        "numbers the second is what a bad answer would cost. Places count among all that are ranked.",
    )
    rows = [(points(x), places(x), what(x).replace("`", "")) for x in found.improvements]
    _print("", [Number("Points"), Number("Places"), Words("What")], rows)


def bands(rows: Sequence[Mapping[str, str]]) -> None:
    """Print rank bands; numbers on the right, names and words on the left."""
    words = {"First for", *list(rows[0])[1:2]} if rows else set()
    columns = [Words(heading) if heading in words else Number(heading) for heading in (rows[0] if rows else {})]
    _print("", columns, ([*row.values()] for row in rows))


def moved(rows: Sequence[tuple[str, float, float]], *, placed: bool) -> None:
    """Print the parts of a change: cause, points and, where the subject is `placed`, places (negative: up)."""
    columns = [Words("Through"), Number("Points"), *([Number("Places")] if placed else [])]
    cells = ([cause, f"{points:+.2f}", *([f"{places:+.1f}"] if placed else [])] for cause, points, places in rows)
    _print("", columns, cells)


def organisations(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Print the rows of one of the five tables; many indicators make lines that are wider than a terminal."""
    found = max(rows, key=len, default={})
    ranked = [heading for heading in ("month", "rank", "delta_rank", "org", "score") if heading in found]
    headings = [*ranked, *(h for h in found if h not in ranked)]
    columns = [Column(h) if h in ("month", "org") else Number({"delta_rank": "moved"}.get(h, h)) for h in headings]
    width = max(console().width, sum(max(len(h), 8) + 1 for h in headings) + 12)
    cells = ([_cell(heading, row.get(heading)) for heading in headings] for row in rows)
    _print(title, columns, cells, width)


def organisation(rolled: Rollup, now: Scores, before: Scores | None, name: str) -> None:
    """Print score and rank of an organisation, then every indicator; points sum to the score if the method adds up."""
    row = now.position[name]
    moved = _cell("delta_rank", risen(now, before)[row])
    since = "" if before is None or moved == "new" else f" ({moved} since {day(before.as_of)})"
    sentences(
        f"{name}, {day(now.as_of)}, {now.method.label.lower()}.",
        f"Score {now.total[row]:.4f}, rank {now.rank[row]:.0f} of {len(now.ids)}{since}. {now.method.summary}",
    )
    columns = [Words("Indicator"), *map(Number, ("Value", "Scaled", "Rank", "Share", "Points")), Words("Source"), AS_OF]
    lines = standings(now, name)
    rows: list[Sequence[str | Text]] = []
    for d, category in enumerate(now.card.categories):
        shown = _cell("score", float(now.joined[row, d])).replace("-", "")
        points = "" if now.method.adds_up else shown
        place = _cell("rank", now.category_ranks[row, d])
        rows.append((Text(category.label, style="bold"), "", shown, place, "", points, "", ""))
        rows += [_indicator(line, rolled, name) for line in lines if line.category.id == category.id]
    _print("", columns, rows)


def _indicator(line: Standing, rolled: Rollup, name: str) -> Sequence[str]:
    from data.organisations.provenance import evidence

    origin = evidence(rolled, name, line.factor.id)
    return (
        f"  {line.factor.label}",
        "unknown" if line.value is None else f"{line.value:,.0f}",
        _cell("scaled", line.scaled),
        _cell("rank", line.rank),
        f"{line.share:.1%}",
        "" if line.points is None else f"{line.points:.2f}",
        ", ".join(text for text in (origin.source, origin.note) if text),
        origin.as_of,
    )


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
    console(width).print(table)


def _rank(rank: float) -> str:
    return "-" if math.isnan(rank) else f"{rank:.0f}"


def _number(value: float, decimals: int) -> str:
    return "unknown" if math.isnan(value) else f"{value:.{decimals}f}"


def _state(line: Line) -> str:
    """Say what is known of a factor; where there is room, also that it does not count."""
    state = "n/a" if line.state == "not_applicable" else line.state
    return f"{state}, not counted" if line.would_add is not None and console().width >= WIDE else state


def _points(line: Line) -> str:
    """Write what a factor gives, in parentheses what it would give if it counted."""
    if line.would_add is None:
        return f"{line.points:.2f}"
    return f"({line.would_add:.2f})" if line.known else "-"


def _cell(heading: str, value: Any) -> str:
    if value is None or value != value:
        return "new" if heading == "delta_rank" else "-"
    if heading == "delta_rank":
        return f"{int(value):+d}" if value else "="
    return f"{value:.0f}" if heading == "rank" else f"{value:.4f}" if isinstance(value, float) else str(value)
