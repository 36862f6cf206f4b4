"""A view as code stands beside the link of the page."""

from streamlit.testing.v1 import AppTest

from scoring.output.code import command, python
from scoring.view import ModelView


def page():
    from components.copy_code import copy_code
    from scoring.view import ModelView

    copy_code(ModelView(weights={"security": 60.0}), "2026-10-08", "a/b")


def test_both_are_shown_to_be_copied():
    app = AppTest.from_function(page).run()
    view = ModelView(weights={"security": 60.0})
    shown = [block.value for block in app.code]
    assert shown == [command(view, "2026-10-08", "a/b"), python(view, "2026-10-08", "a/b").strip()]
