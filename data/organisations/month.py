"""Ten months of organisations on disk: a snapshot a month, built from the original files and read back.

A month's folder holds `repositories.parquet` (a row a repository on a platform, in the order of the source file),
`listed.parquet` (data sets on other sites, from a list kept by hand), `facts.parquet` (a row an organisation: the
numbers that are kept by hand) and `manifest.json`. Light on purpose: the command line opens it without pandas.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from data import archive
from data.organisations import osir

KIND = "organisations"
CURATED = Path(__file__).parents[1] / "curated"
# A fact -> the column of data/curated/named_systems.csv that it sums.
NAMED = {"system_contributors": "authors", "system_stars": "stars"}

# Columns of repositories that a collected month has besides those of the original files.
COLLECTED: Mapping[str, pa.DataType] = {
    "parameters": pa.int64(),
    "industry": pa.string(),  # "yes", "no"
    "evidence": pa.string(),  # which two totals the downloads of the month are the difference of, or why there are none
}


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

    @property
    def collected(self) -> bool:
        """Whether it comes from the platforms themselves and not from files of OSIR-LMTS."""
        return "by_hand" in self.manifest

    def has(self, column: str) -> bool:
        """Whether its repositories have a column: those of the original files lack some that collected months have."""
        return not column or column in self.repositories.column_names

    @property
    def by_hand(self) -> str:
        """The day of what is kept by hand: a collected month has it from an earlier one."""
        return str(self.manifest.get("by_hand") or self.taken)

    @property
    def systems(self) -> list[Mapping[str, Any]]:
        """What is known by this month of the systems that the seed names; blank = unknown."""
        every: Iterable[Mapping[str, Any]] = self.manifest.get("systems") or systems()
        return [row for row in every if "" < str(row["as_of"]) <= self.taken]

    @cached_property
    def gaps(self) -> Mapping[tuple[str, str], str]:
        """Organisation and kind of repository -> why not all of it was read, so that nothing of it can be counted."""
        gaps = self.manifest.get("gaps", ())
        return {(org, kind): f"{platform}: {reason}".removeprefix(": ") for org, kind, platform, reason in gaps}

    def page(self, organisation: str) -> str:
        """Return the address of an organisation's first page, where its repositories can be seen."""
        pages = (page for org, _, page in self.manifest.get("pages", ()) if org == organisation and page)
        return next(pages, "" if self.collected else osir.URL)


def months(within: Path | None = None) -> list[str]:
    """Return the months that there are, oldest first."""
    return archive.dates(KIND, within)


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
        raise archive.SnapshotError(
            f"There is no snapshot of {KIND} in {within or archive.root()}; "
            "build them with `weighbridge snapshot build --from FOLDER`."
        )
    taken = taken or known[-1]
    if taken not in known:
        raise archive.SnapshotError(f"There is no month {taken}; the months are {', '.join(known)}.")
    home = (within or archive.root()) / KIND / taken
    manifest, files = archive.opened(home)
    tables = {name: archive.read_parquet(files[f"{name}.parquet"]) for name in ("repositories", "listed", "facts")}
    return Month(taken=taken, manifest=manifest, **tables)


def build(source: Path, into: Path | None = None) -> tuple[list[Path], list[str]]:
    """Build every month of a folder of OSIR-LMTS files; returns the folders, and notes on what is left out.

    Values that are no whole number become unknown; negative ones stay as they are, for the method that sums them.
    """
    lacking = osir.missing(source)
    if lacking:
        raise archive.SnapshotError(f"{source} lacks {', '.join(lacking)}; it is not a folder of organisation data.")
    read = osir.read(source)
    folders = []
    for taken, by_hand in sorted(read.by_hand.items()):
        known = [row for row in systems() if "" < row["as_of"] <= taken]
        facts: list[dict[str, Any]] = [{"id": org, **own, **named(known, org)} for org, own in by_hand.items()]
        folders.append(write(taken, read.repositories[taken], read.listed, facts, _manifest(taken, read), into))
    return folders, read.notes


def write(
    taken: str,
    repositories: list[dict[str, Any]],
    listed: list[dict[str, Any]],
    facts: list[dict[str, Any]],
    manifest: Mapping[str, Any],
    into: Path | None = None,
) -> Path:
    """Write a month: its repository rows, the data sets on other sites, the facts of each organisation by `id`."""
    texts = [(c, pa.string()) for c in osir.TEXTS] + [(c, pa.int64()) for c in osir.NUMBERS]
    more = [(c, kind) for c, kind in COLLECTED.items() if any(c in row for row in repositories)]
    names = sorted({fact for row in facts for fact in row} - {"id"})
    with archive.drafted(KIND, taken, manifest, into) as draft:
        _write(repositories, texts + more, draft / "repositories.parquet")
        _write(listed, [(c, pa.string()) for c in osir.LISTED], draft / "listed.parquet")
        _write(facts, [("id", pa.string())] + [(n, pa.float64()) for n in names], draft / "facts.parquet")
    return (into or archive.root()) / KIND / taken


@cache
def systems() -> tuple[dict[str, str], ...]:
    """Return the rows of data/curated/named_systems.csv: the systems that the seed names; blank = unknown."""
    with (CURATED / "named_systems.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def named(rows: Iterable[Mapping[str, Any]], organisation: str) -> dict[str, float | None]:
    """Return the facts that come from named systems (rows as in named_systems.csv) of an organisation."""
    own = [row for row in rows if row["organisation"] == organisation]
    known = {fact: [float(row[column]) for row in own if row[column] != ""] for fact, column in NAMED.items()}
    return {fact: sum(values) if values else None for fact, values in known.items()}


def _write(rows: list[dict[str, Any]], types: list[tuple[str, pa.DataType]], path: Path) -> None:
    columns = {name: pa.array([row.get(name) for row in rows], kind) for name, kind in types}
    archive.write_parquet(pa.table(columns), path)


def _manifest(taken: str, read: osir.Read) -> dict[str, Any]:
    rows = read.repositories[taken]
    days: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        days[row["source"] or "unknown"].append(row["date_crawl"] or taken)
    origin = {"licence": osir.LICENCE, "url": osir.URL}
    return {
        "rows": len(rows),
        "organisations": len(read.by_hand[taken]),
        "default_source": {"source": osir.SOURCE, "as_of": taken},
        "sources": [
            {"name": name, "from": min(each), "to": max(each), "repositories": len(each)} | origin
            for name, each in sorted(days.items())
        ],
        "not_a_whole_number": dict(sorted(read.absurd[taken].items())),
    }
