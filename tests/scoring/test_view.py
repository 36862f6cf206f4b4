"""A view and its link say the same; whatever a link holds, it loads, and what was ignored is said."""

import math
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.columns import CHOICES, COLUMNS
from scoring.filters import BITS, CONTEXTS, EVIDENCE_LEVELS, MEMORIES, OPENNESS, PERIODS, SIZES
from scoring.scorecards import MODEL, PRESETS
from scoring.tasks import TASK_GROUPS
from scoring.types import UNKNOWN_POLICIES, YARDSTICK_KINDS
from scoring.view import MOST_PINS, ModelView
from tests import independent

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)


def several(one):
    return st.lists(one, max_size=3, unique=True).map(tuple)


weight = st.one_of(st.integers(0, 100).map(float), st.floats(0.01, 100))
views = st.builds(
    ModelView,
    preset=st.sampled_from(list(PRESETS)),
    weights=st.dictionaries(st.sampled_from(list(MODEL.weights())), weight.filter(bool), max_size=8),
    unknown=st.sampled_from(UNKNOWN_POLICIES),
    yardstick=st.sampled_from(YARDSTICK_KINDS),
    min_coverage=st.floats(0, 1),
    cap=st.booleans(),
    search=words,
    task_group=several(st.sampled_from(list(TASK_GROUPS))),
    task=several(words.filter(bool)),
    license=several(st.sampled_from(list(independent.LICENCES))),
    publisher=several(words.filter(bool)),
    params=st.sampled_from(["", *SIZES]),
    memory=st.sampled_from(["", *MEMORIES]),
    bits=st.sampled_from(BITS),
    context=st.sampled_from(["", *CONTEXTS]),
    library=several(words.filter(bool)),
    evidence=several(st.sampled_from(list(EVIDENCE_LEVELS))),
    changed=st.sampled_from(["", *PERIODS]),
    openness=several(st.sampled_from(list(OPENNESS))),
    results_by=several(words.filter(bool)),
    hide_flagged=st.booleans(),
    columns=several(st.sampled_from(list(CHOICES))),
    sort=st.sampled_from(list(COLUMNS)),
    reverse=st.booleans(),
    snapshot=st.sampled_from(["", "2026-10-08"]),
    pin=st.lists(words.filter(bool), max_size=MOST_PINS, unique=True).map(tuple),
)


def from_link(link):
    return ModelView.parse(parse_qs(link, keep_blank_values=True))


def same(one, other):
    weights = one.usual | dict(one.weights), other.usual | dict(other.weights)
    names = [name for name in one.__dataclass_fields__ if name != "weights"]
    return weights[0] == weights[1] and all(getattr(one, name) == getattr(other, name) for name in names)


def test_the_usual_view_has_an_empty_link():
    assert ModelView().query() == {}
    assert ModelView().card == MODEL
    assert ModelView.parse({}) == (ModelView(), [])


def test_a_value_equal_to_its_preset_is_left_out():
    assert ModelView(preset="adoption", weights={"popularity": 60, "likes": 2}).query() == {
        "preset": "adoption",
        "likes": "2",
    }


@given(views)
def test_a_link_brings_the_same_view_back(view):
    query = urlencode(view.query(), doseq=True)
    back, notes = ModelView.parse(parse_qs(query, keep_blank_values=True))
    assert notes == []
    assert same(view, back)
    assert back.card.weights() == view.card.weights()


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
    view, notes = ModelView.parse(params)
    assert sum(view.card.shares().values()) == pytest.approx(1)
    assert all(math.isfinite(w) and 0 <= w <= 100 for w in view.card.weights().values())
    assert 0 <= view.min_coverage <= 1
    assert len(view.pin) <= MOST_PINS
    for note in notes:
        assert note.endswith(".")
        assert len(note) < 250
        assert all(c.isprintable() for c in note)
    # what was read can be linked again, without a note
    assert from_link(urlencode(view.query(), doseq=True))[1] == []


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
        ("license", "free", "There is no licence “free”; there are permissive, weak_copyleft, "),
        ("memory", "12", "memory=“12” is not one of 8, 16, 24, 80."),
        ("evidence", "all", "There is no evidence “all”; there are whole_dossier, card_and_files, listing."),
        ("sort", "like", "sort=“like” is not known; the nearest are likes"),
        ("columns", "lisence", "There is no column “lisence”; the nearest are license"),
        ("hide_flagged", "maybe", "hide_flagged=“maybe” is neither true nor false."),
        ("cap", "maybe", "cap=“maybe” is neither true nor false."),
        ("flavour", "red", "“flavour” is not a setting of this app."),
        ("c\x1bolour" + "x" * 99, "red", "“colour" + "x" * 33 + "…” is not a setting of this app."),
    ],
)
def test_what_cannot_be_understood_is_ignored_and_said(key, value, said):
    view, notes = ModelView.parse({key: [value], "activity": ["7"]})
    assert same(view, ModelView(weights={"activity": 7}))
    assert len(notes) == 1
    assert notes[0].startswith(said)


