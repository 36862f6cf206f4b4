"""What every test stands on: the socket guard, the bundled snapshot, and how hard hypothesis searches."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from data.models import records, snapshot
from tests import network

os.environ.pop("WEIGHBRIDGE_SNAPSHOTS", None)
network.stay_home()

# A fresh clone must not fail by chance: the same examples every time. HYPOTHESIS_PROFILE=search looks for new ones.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
settings.register_profile("same", _PATIENT, derandomize=True, max_examples=100, database=None)
settings.register_profile("search", _PATIENT, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="session")
def bundled() -> snapshot.Snapshot:
    """The newest snapshot that comes with the project, verified."""
    return snapshot.load(within=snapshot.BUNDLED)


@pytest.fixture(scope="session")
def bundled_records(bundled):
    """The records that the bundled snapshot is read from, without any README text. Not to be changed by a test."""
    lines = list(records.parse(records.read_lines(bundled.folder / "records.jsonl.gz")))
    assert not [line for line in lines if isinstance(line, records.Malformed)]
    return lines


@pytest.fixture
def snapshots(tmp_path, monkeypatch) -> Path:
    """An empty folder of snapshots, in place of the bundled one."""
    folder = tmp_path / "snapshots"
    folder.mkdir()
    monkeypatch.setenv("WEIGHBRIDGE_SNAPSHOTS", str(folder))
    return folder
