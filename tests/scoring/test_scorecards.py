"""The published card and its presets, by number."""

import pytest

from scoring.scorecards import DEFAULT_PRESET, MODEL, PRESET_LABELS, PRESETS
from tests import independent


def test_balanced_is_the_card_itself():
    assert DEFAULT_PRESET == "balanced"
    assert MODEL.with_weights(PRESETS["balanced"]).weights() == MODEL.weights()


@pytest.mark.parametrize(
    ("preset", "categories"),
    [
        ("balanced", (30, 10, 30, 30)),
        ("security_first", (10, 5, 25, 60)),
        ("adoption", (60, 15, 15, 10)),
        ("transparency", (10, 5, 65, 20)),
        ("operations", (15, 15, 45, 25)),
    ],
)
def test_each_preset_weighs_the_categories_as_the_design_says(preset, categories):
    weights = MODEL.with_weights(PRESETS[preset]).weights()
    assert tuple(weights[c] for c in independent.CATEGORIES) == categories
    assert sum(categories) == 100


def test_transparency_and_operations_change_the_factors_that_the_design_names():
    changed = {p: {i: w for i, w in PRESETS[p].items() if i not in independent.CATEGORIES} for p in PRESETS}
    assert changed == {
        "balanced": {},
        "security_first": {},
        "adoption": {},
        "transparency": {
            **dict.fromkeys(("dataset_info", "training_info", "evaluation_results", "example_code"), 2),
            **dict.fromkeys(("metric_info", "base_model_info", "license_stated"), 1),
            **dict.fromkeys(("age", "authorization", "gated"), 0.25),
            "provider": 0.5,
        },
        "operations": {
            **{"license_type": 3, "age": 2, "license_stated": 1},
            **dict.fromkeys(("authorization", "gated", "example_code"), 1.5),
        },
    }


def test_every_preset_has_a_label_and_weighs_something():
    assert set(PRESET_LABELS) == set(PRESETS)
    for weights in PRESETS.values():
        assert sum(MODEL.with_weights(weights).shares().values()) == pytest.approx(1)


def test_two_findings_cap_at_30():
    assert {(cap.id, cap.limit) for cap in MODEL.caps} == {("hub_scan", 30), ("typosquatting", 30)}
    assert {cap.id for cap in MODEL.caps} <= {f.id for f in MODEL.category_of("hub_scan").factors}
