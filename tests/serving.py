"""Real servers on this machine: the app as `make run` starts it, and whatever answers over HTTP."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests import network

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60  # seconds for a server to answer on a busy machine
UNVERIFIED = ssl.create_default_context()
UNVERIFIED.check_hostname, UNVERIFIED.verify_mode = False, ssl.CERT_NONE  # a test's own certificate


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@contextmanager
def app(log: Path, **environment: str) -> Iterator[str]:
    """Run the app on a free port for a while and give its address; AssertionError with its log when it fails."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "serve.py", "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
    with answering(command, f"http://127.0.0.1:{port}", log, network.environment(**environment)) as address:
        yield address


@contextmanager
def answering(
    command: Sequence[str], address: str, log: Path, environment: Mapping[str, str], healthy: str = "/_stcore/health"
) -> Iterator[str]:
    """Run a server until the block ends, from when it answers at `healthy`."""
    with log.open("wb") as out:
        run = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        _wait_for(address + healthy, run, log)
        yield address
    finally:
        run.terminate()
        run.wait(timeout=20)


def _wait_for(address: str, run: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert run.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=2, context=UNVERIFIED):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} did not answer within {PATIENCE} seconds.\n{log.read_text()}")
