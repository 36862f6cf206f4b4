"""A month of organisations from the live platforms: what is asked, and the snapshot that comes of it.

The pages of the table of organisations are listed, the repositories of the named systems counted. What people count by
hand (systems, benchmarks, chips, data sets on other sites) is carried over from the newest month, with its own date.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from data import folder, organisations, publications
from data.collect import Collector, Replay, work
from data.organisations import Month
from data.plans import Plan, Step
from data.publications import Found, Gap, Known, Page, subject
from data.sources import gitcode, gitee, github, hub, imports, modelscope, openi
from data.sources.asking import Asker
from data.transport.secrets import token

STEPS: Final = (*publications.STEPS, "systems")
# Where a named system's repository lies -> who counts it.
FORGES: Final[Mapping[str, Any]] = {
    "github.com": github, "gitee.com": gitee, "gitcode.com": gitcode, "openi.pcl.ac.cn": openi,
}  # fmt: skip
_FIRST: Final = ("ModelScope", "BAAIData", "HuggingFace", "OpenDataLab")  # the order that `published` merges in


@dataclass(frozen=True, kw_only=True)
class Collected:
    """What a collection brought: repository rows, the pages that were not read to their end, the named systems."""

    rows: list[dict[str, Any]]
    gaps: list[Gap]
    systems: list[dict[str, Any]]


@dataclass(frozen=True)
class Organisations:
    """What organisations publish on all their pages, and what the forges count of the systems that the seed names."""

    choice: Mapping[str, Any]

    @cached_property
    def pages(self) -> list[Page]:
        """The pages to ask: those of the choice, without the platforms that its table brings already."""
        given = {(row["org"], row["source"]) for row in publications.imported(self._imported(None), Known())}
        every = (Page(*page) for page in self.choice["pages"])
        return [p for p in every if (p.organisation, publications.PLATFORMS.get(p.platform)) not in given]

    def plan(self) -> Plan:
        """See Job. How many repositories there will be is what the newest month has of them."""
        rows = newest().repositories.select(["org", "source", "kind"]).to_pylist()
        names = {p.organisation for p in self.pages}
        n = Counter((row["source"], row["kind"]) for row in rows if row["org"] in names)
        handles = Counter(p.platform for p in self.pages)
        models, sets = n["HuggingFace", "model"], n["HuggingFace", "dataset"]
        pages = 2 * handles["Hugging Face"] + math.ceil(models / hub.PAGE)
        steps = [Step("or more pages of the Hub", "huggingface", pages if handles["Hugging Face"] else 0)]
        steps += [Step("discussion totals", "huggingface", models)] if "community" in self.choice["with"] else []
        steps += [Step("counts of use", "huggingface", sets)] if "usage" in self.choice["with"] else []
        there = (n["ModelScope", "model"] + n["ModelScope", "dataset"]) // modelscope.PAGE
        steps.append(Step("pages of ModelScope", "modelscope", 2 * handles["ModelScope"] + there))
        steps.append(Step("list of BAAI", "baai", handles["BAAI"]))
        steps.append(Step("data sets of OpenDataLab", "opendatalab", handles["OpenDataLab"]))
        steps += self._systems_plan() if "systems" in self.choice["with"] else []
        return Plan(tuple(steps), f"{len(names)} organisations on {len(self.pages)} pages")

    def _systems_plan(self) -> Iterator[Step]:
        for host, repositories in self._repositories().items():
            if FORGES[host] is github and token("github"):
                yield Step("query", "github", 1, "graphql")
                yield Step("lists of contributors", "github", len(repositories), "core")
            else:
                source = FORGES[host].__name__.rpartition(".")[2]
                calls = len(repositories) * (5 if FORGES[host] is github else 2)
                yield Step(
                    f"counts of systems on {FORGES[host].SOURCE}",
                    source,
                    calls,
                    "core" if FORGES[host] is github else "api",
                )

    def collect(self, collector: Collector, tick: Callable[[int], None]) -> None:
        """See Job. Totals since the beginning are remembered by day: a later collection needs them."""
        wanted = set(self.choice["with"])

        def one(what: Page | str) -> None:
            if isinstance(what, str):
                tick(len(list(_count(collector, what, self._repositories()[what]))))
                return
            for found in publications.fetch(collector, what, wanted):
                if isinstance(found, Found):
                    total = found.said.get("total_downloads")
                    if total is not None:
                        source = publications.PLATFORMS[what.platform]
                        collector.run.add_total(subject(source, found.kind, found.id), found.at[:10], total)
                    tick(1)

        work([*(self._repositories() if "systems" in wanted else ()), *self.pages], one, collector)
        tick(sum(1 for _ in self._imported(collector)))

    def rows(self, asker: Replay) -> Iterator[dict[str, Any]]:
        """See Job: the repository rows of all organisations."""
        yield from self.read(asker).rows

    def read(self, asker: Replay) -> Collected:
        """Return everything that the collection brought, rows in the order in which `published` merges them."""
        known = _learn(asker.run.totals())
        found = [one for page in self.pages for one in publications.fetch(asker, page, self.choice["with"])]
        rows = [*publications.rows(found, known), *publications.imported(self._imported(None), known)]
        place = {source: n for n, source in enumerate(_FIRST)}
        rows.sort(key=lambda row: place.get(row["source"], len(place)))
        gaps = [*(one for one in found if isinstance(one, Gap)), *self._unasked(rows)]
        forged: dict[str, Mapping[str, Any]] = {}
        for host, repositories in self._repositories().items() if "systems" in self.choice["with"] else ():
            for row in _count(asker, host, repositories):
                forged[f"https://{host}/{row['repository']}".lower()] = row
        return Collected(rows=rows, gaps=gaps, systems=brought_up_to_date(organisations.systems(), forged))

    def _unasked(self, rows: list[dict[str, Any]]) -> Iterator[Gap]:
        """Yield a gap for each kind of repository that no page of an organisation could have shown."""
        known = {(row["org"], row["kind"]) for row in rows}
        for page in (Page(*page) for page in self.choice["pages"]):
            known |= {(page.organisation, kind) for kind in publications.LISTED.get(page.platform, ())}
        for org in dict.fromkeys(page[0] for page in self.choice["pages"]):
            for kind in publications.KINDS:
                if (org, kind) not in known:
                    yield Gap(Page(org, "", ""), kind, f"None of its pages lists {kind}s.")

    def _imported(self, asker: Asker | None) -> Iterator[dict[str, Any]]:
        if self.choice["table"]:
            as_of = date.fromisoformat(self.choice["as_of"])
            yield from imports.read(Path(self.choice["table"]), "table", as_of, asker)

    def _repositories(self) -> dict[str, list[str]]:
        """The repositories of the named systems of these organisations, by host."""
        names = {page[0] for page in self.choice["pages"]}
        found: dict[str, list[str]] = {}
        for row in organisations.systems():
            address = urlsplit(row["repository"])
            if row["organisation"] in names and address.netloc in FORGES:
                found.setdefault(address.netloc, []).append(address.path.strip("/"))
        return found


def _count(asker: Asker, host: str, repositories: list[str]) -> Iterator[Mapping[str, Any]]:
    yield from map(FORGES[host].facts, FORGES[host].fetch(asker, repositories))


def pages(path: Path | None, only: Iterable[str] = ()) -> list[Page]:
    """Return the pages of the table of organisations (default: the curated one); ValueError for one that is no table.

    OpenDataLab lists nothing: in place of an organisation's page come the data sets that the newest month has of it.
    """
    every = publications.read_pages(path or organisations.CURATED / "organisation_pages.csv")
    wanted = {name.lower() for name in only}
    kept = [page for page in every if not wanted or page.organisation.lower() in wanted]
    missing = wanted - {page.organisation.lower() for page in kept}
    if missing:
        known = ", ".join(sorted({page.organisation for page in every}, key=str.lower))
        raise ValueError(f"The table of organisations does not have {', '.join(sorted(missing))}; it has {known}.")
    names = {page.organisation for page in kept if page.platform == "OpenDataLab" and not page.handle}
    sets = opendatalab_pages(newest().repositories.to_pylist()) if names else []
    kept = [page for page in kept if page.platform != "OpenDataLab" or page.handle]
    return [*kept, *(page for page in sets if page.organisation in names)]


def build(job: Organisations, asker: Replay, into: Path | None = None) -> tuple[Path, int, list[Gap]]:
    """Build the month of a collection; returns its folder, how many repository rows it has, and its gaps."""
    got = job.read(asker)
    if not got.rows:
        raise folder.SnapshotError(f"{asker.run.folder} holds no repository of any organisation; nothing was built.")
    before = newest()
    taken = max(row["date_crawl"] for row in got.rows)
    # A data set of the list kept by hand that a table brings as well must not count twice.
    brought = {(row["org"], row["name"]) for row in got.rows}
    listed = [row for row in before.listed.to_pylist() if (row["org"], row["dataset_name"]) not in brought]
    carried = {row["id"]: _by_hand(row) for row in before.facts.to_pylist()}
    ids = list(dict.fromkeys(page[0] for page in job.choice["pages"]))
    facts = [{"id": org} | carried.get(org, {}) | organisations.named(got.systems, org) for org in ids]
    manifest = {
        "rows": len(got.rows),
        "organisations": len(ids),
        "default_source": {"source": "the platforms themselves", "as_of": taken},
        "sources": _sources(got.rows),
        "by_hand": before.by_hand,
        "systems": got.systems,
        "pages": [[page.organisation, page.platform, page.address] for page in job.pages],
        "gaps": [[gap.page.organisation, gap.kind, gap.page.platform, gap.reason] for gap in got.gaps],
    }
    return organisations.write(taken, got.rows, listed, facts, manifest, into), len(got.rows), got.gaps


def newest() -> Month:
    """Return the newest sound month of the snapshots, or else of the bundle."""
    for within in dict.fromkeys((folder.root(), folder.BUNDLED)):
        for taken in reversed(organisations.months(within)):
            try:
                return organisations.load(taken, within)
            except folder.SnapshotError:
                continue
    raise folder.SnapshotError("There is no sound month of organisations, neither yours nor the bundled ones.")


def _learn(totals: Mapping[str, Mapping[str, int]]) -> Known:
    """Read labels and totals from all months there are, and put the totals of a run beside them."""
    rows: list[dict[str, Any]] = []
    columns = ["source", "kind", "org", "repo", "name", "modality", "lifecycle", "total_downloads", "date_crawl"]
    for within in dict.fromkeys((folder.BUNDLED, folder.root())):
        for taken in organisations.months(within):
            try:
                rows += organisations.load(taken, within).repositories.select(columns).to_pylist()
            except folder.SnapshotError:
                continue
    known = publications.learn(rows)
    return Known(
        known.labels, {s: {**known.totals.get(s, {}), **totals.get(s, {})} for s in {**known.totals, **totals}}
    )


def _by_hand(row: Mapping[str, Any]) -> dict[str, Any]:
    return {fact: value for fact, value in row.items() if fact not in ("id", *organisations.NAMED)}


def _sources(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    days: dict[str, list[str]] = {}
    for row in rows:
        days.setdefault(row["source"], []).append(row["date_crawl"])
    return [
        {"name": name, "from": min(each), "to": max(each), "repositories": len(each), "licence": "", "url": ""}
        for name, each in sorted(days.items())
    ]


def opendatalab_pages(rows: Iterable[Mapping[str, Any]]) -> list[Page]:
    """Return the data sets of OpenDataLab that earlier months have, as pages: the platform lists none itself."""
    made = []
    for one in rows:
        if one.get("source") == "OpenDataLab" and (path := urlsplit(str(one.get("link") or "")).path.strip("/")):
            made.append(Page(str(one.get("org") or ""), "OpenDataLab", path, str(one["link"])))
    return list(dict.fromkeys(made))


def brought_up_to_date(
    rows: Iterable[Mapping[str, Any]], forged: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Bring the named systems up to date with what their forges count: rows by the address of the repository."""
    made = []
    for one in rows:
        found = forged.get(str(one.get("repository") or "").rstrip("/").lower())
        fresh = {}
        if found:
            pairs = {"stars": "stars", "forks": "forks", "open_issues": "open_issues", "commits": "commits"}
            pairs |= {"contributors": "authors", "pushed": "last_commit"}
            fresh = {column: found[fact] for fact, column in pairs.items() if found.get(fact) is not None}
            fresh |= {"as_of": found["as_of"], "source": one["repository"]} if fresh else {}
        made.append({**one, **fresh})
    return made
