"""Orders compared: who moved a score, told apart on small tables made by hand, and how far methods agree."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]

from data.organisations.month import load
from data.organisations.rollup import rollup
from scoring.methods import METHODS
from scoring.reasons.comparison import agreement, kendall_tau, movement, overlap, reversals, reversed_in_words
from scoring.scorecards import ORGANISATION, influence


def scored(method="documented", month="", **columns):
    facts = {"id": ["a", "b", "c"]} | {i: [None] * 3 for i in ORGANISATION.reads} | columns
    table = {i: pa.array(v, pa.string() if i == "id" else pa.float64()) for i, v in facts.items()}
    return influence(pa.table(table), method, as_of=month)


OLD = scored(month="old", model_likes=[0, 10, 20], model_issue=[1, 2, 3])


def test_only_its_own_numbers_changed():
    found = movement(scored(month="new", model_likes=[0, 15, 20], model_issue=[1, 2, 3]), OLD, "b")
    assert found.others == pytest.approx(0)
    assert found.own == pytest.approx(found.score_now - found.score_before)
    assert found.own > 0
    assert [(c.factor.id, c.before, c.now) for c in found.changes] == [("model_likes", 10, 15)]
    assert found.sentence().startswith("Since old its score went from")


def test_only_the_others_numbers_changed():
    found = movement(scored(month="new", model_likes=[0, 10, 40], model_issue=[1, 2, 3]), OLD, "b")
    assert found.own == pytest.approx(0)
    assert found.others < 0
    assert found.changes == ()
    assert (found.rank_before, found.rank_now, found.rank_own) == (2, 2, 2)


def test_its_numbers_and_the_others_both():
    found = movement(scored(month="new", model_likes=[0, 20, 40], model_issue=[1, 2, 3]), OLD, "b")
    assert found.own > 0 > found.others
    assert found.own + found.others == pytest.approx(0)
    assert found.score_now == pytest.approx(found.score_before)


def test_an_indicator_that_is_new_counts_for_the_others():
    found = movement(
        scored(month="new", model_likes=[0, 10, 20], model_issue=[1, 2, 3], data_operators=[9, 0, 0]), OLD, "b"
    )
    assert found.own == pytest.approx(0)
    assert [c.factor.id for c in found.changes] == ["data_operators"]


def test_who_is_new_cannot_have_moved():
    with pytest.raises(KeyError):
        movement(scored(), OLD, "d")


@pytest.mark.parametrize("method", ["documented", "documented_flat", "published"])
def test_parts_sum_up_and_contributions_do_on_the_bundle(method):
    reading = METHODS[method].reading
    now, before = (influence(rollup(load(m), reading).facts, method, as_of=m) for m in ("2025-09-07", "2025-08-07"))
    assert now.contributions.sum(axis=1) == pytest.approx(now.total, abs=1e-12)
    for name in before.position:
        found = movement(now, before, name)
        assert found.own + found.others == pytest.approx(found.score_now - found.score_before, abs=1e-12)


# Orders by other methods


@given(st.integers(0, 10_000))
def test_kendalls_tau_is_scipys(seed):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 6, (2, 12)).astype(float)
    assert kendall_tau(a, b) == pytest.approx(stats.kendalltau(a, b).statistic, nan_ok=True)


def test_agreement_names_who_moves_most():

    month = load("2025-09-07")
    every = {m.id: influence(rollup(month, m.reading).facts, m) for m in METHODS.values()}
    flat, published = agreement(every["documented"], [every["documented_flat"], every["published"]])
    assert published.moved == (("Tencent", 27, 12),)
    assert (published.first_here, published.first_there) == (("BAAI",), ("Meta",))
    assert round(published.tau, 2) == 0.72
    assert round(flat.tau, 2) == 0.77
    assert published.sentence() == "Kendall’s tau 0.72; Tencent moves most, from 27 to 12; first is Meta, not BAAI."
    same = agreement(every["published"], [every["published"]])[0]
    assert same.tau == 1
    assert same.moved == ()
    assert same.sentence() == "Kendall’s tau 1.00."


def test_orders_that_tie_everybody_are_not_compared():
    same = scored(model_likes=[5, 5, 5])
    (one,) = agreement(same, [same])
    assert one.sentence() == "Kendall’s tau cannot be computed, because an order has everybody at one rank."


def test_leaving_one_out_is_counted_as_scoring_the_others_anew():
    now = influence(READ, "documented")
    moved = reversals(now)
    name = max(moved, key=moved.__getitem__)
    others = influence(READ.filter(pc.not_equal(READ["id"], name)), "documented")
    before = {str(i): rank for i, rank in zip(now.ids, now.rank_among(np.flatnonzero(now.ids != name)), strict=True)}
    assert moved[name] == sum(before[str(i)] != rank for i, rank in zip(others.ids, others.rank, strict=True)) > 0
    assert reversed_in_words(moved).endswith(f"most without {name}, where {moved[name]} others have another rank.")


def test_who_is_left_out_is_worded_in_every_case():
    nobody = "Leaving out any single one changes the order of no others."
    assert (reversed_in_words({}), reversed_in_words({"a": 0})) == (nobody, nobody)
    assert reversed_in_words({"a": 0, "b": 1}) == (
        "Leaving out one changes the order of the others in 1 of 2 cases; most without b, where one other has another "
        "rank."
    )


def test_the_overlap_of_the_first_ten():
    now = influence(READ, "documented")
    assert overlap(now, now) == 10
    first = {name for name, rank in zip(now.ids, now.rank, strict=True) if rank <= 10}
    flat = influence(READ, "documented_flat")
    assert overlap(now, flat) == len(first & {n for n, rank in zip(flat.ids, flat.rank, strict=True) if rank <= 10})


READ = rollup(load("2025-09-07"), "documented").facts
