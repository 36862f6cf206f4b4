"""Hugging Face, the asking side: listings, single models and what no listing has.

What comes of it becomes a record (record.py), and the record facts (data/models/facts.py).
config.json and its like are never requested, because the Hub counts that as a download; `expand=config` is free.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote

from data.collect.asker import Asker, Watched, by_link, digest, name, pages
from data.curated import tables
from data.http.message import Response
from data.platforms.hub import threads
from data.platforms.hub.card import links_own_repository
from data.platforms.hub.ids import API, ID, NEEDED, SITE, SPACES_LISTED, STEPS, request
from data.platforms.repository import Listed, RepositoryKind, Unread, too_few
from data.shapes import LONGEST, as_count, as_date, as_dict, as_strings, as_text

EXPAND: Final = (
    "author", "cardData", "childrenModelCount", "config", "createdAt", "disabled", "downloads", "downloadsAllTime",
    "evalResults", "gated", "gguf", "lastModified", "library_name", "likes", "model-index", "pipeline_tag", "private",
    "safetensors", "sha", "siblings", "spaces", "tags", "trendingScore",
)  # fmt: skip
PAGE: Final = 1000
LEVELS: Final = ("unscanned", "safe", "queued", "error", "caution", "suspicious", "unsafe")  # of a scanned file
ODD: Final = "The Hub sent what cannot be read"
# Keys that factors are read from, and what they must hold to be read.
_SOUND: Final[Mapping[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(("downloads", "likes"), lambda value: as_count(value) is not None),
    **dict.fromkeys(("createdAt", "lastModified"), lambda value: as_date(value) is not None),
    **dict.fromkeys(("tags", "spaces"), lambda value: isinstance(value, list)),
    "siblings": lambda value: None not in (files({"siblings": value}) or [None] * (value != [])),
    "config": lambda value: value is None or isinstance(value, Mapping),
    "gated": lambda value: isinstance(value, bool) or value in ("auto", "manual"),
}
NO_FILE: Final = "EntryNotFound"  # the Hub's word for a repository that is there and a file that is not
PAPERS_ASKED: Final = 20  # of a model whose card links no code


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
    """What the Hub sent for one model: its row with the date of it, and the replies to the further questions."""

    row: Mapping[str, Any]
    at: str
    responses: Mapping[str, Response]


def listing(asker: Asker, choice: Choice, kind: str = "models", expand: Iterable[str] = EXPAND) -> Iterator[Raw]:
    """Yield the rows of a listing of models, data sets or Spaces, page by page; holds one page at a time."""
    asked = {"author": choice.author, "search": choice.search, "sort": "downloads"}
    params = [("filter", word) for word in choice.filters] + [(key, value) for key, value in asked.items() if value]
    params += [("limit", str(min(PAGE, choice.top or PAGE)))] + [("expand", word) for word in expand]
    first = request("", f"{kind}-list/{digest(repr(params))}", f"/api/{kind}", *params)
    given = 0
    for rows, at in pages(asker, first, lambda data: data, row_id, by_link):
        for row in rows:
            _note_odd(asker, row)
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
    responses: dict[str, Response] = {}
    for step in (s for s in STEPS if s in set(wanted)):
        match step:
            case "readme":
                responses |= _readme(asker, row, subject, stamp)
            case "scan":
                responses |= _scan(asker, subject, stamp)
            case "discussions":
                responses |= threads.totals(asker, subject)
            case "owners":
                responses |= _owner(asker, subject)
            case "spaces":
                responses |= _spaces(asker, row, subject)
            case "history":
                responses |= threads.history(asker, subject, responses.get("discussions"))
            case "papers":
                responses |= papers(asker, row, responses.get("readme"))
    return Raw(row, found.at, responses)


def _row(asker: Asker, model: str) -> Raw | None:
    asked = request("models", model, f"/api/models/{model}", *(("expand", word) for word in EXPAND), holds=_is_model)
    response = asker.ask(asked)
    if not response.good:
        return None
    _note_odd(asker, as_dict(response.data))
    return Raw(as_dict(response.data), response.at, {})


def _is_model(sent: Mapping[str, Any]) -> bool:
    return row_id(sent) is not None


def _note_odd(asker: Asker, row: Mapping[str, Any]) -> None:
    if odd := odd_keys(row):
        asker.miss(name("values", row_id(row)), "damaged", f"{ODD} ({', '.join(odd)} of {row_id(row)}).")


def odd_keys(row: Mapping[str, Any]) -> list[str]:
    """Return the keys of a row that are there and hold nothing that can be read as what they stand for."""
    return [key for key, sound in _SOUND.items() if key in row and not sound(row[key])]


def row_id(row: Mapping[str, Any]) -> str | None:
    """Return the id of a row of a listing; None for what is no row."""
    text = as_text(row.get("id")) or as_text(row.get("modelId"))
    return text if text and ID.fullmatch(text) else None


def files(row: Mapping[str, Any]) -> list[str | None] | None:
    """Return the paths of a model's files, None for an entry without one; None without a list."""
    listed = row.get("siblings")
    paths = (
        [f if isinstance(f, str) else as_dict(f).get("rfilename") for f in listed] if isinstance(listed, list) else None
    )
    return None if paths is None else [p if isinstance(p, str) and 0 < len(p) <= LONGEST else None for p in paths]


