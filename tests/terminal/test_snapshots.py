"""`snapshot list` and `verify` know the snapshots of models and of organisations."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from data.archive import BUNDLED
from tests import network

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def few(tmp_path):
    """One snapshot of either kind."""
    for kind, taken in (("models", "2026-10-08"), ("organisations", "2024-12-13")):
        shutil.copytree(BUNDLED / kind / taken, tmp_path / kind / taken)
    return tmp_path


def run(folder, *words):
    done = subprocess.run(
        [sys.executable, "-m", "cli", "snapshot", *words],
        cwd=ROOT,
        env=network.environment() | {"WEIGHBRIDGE_SNAPSHOTS": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


def test_both_kinds_are_listed_and_sound(few):
    code, out, _ = run(few, "list")
    assert code == 0
    assert "2026-10-08  models  1,811 models from" in out
    assert "2024-12-13  organisations  12 organisations, 2,967 repository rows from" in out
    assert run(few, "verify") == (0, "2026-10-08 of models is sound.\n2024-12-13 of organisations is sound.\n", "")
    assert run(few, "verify", "2024-12-13")[1] == "2024-12-13 of organisations is sound.\n"


def test_a_damaged_month_and_a_broken_seal_are_named(few):
    manifest = few / "organisations" / "2024-12-13" / "manifest.json"
    manifest.write_text(manifest.read_text().replace("MIT", "MIX"))
    code, out, err = run(few, "verify")
    assert (code, out) == (1, "2026-10-08 of models is sound.\n")
    assert err.startswith("Snapshot 2024-12-13 is damaged: manifest.json is not what was written;")
    assert "2024-12-13  organisations  damaged:" in run(few, "list")[1]


def test_no_such_snapshot(few):
    code, _, err = run(few, "verify", "2020-01-01")
    assert code == 2
    assert err.startswith("There is no snapshot 2020-01-01 in ")
