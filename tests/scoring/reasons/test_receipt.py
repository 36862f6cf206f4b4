"""The receipt adds up, its words are true, and a clear winner is clear."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine import score
from scoring.reasons import receipt as explain
from scoring.scorecards import MODEL
from scoring.types import UNKNOWN_POLICIES
from tests import independent, records

FULL = {
    "downloads_30d": 5_099_787,
    "likes": 1,
    "spaces": 100,
    "spaces_at_least": True,
    "papers": 0,
    "papers_at_least": False,
    "github_repo": False,
    "discussions": 210,
    "provider": 1,
    "age_days": 800,
    "days_since_update": 20,
    "age_at_least": False,
    "authorization": "manual",
    "gated": True,
    "license_stated": False,
    "license_in_metadata": False,
    "lineage": "original",
    "weight_formats": "all_safe",
    "unsafe_files": 3,
    "unsafe_files_at_least": False,
    "unsafe_level": "code_only",
    "hub_scan": "safe",
    "remote_code": True,
    "name_risk": "none",
}


def lines_of(row, **view):
    facts = records.frame([row])
    scores = score(MODEL, facts, **view)
    return {x.factor.id: x for x in explain.receipt(scores, 0, records.known(facts)[0])}, scores


@given(records.facts(), records.weights(least=1), st.sampled_from(UNKNOWN_POLICIES))
def test_a_receipt_adds_up_to_what_the_design_says(row, weights, unknown):
    scores = score(MODEL.with_weights(weights), records.arrow([row]), unknown=unknown)
    lines = explain.receipt(scores, 0, row)
    wanted = independent.totals(row, weights, unknown)
    assert [x.factor.id for x in lines] == [f.id for f in MODEL.factors]
    for line in lines:
        assert line.share == pytest.approx(wanted["share"][line.factor.id], abs=1e-9)
        assert line.points == pytest.approx(wanted["points"][line.factor.id], abs=1e-7)
        assert line.points <= line.possible + 1e-9
        assert explain.sentence(line)
        assert explain.words(line) not in ("", "None", "nan")
    if wanted["uncapped"] is not None:
        assert sum(x.points for x in lines) == pytest.approx(wanted["uncapped"], abs=1e-7)


def test_states_are_told_apart_and_said():
    lines, _ = lines_of(FULL)
    states = {i: x.state for i, x in lines.items()}
    assert states["likes"] == "known"
    assert states["papers"] == states["github_repo"] == "absent"
    assert states["pull_requests"] == states["dataset_info"] == "unknown"
    assert states["license_type"] == states["base_model_info"] == "not_applicable"
    assert lines["spaces"].at_least
    assert not lines["papers"].at_least
    assert lines["pull_requests"].value is None
    assert lines["pull_requests"].level is None


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        ("downloads", "5,099,787 downloads"),
        ("likes", "1 like"),
        ("spaces", "100 or more Spaces"),
        ("papers", "0 papers"),
        ("github_repo", "no"),
        ("pull_requests", "unknown"),
        ("provider", "established owner"),
        ("age", "2.2 years old, last changed 20 days ago"),
        ("authorization", "approval by hand"),
        ("license_type", "does not apply: no licence in its metadata"),
        ("base_model_info", "does not apply: an original model"),
        ("unsafe_files", "3 files (scripts only)"),
        ("typosquatting", "looks like no other"),
    ],
)
def test_values_in_words(factor, words):
    assert explain.words(lines_of(FULL)[0][factor]) == words


# Weights: Popularity's 5.5 share 30 points, Activity's 2 share 10, Operational's 8 that apply 30, Security's 9.25 30.
@pytest.mark.parametrize(
    ("factor", "sentence"),
    [
        ("likes", "One person likes it on the Hub (+0.6 of 8.2 points)."),
        ("spaces", "100 or more Spaces on the Hub use it (+5.5 of 5.5 points)."),
        ("pull_requests", "Not known: How many pull requests has it received? (+2.5 of 5.0 points)."),
        ("age", "It is 2.2 years old, last changed 20 days ago (+3.0 of 3.3 points)."),
        ("license_stated", "It states no licence (0.0 of 1.7 points)."),
        ("license_type", "Licence type: does not apply: no licence in its metadata (does not count)."),
        ("safetensors", "Its weights come only as safetensors or GGUF (+6.5 of 6.5 points)."),
        ("unsafe_files", "It holds scripts (3 files) (+3.9 of 6.5 points)."),
    ],
)
def test_sentences(factor, sentence):
    assert explain.sentence(lines_of(FULL)[0][factor]) == sentence


def test_a_licence_of_no_known_class_is_not_an_unknown_licence():
    lines, _ = lines_of({"license_stated": True, "license_in_metadata": True, "license_class": "unknown"})
    assert lines["license_type"].state == "known"
    assert explain.words(lines["license_type"]) == "stated, of no known class"


def test_a_count_that_is_only_proved_by_a_tag_is_a_lower_bound():
    lines, _ = lines_of({"unsafe_files": 1, "unsafe_files_at_least": True, "unsafe_level": "beside_safe"})
    assert explain.words(lines["unsafe_files"]) == "1 or more files (unsafe weights beside safe ones)"


@pytest.mark.parametrize(
    ("age", "since", "at_least", "words"),
    [
        (0, 0, False, "0 days old, last changed that day"),
        (1, 1, False, "1 day old, last changed 1 day ago"),
        (400, 200, False, "13 months old, last changed 7 months ago"),
        (1700, 740, True, "at least 4.7 years old, last changed 2.0 years ago"),
    ],
)
def test_ages_in_words(age, since, at_least, words):
    lines, _ = lines_of({"age_days": age, "days_since_update": since, "age_at_least": at_least})
    assert explain.words(lines["age"]) == words


def test_for_and_against_are_what_was_found_strongest_first():
    lines, _ = lines_of(FULL)
    good, bad = explain.for_and_against(list(lines.values()))
    assert all(x.known and (x.scaled or 0) > 0.5 for x in good)
    assert all(x.known and (x.scaled or 0) < 0.5 for x in bad)
    for side in (good, bad):
        weighed = [abs((x.scaled or 0) - 0.5) * x.share for x in side]
        assert weighed == sorted(weighed, reverse=True)
    assert "pull_requests" not in {x.factor.id for x in good + bad}
    assert {"license_stated", "github_repo", "papers"} <= {x.factor.id for x in bad}


@given(st.lists(st.floats(0, 30), max_size=30))
def test_rounded_parts_sum_to_their_rounded_sum(parts):
    rounded = explain.to_hundredths(parts)
    assert round(100 * sum(rounded)) == round(100 * sum(parts))
    assert all(abs(r - p) <= 0.01 + 1e-9 for r, p in zip(rounded, parts, strict=True))


@given(st.lists(records.facts(), min_size=1, max_size=6))
def test_contenders_are_those_that_no_other_beats_for_sure(rows):
    scores = score(MODEL, records.arrow(rows))
    able = explain.contenders(scores, range(len(rows)))
    known = [i for i in range(len(rows)) if not np.isnan(scores.total[i])]
    beaten = {i for i in known for j in known if scores.high[i] < scores.low[j] - 1e-9}
    assert set(able) == set(known) - beaten
    assert [scores.total[i] for i in able] == sorted((scores.total[i] for i in able), reverse=True)
    assert bool(able) == bool(known)


@pytest.mark.parametrize("value", [None, np.nan, np.float64("nan")])
def test_missing_values_are_none(value):
    assert explain.plain(value) is None


def test_scalars_become_plain():
    assert explain.plain(np.int64(3)) == 3
    assert explain.plain(np.bool_(True)) is True
    assert math.isclose(explain.plain(np.float64(0.5)), 0.5)
