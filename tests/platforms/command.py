"""Run the command line against a server that plays the platforms."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import command as inside
from tests import network
from tests.platforms.server import Server

ROOT = Path(__file__).resolve().parents[2]
QUICK = {"WEIGHBRIDGE_DEADLINE": "0.6", "WEIGHBRIDGE_BACKOFF": "0.02", "WEIGHBRIDGE_MAX_WAIT": "1.2"}


def command(server: Server, *arguments: object, **environment: str) -> tuple[list[str], dict[str, str]]:
    """The command line for a collection from a server, and its environment, for a process that is to be watched."""
    env = network.environment(PYTHONPATH=f"{network.GUARD}{os.pathsep}{ROOT}")
    env = {k: v for k, v in env.items() if "TOKEN" not in k} | {"HF_ENDPOINT": server.url, **QUICK, **environment}
    return [sys.executable, str(ROOT / "weighbridge.py"), *map(str, arguments)], env


def run(server: Server, *arguments: object, text: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command inside this process, in the environment that one of its own would have."""
    _, env = command(server, **environment)
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - env.keys():
            patch.delenv(name)
        done = inside.run(*arguments, stdin=text.encode(), **env)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
