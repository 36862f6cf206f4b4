"""Snapshots on disk: what was written is read back, what is damaged is refused by name, the newest sound one stays."""

import hashlib
import json
import random
import shutil
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.archive import SCHEMA, _sealed, read_parquet, write_parquet
from data.models import build, records, snapshot
from data.models.schema import DTYPES
from scoring.engine import fit, measure, scale, score
from scoring.scorecards import MODEL
from tests import older
from tests.records import AS_OF, arrow, facts

REMEDY = "restore the folder from the repository or build it again with `weighbridge snapshot build`."
ROWS = [{"id": "a/b", "likes": 2**53 + 1, "gated": False, "task": ""}, {"id": "模型/naïve", "other": 3}]
SOME: list[dict[str, Any]] = [
    {"id": f"owner/model-{n}", "likes": n, "tags": ["license:mit"], "gated": n % 2 == 0} for n in range(30)
]


@pytest.fixture
def sound(snapshots):
    """The folder of a small sound snapshot; its name is the curated tables' day, the newest that its facts have."""
    return build.build(SOME, AS_OF, snapshots)


def refused(folder):
    """Return the sentence with which a damaged snapshot is refused."""
    with pytest.raises(snapshot.SnapshotError) as wrong:
        snapshot.verify(folder)
    with pytest.raises(snapshot.SnapshotError):
        snapshot.load(folder.name)
    said = str(wrong.value)
    assert said.startswith(f"Snapshot {folder.name} ")
    assert said.endswith(REMEDY)
    assert "\n" not in said
    return said


def test_a_fact_that_an_older_version_did_not_know_is_unknown(sound):
    older.without(sound, "likes", "hub_scan")
    taken = snapshot.load()
    assert dict(taken.facts.dtypes.astype(str)).items() >= DTYPES.items()
    assert taken.facts[["likes", "hub_scan"]].isna().all(axis=None)
    scores = score(MODEL, taken.facts, taken.yardstick(MODEL))
    assert len(scores) == len(SOME)
    assert np.array_equal(taken.scaled(MODEL).value, scores.scaled.value, equal_nan=True)


def test_what_was_written_is_read_back(sound):
    taken = snapshot.load()
    assert (taken.taken, taken.folder) == (sound.name, sound)
    assert list(taken.facts["id"]) == sorted(r["id"] for r in SOME)
    assert taken.position["owner/model-3"] == sorted(r["id"] for r in SOME).index("owner/model-3")
    assert snapshot.dates(snapshot.KIND) == [sound.name]
    assert sorted(p.name for p in sound.iterdir()) == [
        *("evidence.parquet", "facts.parquet", "manifest.json", "records.jsonl.gz", "scaled.parquet", "yardstick.json")
    ]


def test_the_stored_scale_is_read_to_the_last_bit_and_another_card_is_computed(sound):
    taken = snapshot.load()
    stored = taken.scaled(MODEL)
    table = read_parquet((sound / "scaled.parquet").read_bytes())
    fresh = snapshot.read_scaled(snapshot.scaled_table(stored, MODEL), MODEL)
    for name in ("value", "low", "high", "applies", "caps"):
        np.testing.assert_array_equal(getattr(stored, name), getattr(fresh, name))
    assert table.num_rows == len(SOME)
    assert taken.scaled(MODEL) is stored
    assert taken.yardstick(MODEL).high["likes"] == 15_000
    population = taken.yardstick(MODEL, "population")
    assert (population.low["likes"], population.high["likes"], population.subjects) == (0, 29, 30)


# Damage


def test_every_flipped_bit_is_refused(sound):
    """200 bits: some in each file, the manifest's own included."""
    rng = random.Random(20261008)
    files = sorted(sound.iterdir())
    for n in range(200):
        path = files[n % len(files)]
        whole = path.read_bytes()
        place, bit = rng.randrange(len(whole)), rng.randrange(8)
        path.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << bit)]) + whole[place + 1 :])
        with pytest.raises(snapshot.SnapshotError, match=f"^Snapshot {sound.name} .*{REMEDY[:20]}"):
            snapshot.verify(sound)
        path.write_bytes(whole)
    snapshot.verify(sound)


