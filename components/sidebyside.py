"""Two to six models side by side: who could be first, and every factor in a table that marks the differences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from charts import breakdown
from components.reference import draw
from components.text import listed, plain
from scoring.ground import evidence
from scoring.reasons.receipt import Line, contenders, if_found, receipt, words
from scoring.scores import DECIMALS, Scores

BEST, DIFFERS, SAME = "▲", "≠", "="


def verdict(scores: Scores, rows: Sequence[int]) -> None:
    """Say who is first, or that it is too close to call; who could be first once the unknown is known decides."""
    able = contenders(scores, rows)
    if not able:
        st.info("Nothing that counts is known about any of them.", icon=":material/help:")
        return
    first = f"**{_letter(rows, able[0])}** {plain(str(scores.ids[able[0]]))}"
    if len(able) == 1:
        certain = f"{first} is first, even if all that is unknown turned out badly for it and well for the others."
        if held := if_found(scores, able[0]):
            certain += f" Only a finding could change that: {plain(held[:1].lower() + held[1:])}"
        st.success(certain, icon=":material/check_circle:")
        return
    level = [row for row in able[1:] if not _leads(scores, able[0], row)]
    others = [row for row in able[1:] if row not in level]
    doubt = f"{first} has the highest total"
    if level:
        doubt = f"{_letters(rows, [able[0], *level], 'and')} have the same total"
    if others:
        doubt += f"; what is unknown could put {_letters(rows, others, 'or')} first"
    st.warning(f"**Too close to call.** {doubt}.", icon=":material/balance:")


def charts(scores: Scores, rows: Sequence[int]) -> None:
    """Draw the totals with their intervals, and the category scores in groups."""
    draw(breakdown.totals(scores, rows), breakdown.totals_alt(scores, rows), "totals")
    st.subheader("By category", anchor=False)
    draw(breakdown.category_bars(scores, rows), breakdown.category_bars_alt(scores, rows), "by_category")


def table(scores: Scores, rows: Sequence[int], facts: pd.DataFrame, only_differences: bool) -> None:
    """Draw every factor as a row and every model as a column; the best is bold with a sign, differences are marked."""
    receipts = [receipt(scores, row, {str(k): v for k, v in facts.iloc[row].items()}) for row in rows]
    body: list[list[str]] = _standing(scores, rows)
    differing = 0
    for c in scores.card.categories:
        values = [float(scores.category_scores[c.id].iloc[row]) for row in rows]
        in_words = ["nothing known" if np.isnan(v) else f"{v:.0f} of 100" for v in values]
        group: list[list[str]] = []
        for n, line in enumerate(receipts[0]):
            if line.category.id == c.id:
                row_of = [lines[n] for lines in receipts]
                differs = len({words(x) for x in row_of}) > 1
                differing += differs
                if differs or not only_differences:
                    group.append([DIFFERS if differs else SAME, plain(line.factor.label), *_cells(row_of)])
        if group:
            body += [["", f"**{plain(c.label)}**", *(f"**{s}**" for s in in_words)], *group]
    heads = [f"{breakdown.LETTERS[n]}  {plain(str(scores.ids[row]))}" for n, row in enumerate(rows)]
    frame = pd.DataFrame(body, columns=["Same?", "Factor", *heads])
    st.table(frame, hide_index=True, border="horizontal", alt="Every factor of the models side by side.")
    st.caption(
        f"{differing} of {len(receipts[0])} factors differ ({DIFFERS}). {BEST} and bold: the best of what is known. "
        "Unknown: nobody looked; that is neither good nor bad."
    )


def _standing(scores: Scores, rows: Sequence[int]) -> list[list[str]]:
    totals = [scores.written(r) if np.isnan(scores.total[r]) else f"**{scores.written(r)}**" for r in rows]
    spans = [f"{scores.low[r]:.{scores.decimals(r)}f} – {scores.high[r]:.{scores.decimals(r)}f}" for r in rows]
    ranks = [f"{int(scores.rank[r]):,}" if scores.ranked[r] else "not ranked" for r in rows]
    known = ["unknown" if scores.evidence is None else evidence(scores.evidence[r]) for r in rows]
    held = [_held(scores, r) for r in rows]
    lines = [
        ["", "**Total, of 100**", *totals],
        ["", "Between", *spans],
        ["", "Rank", *ranks],
        ["", "Evidence", *known],
    ]
    findings = [plain(if_found(scores, r)) or "no" for r in rows]
    lines.append(["", "Could be held", *findings])
    return lines + ([["", "Held", *(h or "no" for h in held)]] if any(held) else [])


def _held(scores: Scores, row: int) -> str:
    cap = next((c for c in scores.card.caps if c.id == scores.capped_by(row)), None)
    return (
        "" if cap is None else plain(f"at {cap.limit:.0f}: {cap.label}; its points sum to {scores.uncapped[row]:.1f}")
    )


def _cells(lines: Sequence[Line]) -> list[str]:
    known = [line.scaled for line in lines if line.known and line.scaled is not None]
    best = max(known) if len(known) > 1 and max(known) - min(known) > 1e-9 else None
    return [
        f"**{BEST} {plain(words(line))}**" if line.known and line.scaled == best else plain(words(line))
        for line in lines
    ]


def _letter(rows: Sequence[int], row: int) -> str:
    return breakdown.LETTERS[list(rows).index(row)]


def _letters(rows: Sequence[int], some: Sequence[int], last: str) -> str:
    letters = [f"**{_letter(rows, row)}**" for row in some]
    return listed(letters, last)


def _leads(scores: Scores, first: int, second: int) -> bool:
    return bool(round(float(scores.total[first]), DECIMALS) > round(float(scores.total[second]), DECIMALS))
