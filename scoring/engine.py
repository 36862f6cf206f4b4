"""Measure, scale, weigh: the whole way from a table of facts to ranked totals.

    facts --measure--> raw --scale--> 0..1 --blend--> category scores --weigh--> totals, intervals, ranks

The stages are kept apart because they change at different times: `measure` and `scale` once a snapshot,
`blend` when a factor's weight moves, `weigh` when a category's weight moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.scores import DECIMALS, Scores, relative
from scoring.types import UNKNOWN_POLICIES, Factor, Scorecard, UnknownPolicy, Yardstick, YardstickKind

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NEUTRAL = 0.5
MINIMUM_COVERAGE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Raw measures of n subjects on f factors (NaN = not known), in the unit of each factor.

    `open_end` is the far end of a value that is only a lower bound (equal to `raw` where it is exact);
    `applies` is false where a factor does not apply; `caps` says which subject meets which cap (n x caps).
    """

    ids: NDArray[np.object_]
    raw: Floats
    open_end: Floats
    applies: Bools
    caps: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaled:
    """The measures on 0..1 (n x f, NaN = unknown or not applicable), with the interval each may lie in."""

    ids: NDArray[np.object_]
    value: Floats
    low: Floats
    high: Floats
    applies: Bools
    caps: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """Category scores on 0..1 (n x categories): all that a category slider needs.

    `counts` is false where a category has no say in the total; `applies` where none of its factors applies at all.
    """

    value: Floats
    low: Floats
    high: Floats
    coverage: Floats
    counts: Bools
    applies: Bools


def measure(card: Scorecard, facts: Any) -> Measured:
    """Ask every factor's question of every row of `facts` (a pandas, polars, DuckDB or PySpark table with an `id`).

    Raises ValueError naming the facts that the table lacks.
    """
    frame = nw.from_native(facts)
    lacking = [fact for fact in ("id", *card.reads) if fact not in frame.collect_schema().names()]
    if lacking:
        raise ValueError(f"The table of facts lacks {', '.join(lacking)}; add the columns, empty where unknown.")
    columns: list[nw.Expr] = [nw.col("id")]
    for f in card.factors:
        columns.append(f.measure.cast(nw.Float64).alias(f"{f.id}:raw"))
        if f.open_end is not None:
            columns.append(f.open_end.cast(nw.Float64).alias(f"{f.id}:open"))
        if f.applies is not None:
            columns.append(f.applies.fill_null(True).cast(nw.Float64).alias(f"{f.id}:applies"))
    columns += [cap.when.fill_null(False).cast(nw.Float64).alias(f"{cap.id}:cap") for cap in card.caps]
    answers = frame.select(*columns)
    if isinstance(answers, nw.LazyFrame):
        answers = answers.collect()
    raw = _matrix(answers, [f"{f.id}:raw" for f in card.factors])
    raw[~np.isfinite(raw)] = np.nan
    open_end = _matrix(answers, [f"{f.id}:open" for f in card.factors])
    applies = _matrix(answers, [f"{f.id}:applies" for f in card.factors], otherwise=1.0) != 0
    raw[~applies] = np.nan
    return Measured(
        ids=np.asarray(answers["id"].to_list(), dtype=object),
        raw=raw,
        open_end=np.where(np.isnan(open_end), raw, open_end),
        applies=applies,
        caps=_matrix(answers, [f"{cap.id}:cap" for cap in card.caps]) == 1,
    )


def fit(card: Scorecard, measured: Measured, kind: YardstickKind, as_of: str) -> Yardstick:
    """Fit the low and high of every factor: the declared goalposts, or the least and most among the subjects.

    yes_no and levels always use their declared scale.
    """
    low = {f.id: f.low for f in card.factors}
    high = {f.id: f.high for f in card.factors}
    if kind == "population":
        for j, f in enumerate(card.factors):
            if f.curve in ("linear", "log"):
                column = measured.raw[:, j]
                known = column[~np.isnan(column)]
                low[f.id] = float(known.min()) if known.size else float("nan")
                high[f.id] = float(known.max()) if known.size else float("nan")
    return Yardstick(low=low, high=high, kind=kind, subjects=len(measured.ids), as_of=as_of)


