"""The Method page says what the declarations say, opens what a link names, and finds what is asked for."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from scoring.output import docs
from scoring.scorecards import MODEL, PRESET_LABELS
from scoring.view import ModelView

PAGE = str(Path(__file__).resolve().parents[3] / "pages" / "about" / "method.py")


def opened(**query):
    app = AppTest.from_file(PAGE, default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def written(app):
    """All Markdown of the page, without the escapes that keep texts plain."""
    said = "\n".join(m.value for m in (*app.markdown, *app.caption, *app.subheader, *app.header))
    return said.replace("\\", "").replace("\u2060", "")


def test_the_page_tells_the_method():
    app = opened()
    text = written(app)
    parts = (*docs.how(MODEL), *docs.caps(MODEL), *docs.STATES.values(), *docs.NAME_CHECK, *docs.NOT_THIS)
    for said in (*parts, *(words for _, words in docs.POLICIES.values())):
        assert said in text
    presets = app.dataframe[0].value
    assert [p.removesuffix(" (default)") for p in presets["preset"]] == list(PRESET_LABELS.values())
    total = app.dataframe[-1].value
    assert list(total["points"]) == [row["points"] for row in docs.worked_total(MODEL)]


def test_the_page_calls_the_policies_as_the_panel_does():
    assert {policy: label for policy, (label, _) in docs.POLICIES.items()} == ModelView.keys()["unknown"].words


def test_every_factor_has_its_expander():
    labels = [e.label for e in opened().expander]
    assert len(labels) == len(MODEL.factors)
    for f, label in zip(MODEL.factors, labels, strict=True):
        assert f"**{f.label}**" in label.replace("\\", "")
        assert f"{MODEL.shares()[f.id]:.1%}" in label.replace("\\", "")


@pytest.mark.parametrize("f", MODEL.factors, ids=lambda f: f.id)
def test_a_link_opens_one_factor_with_its_curve_and_words(f):
    app = opened(factor=f.id)
    assert len(app.get("plotly_chart")) == 1
    text = written(app)
    drawn = () if f.levels or f.curve == "yes_no" else (docs.scale_words(f),)
    for said in (f.question, f.why, f.remedy, f.seed, *drawn, *f.reads):
        assert said in text


@pytest.mark.parametrize(
    ("asked", "ids"),
    [("pickle", {"safetensors", "unsafe_files"}), ("typosquatting", {"typosquatting"}), ("readme zzz", set())],
)
def test_the_search_finds_factors_and_says_when_it_does_not(asked, ids):
    app = opened(find=asked)
    assert app.text_input[0].value == asked
    assert len(app.expander) == len(ids)
    assert bool(app.info) is not bool(ids)


@pytest.mark.parametrize("odd", ["no_such_factor", "<script>", "😀" * 500])
def test_a_broken_link_is_no_error(odd):
    assert len(opened(factor=odd).expander) == len(MODEL.factors)
