"""GitHub, Gitee, GitCode and OpenI as their documentation has them. Repositories are made up from their names."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tests.platforms.server import Answer, Request

GONE = "nobody/nothing"
MERGES = 3  # of the commits of a year
PROGRAMS = 2


def size(repository: str) -> int:
    """A number that belongs to a repository: what it has of everything follows from it."""
    return sum(map(ord, repository)) % 900 + 100


def commits(repository: str, request: Request) -> list[dict[str, Any]]:
    """A page of a year's commits: size(repository) of a few people, and merges and those of programs beside them."""
    n, page, step = size(repository), int(request.one("page", "1")), int(request.one("per_page", "30"))
    assert request.one("since") < request.one("until") <= datetime.now(UTC).isoformat()
    each = [*range(n + MERGES + PROGRAMS)][(page - 1) * step : page * step]
    return [commit(i, merge=n <= i < n + MERGES, program=i >= n + MERGES) for i in each]


def commit(number: int, *, merge: bool = False, program: bool = False) -> dict[str, Any]:
    """A commit; seven people take turns, and write their address in either case."""
    person = f"person-{number % 7}@example.org"
    author = {"name": "helper[bot]" if program else "Somebody", "email": person.upper() if number % 2 else person}
    return {"sha": f"{number:040x}", "parents": [{"sha": "0"}] * (2 if merge else 1), "commit": {"author": author}}


class GitHub:
    """REST and GraphQL; `limit` calls are left in each allowance, told as GitHub tells it."""

    def __init__(self, limit: int = 5000) -> None:
        self.left = limit

    def __call__(self, request: Request) -> Answer:
        self.left -= 1
        headers = {
            "X-RateLimit-Limit": "5000",
            "X-RateLimit-Remaining": str(max(0, self.left)),
            "X-RateLimit-Reset": "1",
        }
        answer = self.graphql(request) if request.path.endswith("/graphql") else self.rest(request)
        return Answer(answer.body, answer.status, {**headers, **answer.headers})

    def graphql(self, request: Request) -> Answer:
        if "authorization" not in request.headers:
            return Answer({"message": "This endpoint requires you to be authenticated."}, 401)
        query, values = request.json["query"], request.json["variables"]
        assert "stargazers{" not in query
        data: dict[str, Any] = {"rateLimit": {"cost": 1, "remaining": self.left, "resetAt": "2026-11-22T00:00:00Z"}}
        errors = []
        for n in re.findall(r"\br(\d+):repository", query):
            one = f"{values[f'o{n}']}/{values[f'n{n}']}"
            if one == GONE:
                data[f"r{n}"] = None
                errors.append({"type": "NOT_FOUND", "path": [f"r{n}"], "message": "Could not resolve"})
            else:
                data[f"r{n}"] = self.node(one)
        return Answer({"data": data} | ({"errors": errors} if errors else {}))

    def node(self, one: str) -> dict[str, Any]:
        n = size(one)
        totals = {"watchers": n, "releases": 3, "open_issues": n, "issues": 5 * n, "open_pulls": 7, "pulls": 2 * n}
        return {
            "nameWithOwner": one,
            "stargazerCount": 100 * n,
            "forkCount": 10 * n,
            "isArchived": False,
            "isFork": False,
            "createdAt": "2020-01-01T00:00:00Z",
            "pushedAt": "2026-11-01T00:00:00Z",
            "licenseInfo": {"spdxId": "Apache-2.0"},
            "primaryLanguage": {"name": "C++"},
            **{key: {"totalCount": count} for key, count in totals.items()},
            "merged": {"totalCount": n},
            "defaultBranchRef": {"target": {"history": {"totalCount": 50 * n}}},
        }

    def rest(self, request: Request) -> Answer:
        if request.path == "/search/issues":
            asked = re.fullmatch(r"repo:(\S+) is:pr merged:[\d-]{10}\.\.[\d-]{10}", request.one("q"))
            assert asked
            assert request.one("per_page") == "1"
            return Answer({"total_count": size(asked[1]) // 2, "incomplete_results": False, "items": []})
        found = re.fullmatch(r"/repos/([^/]+/[^/]+)(?:/(\w+))?", request.path)
        if not found or found[1] == GONE:
            return Answer({"message": "Not Found"}, 404)
        n = size(found[1])
        if found[2] == "commits":
            return Answer(commits(found[1], request))
        if found[2] is None:
            return Answer(
                {"full_name": found[1], "stargazers_count": 100 * n, "forks_count": 10 * n, "subscribers_count": n}
                | {
                    "open_issues_count": n + 7,
                    "license": {"spdx_id": "Apache-2.0"},
                    "language": "C++",
                    "archived": False,
                    "fork": False,
                }
                | {"created_at": "2020-01-01T00:00:00Z", "pushed_at": "2026-11-01T00:00:00Z"}
            )
        last = {"contributors": n, "pulls": 2 * n, "releases": 3, "issues": 7 * n}[found[2]]
        assert request.one("per_page") == "1"
        pages = [("next", 2), ("last", last)]
        query = {k: v[-1] for k, v in request.query.items()}
        link = ", ".join(
            f'<http://{request.headers["host"]}{request.path}?{urlencode(query | {"page": p})}>; rel="{rel}"'
            for rel, p in pages
        )
        return Answer([{"login": "somebody", "contributions": 1}], headers={"Link": link})


class Forge:
    """Gitee, GitCode (version 5 of the API) and OpenI; counters may be texts, and a token may be due."""

    def __init__(self, prefix: str = "", texts: bool = False, token: str = "") -> None:
        self.prefix, self.texts, self.token = prefix, texts, token

    def __call__(self, request: Request) -> Answer:
        sent = request.one("access_token") or request.headers.get("private-token", "")
        if self.token and self.token != sent:
            return Answer({"message": "401 Unauthorized"}, 401)
        found = re.fullmatch(self.prefix + r"/repos/([^/]+/[^/]+)(?:/(contributors|commits|pulls))?", request.path)
        if not found or found[1] == GONE:
            return Answer({"message": "Not Found"}, 404)
        n = size(found[1])
        if found[2] == "commits":
            return Answer(commits(found[1], request))
        if found[2] == "pulls":
            return Answer(self.merged(request))
        if found[2]:
            page, step = int(request.one("page", "1")), int(request.one("per_page", "20"))
            people = [{"name": f"Person {i}", "email": f"p{i}@example.org"} for i in range(n)]
            return Answer(people[(page - 1) * step : page * step])
        counted = {"stargazers_count": 100 * n, "forks_count": 10 * n, "watchers_count": n, "open_issues_count": n}
        shown = {key: str(count) if self.texts else count for key, count in counted.items()}
        return Answer(
            {"id": 1, "full_name": found[1], **shown, "license": "Apache-2.0", "language": "C++"}
            | {"created_at": "2020-01-01T00:00:00+08:00", "pushed_at": "2026-11-01T00:00:00+08:00"}
        )

    def merged(self, request: Request) -> list[dict[str, Any]]:
        """A page of all merged pull requests, last changed first: one a day, without end."""
        assert (request.one("state"), request.one("sort"), request.one("direction")) == ("merged", "updated", "desc")
        page, step, today = int(request.one("page")), int(request.one("per_page")), datetime.now(UTC)
        days = [today - timedelta(days=i) for i in range((page - 1) * step, page * step)]
        return [
            {"number": day.toordinal(), "merged_at": day.isoformat(), "updated_at": day.isoformat()} for day in days
        ]
