"""The laws of the scores, one test each, on generated facts and on generated records of the Hub.

Every example is a small table: the engine measures it at once, and the law must hold in each of its rows.
"""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.models import records, snapshot
from scoring.engine import blend, fit, measure, scale, score, weigh
from scoring.output.export import reports
from scoring.reasons.flags import flags
from scoring.scorecards import MODEL, PRESETS
from scoring.types import UNKNOWN_POLICIES
from tests.records import AS_OF, FILES, GROUPS, arrow, counts, facts, hub, odd_records, read, weights

COUNTED = ("downloads_30d", "likes", "discussions", "pull_requests")
SECURITY = [f.id for f in MODEL.category_of("hub_scan").factors]
HAIR = 1e-9  # totals are decided on nine decimals
SEVERAL = settings(max_examples=30)
policies = st.sampled_from(UNKNOWN_POLICIES)
opinions = st.one_of(st.sampled_from(list(PRESETS)).map(lambda name: dict(PRESETS[name])), weights())
generated = st.lists(facts(), min_size=1, max_size=10).map(arrow)
from_hub = st.lists(hub(), min_size=1, max_size=10).map(read)
tables = st.one_of(generated, from_hub)


def weighed(opinion):
    """Return the card under these weights, or as it is where they are all zero."""
    card = MODEL.with_weights(opinion)
    try:
        card.shares()
    except ValueError:
        return MODEL
    return card


def both(before, after, opinion, **options):
    """Score two lists of rows as one table, so that both meet the same arithmetic; return the scores and its halves."""
    scores = score(weighed(opinion), arrow([*before, *after]), minimum_coverage=0, **options)
    return scores, slice(0, len(before)), slice(len(before), None)


# Bounds and sums


@given(tables, opinions, policies, st.booleans())
@SEVERAL
def test_the_total_lies_in_its_interval_and_the_interval_in_0_to_100(table, opinion, unknown, capped):
    scores = score(weighed(opinion), table, unknown=unknown, capped=capped)
    assert not np.isnan(scores.low).any()
    assert not np.isnan(scores.high).any()
    assert (scores.low >= 0).all()
    assert (scores.high <= 100).all()
    assert (scores.low <= scores.high).all()
    known = ~np.isnan(scores.total)
    assert (scores.low[known] <= scores.total[known]).all()
    assert (scores.total[known] <= scores.high[known]).all()
    assert (scores.total[known] <= scores.uncapped[known]).all()


@given(tables, opinions, policies)
@SEVERAL
def test_points_sum_to_the_uncapped_total(table, opinion, unknown):
    scores = score(weighed(opinion), table, unknown=unknown)
    sums = scores.points(np.arange(len(scores))).sum(axis=1)
    np.testing.assert_allclose(sums, np.nan_to_num(scores.uncapped), rtol=0, atol=HAIR)
    np.testing.assert_allclose(scores.by_category.sum(axis=1), np.nan_to_num(scores.uncapped), rtol=0, atol=HAIR)


@given(tables, opinions, policies)
@SEVERAL
def test_shares_sum_to_one(table, opinion, unknown):
    assert sum(weighed(opinion).shares().values()) == pytest.approx(1, abs=HAIR)
    scores = score(weighed(opinion), table, unknown=unknown)
    shares = scores.shares(np.arange(len(scores)))
    assert (shares >= 0).all()
    np.testing.assert_allclose(shares.sum(axis=1)[~np.isnan(scores.total)], 1, rtol=0, atol=HAIR)


@given(tables, policies)
@SEVERAL
def test_an_unknown_factor_scales_to_a_half_under_neutral_and_is_never_anything_else(table, unknown):
    scores = score(MODEL, table, unknown=unknown)
    everyone = np.arange(len(scores))
    counted, nobody_looked = scores.scaled_as_counted(everyone), np.isnan(scores.scaled.value) & scores.scaled.applies
    filler = {"neutral": 0.5, "zero": 0.0, "skip": np.nan}[unknown]
    np.testing.assert_array_equal(counted[nobody_looked], np.full(nobody_looked.sum(), filler))
    assert np.isnan(counted[~scores.scaled.applies]).all()


# A better fact

