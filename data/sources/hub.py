"""Hugging Face, the asking side: listings, single models and what no listing has. What comes of it is a record.

`record` is pure and makes what data/sources/huggingface.py reads: the Hub's own keys, and `_provenance`.
config.json and its like are never requested, because the Hub counts that as a download; `expand=config` is free.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Literal
from urllib.parse import quote

from data.card import links_repository
from data.shapes import as_count, as_date, as_dict, as_strings, as_text
from data.sources.asking import Asker, Watched, by_link, digest, name, pages
from data.sources.hub_id import ID, base
from data.transport.calls import Call, Reply
from data.transport.secrets import token

SOURCE: Final = "Hugging Face Hub"
Step = Literal["readme", "scan", "discussions", "owners", "spaces", "history", "papers"]
# In the order of their worth: what a factor of the scorecard needs comes first.
STEPS: Final[tuple[Step, ...]] = ("readme", "scan", "discussions", "owners", "spaces", "papers", "history")
NEEDED: Final[tuple[Step, ...]] = STEPS[:6]
RECENT: Final = 90  # days that count as recent
EXPAND: Final = (
    "author", "cardData", "childrenModelCount", "config", "createdAt", "disabled", "downloads", "downloadsAllTime",
    "evalResults", "gated", "gguf", "lastModified", "library_name", "likes", "model-index", "pipeline_tag", "private",
    "safetensors", "sha", "siblings", "spaces", "tags", "trendingScore",
)  # fmt: skip
PAGE: Final = 1000
NO_FILE: Final = "EntryNotFound"  # the Hub's word for a repository that is there and a file that is not
SPACES_LISTED: Final = 100
PAPERS_ASKED: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which models: these ids, else the first `top` of a listing by downloads: of an owner, of a search, of all."""

    ids: tuple[str, ...] = ()
    author: str = ""
    search: str = ""
    filters: tuple[str, ...] = ()
    top: int = 0


@dataclass(frozen=True, slots=True)
class Raw:
    """What the Hub said of one model: its row with the date of it, and the replies to the further questions."""

    row: Mapping[str, Any]
    at: str
    replies: Mapping[str, Reply]


def call(
    step: str, subject: str, path: str, *params: tuple[str, str], text: bool = False, optional: bool = False
) -> Call:
    """Make a call to the Hub. README files come out of another allowance than the API."""
    secret = token("huggingface")
    return Call(
        name=name(step, subject) if step else subject,
        base=base(),
        path=path,
        params=params,
        secret={"headers": {"Authorization": f"Bearer {secret}"}} if secret else {},
        bucket="resolvers" if text else "api",
        text=text,
        optional=optional,
    )


def listing(asker: Asker, choice: Choice, kind: str = "models", expand: Iterable[str] = EXPAND) -> Iterator[Raw]:
    """Yield the rows of a listing of models, data sets or Spaces, page by page; holds one page at a time."""
    said = {"author": choice.author, "search": choice.search, "sort": "downloads"}
    params = [("filter", word) for word in choice.filters] + [(key, value) for key, value in said.items() if value]
    params += [("limit", str(min(PAGE, choice.top or PAGE)))] + [("expand", word) for word in expand]
    first = call("", f"{kind}-list/{digest(repr(params))}", f"/api/{kind}", *params)
    given = 0
    for rows, at in pages(asker, first, lambda data: data, row_id, by_link):
        for row in rows:
            yield Raw(row, at, {})
            given += 1
            if choice.top and given >= choice.top:
                return


def models(asker: Asker, choice: Choice) -> Iterator[str | Raw]:
    """Yield what is to be fetched: ids that were given, else the rows of a listing."""
    yield from choice.ids or listing(asker, choice)


