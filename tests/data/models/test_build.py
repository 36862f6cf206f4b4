"""Records on disk: lines in whatever shape they come, and the snapshot that is built, and built again, of them."""

import gzip
import hashlib
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.models import build as records
from data.models import snapshot
from data.models.build import Malformed, build, frame, parse, read_lines, rows
from data.shapes import LONGEST
from tests.records import AS_OF, README, hub, odd_records

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


# Building


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_bundle_is_built_again_from_its_records_with_equal_hashes(bundled, bundled_records, tmp_path):
    again = build(bundled_records, date.fromisoformat(bundled.taken), tmp_path)
    assert again.name == bundled.taken
    assert sorted(p.name for p in again.iterdir()) == sorted(p.name for p in bundled.folder.iterdir())
    for path in bundled.folder.iterdir():
        assert digest(again / path.name) == digest(path), path.name


def test_two_builds_of_the_same_records_are_equal_in_any_order(bundled_records, tmp_path):
    some = bundled_records[::20]
    one = build(some, AS_OF, tmp_path / "one")
    other = build(reversed(some), AS_OF, tmp_path / "other")
    assert {p.name: digest(p) for p in one.iterdir()} == {p.name: digest(p) for p in other.iterdir()}


def test_the_committed_records_hold_no_text_of_a_card(bundled_records):
    def texts(value):
        if isinstance(value, str):
            yield value
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from texts(inner)

    assert not [r["id"] for r in bundled_records if "readme" in r]
    assert sum("readme_facts" in r for r in bundled_records) == 408
    longest = max((text for r in bundled_records for text in texts(r)), key=len)
    assert len(longest) <= LONGEST, longest
    assert not [text for r in bundled_records for text in texts(r) if "\n" in text]


def test_a_built_snapshot_keeps_no_prose_and_no_depth_of_a_record(tmp_path):
    deep: dict[str, Any] = {"a": 1}
    for _ in range(900):
        deep = {"a": deep}
    prose = "Do not use this model for anything that matters. " * 20
    record = {"id": "a/b", "readme": README + prose, "cardData": {"license": "mit", "extra_gated_prompt": prose}}
    folder = build([record | {"config": deep, "tags": ["license:mit", prose], prose: 1}], AS_OF, tmp_path)
    kept = gzip.decompress((folder / "records.jsonl.gz").read_bytes()).decode()
    assert "anything that matters" not in kept
    assert json.loads(kept)["cardData"]["license"] == "mit"
    assert len(kept) < 4000
    facts = snapshot.load(records.KIND, within=tmp_path).facts.iloc[0]
    assert facts["license_class"] == "permissive"
    assert facts["example_code"] is True or bool(facts["example_code"])


@given(st.lists(hub(), min_size=1, max_size=4))
@settings(max_examples=40)
def test_the_facts_of_a_card_are_those_of_its_text(cards):
    reduced = [records.reduced(record) for record in cards]
    assert rows(json.loads(json.dumps(reduced)), AS_OF) == rows(cards, AS_OF)


@given(st.lists(odd_records().filter(lambda r: isinstance(r, dict)), max_size=4))
@settings(max_examples=40)
def test_whatever_is_kept_is_json_that_reads_back_as_the_same_facts(odd_ones):
    reduced = [records.reduced(record) for record in odd_ones]
    again = [json.loads(json.dumps(one, sort_keys=True)) for one in reduced]
    assert rows(again, AS_OF) == rows(reduced, AS_OF)


def test_odd_records_build_a_snapshot_that_verifies(tmp_path):
    odd_ones = [{"id": f"a/{n}", "likes": value, "tags": value} for n, value in enumerate([None, -1, 10**30, "\ud800"])]
    odd_ones += [{"id": "a/0", "likes": 7}, {"id": " a/0 ", "likes": 8}]  # the last of one id counts
    folder = build(odd_ones, AS_OF, tmp_path)
    taken = snapshot.load(records.KIND, within=tmp_path)
    assert snapshot.verify(folder)["rows"] == len(taken.facts) == 4
    assert taken.facts["likes"].iloc[taken.position["a/0"]] == 8


def test_no_records_build_an_empty_snapshot(tmp_path):
    assert snapshot.verify(build([], AS_OF, tmp_path))["rows"] == 0
    assert len(snapshot.load(records.KIND, within=tmp_path).facts) == 0


def test_the_manifest_says_where_everything_comes_from(bundled, bundled_records):
    manifest = bundled.manifest
    assert manifest["rows"] == len(bundled.facts) == len(bundled_records) == 1811
    assert set(manifest["facts"]) == set(records.DTYPES)
    for fact, said in manifest["facts"].items():
        assert said["known"] == int(bundled.facts[fact].notna().sum()), fact
        assert ("2025" <= said["from"] <= said["to"] <= bundled.taken) if said["known"] else said["to"] == "", fact
    for source in manifest["sources"]:
        assert source["licence"]
        assert source["url"]
        assert source["from"] <= source["to"] <= bundled.taken
        assert 0 < source["models"] <= 1811


def test_every_known_fact_has_a_source_and_a_day(bundled):
    for row in bundled.facts.iloc[::100].to_dict("records"):
        for fact in records.DTYPES:
            said = bundled.evidence(row["id"], fact, row[fact], "https://example.org")
            if said.state == "unknown":
                assert (said.source, said.as_of, said.value) == ("", "", None)
            else:
                assert said.source
                assert date.fromisoformat(said.as_of) <= date.fromisoformat(bundled.taken)


def test_the_days_and_sources_of_the_records_reach_the_evidence(bundled, bundled_records):
    keys = {"likes": "likes", "downloads_30d": "downloads", "discussions": "community", "created": "createdAt"}
    for record in bundled_records[::40]:
        for fact, key in keys.items():
            value = bundled.facts[fact].iloc[bundled.position[record["id"]]]
            said = bundled.evidence(record["id"], fact, value, "")
            if said.state != "unknown":
                assert [said.source, said.as_of] == record["_provenance"][key]


def test_a_frame_has_a_nullable_column_for_each_fact():
    table = frame(rows([{"id": "a/b", "likes": 3}, {"id": "c/d"}], AS_OF))
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == {"id": "string"} | records.DTYPES
    assert table["likes"].tolist()[0] == 3
    assert table["likes"].isna().tolist() == [False, True]


def test_twenty_thousand_models_of_one_owner_are_read_in_seconds():
    many = [{"id": f"owner/model-{n}"} for n in range(20_000)]
    assert len(rows(many, AS_OF)) == 20_000
