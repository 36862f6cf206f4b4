"""How many calls a collection will make and how long the quotas make it, told before it starts.

The quotas here are the documented ones, for the estimate only: a run is paced by what the platforms say as it goes.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from data.http.secrets import VARIABLES, token

WINDOW: Final = 300


@dataclass(frozen=True, slots=True)
class Quota:
    """Calls that a platform allows in so many seconds, without a token and with one."""

    without: int
    with_token: int
    seconds: int


# (platform, bucket) -> what its documentation says; a platform without an entry publishes no limit.
QUOTAS: Final[Mapping[tuple[str, str], Quota]] = {
    ("huggingface", "api"): Quota(500, 1000, WINDOW),
    ("huggingface", "resolvers"): Quota(3000, 5000, WINDOW),
    ("github", "core"): Quota(60, 5000, 3600),
    ("github", "graphql"): Quota(0, 5000, 3600),
    ("gitee", "api"): Quota(60, 60, 60),
    ("gitcode", "api"): Quota(50, 50, 60),
    ("semanticscholar", "api"): Quota(1, 1, 1),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A kind of call that a collection makes so many times."""

    what: str
    platform: str
    requests: int
    bucket: str = "api"


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
        return max((_seconds(key, requests) for key, requests in self._by_bucket().items()), default=0.0)

    def sentences(self) -> list[str]:
        """Say it: the calls, the time, and the token that would make it shorter."""
        parts = ", ".join(f"{step.what} ({step.requests:,})" for step in self.steps if step.requests)
        said = [f"About {counted(self.requests, 'call')} for {self.of}: {parts or 'none'}."]
        if self.seconds >= 1:
            key = max(self._by_bucket(), key=lambda k: _seconds(k, self._by_bucket()[k]))
            quota, (platform, bucket) = QUOTAS[key], key
            allowed = quota.with_token if token(platform) else quota.without
            said.append(
                f"{platform} allows {allowed:,} {bucket} calls in {_words(quota.seconds)} "
                f"{'with' if token(platform) else 'without'} a token: about {_words(self.seconds)}."
            )
            if not token(platform) and quota.with_token > quota.without:
                said.append(f"Set {VARIABLES[platform][0]} for {quota.with_token:,}.")
        return said

    def _by_bucket(self) -> Counter[tuple[str, str]]:
        return _sum(self.steps)


def counted(number: int, thing: str) -> str:
    """Say a number of things, one of them as one."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _sum(steps: Iterable[Step]) -> Counter[tuple[str, str]]:
    count: Counter[tuple[str, str]] = Counter()
    for step in steps:
        count[step.platform, step.bucket] += step.requests
    return count


def _seconds(key: tuple[str, str], requests: int) -> float:
    quota = QUOTAS.get(key)
    if quota is None:
        return 0.0
    allowed = quota.with_token if token(key[0]) else quota.without
    return max(0, math.ceil(requests / allowed) - 1) * float(quota.seconds) if allowed else 0.0


def _words(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds" if seconds != 1 else "a second"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.1f} hours"
