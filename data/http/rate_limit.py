"""How many requests a platform still allows, learned from the headers of its responses, and how long to wait for more.

Headers are read tolerantly, whatever a platform or a proxy writes into them:
RateLimit and RateLimit-Policy (the Hub's, an IETF draft), X-RateLimit-* (GitHub, Gitee, GitCode) and Retry-After in
seconds or as a date.
"""

from __future__ import annotations

import math
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from huggingface_hub.utils import parse_ratelimit_headers  # type: ignore[attr-defined]

_NUMBER = re.compile(r"\s*(\d{1,12})(?:\.\d+)?\s*")
PROBES = 3  # refusals in a row after which a bucket is taken at its word, however long it wants to rest


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The rate limit that the headers of one response state; None where they do not. Times are in seconds from now."""

    left: int | None = None
    resets: float | None = None
    quota: int | None = None
    window: float | None = None
    retry: float | None = None

    @property
    def hint(self) -> float | None:
        """How long a refused caller should wait: the reset of an empty bucket, else Retry-After, else any reset."""
        if self.left == 0 and self.resets:
            return max(self.resets, self.retry or 0.0)
        return self.retry if self.retry is not None else self.resets


def read(headers: Mapping[str, str]) -> RateLimit:
    """Read the quota headers of a reply (names in lower case); what cannot be understood says nothing."""
    now = _date(headers.get("date")) or time.time()
    retry = _number(headers.get("retry-after"))
    if retry is None and (day := _date(headers.get("retry-after"))):
        retry = max(0.0, day - now)
    try:
        hub = parse_ratelimit_headers(headers)
    except (ValueError, OverflowError):  # more digits than Python converts
        hub = None
    if hub:
        window = float(hub.window_seconds) if hub.window_seconds else None
        return RateLimit(hub.remaining, float(min(hub.reset_in_seconds, 10**9)), hub.limit, window, retry)
    left, quota = (_number(headers.get(f"x-ratelimit-{name}")) for name in ("remaining", "limit"))
    resets = _number(headers.get("x-ratelimit-reset"))
    if resets is not None and resets > 10**8:  # GitHub gives the second of the day after 1970, others what is left
        resets = max(0.0, resets - now)
    return RateLimit(_whole(left), resets, _whole(quota), None, retry)


def _number(text: str | None) -> float | None:
    found = _NUMBER.fullmatch(text or "")
    return float(found[1]) if found else None


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _date(text: str | None) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


@dataclass(slots=True)
class Bucket:
    """One allowance of one platform: so many calls in a window, shared by all threads.

    It runs ahead while the platform says that calls are left and rests when none is: a small run never waits, a large
    one uses each window to its end. `silent` is the allowance (calls, seconds) of a platform that says nothing of it.
    """

    silent: tuple[int, float] | None = None
    _left: float = math.inf
    _ends: float = math.inf
    _quota: float = math.inf
    _window: float = 0.0
    _refused: int = 0
    _announced: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> float:
        """Take one call out; returns 0, or the seconds to wait before asking again (nothing is taken then)."""
        with self._lock:
            now = time.monotonic()
            if now >= self._ends:
                self._left, self._ends = self._quota, math.inf
            if self.silent and math.isinf(self._quota) and math.isinf(self._ends):
                self._left, self._ends = self.silent[0], now + self.silent[1] + _margin(self.silent[1])
            if self._left < 1:
                return max(0.01, self._ends - now)
            self._left -= 1
            return 0.0

    def learn(self, limit: RateLimit, *, refused: bool = False, least: float = 0.0) -> None:
        """Learn from a reply; `refused` is one that was turned away for quota and rests for `least` seconds."""
        with self._lock:
            now = time.monotonic()
            self._refused = self._refused + 1 if refused else 0
            if limit.quota and limit.window:
                self._quota, self._window = float(limit.quota), limit.window
            hint = limit.hint if limit.hint is not None or not self.silent else self.silent[1]
            if refused and hint:
                self._close(now + max(hint, least), 0.0)
            elif limit.left is not None and limit.resets is not None:
                self._close(now + limit.resets, float(limit.left))

    def _close(self, ends: float, allowed: float) -> None:
        # A reset comes in whole seconds: past it by a little, never before it. Replies overtake each other, so within
        # one window the least that is left counts, and the calls that are under way are already taken out of it.
        ends += _margin(self._window)
        same = math.isinf(self._ends) or abs(ends - self._ends) < max(2.0, self._window / 2)
        self._left = min(self._left, allowed) if same else allowed
        self._ends = min(self._ends, ends) if same and allowed else ends

    @property
    def margin(self) -> float:
        """The seconds that a rest is longer than the platform asks for."""
        return _margin(self._window) + 0.01

    def probe(self) -> bool:
        """Whether one call may still go out of a bucket that wants a longer rest than anybody will wait."""
        with self._lock:
            return self._refused < PROBES

    def announces(self, wait: float) -> bool:
        """Whether this rest was not announced before: all threads wait for the same one."""
        with self._lock:
            ends = time.monotonic() + wait
            new = wait >= 0.5 and ends > self._announced + 0.5
            if new:
                self._announced = ends
            return new


def _margin(window: float) -> float:
    """Return the seconds after a window's end before which nothing is asked: clocks differ, resets are rounded."""
    return min(1.0, max(0.05, window / 300))
