"""What a snapshot says of itself agrees with its own facts."""

import csv
import io
from dataclasses import replace

import pandas as pd
import pytest

from data.archive import read_parquet
from data.models import about
from data.models import snapshot as store
from data.models.facts import FACTS
from data.platforms.hub.ids import STEPS
from scoring.scorecards import MODEL


@pytest.fixture(scope="module")
def snapshot():
    return store.load()


def test_coverage_counts_what_the_table_of_facts_holds(snapshot):
    coverage = about.coverage(snapshot, MODEL).set_index("fact")
    assert set(coverage.index) == set(FACTS)
    for fact, row in coverage.iterrows():
        assert row["known"] == snapshot.facts[fact].notna().sum()
        assert row["share"] == pytest.approx(100 * row["known"] / len(snapshot.facts))
        assert (row["from"] is None or pd.isna(row["from"])) == (row["known"] == 0)
    for f in MODEL.factors:
        for fact in f.reads:
            assert f.label in str(coverage.loc[fact, "factors"])


def test_gaps_and_the_factors_that_nobody_has(snapshot):
    gaps = about.gaps(snapshot, MODEL).set_index("factor")
    for f in about.unknown_to_all(snapshot, MODEL):
        assert snapshot.facts[f.reads[0]].isna().all()
        assert gaps.loc[f.label, "share"] == 100
    assert {f.id for f in about.unknown_to_all(snapshot, MODEL)} == {"pull_requests", "hub_scan"}
    assert "Likes" not in gaps.index
    assert gaps["takes"].str.len().min() > 10
    assert gaps.loc["Hub scan", "live"] == "--with scan"
    steps = {option.removeprefix("--with ") for option in gaps["live"]} - {"the listing"}
    assert steps <= set(STEPS)


def test_half_of_the_facts_of_the_hub_are_of_the_middle_day_or_before(snapshot):
    own = {"provider", "name_risk", "looks_like", "lineage", "openness", "osai", "mof", "mteb", "citations"}
    table = read_parquet((snapshot.folder / "evidence.parquet").read_bytes()).to_pandas()
    days = table.loc[~table["fact"].isin(own), "as_of"].astype(str)
    middle = about.middle_day(snapshot)
    assert (days < middle).mean() < 0.5 <= (days <= middle).mean()
    assert snapshot.origins.days([]).total() == 0


def test_every_fact_of_a_factor_says_what_it_takes():
    assert {FACTS[f.reads[0]].keys[0] for f in MODEL.factors} <= set(about.TAKES)


def test_sources_say_licence_dates_and_counts(snapshot):
    sources = about.sources(snapshot)
    assert (sources["licence"] != "").all()
    assert (sources["from"] <= sources["to"]).all()
    assert sources["models"].between(1, len(snapshot.facts)).all()
    links = sources["url"].dropna()
    assert len(links)
    assert links.str.startswith("https://").all()


def test_curated_tables_are_all_described_and_dated():
    tables = about.curated().set_index("table")
    assert set(tables.index) == set(about.TABLES)
    assert (tables["rows"] > 0).all()
    assert set(tables.index[tables["date"].isna()]) == {"known_models.csv.gz"}


def test_the_citation_names_version_snapshot_and_hash(snapshot):
    said = about.citation(snapshot, MODEL, "9.9")
    for part in ("9.9", MODEL.version, snapshot.taken, f"{len(snapshot.facts):,}", "facts.parquet"):
        assert part in said
    assert dict(about.hashes(snapshot).to_numpy())["facts.parquet"] in said


def test_the_csv_says_unknown_and_starts_no_formula(snapshot):
    odd = snapshot.facts.head(3).copy()
    odd["license"] = pd.array(["=HYPERLINK(1)", "mit", None], dtype="string")
    rows = list(csv.DictReader(io.StringIO("".join(about.as_csv(replace(snapshot, facts=odd))))))
    assert [row["license"] for row in rows] == ["'=HYPERLINK(1)", "mit", "unknown"]
    assert [row["id"] for row in rows] == list(odd["id"])
    assert all(cell for row in rows for cell in row.values())


def test_the_parquet_is_the_file_of_the_snapshot(snapshot):
    whole = pd.read_parquet(io.BytesIO(about.as_parquet(snapshot)))
    assert list(whole["id"]) == list(snapshot.facts["id"])
