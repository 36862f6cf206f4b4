"""How patient and how greedy a collection is. Every limit is a setting, so that a test of it takes seconds."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from typing import Any

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
    said: dict[str, float | int] = {}
    for one in fields(Limits):
        text = os.environ.get(PREFIX + one.name.upper())
        if not text:
            continue
        try:
            said[one.name] = int(text) if isinstance(getattr(limits, one.name), int) else float(text)
        except ValueError:
            raise BadLimit(f"{PREFIX}{one.name.upper()}={text[:20]} is not a number.") from None
    return limits.but(**said)
