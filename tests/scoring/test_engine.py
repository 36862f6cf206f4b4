"""The engine against hand-computed numbers, and against the same scores recomputed without it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine import blend, coverage, fit, measure, scale, score, weigh
from scoring.scorecards import MODEL, PRESETS
from scoring.types import UNKNOWN_POLICIES, Cap, Category, Factor, Scorecard, Yardstick
from tests import independent, network
from tests.records import UNKNOWN, arrow, facts, frame, known, weights

ROOT = Path(__file__).parents[2]
CLOSE: dict[str, Any] = {"rtol": 0, "atol": 1e-9}
FACTORS = [f.id for f in MODEL.factors]

# A card small enough to compute by hand: two categories, one of them half the other's weight.
SIZE = Factor(id="size", label="", question="?", why=".", reads=("size",), measure=nw.col("size"), high=10, weight=3)
OPEN = Factor(
    id="open", label="", question="?", why=".", reads=("open",), measure=nw.col("open"), curve="yes_no", weight=1
)
RISK = Factor(
    id="risk", label="", question="?", why=".", reads=("risk",), measure=nw.col("risk"), high=4, better="lower"
)
SMALL = Scorecard(
    id="small",
    title="Small",
    version="1",
    subject="thing",
    categories=(
        Category(id="worth", label="Worth", factors=(SIZE, OPEN), weight=2),
        Category(id="harm", label="Harm", factors=(RISK,), weight=1),
    ),
    caps=(Cap(id="held", label="held", limit=30, reads=("risk",), when=nw.col("risk") == 4),),
)
THINGS = pd.DataFrame(
    {
        "id": ["a", "b", "c", "d", "e"],
        "size": pd.array([5, None, None, 20, None], dtype="Float64"),
        "open": pd.array([True, True, None, False, None], dtype="boolean"),
        "risk": pd.array([1, None, 4, 4, None], dtype="Float64"),
    }
)


@pytest.mark.parametrize(
    ("policy", "uncapped", "total"),
    [
        # a: worth (3 x .5 + 1) / 4 = .625, harm .75 -> (2 x .625 + .75) / 3 = .66667, whatever the policy
        # b: worth (3 x .5 + 1) / 4 = .625; harm unknown leaves the total -> .625
        # c: worth unknown leaves; harm 0 -> 0.  d: worth 3/4 = .75, harm 0 -> .5, held at 30.  e: nothing known
        ("neutral", [66.6666666667, 62.5, 0, 50, None], [66.6666666667, 62.5, 0, 30, None]),
        # b: worth 1/4, harm 0 -> (2 x .25 + 0) / 3.  c: 0
        ("zero", [66.6666666667, 16.6666666667, 0, 50, None], [66.6666666667, 16.6666666667, 0, 30, None]),
        # b: worth is open alone: 1
        ("skip", [66.6666666667, 100, 0, 50, None], [66.6666666667, 100, 0, 30, None]),
    ],
)
def test_totals_by_hand(policy, uncapped, total):
    scores = score(SMALL, THINGS, unknown=policy, minimum_coverage=0)
    np.testing.assert_allclose(scores.uncapped, np.array(uncapped, dtype=float), **CLOSE)
    np.testing.assert_allclose(scores.total, np.array(total, dtype=float), **CLOSE)
    # b: open is 1 of 4 in worth -> worth 1/4 .. 1, harm 0 .. 1 -> 2 x .25 / 3 .. 1.  c: 0 .. 2/3, held at 30 as is d.
    np.testing.assert_allclose(scores.low, [66.6666666667, 16.6666666667, 0, 30, 0], **CLOSE)
    np.testing.assert_allclose(scores.high, [66.6666666667, 100, 30, 30, 100], **CLOSE)
    np.testing.assert_allclose(scores.coverage, [1, 1 / 6, 1 / 3, 1, 0], **CLOSE)
    np.testing.assert_allclose(
        scores.rank,
        {"neutral": [1, 2, 4, 3, np.nan], "zero": [1, 3, 4, 2, np.nan], "skip": [2, 1, 4, 3, np.nan]}[policy],
    )


def test_one_model_by_hand():
    """9,999 downloads, 99 likes, no scan: every number of its Popularity and Security worked out on paper."""
    row: dict[str, Any] = {
        "downloads_30d": 9999,
        "likes": 99,
        "papers": 1,
        "papers_at_least": False,
        "github_repo": True,
    }
    row |= {"weight_formats": "mixed", "unsafe_level": "beside_safe", "name_risk": "none", "gated": False}
    scores = score(MODEL, frame([row]))
    # log 10,000 / log 100,000,001 = .5; log 100 / log 15,001 = .478913
    assert scores.scaled.value[0, :5] == pytest.approx([0.5, 0.4789134, np.nan, 0.2, 1], abs=1e-7, nan_ok=True)
    parts = scores.category_scores.iloc[0]
    # (2 x .5 + 1.5 x .4789134 + 1 x .5 + .5 x .2 + .5 x 1) / 5.5
    assert parts["popularity"] == pytest.approx(100 * 2.8183701 / 5.5, abs=1e-5)
    assert np.isnan(parts["activity"])
    # operational: gated no = 1 (weight .5), all else .5 of 11: (.5 + .5 x 10.5) / 11
    assert parts["operational"] == pytest.approx(575 / 11, abs=1e-9)
    # security: 2 x .5 + 2 x .3 + 2 x .5 + .5 + .5 + 1 + .25 x 0 = 4.6 of 9.25
    assert parts["security"] == pytest.approx(100 * 4.6 / 9.25, abs=1e-9)
    total = (30 * 100 * 2.8183701 / 5.5 + 30 * 575 / 11 + 30 * 460 / 9.25) / 90
    assert scores.total[0] == pytest.approx(total, abs=1e-5)
    # worst and best ends over the full card of 100, Activity included
    low = 30 * 2.3183701 / 5.5 + 30 * 0.5 / 11 + 30 * (1 + 0.6 + 1) / 9.25
    high = 30 * 3.3183701 / 5.5 + 10 + 30 + 30 * (1 + 0.6 + 2 + 1 + 1 + 1) / 9.25
    assert (scores.low[0], scores.high[0]) == (pytest.approx(low, abs=1e-5), pytest.approx(high, abs=1e-5))
    assert scores.coverage[0] == pytest.approx(0.3 * 4.5 / 5.5 + 0.3 * 0.5 / 11 + 0.3 * 5.25 / 9.25, abs=1e-9)


def test_the_card_weighs_and_measures_what_the_design_says():
    assert {c.id: c.weight for c in MODEL.categories} == independent.CATEGORIES
    assert {f.id: (MODEL.category_of(f.id).id, f.weight) for f in MODEL.factors} == {
        i: spec[:2] for i, spec in independent.FACTORS.items()
    }
    assert {name: MODEL.with_weights(said).weights() for name, said in PRESETS.items()} == {
        name: {**independent.DEFAULTS, **said} for name, said in independent.PRESETS.items()
    }


def agree(scores, rows, weight=None, unknown="neutral", cap=True, ends=None):
    """Compare every stage of these scores with the independent ones."""
    expected = [independent.totals(row, weight, unknown, cap, ends) for row in rows]
    for name in ("total", "uncapped", "low", "high", "coverage"):
        numbers = np.array([e[name] for e in expected], dtype=float)
        np.testing.assert_allclose(getattr(scores, name), numbers, **CLOSE, err_msg=name)
    positions = np.arange(len(rows))
    shares, points, scaled = scores.shares(positions), scores.points(positions), scores.scaled_as_counted(positions)
    for found, name in ((shares, "share"), (points, "points"), (scaled, "scaled")):
        numbers = np.array([[e[name][factor] for factor in FACTORS] for e in expected], dtype=float)
        np.testing.assert_allclose(found, numbers, **CLOSE, err_msg=f"{name} of {FACTORS}")
    for j, c in enumerate(independent.CATEGORIES):
        numbers = np.array([e["categories"][c] for e in expected], dtype=float)
        np.testing.assert_allclose(scores.category_scores[c], numbers[:, 0], **CLOSE, err_msg=c)
        np.testing.assert_allclose(scores.blended.coverage[:, j], numbers[:, 1], **CLOSE, err_msg=c)
    np.testing.assert_allclose(scores.by_category.sum(axis=1), np.nan_to_num(scores.uncapped), **CLOSE)
    assert [scores.capped_by(n) for n in positions] == [e["capped_by"] for e in expected]
    ranks = independent.ranks(expected, list(scores.ranked))
    assert [None if np.isnan(r) else int(r) for r in scores.rank] == ranks


CUSTOM: dict[str, float] = {
    "popularity": 0,
    "activity": 7.5,
    "likes": 0,
    "hub_scan": 12.25,
    "age": 0.001,
    "license_type": 100,
}


WEIGHTS: dict[str, dict[str, float]] = {**independent.PRESETS, "custom": CUSTOM}


@pytest.mark.parametrize("unknown", UNKNOWN_POLICIES)
@pytest.mark.parametrize("name", WEIGHTS)
def test_the_bundle_recomputed(bundled, unknown, name):
    """A sixth of the bundle under each policy, another one under each weights: plain arithmetic takes its time."""
    some_facts, weight = bundled.facts.iloc[list(WEIGHTS).index(name) :: len(WEIGHTS)], WEIGHTS[name]
    stored = scale(MODEL, measure(MODEL, some_facts), bundled.yardstick(MODEL))
    card = MODEL.with_weights(weight)
    rankable = coverage(MODEL, stored) >= 0.5
    agree(
        weigh(card, stored, blend(card, stored, unknown), unknown, True, rankable),
        known(some_facts),
        weight,
        unknown,
    )


@pytest.mark.parametrize("unknown", UNKNOWN_POLICIES)
def test_the_bundle_recomputed_on_the_population(bundled, unknown):
    some_facts = bundled.facts.iloc[UNKNOWN_POLICIES.index(unknown) :: 2 * len(UNKNOWN_POLICIES)]
    measured, rows = measure(MODEL, some_facts), known(some_facts)
    stored = scale(MODEL, measured, fit(MODEL, measured, "population", "2026-10-08"))
    scores = weigh(MODEL, stored, blend(MODEL, stored, unknown), unknown, False)
    agree(scores, rows, unknown=unknown, cap=False, ends=independent.population(rows))


def test_the_stored_scale_is_the_one_computed_now(bundled):
    measured = measure(MODEL, bundled.facts)
    fresh = scale(MODEL, measured, fit(MODEL, measured, "goalposts", bundled.taken))
    for name in ("value", "low", "high", "applies", "caps"):
        np.testing.assert_array_equal(getattr(bundled.scaled(MODEL), name), getattr(fresh, name), err_msg=name)


@given(st.lists(facts(), min_size=1, max_size=12), weights(), st.sampled_from(UNKNOWN_POLICIES), st.booleans())
@settings(max_examples=50)
def test_generated_rows_recomputed(rows, weight, unknown, cap):
    card = MODEL.with_weights(weight)
    try:
        card.shares()
    except ValueError:
        return
    agree(score(card, arrow(rows), unknown=unknown, capped=cap), rows, weight, unknown, cap)


@given(st.lists(facts(), min_size=1, max_size=12))
@settings(max_examples=25)
def test_generated_rows_recomputed_on_the_population(rows):
    measured = measure(MODEL, arrow(rows))
    yardstick = fit(MODEL, measured, "population", "2026-10-08")
    scores = score(MODEL, measured, yardstick)
    agree(scores, rows, ends=independent.population(rows))


# Scale


def test_a_constant_column_of_the_population_is_neutral_and_named():
    rows = frame([{"likes": 7, "pull_requests": None}, {"likes": 7, "discussions": 3}, {"discussions": 9}])
    measured = measure(MODEL, rows)
    yardstick = fit(MODEL, measured, "population", "2026-10-08")
    value = scale(MODEL, measured, yardstick).value
    assert value[:, FACTORS.index("likes")] == pytest.approx([0.5, 0.5, np.nan], nan_ok=True)
    assert "likes" in yardstick.constant
    assert "discussions" not in yardstick.constant
    assert np.isnan(yardstick.low["pull_requests"])


def test_a_fact_that_the_population_lacks_places_nobody_first():
    yardstick = fit(MODEL, measure(MODEL, frame([{"likes": 1}, {"likes": 5}])), "population", "2026-10-08")
    live = measure(MODEL, frame([{"pull_requests": 0}, {"pull_requests": 10**6}]))
    assert list(scale(MODEL, live, yardstick).value[:, FACTORS.index("pull_requests")]) == [0.5, 0.5]


def test_levels_and_yes_no_keep_their_declared_scale_on_any_population():
    rows = frame([{"hub_scan": "caution", "github_repo": True}] * 3)
    measured = measure(MODEL, rows)
    value = scale(MODEL, measured, fit(MODEL, measured, "population", "")).value
    assert list(value[:, FACTORS.index("hub_scan")]) == [0.5] * 3
    assert list(value[:, FACTORS.index("github_repo")]) == [1.0] * 3


def test_a_lower_bound_counts_at_the_bound_and_reaches_to_the_open_end():
    rows = [{"spaces": 100, "spaces_at_least": True}, {"spaces": 99, "spaces_at_least": False}]
    rows += [{"papers": 2, "papers_at_least": True}, {"papers": 2, "papers_at_least": False}]
    scaled = scale(MODEL, *(lambda m: (m, fit(MODEL, m, "goalposts", "")))(measure(MODEL, frame(rows))))
    spaces, papers = FACTORS.index("spaces"), FACTORS.index("papers")
    assert (scaled.low[0, spaces], scaled.high[0, spaces]) == (1, 1)
    assert scaled.low[1, spaces] == scaled.high[1, spaces] < 1
    assert (scaled.value[2, papers], scaled.low[2, papers], scaled.high[2, papers]) == (0.4, 0.4, 1)
    assert (scaled.value[3, papers], scaled.low[3, papers], scaled.high[3, papers]) == (0.4, 0.4, 0.4)


def test_an_old_model_of_unknown_age_may_be_fully_mature():
    row = {"age_days": 730, "age_at_least": True, "days_since_update": 730}
    scores = score(MODEL, frame([row]))
    j = FACTORS.index("age")
    upkeep = 2**-0.5  # one year of patience, then half of a half-life of two years
    assert scores.scaled.value[0, j] == pytest.approx(upkeep * 0.875)
    assert (scores.scaled.low[0, j], scores.scaled.high[0, j]) == (pytest.approx(upkeep * 0.875), pytest.approx(upkeep))


# What is refused


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="lacks likes, hub_scan"):
        measure(MODEL, frame([{}]).drop(columns=["likes", "hub_scan"]))


def test_an_unknown_policy_is_named():
    with pytest.raises(ValueError, match="no unknown policy median"):
        score(MODEL, frame([{}]), unknown="median")  # type: ignore[arg-type]


def test_all_weights_zero_is_a_sentence():
    card = MODEL.without(*independent.CATEGORIES)
    with pytest.raises(ValueError, match="All weights are zero"):
        score(card, frame([{"likes": 3}]))


def test_a_table_without_rows_scores_nobody():
    scores = score(MODEL, frame([]))
    assert (len(scores), list(scores.order), len(scores.table())) == (0, [], 0)


def test_importing_the_engine_needs_no_pandas():
    code = (
        "import sys, scoring.engine, scoring.scorecards, scoring.output.export\n"
        "print({'pandas', 'sklearn', 'scipy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=network.environment(), capture_output=True)
    assert done.stdout.decode().strip() == "set()"


# Weights of any size


@pytest.mark.parametrize("factor", [1e-320, 1e-200, 1e-9, 1e9, 1e150, 1e306])
def test_tiny_and_huge_weights_share_the_total_as_usual_ones_do(factor):
    rows: list[dict[str, Any]] = [
        {"likes": 10, "downloads_30d": 5, "github_repo": True, "hub_scan": "safe", "gated": False},
        {"likes": 3},
    ]
    plain = score(MODEL, frame(rows))
    sized = score(MODEL.with_weights({i: w * factor for i, w in MODEL.weights().items()}), frame(rows))
    rough = 1e-2 if factor < 1e-300 else 1e-9  # down there a float has few digits left
    np.testing.assert_allclose(sized.total, plain.total, atol=100 * rough)
    shares = sized.shares(np.arange(2))
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    np.testing.assert_allclose(sized.points(np.arange(2)).sum(axis=1), sized.uncapped, **CLOSE)
    assert sum(sized.card.shares().values()) == pytest.approx(1)


def test_one_last_tiny_weight_still_carries_the_total():
    others = [f.id for f in MODEL.factors if f.id != "likes"]
    card = MODEL.without(*others).with_weights({"likes": 5e-324})
    scores = score(card, frame([{"likes": 99}]), minimum_coverage=0)
    assert scores.total[0] == pytest.approx(47.89134, abs=1e-4)
    assert scores.shares(np.array([0])).sum() == 1


@pytest.mark.parametrize("tiny", [1e-3, 1e-6, 1e-9, 1e-15, 1e-300])
def test_a_huge_weight_that_does_not_apply_blurs_no_small_ones(tiny):
    rows = [{"license_stated": False, "license_in_metadata": False, "gated": False, "provider": 1, "likes": 3}]
    weight = dict.fromkeys((f.id for f in MODEL.category_of("gated").factors), tiny) | {"license_type": 100.0}
    scores = score(MODEL.with_weights(weight), frame(rows))
    expected = independent.totals(UNKNOWN | rows[0], weight)
    for name in ("total", "low", "high", "coverage"):
        assert getattr(scores, name)[0] == pytest.approx(expected[name], abs=1e-9), name


def test_who_is_known_completely_meets_a_minimum_of_one():
    row: dict[str, Any] = {
        "downloads_30d": 5,
        "likes": 7,
        "spaces": 3,
        "papers": 1,
        "github_repo": True,
        "discussions": 1,
    }
    row |= {"pull_requests": 1, "provider": 1, "age_days": 9, "days_since_update": 9, "authorization": "none"}
    row |= {
        "gated": False,
        "license_stated": False,
        "license_in_metadata": False,
        "metric_info": True,
        "dataset_info": True,
        "training_info": True,
    }
    row |= {"evaluation_results": True, "lineage": "original", "weight_formats": "mixed", "unsafe_level": "none"}
    row |= {"hub_scan": "safe", "example_code": True, "remote_code": True, "name_risk": "none"}
    row["card_topics"] = 4
    card = MODEL.with_weights({"likes": 0.1, "papers": 0.7, "age": 0.3, "popularity": 33, "activity": 11})
    scores = score(card, frame([row]), minimum_coverage=1.0)
    assert scores.coverage[0] == 1
    assert scores.ranked[0]


def test_shards_fitted_apart_scale_as_one_table():
    rows = [{"likes": n, "discussions": None if n < 5 else n} for n in range(9)]
    shards = [measure(MODEL, frame(rows[:5])), measure(MODEL, frame(rows[5:]))]
    merged = fit(MODEL, shards[0], "population", "2026-01-01")
    merged = merged.merge(fit(MODEL, shards[1], "population", "2026-02-01"))
    whole = fit(MODEL, measure(MODEL, frame(rows)), "population", "2026-02-01")
    assert merged.to_json() == whole.to_json()
    assert Yardstick.from_json(merged.to_json()).to_json() == merged.to_json()
