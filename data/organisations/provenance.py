"""Where a fact of an organisation comes from, or why it is unknown."""

from __future__ import annotations

from urllib.parse import urlsplit

import numpy as np

from data.organisations.month import NAMED
from data.organisations.osir import CONSTANTS, PLATFORMS, SOURCE, URL
from data.organisations.recipes import RECIPES
from data.organisations.rollup import Positions, Rollup, blank, numbers, texts, untold
from data.platforms.registry import BY_HOST
from scoring.types import Evidence, State


def evidence(rolled: Rollup, organisation: str, fact: str) -> Evidence:
    """Return where a fact of an organisation comes from; `note` says how many rows, or what is not known of it."""
    value = rolled.facts[fact][rolled.month.ids.index(organisation)].as_py()
    state: State = "unknown" if value is None else "known" if value else "absent"
    source, url, as_of, note = (
        ("", "", "", _why_unknown(rolled, organisation, fact)) if value is None else _origin(rolled, organisation, fact)
    )
    return Evidence(
        subject=organisation, fact=fact, value=value, state=state, source=source, url=url, as_of=as_of, note=note
    )


def _origin(rolled: Rollup, organisation: str, fact: str) -> tuple[str, str, str, str]:
    """Return source, address, day and note of a known fact."""
    month = rolled.month
    if fact in RECIPES:
        rows, listed = rolled.behind(organisation, fact)
        if not len(rows) and not len(listed):
            source = "the platforms" if month.collected else SOURCE
            return source, month.page(organisation), month.taken, "no repository found"
        platforms = dict.fromkeys(PLATFORMS.get(s, s) for s in texts(month.repositories, "source")[rows])
        names = [*sorted(str(p) for p in platforms), *(["other sites"] if len(listed) else [])]
        days = [d for d in texts(month.repositories, "date_crawl")[rows] if d]
        note = (
            f"{_rows(len(rows) + len(listed))}{_doubts(rolled, organisation, fact, rows)}{_totals(rolled, fact, rows)}"
        )
        return ", ".join(names), month.page(organisation), max(days, default=month.taken), note
    if fact in NAMED:
        known = [r for r in month.systems if r["organisation"] == organisation and r[NAMED[fact]] != ""]
        said = ", ".join(f"{row['system']} ({row['as_of']})" for row in known)
        said = ". ".join([said, *(row["note"] for row in known if row.get("note"))])
        hosts = (urlsplit(row["repository"]).netloc for row in known)
        titles = dict.fromkeys(BY_HOST[host].title if host in BY_HOST else host for host in hosts)
        return ", ".join(titles), known[0]["source"], max(row["as_of"] for row in known), said
    if fact in CONSTANTS.values():
        return SOURCE, URL, "", "kept by hand; no date and no source is known"
    return SOURCE, URL, month.by_hand, "kept by hand"


def _doubts(rolled: Rollup, organisation: str, fact: str, rows: Positions) -> str:
    """Say what in a number is unknown: rows without a value, repositories without a label."""
    recipe, said = RECIPES[fact], ""
    if recipe.field:
        values = numbers(rolled.month.repositories, recipe.field)[rows]
        unknown = int(np.count_nonzero(np.isnan(values) | (values < 0)))
        said = f", {unknown:,} of them unknown, so it is at least this" if unknown else ""
    unlabelled = _unlabelled(rolled, organisation, fact)
    return said + (f"; {unlabelled:,} more have no known {_LABEL[recipe.by]}" if unlabelled else "")


_LABEL = {"modality": "kind of data", "lifecycle": "stage of training", "industry": "industry"}


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
    if recipe is None:
        own = [row for row in month.systems if row["organisation"] == organisation] if fact in NAMED else []
        return ". ".join(f"{row['system']}: {row['note']}" for row in own if row.get("note"))
    if gap := month.gaps.get((organisation, recipe.kind)):
        return gap
    rows, _ = rolled.behind(organisation, fact)
    if not len(rows):
        unlabelled = _unlabelled(rolled, organisation, fact)
        return f"none is known, and {unlabelled:,} have no known {_LABEL[recipe.by]}" if unlabelled else ""
    lost = int(np.count_nonzero(untold(month, recipe.field, rows))) if recipe.field else 0
    if lost:
        return f"{lost:,} of {_rows(len(rows))} could not be read, so the sum is unknown"
    return f"{_rows(len(rows))}, none of them known{_totals(rolled, fact, rows)}"


def _totals(rolled: Rollup, fact: str, rows: Positions) -> str:
    """Return an example of the totals that downloads are differences of, or of why there is no difference."""
    month = rolled.month
    if RECIPES[fact].field != "downloads_last_month" or not month.has("evidence"):
        return ""
    told = [str(text) for text in texts(month.repositories, "evidence")[rows] if text]
    return f"; differences of totals, for example: {told[0]}" if told else ""


def _rows(number: int) -> str:
    return f"{number:,} row{'' if number == 1 else 's'}"
