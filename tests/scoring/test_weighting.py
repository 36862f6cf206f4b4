"""Weights in a file: what was saved is loaded, and whatever else is in a file is refused in a sentence."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.methods import METHODS
from scoring.scorecards import MODEL, PRESETS
from scoring.view import ModelView, OrganisationView
from scoring.weighting import MOST_BYTES, UNNAMED, loaded, saved

finite = st.floats(0, 100).filter(lambda weight: weight != 0)
weights = st.dictionaries(st.sampled_from(sorted(MODEL.weights())), finite, max_size=6)


@given(st.sampled_from(sorted(PRESETS)), weights, st.text(max_size=40))
def test_what_was_saved_is_loaded(preset, moved, name):
    usual = ModelView(preset=preset).usual
    view = ModelView(preset=preset, weights={i: w for i, w in moved.items() if w != usual[i]})
    assert loaded(ModelView, saved(view, name)) == (" ".join(name.split()) or UNNAMED, view, "")


@pytest.mark.parametrize("method", METHODS)
def test_the_weights_of_organisations_have_their_method(method):
    view = OrganisationView(method=method, weights={"data": 3.5})
    assert loaded(OrganisationView, saved(view, "x")) == ("x", view, "")


def changed(**more):
    return json.dumps(json.loads(saved(ModelView(weights={"security": 50.0}), "x")) | more)


REFUSED = {
    "no text": ("", "not JSON"),
    "too deep": ("[" * 90_000, "not JSON"),
    "a list": ("[]", "holds no weights"),
    "no weights": ('{"name": "x"}', "holds no weights"),
    "too large": (" " * MOST_BYTES + "{}", "too large"),
    "another scorecard": (changed(scorecard="organisation"), "is for the scorecard “organisation”"),
    "a foreign key": (changed(evil=1), "“evil” is no part"),
    "a name that is none": (changed(name=[1]), "not a text"),
    "weights that are none": (changed(weights=[1]), "not names with numbers"),
    "a foreign weight": (changed(weights={"charm": 1}), "“charm” to weigh"),
    "a setting as a weight": (changed(weights={"search": 1}), "“search” to weigh"),
    "a text as a weight": (changed(weights={"security": "9"}), "security is not a number"),
    "true as a weight": (changed(weights={"security": True}), "security is not a number"),
    "not a number": (changed(weights={"security": float("nan")}), "not a number from 0 to 100"),
    "infinite": (changed(weights={"security": float("inf")}), "not a number from 0 to 100"),
    "too large a number": (changed(weights={"security": 10**400}), "not a number from 0 to 100"),
    "negative": (changed(weights={"security": -1}), "not a number from 0 to 100"),
    "no such preset": (changed(preset="best"), "not one of"),
    "nothing weighs": (changed(weights=dict.fromkeys((c.id for c in MODEL.categories), 0)), "All weights are zero"),
}


@pytest.mark.parametrize(("text", "sentence"), REFUSED.values(), ids=list(REFUSED))
def test_whatever_else_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(ValueError, match=sentence) as refused:
        loaded(ModelView, text)
    assert str(refused.value).endswith(".")


@settings(max_examples=30)
@given(st.recursive(st.none() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_no_json_breaks_it(value):
    with pytest.raises(ValueError, match=r"\.$"):
        loaded(ModelView, json.dumps(value))


def test_an_older_scorecard_is_noted():
    assert "saved under version “1.0” of the scorecard" in loaded(ModelView, changed(version="1.0"))[2]
