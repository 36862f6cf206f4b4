"""The Model page, alone and through app.py: each model has its reasons, each id an answer, no foreign text acts."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components import trend
from components.receipt import STATES
from components.text import JOINER, plain
from data.models import build
from scoring.scorecards import MODEL
from tests import older

ROOT = Path(__file__).resolve().parents[3]
PAGE = "pages/models/model.py"
MODELS = [json.loads(line) for line in (ROOT / "tests" / "fixtures" / "models.jsonl").read_text().splitlines()]
GOOD, CAPPED, NAMED = "openai/whisper-large-v3", "someone-new/unsafe-scan", "openal/whisper-large-v3"
NOTHING, HOSTILE, UNCOUNTED = "solo", "hostile-owner/text", "uncounted-owner/voices"
pytestmark = pytest.mark.usefixtures("taken")


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


def said(app):
    """Every text of the page that is read as Markdown, title and alerts included."""
    kinds = (app.markdown, app.caption, app.title, app.header, app.subheader, app.error, app.warning, app.info)
    return "\n".join(element.value for kind in kinds for element in kind)


def bare(text):
    """What is left of a text without everything that is escaped in it."""
    return re.sub(r"\\.", "", text)


def found(pattern, text):
    """The first group of a pattern that has to be in a text."""
    match = re.search(pattern, text)
    assert match
    return match[1]


def factors(app):
    return app.dataframe[0].value


@pytest.mark.parametrize("through", ["", "app.py"])
@pytest.mark.parametrize("model", [m["id"] for m in MODELS])
def test_every_model_opens(through, model):
    app = opened(through, model=model)
    assert app.title[0].value == plain(model.rpartition("/")[2])
    table = factors(app)
    assert list(table["Factor"]) == [f.label for f in MODEL.factors]
    if model != NOTHING:
        assert table["Points"].sum() == pytest.approx(float(found(r"factors: ([\d.]+) points", said(app))))
    assert not table[["Found", "State", "Scaled", "Source", "As of"]].isna().any(axis=None)
    states = table["State"].str.removesuffix(", not counted")
    assert set(states) <= set(STATES.values())
    assert (table["Found"][states == STATES["unknown"]] == "unknown").all()
    assert table["Check"].str.startswith("https://huggingface.co/").all()
    assert app.get("plotly_chart")


def test_the_page_without_a_model_invites_a_search():
    app = opened()
    assert app.title[0].value == "Model"
    assert len(app.button) >= 4
    app.button(key="model_openai/whisper-large-v3").click().run()
    assert app.title[0].value == plain("whisper-large-v3")
    assert app.query_params["model"] in (GOOD, [GOOD])


def test_an_unknown_id_gets_a_sentence_and_the_nearest_names():
    app = opened(model="openai/wisper-large-v3", popularity="50")
    (warning,) = app.warning
    assert "no model “openai/wisper\\-large\\-v3” in this snapshot of 10 models" in warning.value
    near = [b.label for b in app.button if b.key.startswith("model_")]
    assert near[0] == plain(GOOD)
    app.button(key=f"model_{GOOD}").click().run()
    assert app.title[0].value == plain("whisper-large-v3")
    assert app.slider(key="popularity").value == 50


def test_the_case_of_an_id_does_not_matter():
    assert opened(model="OpenAI/Whisper-Large-V3").title[0].value == plain("whisper-large-v3")


@pytest.mark.parametrize(
    "hostile",
    [
        "**bold** :red[x] $x$ [a](https://evil.example)",
        "<script>alert(1)</script>",
        "![i](https://evil.example/x.png) :material/bug_report:",
        "\u202egnp.exe\x00\x07",
        "x" * 5000,
        "",
        " ",
        "../../etc/passwd",
    ],
)
@pytest.mark.parametrize("through", ["", "app.py"])
def test_hostile_values_of_the_link_are_named_and_do_nothing(through, hostile):
    app = opened(through, model=hostile)
    assert app.title[0].value == "Model"
    text = bare(said(app))
    for live in ("[a](", ":red[x]", "<script", "![i](", ":material/bug", "\u202e", "\x00", "x" * 200):
        assert live not in text


def test_a_capped_total_says_why_and_what_the_points_sum_to():
    app = opened(model=CAPPED)
    assert {m.label: m.value for m in app.metric}["Total, of 100"] == "30.0"
    (error,) = app.error
    sum_shown = found(r"factors: ([\d.]+) points\*\*, held at \*\*30.00", said(app))
    assert "Held at 30" in error.value
    assert "call a file unsafe" in error.value
    assert f"{float(sum_shown):.1f}".replace(".", "\\.") in error.value
    assert "Danger" in said(app)
    first = app.table[1].value.iloc[1]
    assert first["Points"].startswith("**+")
    assert "held at 30 because the Hub's scanners call a file unsafe" in said(app).replace("\\", "")
    assert first["What"].startswith("Remove the files")


def test_without_the_cap_nothing_is_held():
    app = opened(model=CAPPED, cap="false")
    assert not app.error
    assert {m.label: m.value for m in app.metric}["Total, of 100"] != "30.0"


def test_a_name_that_looks_like_anothers_is_called_just_that():
    text = said(opened(model=NAMED))
    assert "name looks like openai" in text
    assert "malicious" not in text


def test_a_model_of_which_nothing_is_known_has_no_total_and_no_zero():
    app = opened(model=NOTHING)
    values = {m.label: m.value for m in app.metric}
    assert values["Total, of 100"] == "unknown"
    assert values["Rank in all"] == "not ranked"
    assert "Nothing that counts is known" in app.info[0].value
    assert "No sum:" in said(app)
    assert len(app.table) == 1
    assert set(factors(app)["State"].str.removesuffix(", not counted")) == {STATES["unknown"]}


def test_a_model_below_the_minimum_is_listed_with_its_reason():
    app = opened(model=UNCOUNTED, count="all")
    assert {m.label: m.value for m in app.metric}["Rank in all"] == "not ranked"
    assert re.search(r"Listed, not ranked:\*\* only \d+ % of what counts is known .* a rank needs 50 %", said(app))
    assert "Downloads: The Hub shows 0 downloads" in said(app)
    assert "Facts read" in said(app)


def test_texts_of_a_record_are_shown_letter_by_letter():
    text = said(opened(model=HOSTILE))
    assert "\\*\\*bold\\*\\*" in text
    text = bare(text)
    for live in ("**bold**", ":red[x]", "<script", "<img", "](https://evil", ":material/bug_report"):
        assert live not in text


def test_the_points_follow_the_weights_and_the_unknown_policy():
    before, after = (
        opened(model="openai/whisper-large-v3-turbo"),
        opened(model="openai/whisper-large-v3-turbo", security="0"),
    )
    security = before.dataframe[0].value["Category"] == "Security"
    assert factors(before)["Points"][security].sum() > 0
    assert factors(after)["Points"][security].sum() == 0
    left_out = factors(opened(model="openai/whisper-large-v3-turbo", unknown="skip", count="all"))
    unknown = left_out["State"] == STATES["unknown"]
    assert unknown.any()
    assert (left_out["Share"][unknown] == 0).all()
    assert set(left_out["Scaled"][unknown]) == {"unknown"}


def test_the_factors_of_a_category_are_one_click_away_and_in_the_link():
    app = opened(model=GOOD, factors="Security")
    assert app.get("plotly_chart")
    (picked,) = app.get("button_group")
    assert picked.value in ("Security", ["Security"])


def test_a_model_can_be_pinned_and_unpinned():
    app = opened("app.py", model=GOOD)
    app.button(key="pin_model").click().run()
    assert app.session_state["pin"] == [GOOD]
    app.button(key="unpin_model").click().run()
    assert app.session_state["pin"] == []
    assert not app.exception


def test_the_bundled_models_open(monkeypatch, bundled):
    monkeypatch.delenv("WEIGHBRIDGE_SNAPSHOTS")
    longest = max(bundled.facts["id"], key=len)
    least = bundled.facts.notna().sum(axis=1).idxmin()
    for model in ("openai/whisper-large-v3", longest, bundled.facts["id"][least]):
        table = factors(opened(model=model))
        assert isinstance(table, pd.DataFrame)
        assert len(table) == len(MODEL.factors)


def test_one_snapshot_shows_nothing_over_time():
    app = opened(model=GOOD)
    assert "Over time" not in [h.value for h in app.header]


def later(day, into, but=(), **changes):
    """Build a snapshot of the same models a while later, without those in `but`, with these changes to GOOD."""
    kept = [{k: v for k, v in m.items() if k != "_provenance"} for m in MODELS if m["id"] not in but]
    return build.build([m | changes if m["id"] == GOOD else m for m in kept], day, into=into)


def past(app):
    """The table of every fact over the snapshots, by its rows."""
    return app.dataframe[1].value.set_index("Score or fact")


@pytest.mark.parametrize("through", ["", "app.py"])
def test_two_snapshots_show_every_score_and_fact_over_time(through, snapshots):
    later(date(2026, 11, 8), snapshots)
    later(date(2026, 11, 9), snapshots, gated="manual", likes=1)
    app = opened(through, model=GOOD)
    assert "Over time" in [h.value for h in app.header]
    scores, facts = (next(c.proto for c in app.get("plotly_chart") if f"-{key}" in c.proto.id) for key in CHARTS)
    for label in ("Total", *(c.label for c in MODEL.categories)):
        assert f"{label}, of 100" in scores.spec
    total = next(m.value for m in app.metric if m.label == "Total, of 100")
    assert f"9 November 2026 {total}" in str(scores)
    assert "8 November 2026" in str(facts)
    table = past(app)
    assert list(table.columns) == ["Changes", "2026-11-09", "2026-11-08", "2026-10-08"]
    assert table["2026-11-09"]["Total, of 100"].split()[-1] == total
    assert (table["2026-11-09"]["Likes"], table["2026-11-09"]["Gated"]) == ("▼ 1 like", "≠ yes")
    assert (table["2026-11-08"] != "").all()


def test_why_it_moved_between_two_snapshots_is_one_click_away(snapshots):
    later(date(2026, 11, 8), snapshots, likes=1)
    later(date(2026, 12, 8), snapshots, likes=2, gated="manual")
    app = opened(model=GOOD, security="60")
    app.session_state["moved"] = True
    app.run()
    assert app.selectbox(key="moved_since").options == ["8 November 2026", "8 October 2026"]
    text = next(m.value for m in app.markdown if "its score" in m.value)
    assert "through its own facts" in text
    assert "the weights" not in text
    app.selectbox(key="moved_since").set_value("2026-10-08")
    app.toggle(key="moved_usual").set_value(True).run()
    assert not app.exception
    text = next(m.value for m in app.markdown if "its score" in m.value).replace("\\", "")
    assert text.startswith("From 8 October 2026 to 8 December 2026")
    assert "through the weights" in text
    assert any("-waterfall" in c.proto.id for c in app.get("plotly_chart"))


CHARTS = ("over_time", "facts_over_time")


def test_only_what_changed_is_one_click_away_and_in_the_link(snapshots):
    later(date(2026, 11, 8), snapshots, likes=1)
    whole, changed = (past(opened(model=GOOD, **query)) for query in ({}, {"changes": "true"}))
    assert "Likes" in changed.index
    assert (changed["Changes"] > 0).all()
    assert len(changed) == (whole["Changes"] > 0).sum() < len(whole)


def test_the_facts_that_are_drawn_are_chosen_and_in_the_link(snapshots):
    later(date(2026, 11, 8), snapshots)
    app = opened("app.py", model=GOOD, trend=["Spaces", "Papers"])
    facts = next(c.proto for c in app.get("plotly_chart") if "-facts_over_time" in c.proto.id)
    assert "Spaces" in facts.spec
    assert "Downloads" not in facts.spec
    assert not app.warning


def test_a_snapshot_without_the_model_and_a_damaged_one_are_named(snapshots):
    later(date(2026, 11, 8), snapshots)
    later(date(2026, 12, 8), snapshots, but=[GOOD])
    damaged = later(date(2026, 12, 9), snapshots)
    later(date(2026, 12, 10), snapshots)
    (damaged / "facts.parquet").write_bytes(b"PAR1")
    app = opened(model=GOOD)
    text = said(app)
    assert plain("3 snapshots have this model.") in text
    assert plain("Not in the snapshot of 8 December 2026.") in text
    assert plain("Damaged, so left out: the snapshot of 9 December 2026.") in text
    assert list(past(app).columns[1:]) == ["2026-12-10", "2026-11-08", "2026-10-08"]


def test_a_model_of_one_snapshot_among_several_says_so(snapshots):
    later(date(2026, 11, 8), snapshots, but=[GOOD])
    app = opened(model=GOOD, snapshot="2026-10-08")
    assert "Only the snapshot of 8 October 2026 has this model" in said(app)
    assert len(app.dataframe) == 1


def test_many_snapshots_are_bounded_and_counted(snapshots):
    for n in range(trend.MOST + 2):
        later(date(2026, 11, 1) + timedelta(days=n), snapshots)
    app = opened(model=GOOD)
    assert len(past(app).columns) == 1 + trend.MOST
    assert f"Of {trend.MOST + 3} snapshots the newest {trend.MOST} are looked at" in said(app)


def test_what_an_older_snapshot_does_not_know_of_is_unknown(snapshots, taken):
    older.without(taken, "hub_scan", "likes")
    later(date(2026, 11, 8), snapshots, likes=1)
    table = past(opened(model=GOOD))
    assert table["2026-10-08"]["Likes"] == "unknown"
    assert table["2026-11-08"]["Likes"] == "≠ 1 like"


def test_what_no_factor_weighs_is_said_with_its_source_and_day(snapshots):
    cited = {"citations": 1234, "_provenance": {"citations": ["Semantic Scholar", "2026-10-01"]}}
    build.build([MODELS[0] | cited, *MODELS[1:]], date(2026, 10, 8), into=snapshots)
    text = said(opened(model=GOOD)).replace("\\", "")
    assert "**Citations of its papers:** 1,234 (Semantic Scholar, 1 October 2026)" in text
    assert "Models derived from it" not in text


def test_what_describes_a_model_names_who_says_it_where_and_when(snapshots):
    index = {
        "weights_endmodel": "open",
        "datasources_basemodel": "open",
        "datasources_endmodel": "open",
        "paper": "closed",
    }
    metric = {"name": "accuracy", "value": 1.25}
    results = [{"dataset": {"name": "[MMLU](x)"}, "metrics": [metric], "source": {"name": "A board"}}]
    described = {"params": 7_000_000_000, "osai": index, "model-index": [{"results": results}]}
    read = {key: ["European Open Source AI Index", "2026-06-12"] for key in described}
    build.build([MODELS[0] | described | {"_provenance": read}, *MODELS[1:]], date(2026, 10, 8), into=snapshots)
    text = said(opened(model=GOOD)).replace("\\", "").replace(JOINER, "")
    assert "**Parameters:** 7,000,000,000 (" in text
    assert "**Open:** Training data (" in text
    classes = "open: base model data, end user model data, end user model weights; closed: paper"
    link = "([European Open Source AI Index](https://osai-index.eu), 12 June 2026)"
    assert f"(Liesenfeld & Dingemanse 2024, CC BY 4.0):** {classes} {link}" in text
    assert "**Evaluation results:** A board: [MMLU](x) accuracy 1.25 (" in text
    assert "As mteb describes it" not in text
    assert "Size, openness" not in said(opened(model=NOTHING))


def test_an_evidence_sheet_is_one_click_away(monkeypatch):
    made = {}
    monkeypatch.setattr(st, "download_button", lambda label, data, *_, **__: made.update({label: data}))
    opened(model=HOSTILE, security="50")
    page = made["Evidence sheet"]()
    assert "<h1>hostile-owner/text</h1>" in page
    assert "Changed against the preset: Security 50." in page
    assert "<script" not in page
    assert "8 October 2026" in page
