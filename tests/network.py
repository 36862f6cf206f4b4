"""The socket guard: tests talk to this machine alone, and so do the commands that they start."""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path
from typing import Any

GUARD = Path(__file__).parent / "guard"  # holds a sitecustomize.py that puts the guard into a child process


class Trespass(RuntimeError):
    """A test reached for another machine."""


def stay_home() -> None:
    """Refuse every connection that is neither to loopback nor to a Unix socket, and every look-up of a foreign name."""
    plain = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex", "sendto")}
    look_up = socket.getaddrinfo

    def guarded(name: str) -> Any:
        def call(self: socket.socket, *args: Any) -> Any:
            target = args[-1] if name == "sendto" else args[0]
            if self.family != socket.AF_UNIX and not _is_home(target[0]):
                raise Trespass(f"A test may not reach {target[0]}; serve what it needs on 127.0.0.1.")
            return plain[name](self, *args)

        return call

    def guarded_look_up(host: Any, *args: Any, **options: Any) -> Any:
        if host is not None and not _is_home(host):
            raise Trespass(f"A test may not look up {host}; serve what it needs on 127.0.0.1.")
        return look_up(host, *args, **options)

    for name in plain:
        setattr(socket.socket, name, guarded(name))
    socket.getaddrinfo = guarded_look_up


def environment(**more: str) -> dict[str, str]:
    """Return the environment for a command that a test starts: guarded, unaware of the caller's settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("WEIGHBRIDGE_", "STREAMLIT_", "HF_", "COLUMNS"))}
    paths = [str(GUARD), *filter(None, [kept.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(paths)} | more


def _is_home(host: Any) -> bool:
    text = host.decode() if isinstance(host, bytes) else str(host)
    if text in ("", "localhost", "0.0.0.0", "::", socket.gethostname()):
        return True
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False
