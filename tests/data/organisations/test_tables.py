"""What the curated tables of organisations say of a month."""

import csv
from typing import Any

import pytest

from data.curated import tables as curated
from data.organisations import tables
from data.organisations.month import CURATED, load, months

TABLES = ("openness.csv", "code_activity.csv", "compatibility.csv")


def rows(name: str) -> list[dict[str, str]]:
    with (CURATED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", TABLES)
def test_every_row_is_of_a_ranked_organisation(name):
    known = set(load().ids)
    for row in rows(name):
        assert row["organisation"] in known


def test_every_organisation_has_its_pages():
    assert set(load().ids) - set(curated.organisations()) <= {"Baidu"}


@pytest.mark.parametrize("month", months())
def test_half_of_the_organisations_are_known_in_every_month(month):
    ids = load(month).ids
    for fact in ("model_open_source_code", "model_contributors"):
        known = [org for org, one in tables.facts(month)[fact].items() if one.value is not None and org in ids]
        assert 2 * len(known) >= len(ids), fact


def test_a_history_that_was_not_read_for_long_says_nothing():
    early, late = tables.facts("2024-12-13"), tables.facts("2025-09-07")
    assert early["model_contributors"]["Princeton NLP"].value is not None
    gone = late["model_contributors"]["Princeton NLP"]
    assert (gone.value, "last read on" in gone.note) == (None, True)
    assert "pytorch/pytorch (its history is too large" in late["system_contributors"]["Meta"].note
    assert "collect organisations" in late["model_merged_pull_requests"]["Meta"].note


def test_what_a_collection_counted_comes_before_an_older_history():
    old = tables.facts("2025-09-07")["model_contributors"]["Falcon"]
    own = {"organisation": "Falcon", "dimension": "model", "repository": "https://github.com/tiiuae/Falcon-H1"}
    row: dict[str, Any] = own | {"as_of": "2026-11-20", "source": "GitHub", "note": ""}
    row |= {"commits_last_year": 12, "authors_last_year": 3, "merged_last_year": ""}
    new = tables.facts("2026-11-28", [row])
    found = new["model_contributors"]["Falcon"]
    assert (found.value, found.source, found.as_of) == (3, "GitHub", "2026-11-20")
    assert found.note == "in the twelve months before: tiiuae/Falcon-H1 (3 authors, 12 commits)"
    assert old.value is not None
    assert old.source == "git history"
    assert new["model_merged_pull_requests"]["Falcon"].value is None
    failed = row | {"commits_last_year": "", "authors_last_year": "", "note": "quota used up"}
    unread = tables.facts("2026-11-28", [failed])["model_contributors"]["Falcon"]
    assert (unread.value, unread.note) == (
        None,
        f"not counted in tiiuae/Falcon-H1 (quota used up); {tables.REFRESH} asks its forge",
    )


def test_openness_is_the_mean_of_the_parts_of_the_reviewed_models():
    own = [row for row in rows("openness.csv") if row["organisation"] == "BAAI" and row["released"] <= "2025-09-07"]
    mean = sum(float(row[part]) for row in own for part in tables.PARTS) / len(own) / len(tables.PARTS)
    assert tables.facts("2025-09-07")["model_open_source_code"]["BAAI"].value == pytest.approx(mean)


def test_no_review_alone_decides_how_open_an_organisation_is():
    few = tables.facts("2025-09-07")["model_open_source_code"]
    assert (few["LMSYS"].value, few["LMSYS"].note) == (None, "2 models reviewed, and a mean takes 3")
    assert tables.facts("2020-01-01")["model_open_source_code"]["LMSYS"].note == "none of its models was reviewed"
    assert tables.nothing("model_open_source_code").note == "none of its models was reviewed"


def test_compatibility_counts_chips():
    known = tables.facts("2025-09-07")["system_compatibility_testing"]["Microsoft"]
    assert (known.value, known.as_of) == (6, "2025-09-05")
    assert "Huawei Ascend" in known.note
