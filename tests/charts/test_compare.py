"""Models side by side: each drawn at its values under its letter, with names that fit."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from charts import compare
from data.models import records
from scoring.engine import score
from scoring.scorecards import MODEL

MODELS = Path(__file__).parents[1] / "fixtures" / "models.jsonl"


@pytest.fixture(scope="module")
def scores():
    lines = MODELS.read_text().splitlines()
    return score(MODEL, records.frame(records.rows([json.loads(line) for line in lines], date(2026, 10, 8))))


ROWS = [0, 1, 2, 4, 8, 9]


@pytest.mark.parametrize("rows", [ROWS[:2], ROWS])
def test_totals_are_drawn_with_what_is_unknown(scores, rows):
    figure = compare.totals(scores, rows)
    bars = [t for t in figure.data if t.type == "bar"]
    assert len(bars) == 3 * len(rows)
    for n, row in enumerate(rows):
        _, sure, unknown = bars[3 * n : 3 * n + 3]
        assert sure.x[0] == pytest.approx(scores.low[row])
        assert unknown.base + unknown.x[0] == pytest.approx(scores.high[row])
        assert unknown.marker.pattern.shape == "/"
    texts = [a.text for a in figure.layout.annotations]
    assert [t[3] for t in texts[::2]] == list(compare.LETTERS[: len(rows)])
    if 4 in rows:
        assert "nothing known" in texts[2 * rows.index(4) + 1]


@pytest.mark.parametrize("rows", [ROWS[:2], ROWS])
def test_categories_are_grouped_under_letters_and_patterns(scores, rows):
    figure = compare.categories(scores, rows)
    assert figure.layout.barmode == "group"
    assert len(figure.data) == len(rows)
    for n, (trace, row) in enumerate(zip(figure.data, rows, strict=True)):
        wanted = scores.category_scores.iloc[row].to_numpy()
        assert list(trace.x) == pytest.approx(list(np.nan_to_num(wanted)))
        assert all(text.startswith(compare.LETTERS[n]) for text in trace.text)
        said = [text.endswith("nothing known") for text in trace.text]
        assert said == list(np.isnan(wanted))
    shapes = [t.marker.pattern.shape or "" for t in figure.data]
    assert len(set(shapes)) == len(rows)


def test_there_is_a_letter_a_colour_and_a_pattern_for_each_of_six():
    assert len(set(compare.LETTERS)) == len(set(compare.COLOURS)) == len(set(compare.PATTERNS)) == 6


@pytest.mark.parametrize("model", ["a/b", "openai/whisper-large-v3", "owner/" + "x" * 200, "x" * 35, "é" * 34])
def test_long_names_are_cut_in_the_middle(model):
    short = compare.shorten(model)
    assert len(short) <= compare.LONGEST
    if len(model) > compare.LONGEST:
        head, tail = short.split("…")
        assert model.startswith(head)
        assert model.endswith(tail)
    else:
        assert short == model


def test_words_for_who_cannot_see_the_bars(scores):
    totals, categories = compare.totals_alt(scores, ROWS), compare.categories_alt(scores, ROWS)
    for row in ROWS:
        assert str(scores.ids[row]) in totals
        assert str(scores.ids[row]) in categories
    assert "solo: nothing known" in totals
    assert all(c.label in categories for c in MODEL.categories)
