"""`weighbridge snapshot build` of many models: in little memory, with a line that moves, over at once with Ctrl-C."""

import gzip
import json
import os
import pty
import re
import signal
import subprocess
import time

import pytest

from tests.platforms.command import ROOT, command, run
from tests.platforms.hub import Hub
from tests.platforms.server import Server

SAYS_ITS_PEAK = (
    "import re, runpy, sys; sys.argv = sys.argv[1:]\n"
    "try: runpy.run_path(sys.argv[0], run_name='__main__')\n"
    "finally: print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"
)


@pytest.fixture(scope="module")
def server():
    with Server(Hub(models=6000, owners=500)) as running:
        yield running


@pytest.fixture(scope="module")
def collected(server, tmp_path_factory):
    """Six thousand models in one run, two thousand in another."""
    runs = tmp_path_factory.mktemp("runs")
    for models in (2000, 6000):
        asked = ("collect", "huggingface", "--with", "none", "--top", models, "--run", runs / str(models))
        assert run(server, *asked, WEIGHBRIDGE_DEADLINE="30").returncode == 0
    return runs


def test_memory_hardly_grows_with_the_number_of_models(server, collected, tmp_path):
    peaks = []
    for models in (2000, 6000):
        line, env = command(server, "snapshot", "build", "--from", collected / str(models), "--into", tmp_path)
        line = [line[0], "-c", SAYS_ITS_PEAK, *line[1:]]
        done = subprocess.run(line, env=env, cwd=ROOT, capture_output=True, text=True, timeout=100)
        assert f"{models:,} records" in done.stdout, done.stderr
        peaks.append(int(done.stdout.split()[-1]))
    assert peaks[1] < 350_000
    assert peaks[1] - peaks[0] < 25_000


@pytest.mark.parametrize("times", [1, 3])
def test_ctrl_c_leaves_nothing_behind(server, collected, tmp_path, times):
    small = tmp_path / "small.jsonl"
    small.write_text('{"id": "a/b", "likes": 3}\n')
    day = ("--as-of", "2026-12-31")
    assert run(server, "snapshot", "build", "--from", small, "--into", tmp_path / "into", *day).returncode == 0
    (folder,) = (tmp_path / "into" / "models").iterdir()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    line, env = command(server, "snapshot", "build", "--from", collected / "6000", "--into", tmp_path / "into")
    for n in range(times):
        with subprocess.Popen(line, env=env, cwd=ROOT, stderr=subprocess.PIPE, text=True) as job:
            deadline = time.monotonic() + 60
            while job.poll() is None and time.monotonic() < deadline and not list(folder.parent.glob(".draft-*/*")):
                time.sleep(0.005)
            time.sleep(0.4 * n)
            job.send_signal(signal.SIGINT)
            _, said = job.communicate(timeout=60)
        assert (job.returncode, said) == (130, "Stopped.\n")
        assert list(folder.parent.iterdir()) == [folder]
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_terminal_sees_how_far_it_is_and_a_pipe_nothing(server, collected, tmp_path):
    line, env = command(server, "snapshot", "build", "--from", collected / "2000", "--into", tmp_path)
    master, terminal = pty.openpty()
    with subprocess.Popen(line, env=env | {"TERM": "xterm"}, cwd=ROOT, stdout=subprocess.PIPE, stderr=terminal) as job:
        os.close(terminal)
        seen = b""
        try:
            while piece := os.read(master, 65536):
                seen += piece
        except OSError:  # the other end is closed
            pass
        assert job.communicate()[0].startswith(b"Snapshot ")
    os.close(master)
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen.decode())
    assert "Reading" in shown
    assert re.search(r"Writing.*\d+/2000", shown)
    piped = run(server, "snapshot", "build", "--from", collected / "2000", "--into", tmp_path)
    assert (piped.returncode, piped.stderr) == (0, "")


def test_a_file_of_records_is_built_as_it_is_read(server, tmp_path):
    lines = [json.dumps({"id": f"o/m{n}", "likes": n}) for n in range(300)]
    path = tmp_path / "records.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join([*lines, "no JSON", lines[0]]).encode()))
    done = run(server, "snapshot", "build", "--from", path, "--into", tmp_path / "into")
    assert done.returncode == 1
    assert "301 records" in done.stdout
    assert done.stderr.startswith("Line 301 is not valid JSON")
    path.write_bytes(path.read_bytes()[:-200])
    cut = run(server, "snapshot", "build", "--from", path, "--into", tmp_path / "into")
    assert cut.returncode == 1
    assert "breaks off after " in cut.stderr
    path.write_bytes(b"nothing of use\n")
    refused = run(server, "snapshot", "build", "--from", path, "--into", tmp_path / "other")
    assert refused.returncode == 2
    assert not (tmp_path / "other").exists()
