"""The address says the view, and a link within a session brings the view that it says."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from streamlit.testing.v1 import AppTest

from components import link
from scoring.view import LONGEST_LINK, View, parse, preset_weights

APP = str(Path(__file__).resolve().parents[2] / "app.py")


def test_the_address_holds_the_pages_own_keys_and_the_view():
    view = View(preset="adoption", weights={"security": 12.5}, pin=("a/b", "c/d"))
    said = parse_qs(urlsplit(link.address(view, model="openai/whisper-large-v3")).query)
    assert said.pop("model") == ["openai/whisper-large-v3"]
    assert parse(said) == (view, [])


def test_the_address_stays_short_whatever_is_pinned_and_moved():
    long = "an-owner-with-a-long-name/" + "a-model-with-a-longer-name-" * 3
    weights = dict.fromkeys(preset_weights("balanced"), 12.25)
    view = View(preset="transparency", weights=weights, search="a search", pin=tuple(f"{long}{i}" for i in range(10)))
    address = link.address(view, compare=[long, long])
    assert len(address) < LONGEST_LINK
    again, _ = parse({k: v for k, v in parse_qs(urlsplit(address).query).items() if k != "compare"})
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
    app = AppTest.from_file(APP, default_timeout=60).run()
    app.slider(key="likes").set_value(7.0)
    app.text_input(key="search").set_value("bert").run()
    for other in ("pages/about/method.py", "pages/about/data.py", "pages/models/ranking.py"):
        app.switch_page(other).run()
        assert not app.exception
    assert app.session_state["_view"].query() == {"search": "bert", "likes": "7"}
    assert app.text_input(key="search").value == "bert"
