"""`snapshot list`, `verify` and `build` know the snapshots of models and of organisations."""

import shutil

import pytest

from data.archive import BUNDLED
from tests import older
from tests.command import GOOD, jsonl, process, ranking, refused, run


@pytest.fixture
def few(tmp_path):
    """One snapshot of either kind."""
    for kind, taken in (("models", "2026-10-08"), ("organisations", "2024-12-13")):
        shutil.copytree(BUNDLED / kind / taken, tmp_path / kind / taken)
    return tmp_path


def within(folder, *words):
    done = process("snapshot", *words, WEIGHBRIDGE_SNAPSHOTS=str(folder))
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_both_kinds_are_listed_and_sound(few):
    code, out, _ = within(few, "list")
    assert code == 0
    assert "2026-10-08  models  5,728 models from" in out
    assert "2024-12-13  organisations  12 organisations, 2,967 repository rows from" in out
    assert within(few, "verify") == (0, "2026-10-08 of models is sound.\n2024-12-13 of organisations is sound.\n", "")
    assert within(few, "verify", "2024-12-13")[1] == "2024-12-13 of organisations is sound.\n"


def test_a_damaged_month_and_a_broken_seal_are_named(few):
    manifest = few / "organisations" / "2024-12-13" / "manifest.json"
    manifest.write_text(manifest.read_text().replace("MIT", "MIX"))
    code, out, err = within(few, "verify")
    assert (code, out) == (1, "2026-10-08 of models is sound.\n")
    assert err.startswith("Snapshot 2024-12-13 is damaged: manifest.json is not what was written;")
    assert "2024-12-13  organisations  damaged:" in within(few, "list")[1]


def test_no_such_snapshot(few):
    code, _, err = within(few, "verify", "2020-01-01")
    assert code == 2
    assert err.startswith("There is no snapshot 2020-01-01 in ")


# The snapshots of models in the bundle, and of one's own


def test_the_snapshots_are_listed_and_verified(bundled):
    assert run("snapshot", "list").stdout.decode().startswith(f"{bundled.taken}  models  5,728 models from ")
    done = run("snapshot", "verify")
    assert done.returncode == 0
    assert done.stdout.decode().splitlines()[0] == f"{bundled.taken} of models is sound."
    assert run("snapshot", "verify", bundled.taken).returncode == 0
    assert refused("snapshot", "verify", "2020-01-01").startswith("There is no snapshot 2020-01-01 in ")


def test_a_snapshot_is_built_and_then_used(file, tmp_path):
    path, into = file(jsonl(GOOD, {"id": "c/d"}) + b"oops\n"), tmp_path / "own [/bold]"
    done = run("snapshot", "build", "--from", path, "--into", into, "--as-of", "2026-11-01")
    assert done.returncode == 1
    assert done.stderr.decode().startswith("Line 3 is not valid JSON")
    assert done.stdout.decode() == f"Snapshot 2026-11-01: 2 records from {path}, in {into}/models/2026-11-01.\n"
    assert [t["id"] for t in ranking(WEIGHBRIDGE_SNAPSHOTS=str(into))] == ["a/b", "c/d"]
    assert refused("snapshot", "build", "--from", tmp_path / "none", "--into", into).endswith("no such file or folder.")
    sound = file(jsonl(GOOD), "sound.jsonl")
    assert refused("snapshot", "build", "--from", sound, "--into", sound).endswith(
        "cannot be written: not a directory."
    )
    assert refused("snapshot", "build", "--from", path, "--as-of", "soon", "--into", into).startswith(
        "--as-of soon is no"
    )


def test_a_damaged_snapshot_is_refused_with_its_name_and_what_to_do(bundled, tmp_path):
    home = tmp_path / "models"
    older.under("2026-11-01", shutil.copytree(bundled.folder, home / "2026-11-01"))
    shutil.copytree(bundled.folder, home / bundled.taken)
    path = home / "2026-11-01" / "facts.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    there = {"WEIGHBRIDGE_SNAPSHOTS": str(tmp_path)}
    said = refused("rank", "models", by=process, **there)
    assert said.startswith("Snapshot 2026-11-01 is damaged: facts.parquet is not what was written; restore the folder")
    done = run("snapshot", "verify", **there)
    assert done.returncode == 1
    assert done.stdout.decode() == f"{bundled.taken} of models is sound.\n"
    assert done.stderr.decode().startswith("Snapshot 2026-11-01 is damaged")
    listed = run("snapshot", "list", **there).stdout.decode()
    assert "2026-11-01  models  damaged" in listed
    assert len(ranking("--snapshot", bundled.taken, "--top", "3", **there)) == 3


def test_without_a_snapshot_there_is_a_sentence(tmp_path):
    said = refused("rank", "models", WEIGHBRIDGE_SNAPSHOTS=str(tmp_path))
    assert said.startswith(f"There is no snapshot of models in {tmp_path}; build one with ")
