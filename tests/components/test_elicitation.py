"""An order that somebody has in mind becomes weights on the sliders."""

from streamlit.testing.v1 import AppTest

from scoring.reasons.elicitation import nearest_weights
from tests.scoring.reasons.test_tipping import organisations


def page():
    import streamlit as st

    from components.elicitation import order
    from scoring.view import OrganisationView

    st.session_state.setdefault("influence_data", 25.0)
    order(st.session_state["scores"], OrganisationView, st.session_state["rows"])


def opened(rows=None, **state):
    app = AppTest.from_function(page, default_timeout=30)
    for key, value in {"scores": organisations(), "rows": rows, "elicited": True, **state}.items():
        app.session_state[key] = value
    assert not app.run().exception
    return app


def test_an_order_that_is_chosen_becomes_weights():
    app = opened()
    assert not app.button
    app.multiselect[0].select("Meta").select("BAAI").run()
    scores = organisations()
    found = nearest_weights(scores, [scores.position["Meta"], scores.position["BAAI"]])
    assert app.markdown[0].value.replace("\\", "") == f"Meta > BAAI. {found.sentence()}"
    app.button[0].click().run()
    assert {i: app.session_state[f"influence_{i}"] for i in found.weights()} == found.weights()


def test_an_order_that_no_weights_give_has_no_button():
    scores = organisations()
    last, first = scores.position["Tencent"], scores.position["BAAI"]
    app = opened([last, first])
    assert "No weights put Tencent ahead of BAAI." in app.markdown[0].value.replace("\\", "")
    assert not app.button


def test_nothing_is_drawn_until_somebody_asks():
    assert not opened([0, 1], elicited=False).markdown
