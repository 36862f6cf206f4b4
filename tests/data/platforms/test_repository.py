"""Downloads of a month from two totals: only where they lie about a month apart, and never below zero."""

import pytest

from data.platforms.repository import monthly, with_month

NOW = "2026-11-22"


def test_the_difference_of_two_totals_with_both_dates():
    found = monthly({"2026-10-23": 1000, "2026-11-22": 1234}, NOW)
    assert found.downloads == 234
    assert "2026-10-23" in found.evidence
    assert "2026-11-22" in found.evidence


def test_the_total_nearest_to_thirty_days_counts():
    totals = {"2026-09-01": 0, "2026-10-20": 900, "2026-10-24": 950, "2026-11-20": 999, "2026-11-22": 1000}
    assert monthly(totals, NOW).downloads == 50


@pytest.mark.parametrize(
    "totals",
    [
        {"2026-11-22": 5, "2026-12-20": 9},
        {"2026-11-22": 5},
        {"2026-11-21": 5, "2026-11-22": 9},
        {"2026-01-01": 5, "2026-11-22": 9},
    ],
    ids=["only a later one", "one", "too near", "too far"],
)
def test_without_a_second_total_from_about_a_month_ago_it_is_unknown(totals):
    found = monthly(totals, NOW)
    assert found.downloads is None
    assert found.evidence.endswith(".")


def test_a_total_that_shrank_is_unknown_and_named():
    found = monthly({"2026-10-23": 1000, "2026-11-22": 999}, NOW)
    assert found.downloads is None
    assert "shrank" in found.evidence


def test_a_month_without_downloads_is_a_measured_zero():
    assert monthly({"2026-10-23": 1000, "2026-11-22": 1000}, NOW).downloads == 0


def test_a_later_total_changes_no_earlier_month():
    row = {"total_downloads": 100, "date_crawl": "2026-10-10", "downloads_last_month": None}
    later = {"2026-11-10": 900}
    assert with_month(row, later)["downloads_last_month"] is None
    assert with_month(row, later | {"2026-09-10": 60})["downloads_last_month"] == 40
    counted = row | {"downloads_last_month": 7}
    assert with_month(counted, later) == counted
