"""What the curated tables of organisations say of a month."""

import csv

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
    assert "too large" in late["system_contributors"]["Meta"].note


def test_openness_is_the_mean_of_the_parts_of_the_reviewed_models():
    own = [row for row in rows("openness.csv") if row["organisation"] == "LMSYS" and row["released"] <= "2025-09-07"]
    mean = sum(float(row[part]) for row in own for part in tables.PARTS) / len(own) / len(tables.PARTS)
    assert tables.facts("2025-09-07")["model_open_source_code"]["LMSYS"].value == pytest.approx(mean)
    assert "LMSYS" not in tables.facts("2020-01-01")["model_open_source_code"]


def test_compatibility_counts_chips():
    known = tables.facts("2025-09-07")["system_compatibility_testing"]["Microsoft"]
    assert (known.value, known.as_of) == (6, "2025-09-05")
    assert "Huawei Ascend" in known.note
