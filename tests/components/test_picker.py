"""Who a page is about is what its link asks for, found whatever the case of its letters."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from components import picker
from data.models import build

FOUND = "a/b", "C/d"


def _one():
    from pathlib import Path

    import streamlit as st

    from components import picker
    from data.models import snapshot

    asked, model = picker.one(snapshot.load(within=Path(st.session_state["built"])))
    st.text(f"{asked}|{model}")


def _some():
    from pathlib import Path

    import streamlit as st

    from components import picker
    from data.models import snapshot

    found, in_vain = picker.some(snapshot.load(within=Path(st.session_state["built"])))
    st.text(f"{found}|{in_vain}")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    into = tmp_path_factory.mktemp("built")
    build.build([{"id": one} for one in FOUND], date(2026, 10, 8), into=into)
    return into


def opened(page, built, **query):
    app = AppTest.from_function(page)
    app.session_state["built"] = str(built)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


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
def test_one_is_found_by_its_id_in_the_link(built, link, said):
    app = opened(_one, built, model=link)
    assert app.text[0].value == said


def test_some_are_found_in_their_order_and_the_others_named(built):
    app = opened(_some, built, compare=["C/d", "no/one", "A/B", "a/b"])
    assert app.text[0].value == "['C/d', 'a/b']|['no/one']"
