"""One try: send, read within the deadline, and say what is wrong with whatever comes back."""

from __future__ import annotations

import errno
import json
import os
import re
import zlib
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any

import requests
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError, NameResolutionError

from data.transport import quota
from data.transport.calls import UNREADABLE, Call, Kind, Reply, follow, now, origin, parse
from data.transport.secrets import redact
from data.transport.sockets import Adapter, TooSlow, deadline, left

HOPS = 3  # redirects on the platform's own host
CHUNK = 65_536
_AGENT = f"weighbridge python-requests/{requests.__version__}"
_ADAPTER = Adapter(pool_connections=16, pool_maxsize=64)
_DECOMPRESS_ANY = 47  # zlib's word for: gzip or deflate, whichever the first bytes say
GLIMPSE = 4_000
_NEXT = re.compile(r"""rel\s*=\s*["']?next""", re.IGNORECASE)


class _Bad(Exception):
    def __init__(self, kind: Kind, reason: str) -> None:
        self.kind, self.reason = kind, reason


def once(call: Call, seconds: float, most: int) -> tuple[Reply, quota.Said]:
    """Ask once, in `seconds` at most and for `most` bytes; the reply and what its headers say of quota."""
    answer: requests.Response | None = None
    said = quota.Said()
    status = 0
    try:
        with deadline(max(seconds, 0.001)):
            answer = _send(call)
            headers = {name.lower(): value for name, value in answer.headers.items()}
            said, status = quota.read(headers), answer.status_code
            body = redact(_body(answer, headers, most) if status < 300 else _glimpse(answer))
        _refuse(call, status, headers, body, said)
        data = None
        if status == 204 and call.text:
            raise _Bad("damaged", f"{call.host} sent no text (204).")
        if status != 204:
            data = _check(call, status, headers, body)
            body, data = _spelled_out(body, data)
        if call.wrong and (wrong := call.wrong(data)):
            raise _Bad(*wrong)
        reply = _reply(call, answer, headers, body)
        if status != 204:
            vars(reply)["data"] = data
        return reply, said
    except _Bad as bad:
        wrong = (bad.kind, bad.reason)
    except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as failure:
        wrong = _network(call, failure, seconds)
        status = 0 if wrong[0] in ("slow", "unreachable") else status
    finally:
        if answer is not None:
            answer.close()
    code = _code(answer.headers) if answer is not None else ""
    kind, reason = wrong
    return Reply(call.name, redact(call.url), now(), status, code=code, kind=kind, reason=redact(reason)), said


def _spelled_out(body: bytes, data: Any) -> tuple[bytes, Any]:
    """Return body and JSON without any token that the escapes of JSON have hidden from `redact`."""
    if data is None or b"\\" not in body:
        return body, data
    plain = json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass")
    clean = redact(plain)
    return (body, data) if clean == plain else (clean, parse(clean))


def _code(headers: Mapping[str, str]) -> str:
    return redact(headers.get("X-Error-Code", ""))[:60]


def _send(call: Call) -> requests.Response:
    """Send, following redirects on the platform's own host only; there the token may go along."""
    url, seen = call.url, set[str]()
    for _ in range(HOPS + 1):
        seen.add(url)
        request = requests.Request(
            call.method,
            url,
            params=dict(call.secret.get("params", {})),
            json=call.json,
            headers={"User-Agent": _AGENT, "Accept": "*/*" if call.text else "application/json"}
            | {"Accept-Encoding": "gzip"}
            | dict(call.headers)
            | dict(call.secret.get("headers", {})),
        ).prepare()
        answer = _ADAPTER.send(
            request,
            stream=True,
            timeout=left(),
            verify=os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True,
            proxies=get_environ_proxies(url, no_proxy=None),
        )
        if answer.status_code not in (301, 302, 303, 307, 308):
            return answer
        target = follow(url, answer.headers.get("Location", ""))
        answer.close()
        if origin(target) != origin(call.base):
            raise _Bad("redirect", f"{call.host} redirects to another host, which is not followed.")
        if call.method != "GET" and answer.status_code not in (307, 308):
            raise _Bad("redirect", f"{call.host} redirects a {call.method}, which is not followed.")
        if target in seen:
            break
        url = target
    raise _Bad("redirect", f"{call.host} redirects in a circle or more than {HOPS} times.")


def _body(answer: requests.Response, headers: Mapping[str, str], most: int) -> bytes:
    """Read and decompress the body; _Bad for one that is too large or breaks off."""
    coding = headers.get("content-encoding", "").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise _Bad("damaged", f"The reply is compressed as {redact(coding)[:20]}, which was not asked for.")
    too_large = _Bad("large", f"The reply is larger than {most / 1e6:,.0f} MB; it was cut off.")
    if _length(headers) > most:
        raise too_large
    packed = zlib.decompressobj(_DECOMPRESS_ANY) if coding not in ("", "identity") else None
    body = bytearray()
    for chunk in answer.raw.stream(CHUNK, decode_content=False):
        left()
        body += _unpacked(packed, chunk, most - len(body) + 1) if packed else chunk
        if len(body) > most:
            raise too_large
    if packed and not packed.eof and (body or _length(headers)):
        raise _Bad("damaged", "The reply is compressed and breaks off.")
    return bytes(body)


