"""Snapshots on disk: what is damaged is refused by name, what is killed leaves nothing, what is sound stays."""

import errno
import fcntl
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from data.archive import SCHEMA, _sealed, _sha256, read_parquet
from data.models import build, columns, snapshot
from scoring.engine import score
from scoring.scorecards import MODEL
from tests import network, older
from tests.records import AS_OF

ROOT = Path(__file__).parents[3]
REMEDY = "restore the folder from the repository or build it again with `weighbridge snapshot build`."
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
        snapshot.load(build.KIND, folder.name)
    said = str(wrong.value)
    assert said.startswith(f"Snapshot {folder.name} ")
    assert said.endswith(REMEDY)
    assert "\n" not in said
    return said


def test_a_fact_that_an_older_version_did_not_know_is_unknown(sound):
    older.without(sound, "likes", "hub_scan")
    taken = snapshot.load(build.KIND)
    assert dict(taken.facts.dtypes.astype(str)).items() >= build.DTYPES.items()
    assert taken.facts[["likes", "hub_scan"]].isna().all(axis=None)
    scores = score(MODEL, taken.facts, taken.yardstick(MODEL))
    assert len(scores) == len(SOME)
    assert np.array_equal(taken.scaled(MODEL).value, scores.scaled.value, equal_nan=True)


def test_what_was_written_is_read_back(sound):
    taken = snapshot.load(build.KIND)
    assert (taken.kind, taken.taken, taken.folder) == ("models", sound.name, sound)
    assert list(taken.facts["id"]) == sorted(r["id"] for r in SOME)
    assert taken.position["owner/model-3"] == sorted(r["id"] for r in SOME).index("owner/model-3")
    assert snapshot.dates(build.KIND) == [sound.name]
    assert sorted(p.name for p in sound.iterdir()) == [
        *("evidence.parquet", "facts.parquet", "manifest.json", "records.jsonl.gz", "scaled.parquet", "yardstick.json")
    ]


def test_the_stored_scale_is_read_to_the_last_bit_and_another_card_is_computed(sound):
    taken = snapshot.load(build.KIND)
    stored = taken.scaled(MODEL)
    table = read_parquet((sound / "scaled.parquet").read_bytes())
    fresh = columns.to_scaled(columns.from_scaled(stored, MODEL), MODEL)
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
    for schema in (SCHEMA + 1, "1", None):
        (sound / "manifest.json").write_text(json.dumps(manifest | {"schema": schema}))
        assert f"has format {schema}, this version reads {SCHEMA}" in refused(sound)


def test_a_manifest_that_somebody_edited_is_refused(sound):
    manifest = json.loads((sound / "manifest.json").read_text())
    changes: list[dict[str, Any]] = [{"rows": 31}, {"sha256": {}}, {"default_source": {"source": "me"}}, {"x": 1}]
    for change in changes:
        (sound / "manifest.json").write_text(json.dumps(manifest | change, indent=1, sort_keys=True) + "\n")
        assert "manifest.json is not what was written" in refused(sound)


def test_a_name_in_a_manifest_leads_nowhere_else(sound, tmp_path):
    (tmp_path / "outside").write_text("x")
    manifest = json.loads((sound / "manifest.json").read_text())
    manifest["sha256"]["../../../outside"] = _sha256(b"x")
    (sound / "manifest.json").write_text(_sealed(manifest))
    assert "outside is missing" in refused(sound)


def test_page_checksums_are_written(sound):
    """Should a manifest be forged, the pages still carry their own sums."""
    whole = (sound / "facts.parquet").read_bytes()
    place = whole.index(b"\x28\xb5\x2f\xfd") + 12  # inside the first zstd frame: the first page's data
    with pytest.raises((OSError, pa.ArrowException)):
        read_parquet(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])


# Which one is loaded


def copies(sound, *days):
    for day in days:
        shutil.copytree(sound, sound.with_name(day))


def test_the_newest_is_loaded_and_a_date_picks_another(sound):
    copies(sound, "2026-11-01", "2025-01-01")
    assert snapshot.dates(build.KIND) == ["2025-01-01", sound.name, "2026-11-01"]
    assert snapshot.load(build.KIND).taken == "2026-11-01"
    assert snapshot.load(build.KIND, "2025-01-01").taken == "2025-01-01"


def test_a_damaged_newest_falls_back_to_the_newest_sound_one_and_says_so(sound):
    copies(sound, "2026-11-01", "2026-12-01", "2025-01-01")
    (sound.with_name("2026-12-01") / "facts.parquet").write_bytes(b"PAR1")
    (sound.with_name("2026-11-01") / "scaled.parquet").unlink()
    taken, note = snapshot.load_newest_sound(build.KIND)
    assert taken.taken == sound.name
    assert "Snapshot 2026-12-01 is damaged: facts.parquet is not what was written" in note
    assert "Snapshot 2026-11-01 is damaged: scaled.parquet is missing" in note
    with pytest.raises(snapshot.SnapshotError, match="2026-12-01"):
        snapshot.load(build.KIND)


