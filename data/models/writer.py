"""A snapshot's files, written a group of models at a time: a Parquet file gets a group of rows for each."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.archive import parquet_writer
from data.models import columns, evidence
from scoring.engine import fit, measure, scale
from scoring.types import Scorecard, Yardstick

GROUP = 2000  # models that memory holds, and that are a group of rows in the files
GZIP = 31  # window bits: zlib writes gzip's own header, without a time, so that the same records give the same bytes
_EVIDENCE = pa.schema([(name, pa.string()) for name in evidence.COLUMNS])


class Writing:
    """Fills a draft with a snapshot's files; the evidence waits in one of its own until it is known what is usual."""

    def __init__(self, draft: Path, dtypes: Mapping[str, str], card: Scorecard) -> None:
        self._draft, self._dtypes, self._card = draft, dtypes, card
        self.models = 0
        self._rows: list[Mapping[str, Any]] = []
        self._evidence: list[tuple[str, ...]] = []
        self._stick: Yardstick | None = None
        self._tables: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> Writing:
        self._files = ExitStack()
        self._records = self._files.enter_context((self._draft / "records.jsonl.gz").open("wb"))
        self._pack = zlib.compressobj(9, wbits=GZIP)
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def add(self, row: Mapping[str, Any], told: Iterable[tuple[str, ...]], record: str) -> None:
        """Write the next model in the order of ids: facts, evidence, and the line that both are read from."""
        self._rows.append(row)
        self._evidence.extend(told)
        self._records.write(self._pack.compress(record.encode()))
        self.models += 1
        if len(self._rows) == GROUP:
            self._flush()

    def finish(self, taken: str, usual: tuple[str, str]) -> None:
        """Write the rest: the yardstick, and as evidence what differs from the usual source and day or has a note."""
        if self._rows or not self._stick:  # a snapshot of nothing has its columns, too
            self._flush()
        self._records.write(self._pack.flush())
        self._files.close()
        waiting, path = self._draft / "waiting.parquet", self._draft / "evidence.parquet"
        with pq.ParquetFile(waiting) as every, parquet_writer(path, _EVIDENCE) as kept:
            for group in range(every.num_row_groups):  # each thread would keep 10 MB to itself
                kept.write_table(_unusual(every.read_row_group(group, use_threads=False), usual))
        waiting.unlink()
        if self._stick:
            yardstick = replace(self._stick, subjects=self.models, as_of=taken)
            (self._draft / "yardstick.json").write_text(yardstick.to_json() + "\n", "utf-8")

    def _flush(self) -> None:
        facts = columns.to_arrow(self._rows, self._dtypes)
        measured = measure(self._card, columns.to_pandas(facts))
        self._stick = fit(self._card, measured, "goalposts", "")
        self._write("facts", facts)
        self._write("scaled", columns.from_scaled(scale(self._card, measured, self._stick), self._card))
        told = zip(*self._evidence, strict=True) if self._evidence else ([] for _ in _EVIDENCE)
        self._write("waiting", pa.table([pa.array(column, pa.string()) for column in told], _EVIDENCE))
        self._rows, self._evidence = [], []

    def _write(self, name: str, table: pa.Table) -> None:
        if name not in self._tables:
            file = parquet_writer(self._draft / f"{name}.parquet", table.schema)
            self._tables[name] = self._files.enter_context(file)
        self._tables[name].write_table(table)


def _unusual(every: pa.Table, usual: tuple[str, str]) -> pa.Table:
    source, day = usual
    elsewhere = pc.or_(pc.not_equal(every["source"], source), pc.not_equal(every["as_of"], day))
    return every.filter(pc.or_(elsewhere, pc.not_equal(every["note"], ""))).combine_chunks()
