"""Where a model stands, in sentences."""

import pandas as pd

from scoring.engine import score
from scoring.scorecards import MODEL
from terminal.standing import headline, standing
from tests.records import frame


def test_a_headline_says_what_is_known_and_names_what_is_not():
    assert headline({"id": "a/b", "license_stated": False}, {}) == "a/b: task unknown, no licence stated."
    assert headline({"id": "a/b", "license_stated": pd.NA}, {}) == "a/b: task unknown, licence unknown."
    facts = {"task": "fill-mask", "license": "apache-2.0", "params": 7, "created": "2020-01-02", "age_at_least": True}
    assert (
        headline({"id": "a/b", **facts, "revision": "0f" * 20}, {"revision": "2025-11-27"})
        == "a/b: fill mask, Apache License 2.0, 7 parameters, created by 2 January 2020. "
        f"Revision {'0f' * 20}, read on 27 November 2025."
    )


def test_a_total_comes_with_its_interval_or_is_exact():
    facts = frame([{"id": "a/b", "likes": 3, "hub_scan": "safe"}, {"id": "c/d"}])
    scores = score(MODEL, facts, minimum_coverage=0)
    _, total = standing(scores, 0, facts)
    assert f"between {scores.low[0]:.0f} and {scores.high[0]:.0f} by what is unknown." in total
    verdict, total = standing(scores, 1, facts)
    assert verdict == "It has no total, because nothing that counts is known about it."
    assert total == "Total unknown. Evidence: listing, 0% of the full scorecard."
