"""One try: send, read within the deadline, and say what is wrong with whatever comes back."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from http.client import HTTPException

import requests
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError, NameResolutionError

from data.http import links, rate_limit
from data.http.body import Bad, glimpse, read, whole, words
from data.http.deadline import Adapter, TooSlow, deadline, left
from data.http.message import UNREADABLE, Kind, Request, Response, follow, now, origin
from data.http.secrets import redact, scrub

HOPS = 3  # redirects on the platform's own host
_AGENT = f"weighbridge python-requests/{requests.__version__}"
_ADAPTER = Adapter(pool_connections=16, pool_maxsize=64)


def send(request: Request, seconds: float, most: int) -> tuple[Response, rate_limit.RateLimit]:
    """Ask once, in `seconds` at most and for `most` bytes; the reply and what its headers say of quota."""
    answer: requests.Response | None = None
    said = rate_limit.RateLimit()
    status = 0
    try:
        with deadline(max(seconds, 0.001)):
            answer = _send(request)
            headers = {name.lower(): value for name, value in answer.headers.items()}
            said, status = rate_limit.read(headers), answer.status_code
            body = redact(whole(answer, headers, most) if status < 300 else glimpse(answer))
        _refuse(request, status, headers, body, said)
        data = None
        if status == 204 and request.text:
            raise Bad("damaged", f"{request.host} sent no text (204).")
        if status != 204:
            data = read(request, status, headers, body)
            body, data = scrub(body, data)
        if request.wrong and (wrong := request.wrong(data)):
            raise Bad(*wrong)
        response = _reply(request, answer, headers, body)
        if status != 204:
            vars(response)["data"] = data
        return response, said
    except Bad as bad:
        wrong = (bad.kind, bad.reason)
    except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as failure:
        wrong = _network(request, failure, seconds)
        status = 0 if wrong[0] in ("slow", "unreachable") else status
    finally:
        if answer is not None:
            answer.close()
    code = _code(answer.headers) if answer is not None else ""
    kind, reason = wrong
    return Response(request.name, redact(request.url), now(), status, code=code, kind=kind, reason=redact(reason)), said


def _code(headers: Mapping[str, str]) -> str:
    return redact(headers.get("X-Error-Code", ""))[:60]


def _send(request: Request) -> requests.Response:
    """Send, following redirects on the platform's own host only; there the token may go along."""
    url, seen = request.url, set[str]()
    for _ in range(HOPS + 1):
        seen.add(url)
        outgoing = requests.Request(
            request.method,
            url,
            params=dict(request.secret.get("params", {})),
            json=request.json,
            headers={"User-Agent": _AGENT, "Accept": "*/*" if request.text else "application/json"}
            | {"Accept-Encoding": "gzip"}
            | dict(request.headers)
            | dict(request.secret.get("headers", {})),
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
        if origin(target) != origin(request.base):
            raise Bad("redirect", f"{request.host} redirects to another host, which is not followed.")
        if request.method != "GET" and answer.status_code not in (307, 308):
            raise Bad("redirect", f"{request.host} redirects a {request.method}, which is not followed.")
        if target in seen:
            break
        url = target
    raise Bad("redirect", f"{request.host} redirects in a circle or more than {HOPS} times.")


def _refuse(request: Request, status: int, headers: Mapping[str, str], body: bytes, said: rate_limit.RateLimit) -> None:
    """Raise Bad for every status that is no answer."""
    limited = said.left == 0 or "retry-after" in headers or b"rate limit" in body.lower()
    said_so = words(body)
    if status == 429 or (status == 403 and limited) or (said.left == 0 and b'"RATE_LIMITED"' in body):
        if b"QuotaLimitExceed" in body:  # ModelScope's word for an allowance that no waiting refills
            raise Bad("refused", f"{request.host} says that an allowance is used up for good ({status}).")
        raise Bad("quota", f"{request.host} says that the quota is used up ({status}).")
    if status >= 500 or status == 408:
        raise Bad("server", f"{request.host} has an error ({status}).")
    if status in (404, 410):
        raise Bad("missing", f"{request.host} has nothing there ({status}).")
    if status in (401, 403):
        raise Bad("denied", f"{request.host} wants a token with access, or has nothing there ({status}){said_so}.")
    if status == 206:
        raise Bad("damaged", f"{request.host} sent a part that was not asked for ({status}).")
    if not 200 <= status < 300:
        raise Bad("refused", f"{request.host} refuses the call ({status}){said_so}.")


def _reply(request: Request, answer: requests.Response, headers: Mapping[str, str], body: bytes) -> Response:
    header = headers.get("link", "")
    found = links.read(header)
    page, last = (
        redact(follow(request.url, found[word]) or UNREADABLE) if found.get(word) else "" for word in ("next", "last")
    )
    if not page and links.goes_on(header):
        page = UNREADABLE
    code = _code(answer.headers)
    if not last and headers.get("total_page", "").isdigit():  # how Gitee says it
        last = f"?page={headers['total_page']}"
    return Response(request.name, redact(request.url), now(), answer.status_code, body, page, last, code)


def _network(request: Request, failure: Exception, seconds: float) -> tuple[Kind, str]:
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
        return "refused", f"{request.host} is no address that can be asked."
    return "unreachable", f"{request.host} broke the connection off."
