"""What every factor owes: a declaration that can be read, measured and scored, on any table that narwhals takes."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from data.archive import read_parquet
from data.models.schema import FACTS
from scoring.engine import fit, measure, scale, score
from scoring.scorecards import MODEL
from scoring.types import Category, Scorecard
from tests import independent
from tests.records import UNKNOWN, arrow, frame

# The factor lists of the seed, line by line; a line may have more than one factor, none may have none.
SEED_LINES = {
    "popularity": [
        *("Number of downloads", "Number of likes", "Published papers", "GitHub repository"),
        "Number of spaces using the model",
    ],
    "activity": ["Discussion posts", "Pull requests"],
    "operational": [
        *("Reputable provider", "Model age", "Authorization requirements", "Gated models", "License information"),
        *("License type", "Metric information", "Dataset information", "Base model information"),
        *("Training data, fine-tuning, and alignment training information", "Evaluation results"),
    ],
    "security": [
        *("Example code availability", "Use of safe tensors", "Use of potentially unsafe files"),
        "Typosquatting risks",
    ],
}
ROWS: list[dict[str, Any]] = [
    {},
    {"downloads_30d": 12, "likes": 0, "spaces": 100, "spaces_at_least": True, "papers": 1, "papers_at_least": False},
    {"github_repo": True, "discussions": 3, "pull_requests": 10**12, "provider": 1, "age_days": 30},
    {"age_days": 4000, "days_since_update": 1700, "age_at_least": True, "authorization": "manual", "gated": True},
    {
        "license_stated": True,
        "license_in_metadata": True,
        "card_topics": 3,
        "license_class": "custom",
        "metric_info": False,
        "dataset_info": True,
        "papers": 9,
    },
    {
        "license_stated": False,
        "license_in_metadata": False,
        "training_info": True,
        "evaluation_results": False,
        "gated": False,
        "provider": 0,
    },
    {"lineage": "original", "weight_formats": "no_weights", "unsafe_level": "none", "unsafe_files": 0},
    {
        "lineage": "derivative",
        "base_model_info": True,
        "base_model_in_metadata": True,
        "weight_formats": "mixed",
        "unsafe_level": "beside_safe",
    },
    {"hub_scan": "unsafe", "example_code": True, "remote_code": False, "name_risk": "high"},
    {"weight_formats": "a word of tomorrow", "hub_scan": "unscanned", "authorization": "", "license_class": "?"},
]
every_factor = pytest.mark.parametrize("factor", MODEL.factors, ids=lambda f: f.id)


def alone(factor):
    category = Category(id="alone", label="Alone", factors=(factor,))
    return Scorecard(id="alone", title="Alone", version="1", subject="model", categories=(category,))


def scaled(factor, table):
    card = alone(factor)
    measured = measure(card, table)
    return scale(card, measured, fit(card, measured, "goalposts", ""))


def test_every_line_of_the_seed_has_a_factor_in_its_category():
    for category, lines in SEED_LINES.items():
        here = {c.id: c for c in MODEL.categories}[category].factors
        assert not set(lines) - {f.seed for f in here}, category
        # what is none of these lines is marked as added, or is another side of a line of Operational
        more = {f.seed for f in here} - set(lines)
        assert all(seed.startswith("(+)") or seed in SEED_LINES["operational"] for seed in more), more


def test_the_categories_stand_in_the_order_of_the_design():
    assert [c.id for c in MODEL.categories] == list(independent.CATEGORIES)
    assert len({c.colour for c in MODEL.categories}) == len(MODEL.categories)
    assert [f.id for f in MODEL.factors] == list(independent.FACTORS)
    assert len(MODEL.factors) == 26


@every_factor
def test_it_reads_facts_that_a_source_gives(factor):
    assert factor.reads
    assert set(factor.reads) <= set(FACTS)
    assert len(set(factor.reads)) == len(factor.reads)


@every_factor
def test_it_can_be_read_by_a_person(factor):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", factor.id)
    assert factor.label
    assert factor.label[0].isupper()
    assert re.fullmatch(r"[A-Z][^?]*\?", factor.question)
    assert factor.why.endswith(".")
    # what only grows with use, and who may have it, is no owner's to improve: advice on it would be advice to game
    nobodys = {"downloads", "likes", "spaces", "papers", "discussions", "pull_requests", "authorization", "gated"}
    assert factor.remedy.endswith(".") is (factor.id not in nobodys)
    assert factor.seed.removeprefix("(+) ") in {line for lines in SEED_LINES.values() for line in lines}
    assert "trusted" not in (factor.question + factor.why + factor.remedy).lower()
    assert "malicious" not in (factor.question + factor.why + factor.remedy).lower()


@every_factor
def test_its_scale_is_declared(factor):
    _, _, curve, top, _ = independent.FACTORS[factor.id]
    assert factor.low < factor.high
    assert (factor.low, factor.high) == (0, top)
    assert factor.curve == {"fixed": "levels" if factor.levels else "yes_no"}.get(curve, curve)
    assert factor.better == ("lower" if factor.id in ("gated", "remote_code") else "higher")
    if factor.levels:
        assert all(0 <= level <= 1 for level in factor.levels.values())
        assert max(factor.levels.values()) == 1


@every_factor
def test_it_needs_exactly_the_facts_that_it_declares(factor):
    row = UNKNOWN | {"downloads_30d": 1}
    table = frame([row]).loc[:, ["id", *factor.reads]]
    assert measure(alone(factor), table).raw.shape == (1, 1)
    for fact in factor.reads:
        with pytest.raises(ValueError, match=fact):
            measure(alone(factor), table.drop(columns=fact))


@every_factor
def test_its_expressions_use_no_fact_but_those_that_it_declares(factor):
    said = " ".join(repr(e) for e in (factor.measure, factor.applies, factor.open_end) if e is not None)
    used = set(re.findall(r"col\((\w+)\)", said))
    assert used <= set(factor.reads)
    # what it declares and does not measure is the number that it shows
    assert set(factor.reads) - used <= {"unsafe_files"}


@every_factor
def test_it_scales_as_the_design_says(factor):
    found = scaled(factor, frame(ROWS))
    for n, row in enumerate(ROWS):
        expected: Any = independent.scaled(factor.id, UNKNOWN | row)
        if expected == independent.NA:
            assert not found.applies[n, 0]
            assert np.isnan(found.value[n, 0])
        elif expected is None:
            assert found.applies[n, 0]
            assert np.isnan(found.value[n, 0])
            assert (found.low[n, 0], found.high[n, 0]) == (0, 1)
        else:
            assert (found.value[n, 0], found.low[n, 0], found.high[n, 0]) == pytest.approx(expected, abs=1e-11)


TABLES = {
    "pandas, nullable": lambda: frame(ROWS),
    "pandas, pyarrow": lambda: arrow(ROWS).to_pandas(types_mapper=pd.ArrowDtype),
    "pyarrow": lambda: arrow(ROWS),
    "pyarrow, in chunks": lambda: pa.concat_tables([arrow(ROWS[:4]), arrow(ROWS[4:])]),
    "pandas, rows of an odd index": lambda: frame(ROWS).set_axis(range(90, 90 + len(ROWS)), axis=0),
}


@pytest.mark.parametrize("kind", TABLES)
def test_one_declaration_gives_the_same_columns_on_every_kind_of_table(kind):
    expected, found = measure(MODEL, TABLES["pandas, nullable"]()), measure(MODEL, TABLES[kind]())
    np.testing.assert_allclose(found.raw, expected.raw, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.open_end, expected.open_end, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(found.applies, expected.applies)
    np.testing.assert_array_equal(found.caps, expected.caps)
    np.testing.assert_allclose(score(MODEL, TABLES[kind]()).total, score(MODEL, frame(ROWS)).total, rtol=0, atol=1e-9)


def test_a_column_in_which_nothing_is_known_is_unknown_on_every_kind_of_table():
    empty: list[dict[str, Any]] = [{}, {}]
    for table in (frame(empty), arrow(empty), arrow(empty).to_pandas(types_mapper=pd.ArrowDtype)):
        measured = measure(MODEL, table)
        assert np.isnan(measured.raw).all()
        assert measured.applies.all()
        assert not measured.caps.any()


def test_the_bundle_measures_the_same_from_arrow(bundled):
    one = measure(MODEL, bundled.facts)
    other = measure(MODEL, read_parquet((bundled.folder / "facts.parquet").read_bytes()))
    np.testing.assert_allclose(other.raw, one.raw, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(other.applies, one.applies)
