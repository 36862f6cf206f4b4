"""The downloaded ranking: all rows, numbers as numbers, and no cell that a spreadsheet would run."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine import score
from scoring.output.export import as_csv, harmless, ranking_csv
from scoring.scorecards import MODEL


@pytest.fixture(scope="module")
def facts(bundled):
    return bundled.facts


@pytest.fixture(scope="module")
def scores(facts):
    return score(MODEL, facts)


@pytest.fixture(scope="module")
def table(scores, facts):
    return pd.read_csv(io.StringIO("".join(ranking_csv(scores, facts, scores.order))), keep_default_na=False)


def test_every_model_is_in_it_in_order_with_every_category_and_factor(table, scores):
    assert table["id"].tolist() == scores.ids[scores.order].tolist()
    wanted = {"rank", "total", "low", "high", "uncapped", "capped_by", "coverage", "at_least", "flags"}
    assert wanted | {c.id for c in MODEL.categories} | {f.id for f in MODEL.factors} < set(table.columns)


def test_numbers_stay_numbers_and_unknown_is_a_word(table, scores, facts):
    assert pd.to_numeric(table["total"], errors="coerce").to_numpy() == pytest.approx(
        scores.total[scores.order], abs=1e-5, nan_ok=True
    )
    downloads = facts["downloads_30d"].iloc[scores.order].reset_index(drop=True)
    assert (table["downloads"] == "unknown").tolist() == downloads.isna().tolist()
    known = downloads.notna()
    assert table["downloads"][known].astype(int).tolist() == downloads[known].astype(int).tolist()
    assert not (table == "").any()[[f.id for f in MODEL.factors]].any()
    assert "not applicable" in set(table["base_model_info"])


def test_lower_bounds_and_flags_are_named(table, facts):
    full = set(facts["id"][facts["spaces_at_least"].fillna(False)])
    assert set(table["id"][table["at_least"].str.split().map(lambda said: "spaces" in said)]) == full
    runs_code = set(facts["id"][facts["remote_code"].fillna(False)])
    assert set(table["id"][table["flags"].str.split().map(lambda said: "remote_code" in said)]) == runs_code


def test_some_rows_are_only_those_rows(scores, facts):
    rows = scores.order[5:8]
    said = list(csv.DictReader(io.StringIO("".join(ranking_csv(scores, facts, rows)))))
    assert [r["id"] for r in said] == scores.ids[rows].tolist()
    assert "".join(ranking_csv(scores, facts, rows[:0])).startswith("rank,rank_shown,id,")


def test_the_rank_among_those_shown_stands_beside_the_rank_in_all(scores, facts):
    shown, last_first = scores.order[3:30:3], scores.order[3:30:3][::-1]
    mask = np.isin(np.arange(len(scores)), shown)
    for rows, among in ((shown, None), (last_first, mask), (shown[2:4], mask)):
        read = list(csv.DictReader(io.StringIO("".join(ranking_csv(scores, facts, rows, among)))))
        assert [r["rank"] for r in read] == [f"{scores.rank[n]:.0f}" for n in rows]
        assert [r["rank_shown"] for r in read] == [f"{scores.rank_among(shown)[n]:.0f}" for n in rows]


def test_a_hostile_id_is_text_in_a_spreadsheet(facts):
    odd = facts.head(1).copy()
    odd["id"] = '=HYPERLINK("http://example.org";"x")'
    (row,) = csv.DictReader(io.StringIO("".join(ranking_csv(score(MODEL, odd), odd, np.array([0])))))
    assert row["id"].startswith("'=")


@given(st.text(max_size=20), st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", " =", "\uff1d"]))
def test_no_cell_begins_as_a_formula(rest, start):
    assert str(harmless(start + rest)).startswith("'")


@given(st.integers() | st.floats(allow_nan=False))
def test_numbers_are_left_alone(number):
    assert harmless(number) == number


def test_tables_of_organisations_stand_one_below_the_other_and_are_as_harmless():
    tables: list[list[dict]] = [[{"org": "=cmd", "score": 0.1}], [{"org": "b", "score": None, "rank": -1}]]
    assert as_csv(tables) == "org,score,rank\n'=cmd,0.1,\nb,,-1\n"
    assert as_csv([[]], ["org", "score"]) == "org,score\n"
