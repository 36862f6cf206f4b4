"""Many visitors at once: each sees what their own weights make of the ranking, and nobody else's."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from benchmarks.visitors import Visitor
from scoring.view import ModelView

pytestmark = pytest.mark.browser

VISITORS, MOVES, ROWS = 20, 3, 25


def test_twenty_visitors_with_other_weights_never_see_one_anothers(server, bundled):
    visitors = [Visitor(server) for _ in range(VISITORS)]

    def visit(number):
        chance, wrong = Random(number), []
        for _ in range(MOVES):
            weights = {"security": float(chance.randint(0, 100)), "likes": number / 4}
            visitors[number].move(ModelView().usual | weights)
            scores = ModelView(weights=weights).score(bundled)
            seen = [row["id"] for row in visitors[number].component("ranking_table")["rows"]]
            if seen != scores.ids[scores.top(ROWS)].tolist():
                wrong.append((number, weights))
        visitors[number].leave()
        return wrong

    with ThreadPoolExecutor(VISITORS) as pool:
        assert [one for wrong in pool.map(visit, range(VISITORS)) for one in wrong] == []
