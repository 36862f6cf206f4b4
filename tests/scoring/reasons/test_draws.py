"""Under the present weights the totals of the draws are those of the engine, whatever is drawn and by every method."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from data.organisations.month import load
from data.organisations.rollup import rollup
from scoring.methods import EVERY_METHOD, relative
from scoring.reasons.bands import bands
from scoring.reasons.draws import Field, Weights, draw, present_shares
from scoring.scorecards import influence
from scoring.view import ModelView
from tests.scoring.reasons.test_bands import scored

MONTH = {reading: rollup(load("2025-09-07"), reading).facts for reading in ("documented", "published")}
VIEWS = {
    "usual": ModelView(),
    "all that is known": ModelView(count="all", weights={"likes": 7.0, "security": 3.0}),
    "unknown as nothing": ModelView(count="all", unknown="zero"),
    "unknown left out": ModelView(count="all", unknown="skip", cap=False),
    "population": ModelView(yardstick="population", weights={"activity": 0.0}),
}


class Always:
    """Draws of one number."""

    def __init__(self, number):
        self.number = number

    def random(self, shape):
        return np.full(shape, self.number)


def present(scores, depth):
    """The weights that are set, as one draw."""
    usual = present_shares(scores)
    inside = []
    for (c, own), share in zip(scores.card.slices, usual, strict=True):
        if share > 0:
            asked = [f.weight for f, yes in zip(c.factors, scores.asked[own], strict=True) if yes and f.weight > 0]
            weights = relative(asked)
            inside.append((weights / weights.sum())[None])
    return Weights(categories=usual[usual > 0][None], factors=tuple(inside) if depth == "factors" else ())


def totals(scores, depth, number=0.0, *, unknown):
    rows = np.arange(len(scores))
    field = Field.of(scores, rows, present_shares(scores) > 0, depth, unknown=unknown)
    drawn: Any = Always(number)
    return field.totals(present(scores, depth), drawn)[0]


@pytest.mark.parametrize("depth", ["categories", "factors"])
@pytest.mark.parametrize("view", VIEWS.values(), ids=list(VIEWS))
def test_present_weights_give_the_totals_and_the_intervals_of_models(bundled, view, depth):
    scores = view.score(bundled)
    known = ~np.isnan(scores.total)
    np.testing.assert_allclose(totals(scores, depth, unknown=False)[known], scores.total[known], atol=1e-9)
    np.testing.assert_allclose(totals(scores, depth, unknown=True)[known], scores.low[known], atol=1e-9)
    np.testing.assert_allclose(totals(scores, depth, 1.0, unknown=True)[known], scores.high[known], atol=1e-9)


@pytest.mark.parametrize("depth", ["categories", "factors"])
@pytest.mark.parametrize("method", EVERY_METHOD)
def test_present_weights_give_the_scores_of_organisations_by_every_method(method, depth):
    scores = influence(MONTH[EVERY_METHOD[method].reading], method)
    np.testing.assert_allclose(totals(scores, depth, unknown=False), scores.total, atol=1e-9)


def test_factors_are_drawn_inside_their_categories_and_what_weighs_nothing_is_not():
    scores = scored({"x": [1.0, 0.0], "x1": [0.0, 1.0], "y": [0.5, 0.5], "y1": [0.5, 0.5]}, factors=2)
    rng = np.random.default_rng(0)
    weights = draw(scores, present_shares(scores), "any", "factors", 5000, rng)
    assert [each.shape for each in weights.factors] == [(5000, 2), (5000, 2)]
    np.testing.assert_allclose([each.sum(axis=1) for each in weights.factors], 1)
    np.testing.assert_allclose(weights.factors[0].mean(axis=0), [0.5, 0.5], atol=0.01)
    card = scores.card.with_weights({"x_factor": 0.0})
    alone = draw(replace(scores, card=card), present_shares(scores), "around", "factors", 10, rng)
    assert [each.shape for each in alone.factors] == [(10, 1), (10, 2)]


def test_bands_over_factors_are_wider_where_only_factors_tell_them_apart():
    # Both have .5 of either category: no weights of categories part them, those of factors do, half the time each.
    scores = scored({"x": [1.0, 0.0], "x1": [0.0, 1.0], "y": [0.5, 0.5], "y1": [0.5, 0.5]}, factors=2)
    assert bands(scores).first.tolist() == [1, 1]
    found = bands(scores, depth="factors", draws=20_000)
    np.testing.assert_allclose(found.first, [0.5, 0.5], atol=0.01)
    assert (found.depth, found.low.tolist(), found.high.tolist()) == ("factors", [1, 1], [2, 2])
    again = bands(scores, depth="factors", draws=20_000)
    assert again.first.tolist() == found.first.tolist()


def test_who_is_judged_on_one_factor_is_so_however_little_it_weighs():
    scores = scored({"x": [0.2, 0.9], "x1": [None, 0.1], "y": [0.5, 0.5], "y1": [0.5, 0.5]}, factors=2, unknown="skip")
    found = bands(scores, depth="factors", unknown=False, noise="any")
    assert np.isfinite(found.low).all()
