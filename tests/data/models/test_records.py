"""Records as JSON lines, in whatever shape they come, and the rows of facts that are read from them."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.models.records import Malformed, frame, parse, read_lines, rows
from data.models.schema import DTYPES
from tests.records import AS_OF

GOOD = b'{"id": "a/b", "likes": 3}\n'


def told(lines):
    """Return what came of each line: its id, or the sentence about it."""
    return [str(one) if isinstance(one, Malformed) else one["id"] for one in parse(lines)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "a/b"', "Line 2 is not valid JSON (expecting ',' delimiter at column 13); it was left out."),
        (b"nonsense", "Line 2 is not valid JSON (expecting value at column 1); it was left out."),
        (b'{"id": "a/b"} {"id": "c/d"}', "Line 2 is not valid JSON (extra data at column 15); it was left out."),
        (b"\xff\xfe\x00\x01", "Line 2 is not valid JSON (it is not UTF-8 text); it was left out."),
        (b"[1, 2]", "Line 2 is a JSON list, not an object; it was left out."),
        (b'"a/b"', "Line 2 is a JSON text, not an object; it was left out."),
        (b"3", "Line 2 is a JSON number, not an object; it was left out."),
        (b"true", "Line 2 is a JSON boolean, not an object; it was left out."),
        (b"null", "Line 2 is a JSON null, not an object; it was left out."),
        (b"{}", "Line 2 has no `id` that is a text; it was left out."),
        (b'{"id": 3}', "Line 2 has no `id` that is a text; it was left out."),
        (b'{"id": "  "}', "Line 2 has no `id` that is a text; it was left out."),
        (b'{"id": "\\u200b\\ud800"}', "Line 2 has no `id` that is a text; it was left out."),
        (b"[" * 100_000, "Line 2 is not valid JSON (it is nested too deeply); it was left out."),
    ],
)
def test_a_malformed_line_is_said_with_its_number_and_the_others_are_read(line, reason):
    assert told([GOOD, line + b"\n", b'{"id": "c/d"}']) == ["a/b", reason, "c/d"]


def test_blank_lines_a_mark_and_any_line_end_are_skipped_but_counted():
    lines = [b'\xef\xbb\xbf{"id": "a/b"}\r\n', b"\r\n", b"   \n", b"\t\n", b'{"id": "c/d"}', b"oops"]
    assert told(lines)[:2] == ["a/b", "c/d"]
    assert told(lines)[2].startswith("Line 6 ")
    assert told(["\ufeff" + GOOD.decode(), "x"])[1].startswith("Line 2 ")
    assert told([b"\xef\xbb\xbf\n", b"\n"]) == []


def test_numbers_that_no_float_holds_do_not_stop_the_reading():
    lines = [b'{"id": "a/b", "likes": ' + b"9" * 5000 + b', "downloads": 1e999, "x": NaN, "y": -Infinity}']
    (record,) = parse(lines)
    assert not isinstance(record, Malformed)
    assert rows([record], AS_OF)[0]["likes"] is None


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_no_bytes_raise(lines):
    for one in parse(lines):
        assert isinstance(one, Malformed | dict)
        assert not isinstance(one, Malformed) or str(one).endswith(".")


def test_a_gzipped_file_is_read_as_a_plain_one_whatever_it_is_called(tmp_path):
    for name, content in (("plain.jsonl.gz", GOOD * 3), ("packed.jsonl", gzip.compress(GOOD * 3))):
        (tmp_path / name).write_bytes(content)
        assert told(read_lines(tmp_path / name)) == ["a/b"] * 3


def test_a_frame_has_a_nullable_column_for_each_fact():
    table = frame(rows([{"id": "a/b", "likes": 3}, {"id": "c/d"}], AS_OF))
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == {"id": "string", **DTYPES}
    assert table["likes"].tolist()[0] == 3
    assert table["likes"].isna().tolist() == [False, True]


def test_twenty_thousand_models_of_one_owner_are_read_in_seconds():
    many = [{"id": f"owner/model-{n}"} for n in range(20_000)]
    assert len(rows(many, AS_OF)) == 20_000
