"""The ranking says what it shows, what it leaves out and why."""

import re

import numpy as np
import pytest

from components.listing import listing
from scoring.view import ModelView


def shown(found):
    return found.top(found.shown)


def listed(bundled, **view):
    said = ModelView(**view)
    return listing(said, said.score(bundled), bundled)


def test_without_filters_everybody_is_listed_the_ranked_first(bundled):
    found = listed(bundled)
    assert sorted(shown(found)) == list(range(len(bundled.facts)))
    ranked = found.scores.ranked[shown(found)]
    assert not np.any(ranked[1:] & ~ranked[:-1])
    totals = found.scores.total[found.top(found.ranked)]
    assert np.all(np.diff(totals) <= 1e-9)
    assert found.strictest == ""


def test_each_filter_says_how_many_it_leaves_out(bundled):
    found = listed(bundled, search="bert", license=("permissive",))
    ids = bundled.facts["id"].str.lower()
    assert found.without["search"] == int((~ids.str.contains("bert")).sum())
    said = " ".join(found.summary())
    assert f"{found.without['search']:,} by the search" in said
    assert f"{found.without['license']:,} by the licence" in said
    assert said.startswith(f"{found.shown:,} of {len(ids):,} models.")


def test_a_group_of_tasks_is_counted_in_all_and_by_itself(bundled):
    inside = int((bundled.facts["task_group"] == "embeddings").sum())
    found = listed(bundled, task_group=("embeddings",))
    assert found.summary()[0] == f"All {inside:,} models in “Embeddings and reranking”; {len(bundled.facts):,} in all."
    nobody_knows = int(bundled.facts["task_group"].isna().sum())
    assert found.summary()[1:] == [
        f"{nobody_knows:,} more do not say what they are for.",
        "Ranks are among these; beside them stands the rank in all.",
        "1 is listed after the others without a rank: less than 50% of what counts is known of it.",
    ]
    fewer = listed(bundled, task_group=("embeddings",), license=("permissive",))
    assert fewer.summary()[0].startswith(f"{fewer.shown:,} of {inside:,} models in “Embeddings and reranking”;")
    assert "task group" not in fewer.summary()[1]
    nobody = listed(bundled, task_group=("tabular",), search="no model is called so")
    assert "the search leaves out" in nobody.strictest


def test_those_of_whom_a_fact_is_unknown_are_counted(bundled):
    facts = bundled.facts
    inside = (facts["task_group"] == "embeddings").fillna(False)
    unknown = int((inside & facts["params"].isna()).sum())
    assert unknown > 1
    for filters in ({"memory": "8"}, {"memory": "8", "params": "3b"}):
        found = listed(bundled, task_group=("embeddings",), **filters)
        assert f"{unknown:,} more do not say their size." in found.summary()
    both = listed(bundled, task_group=("embeddings",), memory="8", openness=("open_data",))
    either = inside & facts["params"].isna() & (facts["openness"] == "open_data").fillna(False)
    assert both.lacking.get("params", 0) == int(either.sum())
    assert listed(bundled).lacking == {}
    assert listed(bundled, search="bert", hide_flagged=True, evidence=("listing",)).lacking == {}


def test_a_pinned_model_has_its_place_among_those_shown_and_in_all(bundled):
    found = listed(bundled, task_group=("embeddings",))
    third = int(found.top(3)[2])
    pinned = str(found.scores.ids[third])
    said = listed(bundled, task_group=("embeddings",), pin=(pinned,)).places()
    in_all = f"{found.scores.rank[third]:,.0f} of {int(found.scores.ranked.sum()):,} in all."
    assert said == f"{pinned} is 3 of {found.ranked:,} shown; {in_all}"
    assert listed(bundled, task_group=("speech",), pin=(pinned,)).places() == ""
    assert listed(bundled, pin=(pinned,)).places() == ""
    first = found.scores.ids[found.top(1)[0]]
    assert found.places().startswith(f"{first} is 1 of {found.ranked:,} shown; ")


