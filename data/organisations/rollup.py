"""From repository rows to organisation facts: merge over platforms, count, sum.

A repository that an organisation has on several platforms, or under several of its names, is one: rows are merged by
organisation and name. Two readings of the same rows:

- `documented`: what is negative or no number is unknown and stays out of a sum; modality and lifecycle come from the
  merged repository's row with most downloads. The order of the rows never matters.
- `published`: what the reference project did: modality and lifecycle from the first row, sums of likes, threads and
  uses with the sentinels in them. The order of the rows matters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from data.organisations.month import Month
from data.organisations.osir import NUMBERS
from data.organisations.recipes import RECIPES, Kind, Recipe
from scoring.scorecards import ORGANISATION

TELLS_ALL = "HuggingFace"  # the platform that tells every number of what it lists
Reading = Literal["documented", "published"]
Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

_UNLABELLED = ("", "null")


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The merged repositories of one kind: row positions, the group of each row, and what each group says (m)."""

    rows: Positions
    group: Positions
    org: NDArray[np.intp]
    chosen: Positions
    labels: Mapping[str, NDArray[np.object_]]
    numbers: Mapping[str, Floats]


@dataclass(frozen=True, kw_only=True)
class Rollup:
    """The organisation facts of a month under one reading, each traceable to the rows behind it."""

    month: Month
    reading: Reading
    facts: pa.Table
    merged: Mapping[str, Merged]

    def behind(self, organisation: str, fact: str) -> tuple[Positions, Positions]:
        """Return the rows of `month.repositories` and of `month.listed` that a fact of an organisation comes from.

        Both are empty for a fact that is kept by hand, and for a count of nothing.
        """
        nothing = np.array([], dtype=np.intp)
        recipe = RECIPES.get(fact)
        if recipe is None or not self.month.has(recipe.field or recipe.by):
            return nothing, nothing
        merged = self.merged[recipe.kind]
        mine = merged.org == self.month.ids.index(organisation)
        if recipe.by:
            mine &= merged.labels[recipe.by] == recipe.label
        rows = merged.rows[mine[merged.group]]
        if not recipe.listed:
            return rows, nothing
        here = (texts(self.month.listed, "org") == organisation) & (texts(self.month.listed, recipe.by) == recipe.label)
        return rows, np.flatnonzero(here)


def rollup(month: Month, reading: Reading = "documented") -> Rollup:
    """Roll the rows of a month up to a table of facts: `id` and a column a fact of ORGANISATION (null = unknown)."""
    merged = {kind: _merge(month, kind, reading) for kind in ("model", "dataset")}
    columns: dict[str, Any] = {"id": month.facts["id"]}
    for fact in ORGANISATION.reads:
        if fact in RECIPES:
            columns[fact] = _column(_fact(month, merged, RECIPES[fact]))
        elif fact in month.facts.column_names:
            columns[fact] = month.facts[fact]
        else:  # declared, and nobody has counted it yet
            columns[fact] = pa.nulls(len(month.ids), pa.float64())
    return Rollup(month=month, reading=reading, facts=pa.table(columns), merged=merged)


