"""Every way to count models, compared with the one that is set."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import kendalltau  # type: ignore[import-untyped]

from scoring.reasons.choices import CHOICES, board, left_out, words
from scoring.reasons.comparison import kendall_tau, reversed_in_words
from scoring.types import YardstickKind
from scoring.view import ModelView

KINDS: tuple[YardstickKind, ...] = ("goalposts", "population")


@pytest.fixture(scope="module")
def made(bundled):
    return board(ModelView(preset="adoption"), bundled, np.arange(len(bundled.facts)), KINDS)


def test_each_combination_is_what_its_view_scores(bundled, made):
    assert len(made.others) == 24
    for combination in (("all", "zero", "population", False), ("common", "skip", "goalposts", True)):
        scores = made.views(combination).score(bundled)
        np.testing.assert_array_equal(made.others[combination].total, scores.total)
        found, stay = made.against(combination)
        both = made.here.ranked & scores.ranked
        assert found.tau == pytest.approx(kendalltau(made.here.rank[both], scores.rank[both]).statistic)
        first, other = (set(s.ids[s.rank <= 10]) for s in (made.here, scores))
        assert stay == len(first & other)
    here, stay = made.against(("common", "neutral", "goalposts", True))
    assert (here.tau, stay, here.moved) == (pytest.approx(1), 10, ())
    assert made.furthest().tau == min(made.against(one)[0].tau for one in made.others)


def test_contenders_are_ranked_among_themselves_and_without_a_yardstick_there_are_half_as_many(bundled):
    rows = np.sort(ModelView().score(bundled).order[:50])
    few = board(ModelView(), bundled, rows, KINDS[:1])
    assert len(few.others) == 12
    assert few.here.rank.tolist() == few.here.rank_among(np.arange(50)).tolist()
    assert np.nanmax(few.here.rank) <= 50


def test_a_combination_under_which_nothing_weighs_is_left_out(bundled):
    only = dict.fromkeys(("popularity", "operational", "security"), 0.0)  # discussions are known of too few
    few = board(ModelView(count="all", weights=only), bundled, np.arange(20), KINDS)
    assert {combination[0] for combination in few.others} == {"all"}


def test_words_name_every_setting():
    assert words(("common", "zero", "population", True)) == (
        "only what is known of nearly all, unknown as nothing, least and most of these, findings hold at 30"
    )
    assert set(CHOICES) <= set(ModelView.keys())


def test_leaving_out_one_reorders_others_only_where_the_field_is_the_scale(bundled):
    facts = bundled.facts.iloc[:40].reset_index(drop=True)
    few = replace(bundled, facts=facts, _memo={})
    assert left_out(ModelView(), few, facts).startswith("Between fixed goalposts")
    view, reordered = ModelView(yardstick="population", weights={"popularity": 90.0}), {}
    before = view.score(few)
    for n, name in enumerate(facts["id"]):
        stay = np.delete(np.arange(len(facts)), n)
        after = view.score(replace(few, facts=facts.drop(n).reset_index(drop=True), _memo={}))
        reordered[name] = int((before.rank_among(stay)[stay] != after.rank)[~np.isnan(after.rank)].sum())
    assert any(reordered.values())
    assert left_out(view, few, facts) == reversed_in_words(reordered)


def test_many_are_compared_as_few_are():
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 50, 400).astype(float), rng.integers(0, 50, 400).astype(float)
    few = kendall_tau(a[:150], b[:150])
    assert few == pytest.approx(kendalltau(a[:150], b[:150]).statistic)
    assert kendall_tau(a, b) == pytest.approx(kendalltau(a, b).statistic)
