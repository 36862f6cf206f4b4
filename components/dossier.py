"""The head of a subject's page: who it is, where it stands, and what a reader should see beside its total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from charts import breakdown, ranking
from charts.palette import written
from components import frame
from components.listing import moved_words, since
from components.reference import draw, metrics
from components.text import plain
from scoring import engine
from scoring.columns import parameters
from scoring.filters import OPENNESS
from scoring.ground import counted, evidence
from scoring.output.export import risen
from scoring.reasons.flags import FLAGS, Tone, flags, sentence
from scoring.reasons.receipt import if_found
from scoring.reasons.receipt import plain as value_of
from scoring.scorecards import MODEL
from scoring.scores import Scores
from scoring.types import Evidence

# A flag is a colour, a sign and a word: the colour is never needed.
TONES: Mapping[Tone, tuple[str, str, str]] = {
    "danger": ("red", ":material/gpp_bad:", "Danger"),
    "warning": ("orange", ":material/warning:", "Warning"),
    "note": ("blue", ":material/info:", "Note"),
}


def headline(model: str, facts: Mapping[str, Any], address: str) -> None:
    """Draw a model's name, what it is in one line, and the way to its own page on the Hub."""
    owner, _, name = model.rpartition("/")
    frame.header(plain(name), " · ".join([f"by {owner}" if owner else "no owner", *_about(facts)]))
    st.link_button("Open on the Hugging Face Hub", address, icon=":material/open_in_new:")


def standing(scores: Scores, row: int, minimum_coverage: float, rank_label: str = "Rank") -> None:
    """Draw total, rank and coverage of a subject, its interval, and what holds its total or its rank."""
    total, ranked = float(scores.total[row]), bool(scores.ranked[row])
    unknown = bool(np.isnan(total))
    rank = f"{int(scores.rank[row]):,} of {int(scores.ranked.sum()):,}" if ranked else "not ranked"
    known = float(scores.coverage[row] if scores.evidence is None else scores.evidence[row])
    metrics({"Total, of 100": scores.written(row), rank_label: rank, f"Evidence, {known:.0%} known": evidence(known)})
    if unknown:
        st.info("Nothing that counts is known about this model, so it has no total.", icon=":material/help:")
        return
    low, high, uncapped = (float(x[row]) for x in (scores.low, scores.high, scores.uncapped))
    held = scores.capped_by(row)
    if held and uncapped > total:
        cap = next(c for c in scores.card.caps if c.id == held)
        held_at = f"Held at {cap.limit:.0f}: {cap.label}. Its points sum to {uncapped:.1f}."
        st.error(plain(held_at), icon=TONES["danger"][1])
    ends = (total, low, high, uncapped)
    draw(breakdown.interval(*ends), breakdown.interval_alt(*ends), "interval")
    depends = _depends(low, high, float(scores.coverage[row]), scores.decimals(row))
    st.markdown(plain(f"{depends} {if_found(scores, row)}".strip()))
    if not ranked:
        ground = [f.id for f in MODEL.factors if f.id not in scores.uncounted]
        coverage = float(engine.coverage(counted(MODEL, ground), scores.scaled)[row])
        st.markdown(
            f":material/format_list_numbered: **Listed, not ranked:** only {100 * coverage:.0f} % of what counts is "
            f"known (under the Balanced weights); a rank needs {100 * minimum_coverage:.0f} %."
        )


def place(now: Scores, before: Scores | None, row: int) -> None:
    """Draw score and rank, how the rank moved, and the four dimensions against the field."""
    score, rank = written(now.total[row], now.card.out_of), f"{now.rank[row]:.0f} of {len(now)}"
    moved = moved_words(risen(now, before)[row], before is not None)
    metrics({"Score, 0 to 1": score, "Rank": rank, since(before): moved})
    draw(ranking.field(now, row), ranking.field_in_words(now, row), "field")


