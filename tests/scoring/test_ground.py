"""Equal knowledge: what only uncounted factors read decides nothing, and is shown with what it would add."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.beside import beside
from scoring.engine import fit, measure, scale, score
from scoring.ground import answered, common_ground, counted, evidence, ranked_on, rests_on
from scoring.scorecards import MODEL, PRESETS
from scoring.types import UNKNOWN_POLICIES
from scoring.view import ModelView
from tests.records import arrow, facts

IDS = [f.id for f in MODEL.factors]
SETTLED = ("total", "low", "high", "uncapped")
grounds = st.sets(st.sampled_from(IDS), min_size=1).filter(lambda g: any(MODEL.factor(i).weight for i in g))


def private(ground):
    """Return the facts that only factors outside the ground read, and no cap."""
    counting = {fact for i in ground for fact in MODEL.factor(i).reads} | {r for cap in MODEL.caps for r in cap.reads}
    return sorted(set(MODEL.reads) - counting)


def same(one, other):
    for name in SETTLED:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    np.testing.assert_array_equal(one.rank, other.rank)


@given(
    st.lists(facts(), min_size=2, max_size=8), st.lists(facts(), min_size=8, max_size=8), grounds,
    st.sampled_from(sorted(PRESETS)), st.sampled_from(UNKNOWN_POLICIES), st.data(),
)  # fmt: skip
@settings(max_examples=30)
def test_hiding_or_revealing_what_does_not_count_changes_nothing(rows, others, ground, preset, unknown, data):
    card = counted(MODEL.with_weights(PRESETS[preset]), ground)
    least, hidden = counted(MODEL, ground), private(ground)
    moved = [
        row | {fact: data.draw(st.sampled_from([None, row[fact], other[fact]])) for fact in hidden}
        for row, other in zip(rows, others, strict=False)
    ]
    same(*(score(card, arrow(table), unknown=unknown, coverage_card=least) for table in (rows, moved)))


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_hiding_what_does_not_count_moves_nobody_of_the_bundle(bundled, preset):
    hidden = private(bundled.common_ground)
    assert len(hidden) > 5
    less = bundled.facts.copy()
    rng = np.random.default_rng(7)
    for fact in hidden:
        less.loc[rng.random(len(less)) < 0.5, fact] = None
    view = ModelView(preset=preset)
    same(view.place(bundled, bundled.facts), view.place(bundled, less))
    everything = ModelView(preset=preset, count="all")
    assert (everything.place(bundled, bundled.facts).total != everything.place(bundled, less).total).any()


def test_of_a_thousand_models_of_whom_all_is_known_reading_less_of_half_moves_nobody(bundled):
    hidden = private(bundled.common_ground)
    full = bundled.facts.sample(1000, random_state=3).reset_index(drop=True)
    rng = np.random.default_rng(5)
    for fact in MODEL.reads:  # fill each gap with what another model has
        there = bundled.facts[fact].dropna().to_numpy()
        gaps = full[fact].isna()
        if len(there):
            full.loc[gaps, fact] = rng.choice(there, int(gaps.sum()))
    half = full.copy()
    for fact in hidden:
        half.loc[half.index[rng.random(len(half)) < 0.5], fact] = None
    same(ModelView().place(bundled, full), ModelView().place(bundled, half))


def test_the_common_ground_is_what_four_of_five_models_have_or_need_not_have():
    rows = [{"likes": 1, "lineage": "original"} for _ in range(4)] + [{"likes": 1}]
    table = arrow([dict.fromkeys(MODEL.reads) | {"id": f"a/{n}"} | row for n, row in enumerate(rows)])
    measured = measure(MODEL, table)
    answers = answered(scale(MODEL, measured, fit(MODEL, measured, "goalposts", "")))
    assert common_ground(MODEL, answers, 5) == ("likes", "base_model_info")
    assert common_ground(MODEL, answers, 6) == ("likes",)
    assert common_ground(MODEL, answers * 0, 5) == tuple(IDS)  # with nothing in common there is nothing else to go by


def test_a_category_with_nothing_in_common_leaves_the_total_and_says_so():
    card = counted(MODEL, ("likes", "downloads", "typosquatting"))
    assert [rests_on(c) for c in card.categories] == [
        "2 of 5 factors", "none of 2 factors", "none of 12 factors", "1 of 7 factors",
    ]  # fmt: skip
    scores = score(card, arrow([dict.fromkeys(MODEL.reads) | {"id": "a/b", "likes": 3, "name_risk": "none"}]))
    assert list(np.isnan(scores.category_values[0])) == [False, True, True, False]
    assert scores.shares(np.array([0]))[0].sum() == pytest.approx(1)


def test_nothing_that_counts_has_a_weight():
    with pytest.raises(ValueError, match="No factor that is known for nearly all models has a weight"):
        counted(MODEL.without("likes"), ("likes",))


def test_what_a_factor_would_add_is_what_it_adds_when_everything_counts(bundled):
    rows = np.arange(0, len(bundled.facts), 50)
    for unknown in UNKNOWN_POLICIES:
        common = ModelView(unknown=unknown).score(bundled)
        everything = ModelView(unknown=unknown, count="all").score(bundled)
        would, adds = common.would_add(rows), everything.points(rows)
        out = np.isin(IDS, list(common.uncounted))
        np.testing.assert_allclose(would[:, out], adds[:, out], rtol=0, atol=1e-9)
        assert np.isnan(would[:, ~out]).all()
        assert not everything.uncounted


def test_a_live_model_is_scored_on_the_ground_of_its_snapshot(bundled):
    live = bundled.facts.iloc[[5]].assign(id="some/body", hub_scan="safe", example_code=True, spaces=99)
    scores = beside(ModelView(), bundled, ModelView().score(bundled), live, [5])
    here, there = 0, 1
    assert (scores.total[here], scores.high[here]) == (scores.total[there], scores.high[there])
    assert scores.evidence is not None
    assert scores.evidence[here] > scores.evidence[there]


def test_words_for_evidence_and_for_what_a_ranking_rests_on():
    assert [evidence(known) for known in (1, 0.8, 0.79, 0.5, 0.49, 0)] == [
        *("whole dossier", "whole dossier", "card and files", "card and files", "listing", "listing")
    ]
    assert ranked_on(MODEL, IDS[1:]) == (
        f"Ranked on the 1 of {len(IDS)} factors that are known for at least 80% of these models"
    )
