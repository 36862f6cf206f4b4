"""A long computation shows how far it is, ends when its visitor cancels it, and holds up no other visitor."""

import time

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
ANSWERS = 15  # seconds in which the page of another visitor answers, however busy this machine is


def test_bands_are_cancelled_by_their_visitor_and_hold_up_no_other(server, visitor):
    other = visitor(f"{server}/method")
    factors = other.locator("[data-testid=stExpander]")
    expect(factors).to_have_count(26)
    tab = visitor(server)
    tab.get_by_text("How firm is this order?").click()
    tab.get_by_role("radio", name="all factors").click()
    tab.get_by_role("button", name="Cancel").click()
    expect(tab.get_by_text("Cancelled.", exact=True)).to_be_visible()
    expect(tab.get_by_role("progressbar")).to_have_count(0)

    tab.get_by_role("button", name="Draw again").click()
    expect(tab.get_by_text("of the draws")).to_be_visible()
    started = time.monotonic()
    other.get_by_placeholder("licence, pickle, card …").fill("pickle")
    other.keyboard.press("Enter")
    expect(factors).to_have_count(2)
    assert time.monotonic() - started < ANSWERS
    expect(tab.get_by_text("of 4,000 draws")).to_be_visible()
    assert tab.problems == other.problems == []
