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

from data.organisations import NAMED, Month, named_systems
from data.sources.osir import CONSTANTS, NUMBERS, PLATFORMS, SOURCE, URL
from scoring.factors import org_data, org_model
from scoring.scorecards import ORGANISATION
from scoring.types import Evidence, State

Reading = Literal["documented", "published"]
Kind = Literal["model", "dataset"]
Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

_UNLABELLED = ("", "null")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a fact comes from merged repositories of a kind: those whose `by` is `label`, counted or summed over `field`.

    `listed`: data sets on other sites, which no platform counts downloads of, are added to the count.
    """

    kind: Kind
    field: str = ""
    by: Literal["", "modality", "lifecycle"] = ""
    label: str = ""
    listed: bool = False


def _family(kind: Kind, by: Literal["modality", "lifecycle"], labels: Mapping[str, str]) -> dict[str, Recipe]:
    dimension, listed = ("data", True) if kind == "dataset" else ("model", False)
    counts = {f"{dimension}_num_{n}": Recipe(kind=kind, by=by, label=w, listed=listed) for n, w in labels.items()}
    field = "downloads_last_month"
    sums = {f"{dimension}_downloads_{n}": Recipe(kind=kind, field=field, by=by, label=w) for n, w in labels.items()}
    return counts | sums


RECIPES: Mapping[str, Recipe] = {
    **_family("dataset", "modality", org_data.MODALITIES),
    **_family("dataset", "lifecycle", org_data.LIFECYCLES),
    "data_dataset_usage": Recipe(kind="dataset", field="dataset_usage"),
    **_family("model", "modality", org_model.MODALITIES),
    "model_descendants": Recipe(kind="model", field="descendants"),
    "model_likes": Recipe(kind="model", field="likes"),
    "model_issue": Recipe(kind="model", field="community"),
}


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
        if recipe is None:
            return nothing, nothing
        merged = self.merged[recipe.kind]
        mine = merged.org == self.month.ids.index(organisation)
        if recipe.by:
            mine &= merged.labels[recipe.by] == recipe.label
        rows = merged.rows[mine[merged.group]]
        if not recipe.listed:
            return rows, nothing
        here = (_texts(self.month.listed, "org") == organisation) & (
            _texts(self.month.listed, recipe.by) == recipe.label
        )
        return rows, np.flatnonzero(here)

    def evidence(self, organisation: str, fact: str) -> Evidence:
        """Return where a fact of an organisation comes from; `note` says how many rows, or what is not known of it."""
        at = self.month.ids.index(organisation)
        value = self.facts[fact][at].as_py()
        state: State = "unknown" if value is None else "known" if value else "absent"
        source, url, as_of, note = self._origin(organisation, fact) if value is not None else ("", "", "", "")
        return Evidence(
            subject=organisation,
            fact=fact,
            value=value,
            state=state,
            source=source,
            url=url,
            as_of=as_of,
            note=note,
        )

    def _origin(self, organisation: str, fact: str) -> tuple[str, str, str, str]:
        """Return source, address, day and note of a known fact."""
        if fact in RECIPES:
            rows, listed = self.behind(organisation, fact)
            if not len(rows) and not len(listed):
                return SOURCE, URL, self.month.taken, "no repository found"
            platforms = dict.fromkeys(PLATFORMS.get(s, s) for s in _texts(self.month.repositories, "source")[rows])
            names = [*sorted(str(p) for p in platforms), *(["other sites"] if len(listed) else [])]
            days = [d for d in _texts(self.month.repositories, "date_crawl")[rows] if d]
            return ", ".join(names), URL, max(days, default=self.month.taken), f"{len(rows) + len(listed):,} rows"
        if fact in NAMED:
            systems = named_systems(organisation, self.month.taken)
            known = [row for row in systems if row[NAMED[fact]]]
            said = ", ".join(row["system"] for row in known)
            return "GitHub", known[0]["source"], max(row["as_of"] for row in known), said
        if fact in CONSTANTS.values():
            return SOURCE, URL, "", "kept by hand; no date and no source is known"
        return SOURCE, URL, self.month.taken, "kept by hand"


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
    rows = np.flatnonzero(_texts(table, "kind") == kind)
    orgs, names = _texts(table, "org")[rows], _texts(table, "name")[rows]
    groups: dict[tuple[str, str], int] = {}
    group = np.array([groups.setdefault(key, len(groups)) for key in zip(orgs, names, strict=True)], dtype=np.intp)
    place = {org: n for n, org in enumerate(month.ids)}
    numbers = {name: _numbers(table, name)[rows] for name in NUMBERS}
    words = {name: _texts(table, name)[rows] for name in ("modality", "lifecycle")}
    if reading == "published":
        first = np.full(len(groups), len(rows), dtype=np.intp)
        np.minimum.at(first, group, np.arange(len(rows)))
        summed = {name: _sum(group, _as_published(name, values), len(groups)) for name, values in numbers.items()}
    else:
        known = {name: np.where(values < 0, np.nan, values) for name, values in numbers.items()}
        first = _most_downloaded(group, known["downloads_last_month"], words)
        summed = {name: _sum_known(group, values, len(groups)) for name, values in known.items()}
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
    mine = of.org >= 0
    if recipe.by:
        mine &= of.labels[recipe.by] == recipe.label
    n = len(month.ids)
    if recipe.field:
        return _sum_known(of.org[mine], of.numbers[recipe.field][mine], n)
    counts = _sum(of.org[mine], np.ones(np.count_nonzero(mine)), n)
    if recipe.listed:
        here = _texts(month.listed, "org")[_texts(month.listed, recipe.by) == recipe.label]
        counts += np.array([np.count_nonzero(here == org) for org in month.ids], dtype=np.float64)
    return counts


def _sum(group: Positions, values: Floats, n: int) -> Floats:
    return np.asarray(np.bincount(group, weights=values, minlength=n), dtype=np.float64)


def _sum_known(group: Positions, values: Floats, n: int) -> Floats:
    """Sum what is known per group: 0 for a group of nothing (a real zero), NaN where nothing in it is known."""
    known = ~np.isnan(values)
    sums = _sum(group, np.where(known, values, 0.0), n)
    asked = np.bincount(group, minlength=n)
    answered = np.bincount(group[known], minlength=n)
    return np.where((asked > 0) & (answered == 0), np.nan, sums)


def summary(month: Month, reading: Reading = "documented") -> str:
    """Say in one sentence how many rows a month has and what in them is unknown; nothing is dropped in silence."""
    table = month.repositories
    platform = np.array([f"{k} {s}" for k, s in zip(_texts(table, "kind"), _texts(table, "source"), strict=True)])
    unknown: Counter[str] = Counter()
    for name in NUMBERS:
        values = _numbers(table, name)
        given = set(platform[~np.isnan(values)].tolist())  # what a platform never gives is not missing there
        missing = np.isnan(values) & np.isin(platform, sorted(given))
        unknown[name.replace("_last_month", "").replace("_", " ")] = int(np.count_nonzero((values < 0) | missing))
    blank = sum(word is None or word in _UNLABELLED for word in _texts(table, "modality"))
    ranked = set(month.ids)
    others = sorted({str(org) for org in _texts(table, "org")} - ranked)
    parts = [f"{count:,} {name}" for name, count in unknown.items() if count]
    said = f"{month.taken}: {table.num_rows:,} repository rows of {len(ranked)} ranked organisations"
    how = "unknown (negative, missing or no number)"
    if reading == "published":
        how += ", and likes and threads among them summed as they stand"
    said += f"; {how}: {', '.join(parts)}" if parts else ""
    said += f"; {blank:,} rows without a modality" if blank else ""
    return said + (f"; not ranked, for want of system facts: {', '.join(others)}." if others else ".")


def _texts(table: pa.Table, name: str) -> NDArray[np.object_]:
    return np.array(table[name].to_pylist(), dtype=object)


def _column(values: Floats) -> pa.Array:
    """Make a column, NaN as null. From buffers, because `pa.array` would import pandas before it looks at a value."""
    known = np.packbits(~np.isnan(values), bitorder="little")
    return pa.Array.from_buffers(pa.float64(), len(values), [pa.py_buffer(known), pa.py_buffer(values)])


def _numbers(table: pa.Table, name: str) -> Floats:
    return np.array(table[name].to_pylist(), dtype=np.float64)  # None becomes NaN
