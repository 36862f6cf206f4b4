"""Where the organisations' numbers come from: the evidence of each, the rows behind it, and the platforms and systems.

`evidence` needs no pandas; what becomes a table of a page does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np

from data.collect.plan import counted
from data.organisations import tables
from data.organisations.month import NAMED, Month
from data.organisations.month import systems as named_systems
from data.organisations.osir import CONSTANTS, SOURCE, URL
from data.organisations.phrases import KEPT
from data.organisations.rollup import RECIPES, Positions, Recipe, Rollup, blank, lost, numbers, texts
from data.platforms import ALL, FORGES, title
from scoring.reasons.influence import name as written
from scoring.reasons.receipt import day
from scoring.scorecards import ORGANISATION
from scoring.types import Evidence, State

if TYPE_CHECKING:
    import pandas as pd

NOTHING = "nothing yet"
# The hosts under which a data set that is listed by hand is one of a platform, or of a website that the seed names.
_HOSTS: Mapping[str, tuple[str, ...]] = {
    **{one.title: one.hosts for one in ALL},
    "Google": ("google.com", "googleapis.com", "goo.gle", "goo.gl", "g.co"),
    "Meta": ("meta.com",),
}
_SEED = ("GitHub", "Hugging Face", "ModelScope", "OpenI", "OpenDataLab", "BAAI", "Google", "Meta", "Gitee")
_TITLES = {"BAAI": "BAAI website", "Google": "Google websites", "Meta": "Meta website"}
_FIGURES = {"stars": "stars", "authors": "authors", "commits_last_year": "commits in a year"}
_KINDS = {"model": "model", "dataset": "data set"}
_LABEL = {"modality": "kind of data", "lifecycle": "stage of training", "industry": "industry"}


def evidence(rolled: Rollup, organisation: str, fact: str) -> Evidence:
    """Return where a fact of an organisation comes from; `note` says how many rows, or what is not known of it."""
    value = rolled.facts[fact][rolled.month.ids.index(organisation)].as_py()
    state: State = "unknown" if value is None else "known" if value else "absent"
    if value is None:
        found = _Found(note=_why_unknown(rolled, organisation, fact))
    elif fact in RECIPES:
        found = _from_rows(rolled, organisation, fact)
    elif fact in rolled.month.kept:
        known = rolled.month.known(organisation, fact)
        found = _Found(known.source, known.url, known.as_of, known.note)
    elif fact in NAMED:
        found = _from_systems(rolled.month, organisation, fact)
    elif fact in CONSTANTS.values():
        found = _Found(SOURCE, URL, "", "kept by hand; no date and no source is known")
    else:
        found = _Found(SOURCE, URL, rolled.month.by_hand, "kept by hand")
    return Evidence(subject=organisation, fact=fact, value=value, state=state, **found._asdict())


class _Found(NamedTuple):
    source: str = ""
    url: str = ""
    as_of: str = ""
    note: str = ""


def _from_rows(rolled: Rollup, organisation: str, fact: str) -> _Found:
    month = rolled.month
    rows, listed = rolled.behind(organisation, fact)
    if not len(rows) and not len(listed):
        source = "the platforms" if month.collected else SOURCE
        return _Found(source, month.page(organisation), month.taken, "no repository found")
    platforms = {title(str(source)) for source in set(texts(month.repositories, "source")[rows])}
    names = [*sorted(platforms), *(["other sites"] if len(listed) else [])]
    days = [d for d in texts(month.repositories, "date_crawl")[rows] if d]
    note = counted(len(rows) + len(listed), "row") + _doubts(rolled, organisation, fact, rows)
    note += _totals(rolled, fact, rows) + _found_by(rolled, organisation, fact, rows, listed)
    return _Found(", ".join(names), month.page(organisation), max(days, default=month.taken), note)


def _from_systems(month: Month, organisation: str, fact: str) -> _Found:
    rows = [row for row in month.systems if row["organisation"] == organisation and row[NAMED[fact]] != ""]
    titles = dict.fromkeys(_platform_of(row["repository"]) for row in rows)
    dated = ", ".join(f"{row['system']} ({day(row['as_of'])})" for row in rows)
    note = ". ".join([dated, *(row["note"] for row in rows if row.get("note"))])
    return _Found(", ".join(titles), rows[0]["source"], max(row["as_of"] for row in rows), note)


def _doubts(rolled: Rollup, organisation: str, fact: str, rows: Positions) -> str:
    """Say what in a number is unknown: rows without a value, repositories without a label."""
    recipe, clauses = RECIPES[fact], ""
    if recipe.field and recipe.field != "parameters":
        values = numbers(rolled.month.repositories, recipe.field)[rows]
        unknown = int(np.count_nonzero(np.isnan(values) | (values < 0)))
        clauses = f", {unknown:,} of them unknown, so it is at least this" if unknown else ""
    unlabelled = _unlabelled(rolled, organisation, fact)
    return clauses + (f"; {unlabelled:,} more {_lack_label(unlabelled, recipe)}" if unlabelled else "")


def _found_by(rolled: Rollup, organisation: str, fact: str, rows: Positions, listed: Positions) -> str:
    """Say from where the sizes of models are known, and by which words data sets of an industry were found."""
    recipe, table = RECIPES[fact], rolled.month.repositories
    if recipe.by == "industry":
        found = [*texts(table, "industry_words")[rows], *texts(rolled.month.listed, "industry_words")[listed]]
        words = Counter(word for text in found for word in str(text).split("; "))
        return f"; found by {', '.join(f'{word} ({n})' for word, n in words.most_common(6))}"
    if recipe.field != "parameters":
        return ""
    sizes = Counter(str(text) for text in texts(table, "parameters_from")[rows] if text)
    of = rolled.merged[recipe.kind]
    mine = of.numbers["parameters"][of.org == rolled.month.ids.index(organisation)]
    known = f"; {np.count_nonzero(~np.isnan(mine)):,} of {counted(len(mine), 'model')} have a known size"
    return known + f", by {', '.join(f'{source} ({n})' for source, n in sizes.most_common())}"


def _lack_label(number: int, recipe: Recipe) -> str:
    return f"{'has' if number == 1 else 'have'} no known {_LABEL[recipe.by]}"


def _unlabelled(rolled: Rollup, organisation: str, fact: str) -> int:
    """Count the merged repositories that could belong to a fact and bear no label."""
    recipe, month = RECIPES[fact], rolled.month
    if not recipe.by or not month.has(recipe.by):
        return 0
    of = rolled.merged[recipe.kind]
    mine = of.org == month.ids.index(organisation)
    return int(np.count_nonzero(mine & blank(of.labels[recipe.by])))


def _why_unknown(rolled: Rollup, organisation: str, fact: str) -> str:
    """Say why a fact is unknown: its listing was not read to the end, or nothing of it is known for certain."""
    recipe, month = RECIPES.get(fact), rolled.month
    if recipe is None and fact in month.kept:
        return month.known(organisation, fact).note
    if recipe is None:
        return _why_uncounted(month, organisation) if fact in NAMED else ""
    if gap := month.gaps.get((organisation, recipe.kind)):
        return gap
    rows, _ = rolled.behind(organisation, fact)
    if not len(rows):
        unlabelled = _unlabelled(rolled, organisation, fact)
        return f"none found, and {unlabelled:,} {_lack_label(unlabelled, recipe)}" if unlabelled else "none found"
    gone = int(np.count_nonzero(lost(month, recipe.field, rows))) if recipe.field else 0
    if gone:
        return f"{gone:,} of {counted(len(rows), 'row')} could not be read, so the sum is unknown"
    return f"{counted(len(rows), 'row')}, none of them known{_totals(rolled, fact, rows)}"


def _why_uncounted(month: Month, organisation: str) -> str:
    """Say why nothing is known of an organisation's named systems."""
    notes = {row["system"]: row.get("note") for row in month.systems if row["organisation"] == organisation}
    own = [row["system"] for row in named_systems() if row["organisation"] == organisation]
    words = ". ".join(f"{system}: {notes.get(system) or 'not counted'}" for system in own)
    return words or "none of the named systems is its own"


