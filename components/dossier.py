"""The head of a subject's page: who it is, where it stands, and what a reader should see beside its total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from charts import breakdown, ranking
from charts.palette import written
from components import frame, links, session
from components.listing import moved_words, since
from components.reference import draw, metrics
from components.session import Snapshot
from components.text import plain
from scoring import engine
from scoring.columns import parameters
from scoring.filters import OPENNESS
from scoring.ground import counted, evidence
from scoring.output.export import risen
from scoring.output.proof import proof
from scoring.output.proof import written as written_proof
from scoring.output.sheet import file_name, sheet
from scoring.reasons.flags import Tone, raised
from scoring.reasons.receipt import EXACT, if_found, interval, revision
from scoring.reasons.receipt import plain as value_of
from scoring.reasons.verdict import Group, verdict
from scoring.reasons.verdict import place as place_of
from scoring.scorecards import MODEL
from scoring.scores import Scores
from scoring.types import Evidence
from scoring.view import ModelView

# A flag is a colour, a sign and a word: the colour is never needed.
TONES: Mapping[Tone, tuple[str, str, str]] = {
    "danger": ("red", ":material/gpp_bad:", "Danger"),
    "warning": ("orange", ":material/warning:", "Warning"),
    "note": ("blue", ":material/info:", "Note"),
}


def headline(model: str, facts: Mapping[str, Any], address: str) -> None:
    """Draw a model's name, what it is in one line, and the way to its own page on the Hub."""
    owner, _, name = model.rpartition("/")
    frame.tab(model)
    frame.header(plain(name), " · ".join([f"by {owner}" if owner else "no owner", *_about(facts)]))
    st.link_button("Open on the Hugging Face Hub", address, icon=":material/open_in_new:")


def standing(scores: Scores, row: int, group: Group | None, minimum_coverage: float, rank: str = "Rank") -> None:
    """Draw the verdict on a model, its total with its interval, rank and evidence, and what holds total or rank."""
    total, ranked = float(scores.total[row]), bool(scores.ranked[row])
    st.markdown(f"**{plain(verdict(scores, row, group))}**")
    known = float(scores.coverage[row] if scores.evidence is None else scores.evidence[row])
    shown = {"Total, of 100": scores.written(row), "Interval": interval(scores, row)}
    if group:
        shown[f"{rank} in its task group"] = str(group.place or "not ranked")
    shown |= {f"{rank} in all": str(place_of(scores, row) or "not ranked")}
    metrics(shown | {f"Evidence, {known:.0%} known": evidence(known)})
    if np.isnan(total):
        st.info("Nothing that counts is known about this model, so it has no total.", icon=":material/help:")
        return
    low, high, uncapped = (float(x[row]) for x in (scores.low, scores.high, scores.uncapped))
    held = scores.capped_by(row)
    if held and uncapped > total:
        cap = next(c for c in scores.card.caps if c.id == held)
        held_at = f"Held at {cap.limit:.0f}: {cap.label}. Its points sum to {uncapped:.1f}."
        st.error(plain(held_at), icon=TONES["danger"][1])
    ends = (total, low, high, uncapped)
    if high - low > EXACT or uncapped > total:
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
    metrics({f"Score, 0 to {now.card.out_of:g}": score, "Rank": rank, since(before): moved})
    draw(ranking.field(now, row), ranking.field_in_words(now, row), "field")


def findings(subject: pd.DataFrame) -> None:
    """Draw the flags of a subject (its one row of facts) as sentences, each with a sign and a word."""
    found = raised(subject)
    parts = [] if found else [":gray[:material/flag: No flag is raised. What is unknown could still raise one.]"]
    for flag, words in found:
        colour, sign, word = TONES[flag.tone]
        parts.append(f":{colour}-badge[{sign} {word}] **{plain(flag.label)}.** {plain(words)}")
    st.markdown("\n\n".join(parts))


