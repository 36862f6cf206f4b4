"""What happened in a repository of code in twelve months, from servers that list commits as the forges do."""

from datetime import UTC, datetime, timedelta

import pytest

from data.collect.collector import Collector, Replay
from data.collect.replies import ReplyStore
from data.http.client import Client
from data.platforms.forges import GITCODE, GITEE, OPENI
from data.platforms.github import GITHUB
from data.platforms.year import DAYS, Year
from tests.platforms import server as bad
from tests.platforms.ask import QUICK
from tests.platforms.forges import GONE, Forge, GitHub, commit, size
from tests.platforms.server import Answer, Server

TODAY = datetime.now(UTC).date()
ONE = "org-1/code-1"


@pytest.fixture
def server(monkeypatch):
    with Server(GitHub()) as running:
        monkeypatch.setenv("GITHUB_API_URL", running.url)
        yield running


def year(tmp_path, platform=GITHUB, one=ONE) -> Year:
    """Collect and read back: what is replayed is what was asked."""
    with ReplyStore(tmp_path / "run") as run:
        run.begin({"source": "organisations"})
        asked = platform.year(Collector(run, Client(QUICK)), one, TODAY)
        replayed = platform.year(Replay(run, QUICK), one, TODAY)
    assert (asked.commits, asked.authors, asked.merged) == (replayed.commits, replayed.authors, replayed.merged)
    return asked


def test_github_counts_without_merges_and_programs(server, tmp_path):
    assert year(tmp_path) == Year(commits=size(ONE), authors=7, merged=size(ONE) // 2)
    pages = server.asked("/commits")
    assert {request.one("page") for request in pages} == {"1", "2"}  # of 174 commits and what does not count
    assert {request.one("since")[:10] for request in pages} == {str(TODAY - timedelta(days=DAYS))}
    assert {request.one("until")[:10] for request in pages} == {str(TODAY)}
    assert len(server.asked("/search")) == 1


@pytest.mark.parametrize(("platform", "variable"), [(GITEE, "GITEE_API_URL"), (GITCODE, "GITCODE_API_URL")])
def test_gitee_and_gitcode_list_what_was_merged(platform, variable, monkeypatch, tmp_path):
    with Server(Forge()) as server:
        monkeypatch.setenv(variable, server.url)
        assert year(tmp_path, platform) == Year(commits=size(ONE), authors=7, merged=DAYS)
        assert len(server.asked("/pulls")) == 4  # of a list without end: until what changed before the year


def test_openi_lists_no_commits_between_two_days():
    assert OPENI.year is None


def test_half_a_list_is_no_count(server, tmp_path):
    server.faults.append((lambda r: r.one("page") == "2", bad.status(500)))
    found = year(tmp_path)
    assert (found.commits, found.authors, found.merged) == (None, None, size(ONE) // 2)
    assert "500" in found.reason


def test_a_search_that_did_not_end_is_no_count(server, tmp_path):
    server.break_on("/search", bad.status(200, {"total_count": 5, "incomplete_results": True}))
    found = year(tmp_path)
    assert (found.commits, found.merged, found.reason) == (size(ONE), None, "GitHub did not search to the end.")


def test_a_repository_that_is_not_there_has_its_reason(server, tmp_path):
    found = year(tmp_path, one=GONE)
    assert found.commits is None
    assert found.reason


def test_an_empty_year_is_a_zero(server, tmp_path):
    server.break_on("/commits", bad.status(200, []))
    assert year(tmp_path).commits == 0


@pytest.mark.parametrize("row", [{}, {"commit": None}, {"commit": {"author": 5}}, {"parents": 7, "author": "x"}])
def test_rows_of_odd_shape_are_commits_of_nobody(server, tmp_path, row):
    server.app = lambda _: Answer([commit(1), {"sha": "f", **row}])
    found = year(tmp_path)
    assert (found.commits, found.authors) == (2, 1)
