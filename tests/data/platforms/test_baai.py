"""BAAI: everything in one call, or in as many as it takes."""

import pytest

from tests.platforms import server as bad
from tests.platforms.ask import gather
from tests.platforms.listings import BAAI

KNOWN = "total_downloads likes views tags created modified bytes".split()


def test_baai_lists_everything_in_one_call(serve, tmp_path):
    server = serve("BAAI_API_URL", BAAI(89))
    rows, missing = gather(tmp_path, "baai")
    assert not missing
    assert len(rows) == 89
    assert len(server.log) == 1
    assert {fact for row in rows for fact in KNOWN if row[fact] is None} == set()
    assert "cookie" not in server.log[0].headers


def test_baai_goes_on_where_one_call_is_not_enough(serve, tmp_path):
    server = serve("BAAI_API_URL", BAAI(2345))
    rows, missing = gather(tmp_path, "baai")
    assert not missing
    assert len(rows) == 2345
    assert len(server.log) == 3


@pytest.mark.parametrize(
    ("answer", "rows", "kinds"),
    [
        ({"data": {"total": 5, "list": []}}, 0, {"pages"}),
        ({"code": 500, "msg": "busy", "data": {"total": 0, "list": []}}, 0, {"server"}),
        ({"data": {"total": 2, "list": [{"uriName": "a"}]}}, 1, {"pages"}),
    ],
)
def test_baai_that_lists_less_than_it_says_is_no_whole(serve, tmp_path, answer, rows, kinds):
    server = serve("BAAI_API_URL", BAAI())
    server.break_on("getAllDataset", bad.status(200, answer))
    found, missing = gather(tmp_path, "baai")
    assert len(found) == rows
    assert {m.kind for m in missing} == kinds


def test_sizes_may_be_larger_than_any_count(serve, tmp_path):
    server = serve("BAAI_API_URL", BAAI())
    row = {"uriName": "a", "totalSizeByte": 2_400_000_000_000, "downloadNumb": 10**13}
    server.break_on("getAllDataset", bad.status(200, {"data": {"total": 1, "list": [row]}}))
    (found,), _ = gather(tmp_path, "baai")
    assert (found["bytes"], found["total_downloads"]) == (2_400_000_000_000, None)
