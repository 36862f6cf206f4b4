"""GitHub: what a repository's page counts. With a token one query for fifty repositories, without one a call each.

Lists of stargazers are no longer public, their count is; so `stargazers` is never asked for, `stargazerCount` is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from data.collect.asker import Asker, digest, name, page_of
from data.collect.plan import Quota, Step
from data.http.message import Failure, Request, Response
from data.platforms import year
from data.platforms.forges import FACTS, REPOSITORIES, day, no_repository
from data.platforms.platform import Choice, Platform, is_owned
from data.shapes import as_count, as_dict, as_text

BATCH: Final = 50
_NODE: Final = """ nameWithOwner stargazerCount forkCount isArchived isFork createdAt pushedAt
 licenseInfo{spdxId} primaryLanguage{name} watchers{totalCount} releases{totalCount}
 open_issues:issues(states:OPEN){totalCount} issues{totalCount}
 open_pulls:pullRequests(states:OPEN){totalCount} merged:pullRequests(states:MERGED){totalCount}
 pulls:pullRequests{totalCount}
 defaultBranchRef{target{... on Commit{history{totalCount}}}} """


@dataclass(frozen=True, slots=True)
class Raw:
    """What GitHub sent for one repository: a node of a query or the reply to a call, and counts read off last pages."""

    repository: str
    at: str
    sent: Mapping[str, Any]
    counted: Mapping[str, Response] = field(default_factory=dict)


def _request(step: str, subject: str, path: str, *params: tuple[str, str], **more: Any) -> Request:
    """Make a request; queries and single calls have rate limits of their own."""
    more = {"bucket": "graphql" if more.get("json") else "core"} | more
    return GITHUB.request(step, subject, path, *params, headers={"Accept": "application/vnd.github+json"}, **more)


def fetch(asker: Asker, repositories: Iterable[str], contributors: bool = True, *, batched: bool) -> Iterator[Raw]:
    """Yield what there is of each `owner/name`, `batched` in queries of fifty; the asker notes what is missing.

    Queries need a token; what a run has asked without one is not found by a replay that asks for queries.
    """
    wanted = [r for r in dict.fromkeys(repositories) if is_owned(r)]
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        for raw in _query(asker, some) if batched else filter(None, (_single(asker, one) for one in some)):
            counted = dict(raw.counted)
            if contributors:
                counted["contributors"] = _last(asker, raw.repository, "contributors", ("anon", "1"))
            yield Raw(raw.repository, raw.at, raw.sent, counted)


def _query(asker: Asker, wanted: list[str], again: bool = True) -> Iterator[Raw]:
    """Ask for some repositories in one query. Those that fail while others come are asked once more, by themselves."""
    declared = ",".join(f"$o{n}:String!,$n{n}:String!" for n in range(len(wanted)))
    asked = " ".join(f"r{n}:repository(owner:$o{n},name:$n{n}){{{_NODE}}}" for n in range(len(wanted)))
    values = {}
    for n, one in enumerate(wanted):
        values[f"o{n}"], _, values[f"n{n}"] = one.partition("/")
    query = {"query": f"query({declared}){{rateLimit{{cost remaining resetAt}} {asked}}}", "variables": values}
    # GitHub Enterprise has its query beside, not below, the other calls.
    base = GITHUB.base
    path = base.removesuffix("/v3") + "/graphql" if base.endswith("/api/v3") else "/graphql"
    response = asker.ask(_request("query", digest(" ".join(wanted)), path, method="POST", json=query, wrong=_wrong))
    nodes, gone = as_dict(as_dict(response.data).get("data")), _gone(response.data)
    failed = []
    for n, one in enumerate(wanted):
        if node := as_dict(nodes.get(f"r{n}")):
            yield Raw(one, response.at, node)
        elif response.good and f"r{n}" in gone:
            asker.miss(name("github", "repository", one), "missing", f"GitHub has no public repository {one}.")
        else:
            failed.append(one)
    if failed and response.good and again:
        yield from _query(asker, failed, again=False)
        return
    for one in failed:
        words = next((words for _, words, _ in _errors(response.data) if words), "it sent nothing for it")
        reason = response.reason or f"GitHub did not answer for {one}: {words}."
        asker.miss(name("github", "repository", one), response.kind or "server", reason)


def _wrong(data: Any) -> tuple[Failure, str] | None:
    """Find the failure in a reply under status 200: nothing came, and not because nothing is there."""
    nodes = as_dict(as_dict(data).get("data"))
    errors = [(sort, words) for sort, words, _ in _errors(data) if sort != "NOT_FOUND"]
    came = any(as_dict(node) for key, node in nodes.items() if key != "rateLimit")
    if came or (nodes and not errors):
        return None
    sort, words = errors[0] if errors else ("", "it sent no data")
    limited = "RATE_LIMITED" in sort
    return ("quota" if limited else "server"), f"GitHub could not answer the query: {words or sort}."


def _errors(data: Any) -> list[tuple[str, str, str]]:
    """Return type, message and alias of the errors in a reply to a query."""
    listed = as_dict(data).get("errors")
    errors = [as_dict(one) for one in listed] if isinstance(listed, list) else []
    return [
        (as_text(e.get("type")) or "", (as_text(e.get("message")) or "")[:100].rstrip("."), _alias(e.get("path")))
        for e in errors
    ]


def _alias(path: object) -> str:
    return str(path[0]) if isinstance(path, list) and path else ""


def _gone(data: Any) -> set[str]:
    """Return the aliases that GitHub does not have."""
    return {alias for sort, _, alias in _errors(data) if sort == "NOT_FOUND"}


def _single(asker: Asker, one: str) -> Raw | None:
    response = asker.ask(_request("repository", one, f"/repos/{one}", wrong=no_repository))
    if not response.good:
        return None
    every = ("state", "all")
    counted = {what: _last(asker, one, what, every) for what in ("issues", "pulls")}
    counted["releases"] = _last(asker, one, "releases")
    return Raw(one, response.at, as_dict(response.data), counted)


def _last(asker: Asker, one: str, what: str, *params: tuple[str, str]) -> Response:
    """Ask for pages of one, so that the number of the last page is the count."""
    response = asker.ask(_request(what, one, f"/repos/{one}/{what}", *params, ("per_page", "1")), days=7)
    if response.good and _count(response) is None:
        asker.miss(response.name + "/count", "damaged", f"The list of {what} of {one} does not say how long it is.")
    return response


def facts(raw: Raw) -> dict[str, Any]:
    """Turn what GitHub sent into a row: every name of FACTS, None where unknown. Pure.

    `repository` is its name today, `asked` the one it was asked for by: a renamed repository is one under both.
    """
    sent = raw.sent
    row: dict[str, Any] = dict.fromkeys(FACTS) | {"as_of": raw.at[:10], "source": GITHUB.title}
    row |= {"repository": current_name(raw), "asked": raw.repository}
    row |= _node(sent) if "stargazerCount" in sent else _plain(sent)
    for what, fact in (("pulls", "pull_requests"), ("releases", "releases"), ("contributors", "contributors")):
        if what in raw.counted:
            row[fact] = _count(raw.counted[what])
    if "issues" in raw.counted and row["pull_requests"] is not None:
        both = _count(raw.counted["issues"])  # the list of issues holds the pull requests too
        row["issues"] = None if both is None else as_count(both - row["pull_requests"])
    return row


def current_name(raw: Raw) -> str:
    """Return the name that a repository has now; GitHub answers under an old one too."""
    now = as_text(raw.sent.get("nameWithOwner")) or as_text(raw.sent.get("full_name")) or ""
    return now if is_owned(now) else raw.repository


def _node(sent: Mapping[str, Any]) -> dict[str, Any]:
    def total(key: str) -> int | None:
        return as_count(as_dict(sent.get(key)).get("totalCount"))

    history = as_dict(as_dict(as_dict(sent.get("defaultBranchRef")).get("target")).get("history"))
    return {
        "stars": as_count(sent.get("stargazerCount")),
        "forks": as_count(sent.get("forkCount")),
        "watchers": total("watchers"),
        "issues": total("issues"),
        "open_issues": total("open_issues"),
        "pull_requests": total("pulls"),
        "open_pull_requests": total("open_pulls"),
        "merged_pull_requests": total("merged"),
        "releases": total("releases"),
        "commits": as_count(history.get("totalCount")),
        "license": _licence(as_dict(sent.get("licenseInfo")).get("spdxId")),
        "language": as_text(as_dict(sent.get("primaryLanguage")).get("name")),
        "created": day(sent.get("createdAt")),
        "pushed": day(sent.get("pushedAt")),
        "archived": _yes_no(sent.get("isArchived")),
        "fork": _yes_no(sent.get("isFork")),
    }


def _plain(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Read a single call's reply. Its open_issues_count holds pull requests too, so it is not the count of issues."""
    return {
        "stars": as_count(sent.get("stargazers_count")),
        "forks": as_count(sent.get("forks_count")),
        "watchers": as_count(sent.get("subscribers_count")),
        "license": _licence(as_dict(sent.get("license")).get("spdx_id")),
        "language": as_text(sent.get("language")),
        "created": day(sent.get("created_at")),
        "pushed": day(sent.get("pushed_at")),
        "archived": _yes_no(sent.get("archived")),
        "fork": _yes_no(sent.get("fork")),
    }


