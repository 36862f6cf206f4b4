"""One collection on disk: every raw reply, compressed, with its address and time, in a file that survives kill -9.

    <folder>/replies.sqlite    replies    name, url (never with a token), at, status, stamp, links, body (zlib)
                               failures   what failed, with its reason, until it succeeds
                               totals     all-time downloads by day, for figures that are differences of two of them
                               about      what was asked for, when it began, whether it ended

SQLite rolls an interrupted write back when the file is next opened and takes its side files away. After a power cut,
the last few answers may have to be asked again.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from data.http.message import Failure, Response, now

FILE = "replies.sqlite"
RESUMED_FOR = 24.0  # hours
_SCHEMA = """
CREATE TABLE IF NOT EXISTS replies (name TEXT PRIMARY KEY, url TEXT, at TEXT, status INTEGER, kind TEXT, reason TEXT,
    code TEXT, link TEXT, last TEXT, body BLOB, stamp TEXT);
CREATE TABLE IF NOT EXISTS failures (name TEXT PRIMARY KEY, url TEXT, at TEXT, status INTEGER, kind TEXT, reason TEXT);
CREATE TABLE IF NOT EXISTS totals (subject TEXT, day TEXT, downloads INTEGER, PRIMARY KEY (subject, day));
CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT);
"""
_KEPT = "SELECT name, url, at, status, kind, reason, code, link, last, body, stamp FROM replies"
_KEEP = "INSERT OR REPLACE INTO replies VALUES (?,?,?,?,?,?,?,?,?,?,?)"


class ReplyStoreError(ValueError):
    """A folder that holds no collection, or cannot be written; the message names it and says what to do."""


def holds_replies(path: str | Path) -> bool:
    """Whether a path is the folder of a collection."""
    return (Path(path) / FILE).is_file()


class ReplyStore:
    """A collection's folder. Threads may share it; a reply survives kill -9 once `keep` has returned."""

    def __init__(self, folder: Path, *, create: bool = True) -> None:
        self.folder = folder
        path = folder / FILE
        if not create and not path.is_file():
            raise ReplyStoreError(
                f"{folder} holds no collection; make one with `weighbridge collect SOURCE --run {folder}`."
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, timeout=30, check_same_thread=False, isolation_level=None)
            self._file.execute("PRAGMA journal_mode = WAL")
            self._file.execute("PRAGMA synchronous = NORMAL")
            self._file.executescript(_SCHEMA)
        except OSError as wrong:
            raise ReplyStoreError(f"{folder} cannot be written: {(wrong.strerror or str(wrong)).lower()}.") from None
        except sqlite3.Error as wrong:
            raise ReplyStoreError(f"{path} cannot be used: {wrong}; name another folder with --run.") from None
        self._lock = threading.Lock()
        self.started = str(self.about("started") or "")

    def begin(self, plan: Mapping[str, Any], *, again: bool = False, resume: bool = False) -> bool:
        """Start, or go on (returns True) with what was interrupted or left something missing, within a day.

        Only what is asked after the start counts as done, or what is still fresh from an earlier collection here.
        `again` starts anew in any case, `resume` goes on in any case.
        """
        unfinished = not self.about("whole") and _age(self.started) < RESUMED_FOR
        resumes = bool(self.started) and not again and (resume or unfinished)
        if not resumes:
            self.started = now()
            self._set("started", self.started)
        self._write("DELETE FROM failures")  # what failed is asked again and fails again, or not
        self._set("whole", False)
        self._set("ended", None)
        self._set("plan", dict(plan))
        return resumes

    def end(self, *, whole: bool) -> None:
        """Mark the collection as done; if it is whole, the next one here refreshes instead of going on."""
        self._set("whole", whole)
        self._set("ended", now())

    def about(self, key: str) -> Any:
        """Return what is kept of the collection under a key: plan, started, ended or whole; None when nothing is."""
        found = self._read("SELECT value FROM about WHERE key = ?", key)
        return json.loads(found[0]) if found else None

    def response(self, name: str) -> tuple[Response, str] | None:
        """Return a kept reply and its stamp."""
        found = self._read(_KEPT + " WHERE name = ?", name)
        return _reply(found) if found else None

    def keep(self, response: Response, stamp: str = "") -> None:
        """Keep an answer (a good reply, or that there is nothing) in place of an older one and of a failure."""
        one = response
        row = (one.name, one.url, one.at, one.status, one.kind, one.reason, one.code, one.link, one.last)
        self._write(_KEEP, *row, zlib.compress(one.body, 6), stamp)
        self._write("DELETE FROM failures WHERE name = ?", one.name)

    def fail(self, response: Response) -> None:
        """Note a failure; an older answer stays where it is."""
        row = (response.name, response.url, response.at, response.status, response.kind, response.reason)
        self._write("INSERT OR REPLACE INTO failures VALUES (?,?,?,?,?,?)", *row)

    def forget_after(self, prefix: str, name: str) -> None:
        """Forget the replies under `prefix` that come after `name`: the pages that a shorter listing no longer has."""
        self._write("DELETE FROM replies WHERE name > ? AND name < ?", name, prefix + "\U0010ffff")

    def failure(self, name: str) -> Response | None:
        """Return the failure of a call, None when it did not fail."""
        found = self._read("SELECT name, url, at, status, kind, reason FROM failures WHERE name = ?", name)
        return _failure(found) if found else None

    def failures(self) -> Iterator[Response]:
        """Yield every failure."""
        yield from map(_failure, self._all("SELECT * FROM failures ORDER BY name"))

    def add_total(self, subject: str, day: str, downloads: int) -> None:
        """Remember an all-time total of a day."""
        self._write("INSERT OR REPLACE INTO totals VALUES (?,?,?)", subject, day, downloads)

    def totals(self) -> dict[str, dict[str, int]]:
        """Return the all-time totals of every subject by day."""
        found: dict[str, dict[str, int]] = {}
        for subject, day, downloads in self._all("SELECT subject, day, downloads FROM totals"):
            found.setdefault(subject, {})[day] = downloads
        return found

    def close(self) -> None:
        """Close the file; its side files go."""
        with self._lock:
            self._file.close()

    def __enter__(self) -> ReplyStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _set(self, key: str, value: Any) -> None:
        self._write("INSERT OR REPLACE INTO about VALUES (?,?)", key, json.dumps(value))

    def _write(self, statement: str, *values: object) -> None:
        self._all(statement, *values)

    def _read(self, statement: str, *values: object) -> tuple[Any, ...] | None:
        return next(iter(self._all(statement, *values)), None)

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            with self._lock, closing(self._file.execute(statement, values)) as rows:
                return rows.fetchall()
        except sqlite3.Error as wrong:
            raise ReplyStoreError(f"{self.folder / FILE} cannot be used: {wrong}.") from None


def _age(at: str) -> float:
    return (datetime.fromisoformat(now()) - datetime.fromisoformat(at)) / timedelta(hours=1) if at else 0.0


def _reply(found: tuple[Any, ...]) -> tuple[Response, str]:
    name, url, at, status, kind, reason, code, link, last, body, stamp = found
    try:
        raw = zlib.decompress(body)
    except zlib.error:
        raise ReplyStoreError(f"The kept reply {name} is damaged; collect into another folder with --run.") from None
    return Response(name, url, at, status, raw, link, last, code, cast("Failure", kind), reason), str(stamp)


def _failure(found: tuple[Any, ...]) -> Response:
    name, url, at, status, kind, reason = found
    return Response(name, url, at, status, kind=cast("Failure", kind), reason=reason)
