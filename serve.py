"""The app as it is served: `streamlit run serve.py` is app.py behind a gate.

Streamlit lets every visitor empty the caches of all, leave files in the server's memory and ask for the state of its
git checkout, and answers an address that it cannot open with an empty page. Nothing here needs the first three; the
last gets a sentence. TLS, headers and further limits are the proxy's (deploy/Caddyfile).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import escape
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from threading import Thread

import streamlit as st
from google.protobuf.message import DecodeError
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from uvicorn.protocols.http import h11_impl

import components
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


class Gate:
    """ASGI middleware: refuses what no page needs, with a sentence where a person reads the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a connection on, without the messages and requests that are refused."""
        if scope["type"] == "websocket":
            await self._app(scope, _only_allowed(receive), send)
        elif scope["type"] == "http" and (refused := _refusal(scope)):
            await refused(scope, receive, send)
        elif scope["type"] == "http":
            await self._app(scope, receive, _page(scope, receive, send))
        else:
            await self._app(scope, receive, send)


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
# its own; Streamlit has no setting for it. Up to here the gate's sentence answers.
h11_impl.DEFAULT_MAX_INCOMPLETE_EVENT_SIZE = 262_144  # type: ignore[attr-defined]


@asynccontextmanager
async def ready(_: object) -> AsyncIterator[None]:
    """Load what the pages need while nobody waits, in a thread: the server answers at once."""

    def load() -> None:
        for piece in iter_modules(components.__path__, "components."):
            import_module(piece.name)
        import_module("components.session").prepare()

    Thread(target=load, daemon=True).start()
    yield


app = st.App("app.py", lifespan=ready, middleware=[Middleware(Gate)])
