"""The programs of others that the tests and the pictures drive: found on this machine, else installed by `make`.

`python -m tests.programs chromium` (or caddy) installs Debian's, as root or with sudo, where there is none; where that
cannot be, Playwright brings a Chromium of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


class Missing(Exception):
    """A program is not there; the message says in a sentence what to do."""


def chromium() -> str:
    """Return the path of Chromium or Chrome: $CHROMIUM, else on the PATH, else Playwright's own. Raises Missing."""
    if given := os.environ.get("CHROMIUM"):
        if path := shutil.which(given):
            return path
        raise Missing(f"CHROMIUM is {given}, which is no program; set it to the path of Chromium, or unset it.")
    if path := next(filter(None, map(shutil.which, CHROMIUM)), None):
        return path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if Path(own).is_file():
        return own
    raise Missing("There is no Chromium here: install it, or set CHROMIUM to the path of a Chromium or Chrome.")


def caddy() -> str:
    """Return the path of the proxy on the PATH. Raises Missing."""
    if path := shutil.which("caddy"):
        return path
    raise Missing("There is no Caddy here: install it (on Debian and Ubuntu, as root: apt-get install caddy).")


def install(name: str, find: Callable[[], str]) -> str:
    """Return the path of a program, installed where it is not there yet. Raises Missing when it cannot be."""
    try:
        return find()
    except Missing:
        if os.environ.get(name.upper()):  # whoever names one wants no other
            raise
        if not _from_debian(name) and name == "chromium":
            _runs([sys.executable, "-m", "playwright", "install", "chromium"])
        return find()


def _from_debian(package: str) -> bool:
    as_root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"]
    return _runs([*apt, "update"]) and _runs([*apt, "install", "--yes", "--no-install-recommends", package])


def _runs(command: list[str]) -> bool:
    """Whether a command is there and succeeds; whatever it prints goes to standard error."""
    return bool(shutil.which(command[0])) and subprocess.run(command, stdout=sys.stderr).returncode == 0


if __name__ == "__main__":
    try:
        install(sys.argv[1], {"chromium": chromium, "caddy": caddy}[sys.argv[1]])
    except Missing as missing:
        sys.exit(str(missing))
