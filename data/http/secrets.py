"""Tokens come from the environment, go into one header, and are cut out of everything that is kept or shown.

A response may repeat what it was sent, an error may quote an address; so every text from outside passes `redact`. It
knows a token by the name of its variable, whichever platform it is for.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterable
from typing import Any, overload
from urllib.parse import quote, quote_plus

SUFFIXES = ("_TOKEN", "_API_KEY")  # of the environment variables that hold tokens
REMOVED = "[removed]"
_PATTERNS = (
    rb"hf_[A-Za-z0-9]{16,}",
    rb"gh[pousr]_[A-Za-z0-9]{16,}",
    rb"github_pat_[A-Za-z0-9_]{16,}",
    rb"(?i:(?<=access_token=)|(?<=private_token=)|(?<=private-token=)|(?<=api_key=))[^\s&\"'<>#\\]{4,}",
    rb"(?i:(?<=bearer )|(?<=authorization: token )|(?<=private-token: )|(?<=x-api-key: ))[A-Za-z0-9._~+/=-]{8,}",
)
_PATTERN = re.compile(b"|".join(_PATTERNS))
_UNSEEN = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|[\W_]+")  # escapes of JSON, and all that is neither letter nor digit
SHORTEST = 6  # a shorter "token" is a placeholder; cutting it out would maul innocent text


def token(variables: Iterable[str]) -> str:
    """Return the first token that is set in these variables; '' without one, or for one that no header can carry."""
    text = next((text for variable in variables if (text := os.environ.get(variable, "").strip())), "")
    return text if text.isascii() and text.isprintable() and " " not in text else ""


def unusable(variables: Iterable[str]) -> list[str]:
    """Return those of these variables whose token no header can carry."""
    return [variable for variable in variables if os.environ.get(variable, "").strip() and not token((variable,))]


@overload
def redact(text: str) -> str: ...
@overload
def redact(text: bytes) -> bytes: ...
def redact(text: str | bytes) -> str | bytes:
    """Cut every token out: those of the environment, plain and encoded, and whatever has the shape of one."""
    if isinstance(text, str):
        return redact(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
    for secret in _known():
        if secret in text:
            text = text.replace(secret, REMOVED.encode())
    return _PATTERN.sub(REMOVED.encode(), text)


def cut(text: str) -> str:
    """Return a text as people see it, without any token, also one that is split by what nobody sees."""
    return redact("".join(c if c.isprintable() or c in "\n\r\t" else "" for c in text))


def scrub(body: bytes, data: Any) -> tuple[bytes, Any]:
    """Return a body and its JSON (None for a text) without tokens that escapes or unseen letters hide from `redact`."""
    cores = {"".join(filter(str.isalnum, secret)) for secret in _secrets()}
    flat = body.decode("utf-8", "replace") if data is None else json.dumps(data, ensure_ascii=False)
    squeezed = _UNSEEN.sub("", flat)
    if not any(len(core) >= SHORTEST and core in squeezed for core in cores):
        return body, data
    if data is None:
        return cut(flat).encode("utf-8", "surrogatepass"), None
    clean = _cut_all(data)
    return json.dumps(clean, ensure_ascii=False).encode("utf-8", "surrogatepass"), clean


def _cut_all(value: Any) -> Any:
    if isinstance(value, str):
        return value if cut(value) == "".join(c for c in value if c.isprintable() or c in "\n\r\t") else cut(value)
    if isinstance(value, list):
        return [_cut_all(one) for one in value]
    if isinstance(value, dict):
        return {cut(key): _cut_all(one) for key, one in value.items()}
    return value


def _secrets() -> list[str]:
    found = (text.strip() for variable, text in os.environ.items() if variable.endswith(SUFFIXES))
    return [secret for secret in found if len(secret) >= SHORTEST]


def _known() -> list[bytes]:
    spelled: set[bytes] = set()
    for secret in _secrets():
        spelled |= _spellings(secret, secret.encode("utf-8", "surrogateescape"))
    return sorted(spelled, key=len, reverse=True)


def _spellings(secret: str, plain: bytes) -> set[bytes]:
    """Return how a token may come back: as it is, in an address, in JSON, in base64 with something before it."""
    spelled = {plain, plain.replace(b"/", b"\\/"), *(q(secret).encode() for q in (quote, quote_plus))}
    spelled |= {quote(secret, safe="").encode(), "".join(f"%{b:02x}" for b in plain).encode()}
    spelled.add("".join(f"%{b:02X}" for b in plain).encode())
    spelled.add(base64.b64encode(plain).rstrip(b"="))
    for before in range(3):  # base64 spells three bytes at a time, so what stands before a token shifts it
        whole = base64.b64encode(b"\0" * before + plain).rstrip(b"=")
        end = len(whole) if not (before + len(plain)) % 3 else -1  # the last letter depends on what comes after
        spelled.add(whole[(before * 8 + 5) // 6 : end])
    return {one for one in spelled if len(one) >= SHORTEST}