def _licence(spdx: object) -> str | None:
    """Read the licence that GitHub recognised; NOASSERTION is a licence file that it did not."""
    return None if spdx in ("NOASSERTION", "NONE") else as_text(spdx)


def _yes_no(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _count(response: Response) -> int | None:
    """Read a count off the number of the last page; without further pages the list is everything (204: it is empty).

    A list that goes on without saying how far has no count.
    """
    if not response.good or (response.link and not response.last):
        return None
    if response.last:
        return page_of(response.last) or None
    if response.status == 204:
        return 0
    rows = response.data
    return len(rows) if isinstance(rows, list) and all(as_dict(row) for row in rows) else None


def _year(asker: Asker, one: str, until: date) -> year.Year:
    """Count what happened in an `owner/name` in the twelve months before a day."""
    return year.read(
        asker, _request("commits", one, f"/repos/{one}/commits"), lambda watched: _merged(watched, one, until), until
    )


def _merged(asker: Asker, one: str, until: date) -> int | None:
    """Search for the pull requests that were merged in the twelve months before a day; the reply says how many."""
    asked = f"repo:{one} is:pr merged:{year.begin(until)}..{until - timedelta(days=1)}"
    search = ("/search/issues", ("q", asked), ("per_page", "1"))
    response = asker.ask(_request("merged", one, *search, bucket="search", wrong=_no_count))
    return as_count(as_dict(response.data).get("total_count"))


def _no_count(data: Any) -> tuple[Failure, str] | None:
    found = as_dict(data)
    if as_count(found.get("total_count")) is None or found.get("incomplete_results"):
        return "damaged", "GitHub did not search to the end."
    return None


def _parts(asker: Asker, choice: Choice) -> Iterator[Iterator[Raw]]:
    wanted, size = list(dict.fromkeys(choice["ids"])), BATCH if choice["batched"] else 1
    given: set[str] = set()  # a repository that was renamed may be asked for under both names, and is one

    def new(raws: Iterator[Raw]) -> Iterator[Raw]:
        for raw in raws:
            if (known := current_name(raw).lower()) not in given:
                given.add(known)
                yield raw

    return (new(fetch(asker, wanted[n : n + size], batched=choice["batched"])) for n in range(0, len(wanted), size))


def _steps(choice: Choice) -> Iterator[Step]:
    n = len(choice["ids"])
    if choice["batched"]:
        yield GITHUB.step("queries", math.ceil(n / BATCH), "graphql")
    else:
        yield GITHUB.step("repositories", 4 * n, "core")
    yield GITHUB.step("lists of contributors", n, "core")


GITHUB: Final[Platform] = Platform(
    id="github",
    title="GitHub",
    hosts=("github.com", "github.io"),
    lists=("repository",),
    url="https://api.github.com",
    variable="GITHUB_API_URL",
    tokens=("GITHUB_TOKEN", "GH_TOKEN"),
    quotas={"core": Quota(60, 5000, 3600), "graphql": Quota(0, 5000, 3600), "search": Quota(10, 30, 60)},
    options=REPOSITORIES,
    steps=_steps,
    fetch=_parts,
    facts=facts,
    year=_year,
)