WORSE_TO_BETTER: dict[str, list[Any]] = {
    "authorization": ["private", "manual", "automatic", "none"],
    "weight_formats": ["unsafe_only", "mixed", "safe_tag", "all_safe"],
    "unsafe_level": ["unsafe_only", "beside_safe", "code_only", "none"],
    "hub_scan": ["unsafe", "suspicious", "caution", "safe"],
    "name_risk": ["high", "low", "none"],
    "provider": [0, 1, 2],
    "license_class": [
        *("unknown", "non_commercial", "custom", "use_restricted", "strong_copyleft", "weak_copyleft", "permissive")
    ],
    "remote_code": [True, False],
    "spaces": list(range(100)),
    "papers": list(range(9)),
    "days_since_update": list(range(3000, -1, -1)),
    "age_days": list(range(5000)),
    **{fact: [*range(60), *(10**n for n in range(2, 13))] for fact in COUNTED},
    **{fact: [False, True] for fact in ("github_repo", "metric_info", "dataset_info", "training_info")},
    **{fact: [False, True] for fact in ("evaluation_results", "example_code", "license_stated")},
    **{fact: [False, True] for fact in ("base_model_info", "base_model_in_metadata")},
    "card_topics": list(range(5)),
}
# What must be known, and the same in both, for the fact to be known in both.
BESIDE: dict[str, dict[str, Any]] = {
    "license_class": {"license_stated": True, "license_in_metadata": True},
    "base_model_info": {"lineage": "derivative"},
    "base_model_in_metadata": {"lineage": "derivative"},
    "spaces": {"spaces_at_least": False},
    "papers": {"papers_at_least": False},
    "age_days": {"days_since_update": 400, "age_at_least": False},
    "days_since_update": {"age_days": 4000, "age_at_least": False},
}


place = st.tuples(st.floats(0, 1), st.floats(0, 1))  # of a worse and a better value in their list


def test_every_fact_that_one_factor_alone_reads_is_put_to_the_law():
    readers = {fact: [f.id for f in MODEL.factors if fact in f.reads] for fact in MODEL.reads}
    alone = {fact for fact, by in readers.items() if len(by) == 1}
    says_how_to_read_another = {"spaces_at_least", "papers_at_least", "age_at_least", "lineage"}
    says_how_to_read_another |= {"license_stated_at_least", "base_model_info_at_least"}
    shown_beside_its_level = {"unsafe_files"}
    assert alone - says_how_to_read_another - shown_beside_its_level == set(WORSE_TO_BETTER)


@given(facts(), st.lists(place, min_size=len(WORSE_TO_BETTER), max_size=len(WORSE_TO_BETTER)), opinions, policies)
@settings(max_examples=60)
def test_a_better_fact_never_lowers_the_total(row, places, opinion, unknown):
    before, after = [], []
    for (fact, values), two in zip(WORSE_TO_BETTER.items(), places, strict=True):
        worse, better = (values[round(place * (len(values) - 1))] for place in sorted(two))
        before.append(row | BESIDE.get(fact, {}) | {fact: worse})
        after.append(row | BESIDE.get(fact, {}) | {fact: better})
    scores, first, second = both(before, after, opinion, unknown=unknown)
    a, b = scores.total[first].round(9), scores.total[second].round(9)
    lowered = [fact for fact, x, y in zip(WORSE_TO_BETTER, a, b, strict=True) if x > y]
    assert not lowered


# What is learnt


@given(facts(), st.fixed_dictionaries(GROUPS), opinions, policies, st.booleans())
@settings(max_examples=60)
def test_learning_an_unknown_fact_never_widens_the_interval(row, found, opinion, unknown, capped):
    before = [row | dict.fromkeys(group) for group in found]
    after = [row | dict(zip(group, values, strict=True)) for group, values in found.items()]
    scores, first, second = both(before, after, opinion, unknown=unknown, capped=capped)
    width = scores.high - scores.low
    widened = [g for g, a, b in zip(found, width[first], width[second], strict=True) if b > a + HAIR]
    assert not widened
    if not capped:  # without a cap nothing can fall out of the interval either
        assert (scores.low[second] >= scores.low[first] - HAIR).all()
        assert (scores.high[second] <= scores.high[first] + HAIR).all()