def scale(card: Scorecard, measured: Measured, yardstick: Yardstick) -> Scaled:
    """Bring every measure to 0..1 with scikit-learn's MinMaxScaler fitted on the yardstick's low and high rows.

    A factor whose low equals its high, or whose yardstick nobody could fit, scales to a neutral 0.5.
    """
    from sklearn.preprocessing import MinMaxScaler  # here, because it costs a second and the app reads scaled columns

    factors = card.factors
    ends = np.array([[yardstick.low[f.id] for f in factors], [yardstick.high[f.id] for f in factors]], dtype=np.float64)
    flat = ~(ends[0] < ends[1])
    scaler = MinMaxScaler(clip=True).fit(_curved(factors, np.nan_to_num(ends)))
    lower_is_better = np.array([f.better == "lower" for f in factors])

    def scaled(raw: Floats) -> Floats:
        if not len(raw):
            return raw.copy()
        x: Floats = scaler.transform(_curved(factors, raw))
        x = np.where(flat & ~np.isnan(raw), NEUTRAL, x)
        # log1p differs in the last bit between processors; the same facts must give the same scores everywhere.
        return np.where(lower_is_better, 1.0 - x, x).round(12)

    value, far = scaled(measured.raw), scaled(measured.open_end)
    unknown = np.isnan(value)
    return Scaled(
        ids=measured.ids,
        value=value,
        low=np.where(unknown, 0.0, np.fmin(value, far)),
        high=np.where(unknown, 1.0, np.fmax(value, far)),
        applies=measured.applies,
        caps=measured.caps,
    )


def blend(card: Scorecard, scaled: Scaled, unknown: UnknownPolicy = "neutral") -> Blend:
    """Weigh the factors inside each category.

    An unknown factor counts 0.5 (`neutral`), 0 (`zero`) or gives its share to the others (`skip`); one that does
    not apply always gives its share away. A category in which nothing is known has no say, except under `zero`.
    """
    if unknown not in UNKNOWN_POLICIES:
        raise ValueError(f"There is no unknown policy {unknown}; choose {', '.join(UNKNOWN_POLICIES)}.")
    columns: dict[str, list[Floats]] = {"value": [], "low": [], "high": [], "coverage": []}
    counts: list[Bools] = []
    applies: list[Bools] = []
    start = 0
    for c in card.categories:
        part = slice(start, start + len(c.factors))
        start = part.stop
        w = relative(f.weight for f in c.factors)
        known = ~np.isnan(scaled.value[:, part])
        w_known, w_applies = known @ w, scaled.applies[:, part] @ w
        w_unknown = np.maximum(w_applies - w_known, 0.0)
        points = np.where(known, scaled.value[:, part], 0.0) @ w
        value = {
            "neutral": (points + NEUTRAL * w_unknown, w_applies, w_known > 0),
            "zero": (points, w_applies, w_applies > 0),
            "skip": (points, w_known, w_known > 0),
        }[unknown]
        columns["value"].append(_ratio(value[0], value[1]))
        # `low` is 0 and `high` 1 wherever a value is not known: what does not apply lacks nothing of the best.
        columns["low"].append(_ratio(scaled.low[:, part] @ w, w_applies))
        columns["high"].append(_ratio(w_applies - (1.0 - scaled.high[:, part]) @ w, w_applies))
        columns["coverage"].append(_ratio(w_known, w_applies))
        counts.append(value[2])
        applies.append(w_applies > 0)
    return Blend(
        **{name: np.stack(parts, axis=1) for name, parts in columns.items()},
        counts=np.stack(counts, axis=1),
        applies=np.stack(applies, axis=1),
    )


