"""Operational by hand: the worked examples of the design, licences, access, and what does not apply."""

from typing import Any

import numpy as np
import pytest

from scoring.engine import score
from scoring.scorecards import MODEL
from tests.records import frame

IDS = [f.id for f in MODEL.factors]


def scaled(factor, *rows):
    return list(score(MODEL, frame(rows)).scaled.value[:, IDS.index(factor)])


def test_age_and_upkeep_as_the_design_works_them_out():
    asked = [(1, 0), (365, 30), (730, 730), (1460, 60), (1460, 1460)]
    found = scaled("age", *({"age_days": age, "days_since_update": since} for age, since in asked))
    assert [round(v, 2) for v in found] == [0.50, 0.75, 0.62, 0.97, 0.34]


def test_age_needs_both_dates():
    assert scaled("age", {"age_days": 9}, {"days_since_update": 9}) == pytest.approx([float("nan")] * 2, nan_ok=True)


def test_an_update_within_a_year_costs_nothing():
    now, year, later = scaled("age", *({"age_days": 4000, "days_since_update": n} for n in (0, 365, 366)))
    assert now == year > later


def test_a_level_for_each_kind_of_access():
    words = ["none", "automatic", "manual", "private"]
    assert scaled("authorization", *({"authorization": w} for w in words)) == [1, 0.67, 0.33, 0]


def test_a_level_for_each_class_of_licence():
    words = ["permissive", "weak_copyleft", "strong_copyleft", "use_restricted", "custom", "non_commercial", "unknown"]
    found = scaled(
        "license_type", *({"license_stated": True, "license_in_metadata": True, "license_class": w} for w in words)
    )
    assert found == [1, 0.85, 0.7, 0.5, 0.3, 0.25, 0.1]


def test_a_level_for_each_kind_of_provider():
    found = scaled("provider", {"provider": 2}, {"provider": 1}, {"provider": 0}, {})
    assert found == pytest.approx([1, 0.5, 0, float("nan")], nan_ok=True)


def test_a_gate_lowers_access_and_lifts_control():
    rows = [{"gated": True}, {"gated": False}]
    assert scaled("gated", *rows) == [0, 1]
    assert scaled("access_control", *rows) == [1, 0]


def test_no_licence_gives_the_share_of_its_type_away():
    scores = score(
        MODEL,
        frame(
            [
                {"license_stated": False, "license_in_metadata": False},
                {"license_stated": True, "license_in_metadata": True, "license_class": "custom"},
                {},
            ]
        ),
    )
    j = IDS.index("license_type")
    assert list(scores.scaled.applies[:, j]) == [False, True, True]
    # 11 in all, 1.5 of it the licence type's
    assert scores.shares(np.array([0]))[0][IDS.index("provider")] == pytest.approx(2 / 9.5)
    assert scores.shares(np.array([1]))[0][IDS.index("provider")] == pytest.approx(2 / 11)


def test_an_original_has_no_base_to_state():
    rows: list[dict[str, Any]] = [
        {"lineage": "original"},
        {"lineage": "derivative", "base_model_info": False, "base_model_in_metadata": False},
        {},
    ]
    scores = score(MODEL, frame(rows))
    assert list(scores.scaled.applies[:, IDS.index("base_model_info")]) == [False, True, True]
    assert scaled("base_model_info", *rows) == pytest.approx([float("nan"), 0, float("nan")], nan_ok=True)
