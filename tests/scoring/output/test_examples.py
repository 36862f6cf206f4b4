"""Worked examples: declared as facts, worked out by the engine, and each held against a value worked out by hand."""

import pytest

from scoring.methods import MINIMUM_COVERAGE
from scoring.output import examples
from scoring.scorecards import MODEL

# What each example must come to, by hand: (factor, facts in order, value or state).
EXPECTED = [
    ("downloads", (0,), 0.0),
    ("downloads", (1_000,), 0.3751),  # log(1 + 1,000) / log(1 + 100,000,000)
    ("downloads", (1_000_000,), 0.75),
    ("downloads", (250_000_000,), 1.0),
    ("likes", (0,), 0.0),
    ("likes", (100,), 0.4799),
    ("likes", (15_000,), 1.0),
    ("spaces", (10, False), 0.5196),
    ("spaces", (100, True), 1.0),
    ("papers", (0, False), 0.0),
    ("papers", (1, False), 0.2),
    ("papers", (5, False), 1.0),
    ("papers", (7, False), 1.0),
    ("age", (1, 0, False), 0.50),
    ("age", (365, 30, False), 0.75),
    ("age", (730, 730, False), 0.62),
    ("age", (1460, 60, False), 0.97),
    ("age", (1460, 1460, False), 0.34),
    ("gated", (False,), 1.0),
    ("gated", (True,), 0.0),
    ("license_stated", (True, True, False), 1.0),
    ("license_stated", (True, False, False), 0.0),
    ("license_stated", (False, False, False), 0.0),
    ("license_type", ("permissive", True), 1.0),
    ("license_type", ("non_commercial", True), 0.25),
    ("license_type", (None, False), "not_applicable"),
    ("unsafe_files", (0, "none"), 1.0),
    ("unsafe_files", (3, "beside_safe"), 0.3),
    ("unsafe_files", (None, None), "unknown"),
    ("hub_scan", ("safe",), 1.0),
    ("hub_scan", ("unsafe",), 0.0),
    ("hub_scan", (None,), "unknown"),
]


def test_every_example_has_an_expectation():
    assert [(e.factor, tuple(e.facts.values())) for e in examples.EXAMPLES] == [row[:2] for row in EXPECTED]


@pytest.mark.parametrize(
    ("example", "expected"),
    list(zip(examples.EXAMPLES, [row[2] for row in EXPECTED], strict=True)),
    ids=[f"{e.factor}-{'-'.join(map(str, e.facts.values()))}" for e in examples.EXAMPLES],
)
def test_the_engine_works_out_every_example(example, expected):
    f = MODEL.factor(example.factor)
    assert set(example.facts) == set(f.reads)
    state, value = examples.answer(f, example.facts)
    if isinstance(expected, str):
        assert (state, value) == (expected, None)
    else:
        assert state in ("known", "absent")
        assert value == pytest.approx(expected, abs=0.006 if example.factor == "age" else 5e-5)


def test_the_whole_example_names_every_fact_and_leaves_room_for_the_unknown():
    assert set(examples.WHOLE) == set(MODEL.reads)
    scores = examples.whole(MODEL)
    assert scores.low[0] < scores.total[0] < scores.high[0]
    assert MINIMUM_COVERAGE < scores.coverage[0] < 1


def test_the_total_of_the_whole_example_by_hand():
    """The category scores of WHOLE, worked out apart from the engine: 100 x the weighted mean of its values."""
    scores = examples.whole(MODEL)
    activity = 100 * (0.5637 + 0.5) / 2  # log(25) / log(301), and an unknown in the middle
    security = 100 * (2 * 0.5 + 2 * 0.3 + 2 * 0.5 + 1 + 1 + 1 + 0) / 9.25
    assert scores.category_scores["activity"].iloc[0] == pytest.approx(activity, abs=0.05)
    assert scores.category_scores["security"].iloc[0] == pytest.approx(security, abs=1e-9)
    by_category = scores.category_scores.iloc[0]
    weighed = sum(c.weight * by_category[c.id] for c in MODEL.categories) / sum(c.weight for c in MODEL.categories)
    assert scores.total[0] == pytest.approx(weighed, abs=1e-9)


@pytest.mark.parametrize("f", MODEL.factors, ids=lambda f: f.id)
def test_every_curve_runs_from_0_to_1_and_never_turns(f):
    for _, line in examples.curve(f).groupby("line", sort=False):
        values = list(line["scaled"])
        assert all(0 <= v <= 1 for v in values)
        falling = f.better == "lower" or f.curve in ("levels", "yes_no")
        assert values == sorted(values, reverse=falling) or (f.curve == "yes_no" and sorted(values) == [0, 1])
    if f.id not in examples.SWEEPS and f.id != "license_type":
        assert examples.curve(f)["scaled"].min() == 0
    assert examples.curve(f)["scaled"].max() > 0.98