def _glimpse(answer: requests.Response) -> bytes:
    """Read the beginning of an error; what it says is of use, but nothing depends on it."""
    try:
        return bytes(answer.raw.read(GLIMPSE, decode_content=True))
    except (HTTPError, HTTPException, OSError, ValueError):
        return b""


def _unpacked(packed: Any, chunk: bytes, most: int) -> bytes:
    try:
        return bytes(packed.decompress(chunk, most))
    except zlib.error:
        raise _Bad("damaged", "The reply says that it is compressed and is not, or is damaged.") from None


def _length(headers: Mapping[str, str]) -> int:
    text = headers.get("content-length", "")
    return int(text) if text.isdigit() and len(text) < 16 else 0


def _refuse(call: Call, status: int, headers: Mapping[str, str], body: bytes, said: quota.Said) -> None:
    """Raise _Bad for every status that is no answer."""
    limited = said.left == 0 or "retry-after" in headers or b"rate limit" in body.lower()
    words = _words(body)
    if status == 429 or (status == 403 and limited) or (said.left == 0 and b'"RATE_LIMITED"' in body[:GLIMPSE]):
        if b"QuotaLimitExceed" in body:  # ModelScope's word for an allowance that no waiting refills
            raise _Bad("refused", f"{call.host} says that an allowance is used up for good ({status}).")
        raise _Bad("quota", f"{call.host} says that the quota is used up ({status}).")
    if status >= 500 or status == 408:
        raise _Bad("server", f"{call.host} has an error ({status}).")
    if status in (404, 410):
        raise _Bad("missing", f"{call.host} has nothing there ({status}).")
    if status in (401, 403):
        raise _Bad("denied", f"{call.host} wants a token with access, or has nothing there ({status}){words}.")
    if not 200 <= status < 300:
        raise _Bad("refused", f"{call.host} refuses the call ({status}){words}.")


def _words(body: bytes) -> str:
    """Return what a platform says of its refusal, if it says it in a JSON object, as the end of a sentence."""
    try:
        said = json.loads(body)
        text = next(said[key] for key in ("message", "error", "msg") if isinstance(said[key], str))
    except (ValueError, RecursionError, KeyError, TypeError, StopIteration):
        return ""
    plain = " ".join("".join(c if c.isprintable() else " " for c in redact(text)).split()).rstrip(".")
    return f": it says “{plain[:100]}”" if plain else ""


def _check(call: Call, status: int, headers: Mapping[str, str], body: bytes) -> Any:
    """Return the JSON of a body (None if text was asked for); _Bad for one that is not what its status promises."""
    start = body.lstrip()[:15].lower()
    if not start:
        raise _Bad("damaged", f"{call.host} sent an empty reply ({status}).")
    if "html" in headers.get("content-type", "").lower() or start.startswith((b"<!doctype html", b"<html")):
        raise _Bad("damaged", f"{call.host} sent a web page instead of data ({status}).")
    if call.text and "application/json" in headers.get("content-type", "").lower():
        raise _Bad("damaged", f"{call.host} sent JSON instead of a text ({status}){_words(body)}.")
    if not call.text:
        try:
            return parse(body)
        except ValueError:
            raise _Bad("damaged", f"{call.host} sent JSON that breaks off or is none ({status}).") from None
    return None


def _reply(call: Call, answer: requests.Response, headers: Mapping[str, str], body: bytes) -> Reply:
    links = answer.links
    page, last = (
        redact(follow(call.url, str(links[word].get("url", ""))) or UNREADABLE) if links.get(word) else ""
        for word in ("next", "last")
    )
    if not page and _NEXT.search(headers.get("link", "")):
        page = UNREADABLE
    code = _code(answer.headers)
    if not last and headers.get("total_page", "").isdigit():  # how Gitee says it
        last = f"?page={headers['total_page']}"
    return Reply(call.name, redact(call.url), now(), answer.status_code, body, page, last, code)


def _network(call: Call, failure: Exception, seconds: float) -> tuple[Kind, str]:
    """Say in plain words what broke on the way."""
    chain: list[BaseException] = []
    todo: list[object] = [failure]
    while todo and len(chain) < 20:
        one = todo.pop()
        if isinstance(one, BaseException) and one not in chain:
            chain.append(one)
            todo += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    kinds = {type(one) for one in chain}
    numbers = {one.errno for one in chain if isinstance(one, OSError)}
    if kinds & {TooSlow} or any(isinstance(one, TimeoutError | requests.Timeout) for one in chain):
        return "slow", f"{call.host} did not answer in full within {seconds:.3g} s."
    if any("gaierror" in kind.__name__ or kind is NameResolutionError for kind in kinds):
        return "unreachable", f"There is no host {call.host}, or no network."
    if errno.ECONNREFUSED in numbers:
        return "unreachable", f"{call.host} refuses connections."
    if numbers & {errno.ENETUNREACH, errno.EHOSTUNREACH}:
        return "unreachable", f"{call.host} cannot be reached."
    if any("SSL" in kind.__name__ for kind in kinds):
        return "unreachable", f"The certificate or the encryption of {call.host} is not in order."
    if isinstance(failure, ValueError):
        return "refused", f"{call.host} is no address that can be asked."
    return "unreachable", f"{call.host} broke the connection off."
