"""Tipping points: at each of them the engine makes both totals equal, and no smaller change does."""

from dataclasses import replace

import narwhals as nw
import numpy as np
import pytest

from data.organisations.month import load
from data.organisations.rollup import rollup
from scoring.methods import METHODS
from scoring.reasons.draws import present_shares
from scoring.reasons.tipping import first_places, marks, tipping, weight_at
from scoring.scorecards import influence
from scoring.types import Cap
from scoring.view import ModelView
from tests.scoring.reasons.test_bands import many, scored

NEWEST = "2025-09-07"
READ = {reading: rollup(load(NEWEST), reading).facts for reading in ("documented", "published")}


def organisations(method="documented", **weights):
    return influence(READ[METHODS[method].reading], method, weights=weights)


def pairs(scores):
    first = scores.order[:4]
    return [(int(a), int(b)) for n, a in enumerate(first) for b in first[n + 1 :]]


@pytest.mark.parametrize("method", list(METHODS))
def test_at_a_tip_the_engine_makes_them_level(method):
    scores = organisations(method)
    tested = 0
    for one, other in pairs(scores):
        for tip in tipping(scores, one, other).tips:
            again = organisations(method, **{tip.category.id: weight_at(tip)})
            assert again.total[one] == pytest.approx(again.total[other], abs=1e-9)
            tested += 1
    assert tested > 5


def test_all_together_make_them_level_with_the_least_that_changes_hands():
    scores = organisations()
    for one, other in pairs(scores):
        moved = tipping(scores, one, other).moved
        if moved is None:
            continue
        shares = present_shares(scores) + moved
        again = organisations(**{c.id: 100 * w for c, w in zip(scores.card.categories, shares, strict=True)})
        assert again.total[one] == pytest.approx(again.total[other], abs=1e-9)
        assert np.abs(moved).sum() / 2 == pytest.approx(least(scores, one, other))


def least(scores, one, other):
    """Move weight from where the first is most ahead to where it is most behind, until they are level."""
    apart = np.sort(scores.blended.value[one] - scores.blended.value[other])[::-1]
    order = np.argsort(-(scores.blended.value[one] - scores.blended.value[other]))
    left, moved = float(apart @ present_shares(scores)[order]), 0.0
    for n, gain in enumerate(apart - apart.min()):
        share = present_shares(scores)[order][n]
        step = min(share, left / gain) if gain else 0.0
        left, moved = left - step * gain, moved + step
        if left <= 1e-12:
            return moved
    raise AssertionError("no weights make them level")


def test_who_is_judged_on_fewer_categories_tips_where_the_engine_has_it():
    columns = {"x": [0.9, 0.6, 0.1], "y": [0.2, np.nan, 0.1]}
    scores = scored(columns, weights=(2.0, 1.0))
    found = tipping(scores, 0, 1)
    assert found.moved is None  # not a linear programme
    (at,) = {round(tip.at, 9) for tip in found.tips if tip.category.id == "x"}
    assert at == pytest.approx(4 / 7)  # .9 s + .2 (1 - s) = .6
    assert found.sentences() == [
        "a stays ahead of b unless X falls below 57 % (now 67 %) or Y rises above 43 % (now 33 %)."
    ]


def test_first_places_are_those_of_a_fine_grid():
    for scores in (organisations(), organisations("documented_flat"), organisations("published"), many(300, seed=5)):
        for k, c in enumerate(scores.card.categories):
            rest = np.delete(present_shares(scores), k)
            grid = np.linspace(0.0005, 0.9995, 2000)
            weights = np.insert(np.outer(1 - grid, rest / rest.sum()), k, grid, axis=1)
            leaders = (weights @ parts(scores).T).argmax(axis=1)
            changes = np.flatnonzero(np.diff(leaders))
            tips = sorted(
                (tip for tip in first_places(scores) if tip.category.id == c.id and 0.0005 < tip.at < 0.9995),
                key=lambda tip: tip.at,
            )
            np.testing.assert_allclose([tip.at for tip in tips], grid[changes], atol=0.001)
            now = present_shares(scores)[k]
            expected = [leaders[n + 1] if grid[n] > now else leaders[n] for n in changes]
            assert [tip.then for tip in tips] == [str(scores.ids[n]) for n in expected]


def parts(scores):
    from scoring.methods import part

    return part(scores.method.across, scores.blended.value, scores.method.ties)


