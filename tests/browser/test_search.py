"""The search for a model: names come from the server while one types, by keyboard alone, for one and for several."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_name_is_found_while_one_types_and_picked_by_keyboard(server, visitor, bundled):
    tab = visitor(f"{server}/model")
    box = tab.get_by_role("combobox", name="Model", exact=True)
    box.press_sequentially("whisper lar")
    found = bundled.search("whisper lar", 20)
    expect(tab.get_by_role("option")).to_have_text(found)
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    box.press("ArrowDown")
    expect(tab.get_by_role("option", selected=True)).to_have_text(found[1])
    assert box.get_attribute("aria-activedescendant") == tab.get_by_role("option", selected=True).get_attribute("id")
    box.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text(found[1].partition("/")[2])
    expect(tab).to_have_url(re.compile(r"/model\?model=" + found[1].replace("/", "%2F")))
    expect(box).to_have_value(found[1])
    box.fill("no model is called so")
    expect(tab.get_by_text("No name contains “no model is called so”.")).to_be_visible()
    box.press("Escape")
    expect(tab.get_by_role("listbox")).to_be_hidden()
    tab.go_back()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Model")
    assert tab.problems == []


def test_several_are_picked_and_taken_back(server, visitor, bundled):
    tab = visitor(f"{server}/compare")
    box = tab.get_by_role("combobox", name="Models to compare")
    picked = []
    for text in ("whisper-large-v3", "gpt-oss-20b"):
        picked.append(bundled.search(text, 1)[0])
        if len(picked) == 1:
            box.press_sequentially(text)
            tab.get_by_role("option", name=picked[-1], exact=True).click()
        else:  # faster than the matches come
            box.fill(text)
            box.press("Enter")
        expect(tab.get_by_role("button", name=f"Remove {picked[-1]}")).to_be_visible()
    expect(tab.get_by_role("heading", name="By factor")).to_be_visible()
    expect(tab).to_have_url(re.compile("compare=.*&compare="))
    tab.get_by_role("button", name=f"Remove {picked[0]}").click()
    expect(tab.get_by_role("heading", name="By factor")).to_have_count(0)
    expect(box).to_be_focused()
    box.press("Backspace")
    expect(tab.get_by_role("button", name=re.compile("^Remove"))).to_have_count(0)
    expect(tab).to_have_url(f"{server}/compare")
    assert tab.problems == []
