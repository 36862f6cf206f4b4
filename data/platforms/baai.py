"""BAAI's data platform: all its data sets in one call. Downloads are totals since the beginning, not of a month.

The API is the one behind its own pages: unpublished, so a reply of another shape is a failure that is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from data.collect.asker import Asker, Watched, pages
from data.http.message import Failure, Request, Response
from data.platforms.platform import Platform, Raw
from data.platforms.repository import Listed, RepositoryKind, Unread
from data.shapes import MOST_BYTES, as_count, as_date, as_dict, as_strings, as_text

SITE: Final = "https://data.baai.ac.cn"
PAGE: Final = 1000


def _request() -> Request:
    asked = {"limit": PAGE, "offset": 0, "datasetName": "", "startTime": None, "endTime": None, "orderBy": "5"}
    path = "/api/datahub/search/v1/getAllDataset"
    return BAAI.request("datasets", "", path, method="POST", json=asked, wrong=_wrong)


def _wrong(data: Any) -> tuple[Failure, str] | None:
    """Find the failure in a reply under status 200: another code than 0 or 200, and no rows."""
    sent = as_dict(data)
    code = as_count(sent.get("code"))
    if code in (None, 0, 200) or as_dict(sent.get("data")).get("list"):
        return None
    words = as_text(sent.get("msg")) or as_text(sent.get("message")) or "no reason"
    return "server", f"BAAI says {code}: {words[:80]}."


def fetch(asker: Asker) -> Iterator[Raw]:
    """Yield every data set of the platform; what is missing is noted by the asker."""
    total = given = 0

    def listed(data: Any) -> object:
        nonlocal total
        total = max(total, as_count(as_dict(as_dict(data).get("data")).get("total")) or 0)
        return as_dict(as_dict(data).get("data")).get("list")

    watched = Watched(asker)
    for rows, at in pages(watched, _request(), listed, _id, _next):
        given += len(rows)
        yield from (Raw(_id(row) or "", row, at) for row in rows)
    if given < total and not watched.noted:
        asker.miss("baai/datasets/rest", "pages", f"BAAI says {total} data sets, {given} were listed.")


def _next(request: Request, response: Response, rows: int) -> Request | None:
    through = int(request.json["offset"]) + rows
    total = as_count(as_dict(as_dict(response.data).get("data")).get("total")) or 0
    return replace(request, json=request.json | {"offset": through}) if through < total else None


def _id(row: Mapping[str, Any]) -> str | None:
    return as_text(row.get("uriName")) or as_text(row.get("datasetName"))


def facts(raw: Raw) -> dict[str, Any]:
    """Turn one listed row into a row of facts: None where unknown. Pure."""
    sent = raw.sent
    days = [as_date(sent.get(key)) for key in ("publishTime", "createTime", "updateTime")]
    published, created, modified = (day.isoformat() if day else None for day in days)
    return {
        "id": raw.id,
        "name": as_text(sent.get("datasetName")) or raw.id,
        "kind": "dataset",
        "source": BAAI.title,
        "as_of": raw.at[:10],
        "total_downloads": as_count(sent.get("downloadNumb")),
        "likes": as_count(sent.get("subscribedNumb")),
        "views": as_count(sent.get("viewNumb")),
        "tags": as_strings(sent.get("tags")) or None,
        "created": published or created,
        "modified": modified,
        "bytes": as_count(sent.get("totalSizeByte"), MOST_BYTES),
        "organisation": as_text(sent.get("organization")),
    }


def repositories(asker: Asker, _owner: str, kind: RepositoryKind, _: Iterable[str] = ()) -> Iterator[Listed | Unread]:
    """Yield the platform's data sets, all of which are BAAI's, and Unread where not all could be listed."""
    watched = Watched(asker)
    for raw in fetch(watched):
        row = facts(raw)
        link = f"{SITE}/datadetail/{quote(row['id'])}"
        yield Listed(kind, f"BAAI/{row['id']}", raw.at, row, tuple(row["tags"] or ()), link)
    yield from (Unread(reason) for _, reason in watched.noted[:1])


BAAI: Final[Platform] = Platform(
    id="baai",
    title="BAAI",
    spellings=("BAAIData",),
    hosts=("baai.ac.cn",),
    lists=("dataset",),
    url=SITE,
    variable="BAAI_API_URL",
    tokens=("BAAI_TOKEN",),
    steps=lambda choice: (BAAI.step("lists of everything", 1),),
    fetch=lambda asker, choice: (fetch(asker),),
    facts=facts,
    repositories=repositories,
)
