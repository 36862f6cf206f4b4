"""A model over the snapshots: every day a point, nothing drawn for what was unknown."""

from datetime import date, timedelta

from charts.trend import Strip, alt, months_in_words, through_months, trend

DAYS = ["2026-10-08", "2026-11-08"]
TOTAL = Strip("Total", [61.2, None], ["61.2, between 55 and 70", "unknown"], "#123456", True, [55, None], [70, None])
LIKES = Strip("Likes <b>", [None, 7], ["unknown", "7 likes"])
NEVER = Strip("Papers", [None, None], ["unknown", "unknown"])


def test_a_strip_for_each_score_and_fact():
    figure = trend(DAYS, [TOTAL, LIKES, NEVER])
    total, likes, never = figure.data
    assert [list(line.x) for line in figure.data] == [DAYS] * 3
    assert (list(total.y), list(likes.y), list(never.y)) == ([61.2, None], [None, 7], [None, None])
    assert not any(line.connectgaps for line in figure.data)
    assert [a.text for a in figure.layout.annotations] == ["Total", "Likes &lt;b&gt;", "Papers"]
    assert total.line.color == "#123456"


def test_a_score_stands_on_its_whole_scale_and_a_fact_between_its_ends():
    figure = trend(DAYS, [TOTAL, Strip("Likes", [1_200, 900], ["", ""])])
    assert list(figure.layout.yaxis.tickvals) == [0, 50, 100]
    assert list(figure.layout.yaxis2.ticktext) == ["900", "1,200"]
    low, high = figure.layout.yaxis2.range
    assert low < 900
    assert high > 1_200


def test_the_interval_is_what_the_unknown_could_make_of_a_score():
    (line,) = trend(DAYS, [TOTAL]).data
    assert [round(v, 9) for v in line.error_y.array] == [8.8, 0]
    assert [round(v, 9) for v in line.error_y.arrayminus] == [6.2, 0]


def test_pointing_at_a_day_tells_it_in_words():
    assert list(trend(DAYS, [LIKES]).data[0].customdata) == ["8 Oct 2026: unknown", "8 Nov 2026: 7 likes"]


def test_days_that_are_written_do_not_touch():
    for many in (2, 3, 12, 40):
        days = [(date(2026, 10, 8) + timedelta(days=n)).isoformat() for n in range(many)]
        told = list(trend(days, [Strip("x", [1.0] * many, [""] * many)]).layout.xaxis.tickvals)
        assert (told[0], told[-1]) == (days[0], days[-1])
        assert 2 <= len(told) <= 5
    uneven = ["2026-10-08", "2026-11-08", "2026-11-09"]
    axis = trend(uneven, [Strip("x", [1.0, 2.0, 3.0], ["", "", ""])]).layout.xaxis
    assert list(axis.ticktext) == ["8 Oct 2026", "9 Nov 2026"]
    first, last = axis.range
    assert first < uneven[0]
    assert last > uneven[-1]


def test_in_words():
    assert alt(DAYS, [TOTAL, LIKES]) == (
        "Over the snapshots. Total: 8 October 2026 61.2, between 55 and 70, 8 November 2026 unknown; "
        "Likes <b>: 8 October 2026 unknown, 8 November 2026 7 likes."
    )


def test_the_months_break_where_somebody_was_not_ranked(months):
    figure = through_months("Moonshot", {"own": months, "one": months})
    scores = figure.data[0].y
    assert [s is None for s in scores] == [True] * 9 + [False]
    assert figure.layout.yaxis2.range[0] > figure.layout.yaxis2.range[1], "the first rank is on top"


def test_the_months_in_words(months):
    assert "not ranked" in months_in_words("Moonshot", {"own": months})
