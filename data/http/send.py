"""One try: send a request, read the response within a deadline and a size, check that it is what was asked for."""

from __future__ import annotations

import errno
import json
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError, NameResolutionError

from data.http import rate_limit
from data.http.deadline import Adapter, TooSlow, deadline, left
from data.http.message import UNREADABLE, Failure, Request, Response, follow, now, origin, parse
from data.http.secrets import cut, redact, scrub

HOPS = 3  # redirects on the platform's own host
CHUNK = 65_536
GLIMPSE = 4_000
_AGENT = f"weighbridge python-requests/{requests.__version__}"
_ADAPTER = Adapter(pool_connections=16, pool_maxsize=64)
_DECOMPRESS_ANY = 47  # zlib's word for: gzip or deflate, whichever the first bytes say
# The Link header, read tolerantly: relations in any order and case, several in one, commas and semicolons inside.
_LINK = re.compile(r"""<([^<>]*)>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;"']*))?)*)""")
_RELATION = re.compile(r""";\s*rel\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s,;"']*))""", re.IGNORECASE)
_TITLE = re.compile(r"""\btitle\*?\s*=\s*(?:"[^"]*"|'[^']*')""", re.IGNORECASE)
_MORE = re.compile(r"""\brel\s*=\s*["']?[^"',;]*\bnext\b(?![-\w])""", re.IGNORECASE)


class _Bad(Exception):
    """The response is not an answer: the kind of failure, and one sentence."""

    def __init__(self, kind: Failure, reason: str) -> None:
        self.kind, self.reason = kind, reason


def send(request: Request, seconds: float, most: int) -> tuple[Response, rate_limit.RateLimit]:
    """Try once, for `seconds` and `most` bytes; the response, and the rate limit that its headers state."""
    answer: requests.Response | None = None
    limit = rate_limit.RateLimit()
    status = 0
    try:
        with deadline(max(seconds, 0.001)):
            answer = _send(request)
            headers = {name.lower(): value for name, value in answer.headers.items()}
            limit, status = rate_limit.read(headers), answer.status_code
            body = redact(_body(request, answer, headers, most))
        _refuse(request, status, headers, body, limit)
        data = None
        if status == 204 and (request.text or request.into):
            raise _Bad("damaged", f"{request.host} sent no text (204).")
        if status != 204 and not request.into:
            data = _read(request, status, headers, body)
            body, data = scrub(body, data)
        if request.wrong and (wrong := request.wrong(data)):
            raise _Bad(*wrong)
        response = _response(request, answer, headers, body)
        if status != 204:
            vars(response)["data"] = data
        return response, limit
    except _Bad as bad:
        wrong = (bad.kind, bad.reason)
    except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as failure:
        wrong = _network(request, failure, seconds)
        status = 0 if wrong[0] in ("slow", "unreachable") else status
    finally:
        if answer is not None:
            answer.close()
    code = _code(answer.headers) if answer is not None else ""
    kind, reason = wrong
    return Response(
        request.name, redact(request.url), now(), status, code=code, kind=kind, reason=redact(reason)
    ), limit


def _code(headers: Mapping[str, str]) -> str:
    return redact(headers.get("X-Error-Code", ""))[:60]


def _send(request: Request) -> requests.Response:
    """Send, following redirects on the platform's own host, where the token may go along, and to `hosts`."""
    url, seen = request.url, set[str]()
    for _ in range(HOPS + 1):
        seen.add(url)
        secret = request.secret if origin(url) == origin(request.base) else {}
        outgoing = requests.Request(
            request.method,
            url,
            params=dict(secret.get("params", {})),
            json=request.json,
            headers={"User-Agent": _AGENT, "Accept": "*/*" if request.text or request.into else "application/json"}
            | {"Accept-Encoding": "identity" if request.into else "gzip"}
            | dict(request.headers)
            | dict(secret.get("headers", {})),
        ).prepare()
        answer = _ADAPTER.send(
            outgoing,
            stream=True,
            timeout=left(),
            verify=os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True,
            proxies=get_environ_proxies(url, no_proxy=None),
        )
        if answer.status_code not in (301, 302, 303, 307, 308):
            return answer
        target = follow(url, answer.headers.get("Location", ""))
        answer.close()
        if origin(target) != origin(request.base) and not _allowed(request, target):
            raise _Bad("redirect", f"{request.host} redirects to another host, which is not followed.")
        if request.method != "GET" and answer.status_code not in (307, 308):
            raise _Bad("redirect", f"{request.host} redirects a {request.method}, which is not followed.")
        if target in seen:
            break
        url = target
    raise _Bad("redirect", f"{request.host} redirects in a circle or more than {HOPS} times.")


