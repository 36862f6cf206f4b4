"""The nouns refuse what could not be scored, name it, and keep their promises about shares, weights and ids."""

import json
import math
import subprocess
import sys
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.scorecards import MODEL
from scoring.types import Category, Factor, Scaled, Scorecard, Yardstick
from tests import network
from tests.records import weights

ROOT = Path(__file__).parents[2]


def factor(factor_id="size", **more):
    said: dict[str, Any] = {"label": "", "question": "?", "why": ".", "reads": ("size",), "measure": nw.col("size")}
    return Factor(id=factor_id, **(said | more))


def card(*categories):
    return Scorecard(id="c", title="C", version="1", subject="thing", categories=categories)


@pytest.mark.parametrize("weight", [-1, -1e-9, math.nan, math.inf, -math.inf])
def test_an_impossible_weight_is_refused_with_its_owner(weight):
    for make in (factor, lambda i, weight: Category(id=i, label="", factors=(), weight=weight)):
        with pytest.raises(ValueError, match=r"weight of odd must be a finite number of at least 0"):
            make("odd", weight=weight)
    with pytest.raises(ValueError, match="weight of likes"):
        MODEL.with_weights({"likes": weight})


def test_a_factor_that_reads_nothing_is_refused():
    with pytest.raises(ValueError, match="Factor size reads no fact"):
        factor(reads=())


@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, 1), (math.nan, 1), (0, math.inf)])
def test_goalposts_that_hold_nothing_between_them_are_refused(low, high):
    with pytest.raises(ValueError, match="Factor size needs goalposts"):
        factor(low=low, high=high)


def test_an_id_that_is_used_twice_is_refused():
    with pytest.raises(ValueError, match="uses an id twice: size"):
        card(Category(id="a", label="", factors=(factor(),)), Category(id="b", label="", factors=(factor(),)))
    with pytest.raises(ValueError, match="uses an id twice: size"):
        card(Category(id="size", label="", factors=(factor(),)))


def test_nothing_can_be_changed_in_place():
    with pytest.raises(FrozenInstanceError):
        MODEL.factors[0].weight = 3  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        MODEL.version = "2"  # type: ignore[misc]


def test_shares_by_hand():
    small = card(
        Category(id="a", label="", factors=(factor("x", weight=3), factor("y", weight=1)), weight=1),
        Category(id="b", label="", factors=(factor("z", weight=7),), weight=3),
    )
    assert small.shares() == {"x": 0.1875, "y": 0.0625, "z": 0.75}
    assert small.with_weights({"z": 0}).shares() == {"x": 0.75, "y": 0.25, "z": 0}
    assert small.without("a").shares() == {"x": 0, "y": 0, "z": 1}


def test_the_shares_of_the_model_card_are_those_of_the_design():
    shares = MODEL.shares()
    assert shares["downloads"] == pytest.approx(0.3 * 2 / 5.5)
    assert shares["discussions"] == pytest.approx(0.05)
    assert shares["provider"] == pytest.approx(0.3 * 2 / 11)
    assert shares["access_control"] == pytest.approx(0.3 * 0.25 / 9.25)


@given(weights())
def test_shares_sum_to_one_or_all_weights_are_zero(drawn):
    changed = MODEL.with_weights(drawn)
    try:
        shares = changed.shares()
    except ValueError as wrong:
        assert "All weights are zero" in str(wrong)  # noqa: PT017 - both outcomes are lawful
        return
    assert sum(shares.values()) == pytest.approx(1, abs=1e-12)
    assert all(0 <= share <= 1 for share in shares.values())


@pytest.mark.parametrize("nothing", [[c.id for c in MODEL.categories], [f.id for f in MODEL.factors]])
def test_all_weights_zero_is_a_sentence(nothing):
    with pytest.raises(ValueError, match="All weights are zero, so nothing can be ranked; raise at least one"):
        MODEL.without(*nothing).shares()


def test_a_weight_that_does_not_exist_is_named():
    with pytest.raises(ValueError, match="There is no weight fame, glory; the weights are popularity"):
        MODEL.with_weights({"glory": 1, "likes": 2, "fame": 3})
    with pytest.raises(KeyError, match="There is no factor fame"):
        MODEL.factor("fame")


def test_weights_come_back_as_they_were_set():
    changed = MODEL.with_weights({"likes": 9, "security": 1.5})
    assert changed.weights() == MODEL.weights() | {"likes": 9, "security": 1.5}
    assert MODEL.weights()["likes"] == 1.5
    assert changed.category_of("likes").id == "popularity"
    assert changed.factor("likes").weight == 9


