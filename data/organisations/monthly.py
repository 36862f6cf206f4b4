"""Downloads of a month where a platform only gives the total since the beginning: the difference of two totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

Totals = Mapping[str, Mapping[str, int]]  # of a repository on a platform, by ISO day
MONTH: Final = 30  # days
OFF: Final = 15  # days that two totals may be nearer or further apart than that


@dataclass(frozen=True, slots=True)
class Monthly:
    """Downloads between two days, None where they cannot be told; `evidence` says from what, or why not."""

    downloads: int | None
    evidence: str


def with_month(row: dict[str, Any], totals: Mapping[str, int]) -> dict[str, Any]:
    """Return a row of a platform that only counts since the beginning, with the month's downloads and their evidence.

    `totals` are those of other days, by ISO day. A row that counts by the month stays as it is.
    """
    total, day = row.get("total_downloads"), row.get("date_crawl") or row.get("as_of")
    if total is None or not day or row.get("downloads_last_month") is not None:
        return row
    month = monthly({**totals, day: total}, day)
    return row | {"downloads_last_month": month.downloads, "evidence": month.evidence}


def monthly(totals: Mapping[str, int], now: str) -> Monthly:
    """Return the downloads of the month before a day; `totals` maps ISO days to totals, that of the day among them.

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
