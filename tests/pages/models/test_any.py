"""Score any model, alone and through app.py: typed or linked, refused, missing, offline, with parts that fail."""

import json
import re
import threading
import time
from contextlib import suppress
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from components import picker
from components.sidebyside import APART, BEST
from components.text import plain
from data.models import build
from data.models.lookup import lookup_service
from scoring.scorecards import MODEL
from tests.platforms import server as bad
from tests.platforms.hub import Hub
from tests.platforms.server import Server

ROOT = Path(__file__).resolve().parents[3]
PAGE = "pages/models/any.py"
MODELS = [json.loads(line) for line in (ROOT / "tests" / "fixtures" / "models.jsonl").read_text().splitlines()]
WANTED = "org-1/model-4"
TOKEN = "hf_neverOnAnyPage"
pytestmark = pytest.mark.usefixtures("taken")


@pytest.fixture(autouse=True)
def server(monkeypatch):
    for variable in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in {"DEADLINE": "0.5", "MAX_WAIT": "0.3", "BACKOFF": "0.02", "TOTAL": "4"}.items():
        monkeypatch.setenv(f"WEIGHBRIDGE_{variable}", value)
    lookup_service.cache_clear()
    with Server(Hub(models=12, owners=3)) as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running
    lookup_service.cache_clear()


def opened(through="", /, **query):
    app = AppTest.from_file(str(ROOT / (through or PAGE)), default_timeout=60)
    if through:
        app.run()
    for key, value in query.items():
        app.query_params[key] = value
    if through:
        app.switch_page(PAGE)
    app.session_state["numbers"] = True
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
    assert re.fullmatch(r"\d+ of \d+", metrics["Would rank in all"])
    return metrics


def test_a_typed_id_gets_the_dossier_of_a_bundled_model():
    app = typed(WANTED)
    metrics = has_dossier(app)
    assert float(metrics["Total, of 100"]) > 0
    table = app.dataframe[0].value
    assert (table["As of"][table["State"] == "● known"] != "").all()
    assert app.status[0].label == "7 of 7 parts came"
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
    assert "is neither an id such as org/name" in warned(app)
    assert "Hub works" not in warned(app)
    assert not server.log
    assert app.title[0].value == "Score any model"


def test_nothing_typed_asks_nothing_and_offers_examples(server):
    app = opened()
    assert not server.log
    assert not app.warning
    app.button(key=f"any_{picker.EXAMPLES[0]}").click().run()
    assert server.asked(f"/api/models/{picker.EXAMPLES[0]}")
    assert plain(picker.EXAMPLES[0]) in warned(app)


@pytest.mark.parametrize(
    "text",
    [
        f"  {WANTED}\n",
        f"https://huggingface.co/{WANTED}?library=transformers#usage",
        f"https://huggingface.co/{WANTED}/tree/main",
        f"hf.co/{WANTED}/blob/main/README.md",
    ],
)
def test_whatever_a_reader_pastes_finds_the_model(text):
    has_dossier(opened(any=text))


def test_a_name_as_long_as_the_hub_allows(server):
    longest = f"{'A' * 96}/{'b' * 96}"
    app = typed(longest)
    assert longest in warned(app)
    assert server.asked(longest)


def test_an_id_in_another_script_is_refused_in_one_sentence(server):
    app = opened(any="организация/модель")
    assert "“организация/модель” is neither an id" in warned(app)
    assert not server.log


def test_without_a_token_it_says_so_and_what_that_means(monkeypatch):
    assert plain("HF_TOKEN") in "".join(c.value for c in opened().caption)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    app = typed(WANTED)
    has_dossier(app)
    assert plain("HF_TOKEN") not in "".join(c.value for c in app.caption)
    assert TOKEN not in str(app.main)


def test_a_model_that_is_not_there_is_one_sentence():
    app = typed("org-1/model-999")
    assert len(app.warning) == 1
    assert "could not be looked up" in warned(app)
    assert "Every other page works" in warned(app)


@pytest.mark.parametrize("text", ["", WANTED])
def test_offline_says_so_once_and_asks_nothing(server, monkeypatch, text):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    app = typed(text)
    assert len(app.warning) == 1
    assert plain("HF_HUB_OFFLINE") in warned(app)
    assert not [b for b in app.button if b.key and b.key.startswith("any_")]
    assert not server.log


