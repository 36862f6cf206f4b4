"""Tables of platforms without an API: CSV or JSON lines, numbers as people write them, nothing dropped in silence."""

import json
from datetime import date

import pytest

from data.platforms import imports
from data.platforms.imports import BadRow
from tests.platforms.ask import gather

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (5, 5), ("12,761", 12_761), ("10.3k", 10_300), ("1.2M", 1_200_000), ("3w", 30_000), ("2万", 20_000), ("0", 0),
        (" 7 ", 7), (-1, None), ("-1", None), ("", None), (None, None), ("many", None), ("1e5", None), (1.5, None),
        ("10,3k", None), ("1,5", None), ("12,7", None), ("0.4", None), ("1,234,567", 1_234_567), ("0.4k", 400),
        (float("nan"), None), ("9" * 30, None), ("k", None), (True, None),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text, number):
    assert imports.number(text) == number


def test_csv_and_json_lines_give_the_same(tmp_path):
    rows = [
        {"org": "Meta", "dataset_name": "SA-V", "modality": "Vision", "lifecycle": "Pre-training", "likes": "1.5k"},
        {"org": "Google", "dataset_name": "C4", "modality": "Language", "date_crawl": "2026-10-01", "likes": "-1"},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n\n", "utf-8")
    names = ["org", "dataset_name", "modality", "lifecycle", "date_crawl", "likes"]
    lines = [",".join(names), *(",".join(row.get(n, "") for n in names) for row in rows)]
    (tmp_path / "a.csv").write_text("\ufeff" + "\n".join(lines), "utf-8")
    found = [list(imports.read(tmp_path / name, imports.SITES.title, DAY)) for name in ("a.jsonl", "a.csv")]
    assert found[0] == found[1]
    first, second = found[0]
    assert (first.name, first.likes, first.date_crawl, first.kind) == ("SA-V", 1500, "2026-11-22", "dataset")
    assert (second.likes, second.date_crawl, second.source) == (None, "2026-10-01", "official pages")


def test_a_bad_row_is_named(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"org": "Meta", "name": "a"}\n{"org": "Meta"}\n[1]\n{"org": "Meta", "na\n', "utf-8")
    rows, missing = gather(tmp_path / "run", "sites", table=str(path))
    assert [row["name"] for row in rows] == ["a"]
    assert len(missing) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [(None, "cannot be read"), (b"\xff\xfe\x00", "UTF-8"), (b"a,b\n1,2\n", "no columns"), (b"", "no columns")],
)
def test_a_table_that_is_none_is_one_sentence(tmp_path, text, words):
    path = tmp_path / "table.csv"
    if text is not None:
        path.write_bytes(text)
    with pytest.raises(imports.Unreadable, match=words):
        list(imports.fetch(path))


def test_facts_name_what_is_lacking():
    assert isinstance(imports.facts({"org": "x"}, "sites", DAY), BadRow)
    assert isinstance(imports.facts({"name": "x"}, "sites", DAY), BadRow)


@pytest.mark.parametrize("source", ["sites", "openi", "opendatalab"])
def test_a_table_that_breaks_off_keeps_what_came_before(tmp_path, source):
    path = tmp_path / "table.csv"
    for broken in ("B," + "x" * 200_000 + "\n", 'B,"unclosed\nC,d\n'):
        path.write_text("org,name\nA,good\n" + broken, "utf-8")
        rows, missing = gather(tmp_path / "run", source, table=str(path))
        assert [row["name"] for row in rows] == ["good"]
        assert ["rest was left out" in m.reason for m in missing] == [True]


def test_a_line_separator_inside_a_text_breaks_no_line(tmp_path):
    path = tmp_path / "table.jsonl"
    path.write_text('{"org": "A", "name": "a\u2028b"}\n', "utf-8")
    rows, missing = gather(tmp_path / "run", "sites", table=str(path))
    assert (len(rows), missing) == (1, [])


def test_words_of_a_table_are_read_in_any_case_and_what_is_none_is_named(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(
        "org,name,kind,modality,date\nA,a,Models,LANGUAGE,2026-01-01\n"
        "A,b,Data set,speech,\nA,c,space,,\nA,d,,,20/11/2026\n"
    )
    rows, missing = gather(tmp_path / "run", "sites", table=str(path))
    assert [(row["kind"], row["modality"]) for row in rows] == [("model", "Language"), ("dataset", "Speech")]
    assert ["space" in missing[0].reason, "20/11/2026" in missing[1].reason] == [True, True]


def test_without_a_table_the_official_pages_are_the_bundled_ones(tmp_path):
    rows, missing = gather(tmp_path, "sites")
    assert (len(rows), missing) == (204, [])
    assert {row["date_crawl"] for row in rows} == {"2025-09-07"}
    assert {"Meta", "Google"} <= {row["org"] for row in rows}
