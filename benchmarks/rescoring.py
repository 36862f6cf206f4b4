"""How long a slider takes, beside the way that comes to mind first.

    python -m benchmarks.rescoring [ROWS ...]

A category's slider runs `weigh` and takes the top 100; a factor's slider runs `blend` before it. The naive way does
with pandas what the engine keeps apart: fill the unknown, multiply every column, sum, rank all, sort all. Both are
timed in one run on the same rows and must name the same first hundred; look at the ratio, not at the milliseconds.
"""

import json
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from scoring.engine import blend, weigh
from scoring.scorecards import MODEL
from scoring.types import Scaled, Scorecard

ROWS = (10_000, 100_000, 1_000_000)
UNKNOWN, DOES_NOT_APPLY, FOUND = 0.4, 0.03, 0.002  # about as in the bundled snapshot
TOP = 100
REPEATS = 3


def main(rows: tuple[int, ...] = ROWS) -> None:
    """Print a line a size, milliseconds and ratios, and all of it as JSON."""
    print(f"{'rows':>10} {'naive':>11} {'factor slider':>23} {'category slider':>23}")
    found = []
    for n in rows:
        found.append(compared(n))
        slow, *ours = (found[-1][name] for name in ("naive", "factor", "category"))
        ratios = " ".join(f"{t:12.1f} ms {slow / t:6.1f} x" for t in ours)
        print(f"{n:>10,} {slow:8.1f} ms {ratios}", flush=True)
    print(json.dumps({"benchmark": "rescoring", "results": found}))


def compared(n: int) -> dict[str, float]:
    """Time n subjects, in milliseconds."""
    scaled = generated(n)
    table = pd.DataFrame(scaled.value, index=scaled.ids, columns=[f.id for f in MODEL.factors])
    applies = pd.DataFrame(scaled.applies, index=scaled.ids, columns=table.columns)
    by_factor, by_category = MODEL.with_weights({"likes": 2.5}), MODEL.with_weights({"security": 55})
    kept = blend(MODEL, scaled)
    slow, wanted = timed(lambda: naive(by_factor, table, applies))
    factor, got = timed(lambda: first(by_factor, scaled, blend(by_factor, scaled)))
    assert list(got) == list(wanted), "both ways must agree"
    category, got = timed(lambda: first(by_category, scaled, kept))
    assert list(got) == list(naive(by_category, table, applies)), "both ways must agree"
    return {"rows": n, "naive": 1000 * slow, "factor": 1000 * factor, "category": 1000 * category}


def generated(n: int) -> Scaled:
    """Make n subjects whose ids are in no order; the same n gives the same subjects."""
    rng = np.random.default_rng(n)
    value = rng.random((len(MODEL.factors), n)).T  # column by column, as a snapshot is read
    applies = rng.random(value.T.shape).T >= DOES_NOT_APPLY
    unknown = (rng.random(value.T.shape).T < UNKNOWN) | ~applies
    value[unknown] = np.nan
    ids = rng.permutation(np.array([f"owner-{i % 5000}/model-{i}" for i in range(n)], dtype=object))
    caps = rng.random((n, len(MODEL.caps))) < FOUND
    low, high = np.where(unknown, 0.0, value), np.where(unknown, 1.0, value)
    return Scaled(ids=ids, value=value, low=low, high=high, applies=applies, caps=caps)


def first(card: Scorecard, scaled: Scaled, blended: object) -> np.ndarray:
    """Weigh and name the first hundred, as a page does."""
    scores = weigh(card, scaled, blended, capped=False)
    return scores.table(scores.top(TOP))["id"].to_numpy()


def naive(card: Scorecard, table: pd.DataFrame, applies: pd.DataFrame) -> np.ndarray:
    """Do it all again on every move: the way that comes to mind first."""
    total, whole = pd.Series(0.0, index=table.index), pd.Series(0.0, index=table.index)
    for c in card.categories:
        ids = [f.id for f in c.factors]
        weights = pd.Series({f.id: f.weight for f in c.factors})
        mine, says = table[ids], applies[ids]
        points = (mine.fillna(0.5).where(says, 0.0) * weights).sum(axis=1)
        counts = mine.notna().any(axis=1)
        total += (points / (says * weights).sum(axis=1)).where(counts, 0.0) * c.weight
        whole += counts * c.weight
    ranking = pd.DataFrame({"id": table.index, "total": (100 * total / whole).round(9).to_numpy()})
    ranking["rank"] = ranking["total"].rank(ascending=False, method="min")
    return ranking.sort_values(["total", "id"], ascending=[False, True])["id"].head(TOP).to_numpy()


def timed(run: Callable):
    """Return the best of a few times, in seconds, and the last result."""
    best = float("inf")
    for _ in range(REPEATS):
        began = time.perf_counter()
        result = run()
        best = min(best, time.perf_counter() - began)
    return best, result


if __name__ == "__main__":
    main(tuple(int(a) for a in sys.argv[1:]) or ROWS)
