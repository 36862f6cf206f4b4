"""The curve of a factor is what the engine makes of it, and its axis is in the fact's own unit."""

import numpy as np
import pytest

from charts.curve import curve, short
from scoring.output import examples
from scoring.scorecards import MODEL


@pytest.mark.parametrize("f", MODEL.factors, ids=lambda f: f.id)
def test_every_factor_can_be_drawn(f):
    figure = curve(f, "#123456")
    points = examples.curve(f)
    drawn = [v for trace in figure.data for v in (trace.x if trace.type == "bar" else trace.y)]
    assert drawn == pytest.approx(list(points["scaled"]))
    assert figure.layout.height


def test_a_log_curve_is_a_straight_line_from_zero_with_its_marks_in_the_unit():
    figure = curve(MODEL.factor("downloads"), "#123456")
    (line,) = figure.data
    assert np.diff(line.y, 2) == pytest.approx(0, abs=1e-9)
    axis = figure.layout.xaxis
    assert list(axis.ticktext) == ["0", "100", "10k", "1M", "100M"]
    assert list(axis.tickvals) == pytest.approx(np.log1p([0, 100, 1e4, 1e6, 1e8]))
    assert "downloads" in axis.title.text


def test_marks_at_the_goalposts_stand_clear_of_their_neighbours():
    assert list(curve(MODEL.factor("likes"), "#123456").layout.xaxis.ticktext) == ["0", "10", "100", "1k", "15k"]


def test_levels_are_bars_with_their_words_and_values():
    (bars,) = curve(MODEL.factor("license_type"), "#123456").data
    assert bars.orientation == "h"
    assert bars.y[0] == "permissive"
    assert list(bars.text) == ["1.00", "0.85", "0.70", "0.50", "0.30", "0.25", "0.10"]


def test_where_lower_is_better_yes_counts_nothing():
    (bars,) = curve(MODEL.factor("remote_code"), "#123456").data
    assert dict(zip(bars.y, bars.x, strict=True)) == {"yes": 0, "no": 1}


def test_the_lines_of_age_differ_in_more_than_colour_and_start_where_they_can():
    figure = curve(MODEL.factor("age"), "#123456")
    assert len({line.line.dash for line in figure.data}) == len(figure.data) == len(examples.SWEEPS["age"].lines)
    assert [line.x[0] for line in figure.data] == [0, 730, 1095, 1460]
    assert figure.layout.showlegend


@pytest.mark.parametrize(("number", "said"), [(0, "0"), (300, "300"), (15_000, "15k"), (1e8, "100M"), (1e12, "1000G")])
def test_short(number, said):
    assert short(number) == said