def fetch(asker: Asker, model: str | Raw, wanted: Iterable[str] = NEEDED) -> Raw | None:
    """Ask everything that is wanted of one model; None when there is no row of it. Failures are noted by the asker."""
    found = _row(asker, model) if isinstance(model, str) else model
    if found is None:
        return None
    row, subject = found.row, str(row_id(found.row))
    stamp = as_text(row.get("sha")) or as_text(row.get("lastModified")) or ""
    replies: dict[str, Reply] = {}
    for step in (s for s in STEPS if s in set(wanted)):
        match step:
            case "readme":
                replies |= _readme(asker, row, subject, stamp)
            case "scan":
                replies |= _scan(asker, subject, stamp)
            case "discussions":
                replies |= _discussions(asker, subject)
            case "owners":
                replies |= _owner(asker, subject)
            case "spaces":
                replies |= _spaces(asker, row, subject)
            case "history":
                replies |= _history(asker, subject, replies.get("discussions"))
            case "papers":
                replies |= _papers(asker, row, replies.get("readme"))
    return Raw(row, found.at, replies)


def _row(asker: Asker, model: str) -> Raw | None:
    reply = asker.ask(call("models", model, f"/api/models/{model}", *(("expand", word) for word in EXPAND)))
    if not reply.good:
        return None
    if row_id(as_dict(reply.data)) is None:
        asker.miss(name("models", model, "row"), "damaged", f"What the Hub sent for {model} is no model.")
        return None
    return Raw(as_dict(reply.data), reply.at, {})


def row_id(row: Mapping[str, Any]) -> str | None:
    """Return the id of a row of a listing; None for what is no row."""
    text = as_text(row.get("id")) or as_text(row.get("modelId"))
    return text if text and ID.fullmatch(text) else None


def _readme(asker: Asker, row: Mapping[str, Any], subject: str, stamp: str) -> dict[str, Reply]:
    files = row.get("siblings")
    named = [as_text(as_dict(f).get("rfilename")) for f in files] if isinstance(files, list) else None
    if named and "README.md" not in named:
        return {}  # the list of files says that there is none
    asked = call("readme", subject, f"/{quote(subject)}/resolve/main/README.md", text=True, optional=True)
    reply = asker.ask(asked, stamp=stamp, days=3650.0 if stamp else 7.0)
    if reply.kind == "missing" and reply.code != NO_FILE:
        asker.miss(asked.name, "missing", reply.reason)
    return {"readme": reply}


def _scan(asker: Asker, subject: str, stamp: str) -> dict[str, Reply]:
    def done(reply: Reply) -> bool:
        return _status(reply).get("scansDone") is True

    path = f"/api/models/{subject}"
    reply = asker.ask(call("scan", subject, path + "/scan", optional=True), stamp=stamp, days=7, final=done)
    if reply.kind == "missing":  # an endpoint without it says the same in another place
        flag = ("securityStatus", "true")
        reply = asker.ask(call("security", subject, path, flag), stamp=stamp, days=7, final=done)
    return {"scan": reply}


def _status(reply: Reply) -> Mapping[str, Any]:
    said = as_dict(reply.data)
    return as_dict(said.get("securityRepoStatus")) or said


def threads(subject: str, kind: Literal["all", "pull_request"] = "all") -> Call:
    """Make the call for the first page of a model's threads, which says how many there are."""
    step = "discussions" if kind == "all" else "pull-requests"
    asked = (("type", kind), ("status", "all"), ("p", "0"))
    return call(step, subject, f"/api/models/{subject}/discussions", *asked)


def _discussions(asker: Asker, subject: str) -> dict[str, Reply]:
    every = asker.ask(threads(subject), days=7)
    replies = {"discussions": every}
    if every.good and whole_list(every) is None:
        replies["pull_requests"] = asker.ask(threads(subject, "pull_request"), days=7)
    return replies


def whole_list(reply: Reply) -> list[Mapping[str, Any]] | None:
    """Return the threads of a first page if they are all that there are."""
    said = as_dict(reply.data)
    listed, count = said.get("discussions"), as_count(said.get("count"))
    threads = [as_dict(t) for t in listed] if isinstance(listed, list) else []
    return threads if count == len(threads) and all(isinstance(t.get("isPullRequest"), bool) for t in threads) else None


