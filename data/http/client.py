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
from data.http.message import UNREADABLE, Call, Kind, Reply, now, origin
from data.http.secrets import redact
from data.http.send import once

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


class Door:
    """The way out: shared by all threads of one collection. `stop` ends every wait at once.

    `like` is another door whose knowledge of the platforms' quotas this one shares; `live` is one at which somebody
    waits, who is told when to come back instead of how to wait longer: all its calls together wait `max_wait`.
    """

    def __init__(
        self,
        limits: Limits,
        hear: Callable[[Event], None] = lambda _: None,
        like: Door | None = None,
        live: bool = False,
    ) -> None:
        self.limits, self.hear, self.stop, self.live = limits, hear, threading.Event(), live
        self._buckets: _Buckets = like._buckets if like else _Buckets(rate_limit.Bucket)
        self._deaf: dict[str, int] = defaultdict(int)
        self._ends = time.monotonic() + limits.total if limits.total else float("inf")
        self._wait_ends = float("inf")

    def ask(self, call: Call) -> Reply:
        """Ask until there is an answer or patience is over. Never raises for anything that the other side does."""
        reply = self._tries(call)
        host = origin(call.base)
        if reply.status:
            self._deaf[host] = 0
        elif reply.kind in ("unreachable", "slow"):
            self._deaf[host] += 1
        answered = reply.good or (call.optional and reply.kind == "missing")
        what: Literal["done", "failed"] = "done" if answered else "failed"
        self.hear(Event(what, call.name, host, call.bucket, 0.0, reply.kind, reply.reason))
        return reply

    def _tries(self, call: Call) -> Reply:
        limits = self.limits
        if call.path == UNREADABLE:
            return _failed(call, "damaged", f"{call.host} says that there are further pages, and not where.")
        if origin(call.url) != origin(call.base):
            other = origin(call.url) or "An address of no kind"
            return _failed(call, "redirect", f"{other} is another host than {origin(call.base)}; not followed.")
        bucket = self._buckets[origin(call.base), call.bucket]
        bucket.silent = bucket.silent or call.silent
        patience = min(limits.max_wait, self._left())
        tries = waits = 0
        while True:
            closed, patience = self._admit(call, bucket, patience)
            if closed:
                return closed
            reply, said = once(call, min(limits.deadline, self._left()), limits.max_body)
            # A platform that keeps asking for a second more is asked ever less often.
            least = 2.0**waits if waits else 0.0
            bucket.hear(said, refused=reply.kind == "quota", least=least)
            hint = said.hint
            if hint is None and bucket.silent:  # it never says when, so its documentation does
                hint = bucket.silent[1]
            if reply.kind == "quota" and hint:
                # Waiting for quota is no try.
                waits += 1
                if max(hint, least) > self._still(patience):
                    asks = f"{call.host} asks to wait {_seconds(hint)}"
                    return replace(reply, reason=self._impatient(call, asks, hint))
                continue
            tries += 1
            left = self._rest_before(call, bucket, tries, patience, reply, said)
            if left is None:
                return replace(reply, reason=_come_back(call)) if self.live and reply.kind == "quota" else reply
            patience = left

    def _rest_before(
        self, call: Call, bucket: rate_limit.Bucket, tries: int, patience: float, reply: Reply, said: rate_limit.Said
    ) -> float | None:
        """Rest before the next try and return the patience that is left; None when there is none to be made."""
        last = tries >= self.limits.tries or self._deaf[origin(call.base)] >= DEAF
        if reply.kind not in TRIED_AGAIN or last or self.stop.is_set():
            return None
        pause = self.limits.backoff * 2 ** (tries - 1) * random.uniform(0.8, 1.2)  # noqa: S311
        asked = said.retry or 0.0
        if asked > self._still(patience) or max(pause, asked) > self._left():
            return None
        self.hear(Event("again", call.name, call.host, call.bucket, max(pause, asked), reply.kind, reply.reason))
        if asked > pause:  # a platform that is down for a while says how long: a wait like that for quota
            return self._rest(call, bucket, asked, patience, reply.kind)
        self.stop.wait(pause)
        return patience

    def _admit(self, call: Call, bucket: rate_limit.Bucket, patience: float) -> tuple[Reply | None, float]:
        """Wait until the bucket lets this call go, or say why it does not; with the patience that is left."""
        while True:
            if self.stop.is_set():
                return _failed(call, "stopped", "The collection was stopped before this call."), patience
            if self._left() <= 0:
                return _failed(call, "slow", f"No time was left after {_seconds(self.limits.total)}."), patience
            wait = bucket.take()
            if not wait:
                return None, patience
            still = self._still(patience)
            if still < wait <= still + bucket.margin:  # as long as anybody will wait, but for what clocks differ
                return None, self._rest(call, bucket, max(0.0, still), patience)
            if wait > still:
                if bucket.probe():
                    return None, patience
                asks = f"The quota of {call.host} is used up for {_seconds(wait)}"
                return _failed(call, "quota", self._impatient(call, asks, wait)), patience
            patience = self._rest(call, bucket, wait, patience)

    def _rest(
        self, call: Call, bucket: rate_limit.Bucket, seconds: float, patience: float, kind: Kind = "quota"
    ) -> float:
        if self.live:
            self._wait_ends = min(self._wait_ends, time.monotonic() + self.limits.max_wait)
        if bucket.announces(seconds):
            self.hear(Event("wait", call.name, call.host, call.bucket, seconds, kind))
        self.stop.wait(seconds)
        return patience - seconds

    def _still(self, patience: float) -> float:
        """Return the patience that is left to a call, and at a live door to all of them."""
        return min(patience, self._wait_ends - time.monotonic())

    def _left(self) -> float:
        return self._ends - time.monotonic()

    def _impatient(self, call: Call, asks: str, seconds: float) -> str:
        if self.live:
            return _come_back(call, seconds)
        return f"{asks}; a call waits {_seconds(self.limits.max_wait)} at most (--max-wait)."


def _failed(call: Call, kind: Kind, reason: str) -> Reply:
    return Reply(call.name, redact(call.url), now(), kind=kind, reason=redact(reason))


def _seconds(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds >= 10 or seconds == int(seconds) else f"{seconds:.1f} s"


def _come_back(call: Call, seconds: float = 0.0) -> str:
    when = f"{seconds / 60:.0f} minutes" if seconds >= 90 else f"{seconds:.0f} seconds" if seconds else "a few minutes"
    return f"The quota of {call.host} is used up; ask again in {when}."
