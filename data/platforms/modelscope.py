"""ModelScope: what an owner publishes, by its OpenAPI. Downloads are totals since the beginning, not of a month.

A listing gives fifty rows a page and three thousand in all; a larger one is asked for again by the first letters of
names. The client library modelscope-hub is not needed for that: it would bring a folder of its own and cryptography.
"""

from __future__ import annotations

import os
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from data.collect.asker import Asker, Watched, digest, name, pages
from data.http.message import Kind as Failing
from data.http.message import Request, Response
from data.http.secrets import token
from data.platforms.ids import is_owned
from data.platforms.repository import Listed, RepositoryKind, Unread
from data.shapes import MOST_BYTES, as_count, as_date, as_dict, as_strings, as_text

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
_STARTS: Final = string.ascii_lowercase + string.digits + "_-."


@dataclass(frozen=True, slots=True)
class Raw:
    """One model or data set as ModelScope lists it, with the time of the reply."""

    kind: Kind
    said: Mapping[str, Any]
    at: str


def base() -> str:
    """Return the address of the platform: MODELSCOPE_ENDPOINT, else the public one."""
    return (os.environ.get("MODELSCOPE_ENDPOINT") or "https://modelscope.cn").rstrip("/")


def request(step: str, subject: str, path: str, *params: tuple[str, str]) -> Request:
    """Make a call."""
    secret = token("modelscope")
    return Request(
        name=name("modelscope", step, subject),
        base=base(),
        path="/openapi/v1" + path,
        params=params,
        secret={"headers": {"Authorization": f"Bearer {secret}"}} if secret else {},
        wrong=_wrong,
    )


def fetch(asker: Asker, kind: Kind, owner: str = "", one: str = "") -> Iterator[Raw]:
    """Yield everything of a kind that an owner publishes, or one by its id; what is missing is noted by the asker."""
    if one:
        if is_owned(one):
            response = asker.ask(request(kind, one, f"/{kind}/{one}"))
            said = as_dict(as_dict(response.data).get("data"))
            if said and _id(said):
                yield Raw(kind, said, response.at)
            elif response.good:
                asker.miss(name("modelscope", kind, one), "damaged", f"What ModelScope sent for {one} has no id.")
        return
    listing = _Listing(asker, kind, owner)
    yield from listing.rows()


class _Listing:
    """Everything of a kind that an owner publishes: one listing, and if it is longer than reaches, slices by names."""

    def __init__(self, asker: Asker, kind: Kind, owner: str) -> None:
        self._asker, self._kind, self._owner = Watched(asker), kind, owner
        self._seen: set[str] = set()
        self._pages = asker.limits.max_pages  # of all slices together
        self._total = 0
        self._helps = True  # whether what begins with a letter is less than everything

    def rows(self) -> Iterator[Raw]:
        yield from self._slices("", _STARTS)
        if REACH < len(self._seen) < self._total:  # perhaps it tells capitals from small letters
            for letter in string.ascii_uppercase:
                yield from self._slices(letter, _STARTS + string.ascii_uppercase)
        if len(self._seen) < self._total and not self._asker.noted:
            self._asker.miss(
                request(f"{self._kind}-list", digest(f"{self._owner}/"), "").name + "/rest",
                "pages",
                f"ModelScope says {self._total} {self._kind} of {self._owner}, {len(self._seen)} could be listed.",
            )

    def _slices(self, start: str, letters: str, parent: int | None = None) -> Iterator[Raw]:
        """Yield what begins with `start`; where that is more than reaches, letter by letter, as long as that helps."""
        before, total = len(self._seen), 0
        for told, page, at in self._listed(start):
            total = told
            for row in page:
                if str(_id(row)) not in self._seen:
                    self._seen.add(str(_id(row)))
                    yield Raw(self._kind, row, at)
        self._total = max(self._total, total)
        self._helps &= parent is None or total < parent
        if total > REACH and len(start) < 4 and (parent is None or len(self._seen) > before):
            for letter in letters:
                if self._helps and self._pages > 0:
                    yield from self._slices(start + letter, letters, total)

    def _listed(self, start: str) -> Iterator[tuple[int, list[Mapping[str, Any]], str]]:
        params = [("owner", self._owner), *([("search", start)] if start else []), ("sort", "downloads")]
        params += [("page_size", str(PAGE)), ("page_number", "1")]
        first = request(f"{self._kind}-list", digest(f"{self._owner}/{start}"), f"/{self._kind}", *params)
        total = given = 0

        def rows(data: Any) -> object:
            nonlocal total
            said = as_dict(as_dict(data).get("data"))
            total = max(total, as_count(said.get("total_count")) or 0)
            return said.get(self._kind)

        for page, at in pages(self._asker, first, rows, _id, _next_page):
            self._pages -= 1
            given += len(page)
            yield total, page, at
            if self._pages <= 0:
                break
        if not total and given >= REACH:
            reason = f"ModelScope lists {REACH} {self._kind} of {self._owner} and does not say how many there are."
            self._asker.miss(first.name + "/rest", "pages", reason)


def _next_page(request: Request, response: Response, rows: int) -> Request | None:
    number = int(request.params[-1][1])
    total = as_count(as_dict(as_dict(response.data).get("data")).get("total_count"))
    through = number * PAGE >= (REACH if total is None else min(total, REACH)) or (total is None and not rows)
    return None if through else replace(request, params=(*request.params[:-1], ("page_number", str(number + 1))))


def _wrong(data: Any) -> tuple[Failing, str] | None:
    """Return what a reply under status 200 says of its failure."""
    said = as_dict(data)
    if said.get("success") is not False:
        return None
    words = as_text(said.get("message")) or as_text(said.get("code")) or "no reason"
    return "server", f"ModelScope says that it failed: {words[:80]}."


def _id(row: Mapping[str, Any]) -> str | None:
    text = as_text(row.get("id")) or ""
    if "/" not in text:  # the site's own API names both halves apart
        text = "/".join(as_text(row.get(key)) or "" for key in ("Path", "Name"))
    return text if is_owned(text) else None


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
        "bytes": as_count(said.get("file_size"), MOST_BYTES),
        "gated": gated if isinstance(gated, bool) else None,
    }


def repositories(asker: Asker, owner: str, kind: RepositoryKind, _: Iterable[str] = ()) -> Iterator[Listed | Unread]:
    """Yield the models or the data sets of an owner, and Unread where not all could be listed."""
    watched = Watched(asker)
    for raw in fetch(watched, "models" if kind == "model" else "datasets", owner):
        row = facts(raw)
        words = (*(row["tasks"] or ()), *(row["tags"] or ()))
        yield Listed(kind, row["id"], raw.at, row, words, f"https://modelscope.cn/{raw.kind}/{row['id']}")
    yield from (Unread(reason) for _, reason in watched.noted[:1])
