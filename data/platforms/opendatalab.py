"""OpenDataLab: one data set by its id. The platform has no public listing, so what it counts is mostly imported.

Nobody has published how its reply names its counters: the names tried here are those of its own pages. A reply
without them leaves downloads unknown; a table read off the pages comes in through data/platforms/imports.py.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from data.collect.asker import Asker, Watched, name
from data.http.message import Kind, Request
from data.http.secrets import token
from data.platforms.ids import is_owned
from data.platforms.repository import Listed, RepositoryKind, Unread
from data.shapes import MOST_BYTES, as_count, as_date, as_dict, as_strings, as_text

SOURCE: Final = "OpenDataLab"
_GONE: Final = re.compile(r"not? (?:found|exist|such)|no such|does ?n.t exist|不存在", re.IGNORECASE)
FACTS: Final[Mapping[str, str]] = {
    "total_downloads": "downloads since the beginning",
    "likes": "likes",
    "views": "views of its page",
    "license": "licence as stated",
    "tasks": "tasks that it is made for",
    "created": "day of publication",
    "bytes": "size of its files",
}


@dataclass(frozen=True, slots=True)
class Raw:
    """What the platform said of one data set, with the time of the reply."""

    dataset: str
    said: Mapping[str, Any]
    at: str


def base() -> str:
    """Return the address of the platform: OPENDATALAB_ENDPOINT, else the public one."""
    return (os.environ.get("OPENDATALAB_ENDPOINT") or "https://opendatalab.com").rstrip("/")


def request(dataset: str) -> Request:
    """Make the call for one data set; in its path a comma stands between owner and name."""
    secret = token("opendatalab")
    return Request(
        name=name("opendatalab", "dataset", dataset),
        base=base(),
        path="/datasets/api/v3/datasets/" + dataset.replace("/", ","),
        secret={"headers": {"Authorization": f"Bearer {secret}"}} if secret else {},
        wrong=_wrong,
    )


def _wrong(data: Any) -> tuple[Kind, str] | None:
    """Return what a reply under status 200 says of its failure: that there is no such data set, or anything else."""
    said = as_dict(data)
    code, words = as_count(said.get("code")), as_text(said.get("msg")) or "no reason"
    if code:
        return ("missing" if _GONE.search(words) else "server"), f"OpenDataLab says {code}: {words[:80]}."
    there = (as_dict(said.get("data")) or said).get("id")
    return None if there else ("damaged", "What OpenDataLab sent is no data set.")


def fetch(asker: Asker, datasets: Iterable[str]) -> Iterator[Raw]:
    """Yield what there is of each `owner/name`; what is missing is noted by the asker."""
    for dataset in (d for d in dict.fromkeys(datasets) if is_owned(d)):
        response = asker.ask(request(dataset))
        said = as_dict(response.data)
        if response.good:
            yield Raw(dataset, as_dict(said.get("data")) or said, response.at)


def facts(raw: Raw) -> dict[str, Any]:
    """Turn a reply into a row of facts: every name of FACTS, None where unknown. Pure."""
    attributes = as_dict(raw.said.get("attrs"))
    said = {**attributes, **raw.said}
    published = as_date(said.get("publishDate")) or as_date(said.get("createdAt"))
    return {
        "id": raw.dataset,
        "name": as_text(said.get("name")) or raw.dataset.partition("/")[2],
        "kind": "dataset",
        "source": SOURCE,
        "as_of": raw.at[:10],
        "total_downloads": _first(said, "downloadCount", "downloads"),
        "likes": _first(said, "likeCount", "starCount", "likes"),
        "views": _first(said, "viewCount"),
        "license": next(iter(as_strings(said.get("license"))), None),
        "tasks": as_strings(said.get("taskTypes")) or None,
        "created": published.isoformat() if published else None,
        "bytes": as_count(said.get("fileBytes"), MOST_BYTES),
    }


def _first(said: Mapping[str, Any], *keys: str) -> int | None:
    return next((count for key in keys if (count := as_count(said.get(key))) is not None), None)


def repositories(asker: Asker, dataset: str, kind: RepositoryKind, _: Iterable[str] = ()) -> Iterator[Listed | Unread]:
    """Yield one data set, and Unread where it could not be read; that it is gone is known, and not unread."""
    watched = Watched(asker)
    for raw in fetch(watched, [dataset] if dataset else []):
        row = facts(raw)
        words = tuple(row["tasks"] or ())
        yield Listed(kind, raw.dataset, raw.at, row, words, f"https://opendatalab.com/{raw.dataset}")
    yield from [Unread(reason) for failure, reason in watched.noted if failure != "missing"][:1]
