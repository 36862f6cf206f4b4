"""What is found without sorting is what sorting finds, at every edge and with ties."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scoring.order import ahead, candidates, preselected

totals = st.lists(st.sampled_from([0.0, 1.0, 1.0 + 1e-12, 2.5, np.nan]), max_size=30).map(np.array)


@given(totals, st.integers(0, 31), st.integers(0, 31))
def test_the_places_of_an_order_are_among_those_who_are_preselected(total, start, length):
    within = np.arange(len(total)) % 3 != 1
    rows = np.flatnonzero(within)
    order = rows[np.lexsort((rows, -np.nan_to_num(total[rows].round(9), nan=-np.inf)))] if len(rows) else rows
    found, before = preselected(total, within, start, start + length)
    here = found[np.lexsort((found, -np.nan_to_num(total[found].round(9), nan=-np.inf)))]
    assert here[start - before : start + length - before].tolist() == order[start : start + length].tolist()


@given(totals)
def test_who_is_ahead_is_counted_as_ties_are_decided(total):
    for one in total[~np.isnan(total)]:
        assert ahead(total, float(one)) == int((total.round(9) > round(float(one), 9)).sum())


def test_a_place_beyond_the_last_has_no_candidates():
    inside, before = candidates(np.arange(3.0), 5, 9)
    assert (bool(inside.any()), before) == (False, 5)
