"""`weighbridge collect` killed, resumed and refreshed; with a token that must be found nowhere; in little memory."""

import gzip
import json
import random
import signal
import sqlite3
import subprocess
import time
import zlib
from contextlib import closing
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.platforms import server as bad
from tests.platforms.command import ROOT, command, run
from tests.platforms.hub import Hub
from tests.platforms.server import Server


@pytest.fixture
def server():
    with Server(Hub(models=12, owners=3, page=5)) as running:
        yield running


def calls(server, since=0):
    return [r.path + "?" + str(sorted(r.query.items())) for r in server.log[since:]]


def finished(folder, server):
    """Every call of the server's log whose answer the run has on disk."""
    if not (folder / "replies.sqlite").is_file():
        return set()
    with closing(sqlite3.connect(folder / "replies.sqlite")) as file:
        kept = {urlsplit(url) for (url,) in file.execute("SELECT url FROM replies")}
    return {f"{u.path}?{sorted(parse_qs(u.query, keep_blank_values=True).items())}" for u in kept} & set(calls(server))


def test_an_interrupted_run_goes_on_without_repeating_a_finished_call(server, tmp_path):
    once = run(server, "collect", "huggingface", "--run", tmp_path / "whole")
    assert once.returncode == 0
    whole = calls(server)
    rng = random.Random(4)
    for attempt in range(2):
        server.log.clear()
        folder = tmp_path / f"run{attempt}"
        line, env = command(server, "collect", "huggingface", "--run", folder, "--jobs", "2")
        server.break_on("/discussions", slowly)
        kills, done = 0, set[str]()
        while True:
            asked = len(server.log)
            with subprocess.Popen(line, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as job:
                deadline = time.monotonic() + 60
                stop_at = asked + rng.randint(3, 25)
                while job.poll() is None and len(server.log) < stop_at and time.monotonic() < deadline:
                    time.sleep(0.002)
                interrupted = job.poll() is None
                if interrupted:
                    job.send_signal(signal.SIGKILL if kills % 2 == 0 else signal.SIGINT)
                    kills += 1
            assert set(calls(server, asked)) & done == set()
            done = finished(folder, server)
            if not interrupted:
                break
        assert kills > 0
        assert job.returncode == 0
        assert set(calls(server)) == set(whole) == done
        assert sorted(p.name for p in folder.iterdir()) == ["replies.sqlite"]
        server.faults.clear()


def slowly(handler, request, app):
    time.sleep(0.01)
    handler.give(app(request))


def test_a_new_run_asks_only_for_what_is_stale(server, tmp_path):
    assert run(server, "collect", "huggingface", "--run", tmp_path).returncode == 0
    first = len(server.log)
    assert run(server, "collect", "huggingface", "--run", tmp_path).returncode == 0
    again = [r.path for r in server.log[first:]]
    assert set(again) == {"/api/models"}
    server.app.changes["org-1/model-1"] = {"sha": "f" * 40, "likes": 777}
    second = len(server.log)
    done = run(server, "collect", "huggingface", "--run", tmp_path, "--format", "json")
    changed = [r.path for r in server.log[second:] if r.path not in ("/api/models", "/api/spaces")]
    assert sorted(changed) == ["/api/models/org-1/model-1/scan", "/org-1/model-1/resolve/main/README.md"]
    assert {json.loads(line)["likes"] for line in done.stdout.splitlines()} >= {777}


def test_what_failed_is_asked_again_and_only_that(server, tmp_path):
    server.break_on("org-0/model-3/scan", bad.status(502))
    assert run(server, "collect", "huggingface", "--run", tmp_path).returncode == 1
    server.faults.clear()
    before = len(server.log)
    done = run(server, "collect", "huggingface", "--run", tmp_path)
    assert done.returncode == 0
    assert [r.path for r in server.log[before:]] == ["/api/models/org-0/model-3/scan"]


def test_resume_needs_nothing_but_the_folder(server, tmp_path):
    server.break_on("org-0/model-3/scan", bad.status(502))
    assert run(server, "collect", "huggingface", "--author", "org-0", "--run", tmp_path).returncode == 1
    server.faults.clear()
    done = run(server, "collect", "huggingface", "--resume", "--run", tmp_path)
    assert done.returncode == 0
    assert "4 done" in done.stderr
    nothing = run(server, "collect", "huggingface", "--resume", "--run", tmp_path / "empty")
    assert nothing.returncode == 2


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_a_snapshot_of_a_stopped_collection_says_that_it_is_no_whole(server, tmp_path, snapshots, end):
    server.break_on("5", slowly_by_a_second)  # the second page of the listing
    line, env = command(server, "collect", "huggingface", "--run", tmp_path / "run")
    with subprocess.Popen(line, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as job:
        while not server.asked("/overview"):
            time.sleep(0.005)
        job.send_signal(end)
        _, said = job.communicate()
    assert job.returncode == (130 if end is signal.SIGINT else -9)
    assert ("Stopped." in said) is (end is signal.SIGINT)
    built = run(server, "snapshot", "build", "--from", tmp_path / "run", WEIGHBRIDGE_SNAPSHOTS=str(snapshots))
    assert built.returncode == 1
    assert "was stopped before its end" in built.stderr
    server.faults.clear()
    assert run(server, "collect", "huggingface", "--run", tmp_path / "run").returncode == 0
    built = run(server, "snapshot", "build", "--from", tmp_path / "run", WEIGHBRIDGE_SNAPSHOTS=str(snapshots))
    assert (built.returncode, built.stderr) == (0, "")
    assert "12 records" in built.stdout


def slowly_by_a_second(handler, request, app):
    time.sleep(1)
    handler.give(app(request))


def test_a_snapshot_survives_a_killed_build(server, tmp_path, snapshots):
    run(server, "collect", "huggingface", "--run", tmp_path / "run")
    run(server, "snapshot", "build", "--from", tmp_path / "run", WEIGHBRIDGE_SNAPSHOTS=str(snapshots))
    (folder,) = (snapshots / "models").iterdir()
    good = {p.name: p.read_bytes() for p in folder.iterdir()}
    line, env = command(server, "snapshot", "build", "--from", tmp_path / "run", WEIGHBRIDGE_SNAPSHOTS=str(snapshots))
    for wait in (0.9, 1.2):
        with subprocess.Popen(line, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as job:
            time.sleep(wait)
            job.kill()
        assert run(server, "snapshot", "verify", WEIGHBRIDGE_SNAPSHOTS=str(snapshots)).returncode == 0
        assert [p.name for p in (snapshots / "models").iterdir()] == [folder.name]
        assert {p.name: p.read_bytes() for p in folder.iterdir()} == good


def test_memory_stays_flat(tmp_path):
    """Six thousand models take no more memory than one thousand: a listing streams."""
    peaks = []
    for models in (1000, 6000):
        with Server(Hub(models=models)) as server:
            code = (
                "import re, runpy, sys; sys.argv = sys.argv[1:]\n"
                "try: runpy.run_path(sys.argv[0], run_name='__main__')\n"
                "finally: print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"
            )
            line, env = command(server, "collect", "huggingface", "--with", "none", "--run", tmp_path / str(models))
            line = [line[0], "-c", code, *line[1:]]
            done = subprocess.run(line, env=env, cwd=ROOT, capture_output=True, text=True, timeout=100)
            peaks.append(int(done.stdout.split()[-1]))
    assert peaks[1] < 300_000
    assert peaks[1] - peaks[0] < 40_000


def test_a_token_is_sent_and_left_nowhere(server, tmp_path, snapshots):
    canary = "hf_CANARY" + "x7" * 12

    def echo(handler, request, app):
        handler.give(bad.Answer({"sent": dict(request.headers), "error": canary}, 403, {"X-Echo": canary}))

    def echo_readme(handler, request, app):
        text = f"# Model\n\nhttps://github.com/org/{canary} {canary}".encode()
        handler.give(bad.Answer(text, 200, {"Content-Type": "text/plain"}))

    server.break_on("/scan", echo)
    server.break_on("/resolve/", echo_readme)
    server.break_on("org-1/overview", bad.status(302, Location=f"http://x.invalid/{canary}?access_token={canary}"))
    done = run(server, "collect", "huggingface", "--run", tmp_path / "run", "--format", "json", HF_TOKEN=canary)
    assert done.returncode == 1
    assert all(r.headers["authorization"] == f"Bearer {canary}" for r in server.log)
    built = run(
        server, "snapshot", "build", "--from", tmp_path / "run", HF_TOKEN=canary, WEIGHBRIDGE_SNAPSHOTS=str(snapshots)
    )
    live = run(server, "score", "--id", "org-1/model-1", HF_TOKEN=canary)
    for text in (done.stdout, done.stderr, built.stdout, built.stderr, live.stdout, live.stderr):
        assert "CANARY" not in text
    for path in (p for p in tmp_path.rglob("*") if p.is_file()):
        raw = path.read_bytes()
        assert b"CANARY" not in (gzip.decompress(raw) if path.suffix == ".gz" else raw), path
    with sqlite3.connect(tmp_path / "run" / "replies.sqlite") as file:
        kept = [zlib.decompress(body) for (body,) in file.execute("SELECT body FROM replies")]
    assert any(b"[removed]" in body for body in kept)
    assert not any(b"CANARY" in body for body in kept)
