"""What really decides: shares of the differences against a plain covariance, and every sentence."""

import numpy as np
import pytest

from scoring.methods import METHODS
from scoring.reasons.importance import every, importance, in_words, paid_often
from scoring.scorecards import MODEL
from scoring.view import ModelView
from tests.scoring.reasons.test_bands import scored
from tests.scoring.reasons.test_tipping import organisations


def test_shares_are_covariances_and_sum_to_one(bundled):
    scores = ModelView(count="all").score(bundled)
    found = importance(scores)
    points = scores.points(np.flatnonzero(scores.ranked))
    total = points.sum(axis=1)
    expected = {f.id: np.cov(points[:, j], total)[0, 1] / total.var(ddof=1) for j, f in enumerate(scores.card.factors)}
    assert {one.factor.id: one.real for one in found} == pytest.approx(
        {i: expected[i] for i in (one.factor.id for one in found)}
    )
    assert sum(one.real for one in found) == pytest.approx(1)
    assert sum(one.nominal for one in found) == pytest.approx(1)


def test_what_is_equal_for_all_decides_nothing():
    found = importance(scored({"x": [0.5, 0.5, 0.5], "y": [0.1, 0.9, 0.4]}, weights=(3.0, 1.0)))
    assert [one.nominal for one in found] == [0.75, 0.25]
    assert [one.real for one in found] == pytest.approx([0, 1])
    assert in_words(found) == [
        "The largest part of the differences between totals comes from y: 100 %, with 25 % of the weight.",
        "Counts more than twice what its weight says: y.",
        "Sets hardly anybody apart, whatever its weight: x.",
    ]


def test_all_totals_equal_is_said():
    found = importance(scored({"x": [0.5, 0.5], "y": [0.1, 0.1]}))
    assert in_words(found) == ["All totals are equal, so no factor sets them apart."]
    assert in_words(importance(scored({"x": [np.nan], "y": [np.nan]}))) == in_words(found)


def test_one_fact_that_is_paid_several_times_is_named(bundled):
    groups = [[f.id for f in group] for group in paid_often(MODEL.factors)]
    assert groups == [["authorization", "gated", "access_control"]]
    assert in_words(importance(ModelView(count="all").score(bundled)))[-1] == (
        "One fact is paid several times: Authorization, Gated and Access control ask the same, with 4 % of the weight "
        "together."
    )


def test_a_method_without_points_has_no_shares():
    assert sum(one.real for one in importance(organisations())) == pytest.approx(1)
    with pytest.raises(ValueError, match="Under “As published” factors have no points"):
        importance(organisations("published"))
    assert METHODS["published"].adds_up is False


def test_of_many_one_in_so_many_is_looked_at(bundled, monkeypatch):
    scores = ModelView().score(bundled)
    monkeypatch.setattr("scoring.reasons.importance.MOST", 1000)
    ranked = int(scores.ranked.sum())
    assert every(ranked) == -(-ranked // 1000) > 1
    assert sum(one.real for one in importance(scores)) == pytest.approx(1)
