"""How long a slider takes, beside the ways that come to mind first.

    python -m benchmarks.rescoring [ROWS ...]

A category's slider weighs the categories anew, a factor's slider its own category before that; then the first hundred
are named and ten others ranked. The naive way does with pandas what the engine keeps apart: fill the unknown, multiply
every column, sum, rank all, sort all; polars and DuckDB do the same, and all must name the same first hundred. A
refitted MinMaxScaler and pymcdm only scale and add up a matrix in which nothing is unknown. Every way is timed in one
run on the same rows, which take as many different values as a snapshot's. Ratios are of processor time, which other
work on the machine hardly changes; polars and DuckDB share theirs among all cores.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator

import duckdb
import numpy as np
import pandas as pd
import polars as pl
from pymcdm.methods import WSM
from pymcdm.normalizations import minmax_normalization
from sklearn.preprocessing import MinMaxScaler

from scoring import byrow
from scoring.byrow import ByRow, ScaledByRow, Values
from scoring.scorecards import MODEL
from scoring.types import Factor, Scorecard

ROWS = (10_000, 100_000, 1_000_000)
UNKNOWN, DOES_NOT_APPLY, FOUND = 0.4, 0.03, 0.002  # about as in the bundled snapshot
COUNTS, DAYS = 2_000, 60_000  # different values of a count and of an age, as among millions of models
KINDS = 1_000  # different things to know and lack of a model
TOP, OTHERS = 100, 10
REPEATS = 3
Spent = tuple[float, float]  # milliseconds of processor and of clock


def main(rows: tuple[int, ...] = ROWS) -> None:
    """Print a line for each way and size, milliseconds and ratios, and all of it as JSON."""
    print(f"{'rows':>10} {'way':22} {'processor':>12} {'clock':>12} {'naive takes':>12}")
    found = []
    for n in rows:
        found.append({"rows": n} | compared(n))
        for way, spent in list(found[-1].items())[1:]:
            ratio = found[-1]["pandas"][0] / spent[0]
            print(f"{n:>10,} {way:22} {spent[0]:9.1f} ms {spent[1]:9.1f} ms {ratio:10.1f} x", flush=True)
    print(json.dumps({"benchmark": "rescoring", "results": found}))


def compared(n: int) -> dict[str, Spent]:
    """Time n subjects: what a move takes."""
    scaled = generated(n)
    table = pd.DataFrame(scaled.value[:], index=scaled.ids[:], columns=[f.id for f in MODEL.factors])
    applies = pd.DataFrame(scaled.applies[:], index=scaled.ids[:], columns=table.columns)
    moved = by_category(moves())
    spent, wanted = timed(lambda: naive(next(moved), table, applies), 1)
    spent_by = {"pandas": spent}
    long = pl.from_pandas(table.reset_index(names="id")).hstack(
        pl.from_pandas(applies.add_suffix(":applies").reset_index(drop=True))
    )
    for way, first in {"polars": in_polars, "duckdb": in_duckdb}.items():
        again = by_category(moves())
        spent_by[way], got = timed(lambda first=first, again=again: first(next(again), long), 1)
        assert list(got) == list(wanted), f"{way} must agree"
    raw, weights = table.fillna(0.5).to_numpy(), np.array([f.weight for f in MODEL.factors])
    spent_by["MinMaxScaler, a sum"], _ = timed(lambda: np.argsort(MinMaxScaler().fit_transform(raw) @ weights)[-TOP:])
    wsm = WSM(minmax_normalization)
    spent_by["pymcdm, weighted sum"], _ = timed(
        lambda: np.argsort(wsm(raw, weights / weights.sum(), np.ones(len(weights))))[-TOP:]
    )
    for way, cards in {"a factor's slider": by_factor(moves()), "a category's slider": by_category(moves())}.items():
        first_time = ours(next(cards), scaled)  # fills what a snapshot keeps
        spent_by[way], _ = timed(lambda cards=cards: ours(next(cards), scaled), 9)
        assert way != "a category's slider" or list(first_time) == list(wanted), "both ways must agree"
    columns = [f.codes for f in scaled.factors]
    spent_by["its bytes, read once"], _ = timed(lambda: [column.view(np.uint8).max() for column in columns])
    return spent_by


def moves() -> Iterator[float]:
    """Yield weights of which none comes twice."""
    return iter(np.linspace(55, 75, 1000).tolist())


def by_category(weights: Iterator[float]) -> Iterator[Scorecard]:
    """Yield cards on which only the weight of a category has moved."""
    return (MODEL.with_weights({"security": weight}) for weight in weights)


def by_factor(weights: Iterator[float]) -> Iterator[Scorecard]:
    """Yield cards on which only the weight of a factor has moved, in the category that has most factors."""
    return (MODEL.with_weights({"license_type": weight / 30}) for weight in weights)


def generated(n: int) -> ScaledByRow:
    """Make n subjects; the same n gives the same subjects."""
    rng = np.random.default_rng(n)
    everyone = np.array([f"owner-{i // 500:05}/model-{i:07}" for i in range(n)], dtype=object)
    caps = [rng.random(n) < FOUND for _ in MODEL.caps]
    kind = rng.integers(0, KINDS, n)
    factors = [_factor(f, kind, rng) for f in MODEL.factors]
    return byrow.by_row(ByRow(lambda rows: everyone[rows], n), factors, caps)


def _factor(f: Factor, kind: np.ndarray, rng: np.random.Generator) -> Values:
    """Make a factor, half of it among the lowest twentieth of its values; a kind (n) of subjects knows the same."""
    few = [0.0, 1.0] if f.curve == "yes_no" else sorted((f.levels or {}).values())
    counts = np.log1p(np.arange(DAYS if f.id == "age" else COUNTS))
    known = np.array(few) if few else counts / counts[-1]  # as the scale makes them
    different = len(known)
    value = np.append(known.round(12), [np.nan, np.nan])
    codes = (different * rng.random(len(kind)) ** 4).astype(np.min_scalar_type(different + 1))
    codes[(rng.random(KINDS) < UNKNOWN)[kind]] = different
    codes[(rng.random(KINDS) < DOES_NOT_APPLY)[kind]] = different + 1
    low, high, applies = np.nan_to_num(value), np.nan_to_num(value, nan=1.0), np.arange(different + 2) <= different
    return Values(codes=codes, value=value, low=low, high=high, applies=applies)


def ours(card: Scorecard, scaled: ScaledByRow) -> np.ndarray:
    """Weigh, name the first hundred and rank ten others, as a page does."""
    factors = tuple((f.id, f.weight) for f in card.factors)
    everyone = np.ones(len(scaled.ids), dtype=bool)
    scores = byrow.weigh(card, scaled, byrow.blend(scaled, factors, "neutral"), "neutral", False, everyone)
    scores.rank_of(np.arange(OTHERS))
    return scores.ids[scores.top(TOP)]


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


def in_polars(card: Scorecard, table: pl.DataFrame) -> list[str]:
    """Do the same with expressions that polars plans and runs on both cores."""
    total, whole = pl.lit(0.0), pl.lit(0.0)
    for c in card.categories:
        known = {f.id: pl.col(f.id).is_not_nan() & pl.col(f.id).is_not_null() for f in c.factors}
        says = {f.id: pl.col(f"{f.id}:applies") for f in c.factors}
        filled = [pl.when(known[i]).then(pl.col(i)).when(says[i]).then(0.5).otherwise(0.0) for i in known]
        points = pl.sum_horizontal(value * f.weight for value, f in zip(filled, c.factors, strict=True))
        applying = pl.sum_horizontal(says[f.id].cast(pl.Float64) * f.weight for f in c.factors)
        counts = pl.any_horizontal(known.values())
        total += pl.when(counts).then(points / applying).otherwise(0.0) * c.weight
        whole += counts.cast(pl.Float64) * c.weight
    ranking = table.lazy().select("id", (100 * total / whole).round(9).alias("total"))
    ranking = ranking.with_columns(pl.col("total").rank("min", descending=True).alias("rank"))
    found = ranking.collect()
    return found.sort(["total", "id"], descending=[True, False]).head(TOP)["id"].to_list()


def in_duckdb(card: Scorecard, table: pl.DataFrame) -> list[str]:
    """Do the same in SQL."""
    totals, wholes = [], []
    for c in card.categories:
        known = {f.id: f'("{f.id}" is not null and not isnan("{f.id}"))' for f in c.factors}
        points = " + ".join(
            f'{f.weight} * case when {known[f.id]} then "{f.id}" when "{f.id}:applies" then 0.5 else 0 end'
            for f in c.factors
        )
        applying = " + ".join(f'{f.weight} * "{f.id}:applies"::int' for f in c.factors)
        counts = f"({' or '.join(known.values())})"
        totals.append(f"case when {counts} then {c.weight} * ({points}) / ({applying}) else 0.0 end")
        wholes.append(f"{c.weight} * {counts}::int")
    total = f"round(100.0::double * ({' + '.join(totals)}) / ({' + '.join(wholes)}), 9)"
    ranked = f"select id, {total} as total, rank() over (order by {total} desc) as rank from held"
    with duckdb.connect() as connection:
        connection.register("held", table.to_arrow())
        found = connection.execute(f"select id from ({ranked}) order by total desc, id limit {TOP}").fetchall()
    return [i for (i,) in found]


def timed(run: Callable, repeats: int = REPEATS) -> tuple[Spent, object]:
    """Return the least that a run takes of a few times, in milliseconds of processor and of clock, and what it gave."""
    least = (float("inf"), float("inf"))
    for _ in range(repeats):
        before, began = time.process_time(), time.perf_counter()
        result = run()
        spent = 1000 * (time.process_time() - before), 1000 * (time.perf_counter() - began)
        least = min(least[0], spent[0]), min(least[1], spent[1])
    return least, result


if __name__ == "__main__":
    main(tuple(int(a) for a in sys.argv[1:]) or ROWS)
