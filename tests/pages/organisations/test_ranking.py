"""The ranking of organisations: the order of the tables, under the month, method and weights of the link."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.organisations.month import load, write
from data.organisations.rollup import rollup
from data.platforms.repository import RepositoryRow
from scoring.methods import METHODS
from scoring.scorecards import influence

ROOT = Path(__file__).resolve().parents[3]
PAGE = "pages/organisations/ranking.py"


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90).run()
    for key, value in query.items():
        app.query_params[key] = value
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def listed(app):
    return [
        a.partition("organisation=")[2].partition("#")[0].partition("&")[0].replace("+", " ")
        for a in app.dataframe[0].value["Organisation"]
    ]


def expected(month, method, **weights):
    rolled = rollup(load(month), METHODS[method].reading)
    now = influence(rolled.facts, method, as_of=month, weights=weights)
    return [str(now.ids[n]) for n in now.order]


def said(app):
    return (
        " ".join(e.value for e in (*app.markdown, *app.caption, *app.warning)).replace("\\", "").replace("\u2060", "")
    )


def test_the_default_is_the_newest_month_as_documented():
    app = opened()
    assert listed(app) == expected("2025-09-07", "documented")
    table = app.dataframe[0].value
    assert table["Moved"].tolist()[:2] == ["=", "="]
    assert "new" in table["Moved"].tolist()
    assert (
        app.main.subheader[0].value.replace("\\", "").startswith("BAAI leads: it is 1st in systems, 3rd in benchmarks")
    )
    assert "Alibaba leads if models alone count" in app.main.subheader[0].value
    firm = next(e for e in app.markdown if e.value.startswith("**How firm is it?**"))
    assert "The first place is not firm: Meta is first if ranks in the dimensions are added up" in firm.value.replace(
        "\\", ""
    )
    assert "Kendall’s tau 0.72" in firm.proto.help.replace("\\", "")
    assert (
        "Shown and not counted, because known for fewer than half of the organisations: Merged pull requests"
        in said(app)
    )
    assert "`weighbridge collect organisations`" in said(app)
    assert table["Score"].between(0, 100).all()
    assert table["Score"].max() > 1
    assert table["Organisation"].str.endswith("#Shanghai AI Lab").sum() == 1


def test_two_readings_that_disagree_on_the_first_place_are_named():
    app = opened(month="2025-08-07")
    assert "it is BAAI if the four dimensions count alike, and Meta if all indicators do" in said(app)
    assert "Ranks rest on 56 (13 December 2024 to 14 February 2025) and 62 (7 March 2025 to" in said(app)


def test_month_method_and_weights_come_from_the_link():
    app = opened(month="2025-03-07", method="published", model="10")
    assert listed(app) == expected("2025-03-07", "published", model=10)
    assert app.selectbox(key="influence_month").value == "2025-03-07"
    assert app.slider(key="influence_model").value == 10
    assert "14% of the score" in app.slider(key="influence_model").label


def test_widgets_move_the_order_and_a_method_brings_its_own_weights():
    app = opened()
    app.selectbox(key="influence_method").set_value("published").run()
    assert app.slider(key="influence_model").value == 60
    assert listed(app) == expected("2025-09-07", "published")
    app.slider(key="influence_data").set_value(0.0).run()
    assert listed(app) == expected("2025-09-07", "published", data=0.0)
    app.button(key="influence_reset").click().run()
    assert listed(app) == expected("2025-09-07", "published")
    app.selectbox(key="influence_month").set_value("2024-12-13").run()
    assert listed(app) == expected("2024-12-13", "published")
    assert set(app.dataframe[0].value["Moved"]) == {"unknown"}, "there is no month before"
    assert not app.exception


def test_what_each_indicator_decides_is_shown_on_demand():
    app = opened()
    app.session_state["deciding_open"] = True
    app.run()
    assert not app.exception
    table = next(one.value for one in app.dataframe if "Differences" in one.value)
    assert table["Differences"].sum() == pytest.approx(100)
    assert any("The largest part of the differences between totals comes from" in m.value for m in app.markdown)
    app = opened(method="published")
    app.session_state["deciding_open"] = True
    assert not app.run().exception
    assert any("indicators have no points" in m.value for m in app.markdown)


def test_a_filter_lists_some_and_ranks_all():
    app = opened(only=["meta", "Google"])
    assert listed(app) == ["Meta", "Google"]
    assert app.dataframe[0].value["Rank"].tolist() == [3, 4]
    app.selectbox(key="influence_month").set_value("2024-12-13").run()
    app.multiselect(key="influence_only").set_value(["Moonshot"]).run()
    assert app.main.subheader[-1].value == "None of the chosen organisations is ranked in this month"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"month": "2025-03-01"}, "There is no month “2025-03-01”; the nearest are 2025-03-07"),
        ({"method": "best"}, "method=“best” is not known"),
        ({"only": "Goggle"}, "There is no organisation “Goggle”; the nearest are Google, "),
        ({"preset": "adoption"}, "“preset” is not a setting of the organisation pages"),
        ({"model": "openai/x"}, "is not a number from 0 to 100"),
    ],
)
def test_what_a_link_says_in_vain_is_noted_and_the_default_shown(query, sentence):
    app = opened(**query)
    assert sentence in said(app)
    assert listed(app) == expected("2025-09-07", "documented")
    app.button(key="_influence_dismiss").click().run()
    assert sentence not in said(app)


def test_all_weights_zero_keeps_the_last_that_were_not():
    app = opened()
    for dimension in ("data", "model", "system", "benchmark"):
        app.slider(key=f"influence_{dimension}").set_value(0.0)
    app.run()
    assert "All weights are zero" in said(app)
    assert listed(app) == expected("2025-09-07", "documented")


def test_a_damaged_month_is_named_and_left_out(tmp_path, monkeypatch):
    import shutil

    from data.archive import BUNDLED

    for taken in ("2025-08-07", "2025-09-07"):
        shutil.copytree(BUNDLED / "organisations" / taken, tmp_path / "organisations" / taken)
    shutil.copytree(BUNDLED / "models", tmp_path / "models")
    (tmp_path / "organisations" / "2025-09-07" / "facts.parquet").write_bytes(b"x")
    monkeypatch.setenv("WEIGHBRIDGE_SNAPSHOTS", str(tmp_path))
    app = opened()
    assert "Snapshot 2025-09-07 is damaged" in said(app)
    assert listed(app) == expected("2025-08-07", "documented")


@pytest.mark.parametrize("page", ["ranking", "organisation", "sources"])
def test_a_month_in_which_hardly_anything_is_known_is_shown_without_a_made_up_number(snapshots, page):
    rows = [RepositoryRow(source="HuggingFace", kind="model", org="A", name="m")]  # of no known modality
    write("2026-01-01", rows, [], [{"id": "A"}, {"id": "B"}], {"sources": []})
    app = AppTest.from_file(str(ROOT / "pages" / "organisations" / f"{page}.py"), default_timeout=90).run()
    assert not app.exception
    assert "nan" not in said(app).lower().replace("finance", "")


def test_the_model_pages_open_without_the_organisations_data():
    import subprocess
    import sys

    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        "app = AppTest.from_file('app.py', default_timeout=90).run(); assert not app.exception; "
        "held = ('data.organisations.month', 'data.organisations.rollup'); "
        "print([m for m in sys.modules if m in held])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=180)
    assert done.stdout.strip() == "[]", done.stderr
