"""Where the organisations' numbers come from: platforms and systems that the seed names, and the rows behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from data.organisations import month as organisations
from data.organisations.month import NAMED, Month
from data.organisations.osir import CONSTANTS, PLATFORMS, SOURCE
from data.organisations.recipes import RECIPES, Recipe
from data.organisations.rollup import Rollup
from data.platforms.registry import BY_HOST
from scoring.scorecards import ORGANISATION
from scoring.types import Factor

NOTHING = "nothing yet"
# A platform of the seed -> the hosts under which hand-kept lists of data sets point to it.
_HOSTS: Mapping[str, tuple[str, ...]] = {
    "GitHub": ("github.com", "github.io"),
    "Google": ("google.com", "googleapis.com", "goo.gle", "goo.gl", "g.co"),
    "Meta": ("meta.com",),
}
_SEED = ("GitHub", "Hugging Face", "ModelScope", "OpenI", "OpenDataLab", "BAAI", "Google", "Meta", "Gitee")
_TITLES = {"BAAI": "BAAI website", "Google": "Google websites", "Meta": "Meta website"}
_FIGURES = {"stars": "stars", "authors": "authors", "commits_last_year": "commits in a year"}


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
    """Return every platform that the seed names, those with nothing yet among them; then what else there is."""
    rows = month.repositories.to_pandas()
    rows["platform"] = rows["source"].map(lambda s: PLATFORMS.get(s, s))
    hosts = _listed_hosts(month)
    systems = [row for row in month.systems if any(row[column] != "" for column in NAMED.values())]
    hosted = {name: [row for row in systems if _host(row) == name] for name in _SEED}
    found = [_platform(name, rows[rows["platform"] == name], hosts, hosted[name]) for name in _SEED]
    known = {suffix for suffixes in _HOSTS.values() for suffix in suffixes}
    elsewhere = sum(n for host, n in hosts.items() if not _of(host, known))
    listed = tuple(i for i, recipe in RECIPES.items() if recipe.listed)
    found.append(Origin("Other websites", "website", "data sets listed by hand", elsewhere, "", listed))
    by_hand = [f.id for f in ORGANISATION.factors if f.weight > 0 and f.id not in RECIPES]
    dated = tuple(i for i in by_hand if i not in CONSTANTS.values())
    count = len(month.ids)
    found.append(Origin(f"{SOURCE}, tables", "kept by hand", "systems and benchmarks", count, month.by_hand, dated))
    constant = tuple(CONSTANTS.values())
    found.append(
        Origin(f"{SOURCE}, constants", "kept by hand", "chips and operators, no date known", count, "", constant)
    )
    return found


def systems(month: Month) -> list[Origin]:
    """Return every system that the seed names, with what is known of its repository by this month."""
    found = []
    by_name = {row["system"]: row for row in month.systems}
    for one in organisations.systems():
        row = by_name.get(one["system"], one)
        known = row["system"] in by_name
        figures = [f"{int(row[c]):,} {word}" for c, word in _FIGURES.items() if row[c] != ""] if known else []
        feeds = tuple(fact for fact, column in NAMED.items() if known and row[column] != "")
        later = "" if known or not any(row[c] for c in _FIGURES) else f"; read on {row['as_of']}, after this month"
        gives = ", ".join(figures) or f"{NOTHING}{later}"
        newest = row["as_of"] if figures else ""
        found.append(
            Origin(row["system"], f"{row['kind']} of {row['organisation']}", gives, len(figures), newest, feeds)
        )
    return found


def uncounted() -> tuple[Factor, ...]:
    """Return the indicators that are declared and weigh nothing, because nobody has counted them everywhere."""
    return tuple(f for f in ORGANISATION.factors if f.weight == 0)


def table(origins: Iterable[Origin]) -> pd.DataFrame:
    """Make a table of origins for a page."""
    return pd.DataFrame(
        {
            "Where": o.name,
            "What it is": o.kind,
            "What comes from it": o.gives,
            "Rows": o.rows,
            "Newest": o.newest or ("no date known" if o.rows else NOTHING),
            "Indicators fed": len(o.feeds),
            "Which": ", ".join(o.feeds) or "none",
        }
        for o in origins
    )


def behind(rolled: Rollup, organisation: str, fact: str = "") -> pd.DataFrame:
    """Return the rows behind a fact of an organisation (default: all), most downloads first; null = unknown."""
    month = rolled.month
    repositories, listed = month.repositories.to_pandas(), month.listed.to_pandas()
    if fact:
        here, there = rolled.behind(organisation, fact)
    else:
        here, there = (np.flatnonzero(t["org"] == organisation) for t in (repositories, listed))
    rows, sites = repositories.iloc[here], listed.iloc[there]
    frames = [
        _rows(rows, rows["name"], rows["source"].map(lambda s: PLATFORMS.get(s, s)), rows["kind"]),
        _rows(sites, sites["dataset_name"], sites["link"].map(lambda a: urlsplit(str(a)).netloc), "dataset"),
    ]
    together = pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)
    return together.sort_values(["Downloads", "Name"], ascending=[False, True], na_position="last", ignore_index=True)


def _host(system: Mapping[str, Any]) -> str:
    host = urlsplit(str(system["repository"])).netloc
    return BY_HOST[host].title if host in BY_HOST else ""


def _platform(name: str, rows: pd.DataFrame, hosts: Mapping[str, int], systems: Sequence[Mapping[str, Any]]) -> Origin:
    kinds = rows["kind"].value_counts()
    listed = sum(n for host, n in hosts.items() if _of(host, _HOSTS.get(name, ())))
    gives = [f"{count:,} {'models' if kind == 'model' else 'data sets'}" for kind, count in kinds.items()]
    gives += [f"{listed:,} data sets listed by hand"] if listed else []
    gives += [f"{len(systems)} named system{'s' if len(systems) > 1 else ''}"] if systems else []
    feeds = [i for i, recipe in RECIPES.items() if _fed(rows, recipe) or (listed and recipe.listed)]
    feeds += [fact for fact, column in NAMED.items() if any(row[column] != "" for row in systems)]
    days = [str(d) for d in rows["date_crawl"].dropna()] + [str(row["as_of"]) for row in systems]
    newest = max(days, default="")
    kind = "website" if name in _TITLES else "platform"
    said = ", ".join(gives) or NOTHING
    return Origin(_TITLES.get(name, name), kind, said, len(rows) + listed, newest, tuple(feeds))


def _fed(rows: pd.DataFrame, recipe: Recipe) -> bool:
    column = recipe.field or recipe.by
    mine = rows[rows["kind"] == recipe.kind]
    if column and column not in rows:
        return False
    return bool((mine[recipe.field] >= 0).any()) if recipe.field else bool(len(mine))


def _rows(rows: pd.DataFrame, names: Any, platform: Any, kind: Any) -> pd.DataFrame:
    made = pd.DataFrame({"Name": names, "Platform": platform, "Kind": kind}, index=rows.index)
    made["Kind"] = made["Kind"].replace({"dataset": "data set"})
    for label, column in (("Modality", "modality"), ("Lifecycle", "lifecycle")):
        made[label] = rows[column].replace({"": None, "null": None})
    for label, column in (("Downloads", "downloads_last_month"), ("Likes", "likes"), ("Threads", "community")):
        numbers = rows[column] if column in rows else pd.Series(index=rows.index, dtype="Float64")
        made[label] = numbers.where(numbers >= 0).astype("Int64")
    made.loc[(made["Kind"] == "model") & made["Lifecycle"].isna(), "Lifecycle"] = "not applicable"
    made["Read"] = rows.get("date_crawl")
    if "evidence" in rows:
        counted = rows["evidence"].replace("", None)
        made["Downloads from"] = counted.where(counted.notna() | made["Downloads"].isna(), "counted by the platform")
    made["Link"] = rows["link"].where(rows["link"].str.startswith("https://", na=False))
    return made


def _listed_hosts(month: Month) -> dict[str, int]:
    counts: dict[str, int] = {}
    for address in month.listed["link"].to_pylist():
        host = urlsplit(address or "").netloc
        counts[host] = counts.get(host, 0) + 1
    return counts


def _of(host: str, suffixes: Iterable[str]) -> bool:
    return any(host == s or host.endswith(f".{s}") for s in suffixes)


def model_id(address: object) -> str:
    """Return the id of the model at an address of the Hugging Face Hub, in lower case; empty for anything else."""
    at = urlsplit(str(address or ""))
    return at.path.strip("/").lower() if at.netloc == "huggingface.co" and at.path.count("/") == 2 else ""
