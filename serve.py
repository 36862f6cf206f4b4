"""The app as it is served: `streamlit run serve.py` is app.py behind a gate.

Streamlit lets every visitor empty the caches of all, leave files in the server's memory and ask for the state of its
git checkout, and answers an address that it cannot open with an empty page. Nothing here needs the first three; the
last gets a sentence. It also lets in whoever comes, until all wait for all: from MOST_VISITORS on the gate asks the
next one to wait. TLS, headers and further limits are the proxy's (deploy/Caddyfile).
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from html import escape
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from string import Template
from threading import Thread
from time import monotonic

import streamlit as st
from google.protobuf.message import DecodeError
from starlette.middleware import Middleware
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import Runtime
from uvicorn.protocols.http import h11_impl

import components
from components import files, stream
from components.pages import PAGES

ADDRESSES = {"" if page == "ranking" else page for page in PAGES}
# These pages have charts. Streamlit asks for the 5 MB of script that draw them when the first one arrives.
CHARTS = ("model", "compare", "organisations", "organisation")
SCRIPTS = [file.name for file in (Path(st.__file__).parent / "static/static/js").glob("PlotlyChart.*.js")]
EARLY = ", ".join(f"</static/js/{name}>; rel=modulepreload" for name in SCRIPTS).encode()
FILES = "media/"  # what a button gives to save; an evidence sheet is HTML too
UPLOADS = "/_stcore/upload_file/"
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")  # nobody's but the server's keeper's
LONGEST = 16_384  # bytes of a query string; every slider and pin in a link takes 3,000
MOST_KEYS = 1000  # Streamlit drops a query string with more, without a word
# What a browser may send. Not clear_cache, set_run_on_save, load_git_info, file_urls_request and debug_*.
MESSAGES = {"rerun_script", "stop_script", "app_heartbeat", "backend_operation_request"}
MOST_VISITORS = 50  # pages open at once; benchmarks/RESULTS.md has what they wait for on two cores
PROMISED = 10.0  # seconds for which a page that was sent keeps a place for its connection
RETRY = 15  # seconds until a page that waits asks again
LOOKS = Path(components.__file__).parent
WAITING = {f"/{name}": LOOKS / name for name in ("busy.js", "logo.svg")}  # what the page that waits is made of


class Gate:
    """ASGI middleware: refuses what no page needs, and who comes when it is full, with a sentence for whoever reads."""

    def __init__(self, app: ASGIApp, most: int = MOST_VISITORS) -> None:
        self._app, self._places = app, _Places(most)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a connection on, without the messages and requests that are refused."""
        if scope["type"] == "websocket":
            with self._places.taken(_returns(scope)) as place:
                if place:
                    await self._app(scope, _only_allowed(receive), send)
                else:
                    await send({"type": "websocket.close", "code": 1013})  # try again later
        elif scope["type"] == "http" and (refused := _refusal(scope) or self._busy(scope)):
            await refused(scope, receive, send)
        elif scope["type"] == "http":
            await self._app(scope, receive, _page(scope, receive, send))
        else:
            await self._app(scope, receive, send)

    def _busy(self, scope: Scope) -> Response | None:
        if file := WAITING.get(scope["path"]):
            return FileResponse(file)
        if scope["path"].strip("/") not in ADDRESSES or self._places.promised(keep=scope["method"] == "GET"):
            return None
        page = Template((LOOKS / "busy.html").read_text("utf-8")).substitute(most=self._places.most, retry=RETRY)
        return HTMLResponse(page, 503, {"Retry-After": str(RETRY), "Cache-Control": "no-store"})


class _Places:
    """Who is in: the open connections, and for a few seconds the pages that were sent and have not connected yet."""

    def __init__(self, most: int) -> None:
        self.most, self._in = most, 0
        self._promises: deque[float] = deque()  # when each ends

    def _free(self) -> bool:
        while self._promises and self._promises[0] < monotonic():
            self._promises.popleft()
        return self._in + len(self._promises) < self.most

    def promised(self, keep: bool) -> bool:
        """Whether there is room for a page; it is kept for the page's connection if asked."""
        free = self._free()
        if free and keep:
            self._promises.append(monotonic() + PROMISED)
        return free

    @contextmanager
    def taken(self, returns: bool) -> Iterator[bool]:
        """Give a connection its place until it ends; False when there is none. Who returns has one in any case."""
        free = self._free()
        if self._promises:
            self._promises.popleft()
        elif not free and not returns:
            yield False
            return
        self._in += 1
        try:
            yield True
        finally:
            self._in -= 1