def stored(snapshot: Snapshot, view: ModelView, model: str, why: str, where: Any) -> None:
    """Draw the stored score of a model that the Hub did not give, why, and the way to all of its reasons.

    `where` is the place of the page's title, which becomes the model's.
    """
    day, at = frame.day(snapshot.taken), snapshot.rows([model])
    frame.tab(model)
    with where.container():
        frame.header(plain(model.rpartition("/")[2]), f"Not reached: shown is the stored score of {day}.")
    st.warning(plain(f"{why} Nothing below was read from the Hub now."), icon=":material/cloud_off:")
    scores, subject = session.scores(snapshot, view), snapshot.facts.iloc[at]
    group = Group.of(scores, at[0], snapshot.facts["task_group"])
    standing(scores.of(at), 0, group, view.min_coverage)
    findings(subject)
    links.link_to("model", "Every reason for it", icon=":material/deployed_code:", model=model)


def evidence_sheet(
    snapshot: Snapshot,
    view: ModelView,
    scores: Scores,
    row: int,
    group: Group | None,
    evidence: Mapping[str, Evidence],
    link: str,
) -> None:
    """Draw the button that saves all of this that a reviewer needs as a file; it is made when somebody asks."""
    model = str(scores.ids[row])

    def made() -> str:
        facts = snapshot.subject(model)
        licence = value_of(facts["license"])
        return sheet(
            scores,
            row,
            facts,
            evidence,
            verdict=verdict(scores, row, group),
            view=view,
            taken=snapshot.taken,
            fingerprint=snapshot.manifest["sha256"]["facts.parquet"],
            findings=[words for _, words in raised(snapshot.facts.iloc[snapshot.rows([model])])],
            licence=session.licence(licence) if licence else "",
            revision=revision(facts, snapshot.days(model)),
            link=link,
        )

    st.download_button(
        "Evidence sheet",
        made,
        file_name(model, snapshot.taken),
        "text/html",
        on_click="ignore",
        icon=":material/description:",
        help="Total, findings and every factor with its source and day, as a file that prints on two pages.",
    )


def receipt_file(
    scores: Scores, row: int, facts: Mapping[str, Any], evidence: Mapping[str, Evidence], **about: Any
) -> None:
    """Draw the button that saves the receipt of a subject as a file which `weighbridge verify` checks.

    `about` is what `proof` asks of the view and the snapshot.
    """
    name = str(scores.ids[row]).replace("/", "--")
    st.download_button(
        "Receipt",
        lambda: written_proof(proof(scores, row, facts, evidence, **about)),
        f"weighbridge-receipt-{name}-{about['taken']}.json",
        "application/json",
        on_click="ignore",
        icon=":material/receipt_long:",
        help="Every fact, point and source as JSON. `weighbridge verify FILE` computes it anew and says what differs.",
    )


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
    parts = []
    for label, e in known.items():
        value = OPENNESS.get(e.value, e.value) if isinstance(e.value, str) else f"{e.value:,}"
        read = f"([{plain(e.source)}]({e.url}), {plain(frame.day(e.as_of))})"
        parts.append(f"- **{plain(label)}:** {plain(value)} {read}")
    st.markdown("\n".join(parts))


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
        session.licence(licence) if licence else "no licence stated" if stated is False else "licence unknown",
        *([str(library)] if library else []),
        *([f"{parameters(int(params))} parameters"] if params else []),
        *([f"derives from {base}"] if base else []),
        *([f"created {created(facts)}"] if created(facts) else []),
        *([f"last changed {changed(facts)}"] if changed(facts) else []),
    ]


def _depends(low: float, high: float, coverage: float, decimals: int = 1) -> str:
    unknown = 100 * (1 - coverage)
    if high - low < EXACT:
        exact = "All that counts is known, so the total is exact."
        return (
            exact if unknown < 0.5 else f"The {unknown:.0f} % of what counts that is unknown cannot change this total."
        )
    share = (
        f"the {unknown:.0f} % of what counts that is unknown" if unknown >= 0.5 else "facts known only as a lower bound"
    )
    return f"Between {low:.{decimals}f} and {high:.{decimals}f}, depending on {share}."
