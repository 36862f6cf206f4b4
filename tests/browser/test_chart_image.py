"""What the button on a chart saves: the page's font and background, every label whole, and what it is of."""

import pytest

pytestmark = pytest.mark.browser
OUTSIDE = """() => {
  const all = document.documentElement.getBoundingClientRect()
  return [...document.querySelectorAll("text")].filter((text) => {
    const box = text.getBoundingClientRect()
    return box.width && (box.left < all.left - 1 || box.right > all.right + 1 || box.bottom > all.bottom + 1)
  }).map((text) => text.textContent)
}"""
FONT = "() => document.fonts.ready.then((fonts) => [...fonts].map((one) => [one.family, one.status]))"
SIZE = "() => ['width', 'height'].map((side) => document.documentElement[side].baseVal.value)"


def saved(tab, chart, **how):
    chart.scroll_into_view_if_needed()
    chart.hover()
    with tab.expect_download() as download:
        chart.get_by_label("Download plot").first.click(**how)
    return download.value


def test_an_image_has_the_font_the_labels_and_the_source(server, visitor, tmp_path):
    tab = visitor(f"{server}/organisations?only=Meta&only=BAAI", color_scheme="dark")
    charts = tab.locator(".js-plotly-plot")
    charts.nth(1).wait_for()
    for n in range(2):
        svg = saved(tab, charts.nth(n), modifiers=["Shift"])
        assert svg.suggested_filename == ("weighbridge-top.svg", "weighbridge-months.svg")[n]
        svg.save_as(tmp_path / f"{n}.svg")
        alone = tab.context.new_page()
        alone.goto((tmp_path / f"{n}.svg").as_uri())
        assert alone.evaluate(FONT) == [["Source Sans", "loaded"]]
        assert alone.evaluate(OUTSIDE) == []
        text = alone.locator("svg").first.text_content()
        assert "Influence · Weighbridge" in text
        assert "month of 7 September 2025" in text
        assert "BAAI" in text
        size = alone.evaluate(SIZE)
        alone.close()
        png = saved(tab, charts.nth(n))
        assert png.suggested_filename == ("weighbridge-top.png", "weighbridge-months.png")[n]
        header = png.path().read_bytes()[:24]
        assert header[:8] == b"\x89PNG\r\n\x1a\n"
        assert [int.from_bytes(header[at : at + 4]) for at in (16, 20)] == [int(2 * side) for side in size]
    assert tab.problems == []
