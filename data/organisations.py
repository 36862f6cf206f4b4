"""Ten months of organisations on disk: from the original files to a snapshot a month, and back.

A month's folder holds `repositories.parquet` (a row a repository on a platform, in the order of the source file),
`listed.parquet` (data sets on other sites, from a list kept by hand), `facts.parquet` (a row an organisation: the
numbers that are kept by hand) and `manifest.json`. Light on purpose: the command line opens it without pandas.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from data import folder
from data.shapes import MOST, as_date

KIND = "organisations"
SOURCE = "OSIR-LMTS"
SOURCE_URL = "https://github.com/brucecui0120/OSIR-LMTS"
SOURCE_LICENCE = "MIT"
CURATED = Path(__file__).parent / "curated"

PLATFORMS = {
    "ModelScope": "ModelScope",
    "BAAIData": "BAAI",
    "HuggingFace": "Hugging Face",
    "OpenDataLab": "OpenDataLab",
}
TEXTS = ("source", "kind", "org", "repo", "name", "modality", "lifecycle", "date_crawl", "link")
NUMBERS = ("downloads_last_month", "total_downloads", "likes", "community", "descendants", "dataset_usage")
LISTED = ("org", "repo", "dataset_name", "modality", "lifecycle", "link")
KINDS = ("model", "dataset")
FILES = ("repositories.jsonl.gz", "static_datasets.jsonl", "systems.csv", "benchmarks.csv", "constants.csv")
# A column of constants.csv -> the fact; no date and no source is known of either.
CONSTANTS = {"num_adapted_chips": "model_num_adapted_chips", "operators": "data_operators"}
# A fact -> the column of data/curated/named_systems.csv that it sums.
NAMED = {"system_contributors": "authors_last_year", "system_stars": "stars"}


@dataclass(frozen=True)
class Month:
    """One month as it was read: rows of repositories, listed data sets, and the facts kept by hand (a row each)."""

    taken: str
    repositories: pa.Table
    listed: pa.Table
    facts: pa.Table
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """The organisations that are ranked this month."""
        return [str(i) for i in self.facts["id"].to_pylist()]


@dataclass
class Read:
    """What a build took from the original files, and what it could not."""

    repositories: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    facts: dict[str, dict[str, dict[str, float | None]]] = field(default_factory=lambda: defaultdict(dict))
    listed: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    absurd: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def months(within: Path | None = None) -> list[str]:
    """Return the months that there are, oldest first."""
    return folder.dates(KIND, within)


def before(taken: str, known: list[str]) -> str | None:
    """Return the month that movements are counted from: the one nearest to 30 days earlier, within 15 days."""
    day = date.fromisoformat(taken)
    off = {m: abs((day - date.fromisoformat(m)).days - 30) for m in known if m < taken}
    nearest = min(off, key=lambda m: off[m], default=None)
    return nearest if nearest is not None and off[nearest] <= 15 else None


def load(taken: str = "", within: Path | None = None) -> Month:
    """Verify and load a month (default: the newest). SnapshotError names what is wrong and what to do."""
    known = months(within)
    if not known:
        raise folder.SnapshotError(
            f"There is no snapshot of {KIND} in {within or folder.root()}; "
            "build them with `weighbridge snapshot build --from FOLDER`."
        )
    taken = taken or known[-1]
    if taken not in known:
        raise folder.SnapshotError(f"There is no month {taken}; the months are {', '.join(known)}.")
    home = (within or folder.root()) / KIND / taken
    manifest = folder.verify(home)
    tables = {name: folder.read_parquet(home / f"{name}.parquet") for name in ("repositories", "listed", "facts")}
    return Month(taken=taken, manifest=manifest, **tables)


@cache
def _systems() -> tuple[dict[str, str], ...]:
    return tuple(_rows(CURATED / "named_systems.csv"))


def named_systems(organisation: str, taken: str) -> list[dict[str, str]]:
    """Return what is known by a month of the systems of an organisation that the seed names; blank = unknown."""
    return [row for row in _systems() if row["organisation"] == organisation and "" < row["as_of"] <= taken]


def build(source: Path, into: Path | None = None) -> tuple[list[Path], list[str]]:
    """Build a snapshot for every month in a folder of the original files; returns the folders and what was left out.

    Values that are no whole number become unknown; negative ones stay as they are, for the method that sums them.
    """
    missing = [name for name in FILES if not _there(source / name)]
    if missing:
        raise folder.SnapshotError(f"{source} lacks {', '.join(missing)}; it is not a folder of organisation data.")
    read = Read()
    _read_repositories(source / FILES[0], read)
    read.listed = [row for _, row in _objects(source / FILES[1], read) if _named(row, "dataset_name")]
    _read_by_hand(source, read)
    folders = []
    for taken in sorted(read.facts):
        with folder.drafted(KIND, taken, _manifest(taken, read), into) as draft:
            rows = read.repositories[taken]
            types = [(c, pa.string()) for c in TEXTS] + [(c, pa.int64()) for c in NUMBERS]
            _write(rows, types, draft / "repositories.parquet")
            _write(read.listed, [(c, pa.string()) for c in LISTED], draft / "listed.parquet")
            by_hand = [{"id": org, **facts} for org, facts in read.facts[taken].items()]
            names = sorted({fact for row in by_hand for fact in row} - {"id"})
            _write(by_hand, [("id", pa.string())] + [(n, pa.float64()) for n in names], draft / "facts.parquet")
        folders.append((into or folder.root()) / KIND / taken)
    read.left_out += [
        f"{len(rows)} repositories are of {taken}, a month without a row in systems.csv; they were left out."
        for taken, rows in sorted(read.repositories.items())
        if taken not in read.facts
    ]
    return folders, read.left_out


def _write(rows: list[dict[str, Any]], types: list[tuple[str, pa.DataType]], path: Path) -> None:
    columns = {name: pa.array([row.get(name) for row in rows], kind) for name, kind in types}
    folder.write_parquet(pa.table(columns), path)


def _read_repositories(path: Path, read: Read) -> None:
    for number, row in _objects(path, read):
        taken = as_date(row.get("month"))
        if taken is None or row.get("kind") not in KINDS or not _named(row, "name"):
            read.left_out.append(f"Line {number} of {path.name} lacks month, kind, org or name; it was left out.")
            continue
        kept = {name: row[name] if isinstance(row.get(name), str) else None for name in TEXTS}
        for name in NUMBERS:
            kept[name] = _whole(row.get(name))
            if row.get(name) is not None and kept[name] is None:
                read.absurd[taken.isoformat()][name] += 1
        read.repositories[taken.isoformat()].append(kept)


def _read_by_hand(source: Path, read: Read) -> None:
    """Read what people keep: systems decide who is ranked in a month, the others add to them."""
    constants = {row["org"]: row for row in _rows(source / "constants.csv")}
    for row in _rows(source / "systems.csv"):
        taken, org = row.pop("month"), row.pop("org")
        facts = {f"system_{name}": _number(text) for name, text in row.items()}
        facts |= {fact: _number(constants.get(org, {}).get(name)) for name, fact in CONSTANTS.items()}
        for fact, column in NAMED.items():
            values = [v for known in named_systems(org, taken) if (v := _number(known[column])) is not None]
            facts[fact] = sum(values) if values else None
        read.facts[taken][org] = facts
    for row in _rows(source / "benchmarks.csv"):
        taken, org = row.pop("month"), row.pop("org")
        if org not in read.facts.get(taken, {}):
            read.left_out.append(f"benchmarks.csv has {org} in {taken}, systems.csv has not; the row was left out.")
            continue
        read.facts[taken][org] |= {f"benchmark_{name}": _number(text) for name, text in row.items()}


def _manifest(taken: str, read: Read) -> dict[str, Any]:
    rows = read.repositories[taken]
    days: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        days[row["source"] or "unknown"].append(row["date_crawl"] or taken)
    origin = {"licence": SOURCE_LICENCE, "url": SOURCE_URL}
    return {
        "rows": len(rows),
        "organisations": len(read.facts[taken]),
        "default_source": {"source": SOURCE, "as_of": taken},
        "sources": [
            {"name": name, "from": min(each), "to": max(each), "repositories": len(each)} | origin
            for name, each in sorted(days.items())
        ],
        "not_a_whole_number": dict(sorted(read.absurd[taken].items())),
    }


def _objects(path: Path, read: Read) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the JSON objects of a file of lines with their numbers; a sentence for each line that is none."""
    there = _there(path) or path
    with gzip.open(there, "rt", encoding="utf-8") if there.suffix == ".gz" else there.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line) if line.strip() else None
            except (ValueError, RecursionError):
                row = line
            if isinstance(row, dict):
                yield number, row
            elif row is not None:
                read.left_out.append(f"Line {number} of {path.name} is not a JSON object; it was left out.")


def _there(path: Path) -> Path | None:
    return next((p for p in (path, path.with_suffix("") if path.suffix == ".gz" else path) if p.is_file()), None)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _named(row: Mapping[str, Any], name: str) -> bool:
    return all(isinstance(row.get(key), str) and row[key] for key in ("org", name))


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if abs(value) <= MOST and value == int(value) else None  # NaN fails the first comparison


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "nan")
    except ValueError:
        return None
    return value if 0 <= value <= MOST else None
