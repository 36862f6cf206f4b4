"""Activity by hand."""

import pytest

from scoring.engine import score
from scoring.scorecards import MODEL
from tests.records import frame


@pytest.mark.parametrize(("fact", "top"), [("discussions", 300), ("pull_requests", 100)])
def test_threads_count_in_steps_of_magnitude(fact, top):
    scores = score(MODEL, frame({fact: n} for n in (0, top, 10 * top, None)))
    j = [f.id for f in MODEL.factors].index(fact)
    assert list(scores.scaled.value[:, j]) == pytest.approx([0, 1, 1, float("nan")], nan_ok=True)


def test_nothing_known_of_activity_leaves_the_total_to_the_others():
    quiet, silent = score(MODEL, frame([{"likes": 9, "discussions": 0}, {"likes": 9}])).by_category["activity"]
    assert (quiet, silent) == (pytest.approx(100 * 0.25 * 10 / 40), 0)
