"""What is too large for the messages of a page: a file under the name of its content, which a browser keeps.

The server hands it out where serve.py has put the route in place; `streamlit run app.py` has none.
"""

from __future__ import annotations

import gzip
import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

PATH: Final = "/files/"
served: Final = Event()  # whether this server hands files out
_NAME = re.compile(r"[0-9a-f]{64}")
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Encoding": "gzip"}


def route() -> Route:
    """Return the route of the files; with it in place they may be written."""
    served.set()
    return Route(PATH + "{name}", _handed_out)


def write(content: bytes) -> str:
    """Keep a content until this server ends or `remove` is called, and return its address."""
    name = sha256(content).hexdigest()
    whole, part = _folder() / name, _folder() / f"{name}.part"
    part.write_bytes(gzip.compress(content, 1, mtime=0))
    part.replace(whole)
    return PATH + name


def remove(address: str) -> None:
    """Delete what is at an address; whoever is fetching it still gets all of it."""
    (_folder() / address.removeprefix(PATH)).unlink(missing_ok=True)


async def _handed_out(request: Request) -> FileResponse:
    name = request.path_params["name"]
    if not _NAME.fullmatch(name) or not (path := _folder() / name).is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type="application/octet-stream", headers=_FOR_GOOD)


@cache
def _held() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="weighbridge-")  # deleted when the server ends


def _folder() -> Path:
    return Path(_held().name)
