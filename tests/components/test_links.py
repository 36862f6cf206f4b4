"""The address says the view, and a link within a session brings the view that it says."""

from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from hypothesis import given
from streamlit.testing.v1 import AppTest

from components import links
from components.links import LONGEST_LINK
from scoring.output.code import command, python
from scoring.view import ModelView, OrganisationView
from tests.scoring.test_view import views

APP = str(Path(__file__).resolve().parents[2] / "app.py")


def test_the_address_holds_the_pages_own_keys_and_the_view():
    view = ModelView(preset="adoption", weights={"security": 12.5}, pin=("a/b", "c/d"))
    said = parse_qs(urlsplit(links.address(view, model="openai/whisper-large-v3")).query)
    assert said.pop("model") == ["openai/whisper-large-v3"]
    assert ModelView.parse(said) == (view, [])


def test_the_address_stays_short_whatever_is_pinned_and_moved():
    long = "an-owner-with-a-long-name/" + "a-model-with-a-longer-name-" * 3
    weights = dict.fromkeys(ModelView().usual, 12.25)
    view = ModelView(
        preset="transparency", weights=weights, search="a search", pin=tuple(f"{long}{i}" for i in range(10))
    )
    address = links.address(view, compare=[long, long])
    assert len(address) < LONGEST_LINK
    again, _ = ModelView.parse({k: v for k, v in parse_qs(urlsplit(address).query).items() if k != "compare"})
    assert again.weights == weights
    assert again.pin == view.pin[: len(again.pin)]


def test_a_link_within_the_session_brings_its_view_and_a_plain_one_keeps_what_was():
    app = AppTest.from_file(APP, default_timeout=60).run()
    app.slider(key="popularity").set_value(55.0).run()
    app.switch_page("pages/models/model.py").run()
    assert app.session_state["_view"].query() == {"popularity": "55"}
    app.query_params["preset"] = "adoption"
    app.switch_page("pages/models/ranking.py").run()
    assert app.session_state["_view"].query() == {"preset": "adoption"}
    assert app.slider(key="popularity").value == 60


def test_the_pages_without_a_panel_keep_the_view():
    app = AppTest.from_file(APP, default_timeout=60)
    app.session_state["all"] = True  # the place for the weights of factors is open
    app.run()
    app.slider(key="likes").set_value(7.0)
    app.text_input(key="search").set_value("bert").run()
    for other in ("pages/about/method.py", "pages/about/data.py", "pages/models/ranking.py"):
        app.switch_page(other).run()
        assert not app.exception
    assert app.session_state["_view"].query() == {"search": "bert", "likes": "7"}
    assert app.text_input(key="search").value == "bert"


def from_link(link):
    return ModelView.parse(parse_qs(link.partition("?")[2], keep_blank_values=True))


def test_the_usual_view_has_an_empty_link():
    assert links.linked(ModelView(), "https://example.org/app") == "https://example.org/app"
    assert links.linked(OrganisationView(weights={"data": 25.0}), "/organisations") == "/organisations"


@given(views)
def test_a_link_fits_and_loses_only_pins(view):
    link = links.linked(view, "https://weighbridge.example.org/ranking")
    if len(urlencode({k: v for k, v in view.query().items() if k != "pin"})) < LONGEST_LINK - 100:
        assert len(link) < LONGEST_LINK
    back, notes = from_link(link)
    assert notes == []
    assert back.pin == view.pin[: len(back.pin)]
    assert back.card.weights() == view.card.weights()


def test_ten_long_pins_still_fit():
    view = ModelView(
        pin=tuple(f"some-long-organisation-name/{n}-{'x' * 90}" for n in range(10)), weights=ModelView().usual
    )
    link = links.linked(view, "https://example.org/?lang=en")
    assert link.startswith("https://example.org/?lang=en&")
    assert len(link) < LONGEST_LINK
    assert from_link(link)[0].pin == view.pin


def test_a_view_of_organisations_survives_its_own_link_and_the_link_stays_short():
    offered = {"month": ["2025-07-07", "2025-08-07", "2025-09-07"], "only": ["BAAI", "Meta", "Princeton NLP"]}
    weights = {"model": 0.5, "data_num_language": 3.0, "model_group_model_usage_volume": 2.0}
    view = OrganisationView(month="2025-08-07", method="published", weights=weights, only=("Princeton NLP", "Meta"))
    query = parse_qs(links.linked(view, "https://example.org/organisations").partition("?")[2])
    assert OrganisationView.parse(query, offered) == (view, [])
    many = OrganisationView(only=tuple(f"A long name of an organisation {n}" for n in range(90)))
    assert len(links.linked(many, "/organisations")) < LONGEST_LINK


def test_keys_of_single_pages_are_no_noise():
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params.update({"model": "a/b", "compare": ["a/b", "c/d"]})
    app.run()
    assert app.session_state["_view"] == ModelView()
    assert not app.warning


def test_a_link_degrades_to_text_where_a_page_runs_alone():
    def script():
        from components import links

        links.link_to("model", "a *name*", model="google/bert")

    app = AppTest.from_function(script).run()
    assert not app.exception
    assert app.markdown[0].value == "a \\*name\\*"


def code():
    from components.links import as_code
    from scoring.view import ModelView

    as_code(ModelView(weights={"security": 60.0}), "2026-10-08", "a/b")


def test_a_view_as_code_is_shown_to_be_copied():
    app = AppTest.from_function(code)
    app.session_state["code"] = True
    app.run()
    view = ModelView(weights={"security": 60.0})
    shown = [block.value for block in app.code]
    assert shown == [command(view, "2026-10-08", "a/b"), python(view, "2026-10-08", "a/b").strip()]
