"""The files of OSIR-LMTS: monthly crawls of repositories, and what its authors count by hand.

A folder holds repositories.jsonl.gz, static_datasets.jsonl (data sets on other sites), systems.csv, benchmarks.csv (a
blank cell: the indicator did not exist that month) and constants.csv. Nothing is left out or made unknown in silence.
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.platforms.repository import COUNTS, KINDS, TEXTS, RepositoryRow
from data.shapes import MOST, as_date

SOURCE = "OSIR-LMTS"
URL = "https://github.com/brucecui0120/OSIR-LMTS"
LICENCE = "MIT"

FILES = ("repositories.jsonl.gz", "static_datasets.jsonl", "systems.csv", "benchmarks.csv", "constants.csv")
LISTED = ("org", "repo", "dataset_name", "modality", "lifecycle", "link")
# A column of constants.csv -> the fact; no date and no source is known of either.
CONSTANTS = {"num_adapted_chips": "model_num_adapted_chips", "operators": "data_operators"}


@dataclass
class Read:
    """What was read, by month, and in `notes` a sentence about everything that was not."""

    repositories: dict[str, list[RepositoryRow]] = field(default_factory=lambda: defaultdict(list))
    listed: list[dict[str, Any]] = field(default_factory=list)
    by_hand: dict[str, dict[str, dict[str, float | None]]] = field(default_factory=lambda: defaultdict(dict))
    absurd: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    notes: list[str] = field(default_factory=list)


def missing(source: Path) -> list[str]:
    """Return which of the files a folder lacks."""
    return [name for name in FILES if _existing(source / name) is None]


def read(source: Path) -> Read:
    """Read a folder of the files. Whole numbers of repositories stay as they are, also -1; what is none is None."""
    found = Read()
    _repositories(source / FILES[0], found)
    for number, row in _objects(source / FILES[1], found):
        if _named(row, "dataset_name"):
            found.listed.append({name: row[name] if isinstance(row.get(name), str) else None for name in LISTED})
        else:
            found.notes.append(f"Line {number} of {FILES[1]} lacks org or dataset_name; it was left out.")
    _by_hand(source, found)
    for taken in sorted(set(found.repositories) - set(found.by_hand)):
        count = len(found.repositories.pop(taken))
        found.notes.append(f"{count} repositories are of {taken}, which systems.csv does not have; they were left out.")
    return found


def _repositories(path: Path, found: Read) -> None:
    for number, row in _objects(path, found):
        day = as_date(row.get("month"))
        if day is None or row.get("kind") not in KINDS or not _named(row, "name"):
            found.notes.append(f"Line {number} of {path.name} lacks month, kind, org or name; it was left out.")
            continue
        taken = day.isoformat()
        kept: dict[str, Any] = {name: row[name] if isinstance(row.get(name), str) else None for name in TEXTS}
        for name in COUNTS:
            kept[name] = _whole(row.get(name))
            if row.get(name) is not None and kept[name] is None:
                found.absurd[taken][name] += 1
        found.repositories[taken].append(RepositoryRow(**kept))


def _by_hand(source: Path, found: Read) -> None:
    """Read what people keep: systems.csv decides who is ranked in a month, the others add to it."""
    constants = {row.get("org"): row for row in _rows(source / "constants.csv")}
    for taken, org, row in _dated(source / "systems.csv", found):
        facts = {f"system_{name}": _number(text, name, org, taken, found) for name, text in row.items()}
        for name, fact in CONSTANTS.items():
            facts[fact] = _number(constants.get(org, {}).get(name) or "", name, org, taken, found)
        found.by_hand[taken][org] = facts
    for taken, org, row in _dated(source / "benchmarks.csv", found):
        if org in found.by_hand.get(taken, {}):
            facts = {f"benchmark_{name}": _number(text, name, org, taken, found) for name, text in row.items()}
            found.by_hand[taken][org] |= facts
        else:
            found.notes.append(f"benchmarks.csv has {org} in {taken}, systems.csv has not; the row was left out.")


def _dated(path: Path, found: Read) -> Iterator[tuple[str, str, dict[str, str]]]:
    for number, row in enumerate(_rows(path), start=2):
        day, org = as_date(row.pop("month", None)), row.pop("org", "")
        if day is None or not org:
            found.notes.append(f"Line {number} of {path.name} lacks month or org; it was left out.")
        else:
            yield day.isoformat(), org, {name: text for name, text in row.items() if name}


def _objects(path: Path, found: Read) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the JSON objects of a file of lines with their numbers; a note on each line that holds none."""
    there = _existing(path) or path
    number = 0
    try:
        with gzip.open(there) if there.suffix == ".gz" else there.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    row = json.loads(line) if line.strip() else None
                except (ValueError, RecursionError):
                    row = line
                if isinstance(row, dict):
                    yield number, row
                elif row is not None:
                    found.notes.append(f"Line {number} of {path.name} is not a JSON object; it was left out.")
    except (OSError, EOFError, zlib.error):
        found.notes.append(f"{path.name} breaks off after line {number}; the rest is missing.")


def _existing(path: Path) -> Path | None:
    plain = path.with_suffix("") if path.suffix == ".gz" else path
    return next((p for p in (path, plain) if p.is_file()), None)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return [{k: v for k, v in row.items() if isinstance(v, str)} for row in csv.DictReader(file)]


def _named(row: Mapping[str, Any], name: str) -> bool:
    return all(isinstance(row.get(key), str) and row[key] for key in ("org", name))


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if abs(value) <= MOST and value == int(value) else None  # NaN fails the first comparison


def _number(text: str, name: str, org: str, taken: str, found: Read) -> float | None:
    """Read a cell; blank is unknown, and so, with a note, is what is no number of at least 0."""
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if 0 <= value <= MOST:
        return value
    found.notes.append(f"{name} of {org} in {taken} is {text[:40]}, no number of at least 0; it counts as unknown.")
    return None
