"""The bars are as long as their points, the unknown is drawn apart, and each figure says in words what it shows."""

import json
from datetime import date
from pathlib import Path

import pytest

from charts import breakdown
from data.models import records
from scoring.engine import score
from scoring.reasons.receipt import receipt
from scoring.scorecards import MODEL
from scoring.types import UNKNOWN_POLICIES

MODELS = Path(__file__).parents[1] / "fixtures" / "models.jsonl"


@pytest.fixture(scope="module")
def facts():
    lines = MODELS.read_text().splitlines()
    return records.frame(records.rows([json.loads(line) for line in lines], date(2026, 10, 8)))


def lines_of(facts, row, **view):
    scores = score(MODEL, facts, **view)
    return receipt(scores, row, facts.iloc[row].to_dict()), scores


def parts(figure):
    """Bars by name of the part, without the samples of the legend."""
    names = [trace.name for trace in figure.data if trace.name]
    bars = [trace for trace in figure.data if trace.type == "bar" and trace.showlegend is False]
    assert len(bars) == 4
    assert set(names) <= {"earned", "counted for the unknown", "open: unknown", "not earned"}
    return [[value or 0.0 for value in bar.x] for bar in bars]


@pytest.mark.parametrize("unknown", UNKNOWN_POLICIES)
def test_every_bar_is_as_long_as_what_its_category_could_give(facts, unknown):
    for row in range(len(facts)):
        lines, scores = lines_of(facts, row, unknown=unknown)
        earned, assumed, opened, missed = parts(breakdown.categories(lines, MODEL))
        for j, c in enumerate(MODEL.categories):
            mine = [x for x in lines if x.category.id == c.id]
            whole = earned[j] + assumed[j] + opened[j] + missed[j]
            assert whole == pytest.approx(sum(x.possible for x in mine), abs=0.03)
            assert earned[j] + assumed[j] == pytest.approx(scores.by_category.iloc[row, j], abs=0.02)
            assert earned[j] == pytest.approx(sum(x.points for x in mine if x.known), abs=0.02)


def test_the_factors_of_a_category_are_one_bar_each(facts):
    lines, _ = lines_of(facts, 0)
    for c in MODEL.categories:
        mine = [x for x in lines if x.category.id == c.id]
        figure = breakdown.factors(mine)
        assert [label.strip() for label in figure.layout.yaxis.ticktext] == [f.label for f in c.factors]
        earned, *_ = parts(figure)
        assert earned == pytest.approx([x.points if x.known else 0.0 for x in mine], abs=0.006)
        assert [a.text for a in figure.layout.annotations] == [b.note for b in map(breakdown._factor, mine)]


def test_what_is_unknown_differs_by_more_than_its_colour(facts):
    lines, _ = lines_of(facts, 1)
    solid, assumed, opened, missed = [t for t in breakdown.categories(lines, MODEL).data if t.showlegend is False]
    assert assumed.marker.pattern.shape == "/"
    assert opened.marker.pattern.shape == "."
    assert solid.marker.pattern.shape is None
    assert missed.marker.pattern.shape is None


def test_a_lower_bound_leaves_its_upper_part_open(facts):
    (line,) = [x for x in lines_of(facts, 0)[0] if x.factor.id == "spaces"]
    assert line.at_least
    assert breakdown._parts(line)[0] == pytest.approx(line.points)
    assert sum(breakdown._parts(line)) == pytest.approx(line.possible)


def test_nothing_known_and_nothing_weighed_are_told_apart(facts):
    lines, _ = lines_of(facts, 4)
    assert "Popularity nothing known: no say" in breakdown.alt(lines, MODEL)
    card = MODEL.without("popularity")
    weightless = receipt(score(card, facts), 0, facts.iloc[0].to_dict())
    assert "Popularity weighs nothing" in breakdown.alt(weightless, card)
    assert breakdown.categories(lines, MODEL).layout.height


def test_words_for_who_cannot_see_the_bars(facts):
    lines, _ = lines_of(facts, 0)
    said = breakdown.alt(lines, MODEL)
    assert all(c.label in said for c in MODEL.categories)
    mine = [x for x in lines if x.category.id == "security"]
    assert all(x.factor.label in breakdown.alt(mine, MODEL) for x in mine)


@pytest.mark.parametrize(
    ("total", "low", "high", "uncapped"),
    [(77.1, 71.4, 82.9, 77.1), (30, 30, 30, 52), (50, 0, 100, 50), (0, 0, 0, 0), (100, 100, 100, 100), (3, 1, 9, 3)],
)
def test_the_interval_is_drawn_on_the_whole_scale(total, low, high, uncapped):
    figure = breakdown.interval(total, low, high, uncapped, "#2E8BA6")
    track, sure, unknown = [t for t in figure.data if t.type == "bar"]
    assert (track.base, track.x[0]) == (0, 100)
    assert (sure.base, sure.x[0]) == (0, low)
    assert (unknown.base, unknown.base + unknown.x[0]) == pytest.approx((low, high))
    assert unknown.marker.pattern.shape == "/"
    marks = [t.x[0] for t in figure.data if t.type == "scatter"]
    assert marks == ([total, uncapped] if uncapped > total else [total])
    assert all(0 <= a.x <= 100 for a in figure.layout.annotations)
    said = breakdown.interval_alt(total, low, high, uncapped)
    assert f"{total:.1f}" in said
    assert ("before the cap" in said) == (uncapped > total)
