"""The Ranking page: the order of the engine, the reader's filters and pins, and nothing that is not shown sent."""

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from scoring.columns import USUAL
from scoring.view import ModelView

APP = str(Path(__file__).resolve().parents[3] / "app.py")
PER_PAGE = 25


def opened(query=None):
    app = AppTest.from_file(APP, default_timeout=60)
    for key, value in (query or {}).items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def table(app):
    (one,) = [e.proto for e in app.get("bidi_component") if e.proto.component_name == "ranking_table"]
    return json.loads(one.json)


def ids(app):
    return [row["id"] for row in table(app)["rows"]]


def said(app):
    return " ".join(m.value for m in app.markdown).replace("\\", "")


def test_the_first_page_is_the_engines_order(bundled):
    scores = ModelView().score(bundled)
    app = opened()
    assert ids(app) == scores.ids[scores.order[:PER_PAGE]].tolist()
    first = table(app)["rows"][0]
    assert first["rank"] == 1
    assert first["low"] <= first["total"] <= first["high"]
    assert [head["id"] for head in table(app)["heads"]] == ["id", "total", *USUAL]
    assert len(first["cells"]) == len(USUAL)
    assert first["inAll"] is None
    assert f"{len(bundled.facts):,} models" in said(app)


def test_only_the_rows_that_are_shown_travel(bundled):
    (proto,) = [e.proto for e in opened().get("bidi_component") if e.proto.component_name == "ranking_table"]
    assert len(table(opened())["rows"]) == PER_PAGE
    assert len(proto.json) < 400 * PER_PAGE


def test_a_slider_moves_the_order(bundled):
    app = opened()
    before = ids(app)
    app.slider(key="popularity").set_value(100.0)
    app.slider(key="security").set_value(0.0).run()
    scores = ModelView(weights={"popularity": 100.0, "security": 0.0}).score(bundled)
    assert ids(app) == scores.ids[scores.order[:PER_PAGE]].tolist()
    assert ids(app) != before


def test_the_next_page_continues_and_a_filter_starts_over(bundled):
    scores = ModelView().score(bundled)
    app = opened({"page": "2"})
    assert ids(app) == scores.ids[scores.order[PER_PAGE : 2 * PER_PAGE]].tolist()
    app.text_input(key="search").set_value("bert").run()
    assert "bert" in ids(app)[0].lower()
    assert [row["rank"] for row in table(app)["rows"]][:2] == [1, 2]


@pytest.mark.parametrize("number", ["0", "-3", "999999", "x", ""])
def test_a_page_that_is_not_there_is_the_first_one(number):
    assert table(opened({"page": number}))["rows"][0]["rank"] == 1


