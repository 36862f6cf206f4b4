"""Why a score moved: the parts sum to the change, are Shapley's, and are worded in every case."""

from itertools import permutations
from typing import Any

import numpy as np
import pytest

from data.organisations.month import load
from data.organisations.rollup import rollup
from scoring.reasons.attribution import CAUSES, Attribution, attribution, shapley
from scoring.scorecards import influence

FACTS = {month: rollup(load(month), "documented").facts for month in ("2025-08-07", "2025-09-07")}
BEFORE = influence(FACTS["2025-08-07"], as_of="2025-08-07")
NOW = influence(FACTS["2025-09-07"], as_of="2025-09-07")
OTHERWISE = influence(FACTS["2025-09-07"], "percentile_rank_mean", as_of="2025-09-07", weights={"data": 60.0})


FROM = "From 7 August 2025 to 7 September 2025 its score went from"


def made(**changes: Any) -> Attribution:
    given: dict[str, Any] = {"since": "2025-08-07", "until": "2025-09-07", "score_before": 30.0, "score_now": 31.0}
    given |= {"rank_before": 4, "rank_now": 4, "points": {"own": 1.0, "others": 0.0, "weights": 0.0, "method": 0.0}}
    given |= {"places": dict.fromkeys(CAUSES, 0.0)}
    return Attribution(**(given | changes))


@pytest.mark.parametrize("now", [NOW, OTHERWISE], ids=["facts alone", "weights and method too"])
@pytest.mark.parametrize("name", ["Meta", "BAAI", "Deepseek"])
def test_parts_sum_to_the_change_of_score_and_rank(now, name):
    found = attribution(now, BEFORE, name)
    here, there = now.position[name], BEFORE.position[name]
    assert found.score_now == pytest.approx(100 * now.total[here])
    assert found.score_before == pytest.approx(100 * BEFORE.total[there])
    assert (found.rank_before, found.rank_now) == (BEFORE.rank[there], now.rank[here])
    assert sum(found.points.values()) == pytest.approx(found.score_now - found.score_before)
    assert sum(found.places.values()) == pytest.approx(found.rank_now - found.rank_before)
    printed = round(round(found.score_now, 2) - round(found.score_before, 2), 2)
    assert sum(points for _, points, _ in found.rows()) == pytest.approx(printed, abs=1e-9)
    if now is NOW:
        assert found.points["weights"] == found.points["method"] == 0


def test_shapley_is_the_mean_over_all_orders():
    rng = np.random.default_rng(1)
    values: dict[frozenset[str], np.ndarray] = {}

    def value(chosen):
        assert chosen not in values  # a single time
        return values.setdefault(chosen, rng.random(2))

    parts = shapley(tuple(CAUSES), value)
    for cause in CAUSES:
        steps = []
        for order in permutations(CAUSES):
            before = frozenset(order[: order.index(cause)])
            steps.append(values[before | {cause}] - values[before])
        np.testing.assert_allclose(parts[cause], np.mean(steps, axis=0))


SENTENCES = {
    "one cause": (
        {},
        f"{FROM} 30.00 to 31.00 of 100 (+1.00): +1.00 through its own numbers. Its rank stays 4.",
    ),
    "nothing": (
        {"score_now": 30.0, "points": dict.fromkeys(CAUSES, 0.0)},
        f"{FROM} 30.00 to 30.00 of 100 (+0.00). Its rank stays 4.",
    ),
    "against each other, and the rank": (
        {"rank_now": 3, "points": {"own": 2.5, "others": -1.5, "weights": 0.0, "method": 0.0}},
        f"{FROM} 30.00 to 31.00 of 100 (+1.00): +2.50 through its own "
        "numbers, −1.50 through the others’ numbers. Its rank went from 4 to 3.",
    ),
    "rounded so that they sum as printed": (
        {
            "score_before": 45.925,
            "score_now": 45.131,
            "points": {"own": -0.3, "others": -0.494, "weights": 0, "method": 0},
        },
        f"{FROM} 45.92 to 45.13 of 100 (−0.79): −0.30 through its own "
        "numbers, −0.49 through the others’ numbers. Its rank stays 4.",
    ),
}


@pytest.mark.parametrize(("changes", "sentence"), SENTENCES.values(), ids=list(SENTENCES))
def test_every_case_is_worded(changes, sentence):
    assert made(**changes).sentence() == sentence


def test_whatever_the_last_digits_are_what_is_printed_sums_up():
    rng = np.random.default_rng(2)
    for _ in range(500):
        parts = dict(zip(CAUSES, rng.normal(size=4) * rng.choice([0.001, 0.01, 1], 4), strict=True))
        found = made(score_now=30.0 + sum(parts.values()), score_before=30.0 + rng.random() * 0.01, points=parts)
        assert sum(points for _, points, _ in found.rows()) == pytest.approx(found.change, abs=1e-9)


def test_who_is_new_has_no_change():
    new = next(i for i in NOW.position if i not in BEFORE.position)
    with pytest.raises(KeyError):
        attribution(NOW, BEFORE, new)
