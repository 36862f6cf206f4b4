"""The best is marked only where something known differs, and a lead is a lead only above the last digit."""

import numpy as np
import pytest

from components import sidebyside
from scoring.engine import score
from scoring.reasons.receipt import receipt
from scoring.scorecards import MODEL
from tests import records


def cells(factor, *rows):
    facts = records.frame(rows)
    scores = score(MODEL, facts)
    lines = [receipt(scores, n, row) for n, row in enumerate(records.known(facts))]
    return sidebyside._cells([x for mine in lines for x in mine if x.factor.id == factor])


def test_the_best_known_is_bold_with_a_sign():
    assert cells("likes", {"likes": 3}, {"likes": 20}, {}) == ["3 likes", "**▲ 20 likes**", "unknown"]


def test_two_bests_are_both_marked_and_equals_are_not():
    assert cells("gated", {"gated": False}, {"gated": True}, {"gated": False}) == ["**▲ no**", "yes", "**▲ no**"]
    assert cells("gated", {"gated": False}, {"gated": False}) == ["no", "no"]


@pytest.mark.parametrize("rows", [({"likes": 3}, {}), ({}, {})])
def test_one_known_value_is_not_the_best(rows):
    assert not any(sidebyside.BEST in cell for cell in cells("likes", *rows))


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
    rows = {row[1]: row[2:] for row in sidebyside._standing(scores, [0, 1])}
    assert rows["**Total, of 100**"][0] == "unknown"
    assert rows["Rank"] == ["not ranked", "not ranked"]
    assert rows["Held"][0] == "no"
    assert rows["Held"][1].startswith("at 30")
