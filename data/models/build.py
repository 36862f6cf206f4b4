"""A file of records becomes a snapshot: sorted by id, read for facts, measured and written a group at a time."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from data.archive import drafting, publish
from data.models.facts import facts
from data.models.provenance import ORIGINS, Catalogue, newest, origins
from data.models.records import names_by_owner
from data.models.snapshot import KIND, facts_table
from data.models.writer import GROUP, Lines, Writer
from data.platforms.hub.card import read_card
from data.platforms.hub.templates import reaches_internals
from data.shapes import LONGEST, as_count, as_date, as_dict, as_text
from scoring.scorecards import MODEL

OnProgress = Callable[[str, int, int | None], None]  # what is being done, how many records are through, of how many

LISTINGS = "Listings of this snapshot"
MODELS, LIKES, DAYS = 3, 1000, 365  # what an owner must have to be established
_PLAIN = frozenset({type(None), bool, int, float, date, datetime})
DEEPEST = 60  # levels of a record that a snapshot keeps; the Hub's own have six


def build(
    records: Iterable[Mapping[str, Any]],
    as_of: date,
    into: Path | None = None,
    on_progress: OnProgress = lambda *_: None,
) -> Path:
    """Build the snapshot of these records and return its folder; the newest as-of date names it.

    What is stored of a README is what was read from it, never its text; the same records give the same hashes. Of
    records with one id the last counts. Memory holds a few of them, however many there are.
    """
    with drafting(KIND, into) as draft:
        today = date.min  # the snapshot's day, at which every age is counted
        with SortedLines(draft / "lines.sqlite") as lines, Writer(draft, MODEL, as_of) as writer:
            for number, record in enumerate(map(reduced, records), start=1):
                today = max(today, newest(record, as_of))
                lines.put(record["id"], json.dumps(record, sort_keys=True) + "\n")
                on_progress("Reading", number, None)
            _write(lines, writer, draft / "records.jsonl.gz", as_of, today, on_progress)
        return publish(draft, writer.tally.newest(), writer.finish())


def _write(lines: SortedLines, writer: Writer, kept: Path, as_of: date, today: date, on_progress: OnProgress) -> None:
    """Write the records in the order of their ids, with their facts and where these come from."""
    names, total = names_by_owner(lines.ids()), len(lines)
    owners = established(map(json.loads, lines.texts()), today)
    with Lines(kept) as file:
        texts = lines.texts()
        while group := list(islice(texts, GROUP)):  # itertools.batched comes with 3.12
            rows, numbers, catalogue = [], [], Catalogue()
            for line in group:
                file.write(line)
                record = with_owner(json.loads(line), owners, today)
                row = facts(record, today, names.get(record["id"].partition("/")[0].lower(), ()))
                rows.append(row)
                numbers.append(catalogue.numbers(row, origins(record, row, as_of)))
                on_progress("Writing", writer.models + len(rows), total)
            writer.write(facts_table(rows), pa.array(numbers, ORIGINS), catalogue)
    if not total:  # a snapshot of nothing has its columns, too
        writer.write(facts_table([]), pa.array([], ORIGINS), Catalogue())


def established(records: Iterable[Mapping[str, Any]], today: date) -> dict[str, bool | None]:
    """Return of each owner (in lower case) whether it has three models, 1,000 likes in sum and a model a year old.

    None where that cannot be decided because likes or the day of creation of one of its models are unknown.
    """
    models: Counter[str] = Counter()
    likes: Counter[str] = Counter()
    first: dict[str, date] = {}
    unknown: set[str] = set()
    for record in records:
        owner, liked, created = owner_of(record["id"]), as_count(record.get("likes")), as_date(record.get("createdAt"))
        models[owner] += 1
        likes[owner] += liked or 0
        first[owner] = min(first.get(owner, today), created or today)
        unknown |= {owner} if liked is None or created is None else set()
    found: dict[str, bool | None] = {}
    for owner, number in models.items():
        proved = likes[owner] >= LIKES and (today - first[owner]).days >= DAYS
        found[owner] = False if number < MODELS else proved or (None if owner in unknown else False)
    return found


def with_owner(record: dict[str, Any], owners: Mapping[str, bool | None], today: date) -> dict[str, Any]:
    """Add to a record what the listings say of its owner, with source and day."""
    provenance = {**as_dict(record.get("_provenance")), "established": [LISTINGS, today.isoformat()]}
    return record | {"established": owners[owner_of(record["id"])], "_provenance": provenance}


def owner_of(model: str) -> str:
    """Return the owner of a model in lower case, empty for a model without one."""
    return model.partition("/")[0].lower() if "/" in model else ""


def reduced(record: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what facts are read from: no README, and no string long enough to be prose of a card."""
    kept: dict[str, Any] = _bounded({k: v for k, v in record.items() if k != "readme"})
    kept["id"] = as_text(record.get("id")) or ""
    if reaches_internals(record):  # the template itself is too long to keep
        kept["template_reaches_internals"] = True
    if isinstance(record.get("readme"), str):
        kept["readme_facts"] = read_card(record["readme"])
    return kept


def _bounded(value: Any, depth: int = 0) -> Any:
    if depth > DEEPEST:
        return None
    kind = type(value)  # of what JSON and Parquet give; anything else is looked at more closely below
    if kind in _PLAIN:
        return value
    if isinstance(value, str):
        return value if len(value) <= LONGEST else None
    if kind is list and {*map(type, value)} <= {str} and max(map(len, value), default=0) <= LONGEST:
        return value  # tags and names of files, as most lists are
    if isinstance(value, (list, tuple)):
        return [_bounded(v, depth + 1) for v in value]
    if kind is dict or isinstance(value, Mapping):
        return {k: _bounded(v, depth + 1) for k, v in value.items() if len(str(k)) <= LONGEST}
    return value


class SortedLines:
    """A file of texts by id, which take no more memory than a few of them; it is gone when the block ends.

    Ids come in the order of Python's own sorting, by code point; of several texts with one id the last counts. OSError
    when the disk is full.
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
            self._file.execute("INSERT OR REPLACE INTO texts VALUES (?, ?)", (key, text))
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
