"""Measure, scale, weigh: the whole way from a table of facts to ranked totals.

    facts --measure--> raw --scale--> 0..1 --blend--> category scores --weigh--> totals, intervals, ranks

The stages are kept apart because they change at different times: `measure` and `scale` once a snapshot,
`blend` when a factor's weight moves, `weigh` when a category's weight moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import narwhals as nw
import numpy as np

from scoring.interval import covered, ends, limits
from scoring.methods import (
    STANDARD,
    Method,
    Normaliser,
    aggregate,
    category_weights,
    neutral,
    normalise,
    part,
    ratio,
    relative,
    weighted_sum,
    whole,
)
from scoring.scores import Scores
from scoring.types import (
    UNKNOWN_POLICIES,
    Blend,
    Bools,
    Factor,
    Floats,
    Measured,
    Scaled,
    Scorecard,
    UnknownPolicy,
    Yardstick,
    YardstickKind,
)


def measure(card: Scorecard, facts: Any) -> Measured:
    """Ask every factor's question of every row of `facts` (a pandas, polars, DuckDB or PySpark table with an `id`).

    Raises ValueError naming the facts that the table lacks.
    """
    frame = nw.from_native(facts)
    there = frame.collect_schema().names()
    lacking = [fact for fact in ("id", *card.reads) if fact not in there]
    if lacking:
        raise ValueError(f"The table of facts lacks {', '.join(lacking)}; add the columns, empty where unknown.")
    if isinstance(frame, nw.DataFrame) and frame.implementation.is_pandas():
        frame = nw.from_native(frame.select("id", *card.reads).to_arrow())  # answers in a third of the time
    answers = frame.select(nw.col("id"), *_questions(card))
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


def scale(
    card: Scorecard, measured: Measured, yardstick: Yardstick, normaliser: Normaliser = STANDARD.normalise
) -> Scaled:
    """Bring every measure to one scale, for goalposts and Min-Max to 0..1 between the yardstick's low and high.

    There a factor whose low equals its high, or whose yardstick nobody could fit, scales to a neutral 0.5.
    """
    factors = card.factors
    ends = np.array([[yardstick.low[f.id] for f in factors], [yardstick.high[f.id] for f in factors]], dtype=np.float64)
    low, high = _curved(factors, ends)
    lower_is_better = np.array([f.better == "lower" for f in factors])

    def scaled(raw: Floats) -> Floats:
        x = normalise(normaliser, _curved(factors, raw), (low, high))
        x = np.where(lower_is_better, 2 * neutral(normaliser) - x, x)
        # log1p differs in the last bit between processors; the same facts must give the same scores everywhere.
        return x if normaliser == "max" else x.round(12)

    value = scaled(measured.raw)
    far = value if measured.open_end is measured.raw else scaled(measured.open_end)
    unknown = np.isnan(value)
    return Scaled(
        ids=measured.ids,
        value=value,
        low=np.where(unknown, 0.0, np.fmin(value, far)),
        high=np.where(unknown, 1.0, np.fmax(value, far)),
        applies=measured.applies,
        caps=measured.caps,
    )


def blend(
    card: Scorecard, scaled: Scaled, unknown: UnknownPolicy = STANDARD.unknown, method: Method = STANDARD
) -> Blend:
    """Weigh the factors inside each category.

    An unknown factor counts the middle (`neutral`), 0 (`zero`) or gives its share to the others (`skip`); one that
    does not apply always gives its share away. A category in which nothing is known leaves, except under `zero`.
    """
    if unknown not in UNKNOWN_POLICIES:
        raise ValueError(f"There is no unknown policy {unknown}; choose {', '.join(UNKNOWN_POLICIES)}.")
    values, shares, applying = [], [], []
    for c, own in card.slices:
        w = relative(f.weight for f in c.factors)
        known = ~np.isnan(scaled.value[:, own])
        filled, weight, share, applies = basis(w, known, scaled.applies[:, own], unknown, method)
        points = weighted_sum(part(method.within, scaled.value[:, own]), w, known)
        values.append(whole(method.within, (points + filled) / weight))
        shares.append(share)
        applying.append(applies)
    return Blend(value=np.stack(values).T, coverage=np.stack(shares).T, applies=np.stack(applying).T)


def basis(
    w: Floats, known: Bools, applies: Bools, unknown: UnknownPolicy, method: Method = STANDARD
) -> tuple[Floats, Floats, Floats, Bools]:
    """Return what of a category follows from what is known of it (n each), of factors (k) that weigh `w`.

    That is what is unknown adds to its points, the weight that they are divided by (NaN where it leaves the total), the
    known share, and whether any factor applies. `known` and `applies` are n x k.
    """
    worst, middle, _ = ends(method)
    w_known, w_applies = weighted_sum(known, w), weighted_sum(applies, w)
    filler = {"neutral": middle, "zero": worst, "skip": 0.0}[unknown]
    weight = w_known if unknown == "skip" else w_applies
    counts = w_applies > 0 if unknown == "zero" else w_known > 0
    filled = filler * np.maximum(w_applies - w_known, 0.0)
    return filled, np.where(counts, weight, np.nan), ratio(w_known, w_applies), w_applies > 0


def weigh(
    card: Scorecard,
    scaled: Scaled,
    blended: Blend,
    unknown: UnknownPolicy = STANDARD.unknown,
    capped: bool = True,
    rankable: Bools | None = None,
    *,
    method: Method = STANDARD,
    measured: Measured | None = None,
    as_of: str = "",
) -> Scores:
    """Weigh the categories: the only stage that runs when a category slider moves.

    `rankable` (n) says who is ranked; the others are listed. `measured` and `as_of` are kept beside the scores.
    Raises ValueError when all weights are zero.
    """
    card.shares()
    w = category_weights(card, method, scaled.applies)
    uncapped = card.out_of * aggregate(method.across, blended.value, w, method.ties)
    if unknown == "zero":
        uncapped[weighted_sum(blended.coverage, w) == 0] = np.nan  # nothing known at all is no total here either
    if method.has_intervals:
        uncapped = np.clip(uncapped, 0.0, card.out_of)
    known = ~np.isnan(uncapped)
    return Scores(
        card=card,
        method=method,
        measures=measured,
        scaled=scaled,
        blended=blended,
        unknown=unknown,
        capped=capped,
        uncapped=uncapped,
        total=np.minimum(uncapped, limits(card, scaled.caps)) if capped else uncapped,
        ranked=known if rankable is None else known & rankable,
        as_of=as_of,
    )


def coverage(card: Scorecard, scaled: Scaled) -> Floats:
    """Return the known share (0..1) of each subject under this card's weights, without scoring it."""
    return covered(card, blend(card, scaled))


