"""The parts of the organisations' ranking that a page test does not see."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest


def shown(newest: str, year: int, month: int, day: int) -> None:
    from datetime import date

    from components import influence

    influence.age(newest, date(year, month, day))


@pytest.mark.parametrize(("today", "words"), [(date(2025, 9, 20), ""), (date(2025, 12, 1), "85 days ago")])
def test_an_old_month_says_how_old_it_is_and_what_to_run(today, words):
    app = AppTest.from_function(shown, args=("2025-09-07", today.year, today.month, today.day)).run()
    said = " ".join(caption.value for caption in app.caption)
    assert words in said
    assert ("weighbridge collect organisations" in said) == bool(words)