def _totals(rolled: Rollup, fact: str, rows: Positions) -> str:
    """Return an example of the totals that downloads are differences of, or of why there is no difference."""
    month = rolled.month
    if RECIPES[fact].field != "downloads_last_month" or not month.has("evidence"):
        return ""
    example = next((str(text) for text in texts(month.repositories, "evidence")[rows] if text), "")
    return f"; differences of totals, for example: {example}" if example else ""


@dataclass(frozen=True, slots=True)
class Origin:
    """A platform or system: what comes from it this month, how many rows, their newest day, what they feed."""

    name: str
    kind: str
    gives: str
    rows: int
    newest: str
    feeds: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing has come from it yet."""
        return not self.rows and not self.feeds


def platforms(month: Month) -> list[Origin]:
    """Return every platform that the seed names or that can be asked, also with nothing yet, and what else there is."""
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in month.repositories.to_pylist():
        rows.setdefault(title(row["source"] or "unknown"), []).append(row)
    hosts = Counter(urlsplit(address or "").netloc for address in month.listed["link"].to_pylist())
    names = dict.fromkeys((*_SEED, *(one.title for one in ALL if one.hosts), *rows))
    found = [_platform(month, name, rows.get(name, ()), _listed(hosts, _HOSTS.get(name, ()))) for name in names]
    elsewhere = hosts.total() - sum(_listed(hosts, suffixes) for suffixes in _HOSTS.values())
    listed = tuple(i for i, recipe in RECIPES.items() if recipe.listed)
    constants = tuple(CONSTANTS.values())
    kept = month.kept
    elsewhere_from = {*RECIPES, *kept, *NAMED, *constants}
    dated = tuple(f.id for f in ORGANISATION.factors if f.id not in elsewhere_from)
    chips, n = "chips and operators, no date known", len(month.ids)
    return [
        *found,
        Origin("Other websites", "website", "data sets listed by hand", elsewhere, "", listed),
        Origin(f"{SOURCE}, tables", "kept by hand", "systems and benchmarks", n, month.by_hand, dated),
        Origin(f"{SOURCE}, constants", "kept by hand", chips, n, "", constants),
        *(_kept(name, gives, kept, facts) for name, gives, facts in KEPT),
    ]


def _kept(name: str, gives: str, kept: Mapping[str, Mapping[str, tables.Known]], facts: tuple[str, ...]) -> Origin:
    """Return what a curated table gives in a month: its organisations as rows."""
    known = [one for fact in facts for one in kept[fact].values() if one.value is not None]
    return Origin(name, "kept by hand", gives, len(known), max((one.as_of for one in known), default=""), facts)


def systems(month: Month) -> list[Origin]:
    """Return every system that the seed names, with what is known of its repository by this month."""
    found = []
    by_name = {row["system"]: row for row in month.systems}
    for listed in named_systems():
        row = by_name.get(listed["system"], listed)
        known = row["system"] in by_name
        figures = [f"{int(row[c]):,} {word}" for c, word in _FIGURES.items() if row[c] != ""] if known else []
        feeds = tuple(fact for fact, column in NAMED.items() if known and row[column] != "")
        later = "" if known or not any(row[c] for c in _FIGURES) else f"; read on {day(row['as_of'])}, after this month"
        gives, newest = ", ".join(figures) or f"{NOTHING}{later}", row["as_of"] if figures else ""
        kind = f"{row['kind']} of {written(row['organisation'])}"
        found.append(Origin(row["system"], kind, gives, len(figures), newest, feeds))
    return found


def _platform(month: Month, name: str, rows: Sequence[Mapping[str, Any]], listed: int) -> Origin:
    systems = _systems_on(month, name)
    gives = [counted(n, _KINDS[kind]) for kind, n in Counter(row["kind"] for row in rows).most_common()]
    gives += [f"{counted(listed, 'data set')} listed by hand"] if listed else []
    gives += [counted(len(systems), "named system")] if systems else []
    feeds = [i for i, recipe in RECIPES.items() if _feeds(month, rows, recipe) or (listed and recipe.listed)]
    feeds += [fact for fact, column in NAMED.items() if any(row[column] != "" for row in systems)]
    days = [row["date_crawl"] or "" for row in rows] + [str(row["as_of"]) for row in systems]
    return Origin(
        name=_TITLES.get(name, name),
        kind="website" if name in _TITLES else "platform",
        gives=", ".join(gives) or NOTHING,
        rows=len(rows) + listed,
        newest=max(days, default=""),
        feeds=tuple(feeds),
    )


def _systems_on(month: Month, platform: str) -> list[Mapping[str, Any]]:
    """Return the named systems of which a platform has counted something."""
    read = [row for row in month.systems if any(row[column] != "" for column in _FIGURES)]
    return [row for row in read if _platform_of(str(row["repository"])) == platform]


def _feeds(month: Month, rows: Iterable[Mapping[str, Any]], recipe: Recipe) -> bool:
    if not month.has(recipe.field or recipe.by):
        return False
    own = (row for row in rows if row["kind"] == recipe.kind)
    return any(not recipe.field or (row[recipe.field] is not None and row[recipe.field] >= 0) for row in own)


def _platform_of(address: str) -> str:
    """Return the name of the platform on which a repository of code lies, or its host."""
    host = urlsplit(address).netloc
    return FORGES[host].title if host in FORGES else host


def _listed(hosts: Mapping[str, int], suffixes: Iterable[str]) -> int:
    """Count the listed data sets on hosts, or hosts below them."""
    return sum(n for host, n in hosts.items() if any(host == s or host.endswith(f".{s}") for s in suffixes))


def table(origins: Iterable[Origin]) -> pd.DataFrame:
    """Make a table of origins for a page."""
    import pandas as pd

    return pd.DataFrame(
        {
            "Where": o.name,
            "What it is": o.kind,
            "What comes from it": o.gives,
            "Rows": o.rows,
            "Newest": day(o.newest) or ("no date known" if o.rows else NOTHING),
            "Indicators fed": len(o.feeds),
            "Which": in_words(o.feeds) or "none",
        }
        for o in origins
    )


def in_words(feeds: Iterable[str]) -> str:
    """Name indicators as people write them, under their dimensions: Data: Likes; Model: Downloads, Likes."""
    fed = set(feeds)
    named = ((c.label, [f.label for f in c.factors if f.id in fed]) for c in ORGANISATION.categories)
    return "; ".join(f"{label}: {', '.join(labels)}" for label, labels in named if labels)


def behind(rolled: Rollup, organisation: str, fact: str = "") -> pd.DataFrame:
    """Return the rows behind a fact of an organisation (default: all), most downloads first; null = unknown."""
    import pandas as pd

    month = rolled.month
    repositories, listed = month.repositories.to_pandas(), month.listed.to_pandas()
    if fact:
        here, there = rolled.behind(organisation, fact)
    else:
        here, there = (np.flatnonzero(t["org"] == organisation) for t in (repositories, listed))
    rows, sites = repositories.iloc[here], listed.iloc[there]
    frames = [
        _rows(rows, rows["name"], rows["source"].map(title, na_action="ignore"), rows["kind"]),
        _rows(sites, sites["dataset_name"], sites["link"].map(lambda a: urlsplit(str(a)).netloc), "dataset"),
    ]
    together = pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)
    return together.sort_values(["Downloads", "Name"], ascending=[False, True], na_position="last", ignore_index=True)


def _rows(rows: pd.DataFrame, names: Any, platform: Any, kind: Any) -> pd.DataFrame:
    import pandas as pd

    made = pd.DataFrame({"Name": names, "Platform": platform, "Kind": kind}, index=rows.index)
    made["Kind"] = made["Kind"].replace(_KINDS)
    for label, column in (("Modality", "modality"), ("Lifecycle", "lifecycle")):
        made[label] = rows[column].replace({"": None, "null": None})
    for label, column in (("Downloads", "downloads_last_month"), ("Likes", "likes"), ("Threads", "community")):
        counts = rows[column] if column in rows else pd.Series(index=rows.index, dtype="Float64")
        made[label] = counts.where(counts >= 0).astype("Int64")
    sizes = rows["parameters"] if "parameters" in rows else pd.Series(index=rows.index, dtype="Float64")
    made["Billion parameters"] = (sizes / 1e9).round(2).astype("Float64")
    made["Parameters from"] = rows.get("parameters_from")
    made["Industry"] = rows["industry_words"].replace("", None)
    made.loc[(made["Kind"] == "model") & made["Lifecycle"].isna(), "Lifecycle"] = "not applicable"
    made["Read"] = rows.get("date_crawl")
    if "evidence" in rows:
        counted = rows["evidence"].replace("", None)
        made["Downloads from"] = counted.where(counted.notna() | made["Downloads"].isna(), "counted by the platform")
    made["Link"] = rows["link"].where(rows["link"].str.startswith("https://", na=False))
    return made


def model_id(address: object) -> str:
    """Return the id of the model at an address of the Hugging Face Hub, in lower case; empty for anything else."""
    at = urlsplit(str(address or ""))
    return at.path.strip("/").lower() if at.netloc == "huggingface.co" and at.path.count("/") == 2 else ""
