"""The table of factors adds up as shown, and advice tells a gain of the total from one of the sum."""

from dataclasses import replace

import pytest

from components import receipt
from scoring.engine import score
from scoring.reasons.receipt import receipt as lines_of
from scoring.reasons.receipt import to_hundredths
from scoring.reasons.whatif import Improvement
from scoring.scorecards import MODEL
from scoring.types import UNKNOWN_POLICIES, Evidence
from tests import records

ROW = {
    "likes": 120,
    "spaces": 100,
    "spaces_at_least": True,
    "license_stated": False,
    "license_in_metadata": False,
    "gated": False,
    "papers": 0,
}


def lines(**view):
    facts = records.frame([ROW])
    return lines_of(score(MODEL, facts, **view), 0, records.known(facts)[0])


def evidence():
    url = "https://example.org"
    return {
        f.id: Evidence(subject="a/b", fact=f.reads[0], value=None, state="unknown", source="", url=url, as_of="")
        for f in MODEL.factors
    }


@pytest.mark.parametrize("unknown", UNKNOWN_POLICIES)
def test_the_points_shown_sum_to_the_sum_shown(unknown):
    mine = lines(unknown=unknown)
    points = to_hundredths(x.points for x in mine)
    table = receipt._rows(mine, points, evidence())
    assert f"{table['Points'].sum():.2f}" == f"{sum(x.points for x in mine):.2f}"
    assert table["Share"].sum() == pytest.approx(100)


def test_every_state_has_a_sign_and_a_word_of_its_own():
    table = receipt._rows(lines(), [0.0] * len(MODEL.factors), evidence()).set_index("Factor")
    assert table["State"]["Spaces"] == "≥ at least"
    assert table["State"]["Papers"] == "○ absent"
    assert table["State"]["Licence type"] == "– not applicable"
    assert table["State"]["Likes"] == "● known"
    assert table["State"]["Hub scan"] == "? unknown"
    assert table["Scaled"]["Hub scan"] == "unknown (0.50)"
    assert table["Scaled"]["Licence type"] == "not applicable"
    assert table["Source"]["Hub scan"] == table["As of"]["Hub scan"] == "not read yet"
    assert all(sign in receipt.LEGEND for sign in "●○?–≥")


def test_a_remedy_keeps_the_key_to_type():
    assert receipt._coded("Add `license:` to the *card*.") == "Add `license:` to the \\*card\\*\\."


@pytest.mark.parametrize(
    ("gain", "loss", "on_sum", "said"),
    [
        (6.66, 0.0, 6.66, "**+6.7**"),
        (3.2, -47.1, 3.2, "**+3.2**\u00a0/ −47.1"),
        (0.0, 0.0, 6.5, "+0.0 (sum +6.5)"),
        (0.0, -48.4, 0.0, "none\u00a0/ −48.4"),
    ],
)
def test_gains(gain, loss, on_sum, said):
    found = Improvement(line=lines()[0], kind="mend", gain=gain, loss=loss, on_sum=on_sum, changes={})
    assert receipt._gain(found) == said


@pytest.mark.parametrize(
    ("rise", "fall", "shown"), [(22, 0, "▲\u00a022"), (0, 5701, "none / ▼\u00a05,701"), (0, 0, "none")]
)
def test_places(rise, fall, shown):
    assert receipt._places(rise, fall) == shown


def test_the_receipt_shows_what_was_found_with_points_source_and_day():
    own = evidence()
    own["likes"] = replace(own["likes"], source="A [list](x)", as_of="2026-05-20", state="known")
    mine = lines()
    rows = {row[0]: row[1:] for row in receipt._receipt(mine, to_hundredths(x.points for x in mine), own)}
    assert rows["Likes"][0] == "● 120 likes"
    assert rows["Likes"][2] == "A \\[list\\]\\(x\\), 20 May 2026 ([check](https://example.org))"
    assert rows["Hub scan"] == ("? unknown", rows["Hub scan"][1], "not read yet ([check](https://example.org))")
    for label in ("Popularity", "Security"):
        inside = [x for x in mine if x.category.label == label]
        given = sum(float(rows[x.factor.label][1].split(" of ")[0]) for x in inside if x.possible)
        assert rows[f"**{label}**"][1].startswith(f"**{given:.2f}**")


def test_a_gate_that_is_known_is_one_row_with_who_opens_it():
    facts = records.frame([ROW | {"authorization": "none"}])
    mine = lines_of(score(MODEL, facts), 0, records.known(facts)[0])
    rows = {row[0]: row for row in receipt._receipt(mine, to_hundredths(x.points for x in mine), evidence())}
    given = {x.factor.id: x for x in mine}
    both = given["authorization"].possible + given["gated"].possible
    found, points = rows["Authorization and gated"][1:3]
    assert found == "● open to all"
    assert [float(n) for n in points.split(" of ")] == pytest.approx([both, both], abs=0.02)  # rounded to add up
    for unread in ("gated", "authorization"):
        some = [replace(x, state="unknown") if x.factor.id == unread else x for x in mine]
        apart = [row[0] for row in receipt._receipt(some, [0.0] * len(mine), evidence())]
        assert {"Authorization", "Gated"} <= set(apart)
