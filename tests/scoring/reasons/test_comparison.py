"""Who moved a score: the organisation's own numbers or the others', told apart on small tables made by hand."""

import pyarrow as pa
import pytest

from data.organisations.month import load
from data.organisations.rollup import rollup
from scoring.methods import METHODS
from scoring.reasons.comparison import movement
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
<<<<<<< HEAD:tests/scoring/reasons/test_movement.py
    now, before = (influence(rollup(load(m), reading).facts, method, month=m) for m in ("2025-09-07", "2025-08-07"))
    assert now.contributions.sum(axis=1) == pytest.approx(now.score, abs=1e-12)
=======
    now, before = (
        influence(rollup(organisations.load(m), reading).facts, method, as_of=m) for m in ("2025-09-07", "2025-08-07")
    )
    assert now.contributions.sum(axis=1) == pytest.approx(now.total, abs=1e-12)
>>>>>>> 1361cb3 (One engine and one result type: a method is a value that the engine takes):tests/scoring/reasons/test_comparison.py
    for name in before.position:
        found = movement(now, before, name)
        assert found.own + found.others == pytest.approx(found.score_now - found.score_before, abs=1e-12)
