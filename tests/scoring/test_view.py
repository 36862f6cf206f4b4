"""A view and its link say the same; whatever a link holds, it loads, and what was ignored is said."""

import math
from urllib.parse import parse_qs, urlencode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.scorecards import MODEL, PRESETS
from scoring.types import UNKNOWN_POLICIES, YARDSTICK_KINDS
from scoring.view import LONGEST_LINK, MOST_PINS, View, left_out, parse, preset_weights
from tests import independent
from tests.records import frame

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)
weight = st.one_of(st.integers(0, 100).map(float), st.floats(0.01, 100))
views = st.builds(
    View,
    preset=st.sampled_from(list(PRESETS)),
    weights=st.dictionaries(st.sampled_from(list(MODEL.weights())), weight.filter(bool), max_size=8),
    unknown=st.sampled_from(UNKNOWN_POLICIES),
    yardstick=st.sampled_from(YARDSTICK_KINDS),
    min_coverage=st.floats(0, 1),
    cap=st.booleans(),
    search=words,
    task=words,
    license=st.sampled_from(["", *independent.LICENCES]),
    publisher=words,
    snapshot=st.sampled_from(["", "2026-10-08"]),
    pin=st.lists(words.filter(bool), max_size=MOST_PINS, unique=True).map(tuple),
)


def from_link(link):
    return parse(parse_qs(link.partition("?")[2], keep_blank_values=True))


def same(one, other):
    said = preset_weights(one.preset) | dict(one.weights), preset_weights(other.preset) | dict(other.weights)
    names = [name for name in one.__dataclass_fields__ if name != "weights"]
    return said[0] == said[1] and all(getattr(one, name) == getattr(other, name) for name in names)


def test_the_usual_view_has_an_empty_link():
    assert View().query() == {}
    assert View().link("https://example.org/app") == "https://example.org/app"
    assert View().card == MODEL
    assert parse({}) == (View(), [])


def test_a_value_equal_to_its_preset_is_left_out():
    assert View(preset="adoption", weights={"popularity": 60, "likes": 2}).query() == {
        "preset": "adoption",
        "likes": "2",
    }


@given(views)
def test_a_link_brings_the_same_view_back(view):
    query = urlencode(view.query(), doseq=True)
    back, notes = parse(parse_qs(query, keep_blank_values=True))
    assert notes == []
    assert same(view, back)
    assert back.card.weights() == view.card.weights()


@given(views)
def test_a_link_fits_and_loses_only_pins(view):
    link = view.link("https://weighbridge.example.org/ranking")
    if len(urlencode({k: v for k, v in view.query().items() if k != "pin"})) < LONGEST_LINK - 100:
        assert len(link) < LONGEST_LINK
    back, notes = from_link(link)
    assert notes == []
    assert back.pin == view.pin[: len(back.pin)]
    assert back.card.weights() == view.card.weights()


def test_ten_long_pins_still_fit():
    view = View(
        pin=tuple(f"some-long-organisation-name/{n}-{'x' * 90}" for n in range(10)), weights=dict(MODEL.weights())
    )
    link = view.link("https://example.org/?lang=en")
    assert link.startswith("https://example.org/?lang=en&")
    assert len(link) < LONGEST_LINK
    assert from_link(link)[0].pin == view.pin


anything = st.one_of(
    st.sampled_from(
        [*MODEL.weights(), "preset", "unknown", "pin", "cap", "min_coverage", "search", "license", "model"]
    ),
    st.text(max_size=12),
)
values = st.one_of(
    st.text(max_size=12), st.sampled_from(["nan", "inf", "-1", "1e999", "0", "50", "true", "x" * 999, ""])
)