@pytest.mark.parametrize("name", ["facts", "evidence", "scaled", "yardstick", "records", "manifest"])
def test_a_file_that_is_cut_short_empty_or_longer_is_refused(sound, name):
    (path,) = sound.glob(f"{name}.*")
    whole = path.read_bytes()
    for content in (whole[: len(whole) // 2], whole[:-1], b"", whole + b"\n"):
        path.write_bytes(content)
        said = refused(sound)
        assert path.name in said


@pytest.mark.parametrize("name", ["facts", "evidence", "scaled", "yardstick", "records", "manifest"])
def test_a_missing_file_is_refused_by_name(sound, name):
    (path,) = sound.glob(f"{name}.*")
    path.unlink()
    assert path.name in refused(sound)


def test_a_file_of_another_snapshot_is_refused(sound, tmp_path):
    other = build.build(SOME[:5], AS_OF, tmp_path / "other")
    for path in sound.iterdir():
        if path.name not in ("manifest.json", "yardstick.json"):
            whole = path.read_bytes()
            shutil.copy(other / path.name, path)
            assert f"{path.name} is not what was written" in refused(sound)
            path.write_bytes(whole)
    facts, scaled = (sound / f"{name}.parquet" for name in ("facts", "scaled"))
    for one, two, three in ((facts, scaled, sound / "x"),):
        one.rename(three)
        two.rename(one)
        three.rename(two)
    assert "is not what was written" in refused(sound)


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", "3", '"x"', "{}", '{"sha256": 3}', '{"sha256": [1, 2]}', "[" * 100_000),
        '{"sha256": {}}',
    ],
)
def test_a_manifest_of_any_other_shape_is_refused(sound, text):
    (sound / "manifest.json").write_text(text)
    refused(sound)


def test_a_manifest_that_is_not_text_or_no_file_is_refused(sound):
    (sound / "manifest.json").write_bytes(b"\xff\xfe\x00")
    refused(sound)
    (sound / "manifest.json").unlink()
    (sound / "manifest.json").mkdir()
    refused(sound)


def test_another_format_is_refused_with_both_numbers(sound):
    manifest = json.loads((sound / "manifest.json").read_text())
    for schema in (SCHEMA + 1, SCHEMA - 1, str(SCHEMA), None):
        (sound / "manifest.json").write_text(json.dumps(manifest | {"schema": schema}))
        assert f"has format {schema}, this version reads {SCHEMA}" in refused(sound)


def test_a_manifest_that_somebody_edited_is_refused(sound):
    manifest = json.loads((sound / "manifest.json").read_text())
    changes: list[dict[str, Any]] = [{"rows": 31}, {"sha256": {}}, {"sources": [{"name": "me"}]}, {"x": 1}]
    for change in changes:
        (sound / "manifest.json").write_text(json.dumps(manifest | change, indent=1, sort_keys=True) + "\n")
        assert "manifest.json is not what was written" in refused(sound)


def test_a_name_in_a_manifest_leads_nowhere_else(sound, tmp_path):
    (tmp_path / "outside").write_text("x")
    manifest = json.loads((sound / "manifest.json").read_text())
    manifest["sha256"]["../../../outside"] = hashlib.sha256(b"x").hexdigest()
    (sound / "manifest.json").write_text(_sealed(manifest))
    assert "lists ../../../outside, which is no file of such a snapshot" in refused(sound)


def test_page_checksums_are_written(sound):
    """Whatever a manifest lists, the pages still carry their own sums."""
    whole = (sound / "facts.parquet").read_bytes()
    place = whole.index(b"\x28\xb5\x2f\xfd") + 12  # inside the first zstd frame: the first page's data
    with pytest.raises((OSError, pa.ArrowException)):
        read_parquet(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])


# Which one is loaded


def copies(sound, *days):
    for day in days:
        older.under(day, shutil.copytree(sound, sound.with_name(day)))


def test_the_newest_is_loaded_and_a_date_picks_another(sound):
    copies(sound, "2026-11-01", "2025-01-01")
    assert snapshot.dates(snapshot.KIND) == ["2025-01-01", sound.name, "2026-11-01"]
    assert snapshot.load().taken == "2026-11-01"
    assert snapshot.load("2025-01-01").taken == "2025-01-01"


def test_a_damaged_newest_falls_back_to_the_newest_sound_one_and_says_so(sound):
    copies(sound, "2026-11-01", "2026-12-01", "2025-01-01")
    (sound.with_name("2026-12-01") / "facts.parquet").write_bytes(b"PAR1")
    (sound.with_name("2026-11-01") / "scaled.parquet").unlink()
    taken, note = snapshot.load_newest_sound()
    assert taken.taken == sound.name
    assert "Snapshot 2026-12-01 is damaged: facts.parquet is not what was written" in note
    assert "Snapshot 2026-11-01 is damaged: scaled.parquet is missing" in note
    with pytest.raises(snapshot.SnapshotError, match="2026-12-01"):
        snapshot.load()


