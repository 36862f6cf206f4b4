"""Methods: how indicators become one number, as values that the engine takes, and the arithmetic that they name.

Arrays are subjects x columns (n x k) float64; NaN = unknown. More is better in every column.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from scoring.types import Bools, Floats, Scorecard, UnknownPolicy, YardstickKind

Ends = tuple[Floats, Floats]
Normaliser = Literal["min_max", "max", "z_score", "percentile_rank", "goalposts"]
Aggregator = Literal["mean", "flat_mean", "geometric_mean", "rank_discount"]
Ties = Literal["shared", "dense"]

# Scores are compared after rounding, so that the last bit of a sum decides no rank: dense as the reference project
# does it, shared as everywhere else in this one.
PRECISION: Mapping[Ties, int] = {"shared": 9, "dense": 15}
# The geometric mean is 0 as soon as one value is 0; half of all indicators are. 0..1 is moved to 0.01..1 first.
GEOMETRIC_FLOOR = 0.01
MINIMUM_COVERAGE = 0.5  # a model that is known to less than this share is listed, not ranked


@dataclass(frozen=True, kw_only=True)
class Method:
    """A named way from measures to a total and a rank.

    `within` joins the factors of a category, `across` the categories; `flat_mean` lets every factor count alike,
    whatever its category. `ties`: ranks 1, 2, 2, 4 (shared) or 1, 2, 2, 3 (dense). `unknown` is what an unknown
    factor counts. `missing` is what becomes of a factor that no subject has: it keeps its weight, or is left out.
    `weights` are those before anybody moves them; `reading` is how repository rows become organisation facts.
    """

    id: str
    label: str
    summary: str
    normalise: Normaliser = "min_max"
    within: Literal["mean", "geometric_mean"] = "mean"
    across: Aggregator = "mean"
    ties: Ties = "shared"
    unknown: UnknownPolicy = "neutral"
    missing: Literal["counts", "left_out"] = "left_out"
    minimum_coverage: float = 0.0
    reading: Literal["documented", "published"] = "documented"
    weights: Mapping[str, float] = field(default_factory=dict)

    @property
    def yardstick(self) -> YardstickKind:
        """What the normaliser measures against."""
        return "goalposts" if self.normalise == "goalposts" else "population"

    @property
    def adds_up(self) -> bool:
        """Whether the total is a weighted sum of factors, so that each has points."""
        return self.within == "mean" and self.across in ("mean", "flat_mean")

    @property
    def has_intervals(self) -> bool:
        """Whether a total's worst and best case follow from those of its own factors, whoever else there is."""
        return self.normalise != "z_score" and self.across != "rank_discount"


# How models are scored.
STANDARD = Method(
    id="standard",
    label="Weighted mean",
    summary="Goalposts per factor; a category is the weighted mean of its factors, the total that of the categories.",
    normalise="goalposts",
    missing="counts",
    minimum_coverage=MINIMUM_COVERAGE,
)

METHODS: Mapping[str, Method] = {
    m.id: m
    for m in (
        Method(
            id="documented",
            label="As documented",
            summary=(
                "Each indicator is placed between the least and the most that any organisation has (Min-Max); a "
                "dimension is the mean of its indicators, the score the mean of the four dimensions."
            ),
        ),
        Method(
            id="documented_flat",
            label="As documented, flat",
            summary=(
                "Each indicator is placed between the least and the most that any organisation has (Min-Max); the "
                "score is the mean of all indicators, so that a dimension with more of them weighs more."
            ),
            across="flat_mean",
        ),
        Method(
            id="published",
            label="As published",
            summary=(
                "Each indicator is a share of the largest; a dimension is their mean, and its rank counts: the score "
                "is the sum of weight / log2(1 + rank), half of it for Model and a sixth for each other."
            ),
            normalise="max",
            across="rank_discount",
            ties="dense",
            unknown="skip",
            reading="published",
            weights={"data": 20, "model": 60, "system": 20, "benchmark": 20},
        ),
    )
}
DEFAULT_METHOD = "documented"

NORMALISERS: Mapping[Normaliser, str] = {
    "min_max": "Min-Max",
    "max": "Share of the largest",
    "z_score": "Z-score",
    "percentile_rank": "Percentile rank",
}
AGGREGATORS: Mapping[Aggregator, str] = {
    "mean": "mean of the four",
    "flat_mean": "mean of all indicators",
    "geometric_mean": "geometric mean",
    "rank_discount": "discounted ranks",
}


