"""Ways to make one number of many, by name: normalisers, aggregators and the combinations that have a name.

Arrays are organisations x indicators (n x k) float64; NaN = unknown. More is better in every column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scoring.types import UnknownPolicy

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ends = tuple[Floats, Floats]

Normaliser = Literal["min_max", "max", "z_score", "percentile_rank", "goalposts"]
Aggregator = Literal["mean", "geometric_mean", "rank_discount"]
Ties = Literal["shared", "dense"]

# Scores are compared after rounding, so that the last bit of a sum decides no rank: dense as the reference project
# does it, shared as everywhere else in this one.
DECIMALS: Mapping[Ties, int] = {"shared": 9, "dense": 15}
# The geometric mean is 0 as soon as one value is 0; half of all indicators are. 0..1 is moved to 0.01..1 first.
GEOMETRIC_FLOOR = 0.01


@dataclass(frozen=True, kw_only=True)
class Method:
    """A named way from indicators to an influence score.

    `within` joins the indicators of a dimension, `across` the dimensions; `flat` takes all indicators at once instead.
    `weights` are those of the dimensions before anybody moves them. `unknown` is what an unknown indicator counts, and
    `reading` how repository rows become organisation facts.
    """

    id: str
    label: str
    says: str
    normalise: Normaliser = "min_max"
    within: Aggregator = "mean"
    across: Aggregator = "mean"
    flat: bool = False
    ties: Ties = "shared"
    unknown: UnknownPolicy = "neutral"
    reading: Literal["documented", "published"] = "documented"
    weights: Mapping[str, float] = field(default_factory=dict)


METHODS: Mapping[str, Method] = {
    m.id: m
    for m in (
        Method(
            id="documented",
            label="As documented",
            says="Min-Max per indicator; a dimension is the mean of its indicators, influence the mean of the four.",
        ),
        Method(
            id="documented_flat",
            label="As documented, flat",
            says="Min-Max per indicator; influence is the mean of all indicators, so larger dimensions say more.",
            flat=True,
        ),
        Method(
            id="published",
            label="As published",
            says=(
                "Each indicator as a share of the largest; a dimension is their mean, and its rank counts: influence "
                "is the sum of weight / log2(1 + rank), half of it for Model and a sixth for each other."
            ),
            normalise="max",
            across="rank_discount",
            ties="dense",
            unknown="skip",
            reading="published",
            weights={"data": 1, "model": 3, "system": 1, "benchmark": 1},
        ),
    )
}
DEFAULT_METHOD = "documented"


def normalise(name: Normaliser, raw: Floats, ends: Ends | None = None) -> Floats:
    """Bring every column to a common scale; NaN stays NaN. A constant column is neutral, except as a share of the most.

    `ends`: low and high of each column to measure against instead of the columns' own, for example those of all months
    together; `goalposts` needs them and clips to 0..1. A column without any value must not be given.
    """
    match name:
        case "min_max":
            return _min_max(raw, ends, clip=False)
        case "goalposts":
            if ends is None:
                raise ValueError("goalposts measure against declared ends; give low and high of every column.")
            return _min_max(raw, ends, clip=True)
        case "max":
            most = np.nanmax(raw, axis=0) if ends is None else ends[1]
            return _over(raw, most, np.nan)
        case "z_score":
            spread = np.nanstd(raw, axis=0)
            return np.where(np.isnan(raw), raw, _over(raw - np.nanmean(raw, axis=0), spread, 0.0))
        case "percentile_rank":
            return _percentile_rank(raw)
    raise ValueError(f"There is no normaliser {name}.")


def neutral(name: Normaliser) -> float:
    """Return what says neither good nor bad on a normaliser's scale."""
    return 0.0 if name == "z_score" else 0.5


def constant(raw: Floats) -> Bools:
    """Say which columns (k) have one value only: they tell nobody apart."""
    return np.array([np.unique(column[~np.isnan(column)]).size == 1 for column in raw.T], dtype=np.bool_)


def aggregate(name: Aggregator, values: Floats, weights: Floats, ties: Ties = "shared") -> Floats:
    """Join columns to one score (n); what is NaN gives its weight to the others, nothing known at all is NaN."""
    parts = part(name, values, ties)
    known = ~np.isnan(parts) & (weights > 0)
    joined = _over(np.where(known, parts, 0.0) @ weights, known @ weights, np.nan)
    if name == "geometric_mean":
        joined = (np.exp(joined) - GEOMETRIC_FLOOR) / (1 - GEOMETRIC_FLOOR)
    return joined


def part(name: Aggregator, values: Floats, ties: Ties = "shared") -> Floats:
    """Return what of every value enters the weighted mean that an aggregator ends in."""
    match name:
        case "mean":
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


def portion(values: Floats, weights: Floats) -> Floats:
    """Return what each column adds to the weighted mean of a row; what is unknown adds nothing and weighs nothing."""
    known = ~np.isnan(values)
    whole = known @ weights
    return np.divide(
        np.where(known, values, 0.0) * weights, whole[:, None], out=np.zeros_like(values), where=whole[:, None] > 0
    )


def ranks(scores: Floats, ties: Ties = "shared") -> Floats:
    """Rank scores (n), the highest first; NaN stays NaN. `shared`: 1, 2, 2, 4. `dense`: 1, 2, 2, 3."""
    rounded = -scores.round(DECIMALS[ties])
    known = ~np.isnan(rounded)
    ladder = np.unique(rounded[known]) if ties == "dense" else np.sort(rounded[known])
    placed = np.full(len(scores), np.nan)
    placed[known] = np.searchsorted(ladder, rounded[known]) + 1.0
    return placed


def _min_max(raw: Floats, ends: Ends | None, clip: bool) -> Floats:
    from sklearn.preprocessing import MinMaxScaler  # here, because it costs a second and `published` does without

    scaler = MinMaxScaler(clip=clip).fit(raw if ends is None else np.stack(ends))
    scaled: Floats = scaler.transform(raw)
    flat = constant(raw) if ends is None else ends[0] == ends[1]
    return np.where(flat & ~np.isnan(raw), neutral("min_max"), scaled)


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


def _over(part: Floats, whole: Floats, empty: float) -> Floats:
    ratio: Floats = np.divide(part, whole, out=np.full(part.shape, empty), where=np.broadcast_to(whole > 0, part.shape))
    return ratio
