"""`snapshot list`, `verify` and `build` know the snapshots of models and of organisations."""

import os
import shutil

import pytest

from data import archive
from data.archive import BUNDLED
from tests import older
from tests.command import GOOD, jsonl, lines, ranking, refused, run
from tests.platforms.server import Files, Server
from tests.serving import free_port


@pytest.fixture
def few(tmp_path):
    """One snapshot of either kind."""
    for kind, taken in (("models", "2026-10-08"), ("organisations", "2024-12-13")):
        shutil.copytree(BUNDLED / kind / taken, tmp_path / kind / taken)
    return tmp_path


def within(folder, *words):
    done = run("snapshot", *words, WEIGHBRIDGE_SNAPSHOTS=str(folder))
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
    code, out, _ = within(few, "list")
    assert (code, "2024-12-13  organisations  damaged:" in out) == (1, True)


def test_what_lies_among_the_snapshots_and_is_none_is_named(few):
    (few / "models" / "2025-13-45").mkdir()
    (few / "models" / "loop").symlink_to("loop")
    os.mkfifo(few / "organisations" / "2025-01-14")
    named = ("models/2025-13-45", "models/loop", "organisations/2025-01-14")
    why = "is no snapshot: a snapshot is a folder named by a date. Rename it or move it elsewhere."
    wrong = [f"{few}/{one} {why}" for one in named]
    for command in ("list", "verify"):
        code, out, err = within(few, command)
        assert (code, out.count("\n"), err.splitlines()) == (1, 2, wrong)
    assert within(few, "verify", "2025-13-45") == (1, "", wrong[0] + "\n")
    assert within(few, "verify", "2026-10-08") == (0, "2026-10-08 of models is sound.\n", "")


def test_a_folder_of_snapshots_that_is_none_is_named(tmp_path):
    os.mkfifo(tmp_path / "models")
    code, _, err = within(tmp_path, "verify")
    assert (code, err.startswith(f"{tmp_path}/models is no snapshot: a folder of snapshots is a folder.")) == (1, True)


def test_no_such_snapshot(few):
    code, _, err = within(few, "verify", "2020-01-01")
    assert code == 2
    assert err.startswith("There is no snapshot 2020-01-01 in ")


def test_snapshots_at_an_address_are_fetched_and_then_there_without_it(few, tmp_path):
    archive.write_sums(few)
    with Server(Files(few)) as server:
        there = {"WEIGHBRIDGE_SNAPSHOTS": server.url, "XDG_CACHE_HOME": str(tmp_path / "caches")}
        assert ranking("--top", "1", **there)
        assert len(server.asked("manifest.json")) == 2
        server.log.clear()
        assert run("snapshot", "verify", **there).stdout.decode().count(" is sound.") == 2
        assert run("rank", "organisations", **there).returncode == 0
        assert server.log == []
        assert refused("snapshot", "build", "--from", few, **there) == (
            f"Nothing can be written to {server.url}; name a folder with --into."
        )


def test_an_address_that_does_not_answer_is_named_and_the_bundle_is_used(bundled, tmp_path):
    there = {"WEIGHBRIDGE_SNAPSHOTS": f"http://127.0.0.1:{free_port()}", "XDG_CACHE_HOME": str(tmp_path)}
    done = run("snapshot", "list", WEIGHBRIDGE_BACKOFF="0.01", **there)
    assert (done.returncode, done.stderr.decode().count("\n")) == (0, 1)
    assert done.stderr.decode().startswith(f"The snapshots at {there['WEIGHBRIDGE_SNAPSHOTS']} cannot be read: ")
    assert done.stdout.decode().startswith(bundled.taken)


def test_what_moved_between_two_snapshots(file, tmp_path):
    into = tmp_path / "own"
    for day, likes, other in (("2026-12-01", 10, "c/gone"), ("2026-12-08", 900, "c/new")):
        source = file(jsonl(GOOD | {"likes": likes}, GOOD | {"id": other}))
        assert run("snapshot", "build", "--from", source, "--into", into, "--as-of", day).returncode == 0
    there = {"WEIGHBRIDGE_SNAPSHOTS": str(into)}
    text = run("snapshot", "diff", **there).stdout.decode()
    assert text.startswith("# Models from 1 December 2026 to 8 December 2026\n\n1 new, 1 gone, 1 in both, 1 moved.\n")
    assert "\n- `c/new`\n" in text
    assert "| `a/b` | " in text
    (found,) = lines(run("snapshot", "diff", "2026-12-01", "2026-12-08", "--format", "json", **there))
    assert (found["new"], found["gone"], [move["id"] for move in found["moved"]]) == (["c/new"], ["c/gone"], ["a/b"])
    totals = {t["id"]: t["total"] for t in ranking("--snapshot", "2026-12-08", **there)}
    assert found["moved"][0]["total_now"] == pytest.approx(totals["a/b"])
    assert run("snapshot", "diff", "2026-12-01", **there).stdout.decode() == text
    for words in (("2026-12-01", "2026-12-01"), ("2026-12-08",), ("2020-01-01", "2026-12-08")):
        assert refused("snapshot", "diff", *words, **there).startswith(
            "A comparison needs two snapshots, both of models"
        )


