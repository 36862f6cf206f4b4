"""A large snapshot read by position: its files stay on the disk, and of them is read what is asked for.

`Facts` stands in for the table of facts where whole columns or a few rows of it are asked for; the scaled measures come
in groups of rows, to be scored one after the other, and by row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.archive import parquet_file
from data.models.schema import DTYPES
from data.models.search import Names
from scoring.byrow import ByRow, ScaledByRow, Values, by_row
from scoring.engine import fit, measure, scale
from scoring.types import Factor, Measured, Scorecard, Yardstick

MANY = 1000  # rows whose ids are worth reading all
HELD = 4  # groups of rows that memory keeps
THREADS = 2  # that read columns
COLUMNS = 16  # whole columns of facts that it keeps
UNIQUE = ("id", "revision")  # words of which hardly two are the same


def mapped(folder: Path, name: str) -> Any:
    """Map a file of a snapshot into memory: what is read of it later is what was there, even when it is gone."""
    return pa.memory_map(str(folder / name)).read_buffer()


class Stored:
    """A Parquet file of a snapshot, in the order of ids, whose content is mapped into memory and read where asked."""

    def __init__(self, content: Any) -> None:
        self._content = content
        self._file = parquet_file(content)
        groups = [self._file.metadata.row_group(n) for n in range(self._file.num_row_groups)]
        self.names: list[str] = self._file.schema_arrow.names
        at = self.names.index("id")
        self._starts = np.cumsum([0, *(group.num_rows for group in groups)])
        self._last = [str(group.column(at).statistics.max) for group in groups if group.num_rows]
        self._group = lru_cache(maxsize=HELD)(self._read)
        self._one_at_a_time = Lock()  # a reader of Parquet serves one thread

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self._starts[-1])

    def column(self, name: str) -> pa.ChunkedArray:
        """Read a column."""
        return self._alone(name, None)

    @cached_property
    def ids(self) -> pa.LargeStringArray:
        """All ids, which rise; as pandas holds words, so that nobody needs another copy."""
        return self.column("id").cast(pa.large_string()).combine_chunks()

    def ids_of(self, rows: Any) -> Any:
        """Return the ids of rows; somebody who asks for few does not bring all of them into memory."""
        few = "ids" not in self.__dict__ and len(rows) <= MANY
        at = self.rows(rows, ["id"])["id"] if few else self.ids.take(pa.array(rows))
        return np.array(at.to_pylist(), dtype=object)

    def words(self, name: str) -> pa.ChunkedArray:
        """Read a column of words as codes into those of each group."""
        return self._alone(name, [name])

    def rows(self, positions: Any, names: Sequence[str]) -> pa.Table:
        """Read some rows (n positions, in any order) of some columns."""
        wanted = np.asarray(positions, dtype=np.int64)
        groups = np.searchsorted(self._starts, wanted, side="right") - 1
        found, places, before = [], np.empty(len(wanted), dtype=np.int64), 0
        for n in np.unique(groups):
            here = groups == n
            found.append(self._group(int(n), tuple(names)).take(pa.array(wanted[here] - self._starts[n])))
            places[here] = np.arange(before, before + here.sum())
            before += int(here.sum())
        return pa.concat_tables(found).take(pa.array(places)) if found else self._group(0, tuple(names)).slice(0, 0)

    def groups(self, names: Sequence[str]) -> Iterator[pa.Table]:
        """Read some columns group by group."""
        for n in range(self._file.num_row_groups):
            yield self._read(n, tuple(names))

    def find(self, model: str) -> int | None:
        """Return the position of an id, None where there is none."""
        n = int(np.searchsorted(np.array(self._last, dtype=object), model)) if self._last else 0
        if n == len(self._last):
            return None
        at = pc.index(self._group(n, ("id",))["id"], model).as_py()
        return None if at < 0 else int(self._starts[n]) + at

    def _alone(self, name: str, words: list[str] | None) -> pa.ChunkedArray:
        """Read a column, beside others that do."""
        with parquet_file(self._content, words, self._file.metadata) as file:
            return file.read([name], use_threads=False)[name]

    def _read(self, group: int, names: tuple[str, ...]) -> pa.Table:
        with self._one_at_a_time:
            return self._file.read_row_group(group, list(names), use_threads=False)


class Facts:
    """The facts of a large snapshot: rows as pandas holds them; whole columns, of which it keeps some, in less memory.

    A column of words is categorical, and one of numbers has as many bytes as its largest takes.
    """

    def __init__(self, file: Stored, names: Sequence[str] = ("id", *DTYPES)) -> None:
        self.file, self.columns = file, pd.Index(names)
        self.index = pd.RangeIndex(len(file))
        self.iloc = _Rows(self)
        self._column = lru_cache(maxsize=COLUMNS)(self._read)

    def __len__(self) -> int:
        """Return the number of models."""
        return len(self.file)

    def __contains__(self, name: object) -> bool:
        """Whether there is a fact of this name."""
        return name in self.columns

    def __getitem__(self, name: str | list[str]) -> Any:
        """Return a fact of all models, or only some of the facts."""
        if isinstance(name, list):
            return Facts(self.file, name)
        return self.ids if name == "id" else self._column(name)

    def holding(self, text: str) -> Any:
        """Return which ids (n) contain every word of a text, whatever its case."""
        return self.names.holding(text)

    @cached_property
    def names(self) -> Names:
        """All ids, made ready to be searched."""
        return Names(self.file.ids, pa.array(self["likes"]))

    @cached_property
    def ids(self) -> Any:
        """The ids of all models."""
        return pd.Series(pd.arrays.ArrowStringArray(self.file.ids), self.index, copy=False)

    def _read(self, name: str) -> Any:
        if name not in self.file.names:
            return pd.Series(pd.NA, self.index, DTYPES[name])
        if DTYPES.get(name, "string") == "string" and name not in UNIQUE:
            return self._words(name)
        from data.models.snapshot import NULLABLE

        values = self.file.column(name).to_pandas(types_mapper=NULLABLE.get)
        pa.default_memory_pool().release_unused()
        return pd.to_numeric(values, downcast="integer") if DTYPES.get(name) == "Int64" else values

    def _words(self, name: str) -> Any:
        """Read words as codes into the different ones, which the file holds so, too."""
        column = self.file.words(name).unify_dictionaries().combine_chunks()
        codes = column.indices.fill_null(-1).to_numpy()
        words = pd.Index(column.dictionary, dtype="string")
        pa.default_memory_pool().release_unused()
        return pd.Series(pd.Categorical.from_codes(codes, words), self.index, copy=False)


class _Rows:
    """`facts.iloc`: a table of these rows, or one row."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def __getitem__(self, rows: Any) -> Any:
        from data.models.snapshot import facts_frame

        file = self._facts.file
        names = [name for name in self._facts.columns if name in file.names]
        wanted = np.atleast_1d(np.arange(len(file))[rows] if isinstance(rows, slice) else np.asarray(rows))
        wanted = np.flatnonzero(wanted) if wanted.dtype == bool else wanted
        table = facts_frame(file.rows(wanted, names))[self._facts.columns]
        table.index = pd.Index(wanted)
        return table.iloc[0] if np.ndim(rows) == 0 and not isinstance(rows, slice) else table


