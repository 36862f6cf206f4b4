"""The best is marked only where something known differs and was read in time; a lead is one above the last digit."""

import numpy as np
import pytest

from components import sidebyside
from scoring.engine import score
from scoring.reasons.differences import differences
from scoring.reasons.receipt import receipt
from scoring.scorecards import MODEL
from tests import records


def difference(factor, *rows, days=()):
    """Compare models of which everything was read on one of `days`."""
    facts = records.frame(rows)
    scores = score(MODEL, facts)
    receipts = [receipt(scores, n, row) for n, row in enumerate(records.known(facts))]
    read = [dict.fromkeys(facts.columns, day) for day in days or [""] * len(rows)]
    return next(x for x in differences(receipts, read) if x.lines[0].factor.id == factor)


def cells(factor, *rows, days=()):
    return sidebyside._cells(difference(factor, *rows, days=days))


def test_the_best_known_is_bold_with_a_sign():
    assert cells("likes", {"likes": 3}, {"likes": 20}, {}) == ["3 likes", "**▲ 20 likes**", "unknown"]


def test_two_bests_are_both_marked_and_equals_are_not():
    assert cells("gated", {"gated": False}, {"gated": True}, {"gated": False}) == ["**▲ no**", "yes", "**▲ no**"]
    assert cells("gated", {"gated": False}, {"gated": False}) == ["no", "no"]


@pytest.mark.parametrize("rows", [({"likes": 3}, {}), ({}, {})])
def test_one_known_value_is_not_the_best(rows):
    assert not any(sidebyside.BEST in cell for cell in cells("likes", *rows))


def test_days_are_shown_where_they_differ_and_take_the_mark_where_they_lie_far_apart():
    rows: list[dict[str, int]] = [{"likes": 3}, {"likes": 20}, {}]
    near, far = ("2025-10-01", "2025-10-02", "2025-10-03"), ("2025-10-01", "2026-05-06", "2026-05-06")
    first = "3 likes, :gray[read 1 October 2025]"
    best = "**▲ 20 likes**, :gray[read 2 October 2025]"
    late = "20 likes, :gray[read 6 May 2026]"
    assert cells("likes", *rows, days=near) == [first, best, "unknown"]
    assert cells("likes", *rows, days=far) == [first, late, "unknown"]
    assert cells("likes", *rows, days=["2025-10-01"] * 3) == cells("likes", *rows)
    assert sidebyside._sign(difference("likes", *rows, days=near)) == "≠"
    assert sidebyside._sign(difference("likes", *rows, days=far)) == "≠ †"
    assert sidebyside._sign(difference("likes", rows[0], rows[0], days=far[:2])) == "= †"


def test_how_many_were_read_apart_is_a_phrase_with_absolute_dates():
    likes = difference("likes", {"likes": 3}, {"likes": 20}, days=("2025-10-01", "2026-05-06"))
    spaces = difference("spaces", {"spaces": 3}, {"spaces": 20}, days=("2026-09-01", "2026-05-06"))
    assert sidebyside._read_apart([likes]) == (
        "1 factor whose values were read more than 60 days apart, between 1 October 2025 and 6 May 2026"
    )
    assert sidebyside._read_apart([likes, spaces]) == (
        "2 factors whose values were read more than 60 days apart, between 1 October 2025 and 1 September 2026"
    )


def test_totals_that_are_equal_to_nine_decimals_share_the_lead():
    scores = score(MODEL, records.frame([{"likes": 3}, {"likes": 3}, {"likes": 4}]))
    assert not sidebyside._leads(scores, 0, 1)
    assert sidebyside._leads(scores, 2, 0)


@pytest.mark.parametrize(
    ("some", "said"), [([5], "**B**"), ([5, 3], "**B** or **A**"), ([3, 5, 9], "**A**, **B** or **C**")]
)
def test_letters_are_listed_as_in_a_sentence(some, said):
    assert sidebyside._letters([3, 5, 9], some, "or") == said


def test_what_stands_above_the_factors_names_what_is_unknown():
    scores = score(MODEL, records.frame([{}, {"hub_scan": "unsafe", "likes": 5}]))
    assert np.isnan(scores.total[0])
    subjects: list[dict[str, object]] = [
        {"created": "2022-03-02", "age_at_least": True, "modified": "2024-08-12"},
        {"created": None},
    ]
    rows = {row[1]: row[2:] for row in sidebyside._standing(scores, [0, 1], subjects)}
    assert rows["**Total, of 100**"][0] == "unknown"
    assert rows["Rank in all"] == ["not ranked", "not ranked"]
    assert rows["Held"][0] == "no"
    assert rows["Held"][1].startswith("at 30")
    assert rows["Created"] == ["2 March 2022 or before", "unknown"]
    assert rows["Last changed"] == ["12 August 2024", "unknown"]