def test_a_link_with_a_single_value_is_one_of_several():
    view, notes = ModelView.parse({"license": ["permissive"], "task": ["fill-mask"], "publisher": ["Qwen"]})
    assert (view.license, view.task, view.publisher, notes) == (("permissive",), ("fill-mask",), ("Qwen",), [])
    offered = {"results_by": ["A board", "its own card"]}
    view, notes = ModelView.parse(
        {"results_by": ["its own card, A board"], "license": ["custom", "Permissive"]}, offered
    )
    assert (view.results_by, view.license, notes) == (("its own card", "A board"), ("custom", "permissive"), [])


def test_the_words_of_a_closed_list_are_found_by_how_they_begin():
    view, notes = ModelView.parse({"evidence": ["Whole dossier"], "license": ["weak"]})
    assert (view.evidence, view.license, notes) == (("whole_dossier",), ("weak_copyleft",), [])


def test_all_weights_zero_keeps_the_preset():
    zero = {c: ["0"] for c in independent.CATEGORIES}
    view, notes = ModelView.parse(zero | {"preset": ["adoption"], "search": ["bert"]})
    assert same(view, ModelView(preset="adoption", search="bert"))
    assert notes == ["All weights are zero, so nothing can be ranked; the preset's weights are used instead."]


def test_the_last_of_repeated_values_counts():
    assert ModelView.parse({"likes": ["3", "4"]})[0].weights == {"likes": 4}


def test_more_pins_than_fit_are_said():
    view, notes = ModelView.parse({"pin": [f"o/{n}" for n in range(12)] + ["o/0"]})
    assert view.pin == tuple(f"o/{n}" for n in range(10))
    assert notes == ["Only the first 10 pinned models are kept."]


# Scores


def test_a_category_slider_blends_nothing_again(bundled):
    first = ModelView().score(bundled)
    moved = ModelView(weights={"popularity": 77.0}).score(bundled)
    assert moved.blended is first.blended
    assert moved.scaled is first.scaled
    assert moved.total.tolist() != first.total.tolist()


def test_a_factor_slider_blends_again_and_scales_nothing(bundled):
    first = ModelView().score(bundled)
    moved = ModelView(weights={"downloads": 7.0}).score(bundled)
    assert moved.blended is not first.blended
    assert moved.scaled is first.scaled
    assert ModelView(unknown="skip").score(bundled).blended is not first.blended
    assert ModelView(yardstick="population").score(bundled).scaled is not first.scaled


def test_no_slider_changes_who_is_ranked(bundled):
    first = ModelView().score(bundled)
    moved = ModelView(weights={"popularity": 0.0, "hub_scan": 9.0}).score(bundled)
    assert (moved.ranked <= first.ranked).all()
    lost = first.ranked & ~moved.ranked
    assert all(v != v for v in moved.total[lost]), "only a model of which nothing that counts is known loses its rank"


@pytest.mark.parametrize("count", ["common", "all"])
def test_all_weights_zero_is_refused_with_a_sentence(bundled, count):
    with pytest.raises(ValueError, match="All weights are zero"):
        ModelView(count=count, weights=dict.fromkeys(ModelView().usual, 0.0)).score(bundled)


def test_what_a_snapshot_does_not_have_is_ignored_with_a_note():
    offered = {"task": ["fill-mask"], "license": ["permissive", "custom"], "pin": ["a/b"]}
    params = {"task": ["fill-masks"], "license": ["non_commercial"], "pin": ["A/B", "c/d"]}
    view, notes = ModelView.parse(params, offered)
    assert view == ModelView(pin=("a/b",))
    assert notes == [
        "There is no task “fill-masks”; the nearest is fill-mask.",
        "There is no licence “non_commercial”; there are permissive, custom.",
        "There is no model “c/d”.",
    ]
