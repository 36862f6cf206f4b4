"""A total deadline for one try, which neither requests nor huggingface_hub's client has.

Their timeouts are for one read: a server that sends a byte a second never meets them, neither in its headers nor in
its body. Here every read of a connection may take what is left of the calling thread's deadline and no more. Only the
look-up of a host name is left to the system's resolver and its own limits.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class _Clock(threading.local):
    ends = float("inf")


_CLOCK = _Clock()


class TooSlow(TimeoutError):
    """The deadline of this try is over."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Hold every read of this thread's connections to a total; TooSlow when it is over."""
    _CLOCK.ends = time.monotonic() + seconds
    try:
        yield
    finally:
        _CLOCK.ends = float("inf")


def left() -> float:
    """Return the seconds left to this thread; TooSlow when there are none."""
    seconds = _CLOCK.ends - time.monotonic()
    if seconds <= 0:
        raise TooSlow
    return min(seconds, 86_400)


class _Socket(socket.socket):
    def recv_into(self, *args: Any, **named: Any) -> int:
        self.settimeout(left())
        return super().recv_into(*args, **named)


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self._dns_host, self.port or self.default_port)


class _Secure(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self._dns_host, self.port or self.default_port)

    def connect(self) -> None:
        super().connect()
        # The handshake has a total limit of its own; from here on each read of the TLS socket gets the rest.
        setattr(self.sock, "recv_into", partial(_receive, self.sock, self.sock.recv_into))  # noqa: B010


def _connect(host: str, port: int) -> socket.socket:
    """Connect to the first address that answers; each gets an equal part of what is left."""
    addresses = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    wrong: OSError = OSError("the host has no address")
    for n, (family, kind, protocol, _, address) in enumerate(addresses):
        sock = _Socket(family, kind, protocol)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(left() / (len(addresses) - n))
            sock.connect(address)
            sock.settimeout(left())
        except OSError as failure:
            sock.close()
            wrong = failure
        else:
            return sock
    raise wrong


def _receive(sock: Any, read: Any, *args: Any, **named: Any) -> int:
    sock.settimeout(left())
    return int(read(*args, **named))


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class Adapter(HTTPAdapter):
    """requests' adapter over connections that keep the deadline, also through a proxy."""

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        """Use our pools."""
        super().init_poolmanager(*args, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        """Use our pools behind a proxy."""
        manager = super().proxy_manager_for(proxy, **named)
        manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
        return manager
