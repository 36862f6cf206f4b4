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

    `totals`: by ISO day, this row's own among them. A row that counts by the month stays as it is.
    """
    if row.get("total_downloads") is None or row.get("downloads_last_month") is not None:
        return row
    month = monthly(totals)
    return row | {"downloads_last_month": month.downloads, "evidence": month.evidence}


def monthly(totals: Mapping[str, int]) -> Monthly:
    """Return the downloads of the month before the newest total; `totals` maps ISO days to totals.

    The difference stands as it is, for the days between the two: nothing is stretched to thirty days.
    """
    days = sorted(totals)
    if not days:
        return Monthly(None, "No total is known.")
    now = date.fromisoformat(days[-1])
    off = {day: abs((now - date.fromisoformat(day)).days - MONTH) for day in days[:-1]}
    then = min(off, key=lambda day: (off[day], day), default=None)
    if then is None or off[then] > OFF:
        return Monthly(None, f"One total, of {now}; a second one is needed from about {MONTH} days before or after.")
    difference = totals[days[-1]] - totals[then]
    words = f"total of {now} less total of {then}: {totals[days[-1]]:,} - {totals[then]:,}"
    if difference < 0:
        return Monthly(None, f"The total shrank, so the month is unknown ({words}).")
    return Monthly(difference, words[0].upper() + words[1:] + ".")
