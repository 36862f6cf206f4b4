"""A large snapshot that is read by position says what the same snapshot says when all of it is in memory."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from data.models import parts, snapshot
from data.models.choices import offered
from data.models.schema import DTYPES
from scoring.columns import COLUMNS
from scoring.order import ahead
from scoring.reasons.flags import flags
from scoring.reasons.receipt import receipt
from scoring.reasons.verdict import verdict
from scoring.scorecards import MODEL, PRESETS
from scoring.types import UNKNOWN_POLICIES
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
    for name in whole.facts:
        held = stored.facts[name]
        assert held.astype(whole.facts[name].dtype).equals(whole.facts[name]), name
        assert stored.facts[name] is held or name not in DTYPES  # it is kept
    assert len(stored.facts) == len(whole.facts) == MODELS
    for model in (whole.facts["id"].iloc[0], whole.facts["id"].iloc[130], whole.facts["id"].iloc[399]):
        assert stored.find(model) == whole.position[model]
        assert stored.origins.of(model) == whole.origins.of(model)
    assert stored.find("zzzz/none") is None is stored.find("a b") is stored.find("")


@pytest.fixture(scope="module")
def bundle():
    """The bundle in memory, and read by position."""
    with pytest.MonkeyPatch.context() as patch:
        whole = snapshot.load()
        patch.setattr(snapshot, "LARGE", 0)
        return whole, snapshot.load(by_position=True)


FILTERS = (
    {"task_group": ("language", "embeddings")},
    {"search": "Qwen 3"},
    {"license": ("permissive", "custom")},
    {"memory": "16", "bits": "4"},
    {"task": ("text-generation",)},
    {"publisher": ("official", "QWEN")},
    {"publisher": ("neither",)},
    {"params": "8b"},
    {"context": "32k"},
    {"library": ("transformers",)},
    {"evidence": ("listing", "whole_dossier")},
    {"changed": "2y"},
    {"openness": ("open_data",)},
    {"results_by": ("its own card",)},
    {"hide_flagged": True},
)


@pytest.mark.parametrize("chosen", FILTERS, ids=str)
def test_filters_keep_the_same_models(bundle, chosen):
    view = ModelView(**chosen)
    one, other = (view.left_out(taken.facts, view.score(taken)) for taken in bundle)
    assert one.keys() == other.keys() != set()
    for name, out in one.items():
        np.testing.assert_array_equal(out, other[name])
        assert out.any() or name == "hide_flagged"  # the bundle has none of these


def test_the_panel_offers_and_flags_the_same(bundle):
    one, other = (offered(taken.facts) for taken in bundle)
    assert one == other
    held = [flags(taken.facts) for taken in bundle]
    assert held[0].equals(held[1])
    assert held[0].any().any()


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_sorts_the_same(bundle, column):
    view = ModelView(sort=column)
    rows = np.arange(len(bundle[0].facts)) % 7 == 0
    one, other = (view.arranged(view.score(taken), taken.facts, rows) for taken in bundle)
    assert [int(n) for n in one] == [int(n) for n in other]


def test_any_weights_give_the_same_to_the_last_bit(bundle):
    rng = np.random.default_rng(12)
    one, other = (taken.yardstick(MODEL, "population").to_json() for taken in bundle)
    assert one == other
    ids = [*MODEL.weights()]
    for n in range(24):
        moved = rng.choice(ids, rng.integers(0, 6), replace=False)
        view = ModelView(
            preset=str(rng.choice([*PRESETS])),
            weights={i: float(rng.choice([0.0, 0.3, 1.0, 77.7])) for i in moved},
            count=("common", "all")[n % 2],
            unknown=UNKNOWN_POLICIES[n % 3],
            cap=bool(n % 4),
            min_coverage=float(rng.choice([0.0, 0.5, 0.9])),
            yardstick=("goalposts", "population")[n % 5 == 0],
        )
        one, other = (view.score(taken) for taken in bundle)
        for name in ("total", "uncapped", "ranked", "evidence", "coverage", "order"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)
        mask = rng.random(len(one)) < 0.3
        rows = one.top(50, mask)
        np.testing.assert_array_equal(rows, other.top(50, mask))
        for some in (rows, rng.integers(0, len(one), 5)):
            for kind in ("scaled_as_counted", "rank_of"):
                np.testing.assert_array_equal(getattr(one, kind)(some), getattr(other, kind)(some), kind)
            for kind in ("shares", "points", "would_add"):  # numpy adds up a row in the order in which it lies there
                np.testing.assert_allclose(getattr(one, kind)(some), getattr(other, kind)(some), rtol=1e-14)
            np.testing.assert_array_equal(one.rank_of(some, mask), one.rank_among(np.flatnonzero(mask))[some])
            np.testing.assert_array_equal(other.rank_of(some, mask), one.rank_of(some, mask))
            np.testing.assert_array_equal(other.interval(some), one.interval(some))
            np.testing.assert_array_equal(other.category_values[some], one.category_values[some])
            for row, rank in zip(some[:3], one.rank_of(some), strict=False):
                if one.ranked[row]:
                    assert {ahead(each.field, float(one.total[row])) for each in (one, other)} == {rank - 1}
        assert other.asked.tolist() == one.asked.tolist()
        assert other.usual_shares == one.usual_shares


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
