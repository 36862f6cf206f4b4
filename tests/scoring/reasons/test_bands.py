"""How firm an order is: shares, bands and tiers against closed forms, and every sentence that the numbers allow."""

from dataclasses import replace

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from data.organisations.month import load
from data.organisations.rollup import rollup
from scoring import engine
from scoring.methods import METHODS
from scoring.reasons.bands import Bands, bands, percent
from scoring.scorecards import influence
from scoring.types import Cap, Category, Factor, Scorecard


def asked(name, weight=1.0, *, factors=1):
    ids = [name, *(f"{name}{n}" for n in range(1, factors))]
    each = tuple(
        Factor(id=f"{i}_factor", label=i, question="How much?", why="So.", reads=(i,), measure=nw.col(i)) for i in ids
    )
    return Category(id=name, label=name.upper(), factors=each, weight=weight)


def scored(columns, *, weights=(1.0, 1.0), factors=1, caps=(), **how):
    """Score subjects a, b, c, ... of two categories, x and y, whose factors run from 0 to 1."""
    card = Scorecard(
        id="test",
        title="Test",
        version="1",
        subject="subject",
        categories=(asked("x", weights[0], factors=factors), asked("y", weights[1], factors=factors)),
        caps=caps,
    )
    table = pd.DataFrame({"id": list("abcdefghijklmnop")[: len(columns["x"])], **columns}).astype({"id": "string"})
    return engine.score(card, table, **({"minimum_coverage": 0.0} | how))


# A total is w x + (1 - w) y. Of evenly drawn w, a is first above .6, b below .4, c between, d never.
CORNERS = scored({"x": [1.0, 0.0, 0.6, 0.5], "y": [0.0, 1.0, 0.6, 0.5]})


def test_shares_and_average_weights_of_the_corners_of_a_square():
    found = bands(CORNERS, noise="any", draws=20_000)
    np.testing.assert_allclose(found.first, [0.4, 0.4, 0.2, 0.0], atol=0.01)
    np.testing.assert_allclose(found.when_first[:3], [[0.8, 0.2], [0.2, 0.8], [0.5, 0.5]], atol=0.01)
    assert np.isnan(found.when_first[3]).all()
    np.testing.assert_allclose(found.usual, [0.5, 0.5])
    assert found.ten.tolist() == [1, 1, 1, 1]


def test_bands_of_the_corners():
    # w above .6: a c d b; above .5: c a d b; above .4: c b d a; else b c d a.
    found = bands(CORNERS, noise="any", draws=20_000)
    assert found.low.tolist() == [1, 1, 1, 3]
    assert found.high.tolist() == [4, 4, 2, 3]


def test_around_the_present_weights_their_mean_is_kept_and_what_weighs_nothing_stays_so():
    found = bands(scored({"x": [1.0, 0.5], "y": [1.0, 0.5]}, weights=(3.0, 1.0)), draws=20_000)
    np.testing.assert_allclose(found.when_first[0], [0.75, 0.25], atol=0.005)
    alone = bands(scored({"x": [0.9, 0.5], "y": [0.0, 1.0]}, weights=(1.0, 0.0)), noise="any")
    assert (alone.first.tolist(), alone.when_first[0].tolist()) == ([1.0, 0.0], [1.0, 0.0])


def test_what_is_unknown_is_drawn_between_its_ends():
    # b's second factor of x is unknown: x lies evenly between .4 and .9, against a's .8; y is the same.
    columns = {"x": [0.8, 0.8], "x1": [0.8, None], "y": [0.5, 0.5], "y1": [0.5, 0.5]}
    scores = scored(columns, factors=2)
    found = bands(scores, draws=20_000)
    np.testing.assert_allclose(found.first, [0.8, 0.2], atol=0.01)
    assert bands(scores, unknown=False).first.tolist() == [1, 0]


def test_a_category_of_which_nothing_is_known_may_turn_out_either_way():
    scores = scored({"x": [0.5, 0.5], "y": [0.5, None]})
    np.testing.assert_allclose(bands(scores, draws=20_000).first, [0.5, 0.5], atol=0.01)
    known = bands(scores, unknown=False)
    assert known.first.tolist() == [1, 1]  # it leaves the total, so both have the same


def test_a_cap_holds_under_all_weights():
    cap = Cap(id="x_factor", label="x is full", limit=30, reads=("x",), when=nw.col("x") == 1)
    found = bands(scored({"x": [1.0, 0.4], "y": [1.0, 0.4]}, caps=(cap,)), noise="any")
    assert found.first.tolist() == [0, 1]


def test_who_shares_a_place_shares_it_in_every_draw():
    found = bands(scored({"x": [0.7, 0.7, 0.1], "y": [0.2, 0.2, 0.1]}))
    assert found.first.tolist() == [1, 1, 0]
    assert found.low.tolist() == found.high.tolist() == [1, 1, 3]


def test_only_those_who_are_asked_for_and_ranked_have_a_place():
    scores = replace(CORNERS, ranked=np.array([True, True, False, True]))
    found = bands(scores, np.array([True, False, True, True]), noise="any")
    assert np.isnan(found.rank).tolist() == [False, True, True, False]
    assert found.order.tolist() == [0, 3]


def fields(n, rng):
    return {"x": rng.random(n), "y": rng.random(n)}


def many(n, seed=1):
    rng = np.random.default_rng(seed)
    card = Scorecard(id="t", title="T", version="1", subject="s", categories=(asked("x"), asked("y", 2.0)))
    table = pd.DataFrame({"id": [f"s{i:04}" for i in range(n)], **fields(n, rng)}).astype({"id": "string"})
    return engine.score(card, table, minimum_coverage=0.0)


