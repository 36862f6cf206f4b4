"""How firm an order is, on the pages: nothing until somebody asks, then words, chart and table, drawn a single time."""

from dataclasses import replace

import numpy as np
from streamlit.testing.v1 import AppTest

from components import firmness
from scoring.reasons.tipping import first_places, tipping
from tests.scoring.reasons.test_bands import many


def opened(**state):
    def page():
        import streamlit as st

        from components import firmness

        firmness.order(st.session_state["scores"])

    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["scores"] = many(30)
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception
    return app


def test_nothing_is_drawn_until_somebody_asks():
    app = opened()
    assert not app.markdown
    assert "_bands" not in app.session_state


def test_words_chart_and_table_once_it_is_open():
    app = opened(firm=True)
    found = app.session_state["_bands"][1]
    assert app.markdown[0].value.replace("\\", "") == found.summary()
    assert len(app.get("plotly_chart")) == 1
    table = app.dataframe[0].value
    assert table["Rank"].tolist() == list(range(1, firmness.ROWS + 1))
    assert table["Nine of ten draws"].iloc[0] == found.band(int(found.order[0]))
    assert "Shown are the first 20 of 30" in app.caption[0].value


def test_what_has_not_changed_is_not_drawn_again_and_other_draws_are():
    app = opened(firm=True)
    before = app.session_state["_bands"][1]
    assert app.run().session_state["_bands"][1] is before
    app.segmented_control[0].select("any").run()
    assert app.session_state["_bands"][1].noise == "any"
    assert app.segmented_control[1].options == ["categories", "all factors"]
    app.segmented_control[1].select("factors").run()
    assert app.session_state["_bands"][1].depth == "factors"
    assert "Inside each of them" in app.caption[0].value
    app.toggle[0].set_value(False).run()
    assert not app.session_state["_bands"][1].unknown


def test_where_the_first_place_changes_is_listed():
    app = opened(firm=True)
    tips = first_places(app.session_state["scores"])
    lines = app.markdown[-1].value.replace("\\", "").splitlines()
    assert lines == [f"- {tip.moves}: {tip.then} is first." for tip in tips[: firmness.MOST_TIPS]]


def test_neighbours_stand_before_and_after():
    scores = many(30)
    first, second, third = (int(row) for row in scores.order[:3])
    assert firmness.neighbours(scores, second) == [first, second, third]
    assert firmness.neighbours(scores, first) == [first, second]
    unranked = replace(scores, ranked=np.arange(30) != first)
    assert firmness.neighbours(unranked, first) == [first]


def test_weights_that_would_change_a_place_are_told_on_demand():
    def page():
        import streamlit as st

        from components import firmness

        scores = st.session_state["scores"]
        firmness.places(scores, firmness.neighbours(scores, int(scores.order[1])), "What?", "tipping")
        firmness.places(scores, [0], "Alone?", "alone")

    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["scores"] = scores = many(30)
    assert not app.run().markdown
    assert [one.label for one in app.expander] == ["What?"]
    app.session_state["tipping"] = True
    app.run()
    assert not app.exception
    expected = [" ".join(tipping(scores, *scores.order[n : n + 2]).sentences()) for n in (0, 1)]
    assert app.markdown[0].value.replace("\\", "").splitlines() == [f"- {one}" for one in expected]


def test_who_has_cancelled_may_draw_again():
    app = opened(firm=True)
    del app.session_state["_bands"]
    app.session_state["_bands_cancelled"] = True
    app.run()
    assert (app.markdown[0].value, [b.label for b in app.button]) == ("Cancelled.", ["Draw again"])
    app.button[0].click().run()
    assert "_bands" in app.session_state
