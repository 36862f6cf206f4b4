"""GitHub with a token (one query for fifty) and without (a call each)."""

import pytest

from data.http.message import Response
from data.platforms import github
from data.platforms.forges import FACTS
from tests.platforms import server as bad
from tests.platforms.ask import QUICK, gather
from tests.platforms.forges import GONE, GitHub, size
from tests.platforms.server import Server

REPOSITORIES = [f"org-{n}/code-{n}" for n in range(120)]


@pytest.fixture(params=[True, False], ids=["token", "no token"])
def token(request, monkeypatch):
    monkeypatch.delenv("GH_TOKEN", raising=False)
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_" + "a" * 36) if request.param else monkeypatch.delenv(
        "GITHUB_TOKEN", False
    )
    return request.param


@pytest.fixture
def server(monkeypatch):
    with Server(GitHub()) as running:
        monkeypatch.setenv("GITHUB_API_URL", running.url)
        yield running


def test_every_fact_is_known(server, token, tmp_path):
    rows, missing = gather(tmp_path, "github", ids=REPOSITORIES[:3])
    assert not missing
    for row in rows:
        n = size(row["repository"])
        assert [row[k] for k in ("stars", "issues", "pull_requests", "contributors")] == [100 * n, 5 * n, 2 * n, n]
        assert (row["license"], row["created"], row["pushed"]) == ("Apache-2.0", "2020-01-01", "2026-11-01")
        only_queries = {"open_issues", "open_pull_requests", "merged_pull_requests", "commits"}
        assert {fact for fact in FACTS if row[fact] is None} == (set() if token else only_queries)