def _returns(scope: Scope) -> bool:
    """Whether a connection is that of a session which lost its own, as one does on a train."""
    third = [one.strip() for one in scope.get("subprotocols", ())][2:3]
    return bool(third) and Runtime.exists() and Runtime.instance()._session_mgr.get_session_info(third[0]) is not None


def most_visitors() -> int:
    """Return how many may be in at once, from the environment; SystemExit names what is no number."""
    text = os.environ.get("WEIGHBRIDGE_MOST_VISITORS") or str(MOST_VISITORS)
    if not text.isdecimal() or not int(text):
        raise SystemExit(f"WEIGHBRIDGE_MOST_VISITORS is “{text}”; set it to a whole number from 1 on, or unset it.")
    return int(text)


def _refusal(scope: Scope) -> HTMLResponse | None:
    query = scope["query_string"]
    if scope["path"].startswith(UPLOADS):
        return _sentence(403, "This app takes no files.")
    if scope["path"].startswith(CLOSED):
        return _sentence(404, "This address is closed.")
    if len(query) > LONGEST:
        return _sentence(
            414, f"This link is too long: {len(query):,} bytes after the question mark, {LONGEST:,} are read."
        )
    if (keys := query.count(b"&") + 1) > MOST_KEYS:
        return _sentence(414, f"This link has {keys:,} keys; at most {MOST_KEYS:,} are read.")
    return None


def _page(scope: Scope, receive: Receive, send: Send) -> Send:
    """Streamlit answers any unknown path with its own page, which stays empty where the path is no page of the app.

    Where it is one with charts, the browser is sent for their script at once.
    """
    path, replaced = scope["path"].strip("/"), False

    async def passed(message: Message) -> None:
        nonlocal replaced
        if message["type"] == "http.response.start":
            kind = dict(message["headers"]).get(b"content-type", b"")
            page = message["status"] == 200 and kind.startswith(b"text/html") and not path.startswith(FILES)
            replaced = page and path not in ADDRESSES
            if page and path in CHARTS and EARLY:
                message = {**message, "headers": [*message["headers"], (b"link", EARLY)]}
            if replaced:
                await _sentence(404, f"There is no page at “/{path[:100]}”.")(scope, receive, send)
        if not replaced:
            await send(message)

    return passed


def _sentence(status: int, sentence: str) -> HTMLResponse:
    body = f'<p>{escape(sentence)} <a href="/">Open the ranking.</a>'
    return HTMLResponse(f'<!doctype html><html lang="en"><title>Weighbridge</title>{body}', status)


def _only_allowed(receive: Receive) -> Receive:
    async def received() -> Message:
        while True:
            message = await receive()
            if message["type"] != "websocket.receive" or _allowed(message.get("bytes") or b""):
                return message

    return received


def _allowed(payload: bytes) -> bool:
    try:
        return BackMsg.FromString(payload).WhichOneof("type") in MESSAGES
    except DecodeError:
        return False


# uvicorn answers a longer head than this with a bare 400 and ends the connection, on which a browser shows an error of
# its own; Streamlit has no setting for it. Up to here the gate's sentence answers. No higher: whoever never ends a head
# holds as much of the server's memory with each connection.
h11_impl.DEFAULT_MAX_INCOMPLETE_EVENT_SIZE = 262_144  # type: ignore[attr-defined]


@asynccontextmanager
async def ready(_: object) -> AsyncIterator[None]:
    """Load what the pages need while nobody waits, in a thread: the server answers at once."""

    def load() -> None:
        for piece in iter_modules(components.__path__, "components."):
            import_module(piece.name)
        import_module("components.session").prepare()

    Thread(target=load, daemon=True).start()
    with files.handed_out():
        yield


app = st.App(
    "app.py",
    lifespan=ready,
    routes=[files.route(), *stream.routes()],
    middleware=[Middleware(Gate, most=most_visitors())],
)
