"""The models of the fixtures, as a snapshot in place of the bundled one."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from data.models import build

MODELS = Path(__file__).parents[2] / "fixtures" / "models.jsonl"


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    into = tmp_path_factory.mktemp("built")
    build.build(map(json.loads, MODELS.read_text().splitlines()), date(2026, 10, 8), into=into)
    return into


@pytest.fixture
def taken(snapshots, built):
    shutil.copytree(built, snapshots, dirs_exist_ok=True)
    return snapshots / "models" / "2026-10-08"
