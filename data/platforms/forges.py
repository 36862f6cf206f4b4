"""What GitHub, Gitee, GitCode and OpenI count of a repository of code, under one set of names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from data.collect.asker import Asker, Watched, pages
from data.http.message import Kind, Request, Response
from data.platforms.ids import is_owned
from data.shapes import as_count, as_date, as_dict, as_text

FACTS: Final[Mapping[str, str]] = {
    "stars": "stars",
    "forks": "forks",
    "watchers": "watchers",
    "issues": "issues ever opened",
    "open_issues": "open issues",
    "pull_requests": "pull requests ever opened",
    "open_pull_requests": "open pull requests",
    "merged_pull_requests": "merged pull requests",
    "releases": "releases",
    "contributors": "people who wrote commits, by e-mail address",
    "commits": "commits on the default branch",
    "license": "licence, as the platform recognises it",
    "language": "main programming language",
    "created": "day of creation",
    "pushed": "day of the last commit",
    "archived": "kept only to be read",
}
PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Raw:
    """What a platform said of one repository, and how many contributors it lists (None: not asked or failed)."""

    repository: str
    response: Response
    contributors: int | None = None


def fetch(
    asker: Asker, repositories: Iterable[str], request: Callable[..., Request], contributors: bool = True
) -> Iterator[Raw]:
    """Yield what there is of each `owner/name` on a platform whose calls `call` makes: step, subject, path, params."""
    for one in (r for r in dict.fromkeys(repositories) if is_owned(r)):
        response = asker.ask(replace(request("repository", one, f"/repos/{one}"), wrong=no_repository))
        if response.good:
            yield Raw(one, response, _contributors(asker, one, request) if contributors else None)


def no_repository(data: Any) -> tuple[Kind, str] | None:
    """Say of a reply that it holds no repository, which has an id or a name, or counts something."""
    keys = ("id", "full_name", "stargazers_count", "stars_count")
    there = any(as_dict(data).get(key) is not None for key in keys)
    return None if there else ("damaged", "What came is no repository.")


def _contributors(asker: Asker, one: str, request: Callable[..., Request]) -> int | None:
    watched, count = Watched(asker), 0
    first = request("contributors", one, f"/repos/{one}/contributors", ("per_page", str(PAGE)), ("page", "1"))
    for rows, _ in pages(watched, first, lambda data: data, _person, _next_page):
        count += len(rows)
    return None if watched.noted else count


def _person(row: Mapping[str, Any]) -> str | None:
    return next((text for key in ("email", "login", "name") if (text := as_text(row.get(key)))), None)


def _next_page(request: Request, response: Response, rows: int) -> Request | None:
    """Go on to the last page if the platform names it or a next one, else as long as pages are full."""
    page = int(request.params[-1][1]) + 1
    last = page_of(response.last)
    more = page <= last if last is not None else bool(response.link) or rows == PAGE
    return replace(request, params=(*request.params[:-1], ("page", str(page)))) if more else None


def page_of(address: str) -> int | None:
    """Return the number of the page that an address asks for; None when it says none."""
    return as_count(parse_qs(urlsplit(address).query).get("page", [""])[-1])


def facts(raw: Raw, source: str) -> dict[str, Any]:
    """Turn a repository in the shape that Gitee, GitCode and OpenI share into a row. Counters may be texts. Pure."""
    said = as_dict(raw.response.data)
    licence = said.get("license")
    row: dict[str, Any] = dict.fromkeys(FACTS) | {"repository": raw.repository, "as_of": raw.response.at[:10]}
    return row | {
        "source": source,
        "stars": _first(said, "stargazers_count", "stars_count"),
        "forks": _first(said, "forks_count"),
        "watchers": _first(said, "watchers_count"),
        "open_issues": _first(said, "open_issues_count"),
        "contributors": raw.contributors,
        "license": as_text(licence) or _first_text(as_dict(licence), "spdx_id", "key", "name"),
        "language": as_text(said.get("language")),
        "created": _day(said.get("created_at")),
        "pushed": _day(said.get("pushed_at")),
        "archived": said.get("archived") if isinstance(said.get("archived"), bool) else None,
    }


def _first(said: Mapping[str, Any], *keys: str) -> int | None:
    return next((count for key in keys if (count := as_count(said.get(key))) is not None), None)


def _first_text(said: Mapping[str, Any], *keys: str) -> str | None:
    return next((text for key in keys if (text := as_text(said.get(key)))), None)


def _day(value: object) -> str | None:
    day = as_date(value)
    return day.isoformat() if day else None
