"""Worked examples: facts declared as data, and what the engine makes of them.

Nothing here holds a result. Pages, docs and tests ask `answer`, `curve` or `whole`, which run the engine itself, so
that no example can drift from the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from scoring.engine import fit, measure, scale, score
from scoring.reasons.clauses import WORDS
from scoring.scores import Scores
from scoring.types import Category, Factor, Measured, Scorecard, State

Value = float | str | bool | None
POINTS = 121  # enough for a smooth line on a wide screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The facts of one imagined subject, as far as one factor reads them."""

    factor: str
    facts: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """How to draw a factor that weighs two facts: one fact runs, and there is a line for each value of the other."""

    over: str
    upto: float
    axis: str
    lines: Mapping[str, Mapping[str, Value]]
    words: str
    possible: str = ""


# A factor whose measure is its first fact needs no entry: its curve runs from goalpost to goalpost.
SWEEPS: Mapping[str, Sweep] = {
    "age": Sweep(
        over="age_days",
        upto=1825,
        axis="days since creation",
        lines={
            f"{words} since the last update": {"days_since_update": days, "age_at_least": False}
            for words, days in (("a year or less", 0), ("2 years", 730), ("3 years", 1095), ("4 years", 1460))
        },
        words="Upkeep times maturity. Upkeep is full for a year after the last update, then halves every two years. "
        "Half of the value is there from the first day; of the rest, half is won in each year of age.",
        possible="days_since_update",
    ),
}


def _one(factor: str, *rows: Mapping[str, Value]) -> tuple[Example, ...]:
    return tuple(Example(factor=factor, facts=row) for row in rows)


EXAMPLES: tuple[Example, ...] = (
    *_one("downloads", *({"downloads_30d": n} for n in (0, 1_000, 1_000_000, 250_000_000))),
    *_one("likes", *({"likes": n} for n in (0, 100, 15_000))),
    *_one("spaces", {"spaces": 10, "spaces_at_least": False}, {"spaces": 100, "spaces_at_least": True}),
    *_one("papers", *({"papers": n, "papers_at_least": False} for n in (0, 1, 5, 7))),
    *_one(
        "age",
        *(
            {"age_days": age, "days_since_update": since, "age_at_least": False}
            for age, since in ((1, 0), (365, 30), (730, 730), (1460, 60), (1460, 1460))
        ),
    ),
    *_one("gated", {"gated": False}, {"gated": True}),
    *_one(
        "license_stated",
        {"license_stated": True, "license_in_metadata": True, "license_stated_at_least": False},
        {"license_stated": True, "license_in_metadata": False, "license_stated_at_least": False},
        {"license_stated": False, "license_in_metadata": False, "license_stated_at_least": False},
    ),
    *_one(
        "license_type",
        {"license_class": "permissive", "license_in_metadata": True},
        {"license_class": "non_commercial", "license_in_metadata": True},
        {"license_class": None, "license_in_metadata": False},
    ),
    *_one(
        "unsafe_files",
        {"unsafe_files": 0, "unsafe_level": "none"},
        {"unsafe_files": 3, "unsafe_level": "beside_safe"},
        {"unsafe_files": None, "unsafe_level": None},
    ),
    *_one("hub_scan", {"hub_scan": "safe"}, {"hub_scan": "unsafe"}, {"hub_scan": None}),
)

# One whole model, imagined: every fact that the scorecard reads; None is unknown.
WHOLE: Mapping[str, Value] = {
    "downloads_30d": 120_000,
    "likes": 480,
    "spaces": 100,
    "spaces_at_least": True,
    "papers": 1,
    "papers_at_least": False,
    "github_repo": True,
    "discussions": 24,
    "pull_requests": None,
    "provider": 1,
    "age_days": 730,
    "days_since_update": 200,
    "age_at_least": False,
    "authorization": "none",
    "gated": False,
    "license_stated": True,
    "license_in_metadata": True,
    "license_stated_at_least": False,
    "license_class": "permissive",
    "metric_info": False,
    "dataset_info": True,
    "training_info": True,
    "evaluation_results": False,
    "card_topics": 2,
    "base_model_info": None,
    "base_model_in_metadata": None,
    "base_model_info_at_least": None,
    "lineage": "original",
    "weight_formats": "mixed",
    "unsafe_files": 1,
    "unsafe_level": "beside_safe",
    "hub_scan": None,
    "example_code": True,
    "remote_code": False,
    "name_risk": "none",
}


