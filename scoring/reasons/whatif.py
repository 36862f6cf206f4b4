"""What would change a rank: one fact of a subject is changed and the whole engine runs again.

Nothing is estimated, so a gain includes what follows from the change: a factor that begins to apply, shares that
move, a second factor that reads the same fact, a cap that falls. Advised is only what documents a model better or makes
it safer: neither more downloads nor other terms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from scoring.engine import blend, measure, scale, weigh
from scoring.interval import DECIMALS
from scoring.order import ahead
from scoring.reasons.receipt import Line, plain, receipt
from scoring.scores import Scores
from scoring.types import Evidence, Factor, Yardstick

Kind = Literal["mend", "make_known"]
Changes = dict[str, Any]

LEAST_GAIN = 0.05  # points; less than what the screen shows is no advice
MATURE = 3650  # days; what an unknown age is at best


@dataclass(frozen=True, kw_only=True)
class Improvement:
    """What could move a subject's total, by the factor that says so.

    kind: `mend` (found wanting; the owner can act), `make_known` (nobody looked: `gain` if the answer is good, `loss`
    if it is bad). `gain` and `loss` are what the total moves by, `on_sum` what the uncapped sum gains; points of
    0..100. `rise` and `fall` are the places that the subject would gain or lose among all that are ranked, who stay as
    they are; 0 where it has no rank. `changes` are the facts behind `gain`.
    """

    line: Line
    kind: Kind
    gain: float
    loss: float
    on_sum: float
    changes: Mapping[str, Any]
    rise: int = 0
    fall: int = 0


@dataclass(frozen=True, kw_only=True)
class Advice:
    """All improvements, most gain first, and total (0..100) and rise once everything that can be mended is mended."""

    improvements: tuple[Improvement, ...]
    all_mended: float
    all_rise: int = 0


# Other terms make a model neither better documented nor safer, so nobody is advised to choose them.
_TERMS = frozenset({"license_type"})
# What a remedy changes, where the facts that a factor reads do not say it by themselves.
_REMEDIED: Mapping[str, Changes] = {
    "provider": {"provider": 2},
    "card_topics": {"card_topics": 4},
    "age": {"days_since_update": 0},
    "unsafe_files": {"unsafe_level": "none"},
}
_WORST: Mapping[str, Changes] = {
    "provider": {"provider": 0},
    "card_topics": {"card_topics": 0},
    "age": {"age_days": 0, "days_since_update": 1460},
}
_LICENSED: Changes = {"license_stated": True, "license_in_metadata": True, "license_stated_at_least": False}
_DERIVED: Changes = {"lineage": "derivative", "base_model_info_at_least": False}
# Facts that cannot change alone: a fact and its new value -> what else is then true.
_FOLLOWS: Mapping[tuple[str, Any], Changes] = {
    ("gated", False): {"authorization": "none"},
    ("gated", True): {"authorization": "automatic"},
    ("authorization", "none"): {"gated": False},
    ("authorization", "automatic"): {"gated": True},
    ("authorization", "private"): {"gated": True},
    ("license_stated", True): _LICENSED | {"license_class": "permissive"},
    ("license_stated", False): {"license_in_metadata": False},
    ("license_class", "permissive"): _LICENSED,
    ("license_class", "unknown"): _LICENSED,
    ("weight_formats", "all_safe"): {"unsafe_level": "none", "unsafe_files": 0},
    ("weight_formats", "unsafe_only"): {"unsafe_level": "unsafe_only", "unsafe_files": 1},
    ("unsafe_level", "none"): {"unsafe_files": 0, "weight_formats": "all_safe"},
    ("unsafe_level", "unsafe_only"): {"unsafe_files": 1, "weight_formats": "unsafe_only"},
    ("base_model_info", True): _DERIVED | {"base_model_in_metadata": True},
    ("base_model_info", False): _DERIVED | {"base_model_in_metadata": False},
}


def advise(
    scores: Scores,
    row: int,
    subject: pd.DataFrame,
    yardstick: Yardstick,
    evidence: Mapping[str, Evidence] | None = None,
) -> Advice:
    """Return what could move the total of a subject; `subject` is its one row of the table of facts.

    `evidence` (by factor) tells on which day a fact was read, as for a receipt. A subject of which nothing is known
    gets no improvement and a total of NaN.
    """
    total = float(scores.total[row])
    if np.isnan(total):
        return Advice(improvements=(), all_mended=total)
    # What does not count moves no sum, but it may hold the total, or come to.
    caps = {cap.id for cap in scores.open_caps(row)}
    lines = receipt(scores, row, _facts(subject), evidence)
    plans = _plans([x for x in lines if x.would_add is None or scores.capped_by(row) or x.factor.id in caps], subject)
    after = _rescored(scores, subject, [good for _, good, _ in plans] + [bad for _, _, bad in plans], yardstick)
    found = [_improvement(scores, row, plan, after, i, i + len(plans)) for i, plan in enumerate(plans)]
    worth = [x for x in found if max(x.gain, x.on_sum, -x.loss) >= LEAST_GAIN]
    worth.sort(key=lambda x: (-x.gain, -x.on_sum, x.loss))
    all_mended, all_rise = together(scores, row, subject, yardstick, [x for x in worth if x.kind == "mend"])
    return Advice(improvements=tuple(worth), all_mended=all_mended, all_rise=all_rise)


def together(
    scores: Scores, row: int, subject: pd.DataFrame, yardstick: Yardstick, chosen: Sequence[Improvement]
) -> tuple[float, int]:
    """Return the total (0..100) of a subject with several improvements at a time, and the places that it rises.

    They come in the order of `advise`: the strongest has the last word where two remedies touch one fact.
    """
    changes = {fact: value for x in reversed(chosen) for fact, value in x.changes.items()}
    total = float(_rescored(scores, subject, [changes], yardstick).total[0])
    return total, _risen(scores, row, total)


def _improvement(
    scores: Scores, row: int, plan: tuple[Line, Changes, Changes], after: Scores, at_best: int, at_worst: int
) -> Improvement:
    """`after` holds the subject as it would be, in the rows `at_best` and `at_worst`."""
    line, good, bad = plan
    total, best = float(scores.total[row]), float(after.total[at_best])
    worst = min(total, float(after.total[at_worst])) if bad else total
    return Improvement(
        line=line,
        kind=_kind(line),
        gain=best - total,
        loss=worst - total,
        on_sum=float(after.uncapped[at_best] - scores.uncapped[row]),
        rise=_risen(scores, row, best),
        fall=-_risen(scores, row, worst),
        changes=good,
    )


def _risen(scores: Scores, row: int, total: float) -> int:
    """How many places a subject gains with another total (negative: loses), among the others as they are."""
    if not scores.ranked[row]:
        return 0
    own = float(scores.total[row])
    after = ahead(scores.field, total) - bool(round(own, DECIMALS) > round(total, DECIMALS))  # it leaves its old place
    return ahead(scores.field, own) - after


def _plans(lines: list[Line], subject: pd.DataFrame) -> list[tuple[Line, Changes, Changes]]:
    """Each line that could be better, with the facts as they would be after it, and at worst where it is unknown.

    Two factors that ask for the same changes are one plan, under the one that is found wanting, else the first.
    """
    now = _facts(subject)
    plans: list[tuple[Line, Changes, Changes]] = []
    for line in lines:
        unknown = _kind(line) == "make_known"
        if line.state == "not_applicable" or (line.known and line.low >= 1):
            continue
        if not unknown and (not line.factor.remedy or line.factor.id in _TERMS):
            continue
        good = _changes(_better(line), now, subject)
        same = next((i for i, (_, changes, _) in enumerate(plans) if changes == good), None)
        if same is not None and _kind(line) == "mend" != _kind(plans[same][0]):
            plans[same] = (line, good, {})
        elif good and same is None:
            plans.append((line, good, _changes(_worse(line), now, subject)))
    return plans


def _facts(subject: pd.DataFrame) -> dict[str, Any]:
    return {str(fact): plain(value) for fact, value in subject.iloc[0].items()}


def _kind(line: Line) -> Kind:
    # A tag says that a safe copy exists, not that there is nothing else: the list of files would show it.
    if line.state == "unknown" or line.level == "safe_tag":
        return "make_known"
    return "mend"


def _better(line: Line) -> Changes:
    f = line.factor
    if f.id in _REMEDIED:
        return dict(_REMEDIED[f.id])
    return _end(f, good=True)


def _worse(line: Line) -> Changes:
    if _kind(line) != "make_known":
        return {}
    if line.level == "safe_tag":
        return {"weight_formats": "mixed", "unsafe_level": "beside_safe", "unsafe_files": 1}
    return dict(_WORST.get(line.factor.id, {})) or _end(line.factor, good=False)


def _end(f: Factor, *, good: bool) -> Changes:
    """The best or the worst value of a factor's fact."""
    upper = (f.better == "higher") == good
    if f.levels:
        word = (max if good else min)(f.levels, key=lambda w: f.levels[w])  # type: ignore[index]
        return {f.reads[-1] if f.unit else f.reads[0]: word}
    if f.curve == "yes_no":
        return {f.reads[0]: upper}
    return {f.reads[0]: f.high if upper else f.low}


