"""From an order to weights: the engine gives the order under the weights that are found, and no nearer ones do."""

from dataclasses import replace

import narwhals as nw
import numpy as np
import pytest

from scoring.reasons.draws import present_shares
from scoring.reasons.elicitation import nearest_weights
from scoring.types import Cap
from scoring.view import ModelView
from tests.scoring.reasons.test_bands import scored
from tests.scoring.reasons.test_tipping import organisations


def test_the_weights_give_the_order(bundled):
    view = ModelView()
    scores = view.score(bundled)
    names = ["sentence-transformers/all-mpnet-base-v2", "openai/gpt-oss-20b", "BAAI/bge-m3"]
    rows = [scores.position[name] for name in names]
    found = nearest_weights(scores, rows)
    again = replace(view, weights=found.weights()).score(bundled)
    assert again.total[rows].tolist() == sorted(again.total[rows], reverse=True)
    assert found.sentence().startswith("The nearest weights that give this order: Popularity ")
    assert "Activity" not in found.sentence()  # it does not count


def test_no_nearer_weights_give_it():
    scores = organisations()
    rows = [scores.position[name] for name in ("Meta", "BAAI", "Google")]
    found = nearest_weights(scores, rows)
    assert found.shares is not None
    again = organisations(**found.weights())
    assert again.total[rows].tolist() == sorted(again.total[rows], reverse=True)
    usual, values = present_shares(scores), scores.blended.value[rows]
    drawn = np.random.default_rng(0).dirichlet(np.ones(4), 50_000)
    totals = drawn @ values.T
    right = (totals[:, 0] > totals[:, 1]) & (totals[:, 1] > totals[:, 2])
    assert np.abs(drawn[right] - usual).sum(axis=1).min() / 2 >= found.moved - 0.001


HELD = Cap(id="x_factor", label="x is full", limit=30, reads=("x",), when=nw.col("x") == 1)
# Read by a person before it was committed.
CASES = {
    "as it is": ({"x": [0.9, 0.1], "y": [0.2, 0.5]}, {}, [0, 1], "The present weights give this order already."),
    "the other way round": (
        {"x": [0.9, 0.1], "y": [0.2, 0.5]},
        {},
        [1, 0],
        "The nearest weights that give this order: X 27 %, Y 73 %; 23 % of the weight changes hands.",
    ),
    "dominated": (
        {"x": [0.9, 0.5, 0.1], "y": [0.9, 0.5, 0.95]},
        {},
        [2, 1, 0],
        "No weights put b ahead of a.",
    ),
    "a contradiction of two": (
        # c lies between a and b, so that one of them is ahead of it whatever the weights.
        {"x": [1.0, 0.0, 0.4], "y": [0.0, 1.0, 0.4]},
        {},
        [2, 0, 1],
        "No weights put c ahead of a and also c ahead of b.",
    ),
    "nothing known": (
        {"x": [0.9, np.nan], "y": [0.1, np.nan]},
        {},
        [0, 1],
        "Nothing that counts is known about b, so it has no place.",
    ),
    "judged on other categories": (
        {"x": [0.9, 0.5], "y": [0.1, np.nan]},
        {},
        [0, 1],
        "They are not all judged on the same categories, so no weights are found.",
    ),
    "held": ({"x": [1.0, 0.2], "y": [1.0, 0.1]}, {"caps": (HELD,)}, [1, 0], "a is held at 30 because x is full."),
}


@pytest.mark.parametrize(("columns", "how", "rows", "sentence"), CASES.values(), ids=list(CASES))
def test_every_case_is_worded(columns, how, rows, sentence):
    found = nearest_weights(scored({name: np.array(values) for name, values in columns.items()}, **how), rows)
    assert found.sentence() == sentence
    assert bool(found.weights()) == ("No weights" not in sentence and not found.why_not)
