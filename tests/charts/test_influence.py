"""The organisations' figures show the numbers that the tables have."""

import numpy as np
import pytest

from charts import influence as charts
from data.organisations import month
from data.organisations.rollup import rollup
from scoring.scorecards import influence


@pytest.fixture(scope="module")
def months():
    return [influence(rollup(month.load(m)).facts, as_of=m) for m in month.months()]


def test_bars_add_up_to_the_score(months):
    now = months[-1]
    rows = now.order[:12]
    bars = [t for t in charts.bars(now, rows).data if t.type == "bar"]
    assert [b.name for b in bars] == [c.label for c in now.card.categories]
    assert np.sum([b.x for b in bars], axis=0) == pytest.approx(now.total[rows], abs=1e-4)
    assert [b.marker.color for b in bars] == [c.colour for c in now.card.categories]


def test_the_field_shows_everybody_once_in_every_lane(months):
    now = months[-1]
    row = now.position["Meta"]
    figure = charts.field(now, row)
    for lane in range(4):
        dots = [
            x
            for t in figure.data
            if t.mode == "markers" and t.marker.symbol != "line-ns"
            for x in t.x
            if t.y[0] == lane
        ]
        assert sorted(dots) == pytest.approx(sorted(now.category_values[:, lane]), abs=1e-4)


def test_the_months_break_where_somebody_was_not_ranked(months):
    figure = charts.through_months("Moonshot", {"own": months, "one": months})
    scores = figure.data[0].y
    assert [s is None for s in scores] == [True] * 9 + [False]
    assert figure.layout.yaxis2.range[0] > figure.layout.yaxis2.range[1], "the first rank is on top"


def test_every_figure_says_itself_in_words(months):
    now = months[-1]
    assert "BAAI 0.4255" in charts.bars_in_words(now, now.order[:3])
    assert "rank 1" in charts.field_in_words(now, now.position["Meta"])
    assert "not ranked" in charts.months_in_words("Moonshot", {"own": months})
