"""Platforms without an API: a table of repositories, kept by hand or read off their pages, as CSV or JSON lines.

Its columns are those of RepositoryRow; only org and name are needed, the rest is unknown where it is blank:
    org name kind source repo modality lifecycle downloads_last_month total_downloads likes community date link
`dataset_name` and `date_crawl` are understood for name and date. Numbers may be written 12,761 or 10.3k; -1 is unknown.
Google, Meta and other official pages are only a table: the list of 204 data sets that comes with the bundled months.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

from data import archive
from data.collect.asker import Asker
from data.http.message import origin
from data.platforms.platform import Options, Platform
from data.platforms.repository import KINDS, LAYOUT, RepositoryRow
from data.shapes import as_count, as_date, as_dict, as_text
from scoring.factors import org_data, org_model

MOST_BYTES: Final = 50_000_000
_COUNTS: Final = ("downloads_last_month", "total_downloads", "likes", "community")
_AGAIN: Final = {"dataset_name": "name", "model_name": "name", "date_crawl": "date", "organisation": "org"}
_SHORT: Final = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,3})?)\s*([kKmMwW万])")
_WORDS: Final = (*org_data.MODALITIES.values(), *org_data.LIFECYCLES.values(), *org_model.MODALITIES.values())
_LABELS: Final = {word.lower(): word for word in _WORDS}
_TIMES: Final = {"k": 1000, "m": 10**6, "w": 10**4, "万": 10**4}


class Unreadable(ValueError):
    """A table that cannot be read; the message is one sentence with its name."""


class BadRow(str):
    """A sentence about a row that was left out."""


def read(path: Path, source: str, as_of: date, asker: Asker | None = None) -> Iterator[RepositoryRow]:
    """Yield the repository rows of a table; a row that cannot be read is noted by the asker, if there is one."""
    yield from _good(fetch(path), source, as_of, asker)


def _good(
    raws: Iterable[Mapping[str, Any] | BadRow], source: str, as_of: date, asker: Asker | None
) -> Iterator[RepositoryRow]:
    for n, raw in enumerate(raws, start=1):
        row = raw if isinstance(raw, BadRow) else facts(raw, source, as_of)
        if isinstance(row, RepositoryRow):
            yield row
        elif asker:
            asker.miss(f"{source}/row/{n}", "damaged", str(row))


def _bundled() -> Iterator[Mapping[str, Any]]:
    """Yield the data sets that the newest bundled month of organisations lists by hand."""
    newest = archive.dates(LAYOUT.kind, archive.BUNDLED)[-1]
    manifest, files = archive.opened(archive.BUNDLED / LAYOUT.kind / newest, LAYOUT)
    day = manifest.get("by_hand") or manifest["taken"]
    yield from (row | {"date": day} for row in archive.read_parquet(files["listed.parquet"]).to_pylist())


def fetch(path: Path) -> Iterator[Mapping[str, Any] | BadRow]:
    """Yield the rows of a table as they stand, or a sentence for each bad one; Unreadable where there is no table."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable(f"{path} is larger than {MOST_BYTES // 10**6} MB.")
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        reason = (wrong.strerror or "").lower() if isinstance(wrong, OSError) else "it is not UTF-8 text"
        raise Unreadable(f"{path} cannot be read: {reason}.") from None
    yield from _json(text, path) if text.lstrip().startswith("{") else _csv(text, path)


def facts(raw: Mapping[str, Any], source: str, as_of: date) -> RepositoryRow | BadRow:
    """Turn a row of a table into a repository row; a sentence when it names no organisation or repository. Pure."""
    cells = {_AGAIN.get(str(key), str(key)): value for key, value in raw.items()}
    text = {key: as_text(value) for key, value in cells.items()}
    org, name, dated, link = (text.get(key) for key in ("org", "name", "date", "link"))
    if not org or not name:
        return BadRow(f"A row of {source} has no org or no name; it was left out.")
    day = as_date(cells["date"]) if dated else as_of
    if day is None:
        return BadRow(f"A row of {source} is dated {dated}, which is not a date; it was left out.")
    if day > max(as_of, date.today()):
        return BadRow(f"A row of {source} is dated {day}, which lies ahead; it was left out.")
    kind = (text.get("kind") or "dataset").lower().replace(" ", "").removesuffix("s")
    if kind not in KINDS:
        return BadRow(f"A row of {source} has the kind {text['kind']}, which is neither model nor dataset; left out.")
    labels = {key: _LABELS.get((text.get(key) or "").lower(), text.get(key)) for key in ("modality", "lifecycle")}
    known: dict[str, Any] = labels | {key: number(cells.get(key)) for key in _COUNTS}
    known |= {"source": text.get("source") or source, "kind": kind, "org": org, "repo": text.get("repo"), "name": name}
    known |= {"date_crawl": day.isoformat(), "link": link if origin(link or "") else None}
    return RepositoryRow(**known)


def number(value: object) -> int | None:
    """Return a count as people write it (12,761 or 10.3k), None for -1, blank, and what is not a count."""
    plain = as_count(value)
    if plain is not None or not isinstance(value, str):
        return plain
    found = _SHORT.fullmatch(value.strip())
    return as_count(round(float(found[1]) * _TIMES[found[2].lower()])) if found else None


def _json(text: str, path: Path) -> Iterator[Mapping[str, Any] | BadRow]:
    for n, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        yield (
            as_dict(row)
            if isinstance(row, dict)
            else BadRow(f"Line {n} of {path} is not a JSON object; it was left out.")
        )


def _csv(text: str, path: Path) -> Iterator[Mapping[str, Any] | BadRow]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        names = {_AGAIN.get(name, name) for name in reader.fieldnames or ()}
    except csv.Error as wrong:
        raise Unreadable(f"{path} is not CSV: {wrong}.") from None
    if not {"org", "name"} <= names:
        raise Unreadable(f"{path} has no columns org and name.")
    try:
        for row in reader:
            yield {key: value for key, value in row.items() if isinstance(key, str)}
    except csv.Error as wrong:
        yield BadRow(f"{path} is not CSV from line {reader.line_num} on ({wrong}); the rest was left out.")


# Google, Meta and others: a table in place of the bundled list is read as every platform's table is.
SITES: Final[Platform] = Platform(
    id="sites",
    title="official pages",
    lists=("dataset",),
    options=Options(takes=("table", "as_of")),
    steps=lambda choice: (),
    fetch=lambda asker, choice: () if choice["table"] else (_good(_bundled(), SITES.title, date.today(), asker),),
    facts=asdict,
)
