"""Two to six models side by side: who could be first, and every factor in a table that marks the differences.

Values that were read on different days show their days; those read far apart have no winner, and the verdict says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from charts import breakdown
from components import dossier, frame
from components.reference import draw
from components.text import listed, plain
from scoring.ground import evidence
from scoring.interval import DECIMALS
from scoring.reasons.differences import FAR, Difference
from scoring.reasons.receipt import contenders, counted, if_found, interval, words
from scoring.reasons.verdict import place
from scoring.scores import Scores

BEST, DIFFERS, SAME, APART = "▲", "≠", "=", "†"


def verdict(scores: Scores, rows: Sequence[int], found: Sequence[Difference]) -> None:
    """Say who is first, or that it is too close to call; who could be first once the unknown is known decides.

    Where that stands on values that were read far apart, it says so and is no success.
    """
    able = contenders(scores, rows)
    if not able:
        st.info("Nothing that counts is known about any of them.", icon=":material/help:")
        return
    first = f"**{_letter(rows, able[0])}** {plain(str(scores.ids[able[0]]))}"
    apart = [x for x in found if x.apart and x.counts]
    rests = f" This rests on {_read_apart(apart)}, so a new reading could change it." if apart else ""
    if len(able) == 1:
        certain = f"{first} is first, even if all that is unknown turned out badly for it and well for the others."
        if held := if_found(scores, able[0]):
            certain += f" Only a finding could change that: {plain(held[:1].lower() + held[1:])}"
        if rests:
            st.info(certain + rests, icon=":material/event_busy:")
        else:
            st.success(certain, icon=":material/check_circle:")
        return
    level = [row for row in able[1:] if not _leads(scores, able[0], row)]
    others = [row for row in able[1:] if row not in level]
    doubt = f"{first} has the highest total"
    if level:
        doubt = f"{_letters(rows, [able[0], *level], 'and')} have the same total"
    if others:
        doubt += f"; what is unknown could put {_letters(rows, others, 'or')} first"
    st.warning(f"**Too close to call.** {doubt}.{rests}", icon=":material/balance:")


def charts(scores: Scores, rows: Sequence[int]) -> None:
    """Draw the totals with their intervals, and the category scores in groups."""
    draw(breakdown.totals(scores, rows), breakdown.totals_alt(scores, rows), "totals")
    st.subheader("By category", anchor=False)
    draw(breakdown.category_bars(scores, rows), breakdown.category_bars_alt(scores, rows), "by_category")


def table(
    scores: Scores,
    rows: Sequence[int],
    subjects: Sequence[Mapping[str, Any]],
    found: Sequence[Difference],
    only_differences: bool,
) -> None:
    """Draw every factor as a row and every model as a column; the best is bold with a sign, differences are marked.

    `subjects` are the facts of the models, in the order of their `rows`.
    """
    body = _standing(scores, rows, subjects)
    shown = [x for x in found if x.differs or not only_differences]
    for n, c in enumerate(scores.card.categories):
        values = [float(scores.category_values[row, n]) for row in rows]
        nothing = "not counted" if c.id in scores.idle else "nothing known"
        in_words = [nothing if np.isnan(v) else f"{v:.0f} of 100" for v in values]
        inside = [x for x in shown if x.lines[0].category.id == c.id]
        if inside:
            body.append(["", f"**{plain(c.label)}**", *(f"**{s}**" for s in in_words)])
            body += [[_sign(x), plain(x.lines[0].factor.label), *_cells(x)] for x in inside]
    heads = [f"{breakdown.LETTERS[n]}  {plain(str(scores.ids[row]))}" for n, row in enumerate(rows)]
    drawn = pd.DataFrame(body, columns=["Same?", "Factor", *heads])
    st.table(drawn, hide_index=True, border="horizontal", alt="Every factor of the models side by side.")
    st.caption(
        f"{sum(x.differs for x in found)} of {len(found)} factors differ ({DIFFERS}). {BEST} and bold: the best of "
        "what is known. Unknown: nobody looked; that is neither good nor bad."
    )
    if apart := [x for x in shown if x.apart]:
        st.caption(f"{APART} marks {_read_apart(apart)}, so none of these values is marked as the best.")


def _standing(scores: Scores, rows: Sequence[int], subjects: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    totals = [scores.written(r) if np.isnan(scores.total[r]) else f"**{scores.written(r)}**" for r in rows]
    spans = [interval(scores, r) for r in rows]
    ranks = [str(place(scores, r) or "not ranked") for r in rows]
    known = ["unknown" if scores.evidence is None else evidence(scores.evidence[r]) for r in rows]
    held = [_held(scores, r) for r in rows]
    lines = [
        ["", "**Total, of 100**", *totals],
        ["", "Interval", *spans],
        ["", "Rank in all", *ranks],
        ["", "Evidence", *known],
        ["", "Created", *(dossier.created(facts) or "unknown" for facts in subjects)],
        ["", "Last changed", *(dossier.changed(facts) or "unknown" for facts in subjects)],
    ]
    findings = [plain(if_found(scores, r)) or "no" for r in rows]
    lines.append(["", "Could be held", *findings])
    return lines + ([["", "Held", *(h or "no" for h in held)]] if any(held) else [])


def _held(scores: Scores, row: int) -> str:
    cap = next((c for c in scores.card.caps if c.id == scores.capped_by(row)), None)
    return (
        "" if cap is None else plain(f"at {cap.limit:.0f}: {cap.label}; its points sum to {scores.uncapped[row]:.1f}")
    )


def _sign(found: Difference) -> str:
    return f"{DIFFERS if found.differs else SAME}{f' {APART}' if found.apart else ''}"


def _cells(found: Difference) -> list[str]:
    cells = []
    for n, (line, day) in enumerate(zip(found.lines, found.days, strict=True)):
        value = f"**{BEST} {plain(words(line))}**" if n in found.best else plain(words(line))
        cells.append(f"{value}, :gray[read {frame.day(day)}]" if found.dated and day else value)
    return cells


def _read_apart(found: Sequence[Difference]) -> str:
    """Name how many factors have values read far apart, and between which days; some are given."""
    ends = [x.apart for x in found if x.apart]
    first, last = min(first for first, _ in ends), max(last for _, last in ends)
    return (
        f"{counted(len(found), 'factors')} whose values were read more than {FAR} days apart, "
        f"between {frame.day(first)} and {frame.day(last)}"
    )


def _letter(rows: Sequence[int], row: int) -> str:
    return breakdown.LETTERS[list(rows).index(row)]


def _letters(rows: Sequence[int], some: Sequence[int], last: str) -> str:
    letters = [f"**{_letter(rows, row)}**" for row in some]
    return listed(letters, last)


def _leads(scores: Scores, first: int, second: int) -> bool:
    return bool(round(float(scores.total[first]), DECIMALS) > round(float(scores.total[second]), DECIMALS))