def weigh(
    card: Scorecard,
    scaled: Scaled,
    blended: Blend,
    unknown: UnknownPolicy = "neutral",
    capped: bool = True,
    rankable: Bools | None = None,
) -> Scores:
    """Weigh the categories: the only stage that runs when a category slider moves.

    `rankable` (n) says who is ranked; the others are listed. Raises ValueError when all weights are zero.
    """
    card.shares()
    w = relative(c.weight for c in card.categories)
    heard = blended.counts @ w
    whole = blended.applies @ w
    uncapped = 100 * _ratio((blended.value * blended.counts) @ w, heard, empty=np.nan)
    low = 100 * _ratio((blended.low * blended.applies) @ w, whole)
    high = 100 * _ratio((blended.high * blended.applies) @ w, whole, empty=1.0)
    uncapped[blended.coverage @ w == 0] = np.nan  # under `zero` too: nothing known at all is no total
    limit = _limits(card, scaled.caps) if capped else np.full(len(uncapped), np.inf)
    known = ~np.isnan(uncapped)
    # The three sums round apart in the last bit; the interval must hold its total exactly.
    uncapped = np.clip(uncapped, 0.0, 100.0)
    low, high = np.fmin(np.clip(low, 0.0, 100.0), uncapped), np.fmax(np.clip(high, 0.0, 100.0), uncapped)
    return Scores(
        card=card,
        scaled=scaled,
        blended=blended,
        unknown=unknown,
        capped=capped,
        uncapped=uncapped,
        total=np.fmin(uncapped, np.where(known, limit, np.nan)),
        low=np.minimum(low, limit),
        high=np.minimum(high, limit),
        coverage=_covered(card, blended),
        ranked=known if rankable is None else known & rankable,
    )


def coverage(card: Scorecard, scaled: Scaled) -> Floats:
    """Return the known share (0..1) of each subject under this card's weights, without scoring it."""
    return _covered(card, blend(card, scaled))


def score(
    card: Scorecard,
    facts: Any,
    yardstick: Yardstick | None = None,
    *,
    unknown: UnknownPolicy = "neutral",
    capped: bool = True,
    minimum_coverage: float = MINIMUM_COVERAGE,
    coverage_card: Scorecard | None = None,
) -> Scores:
    """Run all stages on a table of facts; the yardstick defaults to the card's goalposts.

    Who is ranked is decided on `coverage_card` (default: `card`), so that moving weights need not change it.
    """
    measured = measure(card, facts)
    scaled = scale(card, measured, yardstick or fit(card, measured, "goalposts", ""))
    rankable = coverage(coverage_card or card, scaled) >= minimum_coverage
    return weigh(card, scaled, blend(card, scaled, unknown), unknown, capped, rankable)


def _limits(card: Scorecard, met: Bools) -> Floats:
    """Return the lowest cap (0..100) that each subject meets, infinity where it meets none."""
    limits = np.array([cap.limit for cap in card.caps])
    lowest: Floats = np.where(met, limits, np.inf).min(axis=1, initial=np.inf)
    return lowest


def _covered(card: Scorecard, blended: Blend) -> Floats:
    """Return the known share of each subject, rounded as totals are: all known is 1, not the last bit below."""
    w = relative(c.weight for c in card.categories)
    return _ratio((blended.coverage * blended.applies) @ w, blended.applies @ w).round(DECIMALS)


def _curved(factors: tuple[Factor, ...], raw: Floats) -> Floats:
    log = np.array([f.curve == "log" for f in factors])
    return np.where(log, np.log1p(np.maximum(raw, 0.0)), raw)


def _matrix(answers: nw.DataFrame[Any], names: list[str], otherwise: float = np.nan) -> Floats:
    """Return these columns as n x names; a column that nobody declared holds `otherwise`."""
    matrix = np.full((len(answers), len(names)), otherwise)
    for j, name in enumerate(names):
        if name in answers.columns:
            column = pd.to_numeric(answers[name].to_pandas(), errors="coerce")
            matrix[:, j] = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return matrix


def _ratio(part: Floats, whole: Floats, empty: float = 0.0) -> Floats:
    ratio: Floats = np.divide(part, whole, out=np.full(len(part), empty), where=whole > 0)
    return ratio
