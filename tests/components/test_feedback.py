"""Feedback goes where the host says, by a link and by a code that holds the same address."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from components import feedback

ROOT = Path(__file__).resolve().parents[2]


def test_feedback_goes_where_the_host_says(monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_FEEDBACK", "https://example.org/feedback")
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert app.get("link_button")[-1].proto.url == "https://example.org/feedback"


def test_each_address_has_a_code_of_its_own():
    drawn = feedback.code("https://example.org/feedback")
    assert drawn.startswith("<svg")
    assert drawn != feedback.code("https://example.org/other")
