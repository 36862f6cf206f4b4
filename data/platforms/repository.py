"""A repository of an organisation on a platform: the one schema of its row, and its downloads in a month.

ModelScope, BAAI and OpenDataLab only count downloads since the beginning; those of a month are the difference of two
such totals.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, get_args, get_type_hints

import pyarrow as pa

from data.archive import Layout

RepositoryKind = Literal["model", "dataset"]
KINDS: Final[tuple[RepositoryKind, ...]] = ("model", "dataset")
LEAST: Final = 50  # downloads in a month below which a model does not count, as in the files of OSIR-LMTS
Totals = Mapping[str, int]  # downloads since the beginning, by ISO day
MONTH: Final = 30  # days
OFF: Final = 15  # days that two totals may be nearer or further apart than that


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryRow:
    """What a platform has of one repository on one day; None is unknown. Fields are in the order of stored columns."""

    source: str | None  # the platform, in the word of the stored months
    kind: RepositoryKind
    org: str
    repo: str | None = None  # its owner on the platform
    name: str
    modality: str | None = None  # kind of data, in the words of the indicators
    lifecycle: str | None = None  # stage of training that a data set serves
    date_crawl: str | None = None  # ISO day on which it was read
    link: str | None = None
    downloads_last_month: int | None = None
    total_downloads: int | None = None  # since the beginning
    likes: int | None = None
    community: int | None = None  # discussion threads
    descendants: int | None = None  # models derived from it
    dataset_usage: int | None = None  # models that state it as training data
    parameters: int | None = None
    industry: str | None = None  # "yes" or "no": made for one industry
    evidence: str | None = None  # the two totals that the month's downloads come from, or why there are none


COLUMNS: Final[Mapping[str, pa.DataType]] = {
    name: pa.int64() if int in get_args(hint) else pa.string() for name, hint in get_type_hints(RepositoryRow).items()
}
COLLECTED: Final = ("parameters", "industry", "evidence")  # what the files of OSIR-LMTS lack
COUNTS: Final = tuple(name for name, kind in COLUMNS.items() if kind == pa.int64() and name not in COLLECTED)
TEXTS: Final = tuple(name for name, kind in COLUMNS.items() if kind == pa.string() and name not in COLLECTED)


_COUNT = {int, re.compile("[0-9]*")}  # blank where it is unknown
# A month of such rows on disk.
LAYOUT: Final = Layout(
    "organisations",
    frozenset({"repositories.parquet", "listed.parquet", "facts.parquet"}),
    {
        "rows": int,
        "organisations": int,
        "sources": [{"name": str, "from": str, "to": str, "repositories": int, "licence": str, "url": str}],
        "by_hand?": str,
        "systems?": [{"organisation": str, "system": str, "as_of": str, "authors": _COUNT, "stars": _COUNT}],
        "activity?": [
            {"organisation": str, "dimension": str, "repository": str, "as_of": str, "source": str}
            | dict.fromkeys(("commits_last_year", "authors_last_year", "merged_last_year"), _COUNT)
        ],
        "pages?": [(str, str, str)],
        "gaps?": [(str, str, str, str)],
    },
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One repository in a platform's listing; `facts` under the names of columns, `words` are its tasks and tags."""

    kind: RepositoryKind
    id: str
    at: str
    facts: Mapping[str, Any]
    words: tuple[str, ...] = ()
    link: str = ""


class Unread(str):
    """Why a listing was not read to its end: one sentence, in place of the rows that are missing."""


@dataclass(frozen=True, slots=True)
class Monthly:
    """Downloads between two days, None where they are unknown; `evidence` says from what, or why not."""

    downloads: int | None
    evidence: str


def too_few(*downloads: int | None) -> bool:
    """Whether a model certainly has fewer downloads a month than count, by those of the month or of all time."""
    return any(count is not None and count < LEAST for count in downloads)


def subject(source: object, kind: object, repository: object) -> str:
    """Return the key under which the totals of a repository (`owner/name`) are kept."""
    return f"{source}/{kind}/{repository}"


def with_month(row: dict[str, Any], totals: Totals) -> dict[str, Any]:
    """Return a row of a platform that only counts since the beginning, with the month's downloads and their evidence.

    `totals` are those of other days. A row that counts by the month stays as it is.
    """
    total, day = row.get("total_downloads"), row.get("date_crawl") or row.get("as_of")
    if total is None or not day or row.get("downloads_last_month") is not None:
        return row
    month = monthly({**totals, day: total}, day)
    return row | {"downloads_last_month": month.downloads, "evidence": month.evidence}


def monthly(totals: Totals, now: str) -> Monthly:
    """Return the downloads of the month before a day, whose total is among `totals`.

    The difference stands as it is, for the days between the two: nothing is stretched to thirty days.
    """
    day = date.fromisoformat(now)
    off = {then: abs((day - date.fromisoformat(then)).days - MONTH) for then in totals if then < now}
    then = min(off, key=lambda then: (off[then], then), default=None)
    if then is None or off[then] > OFF:
        return Monthly(None, f"There is no total from {MONTH - OFF} to {MONTH + OFF} days before {now}.")
    difference = totals[now] - totals[then]
    words = f"total of {now} less total of {then}: {totals[now]:,} - {totals[then]:,}"
    if difference < 0:
        return Monthly(None, f"The total shrank, so the month is unknown ({words}).")
    return Monthly(difference, words[0].upper() + words[1:] + ".")
