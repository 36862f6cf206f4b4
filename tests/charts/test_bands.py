"""The chart of rank bands: ends, ticks and tiers are those of the bands."""

import numpy as np
import pytest

from charts.bands import in_words, rank_bands
from scoring.reasons.bands import bands
from tests.scoring.reasons.test_bands import many, scored


def test_a_bar_ends_at_both_ranks_and_tiers_are_shaded():
    found = bands(scored({"x": [0.9, 0.88, 0.3, 0.2], "y": [0.3, 0.28, 0.84, 0.1]}))
    figure = rank_bands(found, [int(row) for row in found.order])
    band, label = figure.data
    assert band.x == (1, 2, 3, 4)
    ends = np.array(band.x) - band.error_x.arrayminus, np.array(band.x) + band.error_x.array
    assert [*map(list, ends)] == [found.low.tolist(), found.high.tolist()]
    assert label.text[0] == "1   a"
    assert [(shape.y0, shape.y1) for shape in figure.layout.shapes] == [(-0.78, 2.22)]  # a, b and c; d is tier 2
    assert in_words(found, [0, 3]) == "Ranks, with the band of nine of ten draws: a 1 (1 to 2); d 4 (4)."


@pytest.mark.parametrize(("n", "axis"), [(20, "linear"), (200, "log")])
def test_wide_bands_have_a_logarithmic_axis(n, axis):
    found = bands(many(n), noise="any", draws=200)
    figure = rank_bands(found, [int(row) for row in found.order[:150]])
    assert figure.layout.xaxis.type == axis
    assert figure.layout.xaxis.tickvals[0] == 1
