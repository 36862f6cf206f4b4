"""A snapshot's files, written a group of models at a time: a Parquet file gets a group of rows for each."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.archive import parquet_writer
from data.models.provenance import Origin
from data.models.snapshot import EVIDENCE, facts_frame, facts_table, scaled_table
from scoring.engine import fit, measure, scale
from scoring.ground import answered, common_ground
from scoring.types import Scorecard, Yardstick

GROUP = 2000  # models that memory holds, and that are a group of rows in the files
GZIP = 31  # window bits: zlib writes gzip's own header, without a time, so that the same records give the same bytes


class Writer:
    """Fills a draft with a snapshot's files, from models in the order of their ids."""

    def __init__(self, draft: Path, card: Scorecard) -> None:
        self._draft, self._card = draft, card
        self.models = 0
        self._answers = np.zeros(len(card.factors), dtype=np.int64)
        self._rows: list[Mapping[str, Any]] = []
        self._evidence: list[tuple[str, ...]] = []
        self._yardstick: Yardstick | None = None
        self._tables: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> Writer:
        self._files = ExitStack()
        self._records = self._files.enter_context((self._draft / "records.jsonl.gz").open("wb"))
        self._pack = zlib.compressobj(9, wbits=GZIP)
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def add(self, row: Mapping[str, Any], origins: Mapping[str, Origin], record: str) -> None:
        """Write the next model: its facts, where they come from, and the line that both are read from."""
        self._rows.append(row)
        self._evidence += ((row["id"], fact, *origin, row["notes"].get(fact, "")) for fact, origin in origins.items())
        self._records.write(self._pack.compress(record.encode()))
        self.models += 1
        if len(self._rows) == GROUP:
            self._flush()

    def finish(self, taken: str) -> None:
        """Write the rest, and the yardstick."""
        if self._rows or not self._yardstick:  # a snapshot of nothing has its columns, too
            self._flush()
        self._records.write(self._pack.flush())
        self._files.close()
        if self._yardstick:
            yardstick = replace(self._yardstick, subjects=self.models, as_of=taken)
            (self._draft / "yardstick.json").write_text(yardstick.to_json() + "\n", "utf-8")

    @property
    def common_ground(self) -> tuple[str, ...]:
        """Ids of the factors that are known for nearly all models that were written."""
        return common_ground(self._card, self._answers, self.models)

    def _flush(self) -> None:
        facts = facts_table(self._rows)
        measured = measure(self._card, facts_frame(facts))
        self._yardstick = fit(self._card, measured, "goalposts", "")
        self._write("facts", facts)
        scaled = scale(self._card, measured, self._yardstick)
        self._answers += answered(scaled)
        self._write("scaled", scaled_table(scaled, self._card))
        columns = zip(*self._evidence, strict=True) if self._evidence else [[]] * len(EVIDENCE)
        arrays = [pa.array(values, kind) for values, kind in zip(columns, EVIDENCE.types, strict=True)]
        self._write("evidence", pa.table(arrays, EVIDENCE))
        self._rows, self._evidence = [], []

    def _write(self, name: str, table: pa.Table) -> None:
        if name not in self._tables:
            file = parquet_writer(self._draft / f"{name}.parquet", table.schema)
            self._tables[name] = self._files.enter_context(file)
        self._tables[name].write_table(table)
