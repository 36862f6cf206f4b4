"""The published scorecards, their presets, and the influence of organisations under a method."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import narwhals as nw

from scoring.engine import measure, score
from scoring.factors import org_data, org_model, org_system
from scoring.factors.activity import ACTIVITY
from scoring.factors.operational import OPERATIONAL
from scoring.factors.org_benchmark import BENCHMARK
from scoring.factors.org_data import DATA
from scoring.factors.org_model import MODEL_INFLUENCE
from scoring.factors.org_system import SYSTEM
from scoring.factors.popularity import POPULARITY
from scoring.factors.security import SECURITY
from scoring.ground import Count, answered, common_ground, counted
from scoring.methods import DEFAULT_METHOD, EVERY_METHOD, Method
from scoring.scores import Scores
from scoring.types import Cap, Measured, Scorecard, Yardstick

MODEL = Scorecard(
    id="model",
    title="Model scorecard",
    version="3.2",
    subject="model",
    categories=(POPULARITY, ACTIVITY, OPERATIONAL, SECURITY),
    # Popularity must not buy security: these findings hold the total at 30 whatever else is true.
    caps=(
        Cap(
            id="hub_scan",
            label="the Hub's scanners call a file unsafe",
            limit=30,
            reads=("hub_scan",),
            when=nw.col("hub_scan") == "unsafe",
        ),
        Cap(
            id="typosquatting",
            label="its name can be mistaken for a well-known owner's or model's",
            limit=30,
            reads=("name_risk",),
            when=nw.col("name_risk") == "high",
        ),
    ),
)

# Every phrase of the seed's list is an indicator.
ORGANISATION = Scorecard(
    id="organisation",
    title="Organisation scorecard",
    version="2.1",
    subject="organisation",
    categories=(DATA, MODEL_INFLUENCE, SYSTEM, BENCHMARK),
    out_of=1.0,
)
HALF = 0.5  # of the organisations that an indicator must be known of to count
# Of them, those that the reference project's tables do not have: they weigh nothing in what it computes.
FURTHER = (*org_data.FURTHER, *org_model.FURTHER, *org_system.FURTHER)


def organisation_card(method: Method, weights: Mapping[str, float] | None = None) -> Scorecard:
    """Return the organisation scorecard under a method's weights and then these, of dimensions, groups, indicators.

    Raises ValueError for a weight that does not exist.
    """
    card = ORGANISATION.without(*FURTHER) if method.reading == "published" else ORGANISATION
    return card.with_weights(method.weights).with_weights(weights or {})


def influence(
    facts: Any,
    method: Method | str = DEFAULT_METHOD,
    *,
    measured: Measured | None = None,
    as_of: str = "",
    weights: Mapping[str, float] | None = None,
    yardstick: Yardstick | None = None,
    count: Count = "common",
    without: Collection[str] = (),
) -> Scores:
    """Score the organisations of a table of facts (`id` and a column a fact of ORGANISATION; null = unknown).

    Under `count="common"` only indicators that are known of at least half of them weigh; what the reference project
    computes always takes its own. Ids in `without` weigh nothing either. The yardstick defaults to the month's own.
    `measured` is what the indicators measure of these facts, where it is known already.
    Raises ValueError for a weight that does not exist, or when nothing weighs.
    """
    chosen = EVERY_METHOD[method] if isinstance(method, str) else method
    whole = card = organisation_card(chosen, weights)
    measured = measured or measure(card, facts)
    if count == "common" and chosen.reading == "documented":
        ground = set(common_ground(card, answered(measured), len(measured.ids), HALF))
        card = counted(card, ground.difference(without), "indicator", "half of the organisations")
    return replace(score(card, measured, yardstick, method=chosen, as_of=as_of), whole=whole)


def _categories(popularity: float, activity: float, operational: float, security: float) -> dict[str, float]:
    return {"popularity": popularity, "activity": activity, "operational": operational, "security": security}


# A preset names only the weights that it changes from the scorecard's own.
PRESETS: Mapping[str, Mapping[str, float]] = {
    "balanced": _categories(30, 10, 30, 30),
    "security_first": _categories(10, 5, 25, 60),
    "adoption": _categories(60, 15, 15, 10),
    "transparency": _categories(10, 5, 65, 20)
    | {"dataset_info": 2, "training_info": 2, "evaluation_results": 2, "example_code": 2}
    | {"metric_info": 1, "base_model_info": 1, "license_stated": 1}
    | {"provider": 0.5, "age": 0.25, "authorization": 0.25, "gated": 0.25},
    "operations": _categories(15, 15, 45, 25)
    | {"license_type": 3, "age": 2, "authorization": 1.5, "gated": 1.5, "example_code": 1.5, "license_stated": 1},
}
PRESET_LABELS: Mapping[str, str] = {
    "balanced": "Balanced",
    "security_first": "Security first",
    "adoption": "Adoption",
    "transparency": "Transparency",
    "operations": "Operations",
}
DEFAULT_PRESET = "balanced"
