"""The panel: one view for all pages, the same in the session and in the link."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from components.links import LONGEST_LINK, linked
from scoring.scorecards import MODEL, PRESETS
from scoring.view import MOST_PINS, ModelView

APP = str(Path(__file__).resolve().parents[2] / "app.py")


def opened(query=None):
    """The ranking with the place for the weights of factors open, as a reader opens it."""
    app = AppTest.from_file(APP, default_timeout=60)
    app.session_state["all"] = True
    for key, value in (query or {}).items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def view(app) -> ModelView:
    said = app.session_state["_view"]
    assert isinstance(said, ModelView)
    return said


def test_without_a_link_the_view_is_the_default_one():
    assert view(opened()).query() == {}


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_sets_all_sliders_and_nothing_differs_from_it(preset):
    app = opened({"popularity": "77", "downloads": "3"})
    for one in ("operations", "transparency", preset):
        app.selectbox(key="preset").set_value(one).run()
    assert {i: app.slider(key=i).value for i in MODEL.weights()} == ModelView(preset=preset).usual
    assert view(app).weights == {}
    assert view(app).preset == preset


def test_a_link_holds_the_preset_and_only_what_differs_from_it():
    app = opened({"preset": "adoption", "security": "33.5"})
    assert app.slider(key="popularity").value == 60
    assert app.slider(key="security").value == 33.5
    assert view(app).query() == {"preset": "adoption", "security": "33.5"}


def test_reset_puts_the_preset_back():
    app = opened({"preset": "operations"})
    assert app.button(key="reset").disabled
    app.slider(key="age").set_value(9.5).run()
    assert view(app).query() == {"preset": "operations", "age": "9.5"}
    app.button(key="reset").click().run()
    assert view(app).query() == {"preset": "operations"}


def test_each_slider_is_labelled_with_its_share_of_the_total():
    app = opened({"count": "all"})
    app.slider(key="popularity").set_value(60.0).run()
    assert "46%" in app.slider(key="popularity").label  # 60 of 60 + 10 + 30 + 30
    assert "23%" in app.slider(key="security").label
    said = {f.id: app.slider(key=f.id).label for f in MODEL.factors}
    shares = view(app).card.shares()
    assert all(label.endswith(f"· {shares[i]:.1%}") for i, label in said.items())


def test_all_weights_zero_says_so_and_keeps_the_last_valid_view():
    app = opened({"activity": "40", "count": "all"})
    for c in MODEL.categories:
        app.slider(key=c.id).set_value(0.0).run()
        assert not app.exception
    assert "All weights are zero" in app.warning[0].value
    assert view(app).card.shares()
    assert view(app).weights["popularity"] == view(app).weights["activity"] == 0
    assert view(app).card.weights()["security"] == 30
    app.slider(key="activity").set_value(5.0).run()
    assert not app.warning


def test_a_weight_beyond_the_slider_widens_it():
    app = opened({"downloads": "64.25"})
    assert app.slider(key="downloads").value == 64.25
    assert app.slider(key="likes").max == 10
    app.slider(key="downloads").set_value(2.5).run()
    assert app.slider(key="downloads").value == 2.5
    assert app.slider(key="downloads").max == 100
    assert view(app).query() == {"downloads": "2.5"}


BROKEN = {
    "popularity": "nan",
    "activity": "-5",
    "security": "1e999",
    "operational": "lots",
    "preset": "<script>",
    "unknown": "maybe",
    "task": "no-such-task",
    "pin": "nobody/nothing",
    "foo": "1",
}


def test_a_broken_link_loads_and_says_what_was_ignored():
    app = opened(BROKEN)
    assert view(app).query() == {}
    said = app.warning[0].value.replace("\\", "").replace("\u2060", "")
    for key in BROKEN:
        if key != "foo":
            assert key in said or "more" in said
    app.button(key="_dismiss").click().run()
    assert not app.warning


@settings(max_examples=15)
@given(
    st.dictionaries(
        st.sampled_from([*BROKEN, "search", "cap", "min_coverage", "page"]), st.text(max_size=30), max_size=6
    )
)
def test_no_link_breaks_a_page(query):
    app = opened({k: v.encode("utf-8", "replace").decode() for k, v in query.items()})
    assert view(app).card.shares()


def test_a_long_search_is_cut_and_the_link_stays_short():
    app = opened({"search": "a" * 5000})
    assert len(app.text_input(key="search").value) == 200
    assert len(linked(view(app), "https://example.org/")) < LONGEST_LINK


def test_pins_come_from_the_link_ten_at_most(bundled):
    ids = bundled.facts["id"].tolist()
    app = opened({"pin": ids[:12]})
    assert app.session_state["pin"] == ids[:MOST_PINS]
    assert view(app).pin == tuple(ids[:MOST_PINS])
    assert "first 10" in app.warning[0].value


def test_the_view_goes_along_to_the_other_pages_and_back():
    app = opened({"preset": "adoption", "security": "33", "task": "fill-mask", "unknown": "skip", "cap": "false"})
    before = view(app)
    for other in ("model", "compare", "ranking"):
        app.switch_page(f"pages/models/{other}.py").run()
        assert not app.exception
        assert view(app) == before
        assert app.slider(key="security").value == 33
        assert app.toggle(key="cap").value is False
    assert app.multiselect(key="task").value == ["fill-mask"]


def test_every_control_that_the_view_has_is_in_the_link():
    app = opened()
    app.slider(key="likes").set_value(4.0)
    app.selectbox(key="unknown").set_value("zero")
    app.selectbox(key="yardstick").set_value("population")
    app.toggle(key="cap").set_value(False)
    app.text_input(key="search").set_value("bert")
    app.multiselect(key="task_group").set_value(["language", "vision"])
    app.multiselect(key="task").set_value(["fill-mask"])
    app.button_group(key="license").set_value(["permissive", "custom"])
    app.multiselect(key="publisher").set_value(["official", "Qwen"])
    app.button_group(key="memory").set_value("8")
    app.button_group(key="bits").set_value("4")
    app.multiselect(key="library").set_value(["transformers"])
    app.multiselect(key="evidence").set_value(["listing"])
    app.selectbox(key="changed").set_value("1y")
    app.toggle(key="hide_flagged").set_value(True)
    app.selectbox(key="params").set_value("8b")
    app.selectbox(key="context").set_value("32k")
    app.multiselect(key="openness").set_value(["open_data"])
    app.multiselect(key="results_by").set_value(["Open LLM Leaderboard"])
    app.slider(key="min_coverage").set_value(0.7)
    app.session_state["pin"] = ["openai/whisper-large-v3"]  # which its search box sets
    app.run()
    said = view(app)
    again, notes = ModelView.parse({k: v if isinstance(v, list) else [v] for k, v in said.query().items()})
    assert again == said
    assert notes == []
    assert set(said.query()) == {
        *("likes", "unknown", "yardstick", "cap", "search", "task", "license", "publisher", "min_coverage", "pin"),
        *("params", "context", "openness", "results_by", "task_group", "memory", "bits", "library", "evidence"),
        *("changed", "hide_flagged"),
    }


def test_folded_filters_say_how_many_are_set(bundled):
    labels = [one.label for one in opened({"search": "bert", "pin": bundled.facts["id"][0]}).expander]
    assert "More filters" in labels
    labels = [one.label for one in opened({"context": "32k", "hide_flagged": "true"}).expander]
    assert "More filters: 2 set" in labels
