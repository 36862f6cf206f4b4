"""Records as JSON lines: read them one by one, and turn them into rows of facts."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from io import BufferedReader
from pathlib import Path
from typing import Any

import pandas as pd

from data.models import facts, name_check
from data.models.snapshot import facts_frame, facts_table
from data.shapes import as_text

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
            record = json.loads(line, parse_int=whole)
        except (ValueError, RecursionError) as wrong:
            reason = "it is nested too deeply" if isinstance(wrong, RecursionError) else _reason(wrong)
            yield Malformed(f"Line {number} is not valid JSON ({reason}); it was left out.")
            continue
        if not isinstance(record, dict):
            yield Malformed(f"Line {number} is a JSON {_type_name(record)}, not an object; it was left out.")
        elif not as_text(record.get("id")):
            yield Malformed(f"Line {number} has no `id` that is a text; it was left out.")
        else:
            yield record


def read_lines(path: Path) -> Iterator[bytes]:
    """Read the lines of a text file, gzipped or not."""
    with path.open("rb") as file:
        yield from unpacked(file)


def unpacked(file: BufferedReader) -> Iterator[bytes]:
    """Read the lines of an open file or pipe, gzipped or not."""
    with gzip.open(file) if file.peek(2)[:2] == b"\x1f\x8b" else file as lines:
        yield from lines


def rows(records: Iterable[Mapping[str, Any]], as_of: date) -> list[facts.Row]:
    """Turn records into rows of facts; the model names of one owner are checked together."""
    records = list(records)
    names = names_by_owner(sorted({as_text(record.get("id")) or "" for record in records}))
    owners = ((as_text(record.get("id")) or "").partition("/")[0].lower() for record in records)
    return [facts.facts(r, as_of, names.get(owner, ())) for r, owner in zip(records, owners, strict=True)]


def names_by_owner(ids: Iterable[str]) -> Mapping[str, list[str]]:
    """Return the model names of each owner (in lower case) that matter to the name check; `ids` are sorted."""
    models: Counter[str] = Counter()
    names: dict[str, list[str]] = defaultdict(list)
    for model_id in ids:
        owner, _, name = model_id.partition("/")
        models[owner.lower()] += 1
        if models[owner.lower()] <= MOST_MODELS and name_check.telling(owner, name):
            names[owner.lower()].append(name)
    return dict(names)


def frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Make the table of facts that the engine measures: `id` and a nullable column a fact."""
    return facts_frame(facts_table(rows))


def whole(digits: str) -> int | float:
    """Read a whole number of JSON; one that is too long for any use is infinite."""
    return int(digits) if len(digits) < 400 else float("inf")


def _reason(wrong: ValueError) -> str:
    if isinstance(wrong, json.JSONDecodeError):
        return f"{wrong.msg.lower()} at column {wrong.colno}"
    return "it is not UTF-8 text"


def _type_name(value: object) -> str:
    names = {list: "list", str: "text", bool: "boolean", int: "number", float: "number", type(None): "null"}
    return names.get(type(value), "value")
