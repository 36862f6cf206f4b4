"""What other ways to count would say: nothing until somebody asks, then the grid, and a click uses one."""

import numpy as np
from streamlit.testing.v1 import AppTest

from components import switchboard
from scoring import scores as scored
from scoring.reasons.choices import board as made
from scoring.view import ModelView


def board():
    from components import switchboard
    from data.organisations.month import load
    from data.organisations.rollup import rollup
    from scoring.organisation_view import OrganisationView

    rolled, view = rollup(load("2025-09-07"), "documented"), OrganisationView()
    switchboard.of_organisations(view.score(rolled), view, lambda other: other.score(rolled))


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
    words = app.markdown[-2].value.replace("\\", "")
    assert words.startswith("Furthest away is “")
    assert "Leaving out one changes the order of the others in" in words
    assert any(m.value.startswith("What decides most is ") for m in app.markdown)


def models():
    import streamlit as st

    from components import switchboard

    switchboard.of_models(*st.session_state["given"])


def opened(bundled, view, kept):
    app = AppTest.from_function(models, default_timeout=60)
    app.session_state["given"] = view, bundled, view.score(bundled), kept
    assert not app.run().dataframe
    app.session_state["model_switchboard"] = True
    assert not app.run().exception
    return app


def test_every_way_to_count_models_is_compared_on_demand(bundled):
    view, kept = ModelView(), np.arange(len(bundled.facts)) % 7 == 0
    app = opened(bundled, view, kept)
    table = app.dataframe[0].value.set_index("Counted is")
    assert table.shape == (6, 4)
    assert table.loc["Known of nearly all, unknown in the middle", "Goalposts, held at 30"] == "1.00 · 10 of 10"
    board = made(view, bundled, np.flatnonzero(kept), ["goalposts", "population"])
    one, stay = board.against(("all", "zero", "population", False))
    cell = table.loc["All that is known, unknown as nothing", "Least and most, not held"]
    assert cell.startswith(f"{one.tau:.2f} · {stay} of 10")
    words = " ".join(m.value for m in app.markdown).replace("\\", "")
    assert "Furthest away is “" in words
    assert "Between fixed goalposts, leaving out any single one changes the order of no others." in words
    assert "What decides most is " in words
    assert not any("only" in c.value for c in app.caption)


def test_of_many_the_first_are_compared_between_goalposts(bundled, monkeypatch):
    monkeypatch.setattr(switchboard, "FOREMOST", 300)
    app = opened(bundled, ModelView(), np.ones(len(bundled.facts), dtype=bool))
    assert app.dataframe[0].value.shape == (6, 3)
    assert "Compared are the first 300, between fixed goalposts only." in app.caption[0].value
    assert scored.FOREMOST > 300


def test_nothing_is_offered_where_nothing_is_listed(bundled):
    app = AppTest.from_function(models, default_timeout=60)
    view = ModelView()
    app.session_state["given"] = view, bundled, view.score(bundled), np.zeros(len(bundled.facts), dtype=bool)
    assert not app.run().expander
