"""One of the five tables as rows and as CSV: the same on the command line and on the page."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from scoring.influence import Influence, TableId

Row = dict[str, Any]


def table_rows(
    now: Influence,
    before: Influence | None,
    name: TableId = "overall",
    *,
    raw: bool = False,
    dated: bool = False,
    only: Sequence[str] = (),
) -> list[Row]:
    """Return a table's rows from first to last; `raw` gives the facts, under full ids where they are all shown."""
    table = now.table(name)
    columns = dict(zip(table.columns, table.values.T, strict=True))
    if raw:
        categories = [c for c in now.card.categories if name in ("overall", c.id)]
        ids = [now.card.factors[j].id for c in categories for j in now.columns(c)]
        values = dict(zip((f.id for f in now.card.factors), now.raw.T, strict=True))
        columns = {i if name == "overall" else i.removeprefix(f"{name}_"): values[i] for i in ids}
    moved = now.moved(before, name)
    first = np.lexsort((now.ids.astype(str), np.nan_to_num(table.rank, nan=np.inf)))
    rows = []
    for n in first:
        if only and now.ids[n] not in only:
            continue
        row: Row = {"month": now.month} if dated else {}
        row |= {"org": str(now.ids[n])} | {i: exact(column[n], whole=raw) for i, column in columns.items()}
        if not raw:
            row |= {"score": exact(table.score[n]), "rank": exact(table.rank[n], whole=True)}
            row["delta_rank"] = exact(moved[n], whole=True)
        rows.append(row)
    return rows


def as_csv(tables: Sequence[Sequence[Row]]) -> str:
    """Write tables one below the other, in full precision; a column that one of them lacks is empty there."""
    longest = max(tables, key=lambda rows: len(rows[0]) if rows else 0)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(longest[0]) if longest else [], restval="", lineterminator="\n")
    writer.writeheader()
    for rows in tables:
        writer.writerows(
            {k: "" if v is None else repr(v) if isinstance(v, float) else v for k, v in r.items()} for r in rows
        )
    return text.getvalue()


def exact(value: float, whole: bool = False) -> float | int | None:
    """Return a number as JSON and CSV take it: None for NaN, `whole` numbers without a point."""
    if np.isnan(value):
        return None
    return int(value) if whole and value == int(value) else float(value)