def test_fifty_repositories_are_one_query(server, monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_" + "a" * 36)
    rows, missing = gather(tmp_path, "github", ids=REPOSITORIES)
    assert not missing
    assert len(rows) == 120
    assert len(server.asked("/graphql")) == 3
    assert len(server.asked("/contributors")) == 120


def test_a_missing_repository_is_named_and_the_rest_is_there(server, token, tmp_path):
    rows, missing = gather(tmp_path, "github", ids=["a/b", GONE, "c/d"])
    assert sorted(row["repository"] for row in rows) == ["a/b", "c/d"]
    assert "missing" in {m.kind for m in missing}


def test_what_is_no_repository_is_never_asked(server, token, tmp_path):
    rows, _ = gather(tmp_path, "github", ids=["a/../b", "a", "a/b/c", "a/b?x=1", "a/b\n", "..", "a/.."])
    assert not rows
    assert not server.log


@pytest.mark.parametrize("number", [401, 403, 404, 500])
def test_contributors_that_fail_are_unknown(server, token, tmp_path, number):
    server.break_on("/contributors", bad.status(number))
    rows, missing = gather(tmp_path, "github", ids=["a/b"])
    assert rows[0]["contributors"] is None
    assert rows[0]["stars"] == 100 * size("a/b")
    assert missing


def test_an_empty_repository_has_no_contributors(server, token, tmp_path):
    server.break_on("/contributors", bad.status(204, b""))
    rows, missing = gather(tmp_path, "github", ids=["a/b"])
    assert rows[0]["contributors"] == 0
    assert not missing


def test_enterprise_has_its_query_beside_the_other_calls(monkeypatch):
    monkeypatch.setenv("GITHUB_API_URL", "https://git.example.org/api/v3")
    monkeypatch.setenv("GITHUB_TOKEN", "x" * 20)
    asked = []

    class Asker:
        limits = QUICK

        def ask(self, request, **_):
            asked.append(request.url)
            return Response(request.name, request.url, "2026-11-22T00:00:00+00:00", kind="missing", reason="no")

        def miss(self, *_):
            pass

        def past(self, *_):
            pass

    assert not list(github.fetch(Asker(), ["a/b"], batched=True))
    assert asked == ["https://git.example.org/api/graphql"]


@pytest.mark.parametrize(
    ("link", "count"),
    [
        ('<{url}?page=2>; rel="next", <{url}?page=42>; rel="last"', 42),
        ('<{url}?after=abc>; rel="next"', None),
        ("", 1),
    ],
)
def test_a_list_without_a_last_page_has_a_count_only_where_it_is_whole(server, token, tmp_path, link, count):
    url = f"{server.url}/repos/a/b/contributors"
    more = {"Link": link.format(url=url)} if link else {}
    server.break_on("/contributors", bad.status(200, [{"login": "x"}], **more))
    (row,), missing = gather(tmp_path, "github", ids=["a/b"])
    assert len(missing) == (count is None)
    assert row["contributors"] == count


@pytest.mark.parametrize("body", [{}, None, 5, [5], [[]], [{"login": "x"}, 7]])
def test_a_list_of_odd_shape_has_no_count_and_says_so(server, token, tmp_path, body):
    server.break_on("/contributors", bad.status(200, body if body is not None else b"null"))
    (row,), missing = gather(tmp_path, "github", ids=["a/b"])
    assert row["contributors"] is None
    assert [m.kind for m in missing] == ["damaged"]


@pytest.mark.parametrize("number", ["0", "abc", "-3", ""])
def test_a_last_page_that_is_none_has_no_count(server, token, tmp_path, number):
    link = f'<{server.url}/x?page=2>; rel="next", <{server.url}/x?page={number}>; rel="last"'
    server.break_on("/contributors", bad.status(200, [{"login": "x"}], Link=link))
    (row,), missing = gather(tmp_path, "github", ids=["a/b"])
    assert row["contributors"] is None
    assert len(missing) == 1


ERRORS = {
    "time out": {"data": None, "errors": [{"message": "Something went wrong while executing your query."}]},
    "forbidden": {"data": {"r0": None}, "errors": [{"type": "FORBIDDEN", "path": ["r0"], "message": "no"}]},
    "resources": {"data": {"r0": None}, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED", "message": "too much"}]},
    "message": {"message": "x"},
    "list": [],
}


@pytest.mark.parametrize("name", ERRORS)
def test_a_query_that_fails_is_no_absence_and_is_mended_by_the_same_command(server, monkeypatch, tmp_path, name):
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_" + "a" * 36)
    server.break_on("/graphql", bad.status(200, ERRORS[name]))
    rows, missing = gather(tmp_path, "github", ids=["a/b"])
    assert not rows
    assert {m.kind for m in missing} == {"server"}
    assert "github/repository/a/b" in {m.name for m in missing}
    assert not any("no public repository" in m.reason for m in missing)
    server.faults.clear()
    rows, missing = gather(tmp_path, "github", ids=["a/b"])
    assert (len(rows), missing) == (1, [])


def test_what_fails_in_a_query_is_asked_once_more_by_itself(server, monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_" + "a" * 36)

    def half(handler, request, app):
        answer = app(request).body
        if "r1" in answer["data"]:
            answer["data"]["r1"] = None
            answer["errors"] = [{"type": "SERVICE_UNAVAILABLE", "path": ["r1"], "message": "timed out"}]
        handler.give(bad.Answer(answer))

    server.break_on("/graphql", half)
    rows, missing = gather(tmp_path, "github", ids=["a/b", "c/d"])
    assert not missing
    assert [row["repository"] for row in rows] == ["a/b", "c/d"]


@pytest.mark.parametrize(
    "answer", [(204, b""), (200, []), (200, {}), (200, "x"), (200, b"null"), (200, {"message": "x"})]
)
def test_what_is_no_repository_is_said(server, monkeypatch, tmp_path, answer):
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    monkeypatch.delenv("GH_TOKEN", raising=False)
    server.break_on("/repos/a/b", bad.status(*answer))
    rows, missing = gather(tmp_path, "github", ids=["a/b"])
    assert not rows
    assert [m.kind for m in missing] == ["damaged"]


def test_a_renamed_repository_is_one_and_a_fork_is_called_one(server, token, tmp_path):
    def renamed(handler, request, app):
        body = app(request).body
        for node in [*body.get("data", {}).values(), body]:
            if node and {"nameWithOwner", "full_name"} & node.keys():
                node |= {"nameWithOwner": "New/name", "isFork": True} if "isFork" in node else {}
                node |= {"full_name": "New/name", "fork": True} if "fork" in node else {}
        handler.give(bad.Answer(body))

    server.break_on("/graphql" if token else "/repos/", renamed)
    rows, _ = gather(tmp_path, "github", ids=["old/name", "new/name"])
    assert [(row["repository"], row["asked"], row["fork"]) for row in rows] == [("New/name", "old/name", True)]


@pytest.mark.parametrize("spdx", ["NOASSERTION", "NONE", None, "", 3])
def test_a_licence_that_github_did_not_recognise_is_unknown(spdx):
    for sent in ({"stargazerCount": 1, "licenseInfo": {"spdxId": spdx}}, {"license": {"spdx_id": spdx}}):
        assert github.facts(github.Raw("a/b", "2026-11-01", sent))["license"] is None
