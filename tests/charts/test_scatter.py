"""The scatter has a point for every model whose axes are known, colours of one meaning, and the names of the pinned."""

import numpy as np
import pytest

from charts.palette import INK
from charts.scatter import ABOVE, BELOW, HEIGHT, LICENCES, LINE, UNKNOWN, ZERO, in_words, scatter
from scoring.axes import AXES
from scoring.scorecards import MODEL, ORGANISATION
from scoring.view import ModelView


@pytest.fixture(scope="module")
def scores(bundled):
    return ModelView().score(bundled)


def drawn(bundled, scores, x="params", y="total", colour="licence", pinned=(), rows=None):
    rows = scores.order.tolist() if rows is None else rows
    return scatter(scores, bundled.facts, rows, (AXES[x], AXES[y]), colour, pinned)


@pytest.mark.parametrize("colour", ["licence", "strongest"])
@pytest.mark.parametrize(("x", "y"), [("params", "total"), ("downloads", "likes"), ("license_type", "security")])
def test_every_model_whose_axes_are_known_is_a_point(bundled, scores, x, y, colour):
    figure = drawn(bundled, scores, x, y, colour)
    values = [AXES[axis].values(scores, bundled.facts) for axis in (x, y)]
    known = ~np.isnan(values[0]) & ~np.isnan(values[1])
    positions = [point[0] for trace in figure.data for point in trace.customdata]
    assert sorted(positions) == np.flatnonzero(known).tolist()
    for trace in figure.data:
        assert trace.type == "scattergl"
        assert list(trace.text) == [str(scores.ids[point[0]]) for point in trace.customdata]
        assert f"({len(trace.x):,})" in trace.name


def test_points_stand_where_their_values_are(bundled, scores):
    trace = drawn(bundled, scores, "downloads", "total").data[0]
    rows = [point[0] for point in trace.customdata]
    downloads = bundled.facts["downloads_30d"].to_numpy(float, na_value=np.nan)[rows]
    assert np.asarray(trace.x) == pytest.approx(np.maximum(downloads, ZERO))
    assert np.asarray(trace.y) == pytest.approx(scores.total[rows], abs=0.005)


def test_a_count_of_none_has_a_place_and_its_tick(bundled, scores):
    axis = drawn(bundled, scores, "downloads", "total").layout.xaxis
    assert axis.type == "log"
    assert (axis.tickvals[0], axis.ticktext[0]) == (ZERO, "0")
    assert "1M" in axis.ticktext


def test_points_of_a_step_are_spread_the_same_way_whatever_is_shown(bundled, scores):
    whole = drawn(bundled, scores, "license_type", "total")
    half = drawn(bundled, scores, "license_type", "total", rows=scores.order[::2].tolist())
    placed = [{p[0]: x for t in f.data for p, x in zip(t.customdata, t.x, strict=True)} for f in (whole, half)]
    assert placed[1].items() <= placed[0].items()
    assert len(set(placed[0].values())) > 1000


def test_a_licence_has_no_category_s_colour():
    categories = {c.colour for card in (MODEL, ORGANISATION) for c in card.categories}
    looks = set(LICENCES.values())
    assert categories.isdisjoint(colour for _, colour, _ in looks)
    assert len({colour for _, colour, _ in looks}) == len({symbol for *_, symbol in looks}) == len(looks)


def test_what_is_unknown_is_hollow_and_named(bundled, scores):
    last = drawn(bundled, scores, "downloads", "total").data[-1]
    assert last.name.startswith(UNKNOWN)
    assert last.marker.symbol == "circle-open"


def test_the_pinned_carry_their_names_and_none_touches_another(bundled, scores):
    known = bundled.facts["params"].notna().to_numpy()
    pinned = scores.order[known[scores.order]][:10].tolist()
    figure = drawn(bundled, scores, pinned=set(pinned))
    names = figure.layout.annotations
    assert len(names) == 10
    assert {a.font.color for a in names} == {INK}
    top, bottom = max(a.y for a in names), min(a.y for a in names)
    assert top - bottom < 10  # they stand close together
    low, high = figure.layout.yaxis.range
    heights = sorted((high - a.y) / (high - low) * (HEIGHT - ABOVE - BELOW) + a.ay for a in names)
    assert min(np.diff(heights)) > LINE - 0.5


def test_names_of_others_are_no_markup(bundled, scores):
    facts = bundled.facts.head(3)
    few = ModelView().place(bundled, facts.assign(id=["<b>a</b>/b", "c/d", "e/f"]))
    figure = scatter(few, facts, [0, 1, 2], (AXES["likes"], AXES["total"]), "licence", {0})
    assert "&lt;b&gt;" in figure.layout.annotations[0].text
    assert any("&lt;b&gt;" in text for trace in figure.data for text in trace.text)


def test_words_say_how_many_are_shown_and_how_many_lack_a_value(bundled, scores):
    rows = scores.order.tolist()
    words = in_words(scores, bundled.facts, rows, (AXES["params"], AXES["total"]))
    unknown = int(bundled.facts["params"].isna().sum())
    assert words.startswith(f"{len(rows) - unknown:,} of {len(rows):,} models as points: “Parameters” to the right")
    assert f"{unknown:,} are left out: “Parameters” is unknown of {unknown:,}." in words
    assert "drawn a little apart" in in_words(scores, bundled.facts, rows, (AXES["gated"], AXES["total"]))


def test_nothing_to_draw_is_an_empty_chart(bundled, scores):
    assert not drawn(bundled, scores, rows=[]).data
    assert in_words(scores, bundled.facts, [], (AXES["params"], AXES["params"])).startswith("0 of 0 models")
