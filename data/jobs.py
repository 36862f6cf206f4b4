"""What can be collected: a job says its calls beforehand, makes them, and turns the kept replies into rows.

It is made from a choice of words and numbers, which is kept with the replies, so that it can be made again later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Protocol

from data.collect.collector import Collector, Replay
from data.collect.plan import Plan
from data.models.job import Models
from data.organisations.job import Organisations
from data.platforms import ALL
from data.platforms.hub.ask import HUB
from data.platforms.job import PlatformJob
from data.platforms.platform import Choice


class Job(Protocol):
    """A collection of one source; `choice` is what was asked for."""

    @property
    def choice(self) -> Choice: ...  # noqa: D102
    def plan(self) -> Plan: ...  # noqa: D102
    def collect(self, collector: Collector, tick: Callable[[int], None]) -> None: ...  # noqa: D102
    def rows(self, asker: Replay) -> Iterator[dict[str, Any]]: ...  # noqa: D102


SOURCES: Final[Mapping[str, Callable[[Choice], Job]]] = {
    **dict.fromkeys((platform.id for platform in ALL), PlatformJob),
    **{HUB.id: Models, "organisations": Organisations},
}


def job(choice: Choice) -> Job:
    """Return the job of a choice."""
    return SOURCES[choice["source"]](choice)
