"""ModelScope: what an owner publishes, by its OpenAPI. Downloads are totals since the beginning, not of a month.

A listing gives fifty rows a page and three thousand in all; a larger one is asked for again by the first letters of
names. The client library modelscope-hub is not needed for that: it would bring a folder of its own and cryptography.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from data.collect.asker import Asker, Watched, digest, name, pages
from data.collect.plan import Step
from data.http.message import Failure, Request, Response
from data.platforms.platform import Choice, Options, Platform, is_owned, owned
from data.platforms.repository import Listed, RepositoryKind, Unread
from data.shapes import MOST_BYTES, as_count, as_date, as_dict, as_strings, as_text

Section = Literal["models", "datasets"]
PAGE, REACH = 50, 3000
_STARTS: Final = string.ascii_lowercase + string.digits + "_-."


@dataclass(frozen=True, slots=True)
class Raw:
    """One model or data set as ModelScope lists it, with the time of the reply."""

    kind: Section
    sent: Mapping[str, Any]
    at: str


def _request(step: str, subject: str, path: str, *params: tuple[str, str]) -> Request:
    return MODELSCOPE.request(step, subject, path, *params, wrong=_wrong)


def fetch(asker: Asker, kind: Section, owner: str = "", one: str = "") -> Iterator[Raw]:
    """Yield everything of a kind that an owner publishes, or one by its id; what is missing is noted by the asker."""
    if one:
        if is_owned(one):
            response = asker.ask(_request(kind, one, f"/{kind}/{one}"))
            sent = as_dict(as_dict(response.data).get("data"))
            if sent and _id(sent):
                yield Raw(kind, sent, response.at)
            elif response.good:
                asker.miss(name("modelscope", kind, one), "damaged", f"What ModelScope sent for {one} has no id.")
        return
    listing = _Listing(asker, kind, owner)
    yield from listing.rows()


class _Listing:
    """Everything of a kind that an owner publishes: one listing, and if it is longer than reaches, slices by names."""

    def __init__(self, asker: Asker, kind: Section, owner: str) -> None:
        self._asker, self._kind, self._owner = Watched(asker), kind, owner
        self._seen: set[str] = set()
        self._pages = asker.limits.max_pages  # of all slices together
        self._total = 0
        self._helps = True  # whether what begins with a letter is less than everything

    def rows(self) -> Iterator[Raw]:
        yield from self._slices("", _STARTS)
        if REACH < len(self._seen) < self._total:  # perhaps capitals and small letters are not the same to it
            for letter in string.ascii_uppercase:
                yield from self._slices(letter, _STARTS + string.ascii_uppercase)
        if len(self._seen) < self._total and not self._asker.noted:
            self._asker.miss(
                _request(f"{self._kind}-list", digest(f"{self._owner}/"), "").name + "/rest",
                "pages",
                f"ModelScope says {self._total} {self._kind} of {self._owner}, {len(self._seen)} could be listed.",
            )

    def _slices(self, start: str, letters: str, parent: int | None = None) -> Iterator[Raw]:
        """Yield what begins with `start`; where that is more than reaches, letter by letter, as long as that helps."""
        before, total = len(self._seen), 0
        for total, page, at in self._listed(start):  # noqa: B007 it is read after the last page
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
        first = _request(f"{self._kind}-list", digest(f"{self._owner}/{start}"), f"/{self._kind}", *params)
        total = given = 0

        def rows(data: Any) -> object:
            nonlocal total
            listing = as_dict(as_dict(data).get("data"))
            total = max(total, as_count(listing.get("total_count")) or 0)
            return listing.get(self._kind)

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


def _wrong(data: Any) -> tuple[Failure, str] | None:
    """Find the failure in a reply under status 200."""
    sent = as_dict(data)
    if sent.get("success") is not False:
        return None
    words = as_text(sent.get("message")) or as_text(sent.get("code")) or "no reason"
    return "server", f"ModelScope says that it failed: {words[:80]}."


def _id(row: Mapping[str, Any]) -> str | None:
    text = as_text(row.get("id")) or ""
    if "/" not in text:  # the site's own API names both halves apart
        text = "/".join(as_text(row.get(key)) or "" for key in ("Path", "Name"))
    return text if is_owned(text) else None


def facts(raw: Raw) -> dict[str, Any]:
    """Turn one listed row into a row of facts: None where unknown. Pure."""
    sent = raw.sent
    gated = sent.get("gated")
    days = (as_date(sent.get(key)) for key in ("created_at", "last_modified"))
    created, modified = (day.isoformat() if day else None for day in days)
    return {
        "id": _id(sent),
        "kind": raw.kind.removesuffix("s"),
        "source": MODELSCOPE.title,
        "as_of": raw.at[:10],
        "total_downloads": as_count(sent.get("downloads")),
        "likes": as_count(sent.get("likes")),
        "license": as_text(sent.get("license")),
        "tasks": as_strings(sent.get("tasks")) or None,
        "tags": as_strings(sent.get("tags")) or None,
        "created": created,
        "modified": modified,
        "bytes": as_count(sent.get("file_size"), MOST_BYTES),
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


def _owners(choice: Choice) -> list[str]:
    return [word for word in str(choice["author"]).split(",") if word]


def _parts(asker: Asker, choice: Choice) -> Iterator[Iterator[Raw]]:
    kinds: tuple[Section, ...] = ("models", "datasets")
    yield from (fetch(asker, kind, owner) for kind in kinds for owner in _owners(choice))
    yield from (fetch(asker, choice["kind"], one=one) for one in choice["ids"])


def _steps(choice: Choice) -> Iterator[Step]:
    yield MODELSCOPE.step("models and data sets", len(choice["ids"]))
    yield MODELSCOPE.step("pages of owners or more", 2 * len(_owners(choice)))


MODELSCOPE: Final[Platform] = Platform(
    id="modelscope",
    title="ModelScope",
    hosts=("modelscope.cn",),
    lists=("model", "dataset"),
    url="https://modelscope.cn",
    variable="MODELSCOPE_ENDPOINT",
    prefix="/openapi/v1",
    tokens=("MODELSCOPE_API_TOKEN",),
    options=Options(
        takes=("ids", "author", "kind"),
        needs=("author", "ids"),
        read=lambda text: owned(text, "models", "datasets"),
        example="owner/name",
    ),
    steps=_steps,
    fetch=_parts,
    facts=facts,
    repositories=repositories,
)
