"""A subject placed among others: it moves alone."""

import numpy as np

from scoring.engine import Scaled
from scoring.placing import beside


def scaled(ids, value):
    n = len(ids)
    column = np.full((n, 1), value)
    true = np.ones((n, 1), dtype=bool)
    return Scaled(ids=np.array(ids, dtype=object), value=column, low=column, high=column, applies=true, caps=~true)


def test_the_added_come_last_and_nobody_else_moves():
    joined = beside(scaled(["a", "b"], 0.25), scaled(["c"], 0.75))
    assert list(joined.ids) == ["a", "b", "c"]
    assert joined.value[:, 0].tolist() == [0.25, 0.25, 0.75]


def test_one_that_is_among_both_is_the_added_one():
    joined = beside(scaled(["a", "b"], 0.25), scaled(["a"], 0.75))
    assert list(joined.ids) == ["b", "a"]
    assert joined.value[:, 0].tolist() == [0.25, 0.75]