def _merge(month: Month, kind: Kind, reading: Reading) -> Merged:
    table = month.repositories
    fields = [name for name in (*NUMBERS, "parameters") if month.has(name)]
    rows = np.flatnonzero(texts(table, "kind") == kind)
    orgs, names = texts(table, "org")[rows], texts(table, "name")[rows]
    groups: dict[tuple[str, str], int] = {}
    group = np.array([groups.setdefault(key, len(groups)) for key in zip(orgs, names, strict=True)], dtype=np.intp)
    place = {org: n for n, org in enumerate(month.ids)}
    known = {name: numbers(table, name)[rows] for name in fields}
    words = {name: texts(table, name)[rows] for name in ("modality", "lifecycle", "industry") if month.has(name)}
    if reading == "published" and not month.collected:  # a collected month has no sentinels that could be summed
        summed = {name: _sum(group, _as_published(name, values), len(groups)) for name, values in known.items()}
    else:
        known = {name: np.where(values < 0, np.nan, values) for name, values in known.items()}
        summed = {name: _sum_known(group, values, len(groups)) for name, values in known.items()}
    match reading:
        case "published":
            first = np.full(len(groups), len(rows), dtype=np.intp)
            np.minimum.at(first, group, np.arange(len(rows)))
        case "documented":
            first = _most_downloaded(group, known["downloads_last_month"], words)
    return Merged(
        rows=rows,
        group=group,
        org=np.array([place.get(org, -1) for org, _ in groups], dtype=np.intp),
        chosen=rows[first],
        labels={name: values[first] for name, values in words.items()},
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
    mine = of.org >= 0
    if recipe.by:
        mine &= of.labels[recipe.by] == recipe.label
    if recipe.unit:
        found = _largest(of.org[mine], of.numbers[recipe.field][mine], n) / recipe.unit
    elif recipe.field:
        found = _sum_known(of.org[mine], of.numbers[recipe.field][mine], n)
    else:
        found = _sum(of.org[mine], np.ones(np.count_nonzero(mine)), n)
    if recipe.listed:
        here = texts(month.listed, "org")[texts(month.listed, recipe.by) == recipe.label]
        found += np.array([np.count_nonzero(here == org) for org in month.ids], dtype=np.float64)
    return np.where(_unsaid(month, of, recipe, found), np.nan, found)


def _unsaid(month: Month, of: Merged, recipe: Recipe, found: Floats) -> NDArray[np.bool_]:
    """Whose (n) number is none: a listing was not read to its end, or a zero in which something is unknown.

    The original files count an unknown label as another one; a collected month must not.
    """
    unread = np.array([(org, recipe.kind) in month.gaps for org in month.ids], dtype=np.bool_)
    if not month.collected:
        return unread
    there = of.org >= 0
    doubtful = blank(of.labels[recipe.by]) if recipe.by else np.zeros(len(there), dtype=np.bool_)
    if recipe.field:
        mine = of.labels[recipe.by] == recipe.label if recipe.by else True
        doubtful |= np.isnan(of.numbers[recipe.field]) & mine
    doubts = np.bincount(of.org[there & doubtful], minlength=len(month.ids))
    unsaid: NDArray[np.bool_] = unread | ((found == 0) & (doubts > 0)) | (_untold(month, of, recipe) > 0)
    return unsaid


def _untold(month: Month, of: Merged, recipe: Recipe) -> NDArray[np.intp]:
    """Count, per organisation (n), the rows of a sum that their platform tells and that are unknown all the same."""
    if not recipe.field or recipe.unit:
        return np.zeros(len(month.ids), dtype=np.intp)
    mine = of.org >= 0
    if recipe.by:
        mine &= of.labels[recipe.by] == recipe.label
    lost = untold(month, recipe.field, of.rows) & mine[of.group]
    return np.bincount(of.org[of.group[lost]], minlength=len(month.ids))


def untold(month: Month, field: str, rows: Positions) -> NDArray[np.bool_]:
    """Say of rows whether a platform that tells a number did not tell it here."""
    table = month.repositories
    lost: NDArray[np.bool_] = np.isnan(numbers(table, field)[rows]) & (texts(table, "source")[rows] == TELLS_ALL)
    return lost


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
    for name in NUMBERS:
        values = numbers(table, name)
        given = set(platform[~np.isnan(values)].tolist())  # what a platform never gives is not missing there
        missing = np.isnan(values) & np.isin(platform, sorted(given))
        unknown[name.replace("_last_month", "").replace("_", " ")] = int(np.count_nonzero((values < 0) | missing))
    unlabelled = np.count_nonzero(blank(texts(table, "modality")))
    ranked = set(month.ids)
    others = sorted({str(org) for org in texts(table, "org")} - ranked)
    parts = [f"{count:,} {name}" for name, count in unknown.items() if count]
    said = f"{month.taken}: {table.num_rows:,} repository rows of {len(ranked)} ranked organisations"
    how = "unknown (negative, missing or no number)"
    if reading == "published":
        how += ", and likes and threads among them summed as they stand"
    said += f"; {how}: {', '.join(parts)}" if parts else ""
    said += f"; {unlabelled:,} rows without a modality" if unlabelled else ""
    unread = sorted({org for org, _ in month.gaps})
    said += f"; not read to the end, so unknown: {', '.join(unread)}" if unread else ""
    return said + (f"; not ranked, for want of system facts: {', '.join(others)}." if others else ".")


def blank(words: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Say which labels are none."""
    return np.array([word is None or word in _UNLABELLED for word in words], dtype=np.bool_)


def texts(table: pa.Table, name: str) -> NDArray[np.object_]:
    """Return a column as objects, None where it is blank."""
    return np.array(table[name].to_pylist(), dtype=object)


def _column(values: Floats) -> pa.Array:
    """Make a column, NaN as null. From buffers, because `pa.array` would import pandas before it looks at a value."""
    known = np.packbits(~np.isnan(values), bitorder="little")
    return pa.Array.from_buffers(pa.float64(), len(values), [pa.py_buffer(known), pa.py_buffer(values)])


def numbers(table: pa.Table, name: str) -> Floats:
    """Return a column as numbers, NaN where it is blank."""
    return np.array(table[name].to_pylist(), dtype=np.float64)  # None becomes NaN