@given(st.lists(hub(), min_size=1, max_size=3), opinions)
@SEVERAL
def test_collecting_one_more_key_of_a_record_never_widens_the_interval(rows, opinion):
    """Save for two rules: 0 downloads beside signs of use are unknown, and a list of files overrules the tags."""
    before, after = [], []
    for record in rows:
        for key in set(record) - {"id", "_incomplete", "siblings", "likes", "spaces_count"}:
            before.append({k: v for k, v in record.items() if k != key})
            after.append(record)
    if not before:
        return
    told = [records.rows([r], AS_OF)[0] for r in (*before, *after)]
    scores = score(weighed(opinion), snapshot.facts_table(told), capped=False)
    width = (scores.high - scores.low).reshape(2, -1)
    assert (width[1] <= width[0] + HAIR).all()


# Security


@given(facts(), opinions, policies)
@SEVERAL
def test_unscanned_is_never_better_than_safe_and_never_worse_than_unsafe(row, opinion, unknown):
    scores = score(
        weighed(opinion), arrow(row | {"hub_scan": scan} for scan in (None, "safe", "unsafe")), unknown=unknown
    )
    unscanned, safe, unsafe = scores.category_scores["security"]
    assert np.isnan(unscanned) or unsafe - HAIR <= unscanned <= safe + HAIR
    # In the total as well, unless nothing at all is known of Security: then it has no say while it is unscanned.
    if scores.blended.coverage[0, -1] > 0:
        unscanned, safe, unsafe = scores.total
        assert not (unscanned > safe + HAIR)
        assert not (unscanned < unsafe - HAIR)


@given(st.lists(hub(), min_size=1, max_size=4), opinions, policies)
@SEVERAL
def test_an_unscanned_record_totals_no_more_than_a_safe_one_and_no_less_than_an_unsafe_one(rows, opinion, unknown):
    scan = {"scansDone": True, "filesWithIssues": []}
    worst = {"scansDone": True, "filesWithIssues": [{"path": "a.pkl", "level": "unsafe"}]}
    for pending in (None, {"scansDone": False, "filesWithIssues": []}):
        told = [r | {"securityRepoStatus": status} for r in rows for status in (pending, scan, worst)]
        scores = score(weighed(opinion), read(told), unknown=unknown)
        unscanned, safe, unsafe = scores.total.reshape(-1, 3).T
        heard = scores.blended.coverage[::3, -1] > 0
        assert not (unscanned > safe + HAIR)[heard].any()
        assert not (unscanned < unsafe - HAIR)[heard].any()


BAD = ["x.pkl", "a/b.bin", "weights.PT", "last.ckpt", "m.joblib", "x.nemo", "run.py", "go.sh", "n.ipynb", "m.pkl.gz"]


@given(
    st.lists(hub(), min_size=1, max_size=4),
    st.lists(st.sampled_from(FILES), max_size=5, unique=True),
    opinions,
    policies,
)
@SEVERAL
def test_adding_an_unsafe_file_to_a_known_list_never_raises_security(rows, names, opinion, unknown):
    one = [r | {"siblings": [{"rfilename": n} for n in names]} for r in rows]
    more = [r | {"siblings": [{"rfilename": n} for n in [*names, bad]]} for r in rows for bad in BAD]
    scores = score(weighed(opinion), read([*one, *more]), unknown=unknown)
    security = scores.category_scores["security"].to_numpy()
    before, after = security[: len(one)].repeat(len(BAD)), security[len(one) :]
    assert (np.isnan(before) | np.isnan(after) | (after <= before + HAIR)).all()


@given(facts(), facts(), opinions, policies)
@SEVERAL
def test_popularity_facts_never_change_security_or_its_flags(row, other, opinion, unknown):
    popular = {fact: other[fact] for f in MODEL.category_of("likes").factors for fact in f.reads}
    table = arrow([row, row | popular | {"downloads_not_counted": True}])
    scores = score(weighed(opinion), table, unknown=unknown)
    security = scores.category_scores["security"].to_numpy()
    assert np.array_equal(security[:1], security[1:], equal_nan=True)
    assert (scores.scaled.caps[0] == scores.scaled.caps[1]).all()
    held = flags(table).drop(columns="downloads_not_counted")
    assert (held.iloc[0] == held.iloc[1]).all()


