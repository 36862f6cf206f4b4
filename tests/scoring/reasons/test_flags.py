"""A flag is raised by its finding and by nothing else, and its sentence says no more than was found."""

from typing import Any

import pytest
from hypothesis import given

from scoring.reasons.flags import FLAGS, flags, sentence
from tests import records

FOUND: dict[str, dict[str, Any]] = {
    "unsafe_scan": {"hub_scan": "unsafe"},
    "looks_like": {"name_risk": "high", "looks_like": "openai"},
    "scan_finding": {"hub_scan": "suspicious"},
    "name_near": {"name_risk": "low", "looks_like": "google"},
    "only_unsafe_weights": {"unsafe_level": "unsafe_only"},
    "remote_code": {"remote_code": True},
    "no_licence": {"license_stated": False},
    "training_args": {"training_args": True},
    "downloads_not_counted": {"downloads_not_counted": True},
}


def test_a_licence_that_was_not_looked_for_everywhere_raises_no_flag():
    assert raised({"license_stated": False, "license_stated_at_least": True}) == set()


def raised(row):
    held = flags(records.frame([row])).iloc[0]
    return {str(i) for i in held.index[held]}


def test_every_flag_is_tried_here():
    assert set(FOUND) == {f.id for f in FLAGS}
    assert len({f.label for f in FLAGS}) == len(FLAGS)


@pytest.mark.parametrize("flag", FLAGS, ids=lambda f: f.id)
def test_its_finding_raises_a_flag_alone(flag):
    assert raised(FOUND[flag.id]) == {flag.id}
    assert set(FOUND[flag.id]) <= {*flag.reads}


@pytest.mark.parametrize("flag", FLAGS, ids=lambda f: f.id)
def test_sentences_are_plain(flag):
    said = sentence(flag.id, FOUND[flag.id])
    assert said.endswith(".")
    assert "{" not in said
    assert "malicious" not in said.lower()
    if "looks_like" in flag.reads:
        assert FOUND[flag.id]["looks_like"] in said


def test_a_flag_does_not_speak_of_a_total_that_a_view_may_hold_or_not():
    assert [f.id for f in FLAGS if "30" in f.sentence] == []


def test_nothing_known_raises_nothing():
    assert raised({}) == set()


def test_the_caution_of_a_scanner_is_a_finding_and_no_verdict():
    assert raised({"hub_scan": "caution"}) == {"scan_finding"}
    assert raised({"hub_scan": "safe"}) == set()


def test_a_name_without_a_neighbour_is_said_without_one():
    assert "another account" in sentence("looks_like", {"name_risk": "high", "looks_like": None})


@given(records.facts())
def test_grave_flags_follow_from_the_facts_alone(row):
    found = raised(row)
    assert ("unsafe_scan" in found) == (row["hub_scan"] == "unsafe")
    assert ("looks_like" in found) == (row["name_risk"] == "high")
    assert ("no_licence" in found) == (row["license_stated"] is False and row["license_stated_at_least"] is not True)


def test_a_table_gives_a_row_a_subject():
    assert flags(records.frame([{}, FOUND["remote_code"], {}]))["remote_code"].tolist() == [False, True, False]
