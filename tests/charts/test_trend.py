"""A model over the snapshots: every day a point, nothing drawn for what was unknown."""

from charts.trend import Point, alt, trend

POINTS = [
    Point("2026-10-08", 61.25, 55.0, 70.0, {"Downloads": 1000.0, "Likes <b>": None}),
    Point("2026-11-08", None, None, None, {"Downloads": 2000.0, "Likes <b>": 7.0}),
]


def test_a_row_for_the_total_and_for_each_fact():
    figure = trend(POINTS, ["Downloads", "Likes <b>"])
    _, _, total, downloads, likes = figure.data
    assert list(total.x) == ["2026-10-08", "2026-11-08"]
    assert list(total.y) == [61.25, None]
    assert list(downloads.y) == [1000.0, 2000.0]
    assert list(likes.y) == [None, 7.0]
    assert not any(line.connectgaps for line in figure.data)
    assert "Likes &lt;b&gt;" in [a.text for a in figure.layout.annotations]


def test_without_facts_the_total_stands_alone():
    assert len(trend(POINTS, []).data) == 3


def test_in_words():
    said = alt(POINTS, ["Downloads"])
    assert said == (
        "Over the snapshots. Total: 2026-10-08 61.2, 2026-11-08 unknown; Downloads: 2026-10-08 1,000, 2026-11-08 2,000."
    )
