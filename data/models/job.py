"""Collecting models of the Hub, as records, with the citations of their papers from Semantic Scholar."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from data.collect.asker import Asker
from data.collect.collector import Collector, Replay, work
from data.collect.plan import Plan, counted
from data.platforms import semanticscholar
from data.platforms.hub import ask as hub
from data.platforms.hub.ask import HUB
from data.platforms.hub.record import record
from data.platforms.platform import Choice, Raw
from data.platforms.semanticscholar import SEMANTIC_SCHOLAR

# A step -> its calls to people, and how many models one of them serves, more or less.
_FURTHER: Final = {
    "scan": ("scans", 1.0),
    "discussions": ("discussion totals or more", 1.0),
    "owners": ("owners", 4.0),
    "papers": ("papers", 3.0),
    "history": ("pages of threads", 0.5),
    "spaces": ("lists of Spaces", 20.0),
}


@dataclass(frozen=True)
class Models:
    """Models of the Hub, as records."""

    choice: Choice

    def plan(self) -> Plan:
        """See Job. A listing without an end is counted as a thousand models."""
        ids, wanted = len(self._choice.ids), self.choice["with"]
        n = ids or self.choice["top"] or 1000
        steps = [HUB.step("models" if ids else "listing pages", ids or math.ceil(n / hub.PAGE))]
        steps += [HUB.step("READMEs", n, "resolvers")] if "readme" in wanted else []
        steps += [HUB.step(what, math.ceil(n / of)) for step, (what, of) in _FURTHER.items() if step in wanted]
        if "citations" in wanted:
            steps.append(SEMANTIC_SCHOLAR.step("batches of papers", math.ceil(n / 3 / semanticscholar.BATCH)))
        limited = ids or self.choice["top"]
        return Plan(tuple(steps), counted(n, "model") if limited else "every 1,000 models")

    def collect(self, collector: Collector, tick: Callable[[int], None]) -> None:
        """See Job."""

        def one(model: str | hub.Raw) -> None:
            if hub.fetch(collector, model, self.choice["with"]):
                tick(1)

        work(hub.models(collector, self._choice), one, collector)
        if "citations" in self.choice["with"] and not collector.client.stop.is_set():
            for _ in semanticscholar.fetch(collector, self._papers(collector)):
                pass

    def rows(self, asker: Replay) -> Iterator[dict[str, Any]]:
        """See Job."""
        cited: dict[str, Raw] = {}
        if "citations" in self.choice["with"]:
            cited = {raw.id: raw for raw in semanticscholar.fetch(asker, self._papers(asker))}
        for model in hub.models(asker, self._choice):
            raw = hub.fetch(asker, model, self.choice["with"])
            if raw:
                yield _with_citations(record(raw), [cited[p] for p in hub.arxiv(raw.row) if p in cited])

    def _papers(self, asker: Asker) -> Iterator[str]:
        for model in hub.models(asker, self._choice):
            raw = hub.fetch(asker, model, ())
            yield from hub.arxiv(raw.row) if raw else ()

    @property
    def _choice(self) -> hub.Choice:
        ids, filters = tuple(self.choice["ids"]), tuple(self.choice["filters"])
        words = {key: self.choice[key] for key in ("author", "search", "top")}
        return hub.Choice(ids=ids, filters=filters, **words)


def _with_citations(made: dict[str, Any], cited: list[Raw]) -> dict[str, Any]:
    counts = [semanticscholar.facts(raw)["citations"] for raw in cited]
    if counts and None not in counts:
        made["citations"] = sum(counts)
        made["_provenance"]["citations"] = [SEMANTIC_SCHOLAR.title, max(raw.at for raw in cited)[:10]]
    return made
