"""What docs/believable.md tells of the bundled snapshot is what its command prints."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def report():
    return runpy.run_path(str(ROOT / "docs" / "believable.py"))


def test_reading_more_about_a_model_does_not_decide_its_place(report, bundled):
    common, groups = report["owed_to_reading"](bundled, "common")
    everything, _ = report["owed_to_reading"](bundled, "all")
    assert groups >= 5
    assert abs(common) < 0.1 < everything


def test_the_first_screen_that_was_read_is_the_one_that_is_shown(report, capsys):
    report["main"]()
    printed = capsys.readouterr().out
    written = (ROOT / "docs" / "believable.md").read_text("utf-8")
    first = printed.partition("First 20: ")[2].partition("\n")[0].split(", ")
    names = [entry.partition("/")[2].split()[0] for entry in first]
    assert len(names) == 20
    places = [written.find(name) for name in names[:10]]
    assert -1 not in places
    assert places == sorted(places)
