"""The snapshot that is built, and built again, of records in whatever shape they come; and the sorted lines of it."""

import gzip
import hashlib
import json
import resource
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.models import snapshot
from data.models.build import LISTINGS, SortedLines, build, established, reduced
from data.models.records import rows
from data.models.schema import DTYPES
from data.shapes import LONGEST, as_text
from tests.records import AS_OF, README, hub, odd_records


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
    facts = snapshot.load(within=tmp_path).facts.iloc[0]
    assert facts["license_class"] == "permissive"
    assert facts["example_code"] is True or bool(facts["example_code"])


@given(st.lists(hub(), min_size=1, max_size=4))
@settings(max_examples=40)
def test_the_facts_of_a_card_are_those_of_its_text(cards):
    kept = [reduced(record) for record in cards]
    assert rows(json.loads(json.dumps(kept)), AS_OF) == rows(cards, AS_OF)


@given(st.lists(odd_records().filter(lambda r: isinstance(r, dict)), max_size=4))
@settings(max_examples=40)
def test_whatever_is_kept_is_json_that_reads_back_as_the_same_facts(odd_ones):
    kept = [reduced(record) for record in odd_ones]
    again = [json.loads(json.dumps(one, sort_keys=True)) for one in kept]
    assert rows(again, AS_OF) == rows(kept, AS_OF)


def test_odd_records_build_a_snapshot_that_verifies(tmp_path):
    odd_ones = [{"id": f"a/{n}", "likes": value, "tags": value} for n, value in enumerate([None, -1, 10**30, "\ud800"])]
    odd_ones += [{"id": "a/0", "likes": 7}, {"id": " a/0 ", "likes": 8}]  # the last of one id counts
    folder = build(odd_ones, AS_OF, tmp_path)
    taken = snapshot.load(within=tmp_path)
    assert snapshot.verify(folder)["rows"] == len(taken.facts) == 4
    assert taken.facts["likes"].iloc[taken.position["a/0"]] == 8


def test_no_records_build_an_empty_snapshot(tmp_path):
    assert snapshot.verify(build([], AS_OF, tmp_path))["rows"] == 0
    assert len(snapshot.load(within=tmp_path).facts) == 0


def test_the_manifest_says_where_everything_comes_from(bundled, bundled_records):
    manifest = bundled.manifest
    assert manifest["rows"] == len(bundled.facts) == len(bundled_records) == 5728
    assert set(manifest["facts"]) == set(DTYPES)
    for fact, found in manifest["facts"].items():
        assert found["known"] == int(bundled.facts[fact].notna().sum()), fact
        assert ("2025" <= found["from"] <= found["to"] <= bundled.taken) if found["known"] else found["to"] == "", fact
    for source in manifest["sources"]:
        assert source["licence"]
        assert source["url"]
        assert source["from"] <= source["to"] <= bundled.taken
        assert 0 < source["models"] <= 5728


def test_every_known_fact_has_a_source_and_a_day(bundled):
    for row in bundled.facts.iloc[::100].to_dict("records"):
        for fact in DTYPES:
            found = bundled.evidence(row["id"], fact, row[fact], "https://example.org")
            if found.state == "unknown":
                assert (found.source, found.as_of, found.value) == ("", "", None)
            else:
                assert found.source
                assert date.fromisoformat(found.as_of) <= date.fromisoformat(bundled.taken)


def test_the_days_and_sources_of_the_records_reach_the_evidence(bundled, bundled_records):
    keys = {"likes": "likes", "downloads_30d": "downloads", "discussions": "community", "created": "createdAt"}
    for record in bundled_records[::40]:
        for fact, key in keys.items():
            value = bundled.facts[fact].iloc[bundled.position[record["id"]]]
            found = bundled.evidence(record["id"], fact, value, "")
            if found.state != "unknown":
                assert [found.source, found.as_of] == record["_provenance"][key]


# Owners


@pytest.mark.parametrize(
    ("models", "is_established"),
    [
        ([(600, "2025-10-08"), (400, "2026-10-01"), (0, "2026-10-01")], True),
        ([(600, "2025-10-09"), (400, "2026-10-01"), (0, "2026-10-01")], False),  # a day short of a year
        ([(600, "2025-10-08"), (399, "2026-10-01"), (0, "2026-10-01")], False),
        ([(9000, "2020-10-08"), (9000, "2020-10-01")], False),
        ([(600, "2026-10-08"), (400, None), (0, "2026-10-01")], None),
        ([(600, "2025-10-08"), (None, "2025-10-08"), (0, "2026-10-01")], None),
        ([(1600, "2025-10-08"), (None, None), (0, "2026-10-01")], True),
    ],
)
def test_an_owner_is_established_by_three_models_a_thousand_likes_and_a_year(models, is_established):
    listings = [{"id": f"Some/{n}", "likes": likes, "createdAt": day} for n, (likes, day) in enumerate(models)]
    assert established(listings, AS_OF) == {"some": is_established}


def test_listings_make_an_owner_established_whom_no_table_knows(tmp_path):
    read = {key: ["a crawl", "2026-10-08"] for key in ("likes", "createdAt")}
    usual = {"likes": 500, "createdAt": "2024-01-01", "_provenance": read}
    ids = [*(f"nobody-knows-me/{n}" for n in range(3)), "nobody-else/x", "openai/whisper", "without-owner"]
    build([usual | {"id": i} for i in ids], AS_OF, tmp_path)
    taken = snapshot.load(within=tmp_path)
    levels = dict(zip(taken.facts["id"], taken.facts["provider"], strict=True))
    assert (levels["nobody-knows-me/1"], levels["nobody-else/x"], levels["openai/whisper"]) == (1, 0, 2)
    assert taken.facts["provider"].isna().sum() == 1  # of the model without an owner
    found = {i: taken.origins.of(i)["provider"][:2] for i in ids[2:5]}
    listed, curated = (LISTINGS, "2026-10-08"), ("Weighbridge curated tables", "2026-10-08")
    assert found == {ids[2]: listed, "nobody-else/x": listed, "openai/whisper": curated}


# Sorted lines


@given(st.lists(st.tuples(st.text(max_size=8).map(lambda text: as_text(text) or ""), st.text("{}é", max_size=5))))
def test_it_holds_what_a_sorted_dictionary_holds(tmp_path_factory, put):
    path = tmp_path_factory.mktemp("lines") / "lines.sqlite"
    with SortedLines(path) as sorted_lines:
        for key, text in put:
            sorted_lines.put(key, text)
        known = dict(put)
        assert list(sorted_lines.ids()) == sorted(known)
        assert list(sorted_lines.texts()) == [known[key] for key in sorted(known)]
        assert len(sorted_lines) == len(known)
    assert not path.exists()


def test_nothing_is_left_when_the_work_breaks_off(tmp_path):
    def broken_off():
        with SortedLines(tmp_path / "lines.sqlite") as sorted_lines:
            sorted_lines.put("a", "b")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_is_said(tmp_path):
    def too_much():
        with SortedLines(tmp_path / "lines.sqlite") as sorted_lines:
            for n in range(1000):
                sorted_lines.put(str(n), "x" * 10_000)

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(OSError, match=r"lines\.sqlite"):
            too_much()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []
