"""Send a request to a platform: wait for its rate limit, then try at most four times, each with a total deadline.

Whatever happens comes back as a Response: good with its body, or failed with a kind and one sentence. huggingface_hub's
own calls are not used: they have no total deadline, retry only some calls, and follow a link to any host with a token.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from data.http import rate_limit
from data.http.message import UNREADABLE, Failure, Request, Response, now, origin
from data.http.secrets import redact
from data.http.send import send

TRIED_AGAIN: frozenset[Failure] = frozenset({"quota", "server", "unreachable", "slow", "damaged"})
UNRESPONSIVE = 3  # requests in a row without any response from a host, after which each further one gets a single try
PREFIX = "WEIGHBRIDGE_"
MOST_TRIES = 4
MOST = 10**12  # of anything; NaN is not below it


class BadLimit(ValueError):
    """A limit that makes no sense; the message names it and what it may be."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one collection; each is also an environment variable, WEIGHBRIDGE_ and its name in capitals.

    Seconds: `deadline` of one try, from connecting to the last byte; `max_wait` that one call waits for quota, in sum;
    `backoff` before the second try, doubled before each further one; `total` of everything together, 0 for no limit.
    """

    deadline: float = 30.0
    max_wait: float = 320.0
    backoff: float = 1.0
    total: float = 0.0
    tries: int = MOST_TRIES
    max_body: int = 32_000_000  # bytes, after decompression
    max_pages: int = 1000  # of one listing
    jobs: int = 8  # calls at a time

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        for one in fields(self):
            value = getattr(self, one.name)
            least = 0 if one.name in ("max_wait", "backoff", "total") else 0.001 if one.name == "deadline" else 1
            if not least <= value < MOST:
                shown = str(value)[:20]
                raise BadLimit(f"{one.name.replace('_', '-')} must be a number of at least {least:g}, not {shown}.")
        if self.tries > MOST_TRIES or self.jobs > 64:
            raise BadLimit(f"tries may be {MOST_TRIES} at most and jobs 64, not {self.tries} and {self.jobs}.")

    def but(self, **changes: Any) -> Limits:
        """Return these limits with those that are not None changed."""
        return replace(self, **{name: value for name, value in changes.items() if value is not None})

    def within(self, most: Limits) -> Limits:
        """Return these limits, each lowered to what `most` allows; no limit at all (`total`) is more than any."""
        least = {one.name: min(getattr(self, one.name), getattr(most, one.name)) for one in fields(self)}
        totals = [limit for limit in (self.total, most.total) if limit]
        return replace(self, **least | {"total": min(totals, default=0.0)})


# While somebody waits. What is set for collecting may make a live look-up more impatient, never more patient.
LIVE = Limits(deadline=10.0, max_wait=5.0, backoff=0.5, total=30.0, tries=2)


def from_environment() -> Limits:
    """Return the limits with what the environment says; BadLimit names a variable that is no number."""
    limits = Limits()
    changes: dict[str, float | int] = {}
    for one in fields(Limits):
        text = os.environ.get(PREFIX + one.name.upper())
        if not text:
            continue
        try:
            changes[one.name] = int(text) if isinstance(getattr(limits, one.name), int) else float(text)
        except ValueError:
            raise BadLimit(f"{PREFIX}{one.name.upper()}={text[:20]} is not a number.") from None
    return limits.but(**changes)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a request: it is done or failed, a try failed, or it waits for some seconds."""

    what: Literal["done", "failed", "again", "wait"]
    name: str
    host: str
    bucket: str = "api"
    seconds: float = 0.0
    kind: Failure = ""
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
    """Sends requests for all threads of one collection. `stop` ends every wait at once.

    `like` is another client whose knowledge of rate limits this one shares. `live` is for somebody who waits before a
    page: all requests together wait `max_wait`, and the reason says when to come back instead of how to wait longer.
    """

    def __init__(
        self,
        limits: Limits,
        on_event: Callable[[Event], None] = lambda _: None,
        like: Client | None = None,
        live: bool = False,
    ) -> None:
        self.limits, self.on_event, self.stop, self.live = limits, on_event, threading.Event(), live
        self._buckets: _Buckets = like._buckets if like else _Buckets(rate_limit.Bucket)
        self._unanswered: dict[str, int] = defaultdict(int)
        self._ends = time.monotonic() + limits.total if limits.total else float("inf")
        self._wait_ends = float("inf")

    def send(self, request: Request) -> Response:
        """Send until there is a response or patience is over. Never raises for anything that the other side does."""
        response = self._tries(request)
        host = origin(request.base)
        if response.status:
            self._unanswered[host] = 0
        elif response.kind in ("unreachable", "slow"):
            self._unanswered[host] += 1
        answered = response.good or (request.optional and response.kind == "missing")
        what: Literal["done", "failed"] = "done" if answered else "failed"
        self.on_event(Event(what, request.name, host, request.bucket, 0.0, response.kind, response.reason))
        return response

    def _tries(self, request: Request) -> Response:
        limits = self.limits
        if request.path == UNREADABLE:
            return _failed(request, "damaged", f"{request.host} says that there are further pages, but not where.")
        if origin(request.url) != origin(request.base):
            other = origin(request.url) or "What is not an address"
            return _failed(request, "redirect", f"{other} is another host than {origin(request.base)}; not followed.")
        bucket = self._buckets[origin(request.base), request.bucket]
        bucket.silent = bucket.silent or request.silent
        patience = min(limits.max_wait, self._left())
        tries = waits = 0
        while True:
            closed, patience = self._admit(request, bucket, patience)
            if closed:
                return closed
            response, limit = send(request, min(limits.deadline, self._left()), limits.max_body)
            # A platform that keeps asking for a second more is asked ever less often.
            least = 2.0**waits if waits else 0.0
            bucket.learn(limit, refused=response.kind == "quota", least=least)
            hint = limit.hint
            if hint is None and bucket.silent:  # its headers never say when, so its documentation does
                hint = bucket.silent[1]
            if response.kind == "quota" and hint:
                # Waiting for quota is no try.
                waits += 1
                if max(hint, least) > self._still(patience):
                    asks = f"{request.host} asks to wait {_seconds(hint)}"
                    return replace(response, reason=self._impatient(request, asks, hint))
                continue
            tries += 1
            left = self._rest_before(request, bucket, tries, patience, response, limit)
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
        limit: rate_limit.RateLimit,
    ) -> float | None:
        """Rest before the next try and return the patience that is left; None when there is none to be made."""
        last = tries >= self.limits.tries or self._unanswered[origin(request.base)] >= UNRESPONSIVE
        if response.kind not in TRIED_AGAIN or last or self.stop.is_set():
            return None
        pause = self.limits.backoff * 2 ** (tries - 1) * random.uniform(0.8, 1.2)  # noqa: S311
        asked = limit.retry or 0.0
        if asked > self._still(patience) or max(pause, asked) > self._left():
            return None
        self.on_event(
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
        self, request: Request, bucket: rate_limit.Bucket, seconds: float, patience: float, kind: Failure = "quota"
    ) -> float:
        if self.live:
            self._wait_ends = min(self._wait_ends, time.monotonic() + self.limits.max_wait)
        if bucket.announces(seconds):
            self.on_event(Event("wait", request.name, request.host, request.bucket, seconds, kind))
        self.stop.wait(seconds)
        return patience - seconds

    def _still(self, patience: float) -> float:
        """Return the patience that is left to a call, and at a live client to all of them together."""
        return min(patience, self._wait_ends - time.monotonic())

    def _left(self) -> float:
        return self._ends - time.monotonic()

    def _impatient(self, request: Request, asks: str, seconds: float) -> str:
        if self.live:
            return _come_back(request, seconds)
        return f"{asks}; a call waits {_seconds(self.limits.max_wait)} at most (--max-wait)."


def _failed(request: Request, kind: Failure, reason: str) -> Response:
    return Response(request.name, redact(request.url), now(), kind=kind, reason=redact(reason))


def _seconds(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds >= 10 or seconds == int(seconds) else f"{seconds:.1f} s"


def _come_back(request: Request, seconds: float = 0.0) -> str:
    when = f"{seconds / 60:.0f} minutes" if seconds >= 90 else f"{seconds:.0f} seconds" if seconds else "a few minutes"
    return f"The quota of {request.host} is used up; ask again in {when}."
