"""A model over time: its total under the reader's weights and facts, in every snapshot that is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from charts import trend
from components import page
from components.text import clean
from scoring import engine
from scoring.scorecards import MODEL
from scoring.types import YardstickKind
from scoring.view import View

MOST = 12  # snapshots, the newest
USUAL = 2  # facts that are shown until the reader chooses

# Where a snapshot has the model: its facts as numbers, and its row of scaled measures.
Row = tuple[str, Mapping[str, float | None], engine.Scaled]


def over_time(view: View, model: str) -> None:
    """Draw total and chosen facts of a model over the snapshots; nothing where fewer than two can be read."""
    dates = page.snapshots()[:MOST][::-1]
    if len(dates) < 2:
        return
    rows = _rows(model, view.yardstick, page.stamps(dates))
    if len(rows) < 2:
        return
    points = [_point(view, *row) for row in rows]
    known = [name for name in rows[0][1] if any(p.facts[name] is not None for p in points)]
    st.header("Over time", anchor=False)
    st.caption(
        f"{len(points)} snapshots have this model. Each total is under your weights, with the facts of its day; the "
        "band is what the unknown could make of it, and a gap is a fact that was unknown."
    )
    chosen = st.pills("Facts", known, selection_mode="multi", default=known[:USUAL], key="trend") or []
    names = [name for name in known if name in chosen]
    figure = trend.trend(points, names)
    st.plotly_chart(figure, key="over_time", config={"displayModeBar": False}, alt=clean(trend.alt(points, names)))


@st.cache_resource(max_entries=256, show_spinner="Reading the snapshots …")
def _rows(model: str, kind: YardstickKind, stamps: tuple[tuple[str, str, int], ...]) -> list[Row]:
    found: list[Row] = []
    for taken in page.sound([one[0] for one in stamps]):
        if model in taken.position:
            n = taken.position[model]
            facts = taken.facts.iloc[n]
            numbers = {f.label: _number(facts[f.reads[0]]) for f in MODEL.factors if _counts(taken.facts[f.reads[0]])}
            whole = taken.scaled(MODEL, kind)
            one = engine.Scaled(**{part.name: getattr(whole, part.name)[n : n + 1] for part in fields(whole)})
            found.append((taken.taken, numbers, one))
    return found


def _point(view: View, taken: str, facts: Mapping[str, float | None], one: engine.Scaled) -> trend.Point:
    scores = engine.weigh(view.card, one, engine.blend(view.card, one, view.unknown), view.unknown, view.cap)
    if np.isnan(scores.total[0]):
        return trend.Point(taken, None, facts=facts)
    return trend.Point(taken, float(scores.total[0]), float(scores.low[0]), float(scores.high[0]), facts)


def _counts(column: pd.Series[Any]) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