def test_every_fact_is_read_once():
    assert len(set(MODEL.reads)) == len(MODEL.reads)
    assert set(MODEL.reads) == {fact for f in MODEL.factors for fact in f.reads} | {"hub_scan", "name_risk"}


# The fingerprint


def test_weights_leave_the_fingerprint_alone():
    assert MODEL.with_weights({"likes": 77, "security": 0}).fingerprint == MODEL.fingerprint


def test_everything_that_moves_a_scaled_value_moves_the_fingerprint():
    plain = card(Category(id="a", label="", factors=(factor(),)))
    changes: list[dict[str, Any]] = [
        *({"low": -1.0}, {"high": 2.0}, {"curve": "log"}, {"better": "lower"}, {"levels": {"a": 1.0}}),
        *({"measure": nw.col("size") * 2}, {"applies": nw.col("size") > 0}, {"open_end": nw.col("size") + 1}),
    ]
    prints = {card(Category(id="a", label="", factors=(factor(**change),))).fingerprint for change in changes}
    assert len(prints | {plain.fingerprint}) == len(changes) + 1
    assert replace(plain, version="2").fingerprint != plain.fingerprint
    assert replace(MODEL, caps=MODEL.caps[:1]).fingerprint != MODEL.fingerprint


def test_the_fingerprint_is_the_same_in_every_process():
    code = "from scoring.scorecards import MODEL; print(MODEL.fingerprint)"
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=network.environment(PYTHONHASHSEED=seed), capture_output=True
        )
        assert done.stdout.decode().strip() == MODEL.fingerprint


# The yardstick

numbers = st.floats(-1e9, 1e9) | st.just(math.nan)


def yardstick(low, high, kind="population", subjects=1, as_of="2026-01-01"):
    return Yardstick(low={"x": low}, high={"x": high}, kind=kind, subjects=subjects, as_of=as_of)


@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_shards_merge_in_any_order_and_an_empty_one_spoils_nothing(ends, random):
    shards = [yardstick(min(a, b), max(a, b)) if a == a and b == b else yardstick(math.nan, math.nan) for a, b in ends]
    shuffled = random.sample(shards, len(shards))
    for parts in (shards, shuffled):
        merged = parts[0]
        for part in parts[1:]:
            merged = merged.merge(part)
        known = [s for s in shards if not math.isnan(s.low["x"])]
        if known:
            assert merged.low["x"] == min(s.low["x"] for s in known)
            assert merged.high["x"] == max(s.high["x"] for s in known)
        else:
            assert math.isnan(merged.low["x"])
        assert merged.subjects == len(shards)


def test_a_merge_keeps_what_only_one_shard_has_and_the_newest_day():
    one = Yardstick(low={"x": 1.0}, high={"x": 2.0}, kind="population", subjects=3, as_of="2026-01-01")
    two = Yardstick(low={"y": 5.0}, high={"y": 5.0}, kind="population", subjects=4, as_of="2026-02-01")
    merged = one.merge(two)
    assert (merged.low, merged.high) == ({"x": 1.0, "y": 5.0}, {"x": 2.0, "y": 5.0})
    assert (merged.subjects, merged.as_of, merged.kind) == (7, "2026-02-01", "population")
    assert merged.constant == ("y",)


@given(numbers, numbers)
def test_a_yardstick_survives_json_that_any_reader_takes(low, high):
    before = yardstick(low, high)
    text = before.to_json()
    json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    after = Yardstick.from_json(text)
    assert after.to_json() == text
    assert (after.kind, after.subjects, after.as_of) == (before.kind, before.subjects, before.as_of)
    assert math.isnan(after.low["x"]) == math.isnan(low)


def test_goalposts_are_never_called_constant():
    assert yardstick(1.0, 1.0, kind="goalposts").constant == ()
    assert yardstick(1.0, 1.0).constant == ("x",)
    assert yardstick(math.nan, math.nan).constant == ()


# A subject placed among others: it moves alone


def one_factor(ids, value):
    n = len(ids)
    column = np.full((n, 1), value)
    true = np.ones((n, 1), dtype=bool)
    return Scaled(ids=np.array(ids, dtype=object), value=column, low=column, high=column, applies=true, caps=~true)


def test_the_added_come_last_and_nobody_else_moves():
    joined = one_factor(["a", "b"], 0.25).beside(one_factor(["c"], 0.75))
    assert list(joined.ids) == ["a", "b", "c"]
    assert joined.value[:, 0].tolist() == [0.25, 0.25, 0.75]


def test_one_that_is_among_both_is_the_added_one():
    joined = one_factor(["a", "b"], 0.25).beside(one_factor(["a"], 0.75))
    assert list(joined.ids) == ["b", "a"]
    assert joined.value[:, 0].tolist() == [0.25, 0.75]