def combined(normaliser: Normaliser, aggregator: Aggregator) -> Method | None:
    """Return the documented method with another normaliser and aggregator; None where they do not go together."""
    if (normaliser, aggregator) == ("z_score", "geometric_mean"):
        return None  # a geometric mean needs values of at least 0
    found = replace(METHODS[DEFAULT_METHOD], normalise=normaliser, across=aggregator)
    same = (m for m in METHODS.values() if replace(found, id=m.id, label=m.label, summary=m.summary) == m)
    label = f"{NORMALISERS[normaliser]}, {AGGREGATORS[aggregator]}"
    summary = f"Each indicator by {NORMALISERS[normaliser]}; a dimension is their mean, influence the "
    summary += {"mean": "mean of the four", "flat_mean": "mean of all indicators"}.get(
        aggregator, f"{AGGREGATORS[aggregator]} of the four"
    )
    return next(same, replace(found, id=f"{normaliser}_{aggregator}", label=label, summary=f"{summary}."))


# The named methods, then every other way to normalise and join the same facts.
EVERY_METHOD: Mapping[str, Method] = dict(METHODS) | {
    m.id: m for n in NORMALISERS for a in AGGREGATORS if (m := combined(n, a))
}


def normalise(name: Normaliser, raw: Floats, ends: Ends | None = None) -> Floats:
    """Bring every column to a common scale; NaN stays NaN.

    `ends`: low and high of each column to measure against instead of the columns' own; `goalposts` needs them. Values
    beyond them are clipped. A column whose low is its high is neutral, except as a share of the most.
    """
    match name:
        case "goalposts" if ends is None:
            raise ValueError("goalposts measure against declared ends; give low and high of every column.")
        case "min_max" | "goalposts":
            return _min_max(raw, *(ends or _own_ends(raw)))
        case "max":
            return ratio(raw, (ends or _own_ends(raw))[1], np.nan)
        case "z_score":
            known = ~np.isnan(raw)
            count = known.sum(axis=0)
            away = raw - ratio(np.where(known, raw, 0.0).sum(axis=0), count, np.nan)
            spread = np.sqrt(ratio(np.where(known, away**2, 0.0).sum(axis=0), count, np.nan))
            return np.where(known, ratio(away, spread, 0.0), np.nan)
        case "percentile_rank":
            return _percentile_rank(raw)
    raise ValueError(f"There is no normaliser {name}.")


def neutral(name: Normaliser) -> float:
    """Return the value that is neither good nor bad on a normaliser's scale."""
    return 0.0 if name == "z_score" else 0.5


def constant(raw: Floats) -> Bools:
    """Return which columns (k) have one value only: they distinguish nobody."""
    low, high = _own_ends(raw)
    same: Bools = low == high
    return same


def aggregate(
    name: Aggregator, values: Floats, weights: Floats, ties: Ties = "shared", counts: Bools | None = None
) -> Floats:
    """Join columns to one score (n); NaN where nothing counts that has a weight.

    What does not count (default: what is NaN) gives its weight to the others.
    """
    parts = part(name, values, ties)
    counting = ~np.isnan(parts) if counts is None else counts
    shares = fractions(weights)
    return whole(name, weighted_sum(parts, shares, counting) / divisor(counting, shares))


def fractions(weights: Floats) -> Floats:
    """Return weights as fractions of their sum; zeros stay so."""
    shares = relative(weights)
    return shares / (math.fsum(shares) or 1.0)


def divisor(counting: Bools, shares: Floats) -> Floats:
    """Return the shares that count of each subject (n), of k that count or do not (n x k); NaN where none does."""
    # Where all counts nothing is divided: the published tables add up shares of 1/6 and 1/2 as they are.
    sums = np.where(counting.all(axis=1), float(shares.any()), weighted_sum(counting, shares))
    return np.where(sums > 0, sums, np.nan)


def weighted_sum(columns: Floats | Bools, weights: Floats, where: Bools | None = None) -> Floats:
    """Add up columns (n x k, best column by column in memory) times their weights; `where` says what is added (n x k).

    From left to right, as the published tables were made: a matrix product adds in another order on every processor.
    """
    total = np.zeros(len(columns))
    for j, weight in enumerate(weights):
        if weight:
            points = weight * columns[:, j]
            total += points if where is None else np.where(where[:, j], points, 0.0)
    return total


def part(name: Aggregator, values: Floats, ties: Ties = "shared") -> Floats:
    """Return what of every value enters the weighted mean that an aggregator makes."""
    match name:
        case "mean" | "flat_mean":
            return values
        case "geometric_mean":
            if np.nanmin(values, initial=0.0) < 0:
                raise ValueError(
                    "The geometric mean needs values of at least 0; z-scores are below it for half the field."
                )
            logs: Floats = np.log(GEOMETRIC_FLOOR + (1 - GEOMETRIC_FLOOR) * values)
            return logs
        case "rank_discount":
            return np.stack([1 / np.log2(1 + ranks(column, ties)) for column in values.T], axis=1)
    raise ValueError(f"There is no aggregator {name}.")


