"""A snapshot's files, written a group of models at a time: a Parquet file gets a group of rows for each."""

from __future__ import annotations

import zlib
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.archive import parquet_writer
from data.models.origins import EVIDENCE
from data.models.provenance import Catalogue, Tally
from data.models.snapshot import facts_frame, scaled_table
from scoring.engine import fit, measure, scale
from scoring.ground import answered, common_ground
from scoring.types import Scorecard, Yardstick

GROUP = 2000  # models that memory holds, and that are a group of rows in the files
GZIP = 31  # window bits: zlib writes gzip's own header, without a time, so that the same records give the same bytes


class Writer:
    """Fills a draft with a snapshot's files, from tables of models in the order of their ids; `as_of` dates none."""

    def __init__(self, draft: Path, card: Scorecard, as_of: date) -> None:
        self._draft, self._card = draft, card
        self.models, self.tally = 0, Tally(as_of)
        self._answers = np.zeros(len(card.factors), dtype=np.int64)
        self._yardstick: Yardstick | None = None
        self._tables: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> Writer:
        self._files = ExitStack()
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def write(self, facts: pa.Table, origins: pa.ListArray, catalogue: Catalogue) -> None:
        """Write the next models: their facts, and the numbers of where these come from in a catalogue."""
        measured = measure(self._card, facts_frame(facts))
        self._yardstick = fit(self._card, measured, "goalposts", "")  # as declared, whatever is measured
        scaled = scale(self._card, measured, self._yardstick)
        self._answers += answered(scaled)
        self.models += facts.num_rows
        self.tally.add(facts, origins, catalogue)
        self._add("facts", facts)
        self._add("scaled", scaled_table(scaled, self._card))
        self._add("evidence", evidence_table(facts["id"], origins, catalogue))

    def finish(self) -> dict[str, Any]:
        """Write the yardstick; returns what the manifest says of the models."""
        self._files.close()
        if self._yardstick:
            yardstick = replace(self._yardstick, subjects=self.models, as_of=self.tally.newest())
            (self._draft / "yardstick.json").write_text(yardstick.to_json() + "\n", "utf-8")
        card = self._card
        return {
            "rows": self.models,
            "scorecard": {"id": card.id, "version": card.version, "fingerprint": card.fingerprint},
            "common_ground": list(common_ground(card, self._answers, self.models)),
            "sources": self.tally.sources(),
            "facts": self.tally.coverage(),
        }

    def _add(self, name: str, table: pa.Table) -> None:
        if name not in self._tables:
            file = parquet_writer(self._draft / f"{name}.parquet", table.schema)
            self._tables[name] = self._files.enter_context(file)
        self._tables[name].write_table(table)


class Lines:
    """The records that a snapshot keeps, a line each, compressed; the same lines give the same bytes."""

    def __init__(self, path: Path) -> None:
        self._file, self._pack = path.open("wb"), zlib.compressobj(9, wbits=GZIP)

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.write(self._pack.flush())
        self._file.close()

    def write(self, line: str) -> None:
        """Write the next line."""
        self._file.write(self._pack.compress(line.encode()))


def evidence_table(ids: pa.ChunkedArray, origins: pa.ListArray, catalogue: Catalogue) -> pa.Table:
    """Make the table of where facts come from: a row for each number of a model's origins in a catalogue."""
    numbers, rows = origins.flatten(), origins.value_parent_indices()
    texts = (list(column) for column in zip(*catalogue.entries, strict=True)) if catalogue.entries else ([],) * 4
    columns = [pa.array(column, pa.string()).take(numbers).dictionary_encode() for column in texts]
    return pa.table([ids.combine_chunks().take(rows), *columns], EVIDENCE)