def scaled_by_row(file: Stored, card: Scorecard, everyone: Stored) -> ScaledByRow:
    """Read the stored scaled measures, a column at a time, into codes and tables of their values.

    `everyone` is a file that has the same ids.
    """
    with ThreadPoolExecutor(THREADS) as threads:
        met = threads.map(lambda cap: _compact(file.column(f"{cap.id}:cap").to_numpy()), card.caps)
        factors = [*threads.map(partial(_values, file), card.factors)]
    pa.default_memory_pool().release_unused()
    return by_row(ByRow(everyone.ids_of, len(file)), factors, [*met])


def _values(file: Stored, f: Factor) -> Values:
    """Read a factor; ends that are not declared are those of what is known exactly or not at all, as `scale` has it."""
    stored = file.column(f.id)
    codes, value = _encoded(stored)
    tables = {"value": value, "low": np.nan_to_num(value, nan=0.0), "high": np.nan_to_num(value, nan=1.0)}
    tables["applies"] = np.ones(len(value), dtype=bool)
    known = stored.to_numpy()
    further = {"low": f.open_end, "high": f.open_end, "applies": f.applies}
    for field in (field for field, declared in further.items() if declared is not None):
        column = file.column(f"{f.id}:{field}")
        if field == "applies" or not np.array_equal(column, np.nan_to_num(known, nan=0.0 if field == "low" else 1.0)):
            codes, tables = _joined(codes, tables, field, column)
    return Values(codes=_compact(codes), **tables)


