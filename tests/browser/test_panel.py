"""The panel: in sight on a screen, behind a button with words on a phone, and its weights in a file."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def bottom(one) -> float:
    box = one.bounding_box()
    return box["y"] + box["height"]


def test_title_weights_and_filters_are_on_one_screen(server, visitor):
    tab = visitor(f"{server}/")
    tab.set_viewport_size({"width": 1400, "height": 900})
    more = tab.get_by_test_id("stSidebar").locator(".st-key-more summary")
    expect(more).to_contain_text("More filters")
    # A cold server still has something to say above the title; it goes when the page is whole.
    tab.wait_for_function("document.querySelector('h1').getBoundingClientRect().top < 90")
    assert bottom(tab.get_by_role("slider", name="Security")) < 900
    assert bottom(tab.locator("section.weights .bars")) < 900
    assert bottom(more) < 900
    expect(tab.get_by_role("button", name="Filters", exact=True)).to_be_hidden()


def test_on_a_phone_a_button_with_words_opens_the_panel_by_keyboard(server, visitor):
    tab = visitor(f"{server}/")
    tab.set_viewport_size({"width": 420, "height": 900})
    tab.reload()
    tab.get_by_role("button", name="Filters", exact=True).press("Enter")
    search = tab.get_by_label("Search", exact=True)
    expect(search).to_be_focused()
    expect(search).to_be_in_viewport()


def test_weights_are_saved_to_a_file_and_loaded_from_it(server, visitor, tmp_path):
    tab = visitor(f"{server}/?security=55&preset=adoption")
    tab.get_by_role("button", name="File").click()
    tab.get_by_label("Name of these weights").fill("Bank: careful")
    tab.get_by_label("Name of these weights").press("Enter")
    names: list[str] = []
    while "bank-careful.json" not in names:  # before the server has the name the file has none
        assert names.count("my-weights.json") == len(names) < 20
        with tab.expect_download() as download:
            tab.get_by_role("button", name="Save to a file").click()
        names.append(download.value.suggested_filename)
    kept = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert kept["name"] == "Bank: careful"
    assert kept["weights"] == {"security": 55}

    other = visitor(f"{server}/")
    other.get_by_role("button", name="File").click()
    chosen = other.locator("input[type=file]")
    large = tmp_path / "large.json"
    large.write_text(" " * 200_000)
    chosen.set_input_files(large)
    expect(other.get_by_text("This file has 200 kB; at most 100 kB are read.")).to_be_visible()
    chosen.set_input_files(
        {"name": "x.json", "mimeType": "", "buffer": json.dumps(kept | {"weights": {"x": 1}}).encode()}
    )
    expect(other.get_by_text("Your weights are as they were.")).to_be_visible()
    chosen.set_input_files(download.value.path())
    expect(other).to_have_url(f"{server}/?preset=adoption&security=55")
    expect(other.get_by_text("“Bank: careful”", exact=True).first).to_be_visible()
    assert other.problems == tab.problems == []


def test_a_point_of_the_scatter_opens_its_model(server, visitor):
    tab = visitor(f"{server}/?search=whisper-large-v3")
    tab.get_by_role("radio", name="Scatter").click()
    expect(tab.get_by_role("combobox", name="To the right")).to_be_visible()
    expect(tab.get_by_test_id("stPlotlyChart").get_by_text("permissive")).to_be_visible()
    x, y, model = tab.evaluate(
        """() => {
          const plot = document.querySelector(".js-plotly-plot"), at = plot.getBoundingClientRect()
          const { xaxis, yaxis } = plot._fullLayout, { x, y, text } = plot._fullData[0]
          return [at.x + xaxis._offset + xaxis.d2p(x[0]), at.y + yaxis._offset + yaxis.d2p(y[0]), text[0]]
        }"""
    )
    tab.mouse.move(x - 3, y)
    tab.mouse.move(x, y)
    expect(tab.get_by_test_id("stPlotlyChart").get_by_text(model).first).to_be_visible()
    tab.mouse.click(x, y)
    expect(tab.get_by_role("heading", level=1)).to_have_text(model.partition("/")[2])
    assert tab.problems == []
