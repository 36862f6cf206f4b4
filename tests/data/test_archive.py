"""Folders of snapshots: a lock has one holder, what is killed leaves nothing, and no reader meets half a snapshot."""

import errno
import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from data.archive import BUNDLED, SUMS, SnapshotError, dates, last_change, locked, sums, withdraw, write_sums
from data.models import build, snapshot
from data.organisations import month
from scoring.scorecards import MODEL
from tests import network
from tests.records import AS_OF

ROOT = Path(__file__).parents[2]
SOME = [{"id": f"owner/model-{n}", "likes": n} for n in range(30)]


@pytest.fixture
def sound(snapshots):
    """The folder of a small sound snapshot; its name is the curated tables' day, the newest that its facts have."""
    return build.build(SOME, AS_OF, snapshots)


# Dates


def test_a_folder_that_is_named_by_no_date_of_the_calendar_is_none(tmp_path):
    for name in ("2025-13-45", "2025-02-29", "20250101", "2025-W01-1", "2024-02-29", "0000-00-00", "2025-01-01x"):
        (tmp_path / "models" / name).mkdir(parents=True)
    for name in ("2025-03-03", ".draft-1", ".aside-2025-03-05-1"):
        os.mkfifo(tmp_path / "models" / name)
    (tmp_path / "models" / "2025-03-04").symlink_to("nowhere")
    assert dates("models", tmp_path) == ["2024-02-29"]
    assert dates("organisations", tmp_path) == []


@pytest.mark.parametrize(("kind", "day"), [("models", "2026-10-09"), ("organisations", "2026-10-08")])
def test_a_folder_under_another_date_or_kind_is_refused(sound, tmp_path, kind, day):
    moved = tmp_path / "elsewhere" / kind / day
    shutil.copytree(sound, moved)
    read = {"models": snapshot.verify, "organisations": month.verify}[kind]
    with pytest.raises(SnapshotError, match=rf"^Snapshot {day} is damaged: [^\n]+ `weighbridge snapshot build`\.$"):
        read(moved)


def test_the_state_of_a_folder_changes_with_its_files_and_needs_none_of_them(sound):
    before = last_change(sound)
    (sound / "new").symlink_to("nowhere")
    assert last_change(sound) > before
    assert last_change(sound / "none") == 0


def test_the_sums_are_those_that_sha256sum_checks(sound, snapshots):
    shutil.copytree(BUNDLED / "organisations" / "2024-12-13", snapshots / "organisations" / "2024-12-13")
    write_sums(snapshots)
    assert (
        subprocess.run(["sha256sum", "--check", "--strict", SUMS], cwd=snapshots, capture_output=True).returncode == 0
    )
    assert list(sums(snapshots)) == [f"models/{sound.name}", "organisations/2024-12-13"]
    withdraw(sound)
    assert list(sums(snapshots)) == ["organisations/2024-12-13"]
    assert list(sound.parent.iterdir()) == []


def test_every_build_lists_its_snapshot(sound, snapshots):
    assert (snapshots / SUMS).read_text().endswith(f"  models/{sound.name}/manifest.json\n")


def test_the_sums_of_the_bundle_are_those_of_its_manifests():
    """After a snapshot was taken out by hand: `cd data/snapshots && sha256sum */*/manifest.json > SHA256SUMS`."""
    lines = [f"{sha}  {one}/manifest.json" for one, sha in sums(BUNDLED).items()]
    assert (BUNDLED / SUMS).read_text().splitlines() == lines


# Locks

HOLDER = """
import sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from data.archive import locked
with locked(Path(sys.argv[2])):
    print("held", flush=True)
    input()
"""


def free(folder):
    try:
        with locked(folder) as held:
            return held
    except BlockingIOError:
        return False


def test_a_lock_has_one_holder_also_within_a_process(tmp_path):
    with locked(tmp_path) as held:
        assert held
        assert not free(tmp_path)
    assert free(tmp_path)


def test_a_lock_moves_with_its_folder(tmp_path):
    (tmp_path / "one").mkdir()
    with locked(tmp_path / "one"):
        (tmp_path / "one").rename(tmp_path / "two")
        assert not free(tmp_path / "two")
        assert free(tmp_path)


