"""ModelScope: what an owner publishes, by its OpenAPI. Downloads are totals since the beginning, not of a month.

A listing gives fifty rows a page and three thousand in all; a larger one is asked for again by the first letters of
names. The client library modelscope-hub is not needed for that: it would bring a folder of its own and cryptography.
"""

from __future__ import annotations

import os
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from data.shapes import as_count, as_date, as_dict, as_strings, as_text
from data.sources.asking import Asker, digest, name, pages
from data.transport.calls import Call, Reply
from data.transport.secrets import token

SOURCE: Final = "ModelScope"
Kind = Literal["models", "datasets"]
PAGE, REACH = 50, 3000
FACTS: Final[Mapping[str, str]] = {
    "total_downloads": "downloads since the beginning",
    "likes": "likes",
    "license": "licence as stated",
    "tasks": "tasks that it is made for",
    "tags": "tags",
    "created": "day of creation",
    "modified": "day of the last change",
    "bytes": "size of its files",
    "gated": "conditions must be accepted first",
}
_ID: Final = re.compile(r"[A-Za-z0-9_][\w.-]{0,99}/[\w.-]{1,100}", re.ASCII)
_STARTS: Final = string.ascii_lowercase + string.digits


@dataclass(frozen=True, slots=True)
class Raw:
    """One model or data set as ModelScope lists it, with the time of the reply."""

    kind: Kind
    said: Mapping[str, Any]
    at: str


def base() -> str:
    """Return the address of the platform: MODELSCOPE_ENDPOINT, else the public one."""
    return (os.environ.get("MODELSCOPE_ENDPOINT") or "https://modelscope.cn").rstrip("/")


def call(step: str, subject: str, path: str, *params: tuple[str, str]) -> Call:
    """Make a call."""
    secret = token("modelscope")
    return Call(
        name=name("modelscope", step, subject),
        base=base(),
        path="/openapi/v1" + path,
        params=params,
        secret={"headers": {"Authorization": f"Bearer {secret}"}} if secret else {},
    )


def fetch(asker: Asker, kind: Kind, owner: str = "", one: str = "") -> Iterator[Raw]:
    """Yield everything of a kind that an owner publishes, or one by its id; what is missing is noted by the asker."""
    if one:
        if _ID.fullmatch(one) and ".." not in one:
            reply = asker.ask(call(kind, one, f"/{kind}/{one}"))
            said = as_dict(as_dict(reply.data).get("data"))
            if said and _id(said):
                yield Raw(kind, said, reply.at)
            elif reply.good:
                asker.miss(name("modelscope", kind, one), "damaged", f"What ModelScope sent for {one} has no id.")
        return
    seen: set[str] = set()
    yield from _listed(asker, kind, owner, "", seen)


def _listed(asker: Asker, kind: Kind, owner: str, start: str, seen: set[str]) -> Iterator[Raw]:
    params = [("owner", owner), *([("search", start)] if start else []), ("sort", "downloads")]
    params += [("page_size", str(PAGE)), ("page_number", "1")]
    first = call(f"{kind}-list", digest(f"{owner}/{start}"), f"/{kind}", *params)
    before = len(seen)
    total = 0

    def rows(data: Any) -> object:
        nonlocal total
        said = as_dict(as_dict(data).get("data"))
        total = max(total, as_count(said.get("total_count")) or 0)
        return said.get(kind)

    for page, at in pages(asker, first, rows, _id, _next_page):
        for row in page:
            if str(_id(row)) not in seen:
                seen.add(str(_id(row)))
                yield Raw(kind, row, at)
    if total > REACH and len(start) < 3:
        for letter in _STARTS:
            yield from _listed(asker, kind, owner, start + letter, seen)
        if not start and len(seen) < total:
            reason = f"ModelScope says {total} {kind} of {owner}, {len(seen)} could be listed."
            asker.miss(first.name + "/rest", "pages", reason)
    elif len(seen) - before < total and not start:
        reason = f"ModelScope says {total} {kind} of {owner}, {len(seen) - before} were listed."
        asker.miss(first.name + "/rest", "damaged", reason)


def _next_page(call: Call, reply: Reply, rows: int) -> Call | None:
    number = int(call.params[-1][1])
    total = as_count(as_dict(as_dict(reply.data).get("data")).get("total_count"))
    through = number * PAGE >= (REACH if total is None else min(total, REACH))
    return None if through else replace(call, params=(*call.params[:-1], ("page_number", str(number + 1))))


def _id(row: Mapping[str, Any]) -> str | None:
    text = as_text(row.get("id")) or ""
    if "/" not in text:  # the site's own API names both halves apart
        text = "/".join(as_text(row.get(key)) or "" for key in ("Path", "Name"))
    return text if _ID.fullmatch(text) else None


def facts(raw: Raw) -> dict[str, Any]:
    """Turn one listed row into a row of facts: every name of FACTS, None where unknown. Pure."""
    said = raw.said
    gated = said.get("gated")
    days = (as_date(said.get(key)) for key in ("created_at", "last_modified"))
    created, modified = (day.isoformat() if day else None for day in days)
    return {
        "id": _id(said),
        "kind": raw.kind.removesuffix("s"),
        "source": SOURCE,
        "as_of": raw.at[:10],
        "total_downloads": as_count(said.get("downloads")),
        "likes": as_count(said.get("likes")),
        "license": as_text(said.get("license")),
        "tasks": as_strings(said.get("tasks")) or None,
        "tags": as_strings(said.get("tags")) or None,
        "created": created,
        "modified": modified,
        "bytes": as_count(said.get("file_size")),
        "gated": gated if isinstance(gated, bool) else None,
    }
