"""Where the facts of a snapshot's models come from: evidence.parquet, read where somebody asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.archive import parquet_file, reading
from scoring.types import Evidence

EVIDENCE = pa.schema(
    [
        ("subject", pa.string()),
        ("fact", pa.dictionary(pa.int32(), pa.string())),
        ("source", pa.dictionary(pa.int32(), pa.string())),
        ("as_of", pa.dictionary(pa.int32(), pa.string())),
        ("note", pa.dictionary(pa.int32(), pa.string())),
    ]
)


class Origins:
    """Where facts come from: evidence.parquet, of which memory holds the few groups of rows that were asked for."""

    def __init__(self, content: bytes, folder: Path) -> None:
        self._content, self._folder = content, folder
        with parquet_file(content) as file:
            if file.schema_arrow != EVIDENCE:
                raise ValueError("The columns are not those of evidence.")
            groups = {n: file.metadata.row_group(n) for n in range(file.num_row_groups)}
        # The first and the last model of each group: they are in order, so that one group holds a given model.
        subjects = {n: group.column(0).statistics for n, group in groups.items() if group.num_rows}
        if any(subject.null_count for subject in subjects.values()):
            raise ValueError("A fact is of no model.")
        self._ends = {n: (str(subject.min), str(subject.max)) for n, subject in subjects.items()}
        self.of = lru_cache(maxsize=100)(self._of)
        self._group = lru_cache(maxsize=4)(self._read)

    def days(self, facts: Collection[str]) -> Counter[str]:
        """Return how many values of these facts were read on each day."""
        with self._open() as file:
            table = file.read(["fact", "as_of"], use_threads=False).unify_dictionaries()
        asked = table.filter(pc.is_in(table["fact"].cast(pa.string()), pa.array(facts, pa.string())))
        counted = pc.value_counts(asked["as_of"].cast(pa.string())).to_pylist()
        return Counter({day["values"]: day["counts"] for day in counted})

    def read_on(self, fact: str) -> dict[str, str]:
        """Return the ISO day on which a fact was read, by model."""
        with self._open() as file:
            table = file.read(["subject", "fact", "as_of"], use_threads=False).unify_dictionaries()
        asked = table.filter(pc.equal(table["fact"].cast(pa.string()), fact))
        return dict(zip(asked["subject"].to_pylist(), asked["as_of"].to_pylist(), strict=True))

    def _of(self, model: str) -> Mapping[str, tuple[str, str, str]]:
        """Return fact -> (source, as_of, note) of a model; empty of one that is not there."""
        groups = [self._group(n) for n, (first, last) in self._ends.items() if first <= model <= last]
        rows = [row for group in groups for row in _rows(group, model)]
        return {row["fact"]: (row["source"], row["as_of"], row["note"]) for row in rows}

    def _read(self, group: int) -> pa.Table:
        with self._open() as file:
            return file.read_row_group(group, use_threads=False).unify_dictionaries().combine_chunks()

    @contextmanager
    def _open(self) -> Iterator[pq.ParquetFile]:
        """Open the table; SnapshotError when what is read of it is damaged."""
        with reading(self._folder, "evidence.parquet"), parquet_file(self._content, ["subject"]) as file:
            yield file


def _rows(group: pa.Table, model: str) -> list[dict[str, Any]]:
    """Return the rows of a model; the ids of models are codes here, of which only the different ones are compared."""
    subjects = group["subject"].chunk(0)
    code = pc.index(subjects.dictionary, model).as_py()
    rows: list[dict[str, Any]] = group.filter(pc.equal(subjects.indices, code)).to_pylist() if code >= 0 else []
    return rows


def evidence(model: str, fact: str, value: object, page: str, source: str, as_of: str, note: str) -> Evidence:
    """Return where a value comes from: source, day and note, and the page to check it on; unknown has no source."""
    unknown = value is None or value is pd.NA
    return Evidence(
        subject=model,
        fact=fact,
        value=None if unknown else value,
        state="unknown" if unknown else ("absent" if value == 0 else "known"),
        source="" if unknown else source,
        url=page,
        as_of="" if unknown else as_of,
        note=note,
    )
