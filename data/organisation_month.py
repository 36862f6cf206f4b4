"""A month of organisations from the live platforms: what earlier months know of it, and the snapshot that it becomes.

What people count by hand (systems, benchmarks, chips, data sets on other sites) is carried over from the newest month,
with its own date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data import folder, organisations, publications
from data.organisations import Month
from data.publications import Gap, Known, Page


@dataclass(frozen=True, kw_only=True)
class Collected:
    """What a collection brought of these organisations: the pages that were asked, repository rows, gaps, systems."""

    organisations: list[str]
    pages: list[Page]
    rows: list[dict[str, Any]]
    gaps: list[Gap]
    systems: list[dict[str, Any]]


def build(got: Collected, into: Path | None = None) -> Path:
    """Build the month of what was collected and return its folder; SnapshotError when there is nothing in it."""
    if not got.rows:
        raise folder.SnapshotError("The collection holds no repository of any organisation; nothing was built.")
    before = newest()
    taken = max(row["date_crawl"] for row in got.rows)
    # A data set of the list kept by hand that a table brings as well must not count twice.
    brought = {(row["org"], row["name"]) for row in got.rows}
    listed = [row for row in before.listed.to_pylist() if (row["org"], row["dataset_name"]) not in brought]
    carried = {row["id"]: _by_hand(row) for row in before.facts.to_pylist()}
    facts = [{"id": org} | carried.get(org, {}) | organisations.named(got.systems, org) for org in got.organisations]
    manifest = {
        "rows": len(got.rows),
        "organisations": len(got.organisations),
        "default_source": {"source": "the platforms themselves", "as_of": taken},
        "sources": _sources(got.rows),
        "by_hand": before.by_hand,
        "systems": got.systems,
        "pages": [[page.organisation, page.platform, page.address] for page in got.pages],
        "gaps": [[gap.page.organisation, gap.kind, gap.page.platform, gap.reason] for gap in got.gaps],
    }
    return organisations.write(taken, got.rows, listed, facts, manifest, into)


def newest() -> Month:
    """Return the newest sound month of the snapshots, or else of the bundle."""
    for within in dict.fromkeys((folder.root(), folder.BUNDLED)):
        for taken in reversed(organisations.months(within)):
            try:
                return organisations.load(taken, within)
            except folder.SnapshotError:
                continue
    raise folder.SnapshotError("There is no sound month of organisations, neither yours nor the bundled ones.")


def known(totals: Mapping[str, Mapping[str, int]]) -> Known:
    """Read labels and totals from all months there are, and put the totals of a run beside them."""
    rows: list[dict[str, Any]] = []
    columns = ["source", "kind", "org", "repo", "name", "modality", "lifecycle", "total_downloads", "date_crawl"]
    for within in dict.fromkeys((folder.BUNDLED, folder.root())):
        for taken in organisations.months(within):
            try:
                rows += organisations.load(taken, within).repositories.select(columns).to_pylist()
            except folder.SnapshotError:
                continue
    known = publications.learn(rows)
    return Known(
        known.labels, {s: {**known.totals.get(s, {}), **totals.get(s, {})} for s in {**known.totals, **totals}}
    )


def _by_hand(row: Mapping[str, Any]) -> dict[str, Any]:
    return {fact: value for fact, value in row.items() if fact not in ("id", *organisations.NAMED)}


def _sources(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    days: dict[str, list[str]] = {}
    for row in rows:
        days.setdefault(row["source"], []).append(row["date_crawl"])
    return [
        {"name": name, "from": min(each), "to": max(each), "repositories": len(each), "licence": "", "url": ""}
        for name, each in sorted(days.items())
    ]