def lists_no_readme(row: Mapping[str, Any]) -> bool:
    """Whether the list of a model's files says that it has no card."""
    named = files(row) or [None]
    return None not in named and "README.md" not in named


def descendants(row: Mapping[str, Any]) -> int | None:
    """Return how many models are derived from one, of all kinds; None where one of the counts is none."""
    counts = row.get("childrenModelCount")
    children = [as_count(n) for n in (counts.values() if isinstance(counts, Mapping) else [counts])]
    return sum(n or 0 for n in children) if children and None not in children else None


def _readme(asker: Asker, row: Mapping[str, Any], subject: str, stamp: str) -> dict[str, Response]:
    if lists_no_readme(row):
        return {}
    asked = request("readme", subject, f"/{quote(subject)}/resolve/main/README.md", text=True, optional=True)
    response = asker.ask(asked, stamp=stamp, days=3650.0 if stamp else 7.0)
    if response.kind == "missing" and response.code != NO_FILE:
        asker.miss(asked.name, "missing", response.reason)
    return {"readme": response}


def _scan(asker: Asker, subject: str, stamp: str) -> dict[str, Response]:
    def done(response: Response) -> bool:
        return status(as_dict(response.data)).get("scansDone") is True

    path = f"/api/models/{subject}"
    asked = request("scan", subject, path + "/scan", optional=True, holds=_is_status)
    response = asker.ask(asked, stamp=stamp, days=7, final=done)
    if response.kind == "missing":  # an endpoint without it says the same in another place
        asked = request("security", subject, path, ("securityStatus", "true"), holds=_is_status)
        response = asker.ask(asked, stamp=stamp, days=7, final=done)
    return {"scan": response}


