"""Collecting from one platform: its calls beforehand, asking, and the rows that come of the kept replies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from data.collect.asker import Asker
from data.collect.collector import Collector, Replay, work
from data.collect.plan import Plan, counted
from data.platforms import BY_ID, imports
from data.platforms.platform import Choice, Platform
from data.platforms.repository import subject, with_month


@dataclass(frozen=True)
class PlatformJob:
    """What a platform, or a table of it, has of what is asked for."""

    choice: Choice

    @property
    def platform(self) -> Platform:
        """The platform that is asked."""
        return BY_ID[self.choice["source"]]

    def plan(self) -> Plan:
        """See Job."""
        one, n = self.platform, len(self.choice["ids"])
        steps = one.steps(self.choice) if one.steps else (one.step("calls", n),)
        owners = len([word for word in str(self.choice["author"]).split(",") if word])
        if owners:
            return Plan(tuple(steps), f"{n + owners:,} ids and owners")
        ids = counted(n, "repository", "repositories") if "repository" in one.lists else counted(n, "id")
        return Plan(tuple(steps), ids if n else "a table" if self.choice["table"] else "everything")

    def collect(self, collector: Collector, tick: Callable[[int], None]) -> None:
        """See Job. Totals since the beginning are kept by day: the downloads of a month are the difference of two."""

        def one(part: Iterable[dict[str, Any]]) -> None:
            for row in part:
                if row.get("total_downloads") is not None and "id" in row:
                    collector.store.add_total(_subject(row), row["as_of"], row["total_downloads"])
                tick(1)

        work(self._parts(collector), one, collector)

    def rows(self, asker: Replay) -> Iterator[dict[str, Any]]:
        """See Job."""
        totals = asker.store.totals()
        for part in self._parts(asker):
            for row in part:
                yield with_month(row, totals.get(_subject(row), {}))

    def _parts(self, asker: Asker) -> Iterator[Iterable[dict[str, Any]]]:
        """Yield rows in parts that may be asked for at the same time; nothing is asked before they are read."""
        for part in self.platform.fetch(asker, self.choice):
            yield map(self.platform.facts, part)
        if self.choice["table"]:
            as_of = date.fromisoformat(self.choice["as_of"])
            yield map(asdict, imports.read(Path(self.choice["table"]), self.platform.title, as_of, asker))


def _subject(row: Mapping[str, Any]) -> str:
    return subject(row.get("source"), row.get("kind"), row.get("id"))
