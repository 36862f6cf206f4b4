"""A table as an Excel workbook: numbers as numbers, days as days, nothing that runs as a formula, and what it is of."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np

from scoring.output.citation import citation
from scoring.output.export import harmless
from scoring.output.proof import settings
from scoring.scores import Scores
from scoring.settings import View

MOST_ROWS: Final = 10_000  # that are written; a larger table is for the CSV file
UNKNOWN: Final = "unknown"
_DAY: Final = re.compile(r"(?:19|2\d)\d\d-\d\d-\d\d")
_LONGEST_CELL: Final = 32_000  # letters; Excel takes 32,767
_WIDEST, _NARROWEST = 48, 8  # letters of a column


def workbook(columns: Mapping[str, Sequence[Any]], about: Mapping[str, Any], taken: str, rows: int = 0) -> bytes:
    """Return an xlsx file: the table, its header in sight, and a second sheet that says what it is `about`.

    `columns` are of the same length and of `rows` in all (default: these), of which MOST_ROWS at most are written. NaN
    is unknown; None is an empty cell. `taken` is the ISO day of the facts, which the file gets as its own: the same
    numbers make the same file.
    """
    import xlsxwriter

    content = io.BytesIO()
    rows = rows or max(map(len, columns.values()), default=0)
    about = dict(about) | {"Rows": f"the first {MOST_ROWS:,} of {rows:,}" if rows > MOST_ROWS else rows}
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"created": datetime.fromisoformat(taken), "title": str(next(iter(about.values()), ""))})
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "text": book.add_format({"quote_prefix": True}),
        }
        _table(book.add_worksheet("Table"), {n: values[:MOST_ROWS] for n, values in columns.items()}, formats)
        _table(book.add_worksheet("About"), {"What": [*about], "Value": [*about.values()]}, formats)
    return content.getvalue()


def by_column(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return rows with the same keys as columns, in which None is unknown; who has not moved from anywhere has none."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        for name, value in row.items():
            unknown = value is None and name != "delta_rank"
            found.setdefault(name, []).append(math.nan if unknown else value)
    return found


def of_ranking(scores: Scores, *, view: View, kind: str, taken: str, link: str, **cited: Any) -> dict[str, Any]:
    """Return what a workbook of a ranking of a kind of subjects is about: its citation, date, settings and weights.

    `cited` is what `citation` asks for besides.
    """
    about = {
        "Citation": citation(scores, None, view=view, taken=taken, link=link, **cited),
        f"Snapshot of {kind}": taken,
        "Fingerprint of the scorecard": scores.card.fingerprint,
        "Fingerprint of the snapshot": cited["fingerprint"],
        "Link": link,
    }
    weights = view.usual | dict(view.weights)
    about |= {f"Setting {name}": str(value) for name, value in settings(view).items() if name not in weights}
    return about | {f"Weight of {weight_id}": weight for weight_id, weight in weights.items()}


def _table(sheet: Any, columns: Mapping[str, Sequence[Any]], formats: Mapping[str, Any]) -> None:
    sheet.freeze_panes(1, 1)
    for at, (name, values) in enumerate(columns.items()):
        sheet.write_string(0, at, name, formats["head"])
        longest = len(name)
        for row, value in enumerate(values, start=1):
            longest = max(longest, len(_write(sheet, row, at, value, formats)))
        sheet.set_column(at, at, min(max(longest, _NARROWEST), _WIDEST) + 1)
    if columns:
        sheet.autofilter(0, 0, max(map(len, columns.values())), len(columns) - 1)


def _write(sheet: Any, row: int, column: int, value: Any, formats: Mapping[str, Any]) -> str:
    """Write a cell as what it is, and return it as text."""
    match value:
        case None:
            return ""
        case bool() | np.bool_():
            sheet.write_boolean(row, column, bool(value))
        case int() | float() | np.number() if math.isfinite(value):
            sheet.write_number(row, column, float(value))
        case str() if _DAY.fullmatch(value):
            sheet.write_datetime(row, column, datetime.fromisoformat(value), formats["day"])
        case str():
            text = "".join(c for c in value if c.isprintable() or c in "\t\n")[:_LONGEST_CELL]
            runs = harmless(text) != text
            sheet.write_string(row, column, text, formats["text"] if runs else None)
        case _:
            sheet.write_string(row, column, UNKNOWN)
            return UNKNOWN
    return str(value)
