"""Records on disk: JSON lines in, rows of facts out, and the way from a file of records to a snapshot."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from io import BufferedReader
from pathlib import Path
from typing import Any

import pandas as pd

from data.archive import drafting, publish
from data.models import columns, facts, name_check
from data.models.provenance import Tally, evidence, origins
from data.models.sorted_lines import SortedLines
from data.models.writer import Writing
from data.platforms.hub.card import read_card
from data.shapes import LONGEST, as_text
from scoring.scorecards import MODEL

Tell = Callable[[str, int, int | None], None]  # what is being done, how many records are through, of how many

KIND = "models"
DTYPES = {name: fact.dtype for name, fact in facts.FACTS.items()}
DEEPEST = 60  # levels of a record that a snapshot keeps; the Hub's own have six
MOST_MODELS = 1000  # of one owner that the name check looks at


class Malformed(ValueError):
    """A line that is not a record; the message is one sentence with its number."""


def parse(lines: Iterable[str | bytes]) -> Iterator[dict[str, Any] | Malformed]:
    """Read JSON lines one by one; a bad line comes out as Malformed, blank lines and a byte-order mark are skipped."""
    for number, raw in enumerate(lines, start=1):
        try:
            line = raw.decode("utf-8") if isinstance(raw, bytes) else raw
            line = line.removeprefix("\ufeff").strip()
            if not line:
                continue
            record = json.loads(line, parse_int=_whole)
        except (ValueError, RecursionError) as wrong:
            reason = "it is nested too deeply" if isinstance(wrong, RecursionError) else _reason(wrong)
            yield Malformed(f"Line {number} is not valid JSON ({reason}); it was left out.")
            continue
        if not isinstance(record, dict):
            yield Malformed(f"Line {number} is a JSON {_kind(record)}, not an object; it was left out.")
        elif not as_text(record.get("id")):
            yield Malformed(f"Line {number} has no `id` that is a text; it was left out.")
        else:
            yield record


def read_lines(path: Path) -> Iterator[bytes]:
    """Read the lines of a text file, gzipped or not."""
    with path.open("rb") as handle:
        yield from unpacked(handle)


def unpacked(handle: BufferedReader) -> Iterator[bytes]:
    """Read the lines of an open file or pipe, gzipped or not."""
    with gzip.open(handle) if handle.peek(2)[:2] == b"\x1f\x8b" else handle as lines:
        yield from lines


def rows(records: Iterable[Mapping[str, Any]], as_of: date) -> list[facts.Row]:
    """Turn records into rows of facts; the model names of one owner are checked together."""
    records = list(records)
    kin = kindred(sorted({as_text(record.get("id")) or "" for record in records}))
    return [facts.facts(record, as_of, kin.get(_owner(record), ())) for record in records]


def kindred(ids: Iterable[str]) -> Mapping[str, list[str]]:
    """Return the model names of each owner (in lower case) that say something in the name check; ids are in order."""
    named: Counter[str] = Counter()
    kin: dict[str, list[str]] = defaultdict(list)
    for model_id in ids:
        owner, _, name = model_id.partition("/")
        named[owner.lower()] += 1
        if named[owner.lower()] <= MOST_MODELS and name_check.telling(owner, name):
            kin[owner.lower()].append(name)
    return dict(kin)


def _owner(record: Mapping[str, Any]) -> str:
    return (as_text(record.get("id")) or "").partition("/")[0].lower()


def frame(rows_of_facts: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Make the table of facts that the engine measures."""
    return columns.frame(rows_of_facts, DTYPES)


def build(
    records: Iterable[Mapping[str, Any]], as_of: date, into: Path | None = None, tell: Tell = lambda *_: None
) -> Path:
    """Build the snapshot of these records and return its folder; the newest as-of date names it.

    What is stored of a README is what was read from it, never its text; the same records give the same hashes. Of
    records with one id the last counts. Memory holds a few of them, however many there are; `tell` hears how far it is.
    """
    with drafting(KIND, into) as draft:
        with SortedLines(draft / "shelf.sqlite") as sorted_lines, Writing(draft, DTYPES, MODEL) as writing:
            for number, record in enumerate(map(reduced, records), start=1):
                sorted_lines.put(record["id"], json.dumps(record, sort_keys=True) + "\n")
                tell("Reading", number, None)
            tally = _write(sorted_lines, writing, as_of, tell)
            writing.finish(tally.newest(), tally.usual())
        source, day = tally.usual()
        said = {
            "rows": writing.models,
            "scorecard": {"id": MODEL.id, "version": MODEL.version, "fingerprint": MODEL.fingerprint},
            "default_source": {"source": source, "as_of": day},
            "sources": tally.sources(),
            "facts": tally.coverage(),
        }
        return publish(draft, tally.newest(), said)


def _write(sorted_lines: SortedLines, writing: Writing, as_of: date, tell: Tell) -> Tally:
    """Write the records that are on the shelf, with their facts and where these come from."""
    tally, kin, total = Tally(as_of), kindred(sorted_lines.ids()), len(sorted_lines)
    for line in sorted_lines.texts():
        record = json.loads(line)
        row = facts.facts(record, as_of, kin.get(_owner(record), ()))
        found = origins(record, row, as_of)
        tally.add(row, found)
        writing.add(row, evidence(row, found), line)
        tell("Writing", writing.models, total)
    return tally


def reduced(record: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what facts are read from: no README, and no string long enough to be prose of a card."""
    kept: dict[str, Any] = _bounded({k: v for k, v in record.items() if k != "readme"})
    kept["id"] = as_text(record.get("id")) or ""
    if isinstance(record.get("readme"), str):
        kept["readme_facts"] = read_card(record["readme"])
    return kept


def _bounded(value: Any, depth: int = 0) -> Any:
    if depth > DEEPEST:
        return None
    if isinstance(value, str):
        return value if len(value) <= LONGEST else None
    if isinstance(value, list | tuple):
        return [_bounded(v, depth + 1) for v in value]
    if isinstance(value, Mapping):
        return {k: _bounded(v, depth + 1) for k, v in value.items() if len(str(k)) <= LONGEST}
    return value


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 400 else float("inf")


def _reason(wrong: ValueError) -> str:
    if isinstance(wrong, json.JSONDecodeError):
        return f"{wrong.msg.lower()} at column {wrong.colno}"
    return "it is not UTF-8 text"


def _kind(value: object) -> str:
    kinds = {list: "list", str: "text", bool: "boolean", int: "number", float: "number", type(None): "null"}
    return kinds.get(type(value), "value")
