"""What happened in a repository of code in twelve months: commits, the people who wrote them, merged pull requests.

GitHub, Gitee and GitCode list commits between two days alike, a call for each hundred. They are counted as in a history
that is read whole: `git log --no-merges`, people by e-mail address, without what programs wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from data.collect.asker import Asker, Watched, by_number, pages
from data.http.message import Request, Response
from data.shapes import as_date, as_dict, as_text

DAYS: Final = 365
PAGE: Final = 100
_PROGRAM: Final = "[bot]"


@dataclass(frozen=True, slots=True)
class Year:
    """Counts of the DAYS before a day, None where unknown; `reason` says why something is."""

    commits: int | None = None
    authors: int | None = None
    merged: int | None = None
    reason: str = ""


def begin(until: date) -> date:
    """Return the first of the DAYS before a day."""
    return until - timedelta(days=DAYS)


def read(asker: Asker, commits: Request, merged: Callable[[Asker], int | None], until: date) -> Year:
    """Count what `commits`, a request for a list of them, has of the DAYS before a day; `merged` counts the merges."""
    watched, count, people = Watched(asker), 0, set[str]()
    window = (
        ("since", f"{begin(until)}T00:00:00Z"),
        ("until", f"{until}T00:00:00Z"),
        ("per_page", str(PAGE)),
        ("page", "1"),
    )
    first = replace(commits, params=(*commits.params, *window))
    for rows, _ in pages(watched, first, lambda data: data, lambda row: as_text(row.get("sha")), by_number):
        written = [row for row in rows if not (_is_merge(row) or _by_program(row))]
        count += len(written)
        people |= {author for row in written if (author := _author(row))}
    whole = not watched.noted
    pulls = merged(watched)
    reason = watched.noted[0][1] if watched.noted else ""
    return Year(count if whole else None, len(people) if whole else None, pulls, reason)


def merged_in_list(asker: Asker, first: Request, until: date) -> int | None:
    """Count in a list of merged pull requests, last changed first, those that were merged in the DAYS before a day."""
    watched, count, since = Watched(asker), 0, begin(until)

    def following(request: Request, response: Response, rows: int) -> Request | None:
        sent = response.data if isinstance(response.data, list) else []
        changed = [day for row in sent if (day := as_date(as_dict(row).get("updated_at")))]
        return by_number(request, response, rows) if not changed or min(changed) >= since else None

    for rows, _ in pages(watched, first, lambda data: data, _number, following):
        days = (as_date(row.get("merged_at")) for row in rows)
        count += sum(day is not None and since <= day < until for day in days)
    return None if watched.noted else count


def _number(row: Mapping[str, Any]) -> str | None:
    return next((str(row[key]) for key in ("number", "iid", "id") if row.get(key) is not None), None)


def _is_merge(row: Mapping[str, Any]) -> bool:
    parents = row.get("parents")
    return isinstance(parents, list) and len(parents) > 1


def _author(row: Mapping[str, Any]) -> str:
    written = as_dict(as_dict(row.get("commit")).get("author"))
    return (as_text(written.get("email")) or as_text(written.get("name")) or "").lower()


def _by_program(row: Mapping[str, Any]) -> bool:
    written = as_dict(as_dict(row.get("commit")).get("author"))
    names = f"{as_text(written.get('name'))} {as_text(written.get('email'))}"
    return _PROGRAM in names or as_dict(row.get("author")).get("type") == "Bot"
