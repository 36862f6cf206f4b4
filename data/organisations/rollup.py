"""From repository rows to organisation facts: merge over platforms, count, sum.

A repository that an organisation has on several platforms, or under several of its names, is one: rows are merged by
organisation and name. Two readings of the same rows:

- `documented`: what is negative or no number is unknown and stays out of a sum; modality and lifecycle come from the
  merged repository's row with most downloads. The order of the rows never matters.
- `published`: what the reference project did: modality and lifecycle from the first row, sums of likes, threads and
  uses with the sentinels in them. The order of the rows matters.

A recipe a fact says which of the merged repositories count for it, and how.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from data.collect.plan import counted
from data.organisations.columns import of_numbers
from data.organisations.month import Month, described
from data.platforms.hub.ask import HUB
from data.platforms.repository import COUNTS, RepositoryKind
from scoring.engine import measure
from scoring.factors import org_data, org_model
from scoring.reasons.receipt import day
from scoring.scorecards import ORGANISATION
from scoring.types import Measured

Reading = Literal["documented", "published"]
Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

_UNLABELLED = ("", "null")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a fact comes from merged repositories of a kind: those whose `by` is `label`, counted or summed over `field`.

    `listed`: data sets on other sites, which no platform counts downloads of, are added to the count.
    `unit`: of several the largest counts, in this unit, instead of the sum. `least`, `below`: those whose field lies
    between the two are counted, instead of the sum.
    """

    kind: RepositoryKind
    field: str = ""
    by: Literal["", "modality", "lifecycle", "industry"] = ""
    label: str = ""
    listed: bool = False
    unit: float = 0.0
    least: float = 0.0
    below: float = 0.0

    @property
    def sums(self) -> bool:
        """Whether the fact is a sum, which one missing number spoils."""
        return bool(self.field and not self.unit and not self.below)

    def counts(self, of: Merged) -> NDArray[np.bool_]:
        """Say which merged repositories (m) count for the fact."""
        mine = np.ones(len(of.org), dtype=np.bool_) if not self.by else of.labels[self.by] == self.label
        if self.below:
            values = of.numbers[self.field]
            mine &= (values >= self.least) & (values < self.below)
        return mine


def _family(kind: RepositoryKind, by: Literal["modality", "lifecycle"], labels: Mapping[str, str]) -> dict[str, Recipe]:
    dimension, listed = ("data", True) if kind == "dataset" else ("model", False)
    counts = {f"{dimension}_num_{n}": Recipe(kind=kind, by=by, label=w, listed=listed) for n, w in labels.items()}
    field = "downloads_last_month"
    sums = {f"{dimension}_downloads_{n}": Recipe(kind=kind, field=field, by=by, label=w) for n, w in labels.items()}
    return counts | sums


