"""One organisation: its indicators, rows, months and movement are those of the tables, and links lead on and back."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.organisations import month
from data.organisations.rollup import rollup
from scoring.reasons.receipt import standings
from scoring.scorecards import influence

ROOT = Path(__file__).resolve().parents[3]
PAGE = "pages/organisations/organisation.py"


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90).run()
    for key, value in query.items():
        app.query_params[key] = value
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def said(app):
    return (
        " ".join(e.value for e in (*app.markdown, *app.caption, *app.warning)).replace("\\", "").replace("\u2060", "")
    )


def frame(app, column):
    return next(d.value for d in app.dataframe if column in d.value.columns)


def test_every_indicator_has_value_rank_and_leader():
    app = opened(organisation="meta")
    assert app.title[0].value == "Meta"
    now = influence(rollup(month.load()).facts)
    table = frame(app, "Leader")
    assert len(table) == 69
    assert table["Value"].isna().sum() == sum(x.value is None for x in standings(now, "Meta"))
    likes = table[table["Indicator"] == "Likes"].iloc[0]
    assert likes["Value"] == now.raw[now.position["Meta"], [f.id for f in now.card.factors].index("model_likes")]
    assert table["Share"].sum() == pytest.approx(100)
    assert [m.value for m in app.metric][:2] == ["31.2", "3 of 32"]


def test_what_moved_it_is_told():
    app = opened(organisation="Meta")
    assert "Since 7 August 2025 its score went from 33.6 to 31.2 of 100 (−2.4)" in said(app)
    assert "7 organisations are new this month" in said(app)
    assert "One scale for all months" in said(app)
    assert "It was not ranked in the month before" in opened(organisation="Moonshot").info[0].value
    assert "No month lies about thirty days before" in opened(month="2024-12-13").info[0].value


def test_the_parts_of_facts_weights_and_method_are_shown_on_demand():
    app = opened(organisation="Meta", method="percentile_rank_mean")
    charts = len(app.get("plotly_chart"))
    app.session_state["parts"] = True
    app.run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == charts + 1
    assert "through the method" in said(app)
    assert "Before: as documented, with its usual weights." in said(app)


def test_the_rows_behind_an_indicator():
    app = opened(organisation="BAAI")
    everything = len(frame(app, "Platform"))
    app.selectbox(key="behind").set_value("data_num_language").run()
    assert 0 < len(frame(app, "Platform")) < everything
    assert set(frame(app, "Platform")["Modality"]) == {"Language"}


@pytest.mark.parametrize(
    ("query", "sentence", "shown"),
    [
        (
            {"organisation": "Goggle"},
            "There is no organisation “Goggle” in the month of 7 September 2025; the nearest",
            "BAAI",
        ),
        (
            {"organisation": "Moonshot", "month": "2025-08-07"},
            "is not ranked in the month of 7 August 2025; it is ranked on 7 September 2025",
            "BAAI",
        ),
    ],
)
def test_who_is_not_ranked_is_said(query, sentence, shown):
    app = opened(**query)
    assert sentence in said(app)
    assert app.title[0].value == shown


def test_the_choice_stays_when_the_month_changes():
    app = opened(organisation="Google")
    app.selectbox(key="influence_organisation").set_value("Meta").run()
    app.selectbox(key="influence_month").set_value("2025-05-07").run()
    assert app.title[0].value == "Meta"
    app.selectbox(key="influence_method").set_value("published").run()
    assert not app.exception
    assert "ranks are joined" in said(app)


def test_a_model_leads_to_its_organisation():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90).run()
    app.query_params["model"] = "meta-llama/Llama-3.1-8B-Instruct"
    app.switch_page("pages/models/model.py").run()
    assert not app.exception
    links = [e.proto for e in app.get("page_link")]
    assert any(p.label == "Influence of Meta" and "organisation=Meta" in p.query_string for p in links)
    links = [e.proto for e in opened(organisation="Meta").get("page_link")]
    assert any("publisher=meta-llama" in p.query_string for p in links)
    assert any("model=meta-llama" in p.query_string for p in links)
