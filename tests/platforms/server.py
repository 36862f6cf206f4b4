"""A real HTTP server on 127.0.0.1 that plays a platform, keeps a log of what it was asked, and can misbehave.

An app is a function from Request to Answer. A fault is a function that gets the open connection instead.
"""

import gzip
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    def one(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[-1]

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"null")


@dataclass(frozen=True)
class Answer:
    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def raw(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def without(request: Request, name: str) -> Request:
    """The same request without a parameter."""
    return replace(request, query={key: value for key, value in request.query.items() if key != name})


App = Callable[[Request], Answer]
Fault = Callable[["Handler", Request, App], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Server"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, parts.path, parse_qs(parts.query, keep_blank_values=True), headers, body)
        with self.server.lock:
            self.server.log.append(request)
            fault = next((f for match, f in self.server.faults if match(request)), None)
        if fault:
            fault(self, request, self.server.app)
        else:
            self.give(self.server.app(request))

    do_POST = do_PUT = do_HEAD = do_GET

    def give(self, answer: Answer) -> None:
        raw = answer.raw
        packed = len(raw) > 500 and "gzip" in self.headers.get("Accept-Encoding", "")
        raw = gzip.compress(raw, 1) if packed else raw
        self.head(
            answer.status,
            {"Content-Type": "application/json"}
            | ({"Content-Encoding": "gzip"} if packed else {})
            | {"Content-Length": str(len(raw))}
            | dict(answer.headers),
        )
        self.wfile.write(b"" if self.command == "HEAD" else raw)

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, app: App, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.app, self.lock = app, threading.Lock()
        self.log: list[Request] = []
        self.faults: list[tuple[Callable[[Request], bool], Fault]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def break_on(self, part: str, fault: Fault, times: int = 10**9) -> None:
        """Misbehave on every request whose path or query holds `part`, the first `times` times."""
        left = [times]

        def match(request: Request) -> bool:
            hit = part in request.path or any(part in v for vs in request.query.values() for v in vs)
            left[0] -= hit
            return hit and left[0] >= 0

        self.faults.append((match, fault))

    def asked(self, part: str) -> list[Request]:
        with self.lock:
            return [r for r in self.log if part in r.path]

    def __enter__(self) -> "Server":
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: object) -> None:
        pass


class Files:
    """A folder as a web server shows it, and as the Hub shows the folder of/us of its data set o/scores."""

    COMMIT = "0123456789abcdef0123456789abcdef01234567"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, request: Request) -> Answer:
        if request.path == "/api/datasets/o/scores/revision/main":
            return Answer({"id": "o/scores", "sha": self.COMMIT})
        path = request.path.removeprefix(f"/datasets/o/scores/resolve/{self.COMMIT}/of/us").strip("/")
        file = self.folder / path
        return Answer(file.read_bytes()) if file.is_file() else Answer({"error": "no"}, 404)


@contextmanager
def serving(monkeypatch: Any, apps: Mapping[str, App]) -> Iterator[dict[str, Server]]:
    """Serve each app, its address under a variable of the environment."""
    with ExitStack() as stack:
        servers = {variable: stack.enter_context(Server(app)) for variable, app in apps.items()}
        for variable, server in servers.items():
            monkeypatch.setenv(variable, server.url)
        yield servers


def status(number: int, body: Any = None, **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def fault(handler: Handler, request: Request, app: App) -> None:
        handler.give(Answer({"error": "no"} if body is None else body, number, named))

    return fault


def body(raw: bytes, **headers: str) -> Fault:
    """A 200 with these bytes as they are."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def fault(handler: Handler, request: Request, app: App) -> None:
        handler.head(200, {"Content-Type": "application/json", "Content-Length": str(len(raw))} | named)
        handler.wfile.write(b"" if handler.command == "HEAD" else raw)

    return fault


def reset(handler: Handler, request: Request, app: App) -> None:
    """Break the connection off in the middle of the body."""
    raw = app(request).raw
    handler.head(200, {"Content-Type": "application/json", "Content-Length": str(len(raw) + 10)})
    handler.wfile.write(raw[: len(raw) // 2])
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def hang_up(handler: Handler, request: Request, app: App) -> None:
    """Close without a word."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def slow(every: float, head: bool = False) -> Fault:
    """Send a byte every so many seconds; with `head` the status line and headers too."""

    def fault(handler: Handler, request: Request, app: App) -> None:
        raw = app(request).raw
        start = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n".encode()
        if not head:
            handler.wfile.write(start)
        try:
            for byte in (start if head else b"") + raw:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                time.sleep(every)
        except OSError:
            handler.close_connection = True

    return fault


def cut_gzip(handler: Handler, request: Request, app: App) -> None:
    raw = gzip.compress(app(request).raw)[:-12]
    handler.head(200, {"Content-Encoding": "gzip", "Content-Length": str(len(raw))})
    handler.wfile.write(raw)


def cut_json(handler: Handler, request: Request, app: App) -> None:
    raw = app(request).raw
    body(raw[: max(1, len(raw) * 2 // 3)])(handler, request, app)


HTML = body(b"<!DOCTYPE html><html><body>Sign in</body></html>", Content_Type="text/html")
EMPTY = body(b"")


@cache
def _bomb() -> bytes:
    return gzip.compress(b"[" + b" " * 100_000_000 + b"]", 6)


def huge(packed: bool = False) -> Fault:
    """A body of 100 MB, or 100 kB that unpack to as much."""
    if packed:
        _bomb()

    def fault(handler: Handler, request: Request, app: App) -> None:
        try:
            if packed:
                body(_bomb(), Content_Encoding="gzip")(handler, request, app)
                return
            handler.head(200, {"Content-Type": "application/json", "Transfer-Encoding": "chunked"})
            for _ in range(1600):
                handler.wfile.write(b"10000\r\n" + b" " * 65536 + b"\r\n")
            handler.wfile.write(b"0\r\n\r\n")
        except OSError:
            handler.close_connection = True

    return fault


def circle(handler: Handler, request: Request, app: App) -> None:
    """Redirect for ever, each time a little further."""
    hops = int(request.one("hop", "0")) + 1
    handler.give(Answer(b"", 302, {"Location": f"{request.path}?hop={hops}"}))


def elsewhere(url: str) -> Fault:
    """Redirect to another host."""

    def fault(handler: Handler, request: Request, app: App) -> None:
        handler.give(Answer(b"", 302, {"Location": url + request.path}))

    return fault
