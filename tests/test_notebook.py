"""The notebooks run from start to end in a fresh kernel, with the same public calls as the pages."""

import re
from itertools import pairwise

import pytest

from tests import notebooks


@pytest.fixture(scope="module", params=notebooks.NOTEBOOKS, ids=lambda path: path.stem)
def pair(request):
    """A notebook as it is kept, and as a fresh kernel runs it."""
    return notebooks.read(request.param), notebooks.executed(request.param)


def test_runs_without_an_error_or_a_warning(pair):
    given = [output for cell in notebooks.outputs(pair[1]) for output in cell]
    assert not [o for o in given if o.output_type == "error"]
    assert not [o.text for o in given if o.get("name") == "stderr"]


def test_is_kept_with_what_it_gives_today(pair):
    kept, today = map(notebooks.texts, pair)
    assert kept == today, "run `make notebooks` and look at what changed"


def test_shows_rankings_as_tables_and_charts_as_charts(pair):
    shown = [o.data for cell in notebooks.outputs(pair[1]) for o in cell if "data" in o]
    assert any(re.search(r"in the (snapshot|month) of", data.get("text/html", "")) for data in shown)
    assert sum(notebooks.FIGURE in data for data in shown) >= 2


def test_a_sentence_stands_before_every_table(pair):
    for before, cell in pairwise(pair[0].cells):
        if any("<table" in output.get("data", {}).get("text/html", "") for output in cell.get("outputs", ())):
            assert before.cell_type == "markdown"


def test_is_kept_without_the_times_and_versions_of_whoever_ran_it(pair):
    assert not [cell.metadata for cell in pair[0].cells if cell.metadata]
    assert pair[0].metadata["language_info"] == {"name": "python"}
