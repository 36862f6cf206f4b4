"""The frame of a page: dates as people write them, and a last line that says from what it was made."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import frame

ROOT = Path(__file__).resolve().parents[2]


def opened():
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()


@pytest.mark.parametrize(("iso", "written"), [("2026-10-08", "8 October 2026"), ("", ""), ("soon", "soon")])
def test_days_are_written_as_people_write_them(iso, written):
    assert frame.day(iso) == written


def test_the_footer_names_version_snapshot_and_dates(bundled):
    line = opened().main.caption[-1].value.replace("\\", "")
    assert f"Weighbridge {frame.version()}" in line
    assert frame.day(bundled.taken) in line
    assert frame.version() in (ROOT / "pyproject.toml").read_text()


def test_the_span_is_that_of_all_facts(bundled):
    first, last = frame.span(bundled)
    assert first < last == bundled.taken