RECIPES: Mapping[str, Recipe] = {
    **_family("dataset", "modality", org_data.MODALITIES),
    **_family("dataset", "lifecycle", org_data.LIFECYCLES),
    "data_dataset_usage": Recipe(kind="dataset", field="dataset_usage"),
    "data_num_industry": Recipe(kind="dataset", by="industry", label="yes", listed=True),
    **_family("model", "modality", org_model.MODALITIES),
    "model_descendants": Recipe(kind="model", field="descendants"),
    "model_likes": Recipe(kind="model", field="likes"),
    "model_issue": Recipe(kind="model", field="community"),
    "model_scale": Recipe(kind="model", field="parameters", unit=1e9),
    **{
        f"model_num_{name}": Recipe(kind="model", field="parameters", least=1e9 * least, below=1e9 * below)
        for name, (_, least, below) in org_model.SIZES.items()
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The merged repositories of one kind: row positions, the group of each row, and what each group says (m)."""

    rows: Positions
    group: Positions
    org: NDArray[np.intp]
    labels: Mapping[str, NDArray[np.object_]]
    numbers: Mapping[str, Floats]


@dataclass(frozen=True, kw_only=True)
class Rollup:
    """The organisation facts of a month under one reading, each traceable to the rows behind it."""

    month: Month
    reading: Reading
    facts: pa.Table
    merged: Mapping[str, Merged]

    @cached_property
    def measured(self) -> Measured:
        """What every indicator measures of them, whatever it weighs."""
        return measure(ORGANISATION, self.facts)

    def behind(self, organisation: str, fact: str) -> tuple[Positions, Positions]:
        """Return the rows of `month.repositories` and of `month.listed` that a fact of an organisation comes from.

        Both are empty for a fact that is kept by hand, and for a count of nothing.
        """
        nothing = np.array([], dtype=np.intp)
        recipe = RECIPES.get(fact)
        if recipe is None or not self.month.has(recipe.field or recipe.by):
            return nothing, nothing
        merged = self.merged[recipe.kind]
        mine = (merged.org == self.month.ids.index(organisation)) & recipe.counts(merged)
        rows = merged.rows[mine[merged.group]]
        if not recipe.listed:
            return rows, nothing
        here = _listed(self.month, recipe)
        return rows, here[texts(self.month.listed, "org")[here] == organisation]


def rollup(month: Month, reading: Reading = "documented") -> Rollup:
    """Roll the rows of a month up to a table of facts: `id` and a column a fact of ORGANISATION (null = unknown)."""
    month = described(month)
    merged = {kind: _merge(month, kind, reading) for kind in ("model", "dataset")}
    columns: dict[str, Any] = {"id": month.facts["id"]}
    for fact in ORGANISATION.reads:
        if fact in RECIPES:
            columns[fact] = of_numbers(_fact(month, merged, RECIPES[fact]))
        elif fact in month.kept:
            columns[fact] = of_numbers(np.array([month.known(org, fact).value for org in month.ids], dtype=np.float64))
        elif fact in month.facts.column_names:
            columns[fact] = month.facts[fact]
        else:  # declared, and nobody has counted it yet
            columns[fact] = pa.nulls(len(month.ids), pa.float64())
    return Rollup(month=month, reading=reading, facts=pa.table(columns), merged=merged)


def _merge(month: Month, kind: RepositoryKind, reading: Reading) -> Merged:
    table = month.repositories
    fields = [name for name in COUNTS if month.has(name)]
    rows = np.flatnonzero(texts(table, "kind") == kind)
    orgs, names = texts(table, "org")[rows], texts(table, "name")[rows]
    groups: dict[tuple[str, str], int] = {}
    group = np.array([groups.setdefault(key, len(groups)) for key in zip(orgs, names, strict=True)], dtype=np.intp)
    place = {org: n for n, org in enumerate(month.ids)}
    values = {name: numbers(table, name)[rows] for name in fields}
    words = {name: texts(table, name)[rows] for name in ("modality", "lifecycle", "industry") if month.has(name)}
    if reading == "published" and not month.collected:  # a collected month has no sentinels that could be summed
        summed = {name: _sum(group, _as_published(name, column), len(groups)) for name, column in values.items()}
    else:
        values = {name: np.where(column < 0, np.nan, column) for name, column in values.items()}
        summed = {name: _sum_known(group, column, len(groups)) for name, column in values.items()}
    summed["parameters"] = _largest(group, numbers(table, "parameters")[rows], len(groups))
    match reading:
        case "published":
            first = np.full(len(groups), len(rows), dtype=np.intp)
            np.minimum.at(first, group, np.arange(len(rows)))
        case "documented":
            first = _most_downloaded(group, values["downloads_last_month"], words)
    return Merged(
        rows=rows,
        group=group,
        org=np.array([place.get(org, -1) for org, _ in groups], dtype=np.intp),
        labels={name: column[first] for name, column in words.items()},
        numbers=summed,
    )


def _as_published(name: str, values: Floats) -> Floats:
    """Prepare a column for the reference project's sums: downloads where positive, everything else as it comes."""
    values = np.nan_to_num(values)
    return np.maximum(values, 0.0) if name == "downloads_last_month" else values


def _most_downloaded(group: Positions, downloads: Floats, words: Mapping[str, NDArray[np.object_]]) -> Positions:
    """Return the position of each group's row with most downloads; of equals a labelled one, then by the labels."""
    text = {name: np.array([w or "" for w in values], dtype=str) for name, values in words.items()}
    blank = np.isin(text["modality"], _UNLABELLED)
    order = np.lexsort((text["lifecycle"], text["modality"], blank, -np.nan_to_num(downloads, nan=-1.0), group))
    _, first = np.unique(group[order], return_index=True)
    chosen: Positions = order[first]
    return chosen


def _fact(month: Month, merged: Mapping[str, Merged], recipe: Recipe) -> Floats:
    """Count or sum the merged repositories of every organisation (n); NaN where there are some and nothing is known."""
    of = merged[recipe.kind]
    n = len(month.ids)
    if not month.has(recipe.field or recipe.by):
        return np.full(n, np.nan)
    mine = (of.org >= 0) & recipe.counts(of)
    if recipe.unit:
        found = _largest(of.org[mine], of.numbers[recipe.field][mine], n) / recipe.unit
    elif recipe.sums:
        found = _sum_known(of.org[mine], of.numbers[recipe.field][mine], n)
    else:
        found = _sum(of.org[mine], np.ones(np.count_nonzero(mine)), n)
    if recipe.listed:
        here = texts(month.listed, "org")[_listed(month, recipe)]
        found += np.array([np.count_nonzero(here == org) for org in month.ids], dtype=np.float64)
    unknown = np.array([(org, recipe.kind) in month.gaps for org in month.ids], dtype=np.bool_)
    if month.collected:  # the original files count an unknown label as another one; a collected month must not
        unknown |= _doubtful(month, of, recipe, mine, found)
    return np.where(unknown, np.nan, found)


def _listed(month: Month, recipe: Recipe) -> Positions:
    """Return the rows of `month.listed` that count for a fact; one that is listed under two kinds of data is one."""
    rows = np.flatnonzero(texts(month.listed, recipe.by) == recipe.label)
    if recipe.by != "industry":
        return rows
    names = (month.listed["org"].to_pylist(), month.listed["dataset_name"].to_pylist())
    unique = {(names[0][row], names[1][row]): row for row in rows[::-1].tolist()}
    return np.sort(np.array([*unique.values()], dtype=np.intp))


def _doubtful(month: Month, of: Merged, recipe: Recipe, mine: NDArray[np.bool_], found: Floats) -> NDArray[np.bool_]:
    """Say whose (n) number rests on what is unknown: a zero of which a part is, or a sum that lost a row."""
    n, there = len(month.ids), of.org >= 0
    doubts = blank(of.labels[recipe.by]) if recipe.by else np.zeros(len(there), dtype=np.bool_)
    if recipe.field and not recipe.below:
        doubts |= np.isnan(of.numbers[recipe.field]) & mine
    doubtful = (found == 0) & (np.bincount(of.org[there & doubts], minlength=n) > 0)
    if recipe.sums:
        gone = lost(month, recipe.field, of.rows) & mine[of.group]
        doubtful |= np.bincount(of.org[of.group[gone]], minlength=n) > 0
    return np.asarray(doubtful, dtype=np.bool_)


def lost(month: Month, field: str, rows: Positions) -> NDArray[np.bool_]:
    """Say of rows whether a number is unknown although their platform gives it: it could not be read.

    Only the Hub gives every number of what it lists.
    """
    table = month.repositories
    blanks = np.isnan(numbers(table, field)[rows])
    return np.asarray(blanks & (texts(table, "source")[rows] == HUB.word), dtype=np.bool_)


def _sum(group: Positions, values: Floats, n: int) -> Floats:
    return np.asarray(np.bincount(group, weights=values, minlength=n), dtype=np.float64)


def _sum_known(group: Positions, values: Floats, n: int) -> Floats:
    """Sum what is known per group: 0 for a group of nothing (a real zero), NaN where nothing in it is known."""
    known = ~np.isnan(values)
    sums = _sum(group, np.where(known, values, 0.0), n)
    asked = np.bincount(group, minlength=n)
    answered = np.bincount(group[known], minlength=n)
    return np.where((asked > 0) & (answered == 0), np.nan, sums)


def _largest(group: Positions, values: Floats, n: int) -> Floats:
    """Return the largest known value of each group, NaN where none is known."""
    most = np.full(n, -np.inf)
    np.maximum.at(most, group[~np.isnan(values)], values[~np.isnan(values)])
    return np.where(np.isinf(most), np.nan, most)


def summary(month: Month, reading: Reading = "documented") -> str:
    """Say in one sentence how many rows a month has and what in them is unknown; nothing is dropped in silence."""
    table = month.repositories
    platform = np.array([f"{k} {s}" for k, s in zip(texts(table, "kind"), texts(table, "source"), strict=True)])
    unknown: Counter[str] = Counter()
    for name in COUNTS:
        values = numbers(table, name)
        given = set(platform[~np.isnan(values)].tolist())  # what a platform never gives is not missing there
        missing = np.isnan(values) & np.isin(platform, sorted(given))
        word = "threads" if name == "community" else name.removesuffix("_last_month").replace("_", " ")
        unknown[word] = int(np.count_nonzero((values < 0) | missing))
    unlabelled = int(np.count_nonzero(blank(texts(table, "modality"))))
    ranked = set(month.ids)
    others = sorted({str(org) for org in texts(table, "org")} - ranked)
    counts = ", ".join(f"{name} of {counted(count, 'row')}" for name, count in unknown.items() if count)
    unread = sorted({org for org, _ in month.gaps})
    how = "unknown (negative, missing or no number)"
    if reading == "published":
        how += ", and likes and threads among them summed as they stand"
    rows, orgs = counted(table.num_rows, "repository row"), counted(len(ranked), "ranked organisation")
    clauses = [f"{day(month.taken)}: {rows} of {orgs}"]
    clauses += [f"{how}: {counts}"] if counts else []
    clauses += [f"{counted(unlabelled, 'row')} without a known kind of data"] if unlabelled else []
    clauses += [f"not read to the end, so unknown: {', '.join(unread)}"] if unread else []
    clauses += [f"not ranked without system facts: {', '.join(others)}"] if others else []
    return "; ".join(clauses) + "."


def blank(words: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Say which labels are missing."""
    return np.array([word is None or word in _UNLABELLED for word in words], dtype=np.bool_)


def texts(table: pa.Table, name: str) -> NDArray[np.object_]:
    """Return a column as objects, None where it is blank."""
    return np.array(table[name].to_pylist(), dtype=object)


def numbers(table: pa.Table, name: str) -> Floats:
    """Return a column as numbers, NaN where it is blank."""
    return np.array(table[name].to_pylist(), dtype=np.float64)  # None becomes NaN
