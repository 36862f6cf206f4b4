"""What is advised to raise a total raises it by just that: held against the second implementation of the scores."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine import fit, measure, score
from scoring.reasons.whatif import LEAST_GAIN, advise
from scoring.scorecards import MODEL
from scoring.types import UNKNOWN_POLICIES
from tests import independent, records


def advised(row, weights=None, unknown="neutral", capped=True):
    card, facts = MODEL.with_weights(weights or {}), records.frame([row])
    measured = measure(card, facts)
    yardstick = fit(card, measured, "goalposts", "")
    scores = score(card, measured, yardstick, unknown=unknown, capped=capped)
    return advise(scores, 0, facts, yardstick), scores


def by_factor(advice):
    return {x.line.factor.id: x for x in advice.improvements}


@settings(max_examples=40)
@given(records.facts(), records.weights(least=1), st.sampled_from(UNKNOWN_POLICIES), st.booleans())
def test_every_gain_is_what_the_changed_facts_score(row, weights, unknown, capped):
    advice, _ = advised(row, weights, unknown, capped)
    now = independent.totals(row, weights, unknown, capped)
    for x in advice.improvements:
        then = independent.totals(row | x.changes, weights, unknown, capped)
        assert x.gain == pytest.approx(then["total"] - now["total"], abs=1e-6)
        assert x.on_sum == pytest.approx(then["uncapped"] - now["uncapped"], abs=1e-6)
        # What does not count may still lift a cap, or bring one down.
        assert max(x.gain, x.on_sum, -x.loss) >= LEAST_GAIN
        assert x.loss <= 0
        assert (x.kind == "make_known") == (x.line.state == "unknown" or x.line.level == "safe_tag")
    gains = [x.gain for x in advice.improvements]
    assert gains == sorted(gains, reverse=True)
    changes = [tuple(sorted(x.changes.items())) for x in advice.improvements]
    assert len(set(changes)) == len(changes)


@settings(max_examples=40)
@given(records.facts())
def test_all_mended_together_is_scored_too(row):
    advice, scores = advised(row)
    mends = [x for x in advice.improvements if x.kind == "mend"]
    if np.isnan(scores.total[0]):
        assert advice.improvements == ()
        return
    if not mends:
        assert advice.all_mended == pytest.approx(scores.total[0])
    if len(mends) == 1:
        assert advice.all_mended == pytest.approx(scores.total[0] + mends[0].gain)


KNOWN = {
    "downloads_30d": 1000,
    "likes": 100,
    "spaces": 1,
    "spaces_at_least": False,
    "papers": 1,
    "papers_at_least": False,
    "github_repo": True,
    "discussions": 10,
    "pull_requests": 3,
    "provider": 2,
    "age_days": 500,
    "age_at_least": False,
    "days_since_update": 10,
    "authorization": "none",
    "gated": False,
    "license_stated": True,
    "license_in_metadata": True,
    "license_class": "permissive",
    "metric_info": True,
    "dataset_info": True,
    "training_info": True,
    "evaluation_results": True,
    "card_topics": 4,
    "base_model_info": True,
    "base_model_in_metadata": True,
    "lineage": "derivative",
    "weight_formats": "all_safe",
    "unsafe_files": 0,
    "unsafe_files_at_least": False,
    "unsafe_level": "none",
    "hub_scan": "safe",
    "example_code": True,
    "remote_code": False,
    "name_risk": "none",
}


def test_stating_a_licence_lets_its_type_apply_and_moves_the_shares():
    row = KNOWN | {"license_stated": False, "license_in_metadata": False, "license_class": None, "dataset_info": False}
    advice, scores = advised(row)
    x = by_factor(advice)["license_stated"]
    assert x.changes == {"license_stated": True, "license_in_metadata": True, "license_class": "permissive"}
    # Of Operational's 30 points: weights of 9.5 apply before, 11 after; dataset_info (1) stays lost.
    age = independent.scaled("age", row)[0]
    before, after = 30 * (7 + age) / 9.5, 30 * (9 + age) / 11
    assert x.gain == pytest.approx(after - before)
    assert x.gain > scores.shares(np.array([0]))[0][[f.id for f in MODEL.factors].index("license_stated")] * 100


def test_a_cap_falls_only_with_its_finding():
    row = KNOWN | {"hub_scan": "unsafe", "papers": 0}
    advice, scores = advised(row)
    assert scores.total[0] == 30
    first, *rest = advice.improvements
    assert first.line.factor.id == "hub_scan"
    assert first.gain == pytest.approx(scores.uncapped[0] + first.on_sum - 30)
    assert all(x.gain == 0 and x.on_sum > 0 for x in rest)
    assert advice.all_mended > 30


def test_two_caps_hold_until_both_fall():
    advice, _ = advised(KNOWN | {"hub_scan": "unsafe", "name_risk": "high"})
    assert by_factor(advice)["hub_scan"].gain == by_factor(advice)["typosquatting"].gain == 0
    assert advice.all_mended > 30


def test_an_unscanned_model_has_much_to_lose():
    x = by_factor(advised(KNOWN | {"hub_scan": None})[0])["hub_scan"]
    total = independent.totals(KNOWN | {"hub_scan": None})["total"]
    assert x.kind == "make_known"
    assert x.gain > 0
    assert x.loss == pytest.approx(30 - total)


def test_nobody_is_advised_to_open_a_gate_or_to_link_a_paper():
    x = by_factor(advised(KNOWN | {"gated": True, "authorization": "manual", "papers": 0})[0])
    assert not x.keys() & {"access_control", "authorization", "gated", "papers"}


def test_converting_the_weights_is_one_piece_of_advice_and_a_mend():
    row = KNOWN | {"weight_formats": "safe_tag", "unsafe_level": "beside_safe", "unsafe_files": 1}
    found = [x for x in advised(row)[0].improvements if x.line.factor.id in ("safetensors", "unsafe_files")]
    assert [(x.kind, x.changes["weight_formats"], x.changes["unsafe_level"]) for x in found] == [
        ("mend", "all_safe", "none")
    ]


def test_a_tag_for_a_safe_format_asks_for_the_list_of_files():
    row = KNOWN | {"weight_formats": "safe_tag", "unsafe_level": None, "unsafe_files": None}
    (x,) = [x for x in advised(row)[0].improvements if x.line.factor.id in ("safetensors", "unsafe_files")]
    assert x.kind == "make_known"
    assert x.gain > 0 > x.loss


def test_scripts_go_without_inventing_weights():
    row = KNOWN | {"weight_formats": "no_weights", "unsafe_level": "code_only", "unsafe_files": 2}
    x = by_factor(advised(row)[0])["unsafe_files"]
    assert x.changes == {"unsafe_level": "none", "unsafe_files": 0}


def test_nobody_is_advised_to_gather_likes_or_to_choose_other_terms():
    x = by_factor(advised(KNOWN | {"likes": 1, "downloads_30d": 1, "license_class": "custom"})[0])
    assert not x.keys() & {"likes", "downloads", "license_type"}


def test_places_are_those_among_the_others_as_they_are():
    poor = KNOWN | {"likes": 15_000, "dataset_info": False, "evaluation_results": False, "hub_scan": None}
    poor |= {"example_code": False, "card_topics": 0, "remote_code": True, "weight_formats": "mixed"}
    rows = [poor, KNOWN | {"likes": 5}, KNOWN | {"likes": 50}, poor | {"likes": 1}, {}]
    facts = records.frame(rows)
    yardstick = fit(MODEL, measure(MODEL, facts), "goalposts", "")
    scores = score(MODEL, facts, yardstick)
    advice = advise(scores, 0, facts.iloc[[0]], yardstick)
    totals = [float(total) for total in scores.total[1:4]]
    now = float(scores.total[0])
    for x in advice.improvements:
        rank_now, best, worst = (1 + sum(t > own for t in totals) for own in (now, now + x.gain, now + x.loss))
        assert (x.rise, x.fall) == (rank_now - best, worst - rank_now)
    assert advice.all_rise == 2
    assert advise(scores, 4, facts.iloc[[4]], yardstick).all_rise == 0


def test_a_finding_that_does_not_count_may_still_cost_places():
    facts = records.frame([KNOWN | {"hub_scan": None}, KNOWN | {"likes": 5}])
    card = MODEL.without("hub_scan")
    yardstick = fit(MODEL, measure(MODEL, facts), "goalposts", "")
    scores = replace(score(card, facts, yardstick), whole=MODEL)
    x = by_factor(advise(scores, 0, facts.iloc[[0]], yardstick))["hub_scan"]
    assert (x.kind, x.gain, x.rise, x.fall) == ("make_known", 0, 0, 1)
    assert x.loss == pytest.approx(30 - scores.total[0])


def test_a_category_of_which_nothing_is_known_begins_to_count():
    poor = {"provider": 0, "dataset_info": False, "evaluation_results": False, "example_code": False}
    row = KNOWN | poor | {"discussions": None, "pull_requests": None}
    x = by_factor(advised(row)[0])["discussions"]
    now, good, bad = (independent.totals(row | more) for more in ({}, {"discussions": 300}, {"discussions": 0}))
    assert now["share"]["discussions"] == 0 < good["share"]["discussions"]
    assert x.gain == pytest.approx(good["total"] - now["total"])
    assert x.loss == pytest.approx(bad["total"] - now["total"])


def test_an_unknown_age_is_made_known_whole():
    row = KNOWN | {"age_days": None, "age_at_least": None, "days_since_update": None}
    x = by_factor(advised(row)[0])["age"]
    assert x.kind == "make_known"
    assert x.changes == {"days_since_update": 0, "age_days": 3650}


def test_nothing_is_said_of_a_model_of_which_nothing_is_known():
    advice, scores = advised({})
    assert np.isnan(scores.total[0])
    assert advice.improvements == ()
    assert np.isnan(advice.all_mended)


def test_nothing_is_left_to_mend_where_all_is_well():
    advice, _ = advised(KNOWN | {"papers": 5, "days_since_update": 0})
    assert advice.improvements == ()