def test_a_killed_process_holds_nothing(tmp_path):
    line = [sys.executable, "-c", HOLDER, str(ROOT), str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(line, stdin=pipe, stdout=pipe, text=True, env=network.environment()) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        assert not free(tmp_path)
        holder.kill()
        holder.wait()
        assert free(tmp_path)


def test_who_waits_gets_it_next(tmp_path):
    got = threading.Event()

    def wait():
        with locked(tmp_path, wait=True):
            got.set()

    with locked(tmp_path):
        waiting = threading.Thread(target=wait)
        waiting.start()
        assert not got.wait(0.2)
    waiting.join(10)
    assert got.is_set()


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError), locked(tmp_path / "none"):
        pass


# Writers


def left_over(home):
    return sorted(p.name for p in home.iterdir() if p.name.startswith("."))


def test_a_second_build_replaces_the_first_and_leaves_nothing(snapshots, sound):
    build.build(SOME[:3], AS_OF, snapshots)
    assert len(snapshot.load().facts) == 3
    assert left_over(sound.parent) == []


def test_a_build_that_fails_leaves_the_last_snapshot(snapshots, sound, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space left"):
        build.build(SOME[:3], AS_OF, snapshots)
    assert left_over(sound.parent) == []
    assert len(snapshot.load().facts) == len(SOME)


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
        "from data.archive import drafting, locked\n"
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
            assert len(snapshot.dates(snapshot.KIND)) == meanwhile
            assert left_over(sound.parent) == [begun]
        process.kill()
        process.wait()
        assert snapshot.dates(snapshot.KIND) == [sound.name]
        assert left_over(sound.parent) == []
    assert len(snapshot.load().facts) == len(SOME)


def test_another_writer_works_beside_one_that_is_at_it(snapshots, sound):
    with at_work(DRAFTING, snapshots) as (_, begun):
        build.build(SOME[:3], AS_OF, snapshots)
        assert left_over(sound.parent) == [begun]
    assert len(snapshot.load().facts) == 3
    assert left_over(sound.parent) == []


@pytest.mark.parametrize("number", [1, 2**22 + 1])  # in a container the app is always 1
def test_what_a_dead_writer_left_goes_whoever_has_its_number_now(sound, number):
    sound.rename(sound.with_name(f".aside-{sound.name}-{number}"))
    sound.with_name(f".draft-2027-01-01-{number}").mkdir()
    assert snapshot.dates(snapshot.KIND) == [sound.name]
    assert left_over(sound.parent) == []
    shutil.copytree(sound, sound.with_name(f".aside-{sound.name}-{number}"))
    assert snapshot.dates(snapshot.KIND) == [sound.name]
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
    assert snapshot.dates(snapshot.KIND) == [sound.name]
    assert left_over(sound.parent) == []


# Imports what a writer needs, then forks a writer for each line that it reads, and tells when that one is gone.
NURSERY = """
import os, sys
from datetime import date
from pathlib import Path
from typing import Any
sys.path.insert(0, sys.argv[1])
import sklearn.preprocessing  # imported now, not by each of its children
from data.models import build
for line in sys.stdin:
    rows = [{"id": f"o/m{n}", "likes": n, "tags": ["license:mit"] * 3} for n in range(int(line))]
    child = os.fork()
    if not child:
        while True:
            build.build(rows, date(2026, 10, 8), Path(sys.argv[2]))
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
        assert snapshot.dates(snapshot.KIND) == [sound.name]  # this call tidies up
        assert left_over(sound.parent) == []
        found = snapshot.load()
        assert len(found.facts) in (len(SOME), 40)
        assert len(found.scaled(MODEL).value) == len(found.facts)
    build.build(SOME, AS_OF, snapshots)
    assert len(snapshot.load().facts) == len(SOME)
    assert left_over(sound.parent) == []


def test_two_writers_and_a_reader_at_once_never_meet_half_a_snapshot(sound, nursery):
    kills = [nursery(40)(), nursery(50)()]
    seen: set[int] = set()
    start = time.monotonic()
    # Two seconds at least; on a busy machine until each writer has had its turn.
    while time.monotonic() < start + 2 or (not {40, 50} <= seen and time.monotonic() < start + 60):
        try:
            found = snapshot.load()
        except snapshot.SnapshotError:
            continue  # it was replaced while it was read: refused, not believed
        assert len(found.facts) == found.manifest["rows"] == len(found.scaled(MODEL).value)
        seen.add(len(found.facts))
    for kill in kills:
        kill()
    assert {40, 50} <= seen <= {len(SOME), 40, 50}
    assert snapshot.verify(snapshot.load().folder)["rows"] in (40, 50)
    assert left_over(sound.parent) == []


def test_threads_may_read_at_once(bundled):
    found = []
    threads = [threading.Thread(target=lambda: found.append(snapshot.load().taken)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [bundled.taken] * 4
