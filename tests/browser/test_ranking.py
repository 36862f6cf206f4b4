"""What a visitor with a task does on the ranking: narrow it in a few clicks, sort it, open and compare models."""

import re
from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import expect

from components.listing import listing
from scoring.output.sheet import file_name
from scoring.scorecards import MODEL
from scoring.view import ModelView

pytestmark = pytest.mark.browser


def rows(tab):
    return tab.locator("tbody.rows a")


def page_of(view, bundled):
    found = listing(view, view.score(bundled), bundled)
    return [str(found.scores.ids[n]) for n in found.page(slice(25))]


def test_three_clicks_find_a_permissive_embedding_model_that_fits_8_gb_and_its_evidence_sheet(server, visitor, bundled):
    tab = visitor(server)
    expect(rows(tab)).to_have_count(25)
    what_for = tab.get_by_role("combobox", name=re.compile("What for"))
    what_for.click()
    what_for.press_sequentially("embed")
    what_for.press("Enter")
    expect(rows(tab)).to_have_text(page_of(ModelView(task_group=("embeddings",)), bundled))
    # By their words: while the menu is open, everything else is hidden from assistive technology.
    tab.locator(".st-key-license").get_by_text("permissive", exact=True).click()
    tab.locator(".st-key-memory").get_by_text("8 GB", exact=True).click()
    found = page_of(ModelView(task_group=("embeddings",), license=("permissive",), memory="8"), bundled)
    assert len(found) >= 10
    expect(rows(tab)).to_have_text(found)
    expect(tab.get_by_text("more do not say their size")).to_be_visible()
    expect(tab).to_have_url(re.compile(r"\?memory=8&task_group=embeddings&license=permissive$"))

    rows(tab).first.click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text(found[0].partition("/")[2])
    expect(tab).to_have_url(re.compile(r"/model\?model="))
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Evidence sheet").click()
    assert download.value.suggested_filename == file_name(found[0], bundled.taken)
    sheet = Path(download.value.path()).read_text()
    assert f"<h1>{escape(found[0])}</h1>" in sheet
    assert all(factor.label.lower() in sheet.lower() for factor in MODEL.factors)
    assert tab.problems == []


def test_a_heading_sorts_all_models_and_sorts_them_the_other_way_round(server, visitor, bundled):
    tab = visitor(f"{server}/?columns=params&columns=likes&task_group=embeddings")
    expect(tab.locator("th[aria-sort]")).to_have_text("Total ▼")
    for reverse, order in ((False, "descending"), (True, "ascending")):
        heading = tab.get_by_role("columnheader", name="Parameters")
        heading.get_by_role("button").click()
        expect(heading).to_have_attribute("aria-sort", order)
        view = ModelView(task_group=("embeddings",), sort="params", reverse=reverse)
        expect(rows(tab)).to_have_text(page_of(view, bundled))
    expect(tab).to_have_url(re.compile(r"sort=params&reverse=true"))
    assert tab.problems == []


def test_a_bar_opens_its_model_and_back_leads_to_the_ranking(server, visitor, bundled):
    tab = visitor(server)
    third = page_of(ModelView(), bundled)[2]
    tab.locator("section.weights .bars a").nth(2).click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text(third.partition("/")[2])
    tab.go_back()
    expect(rows(tab)).to_have_count(25)
    expect(tab).to_have_url(f"{server}/")
    assert tab.problems == []


def test_pinned_models_are_compared_with_one_click(server, visitor, bundled):
    tab = visitor(server)
    first, second, *_ = page_of(ModelView(), bundled)
    expect(tab.get_by_role("button", name="Compare pinned models")).to_be_disabled()
    for model in (first, second):
        tab.get_by_role("button", name=f"Pin {model}", exact=True).click()
        expect(tab.get_by_role("button", name=f"Unpin {model}", exact=True).first).to_be_visible()
    tab.get_by_role("button", name="Compare 2 pinned models").click()
    expect(tab.get_by_role("heading", name="By factor")).to_be_visible()
    expect(tab.get_by_role("link", name=re.compile("^Why: "))).to_have_text([f"Why: {first}", f"Why: {second}"])
    assert tab.problems == []