def _history(asker: Asker, subject: str, every: Reply | None) -> dict[str, Reply]:
    """Read threads until the recent ones are through, and all pull requests, where the first page is not everything."""
    if every and whole_list(every) is not None:
        return {}
    found = {}
    for kind in ("all", "pull_request"):
        asked = (("type", kind), ("status", "all"), ("sort", "recently-created"))
        first = call(f"history-{kind}", subject, f"/api/models/{subject}/discussions", *asked)
        watched = Watched(asker)
        read, last = list[dict[str, Any]](), ""
        for rows, at in pages(watched, _numbered(first, 0), _threads, _number, _next_threads):
            read, last = read + [thread(row) for row in rows], at
            oldest = min((str(row["createdAt"]) for row in read if row["createdAt"]), default="")
            if kind == "all" and oldest < days_before(at, RECENT):
                break
        if last and not watched.noted:
            found[f"history:{kind}"] = Reply(first.name, first.url, last, 200, json.dumps(read).encode())
    return found


def _numbered(first: Call, page: int) -> Call:
    return replace(first, params=(*first.params[:3], ("p", str(page))))


def _next_threads(call: Call, reply: Reply, rows: int) -> Call | None:
    said = as_dict(reply.data)
    page, start = int(call.params[-1][1]), as_count(said.get("start"))
    through = (page * rows if start is None else start) + rows
    return _numbered(call, page + 1) if through < (as_count(said.get("count")) or 0) else None


def _threads(data: Any) -> object:
    return as_dict(data).get("discussions")


def _number(row: Mapping[str, Any]) -> str | None:
    number = as_count(row.get("num"))
    return None if number is None else str(number)


def thread(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the day and the status of a thread, all that is kept of it."""
    day = as_date(row.get("createdAt"))
    return {"createdAt": day and day.isoformat(), "status": as_text(row.get("status"))}


def days_before(at: str, days: int) -> str:
    """Return the ISO day so many days before a time."""
    return (date.fromisoformat(at[:10]) - timedelta(days=days)).isoformat()


def _owner(asker: Asker, subject: str) -> dict[str, Reply]:
    owner, slash, _ = subject.partition("/")
    if not slash:
        return {}
    reply = asker.ask(call("organizations", owner, f"/api/organizations/{owner}/overview", optional=True), days=30)
    if reply.kind == "missing":
        reply = asker.ask(call("users", owner, f"/api/users/{owner}/overview"), days=30)
    return {"owner": reply}


def _spaces(asker: Asker, row: Mapping[str, Any], subject: str) -> dict[str, Reply]:
    """Count the Spaces where the model's own list of them is full; the sum stands in a reply made here."""
    if len(as_strings(row.get("spaces"))) < SPACES_LISTED:
        return {}
    first = call("spaces", subject, "/api/spaces", ("models", subject), ("limit", str(PAGE)), ("expand", "likes"))
    watched = Watched(asker)
    count, last = 0, ""
    for rows, at in pages(watched, first, lambda data: data, row_id, by_link):
        count, last = count + len(rows), at
    if not watched.noted and count < SPACES_LISTED:
        asker.miss(first.name + "/count", "damaged", f"The Hub lists fewer Spaces of {subject} than its page shows.")
    elif not watched.noted:
        return {"spaces": Reply(first.name, first.url, last, 200, str(count).encode())}
    return {}


def _papers(asker: Asker, row: Mapping[str, Any], readme: Reply | None) -> dict[str, Reply]:
    """Ask the pages of its papers for a repository of code, where the model's own card links none."""
    if readme and readme.good and links_repository(readme.text):
        return {}
    return {
        f"paper:{paper}": asker.ask(call("papers", paper, f"/api/papers/{quote(paper)}", optional=True), days=30)
        for paper in arxiv(row)[:PAPERS_ASKED]
    }


def arxiv(row: Mapping[str, Any]) -> list[str]:
    """Return the distinct arXiv papers that a row is tagged with, without their versions."""
    tags = (t[6:].strip().lower() for t in as_strings(row.get("tags")) if t.lower().startswith("arxiv:"))
    return sorted({re.sub(r"v\d+$", "", paper) for paper in tags if paper})