def test_what_moved_between_two_months():
    done = run("snapshot", "diff", "2025-08-07", "2025-09-07")
    assert done.stdout.decode().startswith(
        "# Organisations from 7 August 2025 to 7 September 2025\n\n7 new, 0 gone, 25 in both,"
    )
    assert "| `ShanghaiAILab` | 0.3980 → 0.3763 | −0.0217 | 2 → 2 |" in done.stdout.decode()


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


def test_a_damaged_snapshot_is_named_and_the_newest_sound_one_used(bundled, tmp_path):
    home = tmp_path / "models"
    older.under("2026-11-01", shutil.copytree(bundled.folder, home / "2026-11-01"))
    shutil.copytree(bundled.folder, home / bundled.taken)
    path = home / "2026-11-01" / "facts.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    there = {"WEIGHBRIDGE_SNAPSHOTS": str(tmp_path)}
    damage = "Snapshot 2026-11-01 is damaged: facts.parquet is not what was written; restore the folder"
    for words in (
        ("rank", "models", "--top", "1", "--format", "csv"),
        ("explain", "BAAI/bge-m3", "--format", "csv"),
        ("score", "--id", "BAAI/bge-m3", "--format", "csv"),
    ):
        done = run(*words, **there)
        assert (done.returncode, done.stdout.count(b"\n")) == (0, 2)
        assert done.stderr.decode().startswith(damage)
        assert done.stderr.decode().endswith(f" The snapshot of {bundled.taken} is used instead.\n")
        assert refused(*words, "--snapshot", "2026-11-01", **there).startswith(damage)
    done = run("snapshot", "verify", **there)
    assert done.returncode == 1
    assert done.stdout.decode() == f"{bundled.taken} of models is sound.\n"
    assert done.stderr.decode().startswith("Snapshot 2026-11-01 is damaged")
    listed = run("snapshot", "list", **there).stdout.decode()
    assert "2026-11-01  models  damaged" in listed
    assert len(ranking("--snapshot", bundled.taken, "--top", "3", **there)) == 3


def test_a_damaged_month_is_left_out_unless_it_is_named(tmp_path):
    days = ("2025-07-07", "2025-08-07", "2025-09-07")
    for taken in days:
        shutil.copytree(BUNDLED / "organisations" / taken, tmp_path / "organisations" / taken)
    for taken in days[::2]:
        path = tmp_path / "organisations" / taken / "facts.parquet"
        path.write_bytes(path.read_bytes()[:-1])
    there = {"WEIGHBRIDGE_SNAPSHOTS": str(tmp_path)}
    for words in (
        ("rank", "organisations", "--format", "json"),
        ("explain", "--organisation", "Google", "--format", "json"),
    ):
        done = run(*words, **there)
        assert (done.returncode, {one["month"] for one in lines(done)}) == (0, {"2025-08-07"})
        named = [line for line in done.stderr.decode().splitlines() if line.endswith("The month is left out.")]
        assert [line.split()[1] for line in named] == ["2025-09-07", "2025-07-07"]
        assert refused(*words, "--month", "2025-09-07", **there).startswith("Snapshot 2025-09-07 is damaged: ")
    every = ("rank", "organisations", "--months", "--format", "json")
    done = run(*every, **there)
    assert (done.returncode, {one["month"] for one in lines(done)}) == (0, {"2025-08-07"})
    shutil.rmtree(tmp_path / "organisations" / "2025-08-07")
    assert run(*every, **there).stderr.decode().splitlines()[-1].startswith("Snapshot 2025-09-07 is damaged: ")


def test_without_a_snapshot_there_is_a_sentence(tmp_path):
    said = refused("rank", "models", WEIGHBRIDGE_SNAPSHOTS=str(tmp_path))
    assert said.startswith(f"There is no snapshot of models in {tmp_path}; build one with ")
