"""Every column shows words for what is known and gives an order over all rows, whatever it is of."""

import numpy as np
import pytest

from scoring.columns import CHOICES, COLUMNS, USUAL, arranged, parameters
from scoring.engine import score
from scoring.scorecards import MODEL
from scoring.view import ModelView
from tests.records import frame

ROWS = [
    {"id": "b/two", "params": 8_000_000_000, "license": "MIT", "likes": 5, "created": "2025-02-03", "provider": 2},
    {"id": "a/one", "params": 999_999_999_999, "license": "apache-2.0", "likes": 5, "spaces": 100, "provider": 0},
    {"id": "c/three", "library": "mlx", "likes": 0, "spaces_at_least": True, "gated": True, "task": "fill-mask"},
    {"id": "d/four", "params": 500, "context": 131_072, "openness": "open_code", "modified": "2026-01-31"},
]
FACTS = frame([*ROWS[:1], ROWS[1] | {"spaces_at_least": True}, *ROWS[2:]])
SCORES = score(MODEL, FACTS)


def order(column, reverse=False, rows=(3, 2, 1, 0)):
    return [FACTS["id"].iloc[n] for n in arranged(COLUMNS[column], SCORES, FACTS, rows, reverse)]


@pytest.mark.parametrize(
    ("column", "first", "reversed_"),
    [
        ("params", "a/one b/two d/four c/three", "d/four b/two a/one c/three"),
        ("size", "a/one b/two d/four c/three", "d/four b/two a/one c/three"),
        ("license", "a/one b/two c/three d/four", "b/two a/one c/three d/four"),
        ("id", "a/one b/two c/three d/four", "d/four c/three b/two a/one"),
        ("likes", "a/one b/two c/three d/four", "c/three a/one b/two d/four"),
        ("created", "b/two a/one c/three d/four", "b/two a/one c/three d/four"),
        ("provider", "b/two a/one c/three d/four", "a/one b/two c/three d/four"),
        ("likes_scaled", "a/one b/two c/three d/four", "c/three a/one b/two d/four"),
    ],
)
def test_unknown_comes_last_and_equals_stand_by_id(column, first, reversed_):
    assert order(column) == first.split()
    assert order(column, reverse=True) == reversed_.split()


def test_only_the_rows_that_are_asked_for_are_arranged():
    assert order("params", rows=(2, 0)) == ["b/two", "c/three"]


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("params", ["8B", "1T", "", "500"]),
        ("size", ["at most 8B", "over 80B", "", "at most 1B"]),
        ("context", ["", "", "", "131,072"]),
        ("task", ["", "", "fill mask", ""]),
        ("openness", ["", "", "", "Training code, not its data"]),
        ("created", ["3 February 2025", "", "", ""]),
        ("changed", ["", "", "", "31 January 2026"]),
        ("likes", ["5", "5", "0", ""]),
        ("spaces", ["", "100 or more", "", ""]),
        ("gated", ["", "", "yes", ""]),
        ("gated_scaled", ["", "", "0.00", ""]),
        ("provider", ["official organisation", "neither official nor established", "", ""]),
    ],
)
def test_a_column_shows_words_for_what_is_known(column, words):
    assert [COLUMNS[column].shown(SCORES, FACTS, n) for n in range(4)] == words


def test_every_category_and_factor_has_its_columns():
    ids = {c.id for c in MODEL.categories} | {f.id for f in MODEL.factors} | {f"{f.id}_scaled" for f in MODEL.factors}
    assert ids < set(CHOICES)
    assert set(USUAL) < set(CHOICES) < set(COLUMNS)
    assert all(column.id == i for i, column in COLUMNS.items())


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_arranges_every_model(bundled, column):
    scores = ModelView().score(bundled)
    everybody = np.ones(len(scores), dtype=bool)
    for reverse in (False, True):
        view = ModelView(sort=column, reverse=reverse)
        rows = view.arranged(scores, bundled.facts, everybody)
        assert sorted(rows) == list(range(len(scores)))
        for places in (slice(0, 25), slice(25, 50), slice(1800, 1900)):
            np.testing.assert_array_equal(view.arranged(scores, bundled.facts, everybody, places), rows[places])
    np.testing.assert_array_equal(ModelView().arranged(scores, bundled.facts, everybody), scores.order)
    words = {COLUMNS[column].shown(scores, bundled.facts, int(n)) for n in scores.order[:5]}
    assert "nan" not in words


def test_the_rank_among_some_follows_the_rules_of_the_rank_in_all(bundled):
    scores = ModelView().score(bundled)
    assert np.array_equal(scores.rank_among(scores.order), scores.rank, equal_nan=True)
    some = scores.order[5::7]
    among = scores.rank_among(some)
    assert np.isnan(np.delete(among, some)).all()
    for n in some[::90]:
        above = scores.total[some][scores.ranked[some]].round(9) > scores.total[n].round(9)
        assert among[n] == 1 + above.sum() if scores.ranked[n] else np.isnan(among[n])


@pytest.mark.parametrize(
    ("number", "words"),
    [(12, "12"), (66_000, "66K"), (22_713_728, "22.7M"), (1_543_490_560, "1.54B"), (999_999_999_999, "1T")],
)
def test_parameters_as_the_field_writes_them(number, words):
    assert parameters(number) == words
