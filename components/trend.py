"""A subject over time: its scores under the reader's weights, and every fact, in each snapshot or month there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from charts import trend
from charts.palette import ACCENT
from components import attribution, frame, session
from components.reference import draw
from components.text import listed, plain
from scoring.reasons import history
from scoring.reasons.history import LESS, MORE, OTHER, Moment, Row
from scoring.reasons.receipt import plain as value_of
from scoring.scorecards import MODEL
from scoring.scores import Scores
from scoring.types import Scaled, YardstickKind
from scoring.view import ModelView

KEYS = ("trend", "changes")  # of what the reader chooses here, in the link
MOST = 24  # snapshots, the newest
USUAL = ("Downloads", "Likes")  # facts that are drawn until the reader chooses
NAMED = 6  # days in a sentence
ABSENT = "not in this snapshot"


@dataclass(frozen=True)
class _Past:
    """A model in the snapshots that have it: day, facts and scaled measures; the days that lack it or are damaged."""

    held: list[tuple[str, Mapping[str, Any], Scaled]]
    lacking: list[str]
    damaged: list[str]


def over_time(view: ModelView, snapshot: session.Snapshot, model: str, beside: Mapping[str, str]) -> None:
    """Draw scores and facts of a model over the snapshots, and the counts `beside`; nothing where there is only one.

    What counts is what counts in this `snapshot`, so that all days are scored on the same factors.
    """
    every = [day for day in session.snapshots() if frame.day(day) != day]
    if len(every) < 2:
        return
    past = _past(model, view.yardstick, session.stamps(every[:MOST][::-1]))
    moments = [Moment(day, view.weigh(one, snapshot), facts) for day, facts, one in past.held]
    st.header("Over time", anchor=False)
    st.caption(plain(_summary(past, len(every), view.yardstick)))
    if len(moments) < 2:
        return
    days = sorted([*(m.taken for m in moments), *past.lacking])
    scores, facts = history.scores(moments), history.facts(moments, beside)
    strips = _score_strips(days, moments, scores)
    draw(trend.trend(days, strips), trend.alt(days, strips), "over_time")
    attribution.of_model_since([m.taken for m in moments], view, snapshot, model)
    counts = {row.label: row for row in facts if any(c.number is not None for c in row.cells)}
    default = [label for label in USUAL if label in counts]
    chosen = st.pills("Facts", list(counts), selection_mode="multi", default=default, key="trend", bind="query-params")
    strips = _strips(days, moments, [row for label, row in counts.items() if label in (chosen or [])])
    if strips:
        draw(trend.trend(days, strips), trend.alt(days, strips), "facts_over_time")
    _table([m.taken for m in moments], [*scores, *facts])


def through_months(organisation: str, scales: Mapping[str, Sequence[Scores]], discounted: bool) -> None:
    """Draw score and rank over the months on both scales, and explain the difference."""
    draw(trend.through_months(organisation, scales), trend.months_in_words(organisation, scales), "months")
    sentences = (
        "**Each month’s own scale** measures against the least and the most of that month: a score falls when another "
        "organisation grows, or when a new indicator is asked. **One scale for all months** measures against the least "
        "and the most that anybody ever had: there a month’s score moves by the organisation’s own numbers, and by "
        "which indicators that month has."
    )
    if discounted:
        sentences += " Under this method ranks are joined, not scores, so that the others move it on either scale."
    st.markdown(sentences)


def _table(days: Sequence[str], rows: Sequence[Row]) -> None:
    st.subheader("Every fact over the snapshots", anchor=False)
    only = st.toggle("Only what changed", key="changes", bind="query-params")
    shown = [row for row in rows if row.changes or not only]
    if not shown:
        st.markdown(":gray[Nothing changed from one snapshot to the next.]")
        return
    table = pd.DataFrame({"Score or fact": [row.label for row in shown], "Changes": [row.changes for row in shown]})
    for n in reversed(range(len(days))):
        table[days[n]] = [f"{row.signs[n]} {row.cells[n].words}".strip() for row in shown]
    columns = {day: st.column_config.TextColumn(frame.day(day), width=180) for day in days}
    columns["Score or fact"] = st.column_config.TextColumn(pinned=True, width=150)
    columns["Changes"] = st.column_config.NumberColumn(width=75, help="How often it changed from one to the next")
    st.dataframe(
        table,
        hide_index=True,
        height="content",
        column_config=columns,
        key="every_fact",
        alt="Every score and fact of this model, a column a snapshot, newest first.",
    )
    left_out = f" {len(rows) - len(shown)} rows without a change are left out." if only else ""
    st.caption(
        f"Newest first. A sign marks the difference from the snapshot before, one column to the right: {MORE} more, "
        f"{LESS} less, {OTHER} changed, also from or to unknown; no sign: the same.{left_out}"
    )


@st.cache_resource(max_entries=256, show_spinner="Reading the snapshots …")
def _past(model: str, kind: YardstickKind, stamps: tuple[tuple[str, str, int], ...]) -> _Past:
    days = [stamp[0] for stamp in stamps]
    sound = session.sound(days)
    held: list[tuple[str, Mapping[str, Any], Scaled]] = []
    for snapshot in sound:
        if at := snapshot.rows([model]):
            facts = {name: value_of(value) for name, value in snapshot.subject(model).items()}
            one = snapshot.scaled(MODEL, kind).rows(np.array(at))
            held.append((snapshot.taken, facts, one))
    found = {snapshot.taken for snapshot in sound}
    lacking = found - {day for day, _, _ in held}
    return _Past(held, sorted(lacking), [day for day in days if day not in found])


def _strips(days: Sequence[str], moments: Sequence[Moment], rows: Sequence[Row]) -> list[trend.Strip]:
    """A strip a row, with nothing on the days on which the model was not there."""
    at = {moment.taken: n for n, moment in enumerate(moments)}
    cells = [[row.cells[at[day]] if day in at else history.Cell(ABSENT) for day in days] for row in rows]
    return [
        trend.Strip(row.label, [cell.number for cell in inside], [cell.words for cell in inside])
        for row, inside in zip(rows, cells, strict=True)
    ]


def _score_strips(days: Sequence[str], moments: Sequence[Moment], rows: Sequence[Row]) -> list[trend.Strip]:
    colours = {c.id: c.colour for c in MODEL.categories} | {"total": ACCENT}
    at = {moment.taken: moment.scores for moment in moments}
    drawn = []
    for row, strip in zip(rows, _strips(days, moments, rows), strict=True):
        ends = [_ends(at[day], row.id) if day in at else None for day in days]
        words = [
            f"{value_words}, between {end[0]:.1f} and {end[1]:.1f}"
            if value is not None and end and end[1] - end[0] > 0.05
            else value_words
            for value_words, value, end in zip(strip.words, strip.values, ends, strict=True)
        ]
        low, high = ([end and end[side] for end in ends] for side in (0, 1))
        height = 2 * strip.height if row.id == "total" else strip.height
        drawn.append(
            replace(strip, words=words, colour=colours[row.id], of_100=True, low=low, high=high, height=height)
        )
    return drawn


def _ends(scores: Scores, row_id: str) -> tuple[float, float]:
    """The least and the most that a score could be when everything is known."""
    if row_id == "total":
        return float(scores.low[0]), float(scores.high[0])
    j = [c.id for c in scores.card.categories].index(row_id)
    low, high = scores.category_interval
    return float(low[0, j]), float(high[0, j])


def _summary(past: _Past, every: int, kind: YardstickKind) -> str:
    """What is shown, and honestly what is not."""
    days = [day for day, _, _ in past.held]
    if not days:
        summary = "None of these snapshots has this model."
    elif len(days) == 1:
        summary = f"Only the {_named(days)} has this model, so there is nothing to compare it with yet."
    else:
        summary = (
            f"{len(days)} snapshots have this model. Scores are under your weights, with the facts of each day; the "
            "grey bar is what the unknown could make of a score, and a gap is what was unknown."
        )
        if kind == "population":
            summary += " Each is placed among the models of its own snapshot, so it moves with them as well."
    if past.lacking:
        summary += f" Not in the {_named(past.lacking)}."
    if past.damaged:
        summary += f" Damaged, so left out: the {_named(past.damaged)}."
    if every > MOST:
        summary += f" Of {every} snapshots the newest {MOST} are looked at."
    return summary


def _named(days: Sequence[str]) -> str:
    named = [frame.day(day) for day in days[-NAMED:]]
    if len(days) > NAMED:
        named = [f"{len(days) - NAMED} more days", *named]
    return f"snapshot{'s' if len(days) > 1 else ''} of {listed(named)}"
