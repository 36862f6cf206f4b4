"""What every test stands on: the socket guard, the bundled snapshot, and how hard hypothesis searches."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import expect, sync_playwright

from data.models import records, snapshot
from tests import network, programs
from tests.serving import PATIENCE

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


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium."""
    expect.set_options(timeout=PATIENCE * 1000)
    program = programs.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=programs.FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium):
    """Open fresh visitors: each has a browser profile of its own that may use the clipboard."""
    contexts = []

    def arrive(address, **options):
        context = chromium.new_context(viewport={"width": 1400, "height": 1000}, **options)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        tab = context.new_page()
        tab.problems = []
        tab.on("pageerror", lambda error: tab.problems.append(str(error)))
        tab.on("requestfailed", lambda request: tab.problems.append(request.url))
        tab.goto(address)
        return tab

    yield arrive
    for context in contexts:
        context.close()
