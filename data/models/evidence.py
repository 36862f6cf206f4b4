"""The evidence of a snapshot read back: where the facts of one subject come from, if not from the usual source."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

import numpy as np

from data.archive import read_parquet

COLUMNS = ("subject", "fact", "source", "as_of", "note")


class Exceptions:
    """The rows of evidence.parquet, in which those of a subject stand together; a few bytes for each, not a tuple."""

    def __init__(self, content: bytes) -> None:
        self._table = read_parquet(content, words=COLUMNS).unify_dictionaries().combine_chunks()
        subject = self._table["subject"].combine_chunks()
        codes = subject.indices.to_numpy()
        ids = subject.dictionary.to_pylist()
        starts = np.flatnonzero(np.diff(codes, prepend=-1)).tolist()
        self._rows = {ids[codes[a]]: (a, b - a) for a, b in pairwise([*starts, len(codes)])}
        self.of = lru_cache(maxsize=100)(self._of)

    def _of(self, subject: str) -> Mapping[str, tuple[str, str, str]]:
        """Return fact -> (source, as_of, note) wherever that differs from the snapshot's usual source and day."""
        rows = self._table.slice(*self._rows.get(subject, (0, 0))).to_pylist()
        return {row["fact"]: (row["source"], row["as_of"], row["note"]) for row in rows}
