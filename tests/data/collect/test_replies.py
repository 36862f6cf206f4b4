"""A run on disk: kept at once, found again, and never a token or a half-written reply in it."""

import pytest

from data.collect.replies import FILE, ReplyStore, ReplyStoreError
from data.http.message import Response

AT = "2026-11-22T00:00:00.000000+00:00"


def response(name="a/1", **changes):
    return Response(**({"name": name, "url": "http://x/1", "at": AT, "status": 200, "body": b'{"a": 1}'} | changes))


def body(run):
    kept = run.response("a/1")
    return kept and kept[0].body


def test_what_is_kept_is_found_again(tmp_path):
    with ReplyStore(tmp_path) as run:
        run.keep(response(link="http://x/2", code="c"), "sha")
        assert run.response("a/1") == (response(link="http://x/2", code="c"), "sha")
        assert run.response("a/2") is None
    assert [p.name for p in tmp_path.iterdir()] == [FILE]
    with ReplyStore(tmp_path) as run:
        assert body(run) == b'{"a": 1}'


def test_a_newer_answer_takes_the_place_of_an_older_one_and_of_a_failure(tmp_path):
    with ReplyStore(tmp_path) as run:
        run.fail(response(kind="server", reason="No."))
        assert [f.kind for f in run.failures()] == ["server"]
        run.keep(response(body=b"2"))
        assert not list(run.failures())
        run.keep(response(body=b"3"))
        assert body(run) == b"3"
        run.fail(response(kind="server", reason="No."))
        assert body(run) == b"3"


def test_pages_of_a_longer_listing_are_forgotten(tmp_path):
    with ReplyStore(tmp_path) as run:
        for n in range(5):
            run.keep(response(f"list/x/{n:06d}"))
        run.keep(response("list/y/000009"))
        run.forget_after("list/x/", "list/x/000002")
        assert [n for n in range(5) if run.response(f"list/x/{n:06d}")] == [0, 1, 2]
        assert run.response("list/y/000009")


def test_an_interrupted_run_goes_on_and_a_whole_one_starts_anew(tmp_path):
    with ReplyStore(tmp_path) as run:
        assert run.begin({"source": "x"}) is False
        started = run.started
    with ReplyStore(tmp_path) as run:
        assert run.begin({"source": "x"}) is True
        assert run.started == started
        run.end(whole=False)
        assert run.begin({"source": "x"}) is True
        run.end(whole=True)
        assert run.begin({"source": "x"}) is False
        assert run.started > started
        assert run.begin({"source": "x"}, again=True) is False
        run.end(whole=True)
        assert run.begin({"source": "y"}, resume=True) is True
        assert run.about("plan") == {"source": "y"}


def test_an_interruption_of_long_ago_is_not_gone_on_with(tmp_path):
    with ReplyStore(tmp_path) as run:
        run.begin({})
        run._set("started", AT.replace("11-22", "11-01"))
    with ReplyStore(tmp_path) as run:
        assert run.begin({}) is False


def test_totals_are_remembered_by_day(tmp_path):
    with ReplyStore(tmp_path) as run:
        run.add_total("x", "2026-10-01", 5)
        run.add_total("x", "2026-11-01", 9)
        run.add_total("x", "2026-11-01", 8)
        run.add_total("y", "2026-11-01", 1)
        assert run.totals() == {"x": {"2026-10-01": 5, "2026-11-01": 8}, "y": {"2026-11-01": 1}}


@pytest.mark.parametrize("make", [lambda p: p.write_text("x"), lambda p: p.mkdir()])
def test_a_folder_that_is_none_is_one_sentence(tmp_path, make):
    folder = tmp_path / "run"
    if make(folder) is None:
        (folder / FILE).mkdir()
    with pytest.raises(ReplyStoreError, match="run"):
        ReplyStore(folder)


def test_a_file_that_is_no_database_is_one_sentence(tmp_path):
    (tmp_path / FILE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(ReplyStoreError, match="cannot be used"):
        ReplyStore(tmp_path)


def test_a_run_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(ReplyStoreError, match="weighbridge collect"):
        ReplyStore(tmp_path / "nothing", create=False)
    assert not (tmp_path / "nothing").exists()


def test_a_damaged_reply_is_said(tmp_path):
    with ReplyStore(tmp_path) as run:
        run.keep(response())
        run._write("UPDATE replies SET body = x'00'")
        with pytest.raises(ReplyStoreError, match="damaged"):
            run.response("a/1")
