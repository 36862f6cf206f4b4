"""A receipt as a file that proves itself: everything that a total was made of, and how to find what does not fit.

Whoever has the same snapshot makes the same file; `difference` names the first thing in which two of them differ.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from scoring.reasons.receipt import plain, receipt, standings, to_hundredths
from scoring.scores import Scores
from scoring.settings import View
from scoring.types import Evidence

FORMAT: Final = 1
MOST_BYTES: Final = 1_000_000
DECIMALS: Final = 9  # of every number: the last bit of a sum differs between processors, and no other digit may
# What makes a receipt another one, in the order in which a difference is looked for, each with its name.
_NAMES: Final = {
    "format": "the format",
    "kind": "the kind of snapshot",
    "snapshot": "the date of the snapshot",
    "subject": "the subject",
    "fingerprints": "the fingerprints",
    "view": "the view",
    "scorecard": "the scorecard",
    "lines": "the list of factors",
    "categories": "the list of categories",
}
_PRINTS: Final = {
    "snapshot": "the fingerprint of the snapshot",
    "method": "the fingerprint of the method",
    "count": "the fingerprint of what counts",
    "weights": "the fingerprint of the weights",
}


def proof(
    scores: Scores,
    row: int,
    facts: Mapping[str, Any],
    evidence: Mapping[str, Evidence],
    *,
    view: View,
    kind: str,
    taken: str,
    fingerprint: str,
) -> dict[str, Any]:
    """Return the receipt of a subject as an object that JSON holds; unknown is null.

    `evidence` is by factor; `kind` and `taken` name the snapshot, whose content has this `fingerprint`. `printed` are
    points of two decimals: those of the lines sum to those of their categories and of the whole, as printed. Under a
    method that ranks before it joins, lines have no points and only categories do.
    """
    card, times = scores.card, 100 / scores.card.out_of
    joined = [times * x for x in scores.contributions[row].tolist()]
    made = {
        "format": FORMAT,
        "kind": kind,
        "snapshot": taken,
        "subject": str(scores.ids[row]),
        "revision": plain(facts.get("sha")),
        "fingerprints": _fingerprints(scores, fingerprint),
        "view": settings(view),
        "scorecard": {"id": card.id, "version": card.version, "method": scores.method.id},
        "lines": list(_lines(scores, row, facts, evidence)),
        "categories": [
            {"category": c.id, "points": points, "printed": printed}
            for c, points, printed in zip(card.categories, joined, to_hundredths(joined), strict=True)
        ],
        "sum": round(sum(joined), 2),
    }
    return dict(_rounded(made | _standing(scores, row, times)))


def _standing(scores: Scores, row: int, times: float) -> dict[str, Any]:
    ends = {name: times * float(getattr(scores, name)[row]) for name in ("total", "low", "high")}
    rank = None if np.isnan(scores.rank[row]) else int(scores.rank[row])
    return {"held_by": scores.capped_by(row), **ends, "rank": rank, "ranked": len(scores.field)}


def settings(view: View) -> dict[str, Any]:
    """Return what of a view decides a total or who is ranked, as a link has it; filters and columns do not."""
    keys = view.keys()
    decide = {name for name, key in keys.items() if key.section in ("weights", "counting") or key.kind == "share"}
    dates = {name for name, key in keys.items() if key.kind == "date"}
    return {name: value for name, value in view.query().items() if name not in keys or name in decide - dates}


def _lines(
    scores: Scores, row: int, facts: Mapping[str, Any], evidence: Mapping[str, Evidence]
) -> Iterator[dict[str, Any]]:
    found = _found(scores, row, facts, evidence)
    printed: list[float | None] = [None] * len(found)
    if scores.method.adds_up:
        printed = [*to_hundredths(x["points"] for x in found)]
    for x, points in zip(found, printed, strict=True):
        factor = x.pop("factor")
        origin = evidence[factor.id]
        x |= {"value": plain(x["value"]), "printed": points}
        yield (
            {"factor": factor.id, "category": scores.card.category_of(factor.id).id, "fact": factor.reads[0]}
            | x
            | {"source": origin.source, "url": origin.url, "as_of": origin.as_of, "note": origin.note}
        )


def _found(
    scores: Scores, row: int, facts: Mapping[str, Any], evidence: Mapping[str, Evidence]
) -> list[dict[str, Any]]:
    """Return what a receipt says of every factor; organisations are scored with their measures at hand."""
    if scores.measures is None:
        return [
            {"factor": x.factor, "value": x.value, "level": x.level, "state": x.state, "at_least": x.at_least}
            | {"scaled": x.scaled, "share": x.share, "points": x.points, "counted": x.would_add is None}
            for x in receipt(scores, row, facts)
        ]
    return [
        {"factor": x.factor, "value": x.value, "state": evidence[x.factor.id].state, "scaled": x.scaled}
        | {"share": x.share, "points": x.points, "counted": bool(x.share)}
        for x in standings(scores, str(scores.ids[row]))
    ]


def _fingerprints(scores: Scores, snapshot: str) -> dict[str, str]:
    method = asdict(scores.method) | {"weights": dict(scores.method.weights), "unknown": scores.unknown}
    whole = (scores.whole or scores.card).weights()
    return {
        "snapshot": snapshot,
        "method": _short([scores.card.fingerprint, method, scores.capped]),
        "count": _short([f.id for f in scores.card.factors if f.id not in scores.uncounted]),
        "weights": _short(whole),
    }


def _short(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _rounded(value: Any) -> Any:
    match value:
        case float():
            return None if math.isnan(value) else round(value, DECIMALS) + 0.0
        case dict():
            return {key: _rounded(one) for key, one in value.items()}
        case list():
            return [_rounded(one) for one in value]
        case _:
            return value


def written(content: Mapping[str, Any]) -> str:
    """Write a receipt as JSON text, without NaN or Infinity."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def read(text: str) -> dict[str, Any]:
    """Read a receipt; ValueError says in a sentence why it is none."""
    try:
        kept = json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    wanted: dict[str, type | tuple[type, ...]] = {"snapshot": str, "subject": str, "view": dict, "fingerprints": dict}
    if not isinstance(kept, dict) or not all(isinstance(kept.get(key), of) for key, of in wanted.items()):
        raise ValueError("it is not a receipt that `weighbridge explain --save` wrote")
    if kept.get("format") != FORMAT:
        raise ValueError(f"its format is {str(kept.get('format'))[:20]}, and this version reads {FORMAT}")
    if kept.get("kind") not in ("models", "organisations"):
        raise ValueError("its kind is neither models nor organisations")
    return kept


