"""What is too large for the messages of a page: a file under the name of its content, which a browser keeps.

The server hands it out where serve.py has put the route in place; `streamlit run app.py` has none.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

PATH: Final = "/files/"
_NAME = re.compile(r"[0-9a-f]{64}")
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Encoding": "gzip"}
_FOLDERS: Final[list[Path]] = []  # where they are, while a server hands them out


@contextmanager
def handed_out() -> Iterator[None]:
    """Let files be written for as long as this lasts, which is as long as the server with the route runs."""
    with TemporaryDirectory(prefix="weighbridge-") as folder:
        _FOLDERS.append(Path(folder))
        try:
            yield
        finally:
            _FOLDERS.remove(Path(folder))


def served() -> bool:
    """Say whether this server hands files out."""
    return bool(_FOLDERS)


def route() -> Route:
    """Return the route of the files."""
    return Route(PATH + "{name}", _answer)


def write(content: bytes) -> str:
    """Keep a content until the server ends or `remove` is called, and return its address."""
    name = sha256(content).hexdigest()
    whole, part = _FOLDERS[0] / name, _FOLDERS[0] / f"{name}.part"
    part.write_bytes(gzip.compress(content, 1, mtime=0))
    part.replace(whole)
    return PATH + name


def remove(address: str) -> None:
    """Delete what is at an address; whoever is fetching it still gets all of it."""
    for folder in _FOLDERS:
        (folder / address.removeprefix(PATH)).unlink(missing_ok=True)


async def _answer(request: Request) -> FileResponse:
    name = request.path_params["name"]
    if not _NAME.fullmatch(name) or not _FOLDERS or not (path := _FOLDERS[0] / name).is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type="application/octet-stream", headers=_FOR_GOOD)