def of(factor: Factor) -> tuple[Example, ...]:
    """Return the examples of a factor; none for one that declares none."""
    return tuple(e for e in EXAMPLES if e.factor == factor.id)


def answer(factor: Factor, facts: Mapping[str, Value]) -> tuple[State, float | None]:
    """Return what the engine makes of these facts: their state and 0..1, None where unknown or not applicable."""
    card = _alone(factor)
    scores = score(card, _table(card, [facts]))
    state = scores.state(0, factor.id, facts.get(factor.reads[0]))
    value = float(scores.scaled.value[0, 0])
    return state, None if np.isnan(value) else value


def curve(factor: Factor) -> pd.DataFrame:
    """Return the points of a factor's curve: x (number or word), scaled 0..1, line (its name, empty when alone)."""
    if factor.levels:
        words = WORDS.get(factor.id, {})
        x = [words.get(word, word.replace("_", " ")) for word in factor.levels]
        return _of_measures(factor, list(factor.levels.values()), x)
    if factor.curve == "yes_no":
        return _of_measures(factor, [1.0, 0.0], ["yes", "no"])
    if factor.id in SWEEPS:
        return _of_facts(factor, SWEEPS[factor.id])
    if factor.curve == "log":
        run = np.expm1(np.linspace(np.log1p(factor.low), np.log1p(factor.high), POINTS))
    else:
        run = np.linspace(factor.low, factor.high, POINTS)
    return _of_measures(factor, list(run), list(run))


def whole(card: Scorecard, facts: Mapping[str, Value] = WHOLE) -> Scores:
    """Score the imagined model by itself; a fact that a new factor reads and WHOLE does not name is unknown."""
    return score(card, _table(card, [facts]))


def _alone(factor: Factor) -> Scorecard:
    alone = Category(id="alone", label=factor.label, factors=(factor,))
    return Scorecard(id="alone", title=factor.label, version="", subject="", categories=(alone,))


def _of_measures(factor: Factor, raw: list[float], x: list[Any]) -> pd.DataFrame:
    column = np.array(raw, dtype=np.float64)[:, None]
    sure = np.ones(column.shape, dtype=bool)
    ids = np.arange(len(raw)).astype(object)
    measured = Measured(ids=ids, raw=column, open_end=column, applies=sure, caps=sure[:, :0])
    card = _alone(factor)
    values = scale(card, measured, fit(card, measured, "goalposts", "")).value[:, 0]
    return pd.DataFrame({"x": x, "scaled": values, "line": ""})


def _of_facts(factor: Factor, sweep: Sweep) -> pd.DataFrame:
    card = _alone(factor)
    parts = []
    for line, rest in sweep.lines.items():
        least = float(rest[sweep.possible] or 0) if sweep.possible else 0.0
        x = np.linspace(least, sweep.upto, POINTS)
        measured = measure(card, _table(card, [{**rest, sweep.over: value} for value in x]))
        values = scale(card, measured, fit(card, measured, "goalposts", "")).value[:, 0]
        parts.append(pd.DataFrame({"x": x, "scaled": values, "line": line}))
    return pd.concat(parts, ignore_index=True)


def _table(card: Scorecard, rows: list[Mapping[str, Value]]) -> pd.DataFrame:
    """Make a table of facts; a column in which nothing is known still needs the dtype that its factor reads."""
    wanted = {fact: f for f in card.factors for fact in f.reads}
    columns: dict[str, Any] = {"id": [f"example-{n}" for n in range(len(rows))]}
    for fact in card.reads:
        values = [row.get(fact) for row in rows]
        known = [v for v in values if v is not None]
        columns[fact] = pd.array(values, dtype=_dtype(known[0] if known else None, fact, wanted.get(fact)))
    return pd.DataFrame(columns)


def _dtype(known: Value, fact: str, factor: Factor | None) -> Any:
    if isinstance(known, bool):
        return pd.BooleanDtype()
    if isinstance(known, str):
        return pd.StringDtype()
    if known is None and factor is not None and factor.levels:
        return pd.StringDtype()
    if known is None and (fact.endswith("_at_least") or (factor is not None and factor.curve == "yes_no")):
        return pd.BooleanDtype()
    return pd.Float64Dtype()