def _refused(constant: str) -> None:
    raise ValueError(constant)


def differences(kept: Mapping[str, Any], made: Mapping[str, Any]) -> list[str]:
    """Say in what a receipt that was `kept` differs from the one that was `made` anew, the causes first."""
    found: list[str] = []
    for key in dict.fromkeys((*_NAMES, *made, *kept)):
        found += _differ(_NAMES.get(key, key.replace("_", " ")), key, kept.get(key), made.get(key))
    return found


def _differ(name: str, key: str, kept: Any, made: Any) -> Iterator[str]:
    """Yield a sentence about each thing in which two parts of a receipt differ."""
    if key in ("lines", "categories") and isinstance(kept, list):
        yield from _rows(key.removesuffix("s").replace("line", "factor").replace("categorie", "category"), kept, made)
    elif key == "fingerprints" and isinstance(kept, dict):
        for one in dict.fromkeys((*made, *kept)):
            yield from _differ(_PRINTS.get(one, f"the fingerprint “{one[:20]}”"), one, kept.get(one), made.get(one))
    elif not _same(kept, made):
        yield f"{name} is {_shown(kept)} in the file and {_shown(made)} when it is computed"


def _rows(of: str, kept: list[Any], made: list[dict[str, Any]]) -> Iterator[str]:
    """Compare rows that are named by their key `of`."""
    theirs = {str(row.get(of)): row for row in kept if isinstance(row, dict)}
    ours = {row[of]: row for row in made}
    for name, row in ours.items():
        other = theirs.get(name, {})
        if not other:
            yield f"{name} is missing in the file"
        for key in dict.fromkeys((*row, *other)) if other else ():
            yield from _differ(f"{name}: {key.replace('_', ' ')}", "", other.get(key), row.get(key))
    yield from (f"{name[:40]} is in the file and no {of} of this scorecard" for name in theirs if name not in ours)
    if len(kept) > len(theirs):
        yield f"a {of} is in the file twice, or is none"


def _same(kept: Any, made: Any) -> bool:
    if isinstance(kept, bool) or isinstance(made, bool):
        return kept is made
    if isinstance(kept, int | float) and isinstance(made, int | float):
        return abs(kept - made) < 10.0**-DECIMALS / 2
    return bool(kept == made)


def _shown(value: Any) -> str:
    if value is None:
        return "unknown"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)
    return f"{text[:60]}…" if len(text) > 60 else text or "empty"
