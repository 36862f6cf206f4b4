"""An array that is read by row or column is indexed as any; tests/data/models/test_stored.py scores a snapshot so."""

import numpy as np
import pytest

from scoring.byrow import ByColumn, ByRow, Coded

WHOLE = np.arange(30).reshape(10, 3)


@pytest.mark.parametrize(
    "key",
    [
        3,
        -1,
        np.int64(2),
        slice(2, 5),
        slice(None),
        [4, 1, 4],
        WHOLE[:, 0] > 12,
        (3, 1),
        (slice(None), 2),
        ([1, 2], slice(1, 3)),
    ],
    ids=str,
)
def test_an_index_means_what_it_means_of_an_array(key):
    by_row = ByRow(lambda rows: WHOLE[rows], len(WHOLE))
    tables, codes = zip(*(np.unique(column % 4, return_inverse=True) for column in WHOLE.T), strict=True)
    by_column = ByColumn([*map(Coded, tables, codes)], len(WHOLE))
    np.testing.assert_array_equal(by_row[key], WHOLE[key])
    np.testing.assert_array_equal(by_column[key], WHOLE[key] % 4)
    np.testing.assert_array_equal(np.asarray(by_column), WHOLE % 4)
    assert len(by_row) == len(by_column) == len(WHOLE)