def status(sent: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the verdict in a reply, which stands alone or within the model's own page."""
    return as_dict(sent.get("securityRepoStatus")) or sent


def _is_status(sent: Mapping[str, Any]) -> bool:
    """Whether it is a verdict: files with issues (none perhaps), or that the scans are not done."""
    verdict = status(sent)
    files, done = verdict.get("filesWithIssues"), verdict.get("scansDone")
    if files is None:
        return done is False
    levelled = isinstance(files, list) and all(as_dict(one).get("level") in LEVELS for one in files)
    return levelled and (done is None or isinstance(done, bool))


def _owner(asker: Asker, subject: str) -> dict[str, Response]:
    owner, slash, _ = subject.partition("/")
    if not slash:
        return {}
    path = f"/api/organizations/{owner}/overview"
    response = asker.ask(request("organizations", owner, path, optional=True, holds=_is_account), days=30)
    if response.kind == "missing":
        response = asker.ask(request("users", owner, f"/api/users/{owner}/overview", holds=_is_account), days=30)
    return {"owner": response}


def _is_account(sent: Mapping[str, Any]) -> bool:
    """Whether it is an organisation or a user; its verification must be a yes or a no."""
    about = "name fullname user type isPro plan orgs numModels numDatasets numSpaces numUsers numFollowers".split()
    verified = sent.get("isVerified")
    return isinstance(verified, bool) or (verified is None and any(sent.get(key) is not None for key in about))


def _spaces(asker: Asker, row: Mapping[str, Any], subject: str) -> dict[str, Response]:
    """Count the Spaces where the model's own list of them is full; the sum stands in a reply made here."""
    listed = row.get("spaces")
    if not isinstance(listed, list) or (len(listed) < SPACES_LISTED and len(as_strings(listed)) == len(listed)):
        return {}
    first = request("spaces", subject, "/api/spaces", ("models", subject), ("limit", str(PAGE)), ("expand", "likes"))
    watched = Watched(asker)
    count, last = 0, ""
    for rows, at in pages(watched, first, lambda data: data, row_id, by_link, days=7):
        count, last = count + len(rows), at
    if watched.noted:
        kind, reason = watched.noted[0]
        return {"spaces": Response(first.name, first.url, last, kind=kind, reason=reason)}
    if count < len(as_strings(listed)):
        asker.miss(first.name + "/count", "damaged", f"The Hub lists fewer Spaces of {subject} than its page shows.")
        return {}
    return {"spaces": Response(first.name, first.url, last, 200, str(count).encode())}


def papers(asker: Asker, row: Mapping[str, Any], readme: Response | None) -> dict[str, Response]:
    """Ask the pages of its papers for a repository of code, where the model's own card links none."""
    if readme and readme.good and links_own_repository(readme.text, row_id(row) or ""):
        return {}
    found = {}
    for paper in arxiv(row)[:PAPERS_ASKED]:
        asked = request("papers", paper, f"/api/papers/{quote(paper)}", optional=True, holds=_is_paper)
        found[f"paper:{paper}"] = asker.ask(asked, days=30)
    return found


def _is_paper(sent: Mapping[str, Any]) -> bool:
    return any(sent.get(key) is not None for key in ("id", "title", "publishedAt", "githubRepo", "authors", "upvotes"))


def arxiv(row: Mapping[str, Any]) -> list[str]:
    """Return the distinct arXiv papers that a row is tagged with, without versions and what tools write into cards."""
    tags = (t[6:].strip().lower() for t in as_strings(row.get("tags")) if t.lower().startswith("arxiv:"))
    return sorted({re.sub(r"v\d+$", "", paper) for paper in tags if paper} - tables.template_papers().keys())


def repositories(
    asker: Asker, owner: str, kind: RepositoryKind, wanted: Iterable[str] = ()
) -> Iterator[Listed | Unread]:
    """Yield the models or the data sets of an owner, and Unread where not all could be listed.

    `wanted` may hold "community" and "usage", a further question each; no more is asked of models that do not count.
    """
    watched = Watched(asker)
    for raw in listing(watched, Choice(author=owner), f"{kind}s", _LISTED[kind]):
        row, subject, tags = raw.row, as_text(raw.row.get("id")) or "", as_strings(raw.row.get("tags"))
        facts: dict[str, int | None] = {
            "downloads_last_month": as_count(row.get("downloads")),
            "total_downloads": as_count(row.get("downloadsAllTime")),
            "likes": as_count(row.get("likes")),
            "parameters": as_count(as_dict(row.get("safetensors")).get("total")),
        }
        if kind == "dataset":
            facts["dataset_usage"] = _usage(asker, subject) if "usage" in wanted else None
            yield Listed(kind, subject, raw.at, facts, tuple(tags), f"{SITE}/datasets/{subject}")
        elif not too_few(facts["downloads_last_month"], facts["total_downloads"]):
            facts["descendants"] = descendants(row)
            facts["community"] = _community(asker, subject) if "community" in wanted else None
            words = (*as_strings(row.get("pipeline_tag")), *tags)
            yield Listed(kind, subject, raw.at, facts, words, f"{SITE}/{subject}")
    yield from (Unread(reason) for _, reason in watched.noted[:1])


def _community(asker: Asker, model: str) -> int | None:
    return as_count(as_dict(asker.ask(threads.first_page(model), days=7).data).get("count"))


def _usage(asker: Asker, dataset: str) -> int | None:
    """Count the models that state that they were trained on a data set."""
    watched, count = Watched(asker), 0
    asked = (("filter", f"dataset:{dataset}"), ("limit", str(PAGE)), ("expand", "likes"))
    first = request("usage", digest(dataset), "/api/models", *asked)
    for rows, _ in pages(watched, first, lambda data: data, row_id, by_link, days=7):
        count += len(rows)
    return None if watched.noted else count


_SHARED: Final = ("author", "createdAt", "downloads", "downloadsAllTime", "likes", "tags")
_LISTED: Final[Mapping[str, tuple[str, ...]]] = {
    "dataset": _SHARED,
    "model": (*_SHARED, "pipeline_tag", "childrenModelCount", "safetensors"),
}


# Its models have a job of their own: data/models/job.py.
HUB: Final = replace(API, repositories=repositories)
