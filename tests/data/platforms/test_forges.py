"""Gitee, GitCode and OpenI: one shape, three addresses."""

import pytest

from tests.platforms import server as bad
from tests.platforms.ask import gather
from tests.platforms.forges import GONE, Forge, size
from tests.platforms.server import Server

SOURCES = {
    "gitee": ("GITEE_API_URL", "GITEE_TOKEN", Forge(texts=True)),
    "gitcode": ("GITCODE_API_URL", "GITCODE_TOKEN", Forge()),
    "openi": ("OPENI_ENDPOINT", "OPENI_TOKEN", Forge(prefix="/api/v1", texts=True)),
}


@pytest.fixture(params=SOURCES)
def source(request, monkeypatch):
    variable, token, app = SOURCES[request.param]
    monkeypatch.delenv(token, raising=False)
    with Server(app) as server:
        monkeypatch.setenv(variable, server.url)
        yield request.param, server


def test_every_fact_that_the_platform_has_is_known(source, tmp_path):
    name, _ = source
    rows, missing = gather(tmp_path, name, ids=["mindspore/mindspore"])
    n = size("mindspore/mindspore")
    assert not missing
    assert (rows[0]["stars"], rows[0]["forks"], rows[0]["watchers"], rows[0]["open_issues"]) == (100 * n, 10 * n, n, n)
    assert rows[0]["contributors"] == (None if name == "openi" else n)
    assert rows[0]["license"] == "Apache-2.0"
    assert rows[0]["pushed"] == "2026-11-01"


def test_a_missing_repository_is_named(source, tmp_path):
    rows, missing = gather(tmp_path, source[0], ids=[GONE, "a/b"])
    assert [row["repository"] for row in rows] == ["a/b"]
    assert [m.kind for m in missing] == ["missing"]


@pytest.mark.parametrize("body", [[], {}, "x", 5, None, {"message": "oops"}])
def test_what_is_no_repository_is_said(source, tmp_path, body):
    name, server = source
    server.break_on("/repos/a/b", bad.status(200, b"null" if body is None else body))
    rows, missing = gather(tmp_path, name, ids=["a/b"])
    assert not rows
    assert [m.kind for m in missing] == ["damaged"]


@pytest.mark.parametrize("told", ["total_page", "Link"])
@pytest.mark.parametrize("name", ["gitee", "gitcode"])
def test_pages_shorter_than_asked_for_are_followed(monkeypatch, tmp_path, name, told):
    variable, _, forge = SOURCES[name]

    def short(handler, request, app):
        people = app(bad.without(bad.without(request, "per_page"), "page")).body  # twenty a page, whatever is asked
        page = int(request.one("page", "1"))
        more = (
            {"total_page": "7"} if told == "total_page" else {"Link": f'<{server.url}/x?page={page + 1}>; rel="next"'}
        )
        rows = [{"name": f"Person {page}-{n}"} for n in range(len(people))]
        handler.give(bad.Answer(rows, headers=more if told == "total_page" or page < 7 else {}))

    with Server(forge) as server:
        monkeypatch.setenv(variable, server.url)
        server.break_on("/contributors", short)
        (row,), missing = gather(tmp_path, name, ids=["a/b"])
    assert (row["contributors"], missing) == (140, [])


@pytest.mark.parametrize(("source", "field"), [("gitee", "access_token"), ("gitcode", "private-token")])
def test_a_token_opens_the_door_and_stays_out_of_what_is_kept(monkeypatch, tmp_path, source, field):
    secret = "CANARY0123456789"
    variable, name, _ = SOURCES[source]
    monkeypatch.setenv(name, secret)
    with Server(Forge(token=secret)) as server:
        monkeypatch.setenv(variable, server.url)
        rows, missing = gather(tmp_path, source, ids=["a/b"])
    assert rows
    assert not missing
    request = server.log[0]
    assert secret in (request.one(field), request.headers.get(field))
    assert secret.encode() not in (tmp_path / "replies.sqlite").read_bytes()