def test_those_without_a_rank_come_last_and_say_so(bundled):
    scores = ModelView().score(bundled)
    last = -(-len(scores) // PER_PAGE)
    rows, unranked = table(opened({"page": str(last)}))["rows"], int((~scores.ranked).sum())
    assert unranked
    assert [row["rank"] is None for row in rows] == [n >= len(rows) - unranked for n in range(len(rows))]
    assert f"{int((~scores.ranked).sum()):,} are listed after the others without a rank" in said(opened())


def test_filters_say_what_they_leave_out(bundled):
    app = opened({"search": "whisper", "license": ["permissive", "custom"]})
    assert all("whisper" in i.lower() for i in ids(app))
    assert "by the search" in said(app)
    assert "by the licence" in said(app)


def test_what_a_model_is_for_is_the_first_control_and_ranks_within(bundled):
    app = opened()
    first = app.main.multiselect[0]
    assert (first.label, first.value) == ("What for", [])
    assert [label for label in first.options if "embed" in label] == [first.options[1]]
    first.set_value(["embeddings"]).run()
    assert not app.exception
    scores = ModelView().score(bundled)
    inside = (bundled.facts["task_group"] == "embeddings").fillna(False).to_numpy(bool)
    assert ids(app) == scores.ids[[n for n in scores.order if inside[n]][:PER_PAGE]].tolist()
    assert f"All {inside.sum():,} models in “Embeddings and reranking”; {len(inside):,} in all" in said(app)
    assert app.code[0].value.endswith("/?task_group=embeddings")


def test_a_link_finds_a_group_by_its_synonym_and_says_which_exist():
    assert opened({"task_group": "ocr"}).multiselect(key="task_group").value == ["vision"]
    wrong = opened({"task_group": "poetry"}).warning[0].value.replace("\\", "")
    assert "There is no task group “poetry”; there are language, embeddings" in wrong


def test_nothing_found_names_the_filter_and_clears_it():
    app = opened({"search": "no model is called so", "task": "fill-mask"})
    assert not app.get("plotly_chart")
    assert "Most of all, the search leaves out" in said(app)
    (clear,) = [b for b in app.button if b.label == "Clear filters"]
    clear.click().run()
    assert len(ids(app)) == PER_PAGE
    assert app.text_input(key="search").value == ""
    assert app.multiselect(key="task").value == []


def test_pins_stay_on_top_wherever_they_rank(bundled):
    scores = ModelView().score(bundled)
    low = str(scores.ids[scores.order[700]])
    app = opened({"pin": [low], "search": "whisper"})
    (pinned,) = table(app)["pinned"]
    assert pinned["id"] == low
    assert (pinned["rank"], pinned["inAll"]) == (None, scores.rank[scores.order[700]])
    assert f"–   ★ {low[:40]}" in json.dumps(json.loads(app.get("plotly_chart")[0].proto.spec), ensure_ascii=False)


def test_the_rank_among_those_shown_stands_beside_the_rank_in_all(bundled):
    scores = ModelView().score(bundled)
    app = opened({"task_group": "embeddings", "memory": "8"})
    rows = table(app)["rows"]
    assert [row["rank"] for row in rows[:3]] == [1, 2, 3]
    assert [row["inAll"] for row in rows] == [scores.rank[scores.position[row["id"]]] for row in rows]
    assert "Ranks are among these; beside them stands the rank in all." in said(app)
    assert any(f"{ids(app)[0]} is 1 of " in c.value.replace("\\", "") for c in app.caption)


def test_columns_and_order_are_those_of_the_link(bundled):
    app = opened({"columns": ["params", "downloads", "security"], "sort": "likes", "page": "2"})
    assert [head["id"] for head in table(app)["heads"]] == ["id", "total", "params", "downloads", "security", "likes"]
    facts = bundled.facts.sort_values(["likes", "id"], ascending=[False, True], na_position="last")
    assert ids(app) == facts["id"].tolist()[PER_PAGE : 2 * PER_PAGE]
    assert table(app)["sorted"] == {"id": "likes", "order": "descending"}
    months = [row["cells"][1] for row in table(app)["rows"] if row["cells"][1]]
    assert all(re.fullmatch(r"[\d,]+ \(\w+ 20\d\d\)", cell) for cell in months)
    app.session_state["table"] = True  # the place for them is open
    app.run()
    app.toggle(key="reverse").set_value(True).run()
    assert table(app)["sorted"] == {"id": "likes", "order": "ascending"}
    assert app.code[0].value.endswith("/?sort=likes&reverse=true&columns=params&columns=downloads&columns=security")
    app.multiselect(key="columns").set_value([]).run()
    assert app.code[0].value.endswith("/?sort=likes&reverse=true&columns=")
    assert [head["id"] for head in table(opened({"columns": ""}))["heads"]] == ["id", "total"]


@pytest.mark.parametrize(
    ("pins", "label"),
    [(0, "Compare pinned models"), (2, "Compare 2 pinned models"), (7, "Compare the first 6 pinned models")],
)
def test_pinned_models_go_to_compare(bundled, pins, label):
    app = opened({"pin": bundled.facts["id"].tolist()[:pins]})
    button = app.button(key="compare_pinned")
    assert (button.label, button.disabled) == (label, pins < 2)


def test_the_address_of_every_row_keeps_the_view():
    app = opened({"preset": "adoption", "likes": "4"})
    assert table(app)["view"] == "preset=adoption&likes=4"
    assert table(app)["page"].endswith("/model")


def test_the_shown_link_is_that_of_the_view():
    app = opened({"popularity": "77", "foo": "1", "page": "3"})
    assert app.code[0].value.endswith("/?page=3&popularity=77")


def test_the_chart_says_itself_in_words():
    chart = opened().get("plotly_chart")[0].proto
    assert "openai/whisper" in chart.alt
    assert "\\" not in chart.alt


def test_the_page_says_how_wide_the_intervals_are():
    assert any("Unknown facts" in c.value or "No unknown fact" in c.value for c in opened().caption)


def test_the_scatter_is_drawn_when_it_is_open_and_says_what_it_shows(bundled):
    app = opened({"x": "downloads"})
    assert len(app.get("plotly_chart")) == 1
    assert not app.selectbox or "x" not in {one.key for one in app.selectbox}
    app.button_group(key="chart").set_value("scatter").run()
    assert not app.exception
    chart = app.get("plotly_chart")[0].proto
    assert "scattergl" in chart.spec
    unknown = int(bundled.facts["downloads_30d"].isna().sum())
    assert any(f"{len(bundled.facts) - unknown:,} of " in caption.value for caption in app.caption)
    app.selectbox(key="x").set_value("params").run()
    assert "chart=scatter" in app.code[0].value
    assert "x=" not in app.code[0].value


def test_changed_weights_show_how_far_every_model_moved(bundled):
    app = opened({"security": "60"})
    usual, now = (ModelView(weights=weights).score(bundled) for weights in ({}, {"security": 60.0}))
    for row in table(app)["rows"]:
        rose = int(usual.rank[usual.position[row["id"]]] - now.rank[now.position[row["id"]]])
        assert row["moved"] == (f"▲ {rose:,}" if rose > 0 else f"▼ {-rose:,}" if rose else "=")
    assert any(caption.value.startswith("Against “Balanced” unchanged") for caption in app.caption)
    assert {row["moved"] for row in table(opened())["rows"]} == {""}
