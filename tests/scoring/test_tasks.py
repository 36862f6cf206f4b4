"""Each group of tasks is found by the words that people use for it."""

import pytest

from scoring.tasks import LABELS, SYNONYMS, TASK_GROUPS, in_words
from scoring.view import ModelView


def test_every_group_has_words_and_no_word_has_two_groups():
    assert set(SYNONYMS) == set(LABELS) == set(TASK_GROUPS)
    words = [word.lower() for words in SYNONYMS.values() for word in words]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("typed", "group"),
    [
        ("embed", "embeddings"),
        ("rerank", "embeddings"),
        ("chat", "language"),
        ("OCR", "vision"),
        ("asr", "speech"),
        ("tts", "speech"),
        ("video", "image_generation"),
        ("image-generation", "image_generation"),
        ("time-series", "tabular"),
        ("VISION", "vision"),
    ],
)
def test_a_word_finds_its_group_in_a_link_and_in_the_menu(typed, group):
    assert ModelView.parse({"task_group": [typed]}) == (ModelView(task_group=(group,)), [])
    if "-" not in typed:
        assert [name for name, label in LABELS.items() if typed.lower() in label.lower()] == [group]


@pytest.mark.parametrize("typed", ["poetry", "image", "e"])
def test_a_word_of_no_group_or_of_several_says_which_there_are(typed):
    view, notes = ModelView.parse({"task_group": [typed, "speech"]})
    assert view.task_group == ("speech",)
    assert notes == [f"There is no task group “{typed}”; there are {', '.join(TASK_GROUPS)}."]


def test_groups_are_named_in_a_sentence():
    assert in_words(("vision", "speech")) == "“Vision” and “Speech and audio”"
