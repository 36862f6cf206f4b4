"""A large snapshot that is read by position says what the same snapshot says when all of it is in memory."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from data.models import parts, snapshot
from scoring.reasons.receipt import receipt
from scoring.reasons.verdict import verdict
from scoring.view import ModelView
from tests.command import run
from tests.records import AS_OF

LISTING = Path(__file__).parents[2] / "fixtures" / "hub_stats.parquet"
MODELS = 400
VIEWS = (ModelView(), ModelView(unknown="skip", preset="security_first"), ModelView(count="all", cap=False))


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A snapshot of four groups of rows."""
    into = tmp_path_factory.mktemp("large")
    pq.write_table(pq.read_table(LISTING).slice(0, MODELS), into / "listing.parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "MERGED", 128)
        parts.build_listing(str(into / "listing.parquet"), AS_OF, into)
    return into


@pytest.fixture
def both(root, monkeypatch):
    whole = snapshot.load(within=root)
    monkeypatch.setattr(snapshot, "LARGE", 0)
    return whole, snapshot.load(within=root, by_position=True)


def test_rows_columns_and_ids_are_those_of_the_whole_table(both):
    whole, stored = both
    rows = [399, 3, 200, 3]
    assert stored.facts.iloc[rows].equals(whole.facts.iloc[rows])
    assert stored.facts.iloc[7].equals(whole.facts.iloc[7])
    assert all(stored.facts[name].equals(whole.facts[name]) for name in ("id", "likes", "task", "gated"))
    assert len(stored.facts) == len(whole.facts) == MODELS
    for model in (whole.facts["id"].iloc[0], whole.facts["id"].iloc[130], whole.facts["id"].iloc[399]):
        assert stored.find(model) == whole.position[model]
        assert stored.origins.of(model) == whole.origins.of(model)
    assert stored.find("zzzz/none") is None is stored.find("a b") is stored.find("")


@pytest.mark.parametrize("view", VIEWS)
def test_totals_ranks_and_intervals_are_those_of_the_whole_table(both, view):
    one, other = (view.score(taken) for taken in both)
    for name in ("total", "uncapped", "ranked", "evidence", "coverage", "rank"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)
    top = one.top(30)
    np.testing.assert_array_equal(top, other.top(30))
    for ours, theirs in zip(one.interval(top), other.interval(top), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    for n in (*top[:3].tolist(), 0, 398):
        facts = both[0].subject(one.ids[n])
        assert (one.written(n), one.capped_by(n), verdict(one, n)) == (
            other.written(n),
            other.capped_by(n),
            verdict(other, n),
        )
        assert receipt(one, n, facts) == receipt(other, n, facts)


def test_the_command_line_prints_the_same(root, monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_SNAPSHOTS", str(root))
    commands = (
        ("rank", "models", "--top", "5", "--for", "embeddings", "--format", "csv"),
        ("rank", "models", "--sort", "likes", "--top", "4", "--format", "json"),
        ("explain", snapshot.load(within=root).facts["id"].iloc[300]),
    )
    before = [run(*command) for command in commands]
    monkeypatch.setattr(snapshot, "LARGE", 0)
    for one, command in zip(before, commands, strict=True):
        other = run(*command)
        assert (other.stdout.decode(), other.stderr, other.returncode) == (one.stdout.decode(), b"", 0)
