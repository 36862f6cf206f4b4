"""Score any model, alone and through app.py: typed or linked, refused, missing, offline, with parts that fail."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.text import plain
from data import records, single
from scoring.scorecards import MODEL
from tests.platforms import server as bad
from tests.platforms.hub import Hub
from tests.platforms.server import Server

ROOT = Path(__file__).resolve().parents[3]
PAGE = "pages/models/any.py"
MODELS = [json.loads(line) for line in (ROOT / "tests" / "fixtures" / "models.jsonl").read_text().splitlines()]
WANTED = "org-1/model-4"
TOKEN = "hf_neverOnAnyPage"


@pytest.fixture(autouse=True)
def taken(snapshots):
    return records.build(MODELS, date(2026, 10, 8), into=snapshots)


@pytest.fixture(autouse=True)
def server(monkeypatch):
    for variable in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in {"DEADLINE": "0.5", "MAX_WAIT": "0.3", "BACKOFF": "0.02", "TOTAL": "4"}.items():
        monkeypatch.setenv(f"WEIGHBRIDGE_{variable}", value)
    single.desk.cache_clear()
    with Server(Hub(models=12, owners=3)) as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running
    single.desk.cache_clear()


def opened(through="", /, **query):
    app = AppTest.from_file(str(ROOT / (through or PAGE)), default_timeout=60)
    if through:
        app.run()
    for key, value in query.items():
        app.query_params[key] = value
    if through:
        app.switch_page(PAGE)
    app.run()
    assert not app.exception
    return app


def typed(text):
    app = opened()
    app.text_input(key="any").set_value(text).run()
    assert not app.exception
    return app


def warned(app):
    return "\n".join(w.value for w in app.warning)


def has_dossier(app, model=WANTED):
    assert app.title[0].value == plain(model.rpartition("/")[2])
    assert list(app.dataframe[0].value["Factor"]) == [f.label for f in MODEL.factors]
    metrics = {m.label: m.value for m in app.metric}
    assert re.fullmatch(r"\d+ of \d+", metrics["Would rank"])
    return metrics


def test_a_typed_id_gets_the_dossier_of_a_bundled_model():
    app = typed(WANTED)
    metrics = has_dossier(app)
    assert float(metrics["Total, of 100"]) > 0
    table = app.dataframe[0].value
    assert (table["As of"][table["State"] == "● known"] != "").all()
    assert app.status[0].label == "6 of 6 parts came"
    assert not app.warning


@pytest.mark.parametrize("through", ["", "app.py"])
def test_a_link_to_the_hub_does_as_well(through):
    has_dossier(opened(through, any=f"https://huggingface.co/{WANTED}"))


def test_however_many_look_it_is_asked_once(server):
    for _ in range(3):
        has_dossier(opened(any=WANTED))
    app = typed(WANTED)
    app.slider(key="popularity").set_value(50.0).run()
    has_dossier(app)
    assert len(server.asked(f"/api/models/{WANTED}/scan")) == 1


@pytest.mark.parametrize(
    "text",
    ["../etc/passwd", "a/b/c", "https://evil.example/org/name", "org/na me", "<script>", "x" * 5000, "[a](b) :red[x]"],
)
def test_what_is_no_id_makes_no_request(server, text):
    app = opened(any=text)
    assert "is no id such as org/name" in warned(app)
    assert not server.log
    assert app.title[0].value == "Score any model"


def test_nothing_typed_asks_nothing(server):
    app = opened()
    assert not server.log
    assert not app.warning


def test_a_model_that_is_not_there_is_one_sentence():
    app = typed("org-1/model-999")
    assert len(app.warning) == 1
    assert "could not be looked up" in warned(app)
    assert "Every other page works" in warned(app)


def test_offline_says_so_and_asks_nothing(server, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    app = typed(WANTED)
    assert plain("HF_HUB_OFFLINE") in warned(app)
    assert not server.log


def test_a_hub_that_cannot_be_reached_is_one_sentence(monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    app = typed(WANTED)
    assert len(app.warning) == 1
    assert "Traceback" not in warned(app)


def test_a_part_that_fails_is_unknown_and_named_and_no_token_is_shown(server, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    server.break_on("/scan", bad.status(503, {"error": f"Bearer {TOKEN}"}))
    app = typed(WANTED)
    has_dossier(app)
    assert "the Hub's scan" in warned(app).replace("\\", "")
    assert app.status[0].label == "5 of 6 parts came"
    assert TOKEN not in str(app.main)


def test_a_full_desk_says_when_to_come_back(monkeypatch):
    monkeypatch.setattr(single.desk(), "_tokens", 0.0)
    assert "ask again in" in warned(typed(WANTED))


def test_it_stands_beside_bundled_ones(bundled):
    app = opened(any=WANTED, beside=["openai/whisper-large-v3"])
    has_dossier(app)
    (side,) = [t.value for t in app.table if "Same?" in t.value.columns]
    assert len(side.columns) == 4


def test_one_that_the_snapshot_has_counts_once():
    app = opened(any=WANTED)
    ranked = int(has_dossier(app)["Would rank"].split(" of ")[1])
    assert ranked <= len(MODELS) + 1