def test_without_a_sound_one_all_are_named(sound):
    copies(sound, "2025-01-01")
    for folder in sound.parent.iterdir():
        (folder / "manifest.json").unlink()
    with pytest.raises(snapshot.SnapshotError, match=rf"Snapshot {sound.name} has no .* Snapshot 2025-01-01 has no "):
        snapshot.load_newest_sound(build.KIND)


def test_what_is_not_there_is_said(snapshots, sound):
    with pytest.raises(
        snapshot.SnapshotError, match=f"no snapshot 2020-02-02 of models; the snapshots are {sound.name}"
    ):
        snapshot.load(build.KIND, "2020-02-02")
    with pytest.raises(snapshot.SnapshotError, match=r"no snapshot \.\./\.\./etc of models"):
        snapshot.load(build.KIND, "../../etc")
    with pytest.raises(
        snapshot.SnapshotError, match=r"no snapshot of organisations in .*; build one with `weighbridge"
    ):
        snapshot.load("organisations")


def test_a_folder_that_is_named_by_no_date_is_no_snapshot(sound):
    for name in ("backup", "2026-10-08 copy", "20261008", ".hidden"):
        shutil.copytree(sound, sound.with_name(name))
    (sound.with_name("2026-12-31")).write_text("a file")
    assert snapshot.dates(build.KIND) == [sound.name]


def test_the_bundle_is_sound(bundled):
    assert snapshot.verify(bundled.folder)["rows"] == 1811
    assert snapshot.load_newest_sound(build.KIND)[1] == ""


# Writers


def left_over(home):
    return sorted(p.name for p in home.iterdir() if p.name.startswith("."))


def test_a_second_build_replaces_the_first_and_leaves_nothing(snapshots, sound):
    build.build(SOME[:3], AS_OF, snapshots)
    assert len(snapshot.load(build.KIND).facts) == 3
    assert left_over(sound.parent) == []


