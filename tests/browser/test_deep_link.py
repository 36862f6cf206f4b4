"""What a visitor does with a link: open it cold, move a slider, open a model, hand the link on."""

import re

import pytest
from playwright.sync_api import expect

from components.listing import listing
from scoring.view import ModelView

pytestmark = pytest.mark.browser

LINK = "/?preset=adoption&task=text-generation&security=40&nonsense=1"
VIEW = ModelView(preset="adoption", task=("text-generation",), weights={"security": 40.0})


def engine_order(view, bundled):
    found = listing(view, view.score(bundled), bundled)
    return [str(found.scores.ids[i]) for i in found.top(25)]


def slider(tab, label):
    """The slider of a weight, in the component of the ranking or in the panel of another page."""
    return tab.get_by_role("slider", name=re.compile(f"^{label}")).first


def expect_first(tab, ids):
    expect(tab.locator("tbody.rows a")).to_have_text(ids)


def expect_query(tab, **wanted):
    said = "JSON.stringify([...new URLSearchParams(location.search)].sort())"
    tab.wait_for_function(
        f"wanted => {said} === JSON.stringify(wanted.sort())", arg=[[k, v] for k, v in wanted.items()]
    )


def test_a_deep_link_opens_cold_moves_by_keyboard_and_is_handed_on(server, visitor, bundled):
    tab = visitor(server + LINK)
    expect_first(tab, engine_order(VIEW, bundled))
    expect(tab.get_by_role("alert")).to_contain_text("“nonsense” is not a setting")
    expect_query(tab, preset="adoption", task="text-generation", security="40")

    popularity = slider(tab, "Popularity")
    expect(popularity).to_have_value("60")
    popularity.focus()
    popularity.press("Home")
    moved = ModelView(preset=VIEW.preset, task=VIEW.task, weights={"security": 40.0, "popularity": 0.0})
    expected = engine_order(moved, bundled)
    assert expected != engine_order(VIEW, bundled)
    expect_first(tab, expected)
    query = {"preset": "adoption", "task": "text-generation", "security": "40", "popularity": "0"}
    expect_query(tab, **query)

    first = tab.locator("tbody.rows a").first
    first.focus()
    first.press("Enter")
    expect(tab).to_have_url(re.compile(r"/model\?model="))
    expect(tab.get_by_role("heading", level=1)).to_contain_text(expected[0].partition("/")[2])
    expect_query(tab, model=expected[0], **query)
    expect(slider(tab, "Security")).to_have_value("40")

    tab.get_by_role("button", name="Copy link").click()
    expect(tab.get_by_text("Copied", exact=True)).to_be_visible()
    copied = tab.evaluate("navigator.clipboard.readText()")
    total = tab.get_by_test_id("stMetricValue").first.inner_text()

    tab.go_back()
    expect(tab).to_have_url(re.compile(r"/\?"))
    expect_first(tab, expected)
    assert tab.problems == []

    other = visitor(copied)
    expect(other.get_by_role("heading", level=1)).to_contain_text(expected[0].partition("/")[2])
    expect(other.get_by_test_id("stMetricValue").first).to_have_text(total)
    expect(slider(other, "Popularity")).to_have_value("0")
    other.get_by_test_id("stTopNavSection").filter(has_text="Models").click()
    other.get_by_role("menuitem", name="Ranking").click()
    expect_first(other, expected)
    expect_query(other, **query)
    assert other.problems == []


def test_a_link_to_a_model_opens_it_first_thing(server, visitor):
    tab = visitor(f"{server}/model?model=openai%2Fwhisper-large-v3&unknown=zero")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("whisper-large-v3")
    expect(tab.get_by_role("link", name="Compare").first).to_be_visible()
    assert tab.problems == []


def test_a_pin_stays_on_top_and_in_the_link(server, visitor, bundled):
    tab = visitor(server)
    third = engine_order(ModelView(), bundled)[2]
    tab.get_by_role("button", name=f"Pin {third}", exact=True).click()
    expect(tab.locator("tbody.pinned a")).to_have_text(third)
    expect_query(tab, pin=third)
    tab.get_by_role("button", name=f"Unpin {third}", exact=True).first.click()
    expect(tab.locator("tbody.pinned a")).to_have_count(0)
    expect_query(tab)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ranking_fits_a_phone(server, visitor, scheme):
    tab = visitor(server, color_scheme=scheme)
    tab.set_viewport_size({"width": 420, "height": 900})
    expect(tab.locator("tbody.rows a").first).to_be_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 420
    table = tab.locator("tbody.rows tr").first.bounding_box()
    assert table["x"] >= 0
    assert table["x"] + table["width"] <= 420
    assert tab.problems == []
