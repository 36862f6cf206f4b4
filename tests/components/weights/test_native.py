"""The weights in the panel: what is changed is named, can be undone, saved and loaded."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from components.weights import native as weights
from scoring.view import ModelView
from tests.components.test_panel import opened, view


def values(app: AppTest) -> dict[str, float]:
    return {i: app.session_state[i] for i in ModelView().usual}


def test_the_preset_says_when_its_weights_have_changed():
    app = opened({"preset": "adoption"})
    assert "Adoption" in app.selectbox(key="preset").options
    app.slider(key="security").set_value(44.0).run()
    assert "Adoption, changed" in app.selectbox(key="preset").options
    assert "Balanced" in app.selectbox(key="preset").options
    app.button(key="reset").click().run()
    assert "Adoption" in app.selectbox(key="preset").options


def test_undo_goes_back_step_by_step():
    app = opened({"security": "44"})
    assert app.button(key="undo").disabled
    app.slider(key="likes").set_value(9.0).run()
    app.selectbox(key="preset").set_value("operations").run()
    for query in ({"security": "44", "likes": "9"}, {"security": "44"}):
        app.button(key="undo").click().run()
        assert view(app).query() == query
    assert app.button(key="undo").disabled
    assert values(app) == ModelView().usual | {"security": 44}


def test_undo_remembers_the_last_twenty_steps():
    app = opened()
    app.session_state["_past"] = [("balanced", {"likes": float(n)}) for n in range(weights.MOST_STEPS)]
    app.slider(key="popularity").set_value(40.0).run()
    past = app.session_state["_past"]
    assert past == [*(("balanced", {"likes": float(n)}) for n in range(1, weights.MOST_STEPS)), ("balanced", {})]


def test_undo_leads_back_from_weights_under_which_nothing_counts():
    app = opened()
    for one in ("popularity", "operational", "security"):
        app.slider(key=one).set_value(0.0).run()
    assert "All weights are zero" in app.warning[0].value
    app.button(key="undo").click().run()
    assert not app.warning
    assert view(app).query() == {"popularity": "0", "operational": "0"}


def loading() -> None:
    """A page of the panel beside a button that stands for the browser's: it loads what the session holds."""
    import streamlit as st

    from components import panel, session
    from components.weights import native
    from scoring.view import ModelView

    panel.model_panel(session.snapshot())
    st.button("load", key="load", on_click=native._load, args=(ModelView, st.session_state.get("text", "")))


def loaded(text: str, **query: str) -> AppTest:
    app = AppTest.from_function(loading, default_timeout=60)
    app.session_state["text"] = text
    app.session_state["file"] = True  # its place is open
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    app.button(key="load").click().run()
    assert not app.exception
    return app


def test_a_file_sets_the_weights_under_its_name_and_can_be_undone():
    kept = {"name": "Our *bank*", "scorecard": "model", "preset": "operations", "weights": {"security": 70}}
    app = loaded(json.dumps(kept), likes="9")
    assert view(app).query() == {"preset": "operations", "security": "70"}
    assert any(r"Our \*bank\*" in one.value for one in app.caption)
    app.button(key="undo").click().run()
    assert view(app).query() == {"likes": "9"}
    assert not any(one.value.startswith("“Our") for one in app.caption)


@pytest.mark.parametrize("text", ["", "{", '{"scorecard": "organisation", "preset": "balanced", "weights": {}}'])
def test_a_file_that_cannot_be_used_changes_nothing(text):
    app = loaded(text, likes="9")
    assert view(app).query() == {"likes": "9"}
    assert any(one.value.endswith(r"Your weights are as they were\.") for one in app.caption)