def test_a_build_that_fails_leaves_the_last_snapshot(snapshots, sound, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space left"):
        build.build(SOME[:3], AS_OF, snapshots)
    assert left_over(sound.parent) == []
    assert len(snapshot.load(build.KIND).facts) == len(SOME)


# A writer that says what it has begun, then waits to be killed.
DRAFTING = """
with drafting("models", root) as draft:
    (draft / "facts.parquet").write_bytes(b"half of it")
    print(draft.name, flush=True)
    input()
"""
MOVING = """
with locked(root / "models"):
    snapshot = next(root.glob("models/2*"))
    print(snapshot.rename(snapshot.with_name(f".aside-{snapshot.name}-1")).name, flush=True)
    input()
"""


@contextmanager
def at_work(doing, snapshots):
    """A process that is amid its work: give its id and the folder that it has begun."""
    begin = (
        "import sys; sys.path.insert(0, sys.argv[1])\nfrom pathlib import Path\nroot = Path(sys.argv[2])\n"
        "from data.folder import drafting\nfrom data.locks import locked\n"
    )
    line = [sys.executable, "-c", begin + doing, str(ROOT), str(snapshots)]
    pipe = subprocess.PIPE
    with subprocess.Popen(line, stdin=pipe, stdout=pipe, text=True, env=network.environment()) as process:
        assert process.stdout
        yield process, process.stdout.readline().strip()
        process.kill()


@pytest.mark.parametrize(("doing", "meanwhile"), [(DRAFTING, 1), (MOVING, 0)])
def test_what_a_writer_is_at_is_left_alone_until_it_is_killed(snapshots, sound, doing, meanwhile):
    with at_work(doing, snapshots) as (process, begun):
        for _ in range(3):
            assert len(snapshot.dates(build.KIND)) == meanwhile
            assert left_over(sound.parent) == [begun]
        process.kill()
        process.wait()
        assert snapshot.dates(build.KIND) == [sound.name]
        assert left_over(sound.parent) == []
    assert len(snapshot.load(build.KIND).facts) == len(SOME)


def test_another_writer_works_beside_one_that_is_at_it(snapshots, sound):
    with at_work(DRAFTING, snapshots) as (_, begun):
        build.build(SOME[:3], AS_OF, snapshots)
        assert left_over(sound.parent) == [begun]
    assert len(snapshot.load(build.KIND).facts) == 3
    assert left_over(sound.parent) == []


@pytest.mark.parametrize("number", [1, 2**22 + 1])  # in a container the app is always 1
def test_what_a_dead_writer_left_goes_whoever_has_its_number_now(sound, number):
    sound.rename(sound.with_name(f".aside-{sound.name}-{number}"))
    sound.with_name(f".draft-2027-01-01-{number}").mkdir()
    assert snapshot.dates(build.KIND) == [sound.name]
    assert left_over(sound.parent) == []
    shutil.copytree(sound, sound.with_name(f".aside-{sound.name}-{number}"))
    assert snapshot.dates(build.KIND) == [sound.name]
    assert left_over(sound.parent) == []


def test_where_there_are_no_locks_a_draft_is_left_alone_for_a_day(snapshots, sound, monkeypatch):
    def no_locks(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    sound.with_name(".draft-1").mkdir()
    shutil.copytree(sound, sound.with_name(f".aside-{sound.name}-1"))
    build.build(SOME[:3], AS_OF, snapshots)
    assert left_over(sound.parent) == [f".aside-{sound.name}-1", ".draft-1"]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 25 * 3600)
    assert snapshot.dates(build.KIND) == [sound.name]
    assert left_over(sound.parent) == []


# Imports what a writer needs, then forks a writer for each line that it reads, and tells when that one is gone.
NURSERY = """
import os, sys
from datetime import date
from pathlib import Path
from typing import Any
sys.path.insert(0, sys.argv[1])
import sklearn.preprocessing
from data import records
for line in sys.stdin:
    rows = [{"id": f"o/m{n}", "likes": n, "tags": ["license:mit"] * 3} for n in range(int(line))]
    child = os.fork()
    if not child:
        while True:
            records.build(rows, date(2026, 10, 8), Path(sys.argv[2]))
    print(child, flush=True)
    os.waitpid(child, 0)
    print("gone", flush=True)
"""


@pytest.fixture
def nursery(snapshots):
    """Start a process that forks writers: call the fixture with a number of rows for the id of one that has begun."""
    started = []

    def begin(count):
        process = subprocess.Popen(
            [sys.executable, "-c", NURSERY, str(ROOT), str(snapshots)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=network.environment(),
        )
        assert process.stdin
        assert process.stdout
        orders, reports = process.stdin, process.stdout
        started.append(process)

        def fork():
            orders.write(f"{count}\n")
            orders.flush()
            child = int(reports.readline())

            def kill():
                os.kill(child, signal.SIGKILL)
                reports.readline()

            return kill

        return fork

    yield begin
    for process in started:
        process.communicate(timeout=60)


def test_a_writer_killed_at_any_moment_damages_nothing_and_leaves_nothing(snapshots, sound, nursery):
    rng = random.Random(9)
    fork = nursery(40)
    for _ in range(30):
        kill = fork()
        time.sleep(rng.uniform(0.01, 0.3))
        kill()
        assert snapshot.dates(build.KIND) == [sound.name]  # this call tidies up
        assert left_over(sound.parent) == []
        found = snapshot.load(build.KIND)
        assert len(found.facts) in (len(SOME), 40)
        assert len(found.scaled(MODEL).value) == len(found.facts)
    build.build(SOME, AS_OF, snapshots)
    assert len(snapshot.load(build.KIND).facts) == len(SOME)
    assert left_over(sound.parent) == []


def test_two_writers_and_a_reader_at_once_never_meet_half_a_snapshot(sound, nursery):
    kills = [nursery(40)(), nursery(50)()]
    seen: set[int] = set()
    start = time.monotonic()
    # Two seconds at least; on a busy machine until each writer has had its turn.
    while time.monotonic() < start + 2 or (not {40, 50} <= seen and time.monotonic() < start + 60):
        try:
            found = snapshot.load(build.KIND)
        except snapshot.SnapshotError:
            continue  # it was replaced while it was read: refused, not believed
        assert len(found.facts) == found.manifest["rows"] == len(found.scaled(MODEL).value)
        seen.add(len(found.facts))
    for kill in kills:
        kill()
    assert {40, 50} <= seen <= {len(SOME), 40, 50}
    assert snapshot.verify(snapshot.load(build.KIND).folder)["rows"] in (40, 50)
    assert left_over(sound.parent) == []


def test_threads_may_read_at_once(bundled):
    found = []
    threads = [threading.Thread(target=lambda: found.append(snapshot.load(build.KIND).taken)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [bundled.taken] * 4


def test_evidence_tells_the_usual_source_from_an_exception(snapshots):
    usual = {
        "likes": ["a crawl", "2026-01-02"],
        "gated": ["a crawl", "2026-01-02"],
        "createdAt": ["a crawl", "2026-01-02"],
    }
    rows = [
        {"id": f"o/{n}", "likes": n, "gated": False, "createdAt": "2025-01-01", "_provenance": usual} for n in range(4)
    ]
    rows[3] = rows[3] | {"createdAt": "2026-02-01", "_provenance": usual | {"likes": ["by hand", "2026-03-04"]}}
    build.build(rows, date(2026, 5, 6), snapshots)
    taken = snapshot.load(build.KIND)
    assert taken.manifest["default_source"] == {"source": "a crawl", "as_of": "2026-01-02"}
    said = taken.evidence("o/1", "likes", 1, "https://example.org")
    assert (said.state, said.source, said.as_of, said.url) == ("known", "a crawl", "2026-01-02", "https://example.org")
    assert taken.evidence("o/0", "likes", 0, "").state == "absent"
    said = taken.evidence("o/3", "likes", 3, "")
    assert (said.source, said.as_of) == ("by hand", "2026-03-04")
    assert "lies after the day" in taken.evidence("o/3", "age_days", 0, "").note
    assert taken.evidence("o/1", "discussions", None, "").state == "unknown"
