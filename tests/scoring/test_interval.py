"""How far a total may move, against the totals of the worst and the best case worked out anew."""

from dataclasses import replace

import numpy as np
import pytest

from scoring.engine import blend, weigh
from scoring.scorecards import MODEL
from scoring.types import Scaled

POLICIES = ("neutral", "zero", "skip")


def generated(n: int = 40) -> Scaled:
    """Subjects of which a third is unknown and a tenth does not apply; one of which nothing is known."""
    rng = np.random.default_rng(7)
    value = rng.random((n, len(MODEL.factors)))
    applies = rng.random(value.shape) > 0.1
    unknown = (rng.random(value.shape) < 0.33) | ~applies
    unknown[0] = True
    value[unknown] = np.nan
    return Scaled(
        ids=np.array([f"o/{i}" for i in range(n)], dtype=object),
        value=value,
        low=np.where(unknown, 0.0, value),
        high=np.where(unknown, 1.0, value),
        applies=applies,
        caps=rng.random((n, len(MODEL.caps))) < 0.2,
    )


@pytest.mark.parametrize("policy", POLICIES)
def test_the_ends_are_the_totals_when_all_that_is_unknown_turns_out_bad_or_good(policy):
    scaled = generated()
    scores = weigh(MODEL, scaled, blend(MODEL, scaled, policy), policy, capped=False)
    for turned, got in ((0.0, scores.low), (1.0, scores.high)):
        told = np.where(np.isnan(scaled.value) & scaled.applies, turned, scaled.value)
        known = replace(scaled, value=told)
        wanted = weigh(MODEL, known, blend(MODEL, known), capped=False).total
        there = ~np.isnan(scores.total)
        np.testing.assert_allclose(got[there], wanted[there], atol=1e-9)


@pytest.mark.parametrize("capped", [True, False])
def test_some_rows_have_the_intervals_that_they_have_among_all(capped):
    scaled = generated()
    rows = np.array([5, 0, 17])
    first = weigh(MODEL, scaled, blend(MODEL, scaled), capped=capped)
    alone = first.interval(rows)
    np.testing.assert_array_equal(alone, (first.low[rows], first.high[rows]))
    np.testing.assert_array_equal(first.interval(rows), alone)
    limit = 30.0 if capped else 100.0
    assert (first.high[scaled.caps.any(axis=1)] <= limit).all()
    assert ((first.low <= first.total) & (first.total <= first.high) | np.isnan(first.total)).all()
