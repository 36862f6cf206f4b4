"""The picture of a ranking: its first ten as bars, which follow the weights beside them, or all as points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import links, panel, session
from components.listing import Listing
from components.reference import draw
from components.session import Snapshot
from components.text import plain
from components.weights import app
from components.weights.native import file
from scoring.axes import AXES
from scoring.scorecards import PRESET_LABELS
from scoring.view import ModelView

TOP = 10


def picture(view: ModelView, found: Listing, snapshot: Snapshot) -> None:
    """Draw what is listed as the reader chose, with the choice; where nothing is, only the weights that are here."""
    some = len(found.shown) or len(found.pinned)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        if some:
            panel.controls(ModelView, "chart", session.offered(snapshot))
        if app.live(view):
            file(view)
    if app.live(view):
        app.weights(view, found, session.preview(snapshot, view, found.scores))
    elif view.chart == "scatter" and some:
        _scatter(view, found, snapshot)
    elif some:
        _bars(found)
    if view.chart != "scatter" and some:
        parts = (found.movement(PRESET_LABELS[view.preset]), found.places(), found.doubt())
        st.caption(plain(" ".join(filter(None, parts))))


def _bars(found: Listing) -> None:
    """Draw the first, and the pinned after them; a click opens the model."""
    from charts.ranking import in_words, ranking_bars  # here, because the weights draw their own bars

    scores, pins = found.scores, found.pinned
    top = [*found.shown[:TOP], *(i for i in pins if i not in found.shown[:TOP])]
    marks = {i: found.mark(i) for i in top}
    bars, words = ranking_bars(scores, top, pins, True, found.here, marks), in_words(scores, top, marks)
    draw(bars, words, "top", lambda bar: links.go_to("model", model=scores.ids[top[round(bar["y"])]]))


def _scatter(view: ModelView, found: Listing, snapshot: Snapshot) -> None:
    """Draw every model that is listed as a point, with the choice of axes and colour; a click opens its page."""
    from charts.scatter import in_words, scatter

    with st.container(horizontal=True):
        panel.controls(ModelView, "axes", session.offered(snapshot))
    axes, rows = (AXES[view.x], AXES[view.y]), found.shown.tolist()
    figure = scatter(found.scores, snapshot.facts, rows, axes, view.colour, set(found.pinned.tolist()))
    words = in_words(found.scores, snapshot.facts, rows, axes)

    def opened(point: Mapping[str, Any]) -> None:
        links.go_to("model", model=str(found.scores.ids[int(point["customdata"][0])]))

    draw(figure, words, "scatter", opened)
    st.caption(plain(f"{words} A click on a point opens the model; the table below has the same models."))
