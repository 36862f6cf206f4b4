"""`published` gives the reference project's own tables, cell by cell; `documented` what plain arithmetic gives."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from data.organisations.month import before, load, months
from data.organisations.rollup import rollup
from scoring.output.export import TableId, risen, table_of
from scoring.scorecards import FURTHER, influence

PUBLISHED = Path(__file__).parents[1] / "fixtures" / "influence" / "published"
MONTHS = sorted(p.name for p in PUBLISHED.iterdir())
TABLES: dict[str, TableId] = {
    "overall": "overall",
    "data": "data",
    "model": "model",
    "infra": "system",
    "eval": "benchmark",
}
COLUMNS = {"infra": "system", "eval": "benchmark", "delta rank": "delta_rank"}
TOLERANCE = 1e-9


def read(month: str, name: str) -> dict[str, dict[str, str]]:
    with (PUBLISHED / month / f"{name}.csv").open(newline="") as file:
        return {row.pop("org"): row for row in csv.DictReader(file)}


@cache
def scored(month, method):
    return influence(rollup(load(month), method).facts, method, as_of=month)


def test_five_months_are_checked():
    assert len(MONTHS) == 5
    assert set(MONTHS) < set(months())


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("name", ["data", "model"])
def test_organisation_facts_equal_the_published_summaries(month, name):
    facts = rollup(load(month), "published").facts.to_pylist()
    wanted = read(month, f"{name}-summary")
    got = {row["id"]: {i: row[f"{name}_{i}"] for i in wanted[row["id"]]} for row in facts}
    assert got == {org: {i: float(v) for i, v in row.items()} for org, row in wanted.items()}


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("name", TABLES)
def test_published_tables_in_every_cell(month, name):
    now = scored(month, "published")
    earlier = before(month, months())
    table = table_of(now, TABLES[name])
    moved = risen(now, scored(earlier, "published") if earlier else None, TABLES[name])
    wanted = read(month, f"{name}-rank")
    assert set(wanted) == set(now.position)
    for org, row in wanted.items():
        n = now.position[org]
        got = dict(zip(table.columns, table.values[n], strict=True))
        got |= {"score": table.score[n], "rank": table.rank[n], "delta_rank": moved[n]}
        said = {COLUMNS.get(i, i): float(v) if v else np.nan for i, v in row.items()}
        said.setdefault("delta_rank", np.nan)  # the first month has no such column
        assert got == pytest.approx(said, abs=0, rel=0, nan_ok=True), (org, month)


def preference(row: dict) -> tuple:
    """Most downloads first; of equals one that has a modality, then by the labels."""
    unlabelled = row["modality"] in ("", "null", None)
    return -row["downloads_last_month"], unlabelled, row["modality"] or "", row["lifecycle"] or ""


def indicators(name: str) -> list[str]:
    row = next(iter(read(MONTHS[-1], f"{name}-rank").values()))
    return [i for i in row if i not in ("score", "rank", "delta rank")]


def plain_facts(loaded):
    """Merge, count and sum, row by row."""
    merged = defaultdict(list)
    for row in loaded.repositories.to_pylist():
        merged[row["kind"], row["org"], row["name"]].append(row)
    facts: dict[str, dict[str, float]] = {org: defaultdict(float) for org in loaded.ids}
    for (kind, org, _), rows in merged.items():
        if org not in facts:
            continue
        best = min(rows, key=preference)
        mine, dimension = facts[org], "data" if kind == "dataset" else "model"
        labels = [best["modality"]] + ([best["lifecycle"]] if kind == "dataset" else [])
        for label in labels:
            short = (label or "none").lower().replace("-", "")
            mine[f"{dimension}_num_{short}"] += 1
            mine[f"{dimension}_downloads_{short}"] += sum(max(r["downloads_last_month"], 0) for r in rows)
        for column, name in (
            ("dataset_usage", "data_dataset_usage"),
            ("descendants", "model_descendants"),
            ("likes", "model_likes"),
            ("community", "model_issue"),
        ):
            if name.startswith(dimension):
                mine[name] += sum(r[column] for r in rows if r[column] is not None and r[column] >= 0)
    for row in loaded.listed.to_pylist():
        for label in (row["modality"], row["lifecycle"]):
            if row["org"] in facts:
                facts[row["org"]][f"data_num_{(label or 'none').lower().replace('-', '')}"] += 1
    return facts


def plain_documented(month):
    """The design's words again, in plain Python and numpy: nothing of rollup, methods or influence is used."""
    loaded = load(month)
    by_hand = {row["id"]: row for row in loaded.facts.to_pylist()}
    orgs, facts = list(by_hand), plain_facts(loaded)
    dimensions = {}
    for name in ("data", "model", "infra", "eval"):
        ids = indicators(name)
        full = [f"{TABLES[name]}_{i}" for i in ids]
        x = np.array([[by_hand[o].get(i, facts[o][i]) for i in full] for o in orgs], dtype=float)
        low, high = x.min(axis=0), x.max(axis=0)
        with np.errstate(invalid="ignore"):
            scaled = np.where(high > low, (x - low) / (high - low), 0.5)
        dimensions[TABLES[name]] = scaled.mean(axis=1)
    return orgs, dimensions, np.mean(list(dimensions.values()), axis=0)


@pytest.mark.parametrize("month", ["2025-09-07", "2025-07-07"])
def test_documented_is_what_plain_arithmetic_gives(month):
    orgs, dimensions, score = plain_documented(month)
    facts = rollup(load(month)).facts
    now = influence(facts, weights=dict.fromkeys(FURTHER, 0.0))  # the indicators of the published tables alone
    assert [str(i) for i in now.ids] == orgs
    for d, category in enumerate(now.card.categories):
        np.testing.assert_allclose(now.category_values[:, d], dimensions[category.id], atol=TOLERANCE)
    np.testing.assert_allclose(now.total, score, atol=TOLERANCE)
    assert now.rank.tolist() == [1 + int(np.sum(score > s + 1e-12)) for s in score]


def test_the_method_alone_changes_who_is_first():
    """A known finding about the newest month: three readings, two winners."""
    first = {m: str(scored("2025-09-07", m).ids[scored("2025-09-07", m).order[0]]) for m in ("documented", "published")}
    assert first == {"documented": "BAAI", "published": "Meta"}
