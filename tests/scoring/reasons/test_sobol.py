"""Sobol indices against closed forms, and which choice decides an order."""

import numpy as np
import pytest

from scoring.reasons.sobol import Decisive, decisive, in_words, indices
from tests.scoring.reasons.test_bands import scored


def test_the_function_of_ishigami_has_the_indices_of_its_closed_form():
    def ishigami(inputs):
        x, y, z = (2 * np.pi * inputs - np.pi).T
        return np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)

    first, total = indices(ishigami, [slice(0, 1), slice(1, 2), slice(2, 3)], points=8192)
    np.testing.assert_allclose(first, [0.3139, 0.4424, 0.0], atol=0.01)
    np.testing.assert_allclose(total, [0.5576, 0.4424, 0.2437], atol=0.01)


def test_inputs_of_a_group_change_together_and_what_never_varies_has_none():
    first, total = indices(lambda u: u[:, 0] + u[:, 1] + 2 * u[:, 2], [slice(0, 2), slice(2, 3)], points=4096)
    np.testing.assert_allclose(first, [1 / 3, 2 / 3], atol=0.01)  # 2 and 4 of 6 twelfths
    np.testing.assert_allclose(total, first, atol=0.01)
    assert np.isnan(indices(lambda u: np.ones(len(u)), [slice(0, 1)])).all()


COLUMNS = {"x": [0.9, 0.7, 0.5, 0.3], "y": [0.9, 0.7, 0.5, 0.3]}
REVERSED = {"x": [0.3, 0.5, 0.7, 0.9], "y": [0.3, 0.5, 0.7, 0.9]}


def test_a_choice_that_turns_the_order_round_decides_all_and_weights_nothing():
    same, other = scored(COLUMNS), scored(REVERSED)
    others = {("a", 1): same, ("a", 2): same, ("b", 1): other, ("b", 2): other}
    found = decisive(same, others, ["the letter", "the number"])
    assert found[0].choice == "the letter"
    assert [(one.first, one.total) for one in found] == [pytest.approx((1, 1), abs=0.05), (0, 0), (0, 0)]
    assert in_words(found) == (
        "What decides most is the letter: 100 % of how far the order moves by itself. The rest decides next to nothing."
    )


def test_where_no_choice_moves_the_order_none_decides():
    same = scored(COLUMNS)
    assert decisive(same, {("a",): same, ("b",): same}, ["the letter"]) == []


def made(*shares):
    names = ("the scale", "the weights", "what is unknown")
    return [Decisive(choice=n, first=a, total=b) for n, (a, b) in zip(names, shares, strict=False)]


SENTENCES = {
    "nothing": ([], "No choice moves the order, whatever it is put together with."),
    "only together": (
        made((0.0, 0.4), (0.0, 0.4)),
        "What decides most is the scale: 0 % of how far the order moves by itself, 40 % together with the others. "
        "Then: the weights 40 %.",
    ),
    "all of them": (
        made((0.5, 0.6), (0.3, 0.3), (0.1, 0.1)),
        "What decides most is the scale: 50 % of how far the order moves by itself, 60 % together with the others. "
        "Then: the weights 30 %, what is unknown 10 %.",
    ),
    "some of them": (
        made((0.97, 0.98), (0.0, 0.01)),
        "What decides most is the scale: 97 % of how far the order moves by itself. The rest decides next to nothing.",
    ),
}


@pytest.mark.parametrize(("found", "sentence"), SENTENCES.values(), ids=list(SENTENCES))
def test_every_case_is_worded(found, sentence):
    assert in_words(found) == sentence
