"""Ask a platform one question: quota first, then at most four tries, each with a total deadline.

Whatever happens comes back as a Reply: good with its body, or failed with a kind and one sentence. huggingface_hub's
own calls are not used: they have no total deadline, retry only some calls, and follow a link to any host with a token.
"""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from data.http import rate_limit
from data.http.limits import Limits
from data.http.message import UNREADABLE, Kind, Request, Response, now, origin
from data.http.secrets import redact
from data.http.send import send

TRIED_AGAIN: frozenset[Kind] = frozenset({"quota", "server", "unreachable", "slow", "damaged"})
DEAF = 3  # calls in a row to a host that does not answer, after which each further one gets a single try


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell whoever watches: a call done or failed, a try that failed, or a wait of some seconds."""

    what: Literal["done", "failed", "again", "wait"]
    name: str
    host: str
    bucket: str = "api"
    seconds: float = 0.0
    kind: Kind = ""
    reason: str = ""


class _Buckets(defaultdict[tuple[str, str], rate_limit.Bucket]):
    """The allowances by host and name; a lock, because two threads may meet a new one at once."""

    def __init__(self, make: Callable[[], rate_limit.Bucket]) -> None:
        super().__init__(make)
        self._lock = threading.Lock()

    def __missing__(self, key: tuple[str, str]) -> rate_limit.Bucket:
        with self._lock:
            return self[key] if key in self else super().__missing__(key)


class Client:
    """The way out: shared by all threads of one collection. `stop` ends every wait at once.

    `like` is another door whose knowledge of the platforms' quotas this one shares; `live` is one at which somebody
    waits, who is told when to come back instead of how to wait longer: all its calls together wait `max_wait`.
    """

    def __init__(
        self,
        limits: Limits,
        hear: Callable[[Event], None] = lambda _: None,
        like: Client | None = None,
        live: bool = False,
    ) -> None:
        self.limits, self.hear, self.stop, self.live = limits, hear, threading.Event(), live
        self._buckets: _Buckets = like._buckets if like else _Buckets(rate_limit.Bucket)
        self._deaf: dict[str, int] = defaultdict(int)
        self._ends = time.monotonic() + limits.total if limits.total else float("inf")
        self._wait_ends = float("inf")

    def ask(self, request: Request) -> Response:
        """Ask until there is an answer or patience is over. Never raises for anything that the other side does."""
        response = self._tries(request)
        host = origin(request.base)
        if response.status:
            self._deaf[host] = 0
        elif response.kind in ("unreachable", "slow"):
            self._deaf[host] += 1
        answered = response.good or (request.optional and response.kind == "missing")
        what: Literal["done", "failed"] = "done" if answered else "failed"
        self.hear(Event(what, request.name, host, request.bucket, 0.0, response.kind, response.reason))
        return response

    def _tries(self, request: Request) -> Response:
        limits = self.limits
        if request.path == UNREADABLE:
            return _failed(request, "damaged", f"{request.host} says that there are further pages, and not where.")
        if origin(request.url) != origin(request.base):
            other = origin(request.url) or "An address of no kind"
            return _failed(request, "redirect", f"{other} is another host than {origin(request.base)}; not followed.")
        bucket = self._buckets[origin(request.base), request.bucket]
        bucket.silent = bucket.silent or request.silent
        patience = min(limits.max_wait, self._left())
        tries = waits = 0
        while True:
            closed, patience = self._admit(request, bucket, patience)
            if closed:
                return closed
            response, said = send(request, min(limits.deadline, self._left()), limits.max_body)
            # A platform that keeps asking for a second more is asked ever less often.
            least = 2.0**waits if waits else 0.0
            bucket.hear(said, refused=response.kind == "quota", least=least)
            hint = said.hint
            if hint is None and bucket.silent:  # it never says when, so its documentation does
                hint = bucket.silent[1]
            if response.kind == "quota" and hint:
                # Waiting for quota is no try.
                waits += 1
                if max(hint, least) > self._still(patience):
                    asks = f"{request.host} asks to wait {_seconds(hint)}"
                    return replace(response, reason=self._impatient(request, asks, hint))
                continue
            tries += 1
            left = self._rest_before(request, bucket, tries, patience, response, said)
            if left is None:
                return (
                    replace(response, reason=_come_back(request))
                    if self.live and response.kind == "quota"
                    else response
                )
            patience = left

    def _rest_before(
        self,
        request: Request,
        bucket: rate_limit.Bucket,
        tries: int,
        patience: float,
        response: Response,
        said: rate_limit.RateLimit,
    ) -> float | None:
        """Rest before the next try and return the patience that is left; None when there is none to be made."""
        last = tries >= self.limits.tries or self._deaf[origin(request.base)] >= DEAF
        if response.kind not in TRIED_AGAIN or last or self.stop.is_set():
            return None
        pause = self.limits.backoff * 2 ** (tries - 1) * random.uniform(0.8, 1.2)  # noqa: S311
        asked = said.retry or 0.0
        if asked > self._still(patience) or max(pause, asked) > self._left():
            return None
        self.hear(
            Event(
                "again", request.name, request.host, request.bucket, max(pause, asked), response.kind, response.reason
            )
        )
        if asked > pause:  # a platform that is down for a while says how long: a wait like that for quota
            return self._rest(request, bucket, asked, patience, response.kind)
        self.stop.wait(pause)
        return patience

    def _admit(self, request: Request, bucket: rate_limit.Bucket, patience: float) -> tuple[Response | None, float]:
        """Wait until the bucket lets this call go, or say why it does not; with the patience that is left."""
        while True:
            if self.stop.is_set():
                return _failed(request, "stopped", "The collection was stopped before this call."), patience
            if self._left() <= 0:
                return _failed(request, "slow", f"No time was left after {_seconds(self.limits.total)}."), patience
            wait = bucket.take()
            if not wait:
                return None, patience
            still = self._still(patience)
            if still < wait <= still + bucket.margin:  # as long as anybody will wait, but for what clocks differ
                return None, self._rest(request, bucket, max(0.0, still), patience)
            if wait > still:
                if bucket.probe():
                    return None, patience
                asks = f"The quota of {request.host} is used up for {_seconds(wait)}"
                return _failed(request, "quota", self._impatient(request, asks, wait)), patience
            patience = self._rest(request, bucket, wait, patience)

    def _rest(
        self, request: Request, bucket: rate_limit.Bucket, seconds: float, patience: float, kind: Kind = "quota"
    ) -> float:
        if self.live:
            self._wait_ends = min(self._wait_ends, time.monotonic() + self.limits.max_wait)
        if bucket.announces(seconds):
            self.hear(Event("wait", request.name, request.host, request.bucket, seconds, kind))
        self.stop.wait(seconds)
        return patience - seconds

    def _still(self, patience: float) -> float:
        """Return the patience that is left to a call, and at a live door to all of them."""
        return min(patience, self._wait_ends - time.monotonic())

    def _left(self) -> float:
        return self._ends - time.monotonic()

    def _impatient(self, request: Request, asks: str, seconds: float) -> str:
        if self.live:
            return _come_back(request, seconds)
        return f"{asks}; a call waits {_seconds(self.limits.max_wait)} at most (--max-wait)."


def _failed(request: Request, kind: Kind, reason: str) -> Response:
    return Response(request.name, redact(request.url), now(), kind=kind, reason=redact(reason))


def _seconds(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds >= 10 or seconds == int(seconds) else f"{seconds:.1f} s"


def _come_back(request: Request, seconds: float = 0.0) -> str:
    when = f"{seconds / 60:.0f} minutes" if seconds >= 90 else f"{seconds:.0f} seconds" if seconds else "a few minutes"
    return f"The quota of {request.host} is used up; ask again in {when}."
