"""A scored subject as one JSON-able object: what `weighbridge score --format json` prints a line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from scoring.reasons.receipt import Line, receipt
from scoring.scores import Scores


def report(scores: Scores, row: int, facts: Mapping[str, Any], flags: list[str]) -> dict[str, Any]:
    """Return totals (0..100), coverage (0..1), categories, every factor and flags of one subject.

    A factor that is unknown or not applicable has value null; shares sum to 1, points to `uncapped`; no NaN.
    """
    lines = receipt(scores, row, facts)
    by_category = scores.category_scores.to_numpy()[row]
    return {
        "id": str(scores.ids[row]),
        "total": _number(scores.total[row]),
        "low": _number(scores.low[row]),
        "high": _number(scores.high[row]),
        "uncapped": _number(scores.uncapped[row]),
        "capped_by": scores.capped_by(row),
        "coverage": _number(scores.coverage[row]),
        "ranked": bool(scores.ranked[row]),
        "categories": {
            c.id: {"score": _number(by_category[j]), "coverage": _number(scores.blended.coverage[row, j])}
            for j, c in enumerate(scores.card.categories)
        },
        "factors": {line.factor.id: _factor(line) for line in lines},
        "flags": flags,
    }


def _factor(line: Line) -> dict[str, Any]:
    said = {"value": line.value, "state": line.state, "scaled": line.scaled, "share": line.share, "points": line.points}
    if line.level is not None and line.level != line.value:
        said["level"] = line.level
    if line.at_least:
        said["at_least"] = True
    return said


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
