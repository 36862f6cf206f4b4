"""Run the command line against a server that plays the platforms."""

import os
import subprocess
import sys
from pathlib import Path

from tests import network
from tests.platforms.server import Server

ROOT = Path(__file__).resolve().parents[2]
QUICK = {"WEIGHBRIDGE_DEADLINE": "0.6", "WEIGHBRIDGE_BACKOFF": "0.02", "WEIGHBRIDGE_MAX_WAIT": "1.2"}


def command(server: Server, *arguments: object, **environment: str) -> tuple[list[str], dict[str, str]]:
    """The command line for a collection from a server, and its environment."""
    env = network.environment(PYTHONPATH=f"{network.GUARD}{os.pathsep}{ROOT}")
    env = {k: v for k, v in env.items() if "TOKEN" not in k} | {"HF_ENDPOINT": server.url, **QUICK, **environment}
    return [sys.executable, str(ROOT / "weighbridge.py"), *map(str, arguments)], env


def run(server: Server, *arguments: object, text: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    line, env = command(server, *arguments, **environment)
    done = subprocess.run(line, env=env, cwd=ROOT, capture_output=True, text=True, input=text, timeout=100)
    assert "Traceback" not in done.stderr + done.stdout
    return done
