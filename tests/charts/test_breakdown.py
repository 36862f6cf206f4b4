"""The bars are as long as their points, the unknown is drawn apart, and each figure says in words what it shows."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from charts import breakdown, palette
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
    assert "Popularity nothing known, not counted" in breakdown.alt(lines, MODEL)
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
    figure = breakdown.interval(total, low, high, uncapped)
    track, sure, unknown = [t for t in figure.data if t.type == "bar"]
    assert (track.base, track.x[0]) == (0, 100)
    assert (sure.base, sure.x[0]) == (0, low)
    assert (unknown.base, unknown.base + unknown.x[0]) == pytest.approx((low, high))
    assert unknown.marker.pattern.shape == "/"
    marks = [t.x[0] for t in figure.data if t.type == "scatter"]
    assert marks == ([total, uncapped] if uncapped > total else [total])
    assert all(0 <= a.x <= 100 for a in figure.layout.annotations)
    said = breakdown.interval_alt(total, low, high, uncapped)
    assert (f"Total {total:.0f} of 100" if high - low > 2 else f"{total:.1f}") in said
    assert ("before the cap" in said) == (uncapped > total)


# Side by side


@pytest.fixture(scope="module")
def scores(facts):
    return score(MODEL, facts)


ROWS = [0, 1, 2, 4, 8, 9]


@pytest.mark.parametrize("rows", [ROWS[:2], ROWS])
def test_totals_are_drawn_with_what_is_unknown(scores, rows):
    figure = breakdown.totals(scores, rows)
    bars = [t for t in figure.data if t.type == "bar"]
    assert len(bars) == 3 * len(rows)
    for n, row in enumerate(rows):
        _, sure, unknown = bars[3 * n : 3 * n + 3]
        assert sure.x[0] == pytest.approx(scores.low[row])
        assert unknown.base + unknown.x[0] == pytest.approx(scores.high[row])
        assert unknown.marker.pattern.shape == "/"
    texts = [a.text for a in figure.layout.annotations]
    assert [t[3] for t in texts[::2]] == list(breakdown.LETTERS[: len(rows)])
    if 4 in rows:
        assert "nothing known" in texts[2 * rows.index(4) + 1]


@pytest.mark.parametrize("rows", [ROWS[:2], ROWS])
def test_categories_are_grouped_under_letters_in_their_own_colours(scores, rows):
    figure = breakdown.category_bars(scores, rows)
    assert figure.layout.barmode == "group"
    assert len(figure.data) == len(rows)
    for n, (trace, row) in enumerate(zip(figure.data, rows, strict=True)):
        wanted = scores.category_scores.iloc[row].to_numpy()
        assert list(trace.x) == pytest.approx(list(np.nan_to_num(wanted)))
        assert all(text.startswith(breakdown.LETTERS[n]) for text in trace.text)
        unknown = [text.endswith("nothing known") for text in trace.text]
        assert unknown == list(np.isnan(wanted))
        assert list(trace.marker.color) == [c.colour for c in scores.card.categories]
        assert trace.marker.pattern.shape is None  # which would mean unknown


def test_there_is_a_letter_for_each_of_six():
    assert len(set(breakdown.LETTERS)) == 6


@pytest.mark.parametrize("model", ["a/b", "openai/whisper-large-v3", "owner/" + "x" * 200, "x" * 35, "é" * 34])
def test_long_names_are_cut_in_the_middle(model):
    short = palette.shorten(model)
    assert len(short) <= palette.LONGEST
    if len(model) > palette.LONGEST:
        head, tail = short.split("…")
        assert model.startswith(head)
        assert model.endswith(tail)
    else:
        assert short == model


def test_words_for_who_cannot_see_the_bars_of_several(scores):
    totals, categories = breakdown.totals_alt(scores, ROWS), breakdown.category_bars_alt(scores, ROWS)
    for row in ROWS:
        assert str(scores.ids[row]) in totals
        assert str(scores.ids[row]) in categories
    assert "solo: nothing known" in totals
    assert all(c.label in categories for c in MODEL.categories)


def test_a_category_of_which_nothing_counts_is_not_counted_rather_than_unknown(facts):
    card = MODEL.without(*(f.id for f in MODEL.categories[1].factors))
    scores = score(card, facts)
    label = MODEL.categories[1].label
    assert scores.idle == {MODEL.categories[1].id}
    assert f"{label}: {scores.ids[ROWS[0]]} not counted" in breakdown.category_bars_alt(scores, ROWS)
    (first, *_) = breakdown.category_bars(scores, ROWS).data
    assert [text.partition("  ")[2] == "not counted" for text in first.text] == [
        c.label == label for c in card.categories
    ]
