"""Settings are read and written as a link has them, and what is nearest to a mistake is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.settings import finite, nearest, number, short


@given(st.floats(0, 100))
def test_a_number_is_written_so_that_it_is_read_back(value):
    assert finite("likes", [number(value)], 100) == value


@pytest.mark.parametrize(
    ("word", "known", "end"),
    [
        ("2025-08-01", ["2025-07-07", "2025-08-07", "2024-12-13", "2025-09-07"], "2025-08-07, 2025-07-07, 2025-09-07"),
        ("soon", ["2025-07-07"], ""),
        ("Metta", ["Google", "Meta", "Beta"], "Meta, Beta"),
        ("2025-08-01", ["Google"], ""),
    ],
)
def test_the_nearest_words_and_days_are_named(word, known, end):
    assert nearest(word, known) == (f"; the nearest are {end}." if end else ".")


def test_a_single_nearest_word_is_one():
    assert nearest("Goggle", ["Google", "Meta"]) == "; the nearest is Google."


def test_a_text_from_outside_is_quoted_short_and_printable():
    assert short("a\x1bb") == "“ab”"
    assert short("x" * 99) == f"“{'x' * 40}…”"
