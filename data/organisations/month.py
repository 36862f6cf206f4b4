"""A month of organisations on disk: one snapshot a month, written once and read back.

A month's folder holds `repositories.parquet` (a RepositoryRow each, in the order of the source), `listed.parquet` (data
sets on other sites, from a list kept by hand), `facts.parquet` (a row an organisation: the numbers that are kept by
hand) and `manifest.json`. Light on purpose: the command line opens it without pandas.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from data import archive
from data.organisations import columns, industry, osir, scale, tables
from data.platforms.repository import COLLECTED, COLUMNS, KINDS, LAYOUT, RepositoryRow

KIND = LAYOUT.kind
CURATED = Path(__file__).parents[1] / "curated"
# A fact -> the column of data/curated/named_systems.csv that it sums.
NAMED = {"system_authors": "authors", "system_stars": "stars"}


@dataclass(frozen=True, kw_only=True)
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

    @cached_property
    def kept(self) -> Mapping[str, Mapping[str, tables.Known]]:
        """Fact -> organisation -> what the curated tables and its own collection know beside its repositories."""
        return tables.facts(self.taken, self.manifest.get("activity", ()))

    def known(self, organisation: str, fact: str) -> tables.Known:
        """Return what is known of an organisation in a fact of `kept`; a null value, with why, where nothing is."""
        return self.kept[fact].get(organisation) or tables.nothing(fact)

    def page(self, organisation: str) -> str:
        """Return the address of an organisation's first page, where its repositories can be seen."""
        pages = (page for org, _, page in self.manifest.get("pages", ()) if org == organisation and page)
        return next(pages, "" if self.collected else osir.URL)


def months(within: Path | None = None) -> list[str]:
    """Return the months that there are, oldest first."""
    return archive.dates(KIND, within)


def before(taken: str, every: list[str]) -> str | None:
    """Return the month that movements are counted from: the one nearest to 30 days earlier, within 15 days."""
    day = date.fromisoformat(taken)
    off = {m: abs((day - date.fromisoformat(m)).days - 30) for m in every if m < taken}
    nearest = min(off, key=lambda m: off[m], default=None)
    return nearest if nearest is not None and off[nearest] <= 15 else None


def load(taken: str = "", within: Path | None = None) -> Month:
    """Verify and load a month (default: the newest). SnapshotError names what is wrong and what to do."""
    every = months(within)
    if not every:
        raise archive.SnapshotError(
            f"There is no snapshot of {KIND} in {within or archive.root()}; "
            "build them with `weighbridge snapshot build --from FOLDER`."
        )
    taken = taken or every[-1]
    if taken not in every:
        raise archive.SnapshotError(f"There is no month {taken}; the months are {', '.join(every)}.")
    return _read((within or archive.root()) / KIND / taken)


def verify(folder: Path) -> dict[str, Any]:
    """Check every file of a month, read each, and return its manifest; SnapshotError names what is wrong."""
    return dict(_read(folder).manifest)


def _read(folder: Path) -> Month:
    manifest, files = archive.opened(folder, LAYOUT)
    tables: dict[str, pa.Table] = {}
    for name in ("repositories", "listed", "facts"):
        with archive.reading(folder, f"{name}.parquet"):
            tables[name] = archive.read_parquet(files[f"{name}.parquet"])
            _check(name, tables[name], manifest)
    ids, *by_hand = tables["facts"].columns
    if not (len(ids) and (tables["repositories"].num_rows or any(fact.null_count < len(ids) for fact in by_hand))):
        raise archive.Damaged(folder, "it holds nothing about any organisation")
    return Month(taken=folder.name, manifest=manifest, **tables)


def described(month: Month) -> Month:
    """Return a month with what names and curated tables say of its repositories beside what their platforms do.

    Its rows get the `parameters` of a model with their source, `parameters_from`, and of a data set whether it is made
    for an `industry`, with the `industry_words` that found it; listed data sets too.
    """
    listed = _with(month.listed, _industries(month.listed["dataset_name"].to_pylist()))
    return replace(month, repositories=_described(month.repositories), listed=listed)


def _described(repositories: pa.Table) -> pa.Table:
    wanted = ("kind", "org", "name", "date_crawl", "parameters", "industry")
    rows = repositories.select([name for name in wanted if name in repositories.column_names]).to_pylist()
    names = [row["name"] if row["kind"] == "dataset" else None for row in rows]
    tagged = [row["industry"] for row in rows] if rows and "industry" in rows[0] else None
    sizes = [_size(row) if row["kind"] == "model" else None for row in rows]
    counts = np.array([one.parameters if one else np.nan for one in sizes])
    parameters = {
        "parameters": columns.of_numbers(counts),
        "parameters_from": columns.of_texts([one.described() if one else None for one in sizes]),
    }
    return _with(repositories, _industries(names, tagged) | parameters)


