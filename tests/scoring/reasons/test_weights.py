"""Every weight of every preset has its reason, and every source that is named is given."""

import pytest

from scoring.reasons.weights import REASONS, SOURCES, reason, table
from scoring.scorecards import MODEL, PRESETS


def test_the_default_preset_has_a_reason_for_every_category_and_factor():
    assert set(REASONS) == set(PRESETS)
    assert set(REASONS["balanced"]) == set(MODEL.weights())


@pytest.mark.parametrize("preset", sorted(set(PRESETS) - {"balanced"}))
def test_a_preset_has_a_reason_for_what_it_changes_and_for_nothing_else(preset):
    assert set(REASONS[preset]) == set(PRESETS[preset])


@pytest.mark.parametrize("preset", PRESETS)
def test_a_reason_is_a_sentence_and_its_source_an_address(preset):
    for weight_id in MODEL.weights():
        why, source = reason(preset, weight_id)
        assert why[0].isupper()
        assert why.endswith(".")
        assert not source or SOURCES[source].startswith("https://")
    assert [row["weight of"] for row in table(preset)][:4] == [c.label for c in MODEL.categories]
    assert {source for _, source in REASONS[preset].values()} - {""} <= set(SOURCES)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_weight_without_a_written_reason_says_so_in_a_sentence(preset):
    assert reason(preset, "size") == ("Nobody has written down yet why it weighs what it does.", "")


def test_every_source_is_cited():
    assert {source for given in REASONS.values() for _, source in given.values()} - {""} == set(SOURCES)