def test_the_list_can_be_arranged_by_any_column_and_the_rest_stays_by_total(bundled):
    usual, found = listed(bundled, license=("permissive",)), listed(bundled, license=("permissive",), sort="likes")
    everything = found.page(slice(None))
    likes = bundled.facts["likes"].iloc[everything]
    assert likes.is_monotonic_decreasing
    assert found.page(slice(25, 50)).tolist() == everything[25:50].tolist()
    assert shown(found).tolist() == shown(usual).tolist() == usual.page(slice(None)).tolist()
    assert found.listed != usual.listed
    here = found.here(found.top(found.ranked))
    assert here.tolist() == sorted(here)


def test_who_has_no_rank_is_counted_with_the_reason(bundled):
    found = listed(bundled, min_coverage=0.8)
    assert f"{found.shown - found.ranked:,} are listed after the others without a rank" in " ".join(found.summary())
    assert "less than 80% of what counts" in " ".join(found.summary())


def test_nothing_found_names_the_strictest_filter(bundled):
    found = listed(bundled, search="there is no such model", publisher=("official",))
    assert found.shown == 0
    assert found.strictest.startswith("Most of all, the search leaves out")
    assert found.doubt() == ""


def test_pins_are_kept_whatever_the_filters_and_unknown_ones_are_not(bundled):
    last = str(bundled.facts["id"].iloc[-1])
    found = listed(bundled, search="there is no such model", pin=(last, "nobody/nothing"))
    assert list(found.pinned) == [len(bundled.facts) - 1]


@pytest.mark.parametrize("top", [2, 20])
def test_doubt_counts_those_that_an_unknown_fact_could_move(bundled, top):
    found = listed(bundled)
    first = found.top(top)
    low, high = found.scores.low[first], found.scores.high[first]
    open_pairs = ((i, j) for i in range(top) for j in range(i + 1, top) if high[j] > low[i])  # j could pass i
    movable = {k for pair in open_pairs for k in pair if high[k] > low[k]}
    expected = f"could move {len(movable)} of the top {top} past" if movable else f"No unknown fact .* top {top}"
    assert re.search(expected, found.doubt(top))
    others = f"the other {top - len(movable)} keep their order among themselves"
    assert (others in found.doubt(top)) is bool(movable and top - len(movable) > 1)
    unscanned = sum(bool(found.scores.open_caps(int(n))) for n in first)
    assert f"{unscanned} of them would be held at 30 if the Hub's scanners" in found.doubt(top)


def test_changed_weights_say_who_moved_among_those_shown(bundled, monkeypatch):
    view = ModelView(weights={"security": 60.0}, license=("permissive",))
    usual = ModelView().score(bundled)
    found = listing(view, view.score(bundled), bundled, usual)
    rows = found.top(found.ranked)
    rose, before = found.rose(rows), usual.rank_among(rows)[rows]
    assert rose is not None
    np.testing.assert_array_equal(rose, before - found.here(rows))
    assert rose[0] == before[0] - 1
    risen = int(np.flatnonzero(rose > 0)[0])
    assert found.marks(rows)[risen] == f"▲ {rose[risen]:,.0f}"
    assert found.marks(np.flatnonzero(~found.kept)[:1]) == [""]
    count = int((rose != 0).sum())
    said = found.movement("Balanced")
    assert said.startswith(f"Against “Balanced” unchanged, {count:,} of {found.ranked:,} models")
    monkeypatch.setattr("components.listing.FOREMOST", 20)
    assert re.match(r"Against “Balanced” unchanged, \d+ of the first 20 models have", found.movement("Balanced"))


def test_unchanged_weights_have_no_marks(bundled):
    found = listed(bundled)
    assert (found.marks(found.top(2)), found.movement("Balanced")) == (["", ""], "")
    same = listing(ModelView(), ModelView().score(bundled), bundled, ModelView().score(bundled))
    assert "no model has another rank" in same.movement("Balanced")
