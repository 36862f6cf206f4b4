"""Where a model stands, in sentences: who it is, the verdict on it, its total, and what would change its rank."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from data.curated.tables import licence
from scoring.ground import evidence
from scoring.reasons.receipt import EXACT, day, if_found, plain, revision
from scoring.reasons.verdict import Group, verdict
from scoring.reasons.whatif import Advice, Improvement, advise
from scoring.scorecards import MODEL
from scoring.scores import Scores

if TYPE_CHECKING:
    import pandas as pd

    from data.models.snapshot import Snapshot
    from scoring.view import ModelView


def headline(facts: Mapping[str, Any], read_on: Mapping[str, str]) -> str:
    """Say who a model is: its id, task, licence, library, size and days, and the revision that was read of it."""
    names = ("task", "license", "library", "params", "created", "modified")
    task, terms, library, params, created, modified = (plain(facts.get(name)) for name in names)
    none_stated = plain(facts.get("license_stated")) is False
    parts = [
        str(task or "task unknown").replace("-", " "),
        licence(terms) if terms else ("licence unknown", "no licence stated")[none_stated],
        library,
        params and f"{params:,} parameters",
        created and f"created {'by ' if plain(facts.get('age_at_least')) else ''}{day(created)}",
        modified and f"last changed {day(modified)}",
    ]
    read = revision(facts, read_on)
    return f"{facts['id']}: {', '.join(part for part in parts if part)}.{f' Revision {read}.' if read else ''}"


def standing(scores: Scores, n: int, facts: pd.DataFrame) -> list[str]:
    """Say the verdict on a model of a snapshot, then its total with its interval, and how much is known of it."""
    group = Group.of(scores, n, facts["task_group"])
    total = f"Total {scores.written(n)}"
    if scores.high[n] - scores.low[n] < EXACT:
        total += ", exact: what is unknown cannot change it"
    elif not math.isnan(scores.total[n]):
        decimals = scores.decimals(n)
        total += f", between {scores.low[n]:.{decimals}f} and {scores.high[n]:.{decimals}f} by what is unknown"
    known = float(scores.coverage[n] if scores.evidence is None else scores.evidence[n])
    rests = f"Evidence: {evidence(known)}, {known:.0%} of the full scorecard."
    return [verdict(scores, n, group), " ".join(filter(None, [f"{total}.", if_found(scores, n), rests]))]


def advice(view: ModelView, loaded: Snapshot, scores: Scores, n: int) -> Advice:
    """Return what would move the rank of a model of a snapshot."""
    return advise(scores, n, loaded.facts.iloc[[n]], loaded.yardstick(MODEL, view.yardstick))


def what(improvement: Improvement) -> str:
    """Say what would have to be done, or found out."""
    factor = improvement.line.factor
    return factor.remedy if improvement.kind == "mend" and factor.remedy else f"Find out: {factor.question}"


def points(improvement: Improvement) -> str:
    """Say what a total would gain, and what it would lose were the answer bad, such as '+3.2 / -1.0'."""
    return f"{improvement.gain:+.1f}" + (f" / {improvement.loss:.1f}" if round(improvement.loss, 1) else "")


def places(improvement: Improvement) -> str:
    """Say how many places that is up, and down were the answer bad, such as '+12 / -4'."""
    return f"{improvement.rise:+d}" + (f" / {-improvement.fall:d}" if improvement.fall else "")
