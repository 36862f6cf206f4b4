"""How firm an order is, in time and memory: `python -m benchmarks.robustness` from the project's folder.

The share of weightings under which each model is among the first ten, beside the plain loop over pandas that anybody
would write first. The loop runs a sample of the weightings, and its time is that times so many.
"""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pandas as pd

from scoring.reasons.bands import bands
from scoring.scorecards import MODEL
from scoring.scores import Scores
from scoring.types import Blend, Scaled

SAMPLE = 200
CASES = ((10_000, 10_000), (100_000, 1_000))  # models, weightings
BANDED = ((500, 4_000), (2_000, 4_000))


def imagined(models: int) -> Scores:
    """Return scores of imagined models, whose four categories are drawn evenly: the hardest case to leave out."""
    from scoring.engine import weigh

    rng = np.random.default_rng(models)
    every, f = rng.random((models, len(MODEL.categories))), len(MODEL.factors)
    yes = np.ones((models, len(MODEL.categories)), dtype=bool)
    blended = Blend(value=every, coverage=yes.astype(float), applies=yes)
    known = np.full((models, f), 0.5)
    ids = np.array([f"owner/model-{i:06}" for i in range(models)], dtype=object)
    caps = np.zeros((models, len(MODEL.caps)), dtype=bool)
    scaled = Scaled(ids=ids, value=known, low=known, high=known, applies=known > 0, caps=caps)
    return weigh(MODEL, scaled, blended)


def plain_loop(scores: Scores, weights: np.ndarray) -> pd.Series:
    """Count who is among the first ten, one weighting after the other."""
    table = pd.DataFrame(scores.blended.value, index=scores.ids)
    counts = pd.Series(0, index=table.index)
    for row in weights:
        rank = (table * row).sum(axis=1).rank(ascending=False, method="min")
        counts += rank <= 10
    return counts / len(weights)


def main() -> None:
    for models, draws in CASES:
        scores = imagined(models)
        weights = np.random.default_rng(0).dirichlet(np.ones(len(MODEL.categories)), SAMPLE)
        start = time.perf_counter()
        plain_loop(scores, weights)
        loop = (time.perf_counter() - start) * draws / SAMPLE
        times = []
        for _ in range(5):
            start = time.perf_counter()
            bands(scores, noise="any", unknown=False, draws=draws, banded=0)
            times.append(time.perf_counter() - start)
        tracemalloc.start()
        bands(scores, noise="any", unknown=False, draws=draws, banded=0)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        ours = sorted(times)[2]
        print(
            f"{draws:,} weightings of {models:,} models: {ours:.3f} s, {loop / ours:.0f} times faster than the loop "
            f"({loop:.1f} s), {most / 1e6:.0f} MB at most (an array of all of them: {8 * models * draws / 1e6:,.0f} MB)"
        )
        same = bands(scores, noise="any", draws=SAMPLE, banded=0, unknown=False).ten
        assert np.array_equal(same, plain_loop(scores, weights)), "the loop counts others"
    for models, draws in BANDED:
        scores, start = imagined(models), time.perf_counter()
        bands(scores, unknown=False, draws=draws)
        print(f"rank bands of {models:,} models, {draws:,} draws: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
