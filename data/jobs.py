"""What can be collected: a job knows its calls beforehand, makes them, and turns what is kept into rows again.

A job is built from a plain choice of words and numbers, which the run keeps: whoever opens the run later has the job.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Protocol

from data.collect.asker import Asker
from data.collect.collector import Collector, Replay, work
from data.collect.plan import Plan, Step, counted
from data.organisations.job import Organisations
from data.platforms import baai, github, imports, modelscope, opendatalab, openi, semanticscholar
from data.platforms.hub import ask as hub
from data.platforms.hub.record import record
from data.platforms.registry import BY_WORD
from data.platforms.repository import subject, with_month

Choice = Mapping[str, Any]
Tick = Callable[[int], None]


class Job(Protocol):
    """A collection of one source."""

    @property
    def choice(self) -> Choice:
        """What was asked for."""

    def plan(self) -> Plan:
        """Say how many calls there will be."""

    def collect(self, collector: Collector, tick: Tick) -> None:
        """Make them; `tick` is told how many subjects are done."""

    def rows(self, asker: Replay) -> Iterator[dict[str, Any]]:
        """Yield what is known of each subject, asking what was kept again."""


@dataclass(frozen=True)
class Models:
    """Models of the Hub, as records."""

    choice: Choice

    def plan(self) -> Plan:
        """See Job. A listing without an end is counted as a thousand models."""
        ids, wanted = len(self._choice.ids), set(self.choice["with"])
        n = ids or self.choice["top"] or 1000
        steps = [Step("models" if ids else "listing pages", "huggingface", ids or math.ceil(n / hub.PAGE))]
        steps += [Step("READMEs", "huggingface", n, "resolvers")] if "readme" in wanted else []
        further = {"scan": ("scans", n), "discussions": ("discussion totals or more", n)}
        further |= {"owners": ("owners", math.ceil(n / 4)), "papers": ("papers", math.ceil(n / 3))}
        further |= {"history": ("pages of threads", 2 * n), "spaces": ("lists of Spaces", math.ceil(n / 20))}
        steps += [Step(words, "huggingface", requests) for step, (words, requests) in further.items() if step in wanted]
        if "citations" in wanted:
            steps.append(Step("batches of papers", "semanticscholar", math.ceil(n / 3 / semanticscholar.BATCH)))
        known = ids or self.choice["top"]
        return Plan(tuple(steps), counted(n, "model") if known else "every 1,000 models")

    def collect(self, collector: Collector, tick: Tick) -> None:
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
        cited: dict[str, semanticscholar.Raw] = {}
        if "citations" in self.choice["with"]:
            cited = {raw.paper: raw for raw in semanticscholar.fetch(asker, self._papers(asker))}
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
        said = self.choice
        return hub.Choice(
            ids=tuple(said["ids"]),
            author=said["author"],
            search=said["search"],
            filters=tuple(said["filters"]),
            top=said["top"],
        )


def _with_citations(made: dict[str, Any], cited: list[semanticscholar.Raw]) -> dict[str, Any]:
    counts = [semanticscholar.facts(raw)["citations"] for raw in cited]
    if counts and None not in counts:
        made["citations"] = sum(counts)
        made["_provenance"]["citations"] = [semanticscholar.SOURCE, max(raw.at for raw in cited)[:10]]
    return made


@dataclass(frozen=True)
class Repositories:
    """Repositories of code on GitHub, Gitee, GitCode or OpenI, by `owner/name`."""

    choice: Choice

    def plan(self) -> Plan:
        """See Job."""
        n, source = len(self.choice["ids"]), self.choice["source"]
        if self._batched:
            steps = [Step("queries", source, math.ceil(n / github.BATCH), "graphql")]
        else:
            steps = [Step("repositories", source, 4 * n if source == "github" else n, _bucket(source))]
        if source != "openi":
            steps.append(Step("lists of contributors", source, n, _bucket(source)))
        return Plan(tuple(steps), f"{n:,} repositories" if n != 1 else "1 repository")

    def collect(self, collector: Collector, tick: Tick) -> None:
        """See Job."""
        wanted = list(self.choice["ids"])
        some = [wanted[n : n + github.BATCH] for n in range(0, len(wanted), github.BATCH)]
        batches = some if self._batched else [[one] for one in wanted]
        work(batches, lambda batch: tick(len(list(self._fetch(collector, batch)))), collector)
        tick(sum(1 for _ in _table(collector, self.choice)))

    def rows(self, asker: Replay) -> Iterator[dict[str, Any]]:
        """See Job."""
        wanted = list(self.choice["ids"])
        for n in range(0, len(wanted), github.BATCH):
            yield from map(
                BY_WORD[self.choice["source"]].source.facts, self._fetch(asker, wanted[n : n + github.BATCH])
            )
        yield from _table(asker, self.choice)

    def _fetch(self, asker: Asker, wanted: list[str]) -> Iterator[Any]:
        if self.choice["source"] == "github":
            yield from github.fetch(asker, wanted, batched=self._batched)
        else:
            yield from self._source.fetch(asker, wanted)

    @property
    def _source(self) -> ModuleType:
        return BY_WORD[self.choice["source"]].source

    @property
    def _batched(self) -> bool:
        return self.choice["source"] == "github" and bool(self.choice["batched"])


def _bucket(source: str) -> str:
    return "core" if source == "github" else "api"


@dataclass(frozen=True)
class Platform:
    """What ModelScope, BAAI, OpenDataLab, Semantic Scholar or a table has of what is asked for, each row at a time."""

    choice: Choice

    def plan(self) -> Plan:
        """See Job."""
        source, n = self.choice["source"], len(self.choice["ids"])
        if source == "modelscope":
            steps = (
                Step("models and data sets", source, n),
                Step("pages of owners or more", source, 2 * len(self._owners)),
            )
            return Plan(steps, f"{n + len(self._owners):,} ids and owners")
        requests = {"baai": 1, "semanticscholar": math.ceil(n / semanticscholar.BATCH), "opendatalab": n}
        return Plan(
            (Step("calls", source, requests.get(source, 0)),), "everything" if source == "baai" else f"{n:,} ids"
        )

    @property
    def _owners(self) -> list[str]:
        return [word for word in str(self.choice["author"]).split(",") if word]

    def collect(self, collector: Collector, tick: Tick) -> None:
        """See Job."""

        def one(part: Callable[[], Iterable[dict[str, Any]]]) -> None:
            for row in part():
                if row.get("total_downloads") is not None and "id" in row:
                    collector.store.add_total(_subject(row), row["as_of"], row["total_downloads"])
                tick(1)

        work(self._parts(collector), one, collector)

    def rows(self, asker: Replay) -> Iterator[dict[str, Any]]:
        """See Job."""
        totals = asker.store.totals()
        for part in self._parts(asker):
            for row in part():
                yield with_month(row, totals.get(_subject(row), {}))

    def _parts(self, asker: Asker) -> Iterator[Callable[[], Iterable[dict[str, Any]]]]:
        ids = list(self.choice["ids"])
        match self.choice["source"]:
            case "modelscope":
                for kind in ("models", "datasets"):
                    for owner in self._owners:
                        yield _part(modelscope.facts, modelscope.fetch, asker, kind, owner)
                for one in ids:
                    yield _part(modelscope.facts, modelscope.fetch, asker, self.choice["kind"], "", one)
            case "baai":
                yield _part(baai.facts, baai.fetch, asker)
            case "opendatalab":
                for one in ids:
                    yield _part(opendatalab.facts, opendatalab.fetch, asker, [one])
            case "semanticscholar":
                yield _part(semanticscholar.facts, semanticscholar.fetch, asker, ids)
            case _:  # official pages are only a table
                pass
        if self.choice["table"] or self.choice["source"] == "sites":
            yield lambda: _table(asker, self.choice)


def _subject(row: Mapping[str, Any]) -> str:
    return subject(row.get("source"), row.get("kind"), row.get("id"))


def _part(facts: Callable[[Any], dict[str, Any]], fetch: Callable[..., Iterable[Any]], *given: Any) -> Any:
    return lambda: map(facts, fetch(*given))


def _table(asker: Asker, choice: Choice) -> Iterator[dict[str, Any]]:
    """Yield the rows of a platform's table, or of the bundled list of official pages."""
    source, path = choice["source"], Path(choice["table"]) if choice["table"] else None
    as_of = date.fromisoformat(choice["as_of"])
    if source == "sites":
        yield from map(asdict, imports.official(path, as_of, asker))
    elif path:
        title = {"openi": openi.SOURCE, "opendatalab": opendatalab.SOURCE}[source]
        yield from map(asdict, imports.read(path, title, as_of, asker))


SOURCES: Final[Mapping[str, Callable[[Choice], Job]]] = {
    "huggingface": Models,
    **dict.fromkeys(BY_WORD, Repositories),
    **dict.fromkeys(("modelscope", "baai", "opendatalab", "semanticscholar", "sites"), Platform),
    "organisations": Organisations,
}


def job(choice: Choice) -> Job:
    """Return the job of a choice."""
    return SOURCES[choice["source"]](choice)