@given(st.dictionaries(anything, st.lists(values, max_size=4), max_size=8))
def test_whatever_a_link_holds_loads_a_view_that_can_be_scored(params):
    view, notes = parse(params)
    assert sum(view.card.shares().values()) == pytest.approx(1)
    assert all(math.isfinite(w) and 0 <= w <= 100 for w in view.card.weights().values())
    assert 0 <= view.min_coverage <= 1
    assert len(view.pin) <= MOST_PINS
    for note in notes:
        assert note.endswith(".")
        assert len(note) < 250
        assert all(c.isprintable() for c in note)
    # what was read can be linked again, without a note
    assert from_link(view.link())[1] == []


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("likes", "nan", "likes=“nan” is not a number from 0 to 100."),
        ("likes", "101", "likes=“101” is not a number from 0 to 100."),
        ("likes", "-1", "likes=“-1” is not a number from 0 to 100."),
        ("likes", "many", "likes=“many” is not a number from 0 to 100."),
        ("likes", "", "likes=“” is not a number from 0 to 100."),
        ("min_coverage", "1.01", "min_coverage=“1.01” is not a number from 0 to 1."),
        ("preset", "best", "preset=“best” is not one of balanced, security_first, adoption, transparency, operations."),
        ("unknown", "median", "unknown=“median” is not one of neutral, zero, skip."),
        ("yardstick", "rank", "yardstick=“rank” is not one of goalposts, population."),
        ("license", "free", "license=“free” is not one of permissive, weak_copyleft, "),
        ("cap", "maybe", "cap=“maybe” is neither true nor false."),
        ("colour", "red", "“colour” is not a setting of this app."),
        ("c\x1bolour" + "x" * 99, "red", "“colour" + "x" * 33 + "…” is not a setting of this app."),
    ],
)
def test_what_cannot_be_understood_is_ignored_and_said(key, value, said):
    view, notes = parse({key: [value], "activity": ["7"]})
    assert same(view, View(weights={"activity": 7}))
    assert len(notes) == 1
    assert notes[0].startswith(said)


def test_all_weights_zero_keeps_the_preset():
    zero = {c: ["0"] for c in independent.CATEGORIES}
    view, notes = parse(zero | {"preset": ["adoption"], "search": ["bert"]})
    assert same(view, View(preset="adoption", search="bert"))
    assert notes == ["All weights are zero, so nothing can be ranked; the preset's weights are used instead."]


def test_the_last_of_repeated_values_counts():
    assert parse({"likes": ["3", "4"]})[0].weights == {"likes": 4}


def test_keys_of_single_pages_are_no_noise():
    assert parse({"model": ["a/b"], "compare": ["a/b", "c/d"]}) == (View(), [])


def test_more_pins_than_fit_are_said():
    view, notes = parse({"pin": [f"o/{n}" for n in range(12)] + ["o/0"]})
    assert view.pin == tuple(f"o/{n}" for n in range(10))
    assert notes == ["Only the first 10 pinned models are kept."]


# Filters

MODELS = frame(
    [
        {
            "id": "Qwen/Qwen3-8B",
            "owner": "Qwen",
            "provider": 2,
            "task": "text-generation",
            "license_class": "permissive",
        },
        {"id": "someone/qwen-[x]-ft", "owner": "someone", "provider": 0, "license_class": "custom"},
        {"id": "other/bert", "owner": "other", "provider": 1, "task": "fill-mask"},
        {"id": "gpt2"},
    ]
)


@pytest.mark.parametrize(
    ("view", "kept"),
    [
        ({}, [0, 1, 2, 3]),
        ({"search": "QWEN"}, [0, 1]),
        ({"search": "8b  qwen"}, [0]),
        ({"search": "[x]"}, [1]),
        ({"search": "  "}, [0, 1, 2, 3]),
        ({"search": "nothing like it"}, []),
        ({"task": "fill-mask"}, [2]),
        ({"license": "permissive"}, [0]),
        ({"publisher": "official"}, [0]),
        ({"publisher": "established"}, [2]),
        ({"publisher": "neither"}, [1]),
        ({"publisher": "SomeOne"}, [1]),
        ({"publisher": "nobody"}, []),
        ({"search": "qwen", "license": "custom"}, [1]),
    ],
)
def test_each_filter_says_whom_it_leaves_out(view, kept):
    out = left_out(View(**view), MODELS)
    assert set(out) == {name for name, value in view.items() if value.strip()}
    gone = np.logical_or.reduce([*out.values(), np.zeros(len(MODELS), dtype=bool)])
    assert list(np.flatnonzero(~gone)) == kept
