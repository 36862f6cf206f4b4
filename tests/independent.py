"""The scores once more, written from the design's words in plain Python and numpy; nothing of `scoring` is imported.

A row of facts goes in as a dictionary (None is unknown); `totals` gives everything that a result line says.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

Row = Mapping[str, Any]
NA = "not applicable"
CATEGORIES = {"popularity": 30.0, "activity": 10.0, "operational": 30.0, "security": 30.0}
LICENCES = {
    "permissive": 1.0,
    "weak_copyleft": 0.85,
    "strong_copyleft": 0.7,
    "use_restricted": 0.5,
    "custom": 0.3,
    "non_commercial": 0.25,
    "unknown": 0.1,
}
ACCESS = {"none": 1.0, "automatic": 0.67, "manual": 0.33, "private": 0.0}
FORMATS = {"all_safe": 1.0, "safe_tag": 0.8, "mixed": 0.5, "unsafe_only": 0.0, "no_weights": NA}
UNSAFE = {"none": 1.0, "code_only": 0.6, "beside_safe": 0.3, "unsafe_only": 0.0}
SCAN = {"safe": 1.0, "caution": 0.5, "suspicious": 0.2, "unsafe": 0.0}
NAMES = {"none": 1.0, "low": 0.5, "high": 0.0}


def _count(fact: str) -> Callable[[Row], Any]:
    def raw(row: Row) -> Any:
        value = row[fact]
        if value is None:
            return None
        return (float(value), math.inf) if row.get(f"{fact}_at_least") else float(value)

    return raw


def _yes(fact: str, no_is_better: bool = False) -> Callable[[Row], Any]:
    return lambda row: None if row[fact] is None else float(row[fact] is not no_is_better)


def _yes_in_metadata(fact: str, in_metadata: str) -> Callable[[Row], Any]:
    """The metadata counts; its no runs to yes where it is stated elsewhere, or where nobody looked elsewhere."""

    def raw(row: Row) -> Any:
        value = _yes(in_metadata)(row)
        return (value, 1.0) if value is not None and (row[fact] or row.get(f"{fact}_at_least")) else value

    return raw


def _word(fact: str, levels: Mapping[str, Any]) -> Callable[[Row], Any]:
    return lambda row: levels.get(row[fact])


def _age(row: Row) -> Any:
    age, since = row["age_days"], row["days_since_update"]
    if age is None or since is None:
        return None
    upkeep = 2 ** (-max(0, since - 365) / 730)
    value = upkeep * (0.5 + 0.5 * (1 - 2 ** (-age / 365)))
    return (value, upkeep) if row["age_at_least"] else value


def _provider(row: Row) -> Any:
    return None if row["provider"] is None else {2: 1.0, 1: 0.5, 0: 0.0}[row["provider"]]


def _topics(row: Row) -> Any:
    return None if row["card_topics"] is None else row["card_topics"] / 4


def _licence(row: Row) -> Any:
    return NA if row["license_in_metadata"] is False else LICENCES.get(row["license_class"])


def _base(row: Row) -> Any:
    return NA if row["lineage"] == "original" else _yes_in_metadata("base_model_info", "base_model_in_metadata")(row)


# id: category, weight, curve, top goalpost, measure (None unknown, NA, a number, or a number and its far end)
FACTORS: dict[str, tuple[str, float, str, float, Callable[[Row], Any]]] = {
    "downloads": ("popularity", 2, "log", 1e8, _count("downloads_30d")),
    "likes": ("popularity", 1.5, "log", 15_000, _count("likes")),
    "spaces": ("popularity", 1, "log", 100, _count("spaces")),
    "papers": ("popularity", 0.5, "linear", 5, _count("papers")),
    "github_repo": ("popularity", 0.5, "fixed", 1, _yes("github_repo")),
    "discussions": ("activity", 1, "log", 300, _count("discussions")),
    "pull_requests": ("activity", 1, "log", 100, _count("pull_requests")),
    "provider": ("operational", 2, "fixed", 1, _provider),
    "age": ("operational", 1, "linear", 1, _age),
    "authorization": ("operational", 0.5, "fixed", 1, _word("authorization", ACCESS)),
    "gated": ("operational", 0.5, "fixed", 1, _yes("gated", no_is_better=True)),
    "license_stated": ("operational", 0.5, "fixed", 1, _yes_in_metadata("license_stated", "license_in_metadata")),
    "license_type": ("operational", 1.5, "fixed", 1, _licence),
    "metric_info": ("operational", 0.5, "fixed", 1, _yes("metric_info")),
    "dataset_info": ("operational", 1, "fixed", 1, _yes("dataset_info")),
    "training_info": ("operational", 1, "fixed", 1, _yes("training_info")),
    "evaluation_results": ("operational", 1, "fixed", 1, _yes("evaluation_results")),
    "card_topics": ("operational", 1, "fixed", 1, _topics),
    "base_model_info": ("operational", 0.5, "fixed", 1, _base),
    "safetensors": ("security", 2, "fixed", 1, _word("weight_formats", FORMATS)),
    "unsafe_files": ("security", 2, "fixed", 1, _word("unsafe_level", UNSAFE)),
    "hub_scan": ("security", 2, "fixed", 1, _word("hub_scan", SCAN)),
    "example_code": ("security", 1, "fixed", 1, _yes("example_code")),
    "remote_code": ("security", 1, "fixed", 1, _yes("remote_code", no_is_better=True)),
    "typosquatting": ("security", 1, "fixed", 1, _word("name_risk", NAMES)),
    "access_control": ("security", 0.25, "fixed", 1, _yes("gated")),
}
DEFAULTS = CATEGORIES | {i: f[1] for i, f in FACTORS.items()}
PRESETS: dict[str, dict[str, float]] = {
    "balanced": {"popularity": 30, "activity": 10, "operational": 30, "security": 30},
    "security_first": {"popularity": 10, "activity": 5, "operational": 25, "security": 60},
    "adoption": {"popularity": 60, "activity": 15, "operational": 15, "security": 10},
    "transparency": {
        **{"popularity": 10, "activity": 5, "operational": 65, "security": 20},
        **{"dataset_info": 2, "training_info": 2, "evaluation_results": 2, "example_code": 2},
        **{"metric_info": 1, "base_model_info": 1, "license_stated": 1},
        **{"provider": 0.5, "age": 0.25, "authorization": 0.25, "gated": 0.25},
    },
    "operations": {
        **{"popularity": 15, "activity": 15, "operational": 45, "security": 25},
        **{"license_type": 3, "age": 2, "authorization": 1.5, "gated": 1.5, "example_code": 1.5, "license_stated": 1},
    },
}


def population(rows: Sequence[Row]) -> dict[str, tuple[float, float]]:
    """Return the least and the most known raw value of every factor on a linear or log curve."""
    ends = {}
    for factor, (_, _, curve, _, measure) in FACTORS.items():
        found = [measure(row) for row in rows]
        known = [v[0] if isinstance(v, tuple) else v for v in found if v not in (None, NA)]
        if curve != "fixed":
            ends[factor] = (min(known), max(known)) if known else (math.nan, math.nan)
    return ends


def scaled(factor: str, row: Row, ends: Mapping[str, tuple[float, float]] | None = None) -> Any:
    """Return None (unknown), NA, or (value, low, high), each 0..1."""
    _, _, curve, top, measure = FACTORS[factor]
    raw = measure(row)
    if raw is None or raw == NA:
        return raw
    low, high = (ends or {}).get(factor, (0.0, top))
    at, far = (_between(curve, x, low, high) for x in (raw if isinstance(raw, tuple) else (raw, raw)))
    return at, min(at, far), max(at, far)


def _between(curve: str, x: float, low: float, high: float) -> float:
    if not low < high:
        return 0.5
    if math.isinf(x):
        return 1.0
    if curve == "log":
        x, low, high = math.log1p(x), math.log1p(low), math.log1p(high)
    return min(1.0, max(0.0, (x - low) / (high - low)))


def totals(
    row: Row,
    weights: Mapping[str, float] | None = None,
    unknown: str = "neutral",
    cap: bool = True,
    ends: Mapping[str, tuple[float, float]] | None = None,
) -> dict[str, Any]:
    """Score one subject: total, low, high, uncapped (None when nothing is known), coverage, categories, factors."""
    w = DEFAULTS | dict(weights or {})
    found = {i: scaled(i, row, ends) for i in FACTORS}
    counted: dict[str, tuple[float, float]] = {}  # factor -> what it counts (0..1) and its weight in its category
    sums: dict[str, dict[str, float]] = {}
    for c in CATEGORIES:
        mine = [i for i, f in FACTORS.items() if f[0] == c and found[i] != NA]
        known = [i for i in mine if found[i] is not None]
        filler = {"neutral": 0.5, "zero": 0.0, "skip": 0.0}[unknown]
        for i in known if unknown == "skip" else mine:
            counted[i] = (filler if found[i] is None else found[i][0], w[i])
        w_known, w_all = sum(w[i] for i in known), sum(w[i] for i in mine)
        w_said = sum(counted[i][1] for i in mine if i in counted)
        has_say = w_all > 0 if unknown == "zero" else w_known > 0
        sums[c] = {
            "share": w[c] if has_say else 0.0,
            "within": w_said,
            "score": sum(counted[i][0] * w[i] for i in mine if i in counted) / w_said if has_say else math.nan,
            "full": w[c] if w_all > 0 else 0.0,
            "low": sum(found[i][1] * w[i] for i in known) / w_all if w_all else 0.0,
            "high": (sum(found[i][2] * w[i] for i in known) + w_all - w_known) / w_all if w_all else 1.0,
            "coverage": w_known / w_all if w_all else 0.0,
        }
    heard, whole = sum(s["share"] for s in sums.values()), sum(s["full"] for s in sums.values())
    share = dict.fromkeys(FACTORS, 0.0)
    for i, (_, weight) in counted.items():
        s = sums[FACTORS[i][0]]
        if heard and s["share"] and s["within"]:
            share[i] = s["share"] / heard * weight / s["within"]
    points = {i: 100 * share[i] * counted[i][0] if i in counted else 0.0 for i in FACTORS}
    covered = sum(s["coverage"] * s["full"] for s in sums.values()) / whole if whole else 0.0
    limit = 30.0 if cap and (row["hub_scan"] == "unsafe" or row["name_risk"] == "high") else 100.0
    uncapped = sum(points.values()) if covered else None
    return {
        "uncapped": uncapped,
        "total": None if uncapped is None else min(limit, uncapped),
        "low": min(limit, 100 * sum(s["low"] * s["full"] for s in sums.values()) / whole) if whole else 0.0,
        "high": min(limit, 100 * sum(s["high"] * s["full"] for s in sums.values()) / whole) if whole else limit,
        "coverage": covered,
        "capped_by": _reason(row) if cap else None,
        "categories": {
            c: (None if math.isnan(s["score"]) else 100 * s["score"], s["coverage"]) for c, s in sums.items()
        },
        "share": share,
        "points": points,
        "scaled": {i: _said(found[i], unknown) for i in FACTORS},
    }


def ranks(results: Sequence[Mapping[str, Any]], ranked: Sequence[bool]) -> list[int | None]:
    """Return ranks 1, 2, 2, 4 of the ranked, by totals rounded to nine decimals."""
    totals = [round(r["total"], 9) for r, yes in zip(results, ranked, strict=True) if yes and r["total"] is not None]
    ordered = np.sort(-np.array(totals))
    return [
        int(np.sum(ordered < -round(r["total"], 9))) + 1 if yes and r["total"] is not None else None
        for r, yes in zip(results, ranked, strict=True)
    ]


def _said(found: Any, unknown: str) -> float | None:
    if found == NA:
        return None
    if found is None:
        return {"neutral": 0.5, "zero": 0.0, "skip": None}[unknown]
    return found[0]


def _reason(row: Row) -> str | None:
    return "hub_scan" if row["hub_scan"] == "unsafe" else "typosquatting" if row["name_risk"] == "high" else None
