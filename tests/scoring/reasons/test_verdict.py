"""The verdict names total, ranks among its like and in all, and the best and the worst side, in one sentence."""

import pandas as pd
import pytest

from scoring.engine import score
from scoring.reasons.verdict import Group, Place, place, verdict
from scoring.scorecards import MODEL
from tests import records

GOOD = {"likes": 9000, "downloads_30d": 10**7, "spaces": 100, "hub_scan": "safe", "weight_formats": "all_safe"}
POOR = {"likes": 9, "downloads_30d": 10, "spaces": 0, "hub_scan": "safe", "weight_formats": "unsafe_only"}
ROWS = [GOOD, POOR, GOOD, POOR | {"likes": 8}, {}]
GROUPS = pd.Series([pd.NA, "speech", "vision", "speech", "speech"], dtype="string")


@pytest.fixture(scope="module")
def scores():
    return score(MODEL, records.frame(ROWS), minimum_coverage=0.0)


def test_ties_share_a_place_and_who_has_no_rank_has_none(scores):
    assert [place(scores, row) for row in range(5)] == [Place(1, 4), Place(3, 4), Place(1, 4), Place(4, 4), None]
    found = [Group.of(scores, row, GROUPS) for row in range(5)]
    assert found == [None, Group("speech", Place(1, 2)), Group("vision", Place(1, 1)), *found[3:]]
    assert found[3:] == [Group("speech", Place(2, 2)), Group("speech", None)]
    assert str(Place(1234, 5678)) == "1,234 of 5,678"


def test_a_ranked_model_has_both_ranks_and_two_sides(scores):
    found = verdict(scores, 1, Group.of(scores, 1, GROUPS))
    assert found.startswith(
        f"With {scores.written(1)} of 100 it ranks 1 of 2 in “Speech and audio” and 3 of 4 in all; "
    )
    assert "strongest in security" in found
    assert "weakest in popularity" in found
    assert verdict(scores, 1).startswith(f"With {scores.written(1)} of 100 it ranks 3 of 4 in all; ")


def test_without_a_rank_or_a_total_it_says_why(scores):
    assert verdict(scores, 4) == "It has no total, because nothing that counts is known about it."
    strict = score(MODEL, records.frame(ROWS), minimum_coverage=0.99)
    assert verdict(strict, 1).endswith("but too little that counts is known to rank it.")


def test_what_holds_a_total_is_the_verdict():
    scores = score(MODEL, records.frame([GOOD | {"hub_scan": "unsafe"}, POOR]), minimum_coverage=0.0)
    assert verdict(scores, 0) == (
        f"With 30 of 100 it ranks {scores.rank[0]:.0f} of 2 in all, held at 30 because the Hub's scanners call a file "
        f"unsafe; its points sum to {scores.uncapped[0]:.1f}."
    ).replace("With 30 of", f"With {scores.written(0)} of")