def test_a_quota_that_is_used_up_says_when_to_come_back(server, monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_MAX_WAIT", "320")
    server.break_on("/", bad.status(429, Retry_After="240"))
    app = typed(WANTED)
    (warning,) = app.warning
    asked = len(server.log)
    next(b for b in app.button if b.label == "Ask again").click().run()
    assert len(server.log) > asked
    assert "ask again in 4 minutes" in warning.value
    assert "max" not in warning.value


def test_parts_that_fail_alike_are_named_together(server):
    server.break_on("/scan", bad.status(503))
    server.break_on("/discussions", bad.status(503))
    app = typed(WANTED)
    has_dossier(app)
    assert warned(app).replace("\\", "").count("(503)") == 1
    assert "The Hub's scan and discussions and pull requests" in warned(app).replace("\\", "")


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
    assert "The Hub's scan" in warned(app).replace("\\", "")
    assert app.status[0].label == "6 of 7 parts came"
    assert TOKEN not in str(app.main)


def test_no_visitor_waits_for_another(server, monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_DEADLINE", "3")
    server.break_on("org-0/model-3", bad.slow(0.05))
    typed(WANTED)

    def wait():
        with suppress(AssertionError):  # tests of pages share one runtime, which the first to end takes away
            typed("org-0/model-3")

    slow = threading.Thread(target=wait)
    slow.start()
    while not server.asked("org-0/model-3"):
        time.sleep(0.02)
    has_dossier(typed("org-2/model-5"), "org-2/model-5")
    assert slow.is_alive()
    slow.join()


def test_a_full_service_says_when_to_come_back(monkeypatch):
    monkeypatch.setattr(lookup_service(), "_tokens", 0.0)
    assert "ask again in" in warned(typed(WANTED))


def beside(app):
    """The heads of the models that stand side by side."""
    return next(t.value for t in app.table if "Same?" in t.value.columns).columns[2:]


@pytest.mark.parametrize("through", ["", "app.py"])
def test_it_stands_beside_several_of_the_snapshot_and_its_link_shows_the_same(through):
    others = [m["id"] for m in MODELS[:3]]
    app = opened(through, any=WANTED, beside=[*others, "no/such"], factors="Security", popularity="50")
    for _ in range(2):
        has_dossier(app)
        assert [head.split("  ")[1] for head in beside(app)] == [plain(m) for m in (WANTED, *others)]
        assert "left out: “no/such”" in warned(app)
        assert "Ignored" not in warned(app)
        (factors,) = app.get("button_group")
        assert factors.value in ("Security", ["Security"])
        assert app.slider(key="popularity").value == 50
        app = opened(through, **parse_qs(urlsplit(app.code[0].value).query))


def test_what_the_snapshot_read_long_before_has_no_winner_beside_what_is_looked_up_now(snapshots):
    long_ago = {"_provenance": {"likes": ["a crawl", "2026-01-08"]}}
    build.build([m | long_ago for m in MODELS], date(2026, 10, 9), into=snapshots)
    app = opened(any=WANTED, beside=MODELS[0]["id"])
    table = next(t.value for t in app.table if "Same?" in t.value.columns).set_index("Factor")
    sign, *likes = table.loc["Likes"]
    assert APART in sign
    assert "read 8 January 2026" in likes[1]
    assert not any(BEST in cell for cell in likes)
    assert any("days apart, between 8 January 2026 and" in note.value for note in (*app.info, *app.warning))


def test_as_many_stand_beside_it_as_can_be_read():
    app = opened(any=WANTED, beside=[m["id"] for m in MODELS])
    assert len(beside(app)) == picker.MOST
    assert "too many to read side by side" in warned(app)


def test_one_that_the_snapshot_has_is_not_beside_itself(server):
    hub = server.app
    hub.number = lambda model: 4 if model == MODELS[0]["id"] else None
    hub.changes[hub.id(4)] = {"id": MODELS[0]["id"]}
    app = opened(any=MODELS[0]["id"], beside=[m["id"] for m in MODELS[:2]])
    assert [head.split("  ")[1] for head in beside(app)] == [plain(m["id"]) for m in MODELS[:2]]
    assert "left out" not in warned(app)
    assert "The same model in the snapshot" in [m.value for m in app.markdown]


def test_one_that_the_snapshot_has_counts_once():
    app = opened(any=WANTED)
    ranked = int(has_dossier(app)["Would rank in all"].split(" of ")[1])
    assert ranked <= len(MODELS) + 1


@pytest.mark.parametrize("asked", ["openai/whisper-large-v3", "https://huggingface.co/OpenAI/Whisper-large-v3"])
def test_without_a_network_a_model_of_the_snapshot_opens_its_stored_score(monkeypatch, asked):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    app = opened(any=asked)
    assert app.title[0].value == plain("whisper-large-v3")
    texts = "\n".join(m.value for m in app.markdown)
    assert plain("Not reached: shown is the stored score of 8 October 2026.") in texts
    assert "could not be looked up" in warned(app)
    assert {m.label for m in app.metric} >= {"Total, of 100", "Rank in all"}
    assert "Every reason for it" in texts  # a link where the page runs with the others


def test_offline_a_model_of_the_snapshot_opens_its_stored_score(server, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    app = opened(any="openai/whisper-large-v3")
    assert plain("HF_HUB_OFFLINE") in warned(app)
    assert {m.label: m.value for m in app.metric}["Total, of 100"] != "unknown"
    assert not server.asked("/api")
