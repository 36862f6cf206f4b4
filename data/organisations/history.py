"""What earlier months and imported tables say of repositories and systems before anything is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from data import archive
from data.organisations import month
from data.organisations.month import Month
from data.platforms import word
from data.platforms.repository import RepositoryRow, Totals, subject, with_month
from data.shapes import as_count, as_text

_READ: Final = ["source", "kind", "org", "repo", "name", "modality", "lifecycle", "total_downloads", "date_crawl"]


@dataclass(frozen=True, slots=True)
class History:
    """Labels of repositories by organisation and name, and totals by the subject and day of each."""

    labels: Mapping[tuple[str, str], tuple[str | None, str | None]] = field(default_factory=dict)
    totals: Mapping[str, Totals] = field(default_factory=dict)


def learn(rows: Iterable[Mapping[str, Any]]) -> History:
    """Read labels and totals from the repository rows of earlier months; the newest label of a repository counts."""
    labels: dict[tuple[str, str], tuple[str | None, str | None]] = {}
    totals: dict[str, dict[str, int]] = {}
    for row in sorted(rows, key=lambda r: str(r.get("date_crawl") or "")):
        org, name, repo, source = (str(row.get(key) or "") for key in ("org", "name", "repo", "source"))
        stated = [as_text(row.get(key)) for key in ("modality", "lifecycle")]
        before = labels.get((org, name), (None, None))
        label, stage = (None if text in (None, "null") else text for text in stated)
        labels[org, name] = (label or before[0], stage or before[1])
        total, day = as_count(row.get("total_downloads")), as_text(row.get("date_crawl"))
        if total is not None and day:
            totals.setdefault(subject(source, row.get("kind"), f"{repo}/{name}"), {})[day[:10]] = total
    return History(labels, totals)


def earlier(totals: Mapping[str, Totals]) -> History:
    """Read labels and totals from all months there are, and put the totals of a collection beside them.

    A label that a collection found by itself is not one by hand, and must not outlive a mended tag.
    """
    rows: list[dict[str, Any]] = []
    for one in _sound():
        read = one.repositories.select(_READ).to_pylist()
        rows += [row | {"modality": None, "lifecycle": None} for row in read] if one.collected else read
    learned = learn(rows)
    every = {**learned.totals, **totals}
    return History(learned.labels, {s: {**learned.totals.get(s, {}), **totals.get(s, {})} for s in every})


def imported(rows: Iterable[RepositoryRow], history: History) -> list[RepositoryRow]:
    """Return the newest row of each repository of an imported table; older ones only lend their totals.

    A repository is identified by source, kind, org, repo and name.
    """
    newest: dict[tuple[str, str], RepositoryRow] = {}
    totals: dict[str, dict[str, int]] = {}
    for given in sorted(rows, key=lambda r: str(r.date_crawl)):
        row = replace(given, source=word(str(given.source)), repo=given.repo or "", evidence="")
        repository = subject(row.source, row.kind, f"{row.repo}/{row.name}")
        if row.total_downloads is not None:
            totals.setdefault(repository, {})[str(row.date_crawl)] = row.total_downloads
        newest[repository, row.org] = row
    return [
        RepositoryRow(**with_month(asdict(row), {**history.totals.get(key, {}), **totals.get(key, {})}))
        for (key, _), row in newest.items()
    ]


def newest() -> Month:
    """Return the newest sound month of the snapshots, or else of the bundle."""
    return next(_sound())


def kept_by_hand() -> Month:
    """Return the newest month that comes from files in which people count, and not from a collection."""
    return next(one for one in _sound() if not one.collected)


def newest_systems() -> list[dict[str, Any]]:
    """Return what is known of the named systems, as of the newest month that has read them."""
    newer = {row["system"]: row for row in newest().systems}
    return [dict(newer.get(row["system"], row)) for row in month.systems()]


def _sound() -> Iterator[Month]:
    """Yield the sound months, newest first, those of the bundle after the others; a SnapshotError if there is none."""
    found = False
    for within in dict.fromkeys((archive.root(), archive.BUNDLED)):
        for taken in reversed(month.months(within)):
            with suppress(archive.SnapshotError):
                loaded = month.load(taken, within)
                found = True
                yield loaded
    if not found:
        raise archive.SnapshotError("There is no sound month of organisations, neither yours nor the bundled ones.")