def _changes(wanted: Changes, now: Mapping[str, Any], subject: pd.DataFrame) -> Changes:
    """What changes with `wanted`, as far as the table has these facts and their type takes the value."""
    whole = dict(wanted)
    for fact, value in wanted.items():
        for other, follows in _FOLLOWS.get((fact, value), {}).items():
            whole.setdefault(other, follows)
    if "days_since_update" in whole and now.get("age_days") is None:
        whole.setdefault("age_days", MATURE)
    if now.get("weight_formats") == "no_weights":
        whole.pop("weight_formats", None)
    # A tagged safe copy stays: what else there is can only lie beside it.
    if whole.get("unsafe_level") == "unsafe_only" and now.get("weight_formats") not in (None, "unsafe_only"):
        whole |= {"unsafe_level": "beside_safe", "weight_formats": "mixed"}
    was = {f: now.get(f) or False if f.endswith("_at_least") else now.get(f) for f in whole}  # no bound is no change
    return {f: v for f, v in whole.items() if f in subject and _fits(subject[f], v) and v != was[f]}


def _fits(column: pd.Series[Any], value: object) -> bool:
    if isinstance(value, bool):
        return pd.api.types.is_bool_dtype(column)
    if isinstance(value, str):
        return pd.api.types.is_string_dtype(column)
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _rescored(scores: Scores, subject: pd.DataFrame, all_changes: list[Changes], yardstick: Yardstick) -> Scores:
    """Score the subject once for each set of changes, under the view that `scores` was made with."""
    frame = subject.iloc[np.zeros(max(1, len(all_changes)), dtype=int)].reset_index(drop=True)
    for fact in {fact for changes in all_changes for fact in changes}:
        now = subject[fact].iloc[0]
        values = pd.Series([changes.get(fact, now) for changes in all_changes], dtype="object")
        frame[fact] = values.astype(subject[fact].dtype)
    scaled = scale(scores.card, measure(scores.card, frame), yardstick)
    return weigh(scores.card, scaled, blend(scores.card, scaled, scores.unknown), scores.unknown, scores.capped)
