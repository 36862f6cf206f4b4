"""The head of a model's page says sizes, intervals and unknowns in words that hold."""

import pytest

from components import dossier
from scoring.reasons.flags import FLAGS


def test_every_tone_has_a_colour_a_sign_and_a_word():
    assert set(dossier.TONES) == {flag.tone for flag in FLAGS}
    for place in range(3):
        assert len({tone[place] for tone in dossier.TONES.values()}) == len(dossier.TONES)


def test_what_is_not_known_is_called_unknown_and_what_is_not_there_none():
    assert dossier._about({}) == ["task unknown", "licence unknown"]
    stated = dossier._about({"license_stated": False, "task": "text-generation", "params": 7_000_000_000})
    assert stated == ["text generation", "no licence stated", "7B parameters"]
    full = {"license": "mit", "license_stated": True, "library": "gguf", "base_model": "a/b"}
    assert dossier._about(full) == ["task unknown", "licence mit", "gguf", "derives from a/b"]
    dated = {"created": "2023-11-07", "age_at_least": False, "modified": "2024-08-12"}
    assert dossier._about(dated)[2:] == ["created 7 November 2023", "last changed 12 August 2024"]
    assert dossier.created(dated | {"created": "2022-03-02", "age_at_least": True}) == "2 March 2022 or before"


@pytest.mark.parametrize(
    ("low", "high", "coverage", "said"),
    [
        (50.0, 50.01, 1.0, "All that counts is known, so the total is exact."),
        (30.0, 30.0, 0.73, "The 27 % of what counts that is unknown cannot change this total."),
        (40.0, 60.0, 0.8, "Between 40.0 and 60.0, depending on the 20 % of what counts that is unknown."),
        (40.0, 42.0, 1.0, "Between 40.0 and 42.0, depending on facts known only as a lower bound."),
    ],
)
def test_the_interval_says_what_it_depends_on(low, high, coverage, said):
    assert dossier._depends(low, high, coverage) == said
