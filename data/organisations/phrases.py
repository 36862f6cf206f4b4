"""The phrases of the seed's list of dimensions: what each rests on in a month, and of how many it is known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from data.collect.plan import counted
from data.organisations import tables
from data.organisations.month import NAMED, Month
from data.organisations.osir import SOURCE
from data.organisations.rollup import RECIPES, Rollup
from scoring.scorecards import ORGANISATION
from scoring.types import Factor

if TYPE_CHECKING:
    import pandas as pd

# What a curated table gives: its name, what that is, and the facts.
KEPT = (
    (
        "European Open Source AI Index, Model Openness Tool",
        "how open reviewed models are",
        ("model_open_source_code",),
    ),
    (
        "Listed repositories of code, by their histories and forges",
        "people, commits and merged pull requests of twelve months",
        tuple(f"{dimension}_{name}" for dimension in ("model", "system") for name in tables.ACTIVITY),
    ),
    ("Documents of systems", "chips that systems are tested on", ("system_compatibility_testing",)),
)
# Why an indicator of the seed is known of few, in words that end a sentence.
_WHY_FEW = {
    "system_compatibility_testing": "few systems list in their own documents on which chips they are tested",
    "system_authors": "six systems are named, and the authors of few of them are counted",
    "system_stars": "six systems are named, and the stars of three of them are known",
}


class Phrase(NamedTuple):
    """A phrase of the seed's list: its indicators, their sources, of how many organisations known, and why not more."""

    phrase: str
    indicators: tuple[Factor, ...]
    sources: tuple[str, ...]
    known: int
    why: str


def phrases(rolled: Rollup) -> list[Phrase]:
    """Return every phrase of the seed's list with what it rests on in a month.

    It is known of an organisation of which any of its indicators is.
    """
    by_phrase: dict[str, list[Factor]] = {}
    for f in ORGANISATION.factors:
        if f.seed:
            by_phrase.setdefault(f.seed, []).append(f)
    return [_phrase(rolled, phrase, tuple(factors)) for phrase, factors in by_phrase.items()]


def _phrase(rolled: Rollup, phrase: str, factors: tuple[Factor, ...]) -> Phrase:
    values = np.array([rolled.facts[f.id].to_pylist() for f in factors], dtype=np.float64)
    known = int(np.count_nonzero(~np.isnan(values).all(axis=0)))
    why = next((_WHY_FEW[f.id] for f in factors if f.id in _WHY_FEW), "not enough of it was read this month")
    if in_code := next((f.id for f in factors if f.id.partition("_")[2] in tables.ACTIVITY), ""):
        why = _why_few_in_code(rolled.month, in_code)
    most = int((~np.isnan(values)).sum(axis=1).max())  # of how many its best known indicator is known
    half = 2 * most >= len(rolled.month.ids)
    return Phrase(phrase, factors, tuple(dict.fromkeys(_source(f.id) for f in factors)), known, "" if half else why)


def _why_few_in_code(month: Month, fact: str) -> str:
    """Say of how many organisations no code is listed, and which code was not counted, with what counts it."""
    known = [month.known(org, fact) for org in month.ids]
    unlisted = sum(one.value is None and not one.lacking for one in known)
    lacking = [name for one in known for name in one.lacking]
    why = f"no such repository is listed for {counted(unlisted, 'organisation')}"
    return (
        f"{why}, and {', '.join(lacking)} could not be counted; {tables.REFRESH} asks their forges" if lacking else why
    )


def _source(fact: str) -> str:
    """Say where an indicator comes from, whoever it is of."""
    for name, _, facts in KEPT:
        if fact in facts:
            return name
    if fact in RECIPES:
        recipe = RECIPES[fact]
        extra = {"parameters": ", sizes by llmfit, hub-stats, mteb and names", "industry": ", words in names and tags"}
        return f"listings of the platforms{extra.get(recipe.field or recipe.by, '')}"
    return "platforms of the named systems" if fact in NAMED else f"{SOURCE}, by hand"


def phrase_table(rolled: Rollup, uncounted: Iterable[str]) -> pd.DataFrame:
    """Make a table of the seed's phrases for a page; `uncounted` are the ids of indicators that do not count."""
    import pandas as pd

    without, everybody = set(uncounted), len(rolled.month.ids)
    return pd.DataFrame(
        {
            "Phrase": p.phrase,
            "share": 100 * p.known / everybody,
            "Counts": "no" if {f.id for f in p.indicators} <= without else "yes",
            "From": "; ".join(p.sources),
            "Why not more": p.why,
            "Indicators": ", ".join(f.label for f in p.indicators),
        }
        for p in phrases(rolled)
    )
