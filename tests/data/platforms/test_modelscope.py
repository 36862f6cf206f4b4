"""ModelScope: listings of owners, however long; single ids; a failure under a good status."""

import pytest

from tests.platforms import server as bad
from tests.platforms.ask import QUICK, gather
from tests.platforms.listings import ModelScope

KNOWN = "total_downloads likes license tasks tags created modified bytes gated".split()


def test_modelscope_lists_an_owner(serve, tmp_path):
    serve("MODELSCOPE_ENDPOINT", ModelScope(models=120, datasets=3))
    rows, missing = gather(tmp_path, "modelscope", author="Qwen,AI-ModelScope")
    assert not missing
    assert len(rows) == 2 * 123
    assert {row["kind"] for row in rows} == {"model", "dataset"}
    assert {fact for row in rows for fact in KNOWN if row[fact] is None} == set()
    assert rows[0]["id"].startswith("Qwen/")


def test_modelscope_slices_what_is_out_of_reach(serve, tmp_path):
    server = serve("MODELSCOPE_ENDPOINT", ModelScope(models=3333, datasets=0))
    rows, missing = gather(tmp_path, "modelscope", QUICK.but(max_pages=300), author="big")
    assert not missing
    assert len({row["id"] for row in rows}) == len(rows) == 3333
    assert all(int(r.one("page_number")) * int(r.one("page_size")) <= 3000 for r in server.log)


def test_modelscope_gives_one_by_its_id(serve, tmp_path):
    serve("MODELSCOPE_ENDPOINT", ModelScope())
    rows, missing = gather(tmp_path, "modelscope", ids=["Qwen/amodel-0", "Qwen/nothing", "../etc"])
    assert [row["id"] for row in rows] == ["Qwen/amodel-0"]
    assert [m.kind for m in missing] == ["missing"]


def test_modelscope_quota_that_no_waiting_refills_is_not_tried_again(serve, tmp_path):
    server = serve("MODELSCOPE_ENDPOINT", ModelScope())
    server.break_on("/models", bad.status(429, {"success": False, "code": "QuotaLimitExceed"}))
    _, missing = gather(tmp_path, "modelscope", ids=["Qwen/amodel-0"])
    assert [m.kind for m in missing] == ["refused"]
    assert len(server.log) == 1


def test_modelscope_rows_that_do_not_come_are_said(serve, tmp_path):
    server = serve("MODELSCOPE_ENDPOINT", ModelScope(models=120, datasets=0))
    server.break_on("3", bad.status(502))
    rows, missing = gather(tmp_path, "modelscope", author="Qwen")
    assert len(rows) == 100
    assert [m.kind for m in missing] == ["server"]


def test_modelscope_slices_that_do_not_help_are_given_up(serve, tmp_path):
    """A server that ignores `search` gives the same 3,000 to every slice."""
    app = ModelScope(models=3100, datasets=0)
    server = serve("MODELSCOPE_ENDPOINT", lambda request: app(bad.without(request, "search")))
    rows, missing = gather(tmp_path, "modelscope", QUICK.but(max_pages=300), author="big")
    assert len(rows) == 3000
    assert [m.kind for m in missing] == ["pages"], [m.reason for m in missing]
    assert len(server.log) < 150  # the listing, and one slice that shows that slicing does not help


def test_modelscope_without_a_total_says_that_there_may_be_more(serve, tmp_path):
    app = ModelScope(models=3100, datasets=0)

    def silent(request):
        answer = app(request)
        answer.body["data"].pop("total_count")
        return answer

    serve("MODELSCOPE_ENDPOINT", silent)
    rows, missing = gather(tmp_path, "modelscope", QUICK.but(max_pages=300), author="big")
    assert len(rows) == 3000
    assert [m.kind for m in missing] == ["pages"], [m.reason for m in missing]


@pytest.mark.parametrize("capitals", [False, True])
def test_modelscope_finds_names_of_every_beginning(serve, tmp_path, capitals):
    class Odd(ModelScope):
        def rows(self, kind, owner):
            rows = super().rows(kind, owner)
            for n, row in enumerate(rows):
                first = "_-.Z"[n % 4] if n % 9 == 0 else ("A" if capitals and n % 2 else "b")
                row["id"] = f"{owner}/{first}{n}"
            return rows

    serve("MODELSCOPE_ENDPOINT", Odd(models=3300, datasets=0))
    rows, missing = gather(tmp_path, "modelscope", QUICK.but(max_pages=600), author="big")
    assert (len(rows), missing) == (3300, [])


def test_modelscope_that_says_it_failed_has_failed(serve, tmp_path):
    server = serve("MODELSCOPE_ENDPOINT", ModelScope())
    server.break_on("/models", bad.status(200, {"success": False, "data": {"models": [], "total_count": 0}}))
    _, missing = gather(tmp_path, "modelscope", author="Qwen")
    assert [m.kind for m in missing] == ["server"]
