"""A lock is one holder's at a time, in one process or in two, and is free when its process is killed."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from data.locks import locked
from tests import network

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from data.locks import locked
with locked(Path(sys.argv[2])):
    print("held", flush=True)
    input()
"""


def free(folder):
    try:
        with locked(folder) as held:
            return held
    except BlockingIOError:
        return False


def test_a_lock_has_one_holder_also_within_a_process(tmp_path):
    with locked(tmp_path) as held:
        assert held
        assert not free(tmp_path)
    assert free(tmp_path)


def test_a_lock_moves_with_its_folder(tmp_path):
    (tmp_path / "one").mkdir()
    with locked(tmp_path / "one"):
        (tmp_path / "one").rename(tmp_path / "two")
        assert not free(tmp_path / "two")
        assert free(tmp_path)


def test_a_killed_process_holds_nothing(tmp_path):
    line = [sys.executable, "-c", HOLDER, str(ROOT), str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(line, stdin=pipe, stdout=pipe, text=True, env=network.environment()) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        assert not free(tmp_path)
        holder.kill()
        holder.wait()
        assert free(tmp_path)


def test_who_waits_gets_it_next(tmp_path):
    got = threading.Event()

    def wait():
        with locked(tmp_path, wait=True):
            got.set()

    with locked(tmp_path):
        waiting = threading.Thread(target=wait)
        waiting.start()
        assert not got.wait(0.2)
    waiting.join(10)
    assert got.is_set()


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(FileNotFoundError), locked(tmp_path / "none"):
        pass
