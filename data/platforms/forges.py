"""What Gitee, GitCode and OpenI count of a repository of code: a call for each, one for each hundred contributors.

The three share an API. GitHub, which has its own, gives the same facts (github.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from data.collect.asker import Asker, Watched, by_number, pages
from data.collect.plan import Quota, Step
from data.http.message import Failure, Response
from data.platforms import year
from data.platforms.platform import Choice, Options, Platform, is_owned, owned
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
    "fork": "begun as a copy of another repository",
}
PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Raw:
    """What a platform sent for one repository, and how many contributors it lists (None: not asked or failed)."""

    repository: str
    response: Response
    contributors: int | None = None


def fetch(platform: Platform, asker: Asker, one: str, *, contributors: bool) -> Iterator[Raw]:
    """Yield what there is of an `owner/name`; what is missing is noted by the asker."""
    if is_owned(one):
        response = asker.ask(platform.request("repository", one, f"/repos/{one}", wrong=no_repository))
        if response.good:
            yield Raw(one, response, _contributors(platform, asker, one) if contributors else None)


def no_repository(data: Any) -> tuple[Failure, str] | None:
    """Find a reply that is not a repository, which has an id or a name, or counts something."""
    keys = ("id", "full_name", "stargazers_count", "stars_count")
    there = any(as_dict(data).get(key) is not None for key in keys)
    return None if there else ("damaged", "What came is not a repository.")


def _contributors(platform: Platform, asker: Asker, one: str) -> int | None:
    watched, count = Watched(asker), 0
    asked = (("per_page", str(PAGE)), ("page", "1"))
    first = platform.request("contributors", one, f"/repos/{one}/contributors", *asked)
    for rows, _ in pages(watched, first, lambda data: data, _person, by_number):
        count += len(rows)
    return None if watched.noted else count


def _person(row: Mapping[str, Any]) -> str | None:
    return next((text for key in ("email", "login", "name") if (text := as_text(row.get(key)))), None)


def facts(raw: Raw, source: str) -> dict[str, Any]:
    """Turn a repository into a row: every name of FACTS, None where unknown. Counters may be texts. Pure."""
    sent = as_dict(raw.response.data)
    licence = sent.get("license")
    row: dict[str, Any] = dict.fromkeys(FACTS) | {"repository": raw.repository, "as_of": raw.response.at[:10]}
    row["asked"] = raw.repository
    return row | {
        "source": source,
        "stars": first_count(sent, "stargazers_count", "stars_count"),
        "forks": first_count(sent, "forks_count"),
        "watchers": first_count(sent, "watchers_count"),
        "open_issues": first_count(sent, "open_issues_count"),
        "contributors": raw.contributors,
        "license": as_text(licence) or _first_text(as_dict(licence), "spdx_id", "key", "name"),
        "language": as_text(sent.get("language")),
        "created": day(sent.get("created_at")),
        "pushed": day(sent.get("pushed_at")),
        "archived": sent.get("archived") if isinstance(sent.get("archived"), bool) else None,
        "fork": sent.get("fork") if isinstance(sent.get("fork"), bool) else None,
    }


def first_count(sent: Mapping[str, Any], *keys: str) -> int | None:
    """Return the count under the first of some keys that holds one."""
    return next((count for key in keys if (count := as_count(sent.get(key))) is not None), None)


def _first_text(sent: Mapping[str, Any], *keys: str) -> str | None:
    return next((text for key in keys if (text := as_text(sent.get(key)))), None)


def day(value: object) -> str | None:
    """Return the day of a date or a time as ISO text; None for what is neither."""
    found = as_date(value)
    return found.isoformat() if found else None


def _year(platform: Platform, asker: Asker, one: str, until: date) -> year.Year:
    """Count what happened in an `owner/name` in the twelve months before a day."""
    newest = (("state", "merged"), ("sort", "updated"), ("direction", "desc"))
    commits = platform.request("commits", one, f"/repos/{one}/commits")
    pulls = platform.request("merged", one, f"/repos/{one}/pulls", *newest, ("per_page", str(PAGE)), ("page", "1"))
    return year.read(asker, commits, lambda watched: year.merged_in_list(watched, pulls, until), until)


def _forge(id: str, title: str, *, contributors: bool = True, **more: Any) -> Platform:
    """Make the value of a platform that speaks this API; `more` are further fields of Platform.

    One that lists no contributors lists no commits between two days either.
    """

    def parts(asker: Asker, choice: Choice) -> Iterator[Iterator[Raw]]:
        return (fetch(made, asker, one, contributors=contributors) for one in dict.fromkeys(choice["ids"]))

    def steps(choice: Choice) -> Iterator[Step]:
        yield made.step("repositories", len(choice["ids"]))
        if contributors:
            yield made.step("lists of contributors", len(choice["ids"]))

    def last_year(asker: Asker, one: str, until: date) -> year.Year:
        return _year(made, asker, one, until)

    made = Platform(
        id=id,
        title=title,
        lists=("repository",),
        steps=steps,
        fetch=parts,
        facts=partial(facts, source=title),
        year=last_year if contributors else None,
        **more,
    )
    return made


REPOSITORIES: Final = Options(takes=("ids",), needs=("ids",), read=owned, example="owner/name")
# Its headers say how many calls it allows and not until when. Its documentation has the token in the address.
GITEE: Final = _forge(
    "gitee",
    "Gitee",
    hosts=("gitee.com",),
    url="https://gitee.com/api/v5",
    variable="GITEE_API_URL",
    tokens=("GITEE_TOKEN",),
    credential=("params", "access_token", "{}"),
    quotas={"api": Quota(60, 60, 60)},
    silent=True,
    options=REPOSITORIES,
)
# It answers most calls only with a token, and its headers state no rate limit.
GITCODE: Final = _forge(
    "gitcode",
    "GitCode",
    hosts=("gitcode.com",),
    url="https://api.gitcode.com/api/v5",
    variable="GITCODE_API_URL",
    tokens=("GITCODE_TOKEN",),
    credential=("headers", "PRIVATE-TOKEN", "{}"),
    quotas={"api": Quota(50, 50, 60)},
    silent=True,
    options=REPOSITORIES,
)
# It lists nothing and gives neither downloads nor likes of models and data sets: those come in as a table.
OPENI: Final = _forge(
    "openi",
    "OpenI",
    contributors=False,
    hosts=("openi.pcl.ac.cn",),
    url="https://openi.pcl.ac.cn",
    variable="OPENI_ENDPOINT",
    prefix="/api/v1",
    tokens=("OPENI_TOKEN",),
    credential=("headers", "Authorization", "token {}"),
    options=Options(takes=("ids", "table", "as_of"), needs=("ids", "table"), read=owned, example="owner/name"),
)