def test_without_a_sound_one_all_are_named(sound):
    copies(sound, "2025-01-01")
    for folder in sound.parent.iterdir():
        (folder / "manifest.json").unlink()
    with pytest.raises(snapshot.SnapshotError, match=rf"Snapshot {sound.name} has no .* Snapshot 2025-01-01 has no "):
        snapshot.load_newest_sound()


def test_what_is_not_there_is_named(snapshots, sound):
    with pytest.raises(snapshot.SnapshotError, match=f"no snapshot 2020-02-02 of models; the only one is {sound.name}"):
        snapshot.load("2020-02-02")
    with pytest.raises(snapshot.SnapshotError, match=r"no snapshot \.\./\.\./etc of models"):
        snapshot.load("../../etc")
    with pytest.raises(snapshot.SnapshotError, match=r"no snapshot of models in .*; build one with `weighbridge"):
        snapshot.load(within=snapshots / "none")


def test_a_folder_that_is_named_by_no_date_is_no_snapshot(sound):
    for name in ("backup", "2026-10-08 copy", "20261008", ".hidden"):
        shutil.copytree(sound, sound.with_name(name))
    (sound.with_name("2026-12-31")).write_text("a file")
    assert snapshot.dates(snapshot.KIND) == [sound.name]


def test_the_bundle_is_sound(bundled):
    assert snapshot.verify(bundled.folder)["rows"] == 5728
    assert snapshot.load_newest_sound()[1] == ""


# Where facts come from


def test_evidence_has_the_source_and_the_day_of_each_fact(snapshots):
    usual = {
        "likes": ["a crawl", "2026-01-02"],
        "gated": ["a crawl", "2026-01-02"],
        "createdAt": ["a crawl", "2026-01-02"],
    }
    rows = [
        {"id": f"o/{n}", "likes": n, "gated": False, "createdAt": "2025-01-01", "_provenance": usual} for n in range(4)
    ]
    rows[3] = rows[3] | {"createdAt": "2027-02-01", "_provenance": usual | {"likes": ["by hand", "2026-03-04"]}}
    build.build(rows, date(2026, 5, 6), snapshots)
    taken = snapshot.load()
    said = taken.evidence("o/1", "likes", 1, "https://example.org")
    assert (said.state, said.source, said.as_of, said.url) == ("known", "a crawl", "2026-01-02", "https://example.org")
    assert taken.evidence("o/0", "likes", 0, "").state == "absent"
    said = taken.evidence("o/3", "likes", 3, "")
    assert (said.source, said.as_of) == ("by hand", "2026-03-04")
    assert "lies after 2026-10-08, the day of this snapshot" in taken.evidence("o/3", "age_days", 0, "").note
    assert taken.evidence("o/1", "discussions", None, "").state == "unknown"


# Tables


def test_numbers_stay_whole_and_what_is_missing_stays_missing():
    table = records.frame(ROWS)
    assert list(table["id"]) == ["a/b", "模型/naïve"]
    assert table["likes"].tolist()[0] == 2**53 + 1  # a float would round it
    assert table["likes"].isna().tolist() == [False, True]
    assert (table["gated"].tolist()[0], table["gated"].isna().tolist()) == (False, [False, True])
    assert table["task"].tolist()[0] == ""
    assert "other" not in table.columns
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == {"id": "string", **DTYPES}


def test_what_does_not_fit_its_column_is_refused():
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError, OverflowError)):
        snapshot.facts_table([{"id": "a/b", "likes": "many"}])


def test_a_file_holds_what_was_written_and_is_the_same_every_time(tmp_path):
    table = snapshot.facts_table(ROWS)
    for name in ("one", "two"):
        write_parquet(table, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert read_parquet((tmp_path / "one").read_bytes()).equals(table)


@given(st.lists(facts(), max_size=6))
@settings(max_examples=25)
def test_a_scale_survives_its_table_to_the_last_bit(rows):
    measured = measure(MODEL, arrow(rows))
    before = scale(MODEL, measured, fit(MODEL, measured, "goalposts", ""))
    sink = pa.BufferOutputStream()
    pq.write_table(snapshot.scaled_table(before, MODEL), sink)
    after = snapshot.read_scaled(read_parquet(sink.getvalue().to_pybytes()), MODEL)
    for name in ("ids", "value", "low", "high", "applies", "caps"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name), err_msg=name)
        assert getattr(after, name).dtype == getattr(before, name).dtype