@given(st.lists(hub(), min_size=1, max_size=6), counts, counts, st.integers(0, 100))
def test_popular_records_have_the_same_security_facts_as_obscure_ones(rows, downloads, likes, spaces):
    loud = [r | {"downloads": downloads, "likes": likes, "spaces_count": spaces, "trendingScore": 99} for r in rows]
    asked = {fact for f in MODEL.factors if f.id in SECURITY for fact in f.reads}
    for quiet, popular in zip(records.rows(rows, AS_OF), records.rows(loud, AS_OF), strict=True):
        assert {fact: quiet[fact] for fact in asked} == {fact: popular[fact] for fact in asked}


# What must not matter


@given(st.lists(facts(), min_size=2, max_size=10), st.randoms(use_true_random=False), opinions, policies)
@SEVERAL
def test_the_order_of_the_rows_changes_no_score(rows, random, opinion, unknown):
    places = list(range(len(rows)))
    random.shuffle(places)
    table = arrow(rows)
    straight = score(weighed(opinion), table, unknown=unknown)
    shuffled = score(weighed(opinion), table.take(places), unknown=unknown)
    for name in ("total", "low", "high", "coverage", "rank"):
        np.testing.assert_allclose(
            getattr(shuffled, name), getattr(straight, name)[places], rtol=0, atol=HAIR, err_msg=name
        )
    assert list(shuffled.ids[shuffled.order]) == list(straight.ids[straight.order])


@given(generated, weights(), st.floats(1e-6, 1e6), policies)
@SEVERAL
def test_a_common_factor_on_all_weights_changes_no_score(table, drawn, factor, unknown):
    card = weighed(drawn)
    scaled = scale(MODEL, *fitted(table, "goalposts"))
    larger = card.with_weights({i: w * factor for i, w in card.weights().items()})
    one, other = (weigh(c, scaled, blend(c, scaled, unknown), unknown) for c in (card, larger))
    for name in ("total", "low", "high", "coverage"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=0, atol=HAIR, err_msg=name)
    assert list(one.order) == list(other.order)


@given(st.lists(facts(), min_size=1, max_size=8), facts(), policies, st.sampled_from(["goalposts", "population"]))
@SEVERAL
def test_an_unrelated_model_changes_no_score_on_the_same_yardstick(rows, stranger, unknown, kind):
    _, yardstick = fitted(arrow(rows), kind)
    alone = score(MODEL, arrow(rows), yardstick, unknown=unknown)
    joined = score(MODEL, arrow([*rows, stranger]), yardstick, unknown=unknown)
    for name in ("total", "low", "high", "coverage"):
        np.testing.assert_allclose(
            getattr(joined, name)[: len(rows)], getattr(alone, name), rtol=0, atol=HAIR, err_msg=name
        )


@given(st.lists(hub(), min_size=1, max_size=6), hub())
def test_an_unrelated_record_changes_no_fact(rows, stranger):
    alone = records.rows(rows, AS_OF)
    assert records.rows([*rows, stranger | {"id": "someone-else-entirely/model"}], AS_OF)[: len(rows)] == alone


# Whatever comes


@given(st.lists(odd_records().filter(lambda r: isinstance(r, dict)), min_size=1, max_size=6), opinions, policies)
@settings(max_examples=80)
def test_no_record_however_odd_raises_out_of_facts_or_the_engine(rows, opinion, unknown):
    table = records.frame(records.rows(rows, AS_OF))
    scores = score(weighed(opinion), table, unknown=unknown)
    held = flags(table)
    names = [list(held.columns[of_one]) for of_one in held.to_numpy()]
    for one in reports(
        scores, range(len(table)), [{str(k): v for k, v in r.items()} for r in table.to_dict("records")], names
    ):
        assert "NaN" not in json.dumps(one, allow_nan=False)
    assert len(scores.table()) == len(rows)


def fitted(table, kind):
    measured = measure(MODEL, table)
    return measured, fit(MODEL, measured, kind, "2026-10-08")
