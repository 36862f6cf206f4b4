"""What a visitor does with the organisations: another month, another method, and the link handed on."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError, expect

from data.organisations.month import load
from data.organisations.rollup import rollup
from scoring.scorecards import influence

pytestmark = pytest.mark.browser
AS_WRITTEN = {"ShanghaiAILab": "Shanghai AI Lab"}


def first(month, method, count=3):
    now = influence(rollup(load(month), "published" if method == "published" else "documented").facts, method)
    return [str(now.ids[n]) for n in now.order[:count]]


def choose(tab, label, option):
    """Choose an option; a list that opens while the sidebar still moves closes again, so a visitor opens it again."""
    expect(tab.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    box = tab.get_by_test_id("stSidebar").get_by_role("combobox", name=re.compile(label))
    for patience in (2_000, 2_000, 2_000, 30_000):
        box.click()
        with suppress(TimeoutError):
            tab.get_by_role("option", name=option, exact=True).click(timeout=patience)
            return
    raise AssertionError(f"{option} cannot be chosen.")


def expect_first(tab, names):
    links = tab.get_by_role("link", name=re.compile("^Why: "))
    expect(links).to_have_text([f"Why: {AS_WRITTEN.get(name, name)}" for name in names], timeout=30_000)


def test_month_and_method_change_the_order_and_the_link_says_so(server, visitor):
    tab = visitor(server + "/organisations")
    expect_first(tab, first("2025-09-07", "documented"))
    choose(tab, "Month", "7 April 2025")
    expect_first(tab, first("2025-04-07", "documented"))
    choose(tab, "Method", "As published")
    wanted = first("2025-04-07", "published")
    assert wanted != first("2025-04-07", "documented")
    expect_first(tab, wanted)
    tab.get_by_role("button", name="Copy link").click()
    expect(tab.get_by_text("Copied", exact=True)).to_be_visible()
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("/organisations?month=2025-04-07&method=published")

    other = visitor(copied)
    expect_first(other, wanted)
    other.get_by_role("link", name=f"Why: {wanted[0]}").click()
    expect(other.get_by_role("heading", level=1)).to_have_text(wanted[0])
    expect(other).to_have_url(
        re.compile(rf"/organisation\?organisation={wanted[0]}&month=2025-04-07&method=published$")
    )


def test_a_groups_slider_moves_the_score_and_stays_when_it_is_put_away(server, visitor):
    tab = visitor(server + "/organisations?benchmark_group_leaderboards=4")
    tab.get_by_role("button", name="All 69 indicator weights").click()
    slider = tab.locator(".st-key-influence_model_likes input[type=range]").first
    slider.focus()
    slider.press("End")
    expect(tab).to_have_url(re.compile("model_likes=10"))
    tab.get_by_role("button", name="All 69 indicator weights").click()
    expect(slider).to_have_count(0)
    choose(tab, "Month", "7 April 2025")
    expect(tab).to_have_url(re.compile(r"month=2025-04-07.*model_likes=10"))
    assert tab.problems == []


@pytest.mark.parametrize("page", ["organisations", "organisation", "sources"])
def test_the_pages_fit_a_phone(server, visitor, page):
    tab = visitor(f"{server}/{page}")
    tab.set_viewport_size({"width": 420, "height": 900})
    expect(tab.get_by_text("Weighbridge 0").first).to_be_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 420
    assert tab.problems == []


def test_the_two_kinds_of_pages_keep_their_views_apart(server, visitor):
    tab = visitor(server + "/?preset=adoption")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Open models, weighed")
    tab.get_by_test_id("stTopNavSection").filter(has_text="Organisations").click()
    tab.get_by_role("menuitem", name="Influence").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Organisations, weighed")
    expect(tab.get_by_text("Ignored in the link")).to_have_count(0)
    choose(tab, "Method", "As published")
    expect(tab).to_have_url(re.compile("method=published"))
    tab.get_by_test_id("stTopNavSection").filter(has_text="Models").click()
    tab.get_by_role("menuitem", name="Ranking").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Open models, weighed")
    expect(tab).to_have_url(re.compile(r"/\?preset=adoption$"))
    expect(tab.get_by_text("Ignored in the link")).to_have_count(0)
