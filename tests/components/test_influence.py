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


def board():
    from components import influence
    from data.organisations.month import load
    from data.organisations.rollup import rollup
    from scoring.organisation_view import OrganisationView

    rolled, view = rollup(load("2025-09-07"), "documented"), OrganisationView()
    influence.switchboard(view.score(rolled), view, lambda other: other.score(rolled))


def test_every_method_is_compared_on_demand():
    app = AppTest.from_function(board, default_timeout=60).run()
    assert not app.dataframe
    app.session_state["switchboard"] = True
    app.run()
    assert not app.exception
    table = app.dataframe[0].value.set_index("Each indicator by")
    assert table.shape == (4, 4)
    assert table.loc["Min-Max", "Mean of the four"] == "1.00 · 10 of 10 · BAAI"
    assert table.loc["Z-score", "Geometric mean"] == "does not go together"
    assert str(table.loc["Min-Max", "Mean of all indicators"]) == "0.77 · 9 of 10 · BAAI"
    words = app.markdown[-1].value.replace("\\", "")
    assert words.startswith("Furthest away is “")
    assert "Leaving out one changes the order of the others in" in words
