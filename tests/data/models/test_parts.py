"""A listing built on workers that are stopped and killed, by a driver that is: the hashes of a single process."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data.models.listing import Unreadable
from data.models.parts import build_listing
from tests.records import AS_OF

ROOT = Path(__file__).parents[3]
LISTING = ROOT / "tests" / "fixtures" / "hub_stats.parquet"
PARTS = 8


@pytest.fixture(scope="module")
def listing(tmp_path_factory):
    """A folder of eight files; a model that is last in one is in the next, too."""
    folder = tmp_path_factory.mktemp("listing")
    table = pq.read_table(LISTING).slice(0, 400)
    for n in range(PARTS):
        pq.write_table(table.slice(50 * n - (n > 0), 50), folder / f"{n}.parquet")
    return str(folder)


def hashes(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def until(there):
    deadline = time.monotonic() + 60
    while not (found := there()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


@contextmanager
def program(module, *arguments):
    line = [sys.executable, "-m", module, *map(str, arguments)]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            yield running
        finally:
            running.kill()


def test_whoever_is_killed_the_hashes_are_those_of_one_process(listing, tmp_path):
    alone, _ = build_listing(listing, AS_OF, tmp_path / "alone")
    address, into = tmp_path / "scheduler.json", tmp_path / "shared"
    worker = (
        "--scheduler-file",
        address,
        "--nthreads",
        1,
        "--no-nanny",
        "--no-dashboard",
        "--local-directory",
        tmp_path,
    )
    with ExitStack() as stack:
        stack.enter_context(
            program(
                "distributed.cli.dask_scheduler",
                "--scheduler-file",
                address,
                "--host",
                "127.0.0.1",
                "--port",
                0,
                "--no-dashboard",
            )
        )
        assert until(address.exists)
        dying, _ = (stack.enter_context(program("distributed.cli.dask_worker", *worker)) for _ in range(2))
        tcp = until(lambda: workers_of(address))
        dying.send_signal(signal.SIGSTOP)  # what it was given waits with it

        build = ("snapshot", "build", "--from", listing, "--into", into, "--as-of", AS_OF, "--scheduler", tcp)
        with program("cli", *build) as driver:
            finished = until(lambda: list((into / "models").glob(".parts-*/?????.parquet")))
            driver.kill()
        assert 0 < len(finished) < PARTS

        threading.Timer(1.0, dying.kill).start()
        calls = []
        built, _ = build_listing(listing, AS_OF, into, lambda *call: calls.append(call), scheduler=tcp)
    assert hashes(built) == hashes(alone)
    assert 0 < len([stage for stage, *_ in calls if stage == "Reading"]) < PARTS  # the others were there
    assert [path.name for path in built.parent.iterdir()] == [built.name]


@pytest.mark.parametrize("workers", [2, 8])
def test_any_number_of_workers_in_any_order_gives_the_same_hashes(listing, tmp_path, workers):
    from distributed import LocalCluster

    alone, _ = build_listing(listing, AS_OF, tmp_path / "alone")
    done = []
    here = {
        "processes": False,
        "host": "127.0.0.1",
        "protocol": "tcp://",
        "dashboard_address": None,
        "silence_logs": 50,
    }
    with LocalCluster(n_workers=workers, threads_per_worker=1, **here) as cluster:
        built, _ = build_listing(
            listing, AS_OF, tmp_path / "shared", lambda *call: done.append(call), scheduler=cluster.scheduler_address
        )
    assert hashes(built) == hashes(alone)
    assert len([stage for stage, *_ in done if stage == "Reading"]) == PARTS


def test_a_place_for_parts_that_nobody_can_write_to_is_named(listing, tmp_path):
    with pytest.raises(Unreadable, match="No parts can be written to nowhere://x: Protocol not known: nowhere"):
        build_listing(listing, AS_OF, tmp_path, parts="nowhere://x")


def workers_of(address):
    """The address of a scheduler that has both workers."""
    from distributed import Client

    with Client(scheduler_file=str(address), timeout="20s") as client:
        return len(client.scheduler_info()["workers"]) == 2 and client.scheduler.address


def test_a_full_disk_ends_the_build_and_leaves_what_was_finished(listing, tmp_path):
    limited = (
        "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000)); "
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); sys.argv = sys.argv[1:]; "
        "runpy.run_path('cli.py', run_name='__main__')"
    )
    line = [sys.executable, "-c", limited, "weighbridge", "snapshot", "build", "--from", listing, "--into", tmp_path]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=100, env=os.environ)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1, done.stderr
    assert "cannot be written: file too large." in done.stderr
    assert not list(tmp_path.glob("models/.parts-*/*"))
    assert not list(tmp_path.glob("models/2*"))
