"""The bars of the ranking add up to the totals, show what a cap takes, and take no name for markup."""

import json

import numpy as np
import pytest

from charts.palette import CLEAR, INK, safe
from charts.ranking import field, field_in_words, in_words, ranking_bars
from scoring.engine import score
from scoring.scorecards import MODEL
from scoring.view import ModelView

CATEGORIES = [c.label for c in MODEL.categories]


@pytest.fixture(scope="module")
def scores(bundled):
    return ModelView().score(bundled)


def by_name(figure):
    return {trace["name"]: trace for trace in json.loads(figure.to_json())["data"] if "name" in trace}


def test_the_parts_of_a_bar_add_up_to_its_total_without_a_gap(scores):
    top = scores.order[:10]
    bars = by_name(ranking_bars(scores, top))
    assert np.sum([bars[c]["x"] for c in CATEGORIES], axis=0) == pytest.approx(scores.uncapped[top], abs=0.03)
    ends = np.zeros(10)
    for c in CATEGORIES:
        assert bars[c]["base"] == pytest.approx(ends, abs=0.03)
        ends += bars[c]["x"]
    assert "Held back" not in bars


def test_what_a_cap_takes_is_hollow_beyond_the_limit(bundled):
    facts = bundled.facts.head(50).copy()
    facts["hub_scan"] = "unsafe"
    held = score(MODEL, facts)
    top = held.order[:5]
    bars = by_name(ranking_bars(held, top))
    assert np.sum([bars[c]["x"] for c in CATEGORIES], axis=0) == pytest.approx(held.total[top], abs=0.03)
    assert bars["Held back"]["base"] == pytest.approx([30] * 5)
    assert bars["Held back"]["x"] == pytest.approx(held.uncapped[top] - 30, abs=0.01)
    assert bars["Held back"]["marker"]["color"] == CLEAR
    assert "pattern" not in bars["Held back"]["marker"]  # which would mean unknown


def test_the_interval_runs_from_low_to_high(scores):
    top = scores.order[:10]
    line = by_name(ranking_bars(scores, top))["Interval"]
    total = np.array(line["x"])
    assert total - line["error_x"]["arrayminus"] == pytest.approx(scores.low[top], abs=0.02)
    assert total + line["error_x"]["array"] == pytest.approx(scores.high[top], abs=0.02)


def test_names_are_no_markup_and_fit(scores):
    assert safe("<a href='x'>y</a> & <b>") == "&lt;a href='x'&gt;y&lt;/a&gt; &amp; &lt;b&gt;"
    assert len(safe("x" * 500, 44)) == 44
    said = json.loads(ranking_bars(scores, scores.order[:3], [int(scores.order[1])]).to_json())["data"]
    (names,) = [t["text"] for t in said if t.get("textposition") == "top right"]
    assert [n.split()[0] for n in names] == ["1", "2", "3"]
    assert "★" in names[1]
    assert "★" not in names[0]


def test_a_model_of_which_nothing_is_known_says_so(bundled):
    facts = bundled.facts.head(3).copy()
    for fact in facts.columns.drop("id"):
        facts[fact] = facts[fact].where([False] * 3)
    nobody = score(MODEL, facts)
    assert "unknown" in in_words(nobody, [0])
    assert "unknown" in ranking_bars(nobody, [0]).to_json()


def test_no_bar_is_no_error(scores):
    assert ranking_bars(scores, []).to_json()
    assert "0 models" in in_words(scores, [])


def test_ink_is_the_colour_that_streamlit_replaces_by_the_themes_text():
    from streamlit.elements.lib import streamlit_plotly_theme

    assert INK == streamlit_plotly_theme.GRAY_90


# Organisations


def test_bars_add_up_to_the_score(months):
    now = months[-1]
    rows = now.order[:12]
    bars = [t for t in ranking_bars(now, rows, intervals=False).data if t.type == "bar"]
    assert [b.name for b in bars] == [c.label for c in now.card.categories]
    assert np.sum([b.x for b in bars], axis=0) == pytest.approx(now.total[rows], abs=1e-4)
    assert [b.marker.color for b in bars] == [c.colour for c in now.card.categories]


def test_the_field_shows_everybody_once_in_every_lane(months):
    now = months[-1]
    row = now.position["Meta"]
    figure = field(now, row)
    for lane in range(4):
        dots = [
            x
            for t in figure.data
            if t.mode == "markers" and t.marker.symbol != "line-ns"
            for x in t.x
            if t.y[0] == lane
        ]
        assert sorted(dots) == pytest.approx(sorted(now.category_values[:, lane]), abs=1e-4)


def test_the_figures_of_organisations_in_words(months):
    now = months[-1]
    assert "BAAI 0.4551" in in_words(now, now.order[:3])
    assert "rank 1" in field_in_words(now, now.position["BAAI"])