def _size(row: Mapping[str, Any]) -> scale.Size | None:
    return scale.size(row["org"], row["name"], row.get("parameters"), row["date_crawl"] or "")


def _industries(names: Sequence[str | None], tagged: Sequence[str | None] | None = None) -> dict[str, pa.Array]:
    """Return whether data sets (None: no data set) are made for an industry, by their names or as they are tagged.

    `tagged` is yes, no, or None where their tags are not known; where nothing was tagged, names decide alone.
    """
    found = [None if name is None else "; ".join(industry.found(name)) for name in names]
    marks = tagged or ["no"] * len(found)
    yes = [None if words is None else "yes" if words else mark for words, mark in zip(found, marks, strict=True)]
    shown = [words or ("its tags" if mark == "yes" else words) for words, mark in zip(found, marks, strict=True)]
    return {"industry": columns.of_texts(yes), "industry_words": columns.of_texts(shown)}


def _with(table: pa.Table, added: Mapping[str, pa.Array]) -> pa.Table:
    for name, values in added.items():
        place = table.schema.get_field_index(name)
        table = table.append_column(name, values) if place < 0 else table.set_column(place, name, values)
    return table


def _check(name: str, table: pa.Table, manifest: Mapping[str, Any]) -> None:
    """Raise a ValueError where a table of a month is not what its readers rely on."""
    types = dict(zip(table.column_names, table.schema.types, strict=True))
    match name:
        case "repositories":
            wanted = {c: kind for c, kind in COLUMNS.items() if c not in COLLECTED or c in types}
            whole, rows = ["kind", "org", "name"], manifest["rows"]
        case "listed":
            wanted, whole, rows = dict.fromkeys(osir.LISTED, pa.string()), [], table.num_rows
        case _:
            wanted = {"id": pa.string()} | dict.fromkeys(table.column_names[1:], pa.float64())
            whole, rows = ["id"], manifest["organisations"]
    sound = types == wanted and table.num_rows == rows and not any(table[column].null_count for column in whole)
    sound = sound and all(_exact(table[c]) for c, kind in types.items() if kind in (pa.int64(), pa.float64()))
    if not sound or (name == "repositories" and not set(table["kind"].unique().to_pylist()) <= set(KINDS)):
        raise ValueError(f"The table {name} is not one of a month.")


def _exact(column: pa.ChunkedArray) -> bool:
    """Whether every number of a column is finite and exact in float64."""
    numbers = column.to_pylist()  # pyarrow would import pandas to compare them, and organisations do without
    return all(-(2**53) <= number <= 2**53 for number in numbers if number is not None)


def write(
    taken: str,
    repositories: Sequence[RepositoryRow],
    listed: Sequence[Mapping[str, Any]],
    facts: Sequence[Mapping[str, Any]],
    manifest: Mapping[str, Any],
    into: Path | None = None,
) -> Path:
    """Write a month: its repository rows, the data sets on other sites, the facts of each organisation by `id`."""
    kept = {c: kind for c, kind in COLUMNS.items() if c not in COLLECTED or "by_hand" in manifest}
    names = sorted({fact for row in facts for fact in row} - {"id"})
    tables = {
        "repositories": {c: pa.array([getattr(row, c) for row in repositories], k) for c, k in kept.items()},
        "listed": {c: pa.array([row.get(c) for row in listed], pa.string()) for c in osir.LISTED},
        "facts": {"id": pa.array([row["id"] for row in facts], pa.string())}
        | {name: pa.array([row.get(name) for row in facts], pa.float64()) for name in names},
    }
    counts = {"rows": len(repositories), "organisations": len(facts)}
    with archive.drafted(KIND, taken, {**manifest, **counts}, into) as draft:
        for name, table in tables.items():
            archive.write_parquet(pa.table(table), draft / f"{name}.parquet")
    return (into or archive.root()) / KIND / taken


@cache
def systems() -> tuple[dict[str, str], ...]:
    """Return the rows of data/curated/named_systems.csv: the systems that the seed names; blank = unknown."""
    with (CURATED / "named_systems.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def named(rows: Iterable[Mapping[str, Any]], organisation: str) -> dict[str, float | None]:
    """Return the facts that come from named systems (rows as in named_systems.csv) of an organisation."""
    own = [row for row in rows if row["organisation"] == organisation]
    figures = {fact: [float(row[column]) for row in own if row[column] != ""] for fact, column in NAMED.items()}
    return {fact: sum(values) if values else None for fact, values in figures.items()}