def findings(subject: pd.DataFrame) -> None:
    """Draw the flags of a subject (its one row of facts) as sentences, each with a sign and a word."""
    facts = {str(fact): value_of(value) for fact, value in subject.iloc[0].items()}
    held = flags(subject).iloc[0]
    raised = [flag for flag in FLAGS if held[flag.id]]
    if not raised:
        st.markdown(":gray[:material/flag: No flag is raised. What is unknown could still raise one.]")
    for flag in raised:
        colour, sign, word = TONES[flag.tone]
        st.markdown(f":{colour}-badge[{sign} {word}] **{plain(flag.label)}.** {plain(sentence(flag.id, facts))}")


def beside(counts: Mapping[str, Evidence]) -> None:
    """Draw the counts, by name, that are known and weighed by no factor, each with its source and day."""
    known = {label: e for label, e in counts.items() if e.state in ("known", "absent")}
    dated = {label: plain(f"{e.value:,} ({e.source}, {frame.day(e.as_of)})") for label, e in known.items()}
    if known:
        parts = (f"**{plain(label)}:** {text}" for label, text in dated.items())
        st.markdown(f"Also known, but not scored. {' · '.join(parts)}")


def described(facts: Mapping[str, Evidence]) -> None:
    """Draw what describes a model and is not weighed, by label, each with a link to who says it and the day."""
    known = {label: e for label, e in facts.items() if e.state == "known"}
    if not known:
        return
    st.header("Size, openness and evaluations", anchor=False)
    st.caption("No factor weighs these: few models have been reviewed, and one without a review is not less open.")
    for label, e in known.items():
        value = OPENNESS.get(e.value, e.value) if isinstance(e.value, str) else f"{e.value:,}"
        st.markdown(f"- **{plain(label)}:** {plain(value)} ([{plain(e.source)}]({e.url}), {plain(frame.day(e.as_of))})")


def dates(evidence: Iterable[Evidence]) -> None:
    """Say between which days the facts of a subject were read."""
    days = sorted(e.as_of for e in evidence if e.as_of)
    if days and days[0] == days[-1]:
        st.caption(f"Facts read on {plain(frame.day(days[0]))}.")
    elif days:
        st.caption(f"Facts read between {plain(frame.day(days[0]))} and {plain(frame.day(days[-1]))}.")


def created(facts: Mapping[str, Any]) -> str:
    """Return the day on which a model was created, in words; empty where it is unknown."""
    day = value_of(facts.get("created"))
    return f"{frame.day(day)}{' or before' if value_of(facts.get('age_at_least')) else ''}" if day else ""


def changed(facts: Mapping[str, Any]) -> str:
    """Return the day on which a model was last changed, in words; empty where it is unknown."""
    return frame.day(value_of(facts.get("modified")) or "")


def _about(facts: Mapping[str, Any]) -> list[str]:
    names = ("task", "license", "library", "params", "base_model")
    task, licence, library, params, base = (value_of(facts.get(name)) for name in names)
    stated = value_of(facts.get("license_stated"))
    return [
        str(task).replace("-", " ") if task else "task unknown",
        f"licence {licence}" if licence else "no licence stated" if stated is False else "licence unknown",
        *([str(library)] if library else []),
        *([f"{parameters(int(params))} parameters"] if params else []),
        *([f"derives from {base}"] if base else []),
        *([f"created {created(facts)}"] if created(facts) else []),
        *([f"last changed {changed(facts)}"] if changed(facts) else []),
    ]


def _depends(low: float, high: float, coverage: float, decimals: int = 1) -> str:
    unknown = 100 * (1 - coverage)
    if high - low < 0.05:
        exact = "All that counts is known, so the total is exact."
        return (
            exact if unknown < 0.5 else f"The {unknown:.0f} % of what counts that is unknown cannot change this total."
        )
    share = (
        f"the {unknown:.0f} % of what counts that is unknown" if unknown >= 0.5 else "facts known only as a lower bound"
    )
    return f"Between {low:.{decimals}f} and {high:.{decimals}f}, depending on {share}."