def between_all(scaled: Any, facts: Stored, card: Scorecard, as_of: str) -> tuple[ScaledByRow, Yardstick]:
    """Scale again, beside what is `scaled` (by row), what has no declared scale: between the least and the most."""
    found, low, high = list(scaled.factors), dict[str, float](), dict[str, float]()
    for j, f in enumerate(card.factors):
        low[f.id], high[f.id] = f.low, f.high
        if f.curve in ("linear", "log"):
            alone = replace(card, categories=(replace(card.category_of(f.id), factors=(f,)),), caps=())
            codes, measured = _measured(alone, facts)
            fitted = fit(alone, measured, "population", as_of)
            again = scale(alone, measured, fitted)
            columns = {name: getattr(again, name)[:, 0] for name in ("value", "low", "high", "applies")}
            found[j] = Values(codes=_compact(codes), **columns)
            low.update(fitted.low)
            high.update(fitted.high)
    yardstick = Yardstick(low=low, high=high, kind="population", subjects=len(facts), as_of=as_of)
    return by_row(scaled.ids, found, scaled.caps.columns), yardstick


def _measured(card: Scorecard, facts: Stored) -> tuple[Any, Measured]:
    """Measure the one factor of a card: a code for each model, and the different measures that they stand for."""
    table = pa.table({"id": np.zeros(len(facts), np.int8)} | {name: facts.column(name) for name in card.reads})
    measured = measure(card, table)
    codes, raw = _encoded(pa.array(measured.raw[:, 0], from_pandas=True))
    tables = {"raw": raw}
    for name in ("open_end", "applies"):
        codes, tables = _joined(codes, tables, name, pa.array(getattr(measured, name)[:, 0], from_pandas=True))
    columns = {name: column.reshape(-1, 1) for name, column in tables.items()}
    none: Any = np.empty(len(raw), dtype=object)
    return codes, Measured(ids=none, **columns, caps=np.zeros((len(raw), 0), dtype=bool))


def _joined(codes: Any, tables: dict[str, Any], name: str, column: Any) -> tuple[Any, dict[str, Any]]:
    """Return codes (n) and tables in which each value stands beside the one that another column has there."""
    others, table = _encoded(column)
    codes, pairs = _encoded(pa.array(codes.astype(np.int64) * len(table) + others))
    first, second = np.divmod(pairs, len(table))
    return codes, {known: values[first] for known, values in tables.items()} | {name: table[second]}


def _encoded(column: Any) -> tuple[Any, Any]:
    """Return the place of each value (n) in a table of the different ones, and this table; null is NaN."""
    found = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    found = found.dictionary_encode("encode")
    table = found.dictionary.to_numpy(zero_copy_only=False)
    return found.indices.to_numpy().astype(np.min_scalar_type(max(len(table) - 1, 0))), table


def _compact(column: Any) -> Any:
    """Return a column read-only; where all of it is the same it takes no memory."""
    column = np.broadcast_to(column[:1], column.shape) if len(column) and (column == column[0]).all() else column
    column.flags.writeable = False
    return column


# Checks of all rows, a group at a time; ValueError when a file does not fit the others.


def check_scaled(scaled: Stored, ids: pa.ChunkedArray) -> None:
    """Check that the scaled measures are those of these ids, which rise, and that every interval has its ends."""
    if not scaled.column("id").equals(ids) or not pc.all(pc.less(ids[:-1], ids[1:])).as_py():
        raise ValueError("The ids are not those of the facts.")
    ends = [name for name in scaled.names if name.endswith((":low", ":high"))]
    for table in scaled.groups(ends):
        if any(column.null_count or pc.any(pc.is_nan(column)).as_py() for column in table.columns):
            raise ValueError("An interval has no end.")


def check_evidence(content: Any, facts: Stored, rows: int) -> None:
    """Check that evidence has so many rows, one a fact of a model that there is, in the order of both."""
    ids, columns, last = facts.column("id"), pa.array(["id", *DTYPES]), -1
    with parquet_file(content) as file:
        if file.metadata.num_rows != rows:
            raise ValueError("Rows are missing, or there are too many.")
        for group in range(file.num_row_groups):
            table = file.read_row_group(group, ["subject", "fact"], use_threads=False)
            if not table.num_rows:
                continue
            first, end = (facts.find(table["subject"][n].as_py()) for n in (0, -1))
            if first is None or end is None:
                raise ValueError("There is evidence of a model that is not there.")
            model = pc.index_in(table["subject"], ids.slice(first, end + 1 - first).combine_chunks())
            fact = pc.index_in(table["fact"].cast(pa.string()), columns)
            if model.null_count or fact.null_count:
                raise ValueError("There is evidence of something that is not there.")
            at = (model.to_numpy().astype(np.int64) + first) * len(columns) + fact.to_numpy()
            if at[0] <= last or (np.diff(at) <= 0).any():
                raise ValueError("Evidence is not in the order of models and facts.")
            last = int(at[-1])
