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
from data.http.message import UNREADABLE, Call, Kind, Reply, follow, now, origin
from data.http.secrets import redact, scrub

HOPS = 3  # redirects on the platform's own host
_AGENT = f"weighbridge python-requests/{requests.__version__}"
_ADAPTER = Adapter(pool_connections=16, pool_maxsize=64)


def once(call: Call, seconds: float, most: int) -> tuple[Reply, rate_limit.Said]:
    """Ask once, in `seconds` at most and for `most` bytes; the reply and what its headers say of quota."""
    answer: requests.Response | None = None
    said = rate_limit.Said()
    status = 0
    try:
        with deadline(max(seconds, 0.001)):
            answer = _send(call)
            headers = {name.lower(): value for name, value in answer.headers.items()}
            said, status = rate_limit.read(headers), answer.status_code
            body = redact(whole(answer, headers, most) if status < 300 else glimpse(answer))
        _refuse(call, status, headers, body, said)
        data = None
        if status == 204 and call.text:
            raise Bad("damaged", f"{call.host} sent no text (204).")
        if status != 204:
            data = read(call, status, headers, body)
            body, data = scrub(body, data)
        if call.wrong and (wrong := call.wrong(data)):
            raise Bad(*wrong)
        reply = _reply(call, answer, headers, body)
        if status != 204:
            vars(reply)["data"] = data
        return reply, said
    except Bad as bad:
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
            raise Bad("redirect", f"{call.host} redirects to another host, which is not followed.")
        if call.method != "GET" and answer.status_code not in (307, 308):
            raise Bad("redirect", f"{call.host} redirects a {call.method}, which is not followed.")
        if target in seen:
            break
        url = target
    raise Bad("redirect", f"{call.host} redirects in a circle or more than {HOPS} times.")


def _refuse(call: Call, status: int, headers: Mapping[str, str], body: bytes, said: rate_limit.Said) -> None:
    """Raise Bad for every status that is no answer."""
    limited = said.left == 0 or "retry-after" in headers or b"rate limit" in body.lower()
    said_so = words(body)
    if status == 429 or (status == 403 and limited) or (said.left == 0 and b'"RATE_LIMITED"' in body):
        if b"QuotaLimitExceed" in body:  # ModelScope's word for an allowance that no waiting refills
            raise Bad("refused", f"{call.host} says that an allowance is used up for good ({status}).")
        raise Bad("quota", f"{call.host} says that the quota is used up ({status}).")
    if status >= 500 or status == 408:
        raise Bad("server", f"{call.host} has an error ({status}).")
    if status in (404, 410):
        raise Bad("missing", f"{call.host} has nothing there ({status}).")
    if status in (401, 403):
        raise Bad("denied", f"{call.host} wants a token with access, or has nothing there ({status}){said_so}.")
    if status == 206:
        raise Bad("damaged", f"{call.host} sent a part that was not asked for ({status}).")
    if not 200 <= status < 300:
        raise Bad("refused", f"{call.host} refuses the call ({status}){said_so}.")


def _reply(call: Call, answer: requests.Response, headers: Mapping[str, str], body: bytes) -> Reply:
    header = headers.get("link", "")
    found = links.read(header)
    page, last = (
        redact(follow(call.url, found[word]) or UNREADABLE) if found.get(word) else "" for word in ("next", "last")
    )
    if not page and links.goes_on(header):
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