def test_who_can_never_be_among_the_first_is_left_out_without_a_difference():
    scores = many(400)
    with_bands, without = (bands(scores, noise="any", draws=500, banded=banded) for banded in (400, 0))
    np.testing.assert_array_equal(with_bands.first, without.first)
    np.testing.assert_array_equal(with_bands.ten, without.ten)
    assert np.isnan(without.low).all()
    assert not without.tiers


def test_ranks_agree_with_a_plain_enumeration_of_the_same_weights():
    scores = many(60, seed=2)
    found = bands(scores, noise="any", draws=300, unknown=False)
    weights = np.random.default_rng(0).dirichlet(np.ones(2), 300)
    ranks = pd.DataFrame(weights @ scores.blended.value.T).rank(axis=1, ascending=False, method="min")
    np.testing.assert_array_equal(found.low, ranks.quantile(0.05, interpolation="lower"))
    np.testing.assert_allclose(found.ten, (ranks <= 10).mean())
    np.testing.assert_allclose(found.first, (ranks == 1).mean())


def test_the_same_seed_gives_the_same_and_another_nearly_so():
    first, again, other = (bands(CORNERS, noise="any", seed=seed).first for seed in (3, 3, 4))
    assert first.tolist() == again.tolist() != other.tolist()


def test_progress_rises_to_one_and_may_end_the_work():
    done: list[float] = []
    bands(many(100), draws=5000, progress=done.append)
    assert done == sorted(done)
    assert (len(done) > 1, done[-1]) == (True, 1.0)

    class Cancelled(Exception):
        pass

    def cancel(share):
        raise Cancelled

    with pytest.raises(Cancelled):
        bands(CORNERS, progress=cancel)


def test_a_tier_ends_where_its_first_is_firmly_ahead_of_all_who_follow():
    # a and c change places with the weights, b lies firmly below a but between them; d is below all.
    found = bands(scored({"x": [0.9, 0.88, 0.3, 0.2], "y": [0.3, 0.28, 0.86, 0.1]}))
    assert [[str(found.scores.ids[row]) for row in tier] for tier in found.tiers] == [["a", "b", "c"], ["d"]]


def test_first_place_shares_of_a_published_month():
    """The month of 7 September 2025 with x / max per indicator, means, and weights drawn evenly over the dimensions."""
    method = replace(METHODS["published"], across="mean", ties="shared", weights={})
    found = bands(influence(rollup(load("2025-09-07"), "published").facts, method), noise="any", draws=20_000)
    shares = {str(found.scores.ids[row]): found.first[row] for row in found.winners}
    expected = {"BAAI": 0.43, "ShanghaiAILab": 0.29, "Meta": 0.20, "Google": 0.07}
    assert {name: shares[name] for name in expected} == pytest.approx(expected, abs=0.02)


# Read by a person before it was committed: each is a case that the numbers allow.
SENTENCES = {
    "one subject": (
        {"x": [0.5], "y": [0.5]},
        "a is first in 100 % of 4,000 draws.",
        "a ranks 1; in nine of ten draws it is at 1. It is first in all of them.",
    ),
    "dominated": (
        {"x": [0.9, 0.5], "y": [0.9, 0.5]},
        "a is first in 100 % of 4,000 draws. The first place is firm: a is ahead of each of the others in at least "
        "95 % of them.",
        "b ranks 2; in nine of ten draws it is at 2. It is never first.",
    ),
    "even": (
        {"x": [0.9, 0.1], "y": [0.1, 0.9]},
        "a is first in 51 % of 4,000 draws, b in 49 %. The first 2 are one tier: a is not firmly ahead of b "
        "(in 95 % of the draws).",
        "b ranks 1; in nine of ten draws it is between 1 and 2. It is first in 49 % of them, "
        "for people who give Y about 56 %.",
    ),
    "tied": (
        {"x": [0.9, 0.9, 0.1], "y": [0.9, 0.9, 0.1]},
        "a is first in 100 % of 4,000 draws, b in 100 %. The first 2 are one tier: a is not firmly ahead of b "
        "(in 95 % of the draws).",
        "c ranks 3; in nine of ten draws it is at 3. It is never first.",
    ),
    "nothing known": (
        {"x": [0.9, None], "y": [0.9, None]},
        "a is first in 100 % of 4,000 draws.",
        "b is not ranked.",
    ),
    "nobody ranked": (
        {"x": [None], "y": [None]},
        "Nobody is ranked, so there is no order to test.",
        "a is not ranked.",
    ),
}


@pytest.mark.parametrize(("columns", "summary", "last"), SENTENCES.values(), ids=list(SENTENCES))
def test_every_case_is_worded(columns, summary, last):
    found = bands(scored({name: np.array(values, dtype=float) for name, values in columns.items()}))
    assert found.summary() == summary
    assert found.sentence(len(found.scores) - 1) == last


def test_more_winners_than_a_sentence_names():
    angles = np.linspace(0.1, 1.47, 6)
    found = bands(scored({"x": np.cos(angles), "y": np.sin(angles)}), noise="any")
    assert (
        "; 2 more are first now and then. The first 6 are one tier: d is not firmly ahead of all of them"
        in found.summary()
    )


def test_a_share_that_is_neither_nothing_nor_all_never_rounds_to_it():
    shares = {0.0: "0 %", 0.001: "less than 1 %", 0.2: "20 %", 0.999: "more than 99 %", 1.0: "100 %"}
    assert {share: percent(share) for share in shares} == shares


def test_bands_of_more_than_are_counted_are_unknown():
    found = bands(many(30), banded=20)
    assert isinstance(found, Bands)
    last = int(found.order[-1])
    assert (found.band(last), found.for_whom(last)) == ("unknown", "")
    assert found.sentence(last) == f"{found.scores.ids[last]} ranks 30. It is never first."
