"""A ranking as CSV: everything that the table shows and every factor's value, for a spreadsheet or a notebook."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.scores import Scores

UNKNOWN, NOT_APPLICABLE = "unknown", "not applicable"
# A spreadsheet runs a cell that begins so as a formula; the wide forms count as their narrow ones there.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def ranking_csv(scores: Scores, facts: pd.DataFrame, held: pd.DataFrame, rows: NDArray[np.intp]) -> str:
    """Return these rows (positions in scores, facts and held) as CSV text, in their order.

    One line a model: rank, id, total, low, high, uncapped, capped_by, coverage (0..1), a column a category (0..100) and
    a column a factor (the fact that it reads), the ids of the facts that are only a lower bound, and the flags.
    Unknown is written as "unknown". Text that a spreadsheet would run is led by an apostrophe; numbers stay numbers.
    """
    columns: dict[str, Any] = {"rank": [_whole(r) for r in scores.rank[rows]], "id": scores.ids[rows]}
    for name in ("total", "low", "high", "uncapped"):
        columns[name] = [_known(v) for v in getattr(scores, name)[rows]]
    columns["capped_by"] = [scores.capped_by(int(i)) or "" for i in rows]
    columns["coverage"] = scores.coverage[rows].round(6)
    for c, values in zip(scores.card.categories, scores.category_scores.to_numpy()[rows].T, strict=True):
        columns[c.id] = [_known(v) for v in values]
    for j, f in enumerate(scores.card.factors):
        values = facts[f.reads[0]].iloc[rows]
        unknown = np.isnan(scores.scaled.value[rows, j]) | values.isna().to_numpy()
        said = np.where(unknown, UNKNOWN, values.astype(object))
        columns[f.id] = np.where(scores.scaled.applies[rows, j], said, NOT_APPLICABLE)
    columns["at_least"] = _at_least(scores, facts.iloc[rows])
    columns["flags"] = [" ".join(held.columns[row]) for row in held.to_numpy()[rows]]
    table = pd.DataFrame(columns)
    return table.map(_guarded).to_csv(index=False, lineterminator="\r\n")


def _at_least(scores: Scores, facts: pd.DataFrame) -> list[str]:
    bounds = {f.id: [r for r in f.reads if r.endswith("_at_least")] for f in scores.card.factors}
    marks = {i: facts[reads[0]].fillna(False).astype(bool).to_numpy() for i, reads in bounds.items() if reads}
    return [" ".join(i for i, marked in marks.items() if marked[n]) for n in range(len(facts))]


def _known(value: float) -> float | str:
    return UNKNOWN if np.isnan(value) else round(float(value), 6)


def _whole(value: float) -> int | str:
    return "not ranked" if np.isnan(value) else int(value)


def _guarded(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    text = cell.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
