"""Tables between rows, pandas and Arrow: nullable columns in memory, one for one on disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from scoring.types import Scaled, Scorecard

_NULLABLE = {pa.string(): pd.StringDtype(), pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
_ARROW = {"string": pa.string(), "Int64": pa.int64(), "boolean": pa.bool_()}


def frame(rows: Iterable[Mapping[str, Any]], dtypes: Mapping[str, str]) -> pd.DataFrame:
    """Make a table of facts from rows: `id` and one nullable column a fact (string, Int64 or boolean)."""
    return to_pandas(to_arrow(rows, dtypes))


def to_arrow(rows: Iterable[Mapping[str, Any]], dtypes: Mapping[str, str]) -> pa.Table:
    """Make the table that is stored; a row's keys that are neither `id` nor in `dtypes` are left out."""
    rows = list(rows)
    schema = {"id": "string"} | dict(dtypes)
    return pa.table({name: pa.array([r.get(name) for r in rows], _ARROW[dtype]) for name, dtype in schema.items()})


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """Read a stored table into nullable columns: a missing number stays missing and whole."""
    facts: pd.DataFrame = table.to_pandas(types_mapper=_NULLABLE.get)
    return facts


def completed(facts: pd.DataFrame, dtypes: Mapping[str, str]) -> pd.DataFrame:
    """Return a table with every column of `dtypes`; one that it lacks (an older version wrote it) is unknown."""
    lacking = {name: dtype for name, dtype in dtypes.items() if name not in facts}
    return facts.assign(**{name: pd.Series(pd.NA, facts.index, dtype) for name, dtype in lacking.items()})


def from_scaled(scaled: Scaled, card: Scorecard) -> pa.Table:
    """Make a table of scaled measures: per factor its value, low, high and whether it applies; per cap who meets it."""
    columns: dict[str, Any] = {"id": pa.array(scaled.ids, pa.string())}
    for j, f in enumerate(card.factors):
        for end, values in (("", scaled.value), (":low", scaled.low), (":high", scaled.high)):
            columns[f.id + end] = pa.array(values[:, j], pa.float64(), from_pandas=True)
        columns[f"{f.id}:applies"] = pa.array(scaled.applies[:, j], pa.bool_())
    for j, cap in enumerate(card.caps):
        columns[f"{cap.id}:cap"] = pa.array(scaled.caps[:, j], pa.bool_())
    return pa.table(columns)


def to_scaled(table: pa.Table, card: Scorecard) -> Scaled:
    """Read what `from_scaled` made, to the last bit."""

    def matrix(suffix: str, names: Iterable[str]) -> np.ndarray[Any, Any]:
        columns = [table[name + suffix].to_numpy(zero_copy_only=False) for name in names]
        return np.stack(columns, axis=1) if columns else np.zeros((table.num_rows, 0), dtype=bool)

    ids = [f.id for f in card.factors]
    return Scaled(
        ids=np.asarray(table["id"].to_pylist(), dtype=object),
        value=matrix("", ids),
        low=matrix(":low", ids),
        high=matrix(":high", ids),
        applies=matrix(":applies", ids),
        caps=matrix(":cap", [c.id for c in card.caps]),
    )
