"""Why a score moved: the parts sum to the change, are Shapley's, and are worded in every case."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data.organisations.month import load
from data.organisations.rollup import rollup
from scoring.reasons.attribution import CAUSES, OF_MODELS, Attribution, Side, attribution, of_model, shapley
from scoring.scorecards import influence
from scoring.view import ModelView

FACTS = {month: rollup(load(month), "documented").facts for month in ("2025-08-07", "2025-09-07")}
BEFORE = influence(FACTS["2025-08-07"], as_of="2025-08-07")
NOW = influence(FACTS["2025-09-07"], as_of="2025-09-07")
OTHERWISE = influence(FACTS["2025-09-07"], "percentile_rank_mean", as_of="2025-09-07", weights={"data": 60.0})


FROM = "From 7 August 2025 to 7 September 2025 its score went from"


def made(**changes: Any) -> Attribution:
    given: dict[str, Any] = {"since": "2025-08-07", "until": "2025-09-07", "score_before": 30.0, "score_now": 31.0}
    given |= {"rank_before": 4, "rank_now": 4, "points": {"own": 1.0, "others": 0.0, "weights": 0.0, "method": 0.0}}
    given |= {"places": dict.fromkeys(CAUSES, 0.0)}
    return Attribution(**(given | changes))


@pytest.mark.parametrize("now", [NOW, OTHERWISE], ids=["facts alone", "weights and method too"])
@pytest.mark.parametrize("name", ["Meta", "BAAI", "Deepseek"])
def test_parts_sum_to_the_change_of_score_and_rank(now, name):
    found = attribution(now, BEFORE, name)
    here, there = now.position[name], BEFORE.position[name]
    assert found.score_now == pytest.approx(100 * now.total[here])
    assert found.score_before == pytest.approx(100 * BEFORE.total[there])
    assert (found.rank_before, found.rank_now) == (BEFORE.rank[there], now.rank[here])
    assert sum(found.points.values()) == pytest.approx(found.score_now - found.score_before)
    assert sum(found.places.values()) == pytest.approx((found.rank_now or 0) - (found.rank_before or 0))
    printed = round(round(found.score_now, 2) - round(found.score_before, 2), 2)
    assert sum(points for _, points, _ in found.rows()) == pytest.approx(printed, abs=1e-9)
    if now is NOW:
        assert found.points["weights"] == found.points["method"] == 0


def test_shapley_is_the_mean_over_all_orders():
    rng = np.random.default_rng(1)
    values: dict[frozenset[str], np.ndarray] = {}

    def value(chosen):
        assert chosen not in values  # a single time
        return values.setdefault(chosen, rng.random(2))

    parts = shapley(tuple(CAUSES), value)
    for cause in CAUSES:
        steps = []
        for order in permutations(CAUSES):
            before = frozenset(order[: order.index(cause)])
            steps.append(values[before | {cause}] - values[before])
        np.testing.assert_allclose(parts[cause], np.mean(steps, axis=0))


SENTENCES = {
    "one cause": (
        {},
        f"{FROM} 30.00 to 31.00 of 100 (+1.00): +1.00 through its own numbers. Its rank stays 4.",
    ),
    "nothing": (
        {"score_now": 30.0, "points": dict.fromkeys(CAUSES, 0.0)},
        "From 7 August 2025 to 7 September 2025 its score stayed 30.00 of 100. Its rank stays 4.",
    ),
    "new in the ranking": (
        {"rank_before": None, "places": {}, "because": ("Likes ▲",)},
        f"{FROM} 30.00 to 31.00 of 100 (+1.00): +1.00 through its own numbers. Of its own facts changed: Likes ▲. "
        "It was not ranked before; now its rank is 4.",
    ),
    "no longer ranked": (
        {"rank_before": 1_200, "rank_now": None, "places": {}, "because": ("Age ▲", "B", "C", "D", "E")},
        f"{FROM} 30.00 to 31.00 of 100 (+1.00): +1.00 through its own numbers. Of its own facts changed: Age ▲, B, C, "
        "D and 1 more. Its rank was 1,200; now it is not ranked.",
    ),
    "never ranked": (
        {"rank_before": None, "rank_now": None, "places": {}},
        f"{FROM} 30.00 to 31.00 of 100 (+1.00): +1.00 through its own numbers. It is ranked on neither day.",
    ),
    "parts that cancel out": (
        {"score_now": 30.0, "points": {"own": 1.0, "others": -1.0, "weights": 0.0, "method": 0.0}},
        "From 7 August 2025 to 7 September 2025 its score stayed 30.00 of 100: +1.00 through its own numbers, "
        "−1.00 through the others’ numbers. Its rank stays 4.",
    ),
    "against each other, and the rank": (
        {"rank_now": 3, "points": {"own": 2.5, "others": -1.5, "weights": 0.0, "method": 0.0}},
        f"{FROM} 30.00 to 31.00 of 100 (+1.00): +2.50 through its own "
        "numbers, −1.50 through the others’ numbers. Its rank went from 4 to 3.",
    ),
    "rounded so that they sum as printed": (
        {
            "score_before": 45.925,
            "score_now": 45.131,
            "points": {"own": -0.3, "others": -0.494, "weights": 0, "method": 0},
        },
        f"{FROM} 45.92 to 45.13 of 100 (−0.79): −0.30 through its own "
        "numbers, −0.49 through the others’ numbers. Its rank stays 4.",
    ),
}


@pytest.mark.parametrize(("changes", "sentence"), SENTENCES.values(), ids=list(SENTENCES))
def test_every_case_is_worded(changes, sentence):
    assert made(**changes).sentence() == sentence


def test_whatever_the_last_digits_are_what_is_printed_sums_up():
    rng = np.random.default_rng(2)
    for _ in range(500):
        parts = dict(zip(CAUSES, rng.normal(size=4) * rng.choice([0.001, 0.01, 1], 4), strict=True))
        found = made(score_now=30.0 + sum(parts.values()), score_before=30.0 + rng.random() * 0.01, points=parts)
        assert sum(points for _, points, _ in found.rows()) == pytest.approx(found.change, abs=1e-9)


def test_who_is_new_has_no_change():
    new = next(i for i in NOW.position if i not in BEFORE.position)
    with pytest.raises(KeyError):
        attribution(NOW, BEFORE, new)


# Models, between two snapshots

MODEL, ANOTHER = "openai/whisper-large-v3", "BAAI/bge-m3"


@pytest.fixture(scope="module")
def days(bundled):
    """Two snapshots of 200 models: later MODEL has other facts, all have more likes, and likes do not count."""
    some = [*np.arange(0, 5000, 25)[:198], bundled.position[MODEL], bundled.position[ANOTHER]]
    facts = bundled.facts.iloc[np.unique(some)].reset_index(drop=True)
    before = replace(bundled, facts=facts, _memo={})
    changed = facts.assign(likes=2 * facts["likes"])
    changed.loc[changed["id"] == MODEL, ["likes", "downloads_30d", "hub_scan"]] = [1, 300_000_000, "unsafe"]
    ground = [i for i in before.common_ground if i != "likes"]
    manifest = {**bundled.manifest, "common_ground": ground}
    return before, replace(before, taken="2026-11-08", facts=changed, manifest=manifest, _memo={})


def side(snapshot, view, model=MODEL):
    return Side.of(snapshot, snapshot.position[model], view)


VIEWS = {
    "facts alone": (ModelView(), ModelView()),
    "weights too": (ModelView(), ModelView(preset="security_first", weights={"downloads": 9.0})),
    "method too": (ModelView(), ModelView(yardstick="population", unknown="zero", cap=False, count="all")),
    "all of it": (ModelView(yardstick="population", cap=False), ModelView(weights={"security": 90.0}, count="all")),
}


@pytest.mark.parametrize("views", VIEWS.values(), ids=list(VIEWS))
@pytest.mark.parametrize("model", [MODEL, ANOTHER])
def test_parts_of_a_model_sum_to_the_change_that_its_page_shows(days, views, model):
    before, now = (side(snapshot, view, model) for snapshot, view in zip(days, views, strict=True))
    found = of_model(now, before)
    was, is_ = before.view.score(before.snapshot), now.view.score(now.snapshot)
    assert (found.score_before, found.score_now) == pytest.approx((was.total[before.row], is_.total[now.row]))
    assert (found.rank_before, found.rank_now) == (was.rank[before.row], is_.rank[now.row])
    assert sum(found.points.values()) == pytest.approx(found.score_now - found.score_before)
    assert sum(found.places.values()) == pytest.approx((found.rank_now or 0) - (found.rank_before or 0))
    same_weights, same_method = before.weights == now.weights, replace(now.view, **before.weights) == before.view
    assert not (same_weights and found.points["weights"])
    assert not (same_method and found.points["method"])


def test_what_alone_has_changed_is_all_of_the_change(days):
    before, now = (side(snapshot, ModelView(cap=False)) for snapshot in days)
    own = of_model(replace(now, snapshot=before.snapshot), before)
    assert {cause for cause, points in own.points.items() if points} == {"own"}
    assert own.causes is OF_MODELS
    assert {"Downloads ▲", "Likes ▼"} <= {*own.because}
    others = of_model(replace(now, facts=before.facts), before)
    assert {cause for cause, points in others.points.items() if points} == {"others"}  # other factors count
    assert others.because == ()


def test_a_part_of_the_change_is_what_a_finding_takes(days):
    before, now = (side(snapshot, ModelView()) for snapshot in days)
    assert of_model(now, before).score_now == 30


def test_who_is_not_ranked_has_no_places_and_who_has_no_total_no_parts(days):
    before, now = side(days[0], ModelView()), side(days[1], ModelView(min_coverage=1.0))
    found = of_model(replace(now, facts=now.facts.assign(downloads_30d=pd.NA).astype(now.facts.dtypes)), before)
    assert (found.rank_now, found.places) == (None, {})
    assert sum(found.points.values()) == pytest.approx(found.score_now - found.score_before)
    nothing = now.facts.assign(**{fact: pd.NA for fact in now.facts if fact != "id"}).astype(now.facts.dtypes)
    with pytest.raises(ValueError, match="Nothing that counts is known about it on one of the two days"):
        of_model(replace(now, facts=nothing), before)
