"""What is known of repositories before anything is asked: labels and totals of earlier months, and imported tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from data.organisations import osir
from data.organisations.monthly import Totals, with_month
from data.shapes import as_count, as_text

# A platform's name -> its word in the organisation data.
PLATFORMS: Final[Mapping[str, str]] = {title: word for word, title in osir.PLATFORMS.items()}


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier months say: labels of repositories, and totals by day."""

    labels: Mapping[tuple[str, str], tuple[str | None, str | None]] = field(default_factory=dict)
    totals: Totals = field(default_factory=dict)


def learn(rows: Iterable[Mapping[str, Any]]) -> Known:
    """Read labels and totals from the repository rows of earlier months; the newest label of a repository counts."""
    labels: dict[tuple[str, str], tuple[str | None, str | None]] = {}
    totals: dict[str, dict[str, int]] = {}
    for one in sorted(rows, key=lambda r: str(r.get("date_crawl") or r.get("month") or "")):
        org, name, repo, source = (str(one.get(key) or "") for key in ("org", "name", "repo", "source"))
        stated = [as_text(one.get(key)) for key in ("modality", "lifecycle")]
        before = labels.get((org, name), (None, None))
        label, stage = (None if text in (None, "null") else text for text in stated)
        labels[org, name] = (label or before[0], stage or before[1])
        total, day = as_count(one.get("total_downloads")), as_text(one.get("date_crawl"))
        if total is not None and day:
            totals.setdefault(subject(source, one.get("kind"), f"{repo}/{name}"), {})[day[:10]] = total
    return Known(labels, totals)


def imported(rows: Iterable[Mapping[str, Any]], known: Known) -> list[dict[str, Any]]:
    """Return the newest row of each repository of an imported table; older ones only lend their totals.

    A repository is told by source, kind, org, repo and name.
    """
    newest: dict[tuple[str, ...], dict[str, Any]] = {}
    totals: dict[str, dict[str, int]] = {}
    for one in sorted(rows, key=lambda r: str(r["date_crawl"])):
        one = {**one, "source": _word(one["source"]), "repo": one["repo"] or "", "evidence": ""}
        repository = subject(one["source"], one["kind"], f"{one['repo']}/{one['name']}")
        if one["total_downloads"] is not None:
            totals.setdefault(repository, {})[one["date_crawl"]] = one["total_downloads"]
        newest[repository, one["org"]] = one
    return [
        with_month(one, {**known.totals.get(repository, {}), **totals.get(repository, {})})
        for (repository, *_), one in newest.items()
    ]


def _word(source: str) -> str:
    """Return a platform's word in the organisation data, however a table writes its name."""
    words = {name.lower().replace(" ", ""): word for title, word in PLATFORMS.items() for name in (title, word)}
    return words.get(source.lower().replace(" ", ""), source)


def subject(source: object, kind: object, repository: object) -> str:
    """Return what a repository's totals are remembered under."""
    return f"{source}/{kind}/{repository}"
