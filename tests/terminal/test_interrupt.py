"""Ctrl-C stops long work in a process that was started with SIGINT ignored, and is ignored again after it."""

import signal
import subprocess
import sys

import pytest

from terminal.interrupt import interruptible
from tests import network

WORK = """
import os, signal, sys
from terminal.interrupt import interruptible

def strike():
    os.kill(os.getpid(), signal.SIGINT)

strike()  # ignored, as the parent left it
try:
    with interruptible():
        strike()
        print("went on")
except KeyboardInterrupt:
    print("stopped")
strike()
print("ignored again")
"""


def test_a_child_with_the_signal_ignored_is_stopped_within_the_block_alone():
    command = f'trap "" INT; exec {sys.executable} -c "$0"'
    ended = subprocess.run(["sh", "-c", command, WORK], env=network.environment(), capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "stopped\nignored again\n", "")


@pytest.mark.parametrize("before", [signal.SIG_IGN, signal.SIG_DFL, signal.default_int_handler])
def test_the_handler_from_before_is_put_back(before):
    original = signal.signal(signal.SIGINT, before)
    try:
        with interruptible():
            assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        assert signal.getsignal(signal.SIGINT) is before
    finally:
        signal.signal(signal.SIGINT, original)


def test_it_decorates_a_function():
    @interruptible()
    def work(a, *, b):
        return a, b, signal.getsignal(signal.SIGINT)

    assert work(1, b=2) == (1, 2, signal.default_int_handler)
