"""Orders compared: who moved a score, told apart on small tables made by hand, and how far methods agree."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]

from data.organisations.month import load
from data.organisations.rollup import rollup
from scoring.engine import score
from scoring.methods import METHODS
from scoring.reasons.comparison import agreement, kendall_tau, movement, moves
from scoring.scorecards import MODEL, ORGANISATION, influence
from tests.records import frame


def scored(method="documented", month="", **columns):
    facts = {"id": ["a", "b", "c"]} | {i: [None] * 3 for i in ORGANISATION.reads} | columns
    table = {i: pa.array(v, pa.string() if i == "id" else pa.float64()) for i, v in facts.items()}
    return influence(pa.table(table), method, as_of=month)


OLD = scored(month="old", model_likes=[0, 10, 20], model_issue=[1, 2, 3])


def test_only_its_own_numbers_changed():
    found = movement(scored(month="new", model_likes=[0, 15, 20], model_issue=[1, 2, 3]), OLD, "b")
    assert found.others == pytest.approx(0)
    assert found.own == pytest.approx(found.score_now - found.score_before)
    assert found.own > 0
    assert [(c.factor.id, c.before, c.now) for c in found.changes] == [("model_likes", 10, 15)]
    assert found.sentence().startswith("Since old its score went from")


def test_only_the_others_numbers_changed():
    found = movement(scored(month="new", model_likes=[0, 10, 40], model_issue=[1, 2, 3]), OLD, "b")
    assert found.own == pytest.approx(0)
    assert found.others < 0
    assert found.changes == ()
    assert (found.rank_before, found.rank_now, found.rank_own) == (2, 2, 2)


def test_its_numbers_and_the_others_both():
    found = movement(scored(month="new", model_likes=[0, 20, 40], model_issue=[1, 2, 3]), OLD, "b")
    assert found.own > 0 > found.others
    assert found.own + found.others == pytest.approx(0)
    assert found.score_now == pytest.approx(found.score_before)


def test_an_indicator_that_is_new_counts_for_the_others():
    found = movement(
        scored(month="new", model_likes=[0, 10, 20], model_issue=[1, 2, 3], data_operators=[9, 0, 0]), OLD, "b"
    )
    assert found.own == pytest.approx(0)
    assert [c.factor.id for c in found.changes] == ["data_operators"]


def test_who_is_new_cannot_have_moved():
    with pytest.raises(KeyError):
        movement(scored(), OLD, "d")


@pytest.mark.parametrize("method", ["documented", "documented_flat", "published"])
def test_parts_sum_up_and_contributions_do_on_the_bundle(method):
    reading = METHODS[method].reading
    now, before = (influence(rollup(load(m), reading).facts, method, as_of=m) for m in ("2025-09-07", "2025-08-07"))
    assert now.contributions.sum(axis=1) == pytest.approx(now.total, abs=1e-12)
    for name in before.position:
        found = movement(now, before, name)
        assert found.own + found.others == pytest.approx(found.score_now - found.score_before, abs=1e-12)


# Orders by other methods


@given(st.integers(0, 10_000))
def test_kendalls_tau_is_scipys(seed):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 6, (2, 12)).astype(float)
    assert kendall_tau(a, b) == pytest.approx(stats.kendalltau(a, b).statistic, nan_ok=True)


def test_agreement_names_who_moves_most():

    month = load("2025-09-07")
    every = {m.id: influence(rollup(month, m.reading).facts, m) for m in METHODS.values()}
    flat, published = agreement(every["documented"], [every["documented_flat"], every["published"]])
    assert published.moved == (("Tencent", 25, 12),)
    assert (published.first_here, published.first_there) == (("BAAI",), ("Meta",))
    assert round(published.tau, 2) == 0.73
    assert round(flat.tau, 2) == 0.79
    assert published.sentence() == "Kendall’s tau 0.73; Tencent moves most, from 25 to 12; first is Meta, not BAAI."
    same = agreement(every["published"], [every["published"]])[0]
    assert same.tau == 1
    assert same.moved == ()
    assert same.sentence() == "Kendall’s tau 1.00."


def test_orders_that_tie_everybody_are_not_compared():
    same = scored(model_likes=[5, 5, 5])
    (one,) = agreement(same, [same])
    assert one.sentence() == "Kendall’s tau cannot be computed, because an order has everybody at one rank."


# Two snapshots of models

DAYS = ("2026-01-01", "2026-02-01")
KNOWN = {"downloads_30d": 1000, "likes": 10, "github_repo": True, "authorization": "none", "license_stated": True}


def ranked(**models):
    """Score models by name; None of a fact is unknown."""
    rows = [{"id": name, **KNOWN, **changes} for name, changes in models.items()]
    return score(MODEL, frame(rows))


def test_who_is_new_gone_or_moved_and_why():
    before = ranked(stays={}, rises={}, falls={}, goes={})
    now = ranked(stays={}, rises={"likes": 1000, "downloads_30d": 10**6}, falls={"github_repo": False}, comes={})
    found = moves(now, before, DAYS)
    assert (found.new, found.gone, found.both) == (("comes",), ("goes",), 3)
    up, down = found.moved
    assert (up.id, up.because) == ("rises", ("Downloads ▲", "Likes ▲"))
    assert (down.id, down.because) == ("falls", ("GitHub repository ▼",))
    assert up.total_now - up.total_before > down.total_before - down.total_now > 0
    assert up.total_now == now.total[now.position["rises"]]


def test_what_became_known_or_unknown_is_called_that():
    found = moves(ranked(a={"likes": None}, b={}), ranked(a={}, b={"likes": None}), DAYS)
    assert {move.id: move.because for move in found.moved} == {
        "a": ("Likes no longer known",),
        "b": ("Likes now known",),
    }


def test_the_summary_names_the_ten_largest_moves_and_twenty_who_came():
    before = ranked(**{f"m{n}": {} for n in range(12)})
    now = ranked(**{f"m{n}": {"likes": 10 ** (n + 2)} for n in range(12)}, **{f"new|{n:02}": {} for n in range(25)})
    text = moves(now, before, DAYS).markdown("model")
    assert text.startswith("# Models from 1 January 2026 to 1 February 2026\n\n25 new, 0 gone, 12 in both, 12 moved.\n")
    assert "## Gone" not in text
    assert text.count("- `new") == 20
    assert "- and 5 more\n" in text
    assert text.count("\n| `m") == 10
    assert "new|" not in text
    (line,) = [line for line in text.splitlines() if line.startswith("| `m4`")]
    change = now.total[now.position["m4"]].round(1) - before.total[before.position["m4"]].round(1)
    assert f"| {change:+.1f} |" in line
    assert line.endswith("| Likes ▲ |")


def test_two_equal_snapshots_have_no_moves():
    text = moves(ranked(a={}, b={}), ranked(a={}, b={}), DAYS).markdown("model")
    assert text == "# Models from 1 January 2026 to 1 February 2026\n\n0 new, 0 gone, 2 in both, 0 moved.\n"
    nobody = moves(ranked(a={}), ranked(b={}), DAYS)
    assert (nobody.both, nobody.moved) == (0, ())
