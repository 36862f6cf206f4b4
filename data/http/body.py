"""The body of a reply: read within the deadline and a size, decompressed, and checked for being what was asked for."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from data.http.deadline import left
from data.http.message import Kind, Request, parse
from data.http.secrets import cut, redact

CHUNK = 65_536
GLIMPSE = 4_000
_DECOMPRESS_ANY = 47  # zlib's word for: gzip or deflate, whichever the first bytes say


class Bad(Exception):
    """What came is no answer: the kind of failure, and one sentence."""

    def __init__(self, kind: Kind, reason: str) -> None:
        self.kind, self.reason = kind, reason


def whole(answer: requests.Response, headers: Mapping[str, str], most: int) -> bytes:
    """Read and decompress a body; Bad for one that is larger than `most` bytes or breaks off."""
    coding = headers.get("content-encoding", "").strip()
    packed = coding.lower() not in ("", "identity")
    if packed and coding.lower() not in ("gzip", "x-gzip", "deflate"):
        raise Bad("damaged", f"The reply is compressed as {redact(coding)[:20]}, which was not asked for.")
    too_large = Bad("large", f"The reply is larger than {most / 1e6:,.0f} MB; it was cut off.")
    if _length(headers) > most:
        raise too_large
    unpack = _Unpacking() if packed else None
    body = bytearray()
    for chunk in answer.raw.stream(CHUNK, decode_content=False):
        left()
        body += unpack(chunk, most - len(body) + 1) if unpack else chunk
        if len(body) > most:
            raise too_large
    if unpack and not unpack.complete and (body or _length(headers)):
        raise Bad("damaged", "The reply is compressed and breaks off.")
    return bytes(body)


def glimpse(answer: requests.Response) -> bytes:
    """Read the beginning of an error; what it says is of use, but nothing depends on it."""
    try:
        return bytes(answer.raw.read(GLIMPSE, decode_content=True))
    except (HTTPError, HTTPException, OSError, ValueError):
        return b""


def words(body: bytes) -> str:
    """Return what a platform says of its refusal, if it says it in a JSON object, as the end of a sentence."""
    try:
        said = json.loads(body)
        text = next(said[key] for key in ("message", "error", "msg") if isinstance(said[key], str))
    except (ValueError, RecursionError, KeyError, TypeError, StopIteration):
        return ""
    plain = " ".join(cut(text).split()).rstrip(".")
    return f": it says “{plain[:100]}”" if plain else ""


def read(request: Request, status: int, headers: Mapping[str, str], body: bytes) -> Any:
    """Return the JSON of a body (None if text was asked for); Bad for one that is not what its status promises."""
    start = body.lstrip()[:15].lower()
    kind = headers.get("content-type", "").lower()
    # The Hub marks a file that comes out of a repository; whatever is in it is what was asked for.
    if request.text and "x-repo-commit" in headers and "text/html" not in kind:
        return None
    if not start:
        raise Bad("damaged", f"{request.host} sent an empty reply ({status}).")
    if "html" in kind or start.startswith((b"<!doctype html", b"<html")):
        raise Bad("damaged", f"{request.host} sent a web page instead of data ({status}).")
    if request.text and "application/json" in kind:
        raise Bad("damaged", f"{request.host} sent JSON instead of a text ({status}){words(body)}.")
    if not request.text:
        try:
            return parse(body)
        except ValueError:
            raise Bad("damaged", f"{request.host} sent JSON that breaks off or is none ({status}).") from None
    return None


class _Unpacking:
    """Decompresses piece by piece, also a body of several packed parts."""

    def __init__(self) -> None:
        self._part = zlib.decompressobj(_DECOMPRESS_ANY)

    def __call__(self, chunk: bytes, most: int) -> bytes:
        out = bytearray()
        try:
            while chunk and len(out) < most:
                if self._part.eof:
                    self._part = zlib.decompressobj(_DECOMPRESS_ANY)
                out += self._part.decompress(chunk, most - len(out))
                chunk = self._part.unused_data
        except zlib.error:
            raise Bad("damaged", "The reply says that it is compressed and is not, or is damaged.") from None
        return bytes(out)

    @property
    def complete(self) -> bool:
        return self._part.eof


def _length(headers: Mapping[str, str]) -> int:
    text = headers.get("content-length", "")
    return int(text) if text.isdigit() and len(text) < 16 else 0