def _allowed(request: Request, target: str) -> bool:
    scheme, _, host = origin(target).rpartition(":")[0].partition("://")
    return scheme == urlsplit(request.base).scheme and any(f".{host}".endswith(f".{one}") for one in request.hosts)


def _refuse(
    request: Request, status: int, headers: Mapping[str, str], body: bytes, limit: rate_limit.RateLimit
) -> None:
    """Raise _Bad for every status that is no answer."""
    limited = limit.left == 0 or "retry-after" in headers or b"rate limit" in body.lower()
    words = _words(body)
    if status == 429 or (status == 403 and limited) or (limit.left == 0 and b'"RATE_LIMITED"' in body):
        if b"QuotaLimitExceed" in body:  # ModelScope's word for an allowance that no waiting refills
            raise _Bad("refused", f"{request.host} says that an allowance is used up for good ({status}).")
        raise _Bad("quota", f"{request.host} says that the quota is used up ({status}).")
    if status >= 500 or status == 408:
        raise _Bad("server", f"{request.host} has an error ({status}).")
    if status in (404, 410):
        raise _Bad("missing", f"{request.host} has nothing there ({status}).")
    if status in (401, 403):
        raise _Bad("denied", f"{request.host} wants a token with access, or has nothing there ({status}){words}.")
    if status == 206:
        raise _Bad("damaged", f"{request.host} sent a part that was not asked for ({status}).")
    if not 200 <= status < 300:
        raise _Bad("refused", f"{request.host} refuses the call ({status}){words}.")


def _response(request: Request, answer: requests.Response, headers: Mapping[str, str], body: bytes) -> Response:
    header = headers.get("link", "")
    found = _relations(header)
    page, last = (
        redact(follow(request.url, found[word]) or UNREADABLE) if found.get(word) else "" for word in ("next", "last")
    )
    if not page and _goes_on(header):
        page = UNREADABLE
    code = _code(answer.headers)
    if not last and headers.get("total_page", "").isdigit():  # how Gitee says it
        last = f"?page={headers['total_page']}"
    return Response(request.name, redact(request.url), now(), answer.status_code, body, page, last, code)


def _network(request: Request, failure: Exception, seconds: float) -> tuple[Failure, str]:
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
        return "slow", f"{request.host} did not answer in full within {seconds:.3g} s."
    if any("gaierror" in kind.__name__ or kind is NameResolutionError for kind in kinds):
        return "unreachable", f"There is no host {request.host}, or no network."
    if errno.ECONNREFUSED in numbers:
        return "unreachable", f"{request.host} refuses connections."
    if numbers & {errno.ENETUNREACH, errno.EHOSTUNREACH}:
        return "unreachable", f"{request.host} cannot be reached."
    if any("SSL" in kind.__name__ for kind in kinds):
        return "unreachable", f"The certificate or the encryption of {request.host} is not in order."
    if isinstance(failure, ValueError):
        return "refused", f"{request.host} is not an address that can be asked."
    return "unreachable", f"{request.host} broke the connection off."


def _body(request: Request, answer: requests.Response, headers: Mapping[str, str], most: int) -> bytes:
    """Return the body, or the beginning of an error's; what goes into a file is not returned."""
    if answer.status_code >= 300:
        return _glimpse(answer)
    if not request.into or answer.status_code != 200:
        return _whole(answer, headers, most)
    request.into(_pieces(answer, headers, most))
    return b""


