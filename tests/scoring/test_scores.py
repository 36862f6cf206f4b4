"""What comes out of the engine: order, ranks, shares of those who are shown, and the table of a notebook."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine import blend, score, weigh
from scoring.scorecards import MODEL
from scoring.types import Scaled
from tests.records import arrow, facts, frame

COUNT = len(MODEL.factors)


def with_totals(totals, ids=None, caps=None, ranked=None):
    """Score subjects so that their uncapped totals are exactly these (NaN: nothing known)."""
    value = np.array([[t / 100] * COUNT for t in totals], dtype=float).reshape(-1, COUNT)
    unknown = np.isnan(value)
    scaled = Scaled(
        ids=np.array(ids or [f"o/{n}" for n in range(len(totals))], dtype=object),
        value=value,
        low=np.where(unknown, 0.0, value),
        high=np.where(unknown, 1.0, value),
        applies=np.ones(value.shape, dtype=bool),
        caps=np.zeros((len(totals), 2), dtype=bool) if caps is None else np.array([[c, False] for c in caps]),
    )
    return weigh(MODEL, scaled, blend(MODEL, scaled), rankable=None if ranked is None else np.array(ranked))


def test_ties_share_a_rank_and_are_listed_by_id():
    scores = with_totals([50, 70, 50, 20, 70], ids=["b/z", "d/d", "b/a", "a/a", "c/c"])
    assert list(scores.rank) == [3, 1, 3, 5, 1]
    assert list(scores.ids[scores.order]) == ["c/c", "d/d", "b/a", "b/z", "a/a"]


def test_totals_that_differ_below_nine_decimals_are_equal():
    scores = with_totals([50, 50 + 1e-11, 50 + 1e-8], ids=["b", "a", "c"])
    assert list(scores.rank) == [2, 2, 1]
    assert list(scores.ids[scores.order]) == ["c", "a", "b"]


def test_capped_totals_are_equal_and_stand_in_the_order_of_what_they_would_be():
    scores = with_totals([80, 30, 90, 80, 29], ids=["d", "e", "c", "b", "a"], caps=[True, False, True, True, True])
    assert list(scores.total.round(9)) == [30, 30, 30, 30, 29]
    assert list(scores.rank) == [1, 1, 1, 1, 5]
    assert list(scores.ids[scores.order]) == ["c", "b", "d", "e", "a"]


def test_the_unranked_are_listed_after_the_ranked_and_the_unknown_last():
    scores = with_totals([90, np.nan, 10, 95], ids=["u", "n", "r", "v"], ranked=[False, True, True, False])
    assert list(scores.ids[scores.order]) == ["r", "v", "u", "n"]
    assert [None if np.isnan(r) else r for r in scores.rank] == [None, None, 1, None]
    assert list(scores.ranked) == [False, False, True, False]


@given(
    st.lists(st.sampled_from([10, 20, 20 + 5e-10, 20 + 1e-9, 30, np.nan]), min_size=1, max_size=12), st.integers(0, 13)
)
@settings(max_examples=60)
def test_the_top_is_the_head_of_the_order(totals, n):
    scores = with_totals(totals, ranked=[k % 3 != 0 for k in range(len(totals))])
    assert list(scores.top(n)) == list(scores.order[:n])
    np.testing.assert_array_equal(scores.rank_of(scores.order), scores.rank[scores.order])
    mask = np.arange(len(totals)) % 2 == 0
    assert list(scores.top(n, mask)) == [k for k in scores.order if mask[k]][:n]


def test_a_tie_at_the_edge_is_decided_by_id_not_by_the_last_bits():
    scores = with_totals([20, 20 + 4e-10, 30], ids=["a", "b", "c"])
    assert list(scores.ids[scores.top(2)]) == ["c", "a"] == list(scores.ids[scores.order[:2]])


def test_the_rank_of_a_few_is_their_rank_among_all(bundled):
    scaled = bundled.scaled(MODEL)
    scores = weigh(MODEL, scaled, blend(MODEL, scaled))
    some = np.array([7, 1500, 0, 900])
    np.testing.assert_array_equal(scores.rank_of(some), scores.rank[some])
    assert scores.rank_of(np.array([], dtype=np.intp)).size == 0


@given(st.lists(facts(), min_size=1, max_size=6))
@settings(max_examples=20)
def test_shares_and_points_of_some_rows_are_those_of_all(rows):
    scores = score(MODEL, arrow(rows))
    everyone = np.arange(len(rows))
    some = everyone[::-2]
    np.testing.assert_array_equal(scores.shares(some), scores.shares(everyone)[some])
    np.testing.assert_array_equal(scores.points(some), scores.points(everyone)[some])


def test_category_points_are_the_points_of_their_factors():
    scores = score(MODEL, frame([{"likes": 9, "gated": True}, {"hub_scan": "safe"}, {}]))
    points, start = scores.points(np.arange(3)), 0
    for c in MODEL.categories:
        mine = points[:, start : start + len(c.factors)].sum(axis=1)
        np.testing.assert_allclose(scores.by_category[c.id], mine, atol=1e-12)
        start += len(c.factors)


def test_states_stay_apart():
    rows: list[dict[str, Any]] = [
        {"likes": 3},
        {"likes": 0},
        {},
        {"license_stated": False},
        {"gated": False},
        {"hub_scan": "unsafe"},
    ]
    scores = score(MODEL, frame(rows))
    assert [scores.state(n, "likes", v) for n, v in ((0, 3), (1, 0), (2, None))] == ["known", "absent", "unknown"]
    assert scores.state(3, "license_type", None) == "not_applicable"
    assert scores.state(3, "license_stated", False) == "absent"
    assert scores.state(4, "gated", False) == "absent"
    assert scores.state(5, "hub_scan", "unsafe") == "known"


def test_the_table_says_what_was_asked_in_order():
    scores = with_totals([50, 70, np.nan], ids=["a", "b", "c"])
    table = scores.table()
    assert list(table.columns) == ["rank", "id", "total", "low", "high", "coverage", *(c.id for c in MODEL.categories)]
    assert list(table["id"]) == ["b", "a", "c"]
    assert list(table["rank"][:2]) == [1, 2]
    assert table["rank"].isna().iloc[2]
    assert pd.isna(table["total"].iloc[2])
    assert list(scores.table(np.array([2, 0]))["id"]) == ["c", "a"]


def test_a_notebook_shows_names_as_text_and_the_unknown_as_unknown():
    scores = with_totals([50, np.nan], ids=["<script>alert(1)</script>/a", "b&c/d"])
    shown = scores._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;/a" in shown
    assert "b&amp;c/d" in shown
    assert "nan" not in shown.lower()
    assert "unknown" in shown
    assert "not ranked" in shown


def test_a_notebook_shows_the_first_twenty_of_many(bundled):
    scaled = bundled.scaled(MODEL)
    shown = weigh(MODEL, scaled, blend(MODEL, scaled))._repr_html_()
    assert shown.count("<tr>") == 21
    assert "the first 20 of 5,728 models" in shown


def test_an_id_finds_its_position():
    scores = with_totals([1, 2], ids=["a/b", "c/d"])
    assert scores.position == {"a/b": 0, "c/d": 1}
    assert scores.capped_by(0) is None
    with pytest.raises(ValueError, match="nope"):
        scores.state(0, "nope", 1)
