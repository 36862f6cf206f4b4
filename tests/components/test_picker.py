"""The search finds what was meant, and says nothing where nothing is near."""

import pytest
from streamlit.testing.v1 import AppTest

from components import picker

MODELS = [
    "openai/whisper-large-v3",
    "openai/whisper-large-v3-turbo",
    "openai/whisper-tiny",
    "google-bert/bert-base-uncased",
    "sentence-transformers/all-MiniLM-L6-v2",
    "Qwen/Qwen3-8B",
]


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("openai/wisper-large-v3", "openai/whisper-large-v3"),
        ("OPENAI/WHISPER-TINY", "openai/whisper-tiny"),
        ("whisper", "openai/whisper-large-v3"),
        ("bert-base-uncased", "google-bert/bert-base-uncased"),
        ("bert-base", "google-bert/bert-base-uncased"),
        ("all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"),
        ("qwen/qwen3", "Qwen/Qwen3-8B"),
    ],
)
def test_the_nearest_name_is_the_one_that_was_meant(asked, first):
    assert picker.nearest(asked, MODELS)[0] == first


@pytest.mark.parametrize("asked", ["zzzzqqqq", "<script>alert(1)</script>", "x" * 5000, "\ud800", "日本語"])
def test_nothing_is_near_to_nonsense(asked):
    assert picker.nearest(asked, MODELS) == []


def test_no_more_than_was_asked_for():
    assert len(picker.nearest("openai/whisper-large-v3", MODELS, 2)) == 2


def _one():
    import streamlit as st

    from components import picker

    asked, model = picker.one(["a/b", "C/d"])
    st.text(f"{asked}|{model}")


def _some():
    import streamlit as st

    from components import picker

    found, in_vain = picker.some(["a/b", "C/d"])
    st.text(f"{found}|{in_vain}")


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("a/b", "a/b|a/b"),
        ("c/D", "c/D|C/d"),
        ("no/one", "no/one|"),
        ("", "|"),
        ("x" * 500, f"{'x' * (picker.LONGEST_ID - 1)}…|"),
    ],
)
def test_one_is_found_by_its_id_in_the_link(link, said):
    app = AppTest.from_function(_one)
    app.query_params["model"] = link
    assert app.run().text[0].value == said


def test_a_choice_is_made_and_taken_back():
    app = AppTest.from_function(_one).run()
    app.selectbox(key="model").select("C/d").run()
    assert app.text[0].value == "C/d|C/d"
    app.selectbox(key="model").set_value(None).run()
    assert app.text[0].value == "|"


def test_some_are_found_in_their_order_and_the_others_named():
    app = AppTest.from_function(_some)
    app.query_params["compare"] = ["C/d", "no/one", "A/B", "a/b"]
    assert app.run().text[0].value == "['C/d', 'a/b']|['no/one']"
