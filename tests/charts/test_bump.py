"""Ranks through the months: a line an organisation, a gap where it was not ranked, names at the ends."""

import json

import pytest

from charts import bump
from data.organisations.month import load, months
from data.organisations.rollup import rollup
from scoring.reasons.influence import of_100
from scoring.scorecards import influence

FIRST = ("BAAI", "Shanghai AI Lab", "Moonshot AI")


@pytest.fixture(scope="module")
def series():
    return {month: of_100(influence(rollup(load(month)).facts, as_of=month)) for month in months()[::4]}


def test_every_rank_is_that_of_its_month(series):
    lines = bump.ranks(series, FIRST)
    for n, scores in enumerate(series.values()):
        assert lines["BAAI"][n] == scores.rank[scores.position["BAAI"]]
    assert lines["Moonshot AI"][0] is None, "it was not ranked then"


def test_lines_are_named_at_their_ends_and_the_best_is_on_top(series):
    figure = bump.bump(series, FIRST)
    drawn = json.loads(figure.to_json())
    assert [t["name"] for t in drawn["data"]] == list(FIRST)
    assert len(drawn["layout"]["annotations"]) == sum(
        line[-1] is not None for line in bump.ranks(series, FIRST).values()
    )
    low, high = drawn["layout"]["yaxis"]["range"]
    assert low > high
    assert "BAAI 1" in bump.in_words(series, FIRST)


def test_no_more_lines_than_colours(series):
    scores = series[max(series)]
    names = [str(scores.ids[n]) for n in scores.order]
    assert len(bump.bump(series, names).data) == bump.LINES < len(names)


def test_names_that_end_at_one_rank_do_not_cover_each_other(series):
    last = max(series)
    tied = dict(series)
    tied[last] = of_100(
        influence(rollup(load(last)).facts, weights={"data": 0, "model": 0, "benchmark": 0}, as_of=last)
    )
    rank = tied[last].rank
    equal = [str(i) for i in tied[last].ids[rank == rank[tied[last].position["OpenBMB"]]]][:3]
    assert len(equal) > 1
    shifts = {note.yshift for note in bump.bump(tied, equal).layout.annotations}
    assert len(shifts) == len(equal)
