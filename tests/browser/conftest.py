"""A real server on a free port and a real Chromium: what a visitor has."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests import network

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds for a server to answer on a busy machine
FLAGS = ("--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking").split()
QUIET = ("--disable-component-update --disable-sync").split()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of the app, started cold as `make run` starts it; stopped at the end."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log.txt"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
    with log.open("wb") as out:
        run = subprocess.Popen(command, cwd=ROOT, env=network.environment(), stdout=out, stderr=subprocess.STDOUT)
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health", run, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        run.terminate()
        run.wait(timeout=20)


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium."""
    where = shutil.which("chromium") or shutil.which("chromium-browser")
    expect.set_options(timeout=PATIENCE * 1000)
    assert where, "The browser tests need chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=[*FLAGS, *QUIET])
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


def _wait_for(address, run, log):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert run.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"The app did not answer within {PATIENCE} seconds.\n{log.read_text()}")
