"""OpenDataLab: one data set by its id. The platform has no public listing, so what it counts is mostly imported.

Nobody has published how its reply names its counters: the names tried here are those of its own pages. A reply
without them leaves downloads unknown; a table read off the pages comes in through data/platforms/imports.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from data.collect.asker import Asker, Watched
from data.http.message import Failure
from data.platforms.forges import first_count
from data.platforms.platform import Options, Platform, Raw, is_owned, owned
from data.platforms.repository import Listed, RepositoryKind, Unread
from data.shapes import MOST_BYTES, as_count, as_date, as_dict, as_strings, as_text

_GONE: Final = re.compile(r"not? (?:found|exist|such)|no such|does ?n.t exist|不存在", re.IGNORECASE)


def _wrong(data: Any) -> tuple[Failure, str] | None:
    """Find the failure in a reply under status 200: that there is no such data set, or anything else."""
    sent = as_dict(data)
    code, words = as_count(sent.get("code")), as_text(sent.get("msg")) or "no reason"
    if code:
        return ("missing" if _GONE.search(words) else "server"), f"OpenDataLab says {code}: {words[:80]}."
    there = (as_dict(sent.get("data")) or sent).get("id")
    return None if there else ("damaged", "What OpenDataLab sent is not a data set.")


def fetch(asker: Asker, dataset: str) -> Iterator[Raw]:
    """Yield what there is of an `owner/name`, in whose address a comma stands between the two; a gap is noted."""
    if is_owned(dataset):
        response = asker.ask(OPENDATALAB.request("dataset", dataset, "/" + dataset.replace("/", ","), wrong=_wrong))
        sent = as_dict(response.data)
        if response.good:
            yield Raw(dataset, as_dict(sent.get("data")) or sent, response.at)


def facts(raw: Raw) -> dict[str, Any]:
    """Turn a reply into a row of facts: None where unknown. Pure."""
    sent = {**as_dict(raw.sent.get("attrs")), **raw.sent}
    published = as_date(sent.get("publishDate")) or as_date(sent.get("createdAt"))
    return {
        "id": raw.id,
        "name": as_text(sent.get("name")) or raw.id.partition("/")[2],
        "kind": "dataset",
        "source": OPENDATALAB.title,
        "as_of": raw.at[:10],
        "total_downloads": first_count(sent, "downloadCount", "downloads"),
        "likes": first_count(sent, "likeCount", "starCount", "likes"),
        "views": first_count(sent, "viewCount"),
        "license": next(iter(as_strings(sent.get("license"))), None),
        "tasks": as_strings(sent.get("taskTypes")) or None,
        "created": published.isoformat() if published else None,
        "bytes": as_count(sent.get("fileBytes"), MOST_BYTES),
    }


def repositories(asker: Asker, dataset: str, kind: RepositoryKind, _: Iterable[str] = ()) -> Iterator[Listed | Unread]:
    """Yield one data set, and Unread where it could not be read; that it is gone is known, and not unread."""
    watched = Watched(asker)
    for raw in fetch(watched, dataset):
        row = facts(raw)
        words = tuple(row["tasks"] or ())
        yield Listed(kind, raw.id, raw.at, row, words, f"https://opendatalab.com/{raw.id}")
    yield from [Unread(reason) for failure, reason in watched.noted if failure != "missing"][:1]


OPENDATALAB: Final[Platform] = Platform(
    id="opendatalab",
    title="OpenDataLab",
    hosts=("opendatalab.com",),
    lists=("dataset",),
    url="https://opendatalab.com",
    variable="OPENDATALAB_ENDPOINT",
    prefix="/datasets/api/v3/datasets",
    tokens=("OPENDATALAB_TOKEN",),
    options=Options(takes=("ids", "table", "as_of"), needs=("ids", "table"), read=owned, example="owner/name"),
    fetch=lambda asker, choice: (fetch(asker, one) for one in choice["ids"]),
    facts=facts,
    repositories=repositories,
)
