"""How many calls a collection will make and how long the rate limits make it, before it starts.

The limits here are the documented ones, for the estimate only: a collection is paced by what the platforms answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from data.http.secrets import token


@dataclass(frozen=True, slots=True)
class Quota:
    """Calls that a platform allows in so many seconds, without a token and with one."""

    without: int
    with_token: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Step:
    """A kind of call that a collection makes so many times; without a quota, the platform publishes no limit.

    `tokens` are the variables that may hold the platform's token.
    """

    what: str
    platform: str
    requests: int
    bucket: str = "api"
    quota: Quota | None = None
    tokens: tuple[str, ...] = ()

    @property
    def allowed(self) -> int:
        """Calls that the quota allows in a window with the token that there is; 0 without a quota."""
        return 0 if self.quota is None else self.quota.with_token if token(self.tokens) else self.quota.without


@dataclass(frozen=True, slots=True)
class Plan:
    """The calls of a collection; `of` says what they are counted for, such as "1,000 models"."""

    steps: tuple[Step, ...]
    of: str

    @property
    def requests(self) -> int:
        """All calls."""
        return sum(step.requests for step in self.steps)

    @property
    def seconds(self) -> float:
        """How long the quotas make it at least."""
        return max(map(self._seconds, self.steps), default=0.0)

    def sentences(self) -> list[str]:
        """Return sentences on the calls, the time, and the token that would make it shorter."""
        parts = ", ".join(f"{step.what} ({step.requests:,})" for step in self.steps if step.requests)
        sentences = [f"About {counted(self.requests, 'call')} for {self.of}: {parts or 'none'}."]
        slowest = max(self.steps, key=self._seconds, default=None)
        if slowest and slowest.quota and self._seconds(slowest) >= 1:
            quota, has_token = slowest.quota, bool(token(slowest.tokens))
            sentences.append(
                f"{slowest.platform} allows {slowest.allowed:,} {slowest.bucket} calls in {_words(quota.seconds)} "
                f"{'with' if has_token else 'without'} a token: about {_words(self.seconds)}."
            )
            if not has_token and quota.with_token > quota.without:
                sentences.append(f"Set {slowest.tokens[0]} for {quota.with_token:,}.")
        return sentences

    def _seconds(self, step: Step) -> float:
        """Return how long the quota makes all steps that share a step's bucket."""
        if not (step.quota and step.allowed):
            return 0.0
        shared = (one for one in self.steps if (one.platform, one.bucket) == (step.platform, step.bucket))
        windows = math.ceil(sum(one.requests for one in shared) / step.allowed)
        return max(0, windows - 1) * float(step.quota.seconds)


def counted(number: int, thing: str, things: str = "") -> str:
    """Return a number of things in words, such as "1 call", "1,000 calls" or "2 repositories"."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def _words(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds" if seconds != 1 else "a second"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.1f} hours"
