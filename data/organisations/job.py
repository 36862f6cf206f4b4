"""Collecting organisations: their pages on every platform, the named systems, and their repositories of code."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from data.collect.asker import Asker, Watched, digest
from data.collect.collector import Collector, Replay, work
from data.collect.plan import Plan, Step, counted
from data.organisations import activity, history, listings, month
from data.organisations.activity import Code
from data.organisations.build import Collected
from data.organisations.history import History, imported
from data.organisations.listings import Found, Gap, Page, shown
from data.platforms import FORGES, imports, modelscope, word
from data.platforms.baai import BAAI
from data.platforms.github import GITHUB
from data.platforms.hub import ask as hub
from data.platforms.hub.ask import HUB
from data.platforms.modelscope import MODELSCOPE
from data.platforms.opendatalab import OPENDATALAB
from data.platforms.platform import Options
from data.platforms.repository import KINDS, RepositoryKind, RepositoryRow

STEPS: Final = (*listings.STEPS, "systems", "activity")
_ORDER: Final = [one.word for one in (MODELSCOPE, BAAI, HUB, OPENDATALAB)]  # that `published` merges in


@dataclass(frozen=True)
class Organisations:
    """What organisations publish on all their pages, and what forges count of named systems and listed code."""

    choice: Mapping[str, Any]

    @cached_property
    def pages(self) -> list[tuple[Page, tuple[RepositoryKind, ...]]]:
        """The pages to ask, and for which kinds of repository: not for those that the choice's table brings already."""
        given = {(row.org, row.source, row.kind) for row in imported(self._imported(None), History())}
        found = []
        for page in (Page(*page) for page in self.choice["pages"]):
            org, source = page.organisation, word(page.platform)
            kinds = tuple(kind for kind in shown(page) or KINDS if (org, source, kind) not in given)
            found += [(page, kinds)] if kinds else []
        return found

    def plan(self) -> Plan:
        """See Job. How many repositories there will be is what the newest month has of them."""
        rows = history.newest().repositories.select(["org", "source", "kind"]).to_pylist()
        names = {page[0] for page in self.choice["pages"]}
        n = Counter((row["source"], row["kind"]) for row in rows if row["org"] in names)
        handles = Counter(page.platform for page, _ in self.pages)
        models, sets = n[HUB.word, "model"], n[HUB.word, "dataset"]
        pages = 2 * handles[HUB.title] + math.ceil(models / hub.PAGE)
        steps = [HUB.step("pages of the Hub or more", pages if handles[HUB.title] else 0)]
        steps += [HUB.step("discussion totals", models)] if "community" in self.choice["with"] else []
        steps += [HUB.step("counts of use", sets)] if "usage" in self.choice["with"] else []
        more = (n[MODELSCOPE.word, "model"] + n[MODELSCOPE.word, "dataset"]) // modelscope.PAGE
        steps.append(MODELSCOPE.step("pages of ModelScope", 2 * handles[MODELSCOPE.title] + more))
        steps.append(BAAI.step("list of BAAI", handles[BAAI.title]))
        steps.append(OPENDATALAB.step("data sets of OpenDataLab", handles[OPENDATALAB.title]))
        steps += self._systems_plan() if "systems" in self.choice["with"] else []
        steps += activity.plan(self._code)
        return Plan(tuple(steps), f"{counted(len(names), 'organisation')} on {counted(len(self.pages), 'page')}")

    def _systems_plan(self) -> Iterator[Step]:
        for host, repositories in self._repositories().items():
            forge, n = FORGES[host], len(repositories)
            if forge is GITHUB and self.choice["batched"]:
                yield forge.step("query", 1, "graphql")
                yield forge.step("lists of contributors", n, "core")
            else:
                calls, bucket = (5, "core") if forge is GITHUB else (2, "api")
                yield forge.step(f"counts of systems on {forge.title}", n * calls, bucket)

    def collect(self, collector: Collector, tick: Callable[[int], None]) -> None:
        """See Job. Totals since the beginning are remembered by day: a later collection needs them."""
        wanted = set(self.choice["with"])

        def one(what: tuple[Page, tuple[RepositoryKind, ...]] | str | Code) -> None:
            if isinstance(what, Code):
                activity.row(collector, what, _until(collector))
                tick(1)
                return
            if isinstance(what, str):
                tick(len(list(_count(collector, what, self._repositories()[what], self.choice["batched"]))))
                return
            page, kinds = what
            for found in listings.fetch(collector, page, wanted, kinds):
                if isinstance(found, Found):
                    total = found.listed.facts.get("total_downloads")
                    if total is not None:
                        collector.store.add_total(found.subject, found.listed.at[:10], total)
                    tick(1)

        # What takes the most calls comes last, so that it uses up no quota that the others need.
        work([*(self._repositories() if "systems" in wanted else ()), *self.pages, *self._code], one, collector)
        tick(sum(1 for _ in self._imported(collector)))

    def rows(self, asker: Replay) -> Iterator[dict[str, Any]]:
        """See Job: the repository rows of all organisations."""
        yield from map(asdict, self.read(asker).rows)

    def read(self, asker: Replay) -> Collected:
        """Return everything that the collection brought, rows in the order in which `published` merges them."""
        before = history.earlier(asker.store.totals())
        wanted = self.choice["with"]
        found = [one for page, kinds in self.pages for one in listings.fetch(asker, page, wanted, kinds)]
        rows = [*listings.rows(found, before), *imported(self._imported(None), before)]
        rows.sort(key=lambda row: _ORDER.index(row.source) if row.source in _ORDER else len(_ORDER))
        gaps = [*(one for one in found if isinstance(one, Gap)), *self._unasked(rows)]
        counts: dict[str, Mapping[str, Any]] = {}
        wrong: dict[str, str] = {}
        for host, repositories in self._repositories().items() if "systems" in self.choice["with"] else ():
            watched = Watched(asker)
            for row in _count(watched, host, repositories, self.choice["batched"]):
                counts[f"https://{host}/{row['asked']}".lower()] = row
            wrong |= {host: watched.noted[0][1]} if watched.noted else {}
        return Collected(
            organisations=list(dict.fromkeys(page[0] for page in self.choice["pages"])),
            pages=[page for page, _ in self.pages],
            rows=rows,
            gaps=gaps,
            systems=brought_up_to_date(history.newest_systems(), counts, wrong),
            activity=[activity.row(asker, code, _until(asker)) for code in self._code],
        )

    def _unasked(self, rows: list[RepositoryRow]) -> Iterator[Gap]:
        """Yield a gap for each kind of repository that no page of an organisation could have shown."""
        seen = {(row.org, row.kind) for row in rows}
        for page, kinds in self.pages:
            seen |= {(page.organisation, kind) for kind in kinds if kind in shown(page)}
        for org in dict.fromkeys(page[0] for page in self.choice["pages"]):
            for kind in KINDS:
                if (org, kind) not in seen:
                    yield Gap(Page(org, "", ""), kind, f"None of its pages lists {kind}s.")

    def _imported(self, asker: Asker | None) -> Iterator[RepositoryRow]:
        if not self.choice["table"]:
            return
        names = {page[0].lower(): page[0] for page in self.choice["pages"]}
        for row in imports.read(Path(self.choice["table"]), "table", date.fromisoformat(self.choice["as_of"]), asker):
            name = row.org.lower()
            if name in names:
                yield replace(row, org=names[name])
            elif asker:
                reason = f"{row.org} is not in the table of organisations, so its rows were left out."
                asker.miss(f"table/organisation/{digest(name)}", "refused", reason)

    @cached_property
    def _code(self) -> list[Code]:
        """The repositories of code that are listed of these organisations, where they are asked for."""
        names = {page[0] for page in self.choice["pages"]}
        return activity.listed(names) if "activity" in self.choice["with"] else []

    def _repositories(self) -> dict[str, list[str]]:
        """The repositories of the named systems of these organisations, by host."""
        names = {page[0] for page in self.choice["pages"]}
        found: dict[str, list[str]] = {}
        for row in month.systems():
            address = urlsplit(row["repository"])
            if row["organisation"] in names and address.netloc in FORGES:
                found.setdefault(address.netloc, []).append(address.path.strip("/"))
        return found