def test_marks_of_a_category_are_the_nearest_on_either_side():
    now = organisations()
    found, tips = marks(now), [tip for tip in first_places(now) if weight_at(tip) <= 100]
    assert set(found) == {tip.category.id for tip in tips}
    for c in now.card.categories:
        for word, side in (("Below", -1), ("Above", 1)):
            beyond = [tip for tip in tips if tip.category.id == c.id and (tip.at - tip.now) * side > 0]
            if beyond:
                assert f"{word} {weight_at(beyond[0]):.3g} {beyond[0].then} is first." in found[c.id]
                moved = organisations(**{c.id: weight_at(beyond[0]) * (1 + side / 1e4)})
                assert str(moved.ids[moved.rank == 1][0]) == beyond[0].then
            else:
                assert word not in found.get(c.id, "")
    assert marks(replace(now, ranked=np.zeros(len(now), dtype=bool))) == {}


def test_models_have_tips_on_their_sliders(bundled):
    view = ModelView()
    scores = view.score(bundled)
    tips = first_places(scores)
    assert tips
    nearest = tips[0]
    at = weight_at(nearest)
    for weight, expected in ((at * 1.001, nearest.then), (at * 0.999, str(scores.ids[scores.order[0]]))):
        again = replace(view, weights={nearest.category.id: weight}).score(bundled)
        assert (str(again.ids[again.order[0]]) == expected) == (nearest.at > nearest.now)


HELD = Cap(id="x_factor", label="x is full", limit=30, reads=("x",), when=nw.col("x") == 1)
# Read by a person before it was committed: each is a case that the numbers allow.
CASES = {
    "one way": (
        {"x": [0.9, 0.1], "y": [0.2, 0.5]},
        {},
        [
            "a stays ahead of b unless X falls below 27 % (now 50 %) or Y rises above 73 % (now 50 %).",
            "The smallest change that makes them level moves 23 % of the weight from X to Y.",
        ],
    ),
    "given the other way round": (
        {"x": [0.1, 0.9], "y": [0.5, 0.2]},
        {},
        [
            "b stays ahead of a unless X falls below 27 % (now 50 %) or Y rises above 73 % (now 50 %).",
            "The smallest change that makes them level moves 23 % of the weight from X to Y.",
        ],
    ),
    "close": (
        {"x": [0.9, 0.101], "y": [0.2, 0.998]},
        {},
        [
            "a stays ahead of b unless X falls below 50.0 % (now 50.0 %) or Y rises above 50.0 % (now 50.0 %).",
            "The smallest change that makes them level moves 0.0 % of the weight from X to Y.",
        ],
    ),
    "dominated": (
        {"x": [0.9, 0.1], "y": [0.6, 0.5]},
        {},
        ["No weights put b ahead of a, which is as good or better in X and Y."],
    ),
    "dominated and equal in one": (
        {"x": [0.9, 0.9], "y": [0.6, 0.5]},
        {},
        ["No weights put b ahead of a, which is as good or better in X and Y."],
    ),
    "one category alone": (
        {"x": [0.9, 0.1], "y": [0.2, 0.5]},
        {"weights": (1.0, 0.0)},
        ["No weights put b ahead of a, which is as good or better in X."],
    ),
    "level": ({"x": [0.9, 0.5], "y": [0.1, 0.5]}, {}, ["a and b have the same total."]),
    "nothing known": (
        {"x": [0.9, np.nan], "y": [0.1, np.nan]},
        {},
        ["Nothing that counts is known about b, so it has no place before or behind the other."],
    ),
    "held": (
        {"x": [1.0, 0.2], "y": [1.0, 0.1]},
        {"caps": (HELD,)},
        ["a is held at 30 because x is full, which no weights change."],
    ),
    "nothing in common": (
        {"x": [0.9, np.nan], "y": [np.nan, 0.5]},
        {},
        ["No single weight puts b ahead of a."],
    ),
}


@pytest.mark.parametrize(("columns", "how", "sentences"), CASES.values(), ids=list(CASES))
def test_every_case_is_worded(columns, how, sentences):
    scores = scored({name: np.array(values) for name, values in columns.items()}, **how)
    assert tipping(scores, 0, 1).sentences() == sentences
    if scores.total[0] != scores.total[1]:
        assert tipping(scores, 1, 0).sentences() == sentences


def test_who_meets_a_cap_takes_no_first_place():
    scores = scored({"x": [1.0, 0.2, 0.3], "y": [1.0, 0.5, 0.3]}, caps=(HELD,))
    assert {tip.then for tip in first_places(scores)} == {"c"}
    assert first_places(replace(scores, ranked=np.zeros(3, dtype=bool))) == []
