"""axe-core on every page: nothing serious for who reads with the ears or works with keys alone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from components.pages import PAGES, ROOT

pytestmark = pytest.mark.browser

SERIOUS = {"serious", "critical"}
GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(14, 21, 25)"}


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_serious(server, visitor, page):
    tab = visitor(f"{server}/{'' if page == ROOT else page}")
    expect(tab.get_by_text(re.compile("Weighbridge 0")).first).to_be_visible()
    expect(tab.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(tab.get_by_test_id("stSkeleton")).to_have_count(0)
    if page == ROOT:
        expect(tab.get_by_role("region", name="Weights")).to_be_visible()
    for scheme, ground in GROUNDS.items():
        tab.emulate_media(color_scheme=scheme)
        expect(tab.get_by_test_id("stApp")).to_have_css("background-color", ground)
        found = Axe().run(tab).response["violations"]
        serious = {
            one["id"]: [(node["target"], node["html"][:300], node["failureSummary"][:300]) for node in one["nodes"][:3]]
            for one in found
            if one["impact"] in SERIOUS
        }
        assert serious == {}, scheme
