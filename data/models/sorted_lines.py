"""Texts in the order of their ids, on disk: however many there are, they take no more memory than a few."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

_PUT = "INSERT OR REPLACE INTO texts VALUES (?, ?)"


class SortedLines:
    """A file of texts by id; of several with one id the last counts. The file is gone when the block ends.

    Ids come in the order of Python's own sorting, by code point. OSError when the disk is full.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> SortedLines:
        self._file = sqlite3.connect(self._path, isolation_level=None)
        # Nobody reads it after a crash, so nothing is done to survive one.
        self._file.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        self._file.executescript("CREATE TABLE texts (id TEXT PRIMARY KEY, text TEXT); BEGIN")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def put(self, key: str, text: str) -> None:
        """Keep a text, in place of an earlier one of that id."""
        try:
            self._file.execute(_PUT, (key, text))
        except sqlite3.Error as wrong:
            raise OSError(None, str(wrong), str(self._path)) from None

    def __len__(self) -> int:
        return int(self._file.execute("SELECT count(*) FROM texts").fetchone()[0])

    def ids(self) -> Iterator[str]:
        """Yield the ids in their order."""
        for (key,) in self._file.execute("SELECT id FROM texts ORDER BY id"):
            yield key

    def texts(self) -> Iterator[str]:
        """Yield the texts in the order of their ids."""
        for (text,) in self._file.execute("SELECT text FROM texts ORDER BY id"):
            yield text
