"""The body of a model's page: where its points come from, line by line, and what could raise them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from charts import breakdown
from components.text import plain
from scoring.reasons.receipt import Line, clause, for_and_against, points_in_words, to_hundredths, words
from scoring.reasons.whatif import Advice, Improvement
from scoring.scores import Scores
from scoring.types import Evidence

STATES = {
    "known": "● known",
    "absent": "○ absent",
    "unknown": "? unknown",
    "not_applicable": "– not applicable",
    "at_least": "≥ at least",
}
LEGEND = (
    "● known · ○ absent: somebody looked and it is not there · ? unknown: nobody looked · – the question does not "
    "apply, its share goes to the others · ≥ known as a lower bound"
)
KINDS = {
    "mend": "**Mend** what was found",
    "make_known": "**Make known** what nobody looked at: at best / at worst",
    "grow": "**Grows with use:** for twice as much",
}
NOT_READ = "not read yet"
STRONGEST, MOST_ADVICE = 6, 8
_BARE = {"displayModeBar": False}


def bars(lines: Sequence[Line], scores: Scores) -> None:
    """Draw the categories against what they could give, and the factors of the one that is picked."""
    card = scores.card
    st.plotly_chart(breakdown.categories(lines, card), key="categories", config=_BARE, alt=breakdown.alt(lines, card))
    labels = [c.label for c in card.categories]
    picked = st.segmented_control(
        "Factors of", labels, default=labels[0], required=True, key="factors", bind="query-params"
    )
    inside = [line for line in lines if line.category.label == picked]
    st.plotly_chart(breakdown.factors(inside), key="factors_chart", config=_BARE, alt=breakdown.alt(inside, card))


def table(lines: Sequence[Line], evidence: Mapping[str, Evidence], scores: Scores, row: int) -> None:
    """Draw every factor as a row, from its question to its points and where to check it, and the sum of the points."""
    points = to_hundredths(line.points for line in lines)
    st.dataframe(
        _rows(lines, points, evidence),
        hide_index=True,
        height="content",
        column_config={
            "Factor": st.column_config.TextColumn(pinned=True, width=150),
            "Question": st.column_config.TextColumn(width=330),
            "Found": st.column_config.TextColumn(width=200),
            "State": st.column_config.TextColumn(width=110),
            "Scaled": st.column_config.TextColumn(help="0 to 1, after its curve", alignment="right", width=110),
            "Share": st.column_config.NumberColumn(help="of the total", format="%.1f %%", width=70),
            "Points": st.column_config.NumberColumn(help="100 × share × scaled", format="%.2f", width=70),
            "Check": st.column_config.LinkColumn(display_text="look it up", help="The page that shows it today"),
        },
        alt="Every factor of this model with its value, share, points, source and date.",
    )
    total, uncapped = float(scores.total[row]), float(scores.uncapped[row])
    said = f"**Sum of the {len(lines)} factors: {sum(points):.2f} points**"
    if np.isnan(total):
        said = "**No sum:** nothing that counts is known"
    elif uncapped > total:
        said += f", held at **{total:.2f}**"
    st.markdown(f"{said}.")
    st.caption(f"{LEGEND}.")
    for line in lines:
        if note := evidence[line.factor.id].note:
            st.caption(f"{line.factor.label}: {plain(note)}")


def arguments(lines: Sequence[Line]) -> None:
    """Draw what counts for and against a subject, strongest first, in plain sentences."""
    counts_for, against = for_and_against(list(lines))
    left, right = st.columns(2, gap="large")
    with left:
        _listed("What counts for it", counts_for, ":material/add_circle:", "Nothing known lifts it above the middle.")
    with right:
        _listed("What counts against it", against, ":material/remove_circle:", "Nothing known holds it back.")


def advice(found: Advice, total: float) -> None:
    """Draw what could raise a total: what is to mend, what to make known, and what grows with use."""
    st.header("What its owner could do", anchor=False)
    st.caption(
        "Each gain is the total after the change minus the total now, under your weights, computed by the same engine. "
        "Gains do not simply add up."
    )
    if np.isnan(total):
        st.markdown(":gray[Nothing is known about it yet, so there is nothing to advise.]")
        return
    rows: list[tuple[str, str, str]] = []
    for kind, heading in KINDS.items():
        inside = [x for x in found.improvements if x.kind == kind]
        if inside or kind == "mend":
            rows.append(("", heading, ""))
            rows += [(_gain(x), *_advised(x)) for x in inside[:MOST_ADVICE]]
        if len(inside) > MOST_ADVICE:
            rows.append(("", f"and {len(inside) - MOST_ADVICE} more, of {_gain(inside[MOST_ADVICE])} or less", ""))
        if not inside and kind == "mend":
            rows.append(("", "Nothing that was found is left to mend.", ""))
        elif kind == "mend":
            rows.append((f"**{total:.1f} → {found.all_mended:.1f}**", "All of it together", ""))
    frame = pd.DataFrame(rows, columns=["Points", "What", "Now"])
    st.table(frame, hide_index=True, border="horizontal", alt="What would raise the total, with the points gained.")


def _rows(lines: Sequence[Line], points: Sequence[float], evidence: Mapping[str, Evidence]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Factor": line.factor.label,
            "Found": words(line),
            "State": STATES["at_least" if line.at_least else line.state],
            "Points": given,
            "Share": 100 * line.share,
            "Scaled": _scaled(line),
            "Question": line.factor.question,
            "Source": evidence[line.factor.id].source or NOT_READ,
            "Check": evidence[line.factor.id].url,
            "As of": evidence[line.factor.id].as_of or NOT_READ,
            "Category": line.category.label,
        }
        for line, given in zip(lines, points, strict=True)
    )


def _listed(title: str, lines: Sequence[Line], sign: str, none: str) -> None:
    st.subheader(title, anchor=False)
    if not lines:
        st.markdown(f":gray[{none}]")
    for line in lines[:STRONGEST]:
        st.markdown(f"{sign} {plain(clause(line))} :gray[({plain(points_in_words(line))})]")
    if len(lines) > STRONGEST:
        st.caption(f"and {len(lines) - STRONGEST} more in the table below")


def _advised(x: Improvement) -> tuple[str, str]:
    if x.kind == "make_known":
        return plain(x.line.factor.question), "unknown"
    return _coded(x.line.factor.remedy if x.kind == "mend" else x.line.factor.label), plain(clause(x.line))


def _coded(text: str) -> str:
    """Plain text but for what stands between backticks: a key to type."""
    said = [f"`{part}`" if n % 2 else re.sub(r"\S+", _plain, part) for n, part in enumerate(text.split("`"))]
    return "".join(said)


def _plain(word: re.Match[str]) -> str:
    return plain(word.group())


def _gain(x: Improvement) -> str:
    gain = f"**+{x.gain:.1f}**" if round(x.gain, 1) else f"+0.0 (sum +{x.on_sum:.1f})"
    return f"{gain}\u00a0/ −{-x.loss:.1f}" if round(x.loss, 1) else gain


def _scaled(line: Line) -> str:
    if line.state == "not_applicable":
        return "not applicable"
    if line.known and line.scaled is not None:
        return f"{line.scaled:.2f}"
    return "unknown" if line.scaled is None else f"unknown ({line.scaled:.2f})"
