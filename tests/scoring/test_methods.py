"""Normalisers, aggregators and ranks, each against a value worked out by hand or by another library."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats  # type: ignore[import-untyped]
from sklearn.preprocessing import MinMaxScaler

from scoring.methods import (
    AGGREGATORS,
    EVERY_METHOD,
    METHODS,
    NORMALISERS,
    aggregate,
    combined,
    constant,
    neutral,
    normalise,
    part,
    ranks,
)

NAN = np.nan
RAW = np.array([[1.0, 5.0, 0.0], [3.0, 5.0, NAN], [2.0, 5.0, 8.0], [1.0, 5.0, 2.0]])


def test_min_max_is_scikit_learns():
    scaled = normalise("min_max", RAW)
    np.testing.assert_array_equal(scaled[:, [0, 2]], MinMaxScaler().fit_transform(RAW)[:, [0, 2]])
    assert scaled[:, 1].tolist() == [0.5] * 4


def test_max_never_subtracts_the_least():
    scaled = normalise("max", RAW)
    np.testing.assert_array_equal(scaled[:, 0], [1 / 3, 1, 2 / 3, 1 / 3])
    assert scaled[:, 1].tolist() == [1] * 4
    assert np.isnan(normalise("max", np.zeros((3, 1)))).all()


def test_z_score():
    np.testing.assert_allclose(normalise("z_score", RAW)[:, 0], stats.zscore(RAW[:, 0]))
    assert normalise("z_score", RAW)[:, 1].tolist() == [0] * 4
    assert neutral("z_score") == 0


def test_percentile_rank_counts_equals_half():
    assert normalise("percentile_rank", RAW)[:, 0].tolist() == pytest.approx([1 / 6, 1, 2 / 3, 1 / 6])
    assert normalise("percentile_rank", RAW)[:, 1].tolist() == [0.5] * 4


def test_goalposts_clip():
    ends = np.zeros(3), np.array([2.0, 10.0, 4.0])
    scaled = normalise("goalposts", RAW, ends)
    np.testing.assert_allclose(scaled, [[0.5, 0.5, 0], [1, 0.5, NAN], [1, 0.5, 1], [0.5, 0.5, 0.5]])
    with pytest.raises(ValueError, match="ends"):
        normalise("goalposts", RAW)


@pytest.mark.parametrize("name", ["min_max", "max", "z_score", "percentile_rank"])
def test_unknown_stays_unknown(name):
    np.testing.assert_array_equal(np.isnan(normalise(name, RAW)), np.isnan(RAW))


def test_constant():
    assert constant(RAW).tolist() == [False, True, False]


def test_means():
    values, weights = np.array([[0.0, 1.0], [0.5, NAN], [NAN, NAN]]), np.array([1.0, 3.0])
    assert aggregate("mean", values, weights).tolist()[:2] == [0.75, 0.5]
    assert np.isnan(aggregate("mean", values, weights)[2])
    whole = np.array([[0.2, 0.8], [0.5, 0.5], [0.0, 1.0]])
    geometric = aggregate("geometric_mean", whole, np.ones(2))
    assert geometric[1] == pytest.approx(0.5)
    assert geometric[0] < 0.5
    assert 0 < geometric[2] < geometric[0]


def test_rank_discount_is_weight_over_log2():
    values = np.array([[3.0, 1.0], [2.0, 2.0], [2.0, 3.0]])
    score = aggregate("rank_discount", values, np.array([3.0, 1.0]), "dense")
    wanted = [0.75 / np.log2(2) + 0.25 / np.log2(4), 0.75 / np.log2(3) + 0.25 / np.log2(3), 0.75 / np.log2(3) + 0.25]
    np.testing.assert_allclose(score, wanted)
    np.testing.assert_allclose(part("rank_discount", values, "dense")[:, 0], [1, 1 / np.log2(3), 1 / np.log2(3)])


@given(arrays(np.float64, st.integers(1, 30), elements=st.integers(0, 6).map(float)))
def test_ranks_are_scipys(scores):
    assert ranks(scores, "shared").tolist() == stats.rankdata(-scores, "min").tolist()
    assert ranks(scores, "dense").tolist() == stats.rankdata(-scores, "dense").tolist()


def test_every_pair_that_goes_together_is_a_method_and_the_named_ones_stay():
    assert [EVERY_METHOD[i] for i in METHODS] == list(METHODS.values())
    pairs = {(n, a): combined(n, a) for n in NORMALISERS for a in AGGREGATORS}
    assert [pair for pair, method in pairs.items() if method is None] == [("z_score", "geometric_mean")]
    assert pairs["min_max", "mean"] is METHODS["documented"]
    assert pairs["min_max", "flat_mean"] is METHODS["documented_flat"]
    made = [m for m in pairs.values() if m]
    assert all(EVERY_METHOD[m.id] is m or EVERY_METHOD[m.id] == m for m in made)
    assert len({m.id for m in made}) == len({m.label for m in made}) == 15
    assert EVERY_METHOD["z_score_flat_mean"].summary == (
        "Each indicator by Z-score; a dimension is their mean, influence the mean of all indicators."
    )