def score(
    card: Scorecard,
    facts: Any,
    yardstick: Yardstick | None = None,
    *,
    method: Method = STANDARD,
    unknown: UnknownPolicy | None = None,
    capped: bool = True,
    minimum_coverage: float | None = None,
    coverage_card: Scorecard | None = None,
    as_of: str = "",
) -> Scores:
    """Run all stages on a table of facts (or on what was measured), by default as `method` has it.

    Who is ranked is decided on `coverage_card` (default: `card`), so that moving weights need not change it.
    """
    measured = facts if isinstance(facts, Measured) else measure(card, facts)
    if method.missing == "left_out":
        measured = replace(measured, applies=measured.applies & ~np.isnan(measured.raw).all(axis=0))
    scaled = scale(card, measured, yardstick or fit(card, measured, method.yardstick, as_of), method.normalise)
    least = method.minimum_coverage if minimum_coverage is None else minimum_coverage
    rankable = coverage(coverage_card or card, scaled) >= least
    policy = unknown or method.unknown
    blended = blend(card, scaled, policy, method)
    return weigh(card, scaled, blended, policy, capped, rankable, method=method, measured=measured, as_of=as_of)


def _questions(card: Scorecard) -> Iterator[nw.Expr]:
    """Yield the columns that a card asks for: `<factor>:raw`, `:open` and `:applies` where declared, `<cap>:cap`."""
    for f in card.factors:
        yield f.measure.cast(nw.Float64).alias(f"{f.id}:raw")
        if f.open_end is not None:
            yield f.open_end.cast(nw.Float64).alias(f"{f.id}:open")
        if f.applies is not None:
            yield f.applies.fill_null(True).cast(nw.Float64).alias(f"{f.id}:applies")
    for cap in card.caps:
        yield cap.when.fill_null(False).cast(nw.Float64).alias(f"{cap.id}:cap")


def _curved(factors: tuple[Factor, ...], raw: Floats) -> Floats:
    log = np.array([f.curve == "log" for f in factors])
    return np.where(log, np.log1p(np.maximum(raw, 0.0)), raw)


def _matrix(answers: nw.DataFrame[Any], names: list[str], otherwise: float = np.nan) -> Floats:
    """Return these columns as n x names; a column that nobody declared holds `otherwise`."""
    matrix = np.full((len(answers), len(names)), otherwise, order="F")  # every stage goes column by column
    there = set(answers.columns)
    for j, name in enumerate(names):
        if name in there:
            column = answers[name]  # pyarrow would import pandas to make an array, and organisations do without
            matrix[:, j] = column.to_list() if answers.implementation.is_pyarrow() else column.to_numpy()
    return matrix
