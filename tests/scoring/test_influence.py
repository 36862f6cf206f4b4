"""Influence beyond the golden tables: one arithmetic with the engine, weights, ties, constants, unknowns, receipts."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.organisations.month import load, months
from data.organisations.rollup import rollup
from scoring.engine import blend, fit, measure, scale, weigh
from scoring.methods import METHODS, Method
from scoring.output.export import TABLES, risen, table_of
from scoring.reasons.receipt import standings
from scoring.scorecards import ORGANISATION, influence, organisation_card
from scoring.types import Yardstick

MONTH = "2025-09-07"
ROLLED = rollup(load(MONTH))
FACTS = ROLLED.facts
FEW = ("system_contributors", "system_authors", "system_stars", "system_compatibility_testing")


def made(columns: dict[str, list[float | None]]) -> pa.Table:
    """A table of facts in which all that is not given is unknown."""
    n = len(next(iter(columns.values())))
    said = {f: columns.get(f, [None] * n) for f in ORGANISATION.reads}
    return pa.table({"id": [f"org {i}" for i in range(n)]} | {f: pa.array(v, pa.float64()) for f, v in said.items()})


def test_every_indicator_is_declared_in_full():
    for f in ORGANISATION.factors:
        assert (f.question[-1], f.why[-1], bool(f.group)) == ("?", ".", True), f.id
        assert ORGANISATION.category_of(f.id).id == f.id.split("_")[0]
    counted = {c.id: sum(f.weight > 0 for f in c.factors) for c in ORGANISATION.categories}
    assert counted == {"data": 19, "model": 27, "system": 18, "benchmark": 5}
    published = organisation_card(METHODS["published"])
    counted = {c.id: sum(f.weight > 0 for f in c.factors) for c in published.categories}
    assert counted == {"data": 18, "model": 18, "system": 12, "benchmark": 5}


def test_goalposts_hold_every_month():
    for month in months():
        facts = rollup(load(month)).facts
        for f in ORGANISATION.factors:
            values = [v for v in facts[f.id].to_pylist() if v is not None]
            assert max(values, default=0) <= f.high, (month, f.id)


@pytest.mark.parametrize("month", months())
def test_documented_is_the_engine_with_a_population_yardstick(month):
    facts = rollup(load(month)).facts
    now = influence(facts)
    card = now.card.without(*now.missing)
    measured = measure(card, facts)
    scaled = scale(card, measured, fit(card, measured, "population", month))
    scores = weigh(card, scaled, blend(card, scaled))
    np.testing.assert_allclose(scores.total, now.total, atol=1e-12)
    assert scores.rank.tolist() == now.rank.tolist()


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=20, deadline=None)
@given(factor=st.floats(0.01, 100))
def test_scaling_all_weights_changes_nothing(method, factor):
    plain = influence(FACTS, method)
    card = plain.card
    once = influence(FACTS, method, weights={c.id: c.weight * factor for c in card.categories})
    twice = influence(FACTS, method, weights={f.id: f.weight * factor for f in card.factors})
    for one in (once, twice):
        np.testing.assert_allclose(one.total, plain.total, rtol=1e-9)
        assert one.rank.tolist() == plain.rank.tolist()


@pytest.mark.parametrize("method", METHODS)
def test_a_weight_of_zero_takes_a_dimension_out(method):
    without = influence(FACTS, method, weights={"model": 0})
    only = influence(FACTS, method, weights={"data": 0, "system": 0, "benchmark": 0})
    assert without.rank.tolist() != only.rank.tolist()
    assert only.rank.tolist() == only.category_ranks[:, 1].tolist()


def test_a_group_weighs_its_indicators():
    inside = ORGANISATION.groups["model_group_contributor_activity"]
    card = ORGANISATION.with_weights({"model_group_contributor_activity": 3, "model_likes": 2})
    code = dict.fromkeys(("model_contributors", "model_commits", "model_merged_pull_requests"), 3)
    assert {i: card.factor(i).weight for i in inside} == {"model_likes": 6, "model_issue": 3} | code
    assert set(sum(ORGANISATION.groups.values(), ())) == {f.id for f in ORGANISATION.factors}
    with pytest.raises(ValueError, match="no weight model_group_nothing"):
        ORGANISATION.with_weights({"model_group_nothing": 1})


def test_points_sum_to_the_score_and_shares_to_one():
    for method in ("documented", "documented_flat"):
        now = influence(FACTS, method, weights={"model": 2, "data_group_data_processing_tools": 0.5})
        assert sum(now.usual_shares.values()) == pytest.approx(1)
        for org in now.position:
            lines = standings(now, org)
            assert sum(x.points or 0 for x in lines) == pytest.approx(100 * now.total[now.position[org]])
    assert all(x.points is None for x in standings(influence(FACTS, "published"), "Meta"))


def test_a_dimension_that_nobody_has_takes_no_share():
    now = influence(made({"data_operators": [0, 3], "model_likes": [1, 2]}), weights={"model_likes": 0})
    assert now.usual_shares["data_operators"] == pytest.approx(1)
    assert sum(now.usual_shares.values()) == pytest.approx(1)


def test_a_leader_leads_and_zero_is_no_lead():
    lines = {x.factor.id: x for x in standings(influence(FACTS), "BAAI")}
    assert lines["benchmark_num_evaluated_models"].leaders == ("HuggingFace",)
    assert lines["model_num_adapted_chips"].leaders == ("BAAI",)
    assert lines["model_num_adapted_chips"].rank == 1
    nobody = standings(influence(made({"data_operators": [0, 0]})), "org 0")
    assert all(x.leaders == () for x in nobody)


def test_a_constant_indicator_is_neutral_and_named():
    now = influence(made({"data_operators": [7, 7, 7], "model_likes": [0, 5, 10]}))
    assert now.constant == ("data_operators",)
    assert table_of(now, "data").values[:, 0].tolist() == [0.5, 0.5, 0.5]
    assert table_of(now, "overall").values[:, 1].tolist() == [0, 0.5, 1]


def test_unknown_is_neither_zero_nor_perfect():
    facts = made({"model_likes": [0, None, 10], "model_issue": [0, 4, 4]})
    now = influence(facts)
    assert now.category_values[:, 1].tolist() == [0, 0.75, 1]
    assert np.isnan(table_of(now, "model").values[1, 0])
    assert standings(now, "org 1")[ORGANISATION.factors.index(ORGANISATION.factor("model_likes"))].value is None


def test_ties_share_a_rank_except_dense_in_published():
    facts = made({"data_operators": [5, 9, 5, 1]})
    assert influence(facts, "documented").category_ranks[:, 0].tolist() == [2, 1, 2, 4]
    assert influence(facts, "published").category_ranks[:, 0].tolist() == [2, 1, 2, 3]
    # Equal totals are listed by name.
    assert [str(influence(facts).ids[n]) for n in influence(facts).order] == ["org 1", "org 0", "org 2", "org 3"]


def test_indicators_that_do_not_exist_in_a_month_are_in_no_mean():
    now = influence(rollup(load("2024-12-13")).facts)
    counting = {f"system_{name}" for name in table_of(now, "system").columns} - now.uncounted
    assert len(counting) == 7
    assert len(table_of(now, "benchmark").columns) == 4
    assert "benchmark_num_evaluation_tools" in now.missing
    np.testing.assert_allclose(now.category_values[:, 3], table_of(now, "benchmark").values.mean(axis=1))


def test_what_few_are_known_of_decides_no_order():
    """An indicator that only some have weighs nothing under `common`, whatever is known; published has its own."""
    few = {i: FACTS[i].to_pylist() for i in FEW}
    without = FACTS
    for name, values in few.items():
        hidden = pa.array([None] * len(values), pa.float64())
        without = without.set_column(without.schema.get_field_index(name), name, hidden)
    for method in METHODS:
        assert influence(without, method).total.tolist() == influence(FACTS, method).total.tolist()
    everything, fewer = influence(FACTS, count="all"), influence(without, count="all")
    assert everything.total.tolist() != fewer.total.tolist()
    with pytest.raises(ValueError, match="No indicator that is known for half of the organisations has a weight"):
        influence(FACTS, weights={f.id: float(f.id in few) for f in ORGANISATION.factors})


def test_one_scale_for_all_months():
    """Measured against ends that all months share, a month's score does not depend on the other organisations."""
    every = [influence(rollup(load(m)).facts) for m in months()]
    shared = reduce(Yardstick.merge, (fit(one.card, one.measured, "population", "") for one in every))
    whole = influence(FACTS, yardstick=shared)
    half = influence(FACTS.slice(0, 16), yardstick=shared)
    np.testing.assert_allclose(whole.total[:16], half.total)


@pytest.mark.parametrize("normaliser", ["min_max", "max", "z_score", "percentile_rank", "goalposts"])
@pytest.mark.parametrize("across", ["mean", "geometric_mean", "rank_discount"])
def test_every_combination_ranks_everybody(normaliser, across):
    if normaliser == "z_score" and across == "geometric_mean":
        with pytest.raises(ValueError, match="z-scores"):
            _ = influence(FACTS, Method(id="x", label="x", summary="x", normalise=normaliser, across=across)).total
        return
    now = influence(FACTS, Method(id="x", label="x", summary="x", normalise=normaliser, across=across))
    assert not np.isnan(now.rank).any()
    assert set(table_of(now, "overall").columns) == set(TABLES[1:])


def test_movements():
    then = influence(made({"data_operators": [5, 9, 1]}))
    now = influence(made({"data_operators": [9, 5, 1, 7]}))
    assert risen(now, then, "data").tolist()[:3] == [1, -2, -1]
    assert np.isnan(risen(now, then, "data")[3])
    assert np.isnan(risen(now, None, "overall")).all()
