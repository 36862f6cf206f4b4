"""Security by hand: levels, what does not apply, and the two findings that hold a total at 30."""

from typing import Any

import numpy as np
import pytest

from scoring.engine import score
from scoring.scorecards import MODEL
from tests.records import frame

IDS = [f.id for f in MODEL.factors]
NAN = float("nan")


@pytest.mark.parametrize(
    ("factor", "fact", "levels"),
    [
        ("safetensors", "weight_formats", {"all_safe": 1, "safe_tag": 0.8, "mixed": 0.5, "unsafe_only": 0, None: NAN}),
        (
            "unsafe_files",
            "unsafe_level",
            {"none": 1, "code_only": 0.6, "beside_safe": 0.3, "unsafe_only": 0, None: NAN},
        ),
        ("hub_scan", "hub_scan", {"safe": 1, "caution": 0.5, "suspicious": 0.2, "unsafe": 0, None: NAN, "queued": NAN}),
        ("typosquatting", "name_risk", {"none": 1, "low": 0.5, "high": 0, None: NAN}),
        ("example_code", "example_code", {True: 1, False: 0, None: NAN}),
        ("remote_code", "remote_code", {True: 0, False: 1, None: NAN}),
    ],
)
def test_each_word_has_its_level(factor, fact, levels):
    scores = score(MODEL, frame({fact: word} for word in levels))
    assert list(scores.scaled.value[:, IDS.index(factor)]) == pytest.approx(list(levels.values()), nan_ok=True)


def test_without_weight_files_their_format_does_not_apply():
    scores = score(MODEL, frame([{"weight_formats": "no_weights", "unsafe_level": "none"}]))
    assert not scores.scaled.applies[0, IDS.index("safetensors")]
    # 9.25 in all, 2 of it the format's: unsafe files count 2 of the remaining 7.25
    assert scores.shares(np.array([0]))[0][IDS.index("unsafe_files")] == pytest.approx(2 / 7.25)


GOOD: dict[str, Any] = {"downloads_30d": 10**8, "likes": 15_000, "weight_formats": "all_safe", "unsafe_level": "none"}


@pytest.mark.parametrize(
    ("finding", "reason"),
    [
        ({"hub_scan": "unsafe", "name_risk": "none"}, "hub_scan"),
        ({"hub_scan": "safe", "name_risk": "high"}, "typosquatting"),
        ({"hub_scan": "unsafe", "name_risk": "high"}, "hub_scan"),
    ],
)
def test_two_findings_hold_the_total_at_30_whatever_the_weights(finding, reason):
    for weights in ({}, {"security": 0}, {"hub_scan": 0, "typosquatting": 0}):
        scores = score(MODEL.with_weights(weights), frame([GOOD | finding]))
        assert scores.uncapped[0] > 60
        assert (scores.total[0], scores.high[0]) == (30, 30)
        assert scores.low[0] <= 30
        assert scores.capped_by(0) == reason
        free = score(MODEL.with_weights(weights), frame([GOOD | finding]), capped=False)
        assert free.total[0] == free.uncapped[0] == scores.uncapped[0]
        assert free.capped_by(0) is None


@pytest.mark.parametrize("finding", [{"hub_scan": "suspicious"}, {"hub_scan": "caution"}, {"name_risk": "low"}, {}])
def test_a_lesser_finding_holds_nothing(finding):
    scores = score(MODEL, frame([GOOD | finding]))
    assert scores.total[0] == scores.uncapped[0] > 30
    assert scores.capped_by(0) is None


def test_a_total_below_the_cap_stays_what_it_is():
    scores = score(MODEL, frame([{"hub_scan": "unsafe", "unsafe_level": "unsafe_only", "example_code": False}]))
    assert scores.total[0] == scores.uncapped[0] < 30
    assert scores.capped_by(0) == "hub_scan"
