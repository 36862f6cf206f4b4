"""A month of organisations from the live platforms: what earlier months know of it, and the snapshot that it becomes.

What people count by hand (systems, benchmarks, chips, data sets on other sites) is carried over from the newest month,
with its own date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data import archive
from data.organisations import month as organisations
from data.organisations.history import Known, learn
from data.organisations.listings import Gap, Page
from data.organisations.month import Month


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
        raise archive.SnapshotError("The collection holds no repository of any organisation; nothing was built.")
    hand = kept_by_hand()
    counted = [row for row in got.systems if any(row[column] != "" for column in organisations.NAMED.values())]
    taken = max([row["date_crawl"] for row in got.rows] + [str(row["as_of"]) for row in counted])
    # A data set of the list kept by hand that a table brings as well must not count twice.
    brought = {(row["org"], row["name"]) for row in got.rows}
    listed = [row for row in hand.listed.to_pylist() if (row["org"], row["dataset_name"]) not in brought]
    carried = {row["id"]: _by_hand(row) for row in hand.facts.to_pylist()}
    facts = [{"id": org} | carried.get(org, {}) | organisations.named(got.systems, org) for org in got.organisations]
    manifest = {
        "rows": len(got.rows),
        "organisations": len(got.organisations),
        "default_source": {"source": "the platforms themselves", "as_of": taken},
        "sources": _sources(got.rows),
        "by_hand": hand.by_hand,
        "systems": got.systems,
        "pages": [[page.organisation, page.platform, page.address] for page in got.pages],
        "gaps": [[gap.page.organisation, gap.kind, gap.page.platform, gap.reason] for gap in got.gaps],
    }
    return organisations.write(taken, got.rows, listed, facts, manifest, into)


def newest() -> Month:
    """Return the newest sound month of the snapshots, or else of the bundle."""
    return next(_sound())


def kept_by_hand() -> Month:
    """Return the newest month that comes from files in which people count, and not from a collection."""
    return next(month for month in _sound() if not month.collected)


def systems() -> list[dict[str, Any]]:
    """Return what is known of the named systems, as of the newest month that has read them."""
    newer = {row["system"]: row for row in newest().systems}
    return [dict(newer.get(row["system"], row)) for row in organisations.systems()]


def earlier(totals: Mapping[str, Mapping[str, int]]) -> Known:
    """Read labels and totals from all months there are, and put the totals of a run beside them.

    A label that a collection found by itself is none by hand, and must not outlive a mended tag.
    """
    columns = ["source", "kind", "org", "repo", "name", "modality", "lifecycle", "total_downloads", "date_crawl"]
    rows: list[dict[str, Any]] = []
    for month in _sound():
        read = month.repositories.select(columns).to_pylist()
        rows += [row | _UNLABELLED for row in read] if month.collected else read
    learned = learn(rows)
    every = {**learned.totals, **totals}
    return Known(learned.labels, {s: {**learned.totals.get(s, {}), **totals.get(s, {})} for s in every})


def _sound() -> Iterator[Month]:
    """Yield the sound months, newest first, those of the bundle after the others; a SnapshotError if there is none."""
    found = False
    for within in dict.fromkeys((archive.root(), archive.BUNDLED)):
        for taken in reversed(organisations.months(within)):
            with suppress(archive.SnapshotError):
                month = organisations.load(taken, within)
                found = True
                yield month
    if not found:
        raise archive.SnapshotError("There is no sound month of organisations, neither yours nor the bundled ones.")


_UNLABELLED = {"modality": None, "lifecycle": None}


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
