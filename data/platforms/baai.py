"""BAAI's data platform: all its data sets in one call. Downloads are totals since the beginning, not of a month.

The API is the one behind its own pages: unpublished, so a reply of another shape is a failure that is named.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote

from data.collect.asker import Asker, Watched, pages
from data.http.message import Kind, Request, Response
from data.http.secrets import token
from data.platforms.repository import Listed, RepositoryKind, Unread
from data.shapes import MOST_BYTES, as_count, as_date, as_dict, as_strings, as_text

SOURCE: Final = "BAAI"
SITE: Final = "https://data.baai.ac.cn"
PAGE: Final = 1000
FACTS: Final[Mapping[str, str]] = {
    "total_downloads": "downloads since the beginning",
    "likes": "subscribers",
    "views": "views of its page",
    "tags": "tags",
    "created": "day of creation",
    "modified": "day of the last change",
    "bytes": "size of its files",
}


@dataclass(frozen=True, slots=True)
class Raw:
    """One data set as the platform lists it, with the time of the reply."""

    said: Mapping[str, Any]
    at: str


def base() -> str:
    """Return the address of the platform: BAAI_API_URL, else the public one."""
    return (os.environ.get("BAAI_API_URL") or SITE).rstrip("/")


def request(offset: int = 0) -> Request:
    """Make the one call that lists everything."""
    secret = token("baai")
    asked = {"limit": PAGE, "offset": offset, "datasetName": "", "startTime": None, "endTime": None, "orderBy": "5"}
    return Request(
        name="baai/datasets",
        base=base(),
        path="/api/datahub/search/v1/getAllDataset",
        method="POST",
        json=asked,
        secret={"headers": {"Authorization": f"Bearer {secret}"}} if secret else {},
        wrong=_wrong,
    )


def _wrong(data: Any) -> tuple[Kind, str] | None:
    """Return what a reply under status 200 says of its failure: another code than 0 or 200, and no rows."""
    said = as_dict(data)
    code = as_count(said.get("code"))
    if code in (None, 0, 200) or as_dict(said.get("data")).get("list"):
        return None
    return (
        "server",
        f"BAAI says {code}: {(as_text(said.get('msg')) or as_text(said.get('message')) or 'no reason')[:80]}.",
    )


def fetch(asker: Asker) -> Iterator[Raw]:
    """Yield every data set of the platform; what is missing is noted by the asker."""
    total = given = 0

    def listed(data: Any) -> object:
        nonlocal total
        total = max(total, as_count(as_dict(as_dict(data).get("data")).get("total")) or 0)
        return as_dict(as_dict(data).get("data")).get("list")

    watched = Watched(asker)
    for rows, at in pages(watched, request(), listed, _id, _next):
        given += len(rows)
        yield from (Raw(row, at) for row in rows)
    if given < total and not watched.noted:
        asker.miss("baai/datasets/rest", "pages", f"BAAI says {total} data sets, {given} were listed.")


def _next(request: Request, response: Response, rows: int) -> Request | None:
    through = int(request.json["offset"]) + rows
    total = as_count(as_dict(as_dict(response.data).get("data")).get("total")) or 0
    return replace(request, json=request.json | {"offset": through}) if through < total else None


def _id(row: Mapping[str, Any]) -> str | None:
    return as_text(row.get("uriName")) or as_text(row.get("datasetName"))


def facts(raw: Raw) -> dict[str, Any]:
    """Turn one listed row into a row of facts: every name of FACTS, None where unknown. Pure."""
    said = raw.said
    days = [as_date(said.get(key)) for key in ("publishTime", "createTime", "updateTime")]
    published, created, modified = (day.isoformat() if day else None for day in days)
    return {
        "id": _id(said),
        "name": as_text(said.get("datasetName")) or _id(said),
        "kind": "dataset",
        "source": SOURCE,
        "as_of": raw.at[:10],
        "total_downloads": as_count(said.get("downloadNumb")),
        "likes": as_count(said.get("subscribedNumb")),
        "views": as_count(said.get("viewNumb")),
        "tags": as_strings(said.get("tags")) or None,
        "created": published or created,
        "modified": modified,
        "bytes": as_count(said.get("totalSizeByte"), MOST_BYTES),
        "organisation": as_text(said.get("organization")),
    }


def repositories(asker: Asker, _owner: str, kind: RepositoryKind, _: Iterable[str] = ()) -> Iterator[Listed | Unread]:
    """Yield the platform's data sets, all of which are BAAI's, and Unread where not all could be listed."""
    watched = Watched(asker)
    for raw in fetch(watched):
        row = facts(raw)
        link = f"{SITE}/datadetail/{quote(row['id'])}"
        yield Listed(kind, f"BAAI/{row['id']}", raw.at, row, tuple(row["tags"] or ()), link)
    yield from (Unread(reason) for _, reason in watched.noted[:1])
