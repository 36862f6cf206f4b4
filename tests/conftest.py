"""What every test stands on: the socket guard, the bundled snapshot, and how hard hypothesis searches."""

import os
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import expect, sync_playwright
from streamlit.components.v2 import manifest_scanner

from data.models import records, snapshot
from tests import network, programs
from tests.serving import PATIENCE

os.environ.pop("WEIGHBRIDGE_SNAPSHOTS", None)
network.stay_home()

# Each AppTest looks through every installed package for components, which takes longer than the page: look only once.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

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


@pytest.fixture(scope="session")
def profiles(chromium):
    """Emptied browser profiles by their options: a browser keeps the scripts that it has fetched and compiled."""
    return defaultdict(list)


@pytest.fixture
def visitor(chromium, profiles):
    """Open new visitors: each has a browser profile without cookies or storage that may use the clipboard."""
    seats = []

    def arrive(address, **options):
        free = profiles[tuple(options.items())]
        context = free.pop() if free else chromium.new_context(viewport={"width": 1400, "height": 1000}, **options)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(PATIENCE * 1000)
        seats.append((context, free))
        tab = context.new_page()
        tab.problems = []
        tab.on("pageerror", lambda error: tab.problems.append(str(error)))
        tab.on("requestfailed", lambda request: tab.problems.append(request.url))
        tab.goto(address)
        return tab

    yield arrive
    for context, free in seats:
        for tab in context.pages:
            everything = {"origin": "*", "storageTypes": "all"}
            context.new_cdp_session(tab).send("Storage.clearDataForOrigin", everything)
            tab.close()
        free.append(context)
