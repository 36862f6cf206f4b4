"""Months of organisations built: from the files of OSIR-LMTS, or from what was collected from the platforms.

What people count by hand (systems, benchmarks, chips, data sets on other sites) a collection takes over from the newest
month that was built from files, with its own date.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.archive import SnapshotError
from data.organisations import osir
from data.organisations.history import kept_by_hand
from data.organisations.listings import Gap, Page
from data.organisations.month import NAMED, named, systems, write
from data.platforms.repository import RepositoryRow


@dataclass(frozen=True, kw_only=True)
class Collected:
    """What a collection brought of organisations: the pages asked, repository rows, gaps, systems, activity in code."""

    organisations: list[str]
    pages: list[Page]
    rows: list[RepositoryRow]
    gaps: list[Gap]
    systems: list[dict[str, Any]]
    activity: list[dict[str, Any]]


def from_files(source: Path, into: Path | None = None) -> tuple[list[Path], list[str]]:
    """Build every month of a folder of OSIR-LMTS files; returns the folders, and notes on what is left out.

    Values that are no whole number become unknown; negative ones stay as they are, for the method that sums them.
    """
    lacking = osir.missing(source)
    if lacking:
        raise SnapshotError(f"{source} lacks {', '.join(lacking)}; it is not a folder of organisation data.")
    read = osir.read(source)
    folders = []
    for taken, by_hand in sorted(read.by_hand.items()):
        dated = [row for row in systems() if "" < row["as_of"] <= taken]
        facts: list[dict[str, Any]] = [{"id": org, **own, **named(dated, org)} for org, own in by_hand.items()]
        rows = read.repositories[taken]
        manifest = {
            "sources": _sources(rows, taken, osir.LICENCE, osir.URL),
            "not_a_whole_number": dict(sorted(read.absurd[taken].items())),
        }
        folders.append(write(taken, rows, read.listed, facts, manifest, into))
    return folders, read.notes


def from_collection(got: Collected, into: Path | None = None) -> Path:
    """Build the month of what was collected and return its folder; SnapshotError when there is nothing in it."""
    if not got.rows:
        raise SnapshotError("The collection holds no repository of any organisation; nothing was built.")
    hand = kept_by_hand()
    counted = [row for row in got.systems if any(row[column] != "" for column in NAMED.values())]
    counted += [row for row in got.activity if row["commits_last_year"] != ""]
    taken = max([str(row.date_crawl) for row in got.rows] + [str(row["as_of"]) for row in counted])
    # A data set of the list kept by hand that a table brings as well must not count twice.
    brought = {(row.org, row.name) for row in got.rows}
    listed = [row for row in hand.listed.to_pylist() if (row["org"], row["dataset_name"]) not in brought]
    carried = {row["id"]: {f: v for f, v in row.items() if f not in NAMED} for row in hand.facts.to_pylist()}
    facts = [carried.get(org, {"id": org}) | named(got.systems, org) for org in got.organisations]
    manifest = {
        "sources": _sources(got.rows, taken),
        "by_hand": hand.by_hand,
        "systems": got.systems,
        "pages": [[page.organisation, page.platform, page.address] for page in got.pages],
        "activity": got.activity,
        "gaps": [[gap.page.organisation, gap.kind, gap.page.platform, gap.reason] for gap in got.gaps],
    }
    return write(taken, got.rows, listed, facts, manifest, into)


def _sources(rows: Iterable[RepositoryRow], taken: str, licence: str = "", url: str = "") -> list[dict[str, Any]]:
    """Return the platforms behind the rows of a month, with the days on which they were read."""
    days: dict[str, list[str]] = {}
    for row in rows:
        days.setdefault(row.source or "unknown", []).append(row.date_crawl or taken)
    return [
        {"name": name, "from": min(each), "to": max(each), "repositories": len(each), "licence": licence, "url": url}
        for name, each in sorted(days.items())
    ]