def _until(asker: Collector | Replay) -> date:
    """Return the day before which twelve months are counted: that on which the collection began."""
    return date.fromisoformat(asker.store.started[:10])


def _count(asker: Asker, host: str, repositories: list[str], batched: bool) -> Iterator[Mapping[str, Any]]:
    return FORGES[host].rows(asker, {"ids": repositories, "batched": batched})


def brought_up_to_date(
    rows: Iterable[Mapping[str, Any]], counts: Mapping[str, Mapping[str, Any]], wrong: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Bring the named systems up to date with what their platforms count, by the address of the repository.

    A row is of one day: what a platform did not count this time is unknown. One that was not read keeps its day.
    `wrong` says, by host, what went wrong there.
    """
    made = []
    for one in rows:
        address = str(one.get("repository") or "").rstrip("/")
        found, reason = counts.get(address.lower()), wrong.get(urlsplit(address).netloc, "")
        row = {**one, "note": f"not read again: {reason}" if reason and not found else ""}
        if found:
            figures = {column: "" if found.get(fact) is None else found[fact] for column, fact in _COUNTED.items()}
            row |= dict.fromkeys(_UNCOUNTED, "") | figures | {"as_of": found["as_of"], "source": address}
            row["note"] = reason if "" in figures.values() else ""
        made.append(row)
    return made


# A column of the named systems -> the platforms' word for it; and what none of them counts.
_COUNTED: Final = {
    "stars": "stars", "forks": "forks", "open_issues": "open_issues", "commits": "commits", "authors": "contributors",
    "last_commit": "pushed",
}  # fmt: skip
_UNCOUNTED: Final = ("commits_last_year", "authors_last_year")
OPTIONS: Final = Options(takes=("ids", "pages", "table", "as_of", "with"), usual=STEPS, every=STEPS)
