"""Platforms without an API: a table of theirs, kept by hand or read off their pages, as CSV or JSON lines.

Columns (those of the organisation data; only org and name are needed, the rest is unknown where it is blank):
    org name kind source repo modality lifecycle downloads_last_month total_downloads likes community date link
`dataset_name` and `date_crawl` are understood for name and date. Numbers may be written 12,761 or 10.3k; -1 is unknown.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from data.collect.asker import Asker
from data.http.message import origin
from data.shapes import as_count, as_date, as_dict, as_text
from scoring.factors import org_data, org_model

FACTS: Final[Mapping[str, str]] = {
    "downloads_last_month": "downloads in the last month",
    "total_downloads": "downloads since the beginning",
    "likes": "likes",
    "community": "threads of its community",
}
MOST_BYTES: Final = 50_000_000
_TEXTS: Final = ("org", "repo", "name", "source", "kind", "modality", "lifecycle", "link")
_AGAIN: Final = {"dataset_name": "name", "model_name": "name", "date_crawl": "date", "organisation": "org"}
_SHORT: Final = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,3})?)\s*([kKmMwW万])")
_WORDS: Final = (*org_data.MODALITIES.values(), *org_data.LIFECYCLES.values(), *org_model.MODALITIES.values())
_LABELS: Final = {word.lower(): word for word in _WORDS}
_TIMES: Final = {"k": 1000, "m": 10**6, "w": 10**4, "万": 10**4}


class Unreadable(ValueError):
    """A table that cannot be read; the message is one sentence with its name."""


class BadRow(str):
    """A sentence about a row that was left out."""


def read(path: Path, source: str, as_of: date, asker: Asker | None = None) -> Iterator[dict[str, Any]]:
    """Yield the repository rows of a table; a row that is none is noted by the asker, if there is one."""
    yield from keep(fetch(path), source, as_of, asker)


def keep(
    raws: Iterable[Mapping[str, Any] | BadRow], source: str, as_of: date, asker: Asker | None
) -> Iterator[dict[str, Any]]:
    """Yield the repository rows of raw ones; one that is none is noted by the asker, if there is one."""
    for n, raw in enumerate(raws, start=1):
        row = raw if isinstance(raw, BadRow) else facts(raw, source, as_of)
        if not isinstance(row, BadRow):
            yield row
        elif asker:
            asker.miss(f"{source}/row/{n}", "damaged", str(row))


def fetch(path: Path) -> Iterator[Mapping[str, Any] | BadRow]:
    """Yield the rows of a table as they stand, or a sentence for each that is none. Unreadable: there is no table."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable(f"{path} is larger than {MOST_BYTES // 10**6} MB.")
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        reason = (wrong.strerror or "").lower() if isinstance(wrong, OSError) else "it is not UTF-8 text"
        raise Unreadable(f"{path} cannot be read: {reason}.") from None
    yield from _json(text, path) if text.lstrip().startswith("{") else _csv(text, path)


def facts(raw: Mapping[str, Any], source: str, as_of: date) -> dict[str, Any] | BadRow:
    """Turn a row of a table into a repository row; a sentence when it names no organisation or repository. Pure."""
    said = {_AGAIN.get(str(key), str(key)): value for key, value in raw.items()}
    row: dict[str, Any] = {key: as_text(said.get(key)) for key in _TEXTS}
    if not row["org"] or not row["name"]:
        return BadRow(f"A row of {source} has no org or no name; it was left out.")
    day = as_date(said.get("date")) if as_text(said.get("date")) else as_of
    if day is None:
        return BadRow(f"A row of {source} is dated {as_text(said.get('date'))}, which is no date; it was left out.")
    if day > max(as_of, date.today()):
        return BadRow(f"A row of {source} is dated {day}, which lies ahead; it was left out.")
    row["link"] = row["link"] if origin(row["link"] or "") else None
    row["source"] = row["source"] or source
    kind = (row["kind"] or "dataset").lower().replace(" ", "").removesuffix("s")
    if kind not in ("model", "dataset"):
        return BadRow(f"A row of {source} has the kind {row['kind']}, which is neither model nor dataset; left out.")
    row["kind"] = kind
    row["modality"] = _LABELS.get((row["modality"] or "").lower(), row["modality"])
    row["lifecycle"] = _LABELS.get((row["lifecycle"] or "").lower(), row["lifecycle"])
    return row | {key: number(said.get(key)) for key in FACTS} | {"date_crawl": day.isoformat()}


def number(value: object) -> int | None:
    """Return a count as people write it (12,761 or 10.3k), None for -1, blank, and what is no count."""
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
            as_dict(row) if isinstance(row, dict) else BadRow(f"Line {n} of {path} is no JSON object; it was left out.")
        )


def _csv(text: str, path: Path) -> Iterator[Mapping[str, Any] | BadRow]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        names = {_AGAIN.get(name, name) for name in reader.fieldnames or ()}
    except csv.Error as wrong:
        raise Unreadable(f"{path} is no CSV: {wrong}.") from None
    if not {"org", "name"} <= names:
        raise Unreadable(f"{path} has no columns org and name.")
    try:
        for row in reader:
            yield {key: value for key, value in row.items() if isinstance(key, str)}
    except csv.Error as wrong:
        yield BadRow(f"{path} is no CSV from line {reader.line_num} on ({wrong}); the rest was left out.")
