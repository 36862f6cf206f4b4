"""Records on disk: JSON lines in, rows of facts out, and the way from a file of records to a snapshot."""

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

from data import columns, store, tables
from data.card import read_card
from data.shapes import LONGEST, as_dict, as_text
from data.sources import huggingface
from scoring.scorecards import MODEL

KIND = "models"
DTYPES = {name: fact.dtype for name, fact in huggingface.FACTS.items()}
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


def rows(records: Iterable[Mapping[str, Any]], as_of: date) -> list[huggingface.Row]:
    """Turn records into rows of facts; the model names of one owner are checked together."""
    records = list(records)
    owners = [(as_text(record.get("id")) or "").partition("/") for record in records]
    named: dict[str, set[str]] = defaultdict(set)
    for owner, _, name in owners:
        named[owner.lower()].add(name)
    models = {owner: sorted(names)[:MOST_MODELS] for owner, names in named.items()}
    return [huggingface.facts(r, as_of, models[o.lower()]) for r, (o, _, _) in zip(records, owners, strict=True)]


def frame(rows_of_facts: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Make the table of facts that the engine measures."""
    return columns.frame(rows_of_facts, DTYPES)


def build(records: Iterable[Mapping[str, Any]], as_of: date, into: Path | None = None) -> Path:
    """Build the snapshot of these records and return its folder; the newest as-of date names it.

    What is stored of a README is what was read from it, never its text; the same records give the same hashes.
    """
    by_id = {one["id"]: one for one in map(reduced, records)}
    kept = [by_id[model_id] for model_id in sorted(by_id)]
    facts = rows(kept, as_of)
    origins = [_origins(record, row, as_of) for record, row in zip(kept, facts, strict=True)]
    usual = Counter(o for per_fact in origins for o in per_fact.values()).most_common(1)
    source, day = usual[0][0] if usual else ("", as_of.isoformat())
    evidence = [
        {"subject": row["id"], "fact": fact, "source": o[0], "as_of": o[1], "note": row["notes"].get(fact, "")}
        for row, per_fact in zip(facts, origins, strict=True)
        for fact, o in per_fact.items()
        if o != (source, day) or fact in row["notes"]
    ]
    return store.write(
        facts,
        evidence,
        gzip.compress("".join(json.dumps(r, sort_keys=True) + "\n" for r in kept).encode(), mtime=0),
        kind=KIND,
        taken=max((o[1] for per_fact in origins for o in per_fact.values()), default=as_of.isoformat()),
        dtypes=DTYPES,
        card=MODEL,
        manifest={
            "default_source": {"source": source, "as_of": day},
            "sources": _sources(origins),
            "facts": _coverage(facts, origins),
        },
        into=into,
    )


def reduced(record: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what facts are read from: no README, and no string long enough to be prose of a card."""
    kept: dict[str, Any] = _bounded({k: v for k, v in record.items() if k != "readme"})
    kept["id"] = as_text(record.get("id")) or ""
    if isinstance(record.get("readme"), str):
        kept["readme_facts"] = read_card(record["readme"])
    return kept


def _bounded(value: Any, depth: int = 0) -> Any:
    if depth > DEEPEST or (isinstance(value, str) and len(value) > LONGEST):
        return None
    if isinstance(value, Mapping):
        return {k: _bounded(v, depth + 1) for k, v in value.items() if len(str(k)) <= LONGEST}
    if isinstance(value, list | tuple):
        return [_bounded(v, depth + 1) for v in value]
    return value


def _origins(record: Mapping[str, Any], row: Mapping[str, Any], as_of: date) -> dict[str, tuple[str, str]]:
    """Source and day of every fact that is known, or that a note explains."""
    provenance = as_dict(record.get("_provenance"))
    found: dict[str, tuple[str, str]] = {}
    for name, fact in huggingface.FACTS.items():
        if row[name] is None and name not in row["notes"]:
            continue
        account = "authorData" in fact.keys and "authorData" in record
        if fact.keys[0] == "id" and not account:
            found[name] = (tables.SOURCE, tables.AS_OF)
            continue
        key = "authorData" if account else next((k for k in fact.keys if k in provenance or k in record), fact.keys[0])
        found[name] = huggingface.origin(record, key, as_of)
    return found


def _sources(origins: list[dict[str, tuple[str, str]]]) -> list[dict[str, Any]]:
    days: dict[str, set[str]] = defaultdict(set)
    models: Counter[str] = Counter()
    facts: Counter[str] = Counter()
    for per_fact in origins:
        models.update({source for source, _ in per_fact.values()})
        facts.update(source for source, _ in per_fact.values())
        for source, day in per_fact.values():
            days[source].add(day)
    known = tables.sources()
    return [
        {"name": s, "from": min(days[s]), "to": max(days[s]), "models": models[s], "facts": facts[s]}
        | {"licence": known[s]["licence"] if s in known else "", "url": known[s]["url"] if s in known else ""}
        for s in sorted(days)
    ]


def _coverage(facts: list[huggingface.Row], origins: list[dict[str, tuple[str, str]]]) -> dict[str, dict[str, Any]]:
    said = {}
    for name in huggingface.FACTS:
        days = [per_fact[name][1] for per_fact in origins if name in per_fact]
        known = sum(row[name] is not None for row in facts)
        said[name] = {"known": known, "from": min(days, default=""), "to": max(days, default="")}
    return said


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 400 else float("inf")


def _reason(wrong: ValueError) -> str:
    if isinstance(wrong, json.JSONDecodeError):
        return f"{wrong.msg.lower()} at column {wrong.colno}"
    return "it is not UTF-8 text"


def _kind(value: object) -> str:
    kinds = {list: "list", str: "text", bool: "boolean", int: "number", float: "number", type(None): "null"}
    return kinds.get(type(value), "value")