def _pieces(answer: requests.Response, headers: Mapping[str, str], most: int) -> Iterator[bytes]:
    """Yield a body as it comes, whatever its coding; _Bad for one that is larger than `most` bytes."""
    size = 0
    if _length(headers) > most:
        raise _Bad("large", _too_large(most))
    for chunk in answer.raw.stream(CHUNK, decode_content=False):
        left()
        size += len(chunk)
        if size > most:
            raise _Bad("large", _too_large(most))
        yield chunk


def _too_large(most: int) -> str:
    unit, word = (1e6, "MB") if most >= 1e6 else (1, "bytes")
    return f"The reply is larger than {most / unit:,.0f} {word}; it was cut off."


def _whole(answer: requests.Response, headers: Mapping[str, str], most: int) -> bytes:
    """Read and decompress a body; _Bad for one that is larger than `most` bytes or breaks off."""
    coding = headers.get("content-encoding", "").strip()
    packed = coding.lower() not in ("", "identity")
    if packed and coding.lower() not in ("gzip", "x-gzip", "deflate"):
        raise _Bad("damaged", f"The reply is compressed as {redact(coding)[:20]}, which was not asked for.")
    too_large = _Bad("large", _too_large(most))
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
        raise _Bad("damaged", "The reply is compressed and breaks off.")
    return bytes(body)


def _glimpse(answer: requests.Response) -> bytes:
    """Read the beginning of an error; what it says is of use, but nothing depends on it."""
    try:
        return bytes(answer.raw.read(GLIMPSE, decode_content=True))
    except (HTTPError, HTTPException, OSError, ValueError):
        return b""


def _words(body: bytes) -> str:
    """Return what a platform says of its refusal, if it says it in a JSON object, as the end of a sentence."""
    try:
        parts = json.loads(body)
        text = next(parts[key] for key in ("message", "error", "msg") if isinstance(parts[key], str))
    except (ValueError, RecursionError, KeyError, TypeError, StopIteration):
        return ""
    plain = " ".join(cut(text).split()).rstrip(".")
    return f": it says “{plain[:100]}”" if plain else ""


def _read(request: Request, status: int, headers: Mapping[str, str], body: bytes) -> Any:
    """Return the JSON of a body (None if text was asked for); _Bad for one that is not what its status promises."""
    start = body.lstrip()[:15].lower()
    kind = headers.get("content-type", "").lower()
    # The Hub marks a file that comes out of a repository; whatever is in it is what was asked for.
    if request.text and "x-repo-commit" in headers and "text/html" not in kind:
        return None
    if not start:
        raise _Bad("damaged", f"{request.host} sent an empty reply ({status}).")
    if "html" in kind or start.startswith((b"<!doctype html", b"<html")):
        raise _Bad("damaged", f"{request.host} sent a web page instead of data ({status}).")
    if request.text and "application/json" in kind:
        raise _Bad("damaged", f"{request.host} sent JSON instead of a text ({status}){_words(body)}.")
    if not request.text:
        try:
            return parse(body)
        except ValueError:
            raise _Bad(
                "damaged", f"{request.host} sent JSON that breaks off or is not JSON at all ({status})."
            ) from None
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
            raise _Bad("damaged", "The reply says that it is compressed and is not, or is damaged.") from None
        return bytes(out)

    @property
    def complete(self) -> bool:
        return self._part.eof


def _length(headers: Mapping[str, str]) -> int:
    text = headers.get("content-length", "")
    return int(text) if text.isdigit() and len(text) < 16 else 0


def _relations(header: str) -> dict[str, str]:
    """Return relation -> address, the first of each."""
    found: dict[str, str] = {}
    for address, parameters in _LINK.findall(header):
        for spellings in _RELATION.findall(_TITLE.sub("", parameters)):
            for relation in "".join(spellings).lower().split():
                found.setdefault(relation, address.strip())
    return found


def _goes_on(header: str) -> bool:
    """Whether a header says that there is a next page, even if its address cannot be read."""
    return bool(_MORE.search(_TITLE.sub("", header)))