def whole(name: Aggregator, mean: Floats) -> Floats:
    """Return the score that a weighted mean of parts stands for."""
    if name != "geometric_mean":
        return mean
    score: Floats = (np.exp(mean) - GEOMETRIC_FLOOR) / (1 - GEOMETRIC_FLOOR)
    return score


def ranks(scores: Floats, ties: Ties = "shared", among: Floats | None = None) -> Floats:
    """Rank scores (n), the highest first, among those of `among` (default: among themselves); NaN stays NaN.

    Of those only what lies between the scores is sorted: who is ahead of all of them needs only be counted.
    """
    rounded = -scores.round(PRECISION[ties])
    known = np.flatnonzero(~np.isnan(rounded))
    known = known[np.argsort(rounded[known])]  # what comes in order is found several times as fast
    placed = np.full(len(scores), np.nan)
    field, before = -(scores if among is None else among), 0
    if ties == "shared" and among is not None:
        near = 10.0 ** -PRECISION[ties]
        least, most = np.fmin.reduce(scores, initial=np.nan) - near, np.fmax.reduce(scores, initial=np.nan) + near
        field, before = -among[(among >= least) & (among <= most)], int((among > most).sum())
    field = field[~np.isnan(field)].round(PRECISION[ties])
    field = np.unique(field) if ties == "dense" else np.sort(field)
    placed[known] = 1.0 + before + np.searchsorted(field, rounded[known])
    return placed


def category_weights(card: Scorecard, method: Method, applies: Bools) -> Floats:
    """Return the weight of every category, relative to the largest.

    Under a flat mean a category weighs what its factors weigh together, those that apply to any subject.
    """
    weights = relative(c.weight for c in card.categories)
    if method.across != "flat_mean":
        return weights
    each, asked = relative(f.weight for f in card.factors), applies.any(axis=0)
    inside = [(each * asked)[own].sum() for _, own in card.slices]
    return relative(weights * inside)


def shares_of(card: Scorecard, counting: Bools, of_total: Floats) -> Floats:
    """Share of every factor (rows x factors) in a total: its part in its category times the category's."""
    shares = np.empty(counting.shape)
    for j, (c, own) in enumerate(card.slices):
        shares[:, own] = parts(counting[:, own] * relative(f.weight for f in c.factors)) * of_total[:, [j]]
    return shares


def parts(weights: Floats) -> Floats:
    """Return the part of each weight in the sum of its row; a row of zeros stays so."""
    whole = weights.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(weights, whole, out=np.zeros(weights.shape), where=whole > 0)
    return shares


def relative(weights: Iterable[float]) -> Floats:
    """Return weights as parts of the largest one, so that sums of huge or tiny weights stay exact."""
    w: Floats = np.array(list(weights), dtype=np.float64)
    most = w.max(initial=0.0)
    return w / most if most > 0 else w


def ratio(part: Floats, whole: Floats, empty: float = 0.0) -> Floats:
    """Divide where the whole is above 0; elsewhere there is `empty`."""
    ratios: Floats = np.divide(
        part, whole, out=np.full(part.shape, empty), where=np.broadcast_to(whole > 0, part.shape)
    )
    return ratios


def _own_ends(raw: Floats) -> Ends:
    """Return the least and the most of every column, NaN where nothing is known."""
    return np.fmin.reduce(raw, axis=0, initial=np.nan), np.fmax.reduce(raw, axis=0, initial=np.nan)


def _min_max(raw: Floats, low: Floats, high: Floats) -> Floats:
    from sklearn.preprocessing import MinMaxScaler  # here, because it costs a second and `published` does without

    if not len(raw):
        return raw.copy()
    scaler = MinMaxScaler(clip=True).fit(np.nan_to_num(np.stack([low, high])))
    scaled: Floats = scaler.transform(raw)
    return np.where(~(low < high) & ~np.isnan(raw), neutral("min_max"), scaled)


def _percentile_rank(raw: Floats) -> Floats:
    """Return the share (0..1) of the others that lie below, equals counting half."""
    scaled = np.full_like(raw, np.nan)
    for j, column in enumerate(raw.T):
        known = column[~np.isnan(column)]
        ladder = np.sort(known)
        below, upto = np.searchsorted(ladder, known, "left"), np.searchsorted(ladder, known, "right")
        middle = (below + upto - 1) / 2
        scaled[~np.isnan(column), j] = middle / (known.size - 1) if known.size > 1 else 0.5
    return scaled
