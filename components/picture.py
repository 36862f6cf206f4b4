"""The picture of a ranking: its first ten as bars, which follow the weights beside them, or all as points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from components import links, panel, session
from components.listing import Listing
from components.reference import draw
from components.session import Snapshot
from components.text import plain
from components.weights import app
from components.weights.native import factors, file
from scoring.axes import AXES
from scoring.preview import MOST_BY_FACTOR
from scoring.scorecards import PRESET_LABELS
from scoring.scores import FOREMOST
from scoring.view import ModelView

TOP = 10


def picture(view: ModelView, found: Listing, snapshot: Snapshot) -> None:
    """Draw what is listed as the reader chose, with the choice; where nothing is, only the weights that are here."""
    some, live = found.shown or len(found.pinned), app.live(len(found.scores))(view)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        if some:
            panel.controls(ModelView, "chart", session.offered(snapshot))
        if live and len(found.scores) > MOST_BY_FACTOR:
            factors(view, view.counted(snapshot).shares(), type="tertiary")
        if live:
            file(view)
            if some:
                _image(found)
    if live:
        app.weights(view, found, snapshot)
    elif view.chart == "scatter" and some:
        _scatter(view, found, snapshot)
    elif some:
        _bars(found)
    if view.chart != "scatter" and some:
        parts = (found.movement(PRESET_LABELS[view.preset]), found.places(), found.doubt())
        st.caption(plain(" ".join(filter(None, parts))))


def _image(found: Listing) -> None:
    """Draw the bars as a chart, once somebody asks: the button on it saves an image, which the live ones have not."""
    with st.popover(
        "As an image",
        icon=":material/photo_camera:",
        type="tertiary",
        key="as_image",
        on_change="rerun",
        width="content",
    ) as body:
        if body.open:
            st.caption("The camera at the top right of the chart saves it as PNG; with Shift, as SVG.")
            _bars(found)


def _bars(found: Listing) -> None:
    """Draw the first, and the pinned after them; a click opens the model."""
    from charts.ranking import in_words, ranking_bars  # here, because the weights draw their own bars

    top = found.top(TOP)
    rows = np.concatenate([top, found.pinned[~np.isin(found.pinned, top)]])
    scores, pins = found.scores.of(rows), np.flatnonzero(np.isin(rows, found.pinned)).tolist()
    at, marks = np.arange(len(rows)), dict(enumerate(found.marks(rows)))
    bars, words = ranking_bars(scores, at, pins, True, found.here(rows), marks), in_words(scores, at, marks)
    draw(bars, words, "top", lambda bar: links.go_to("model", model=str(scores.ids[round(bar["y"])])))


def _scatter(view: ModelView, found: Listing, snapshot: Snapshot) -> None:
    """Draw the models that are listed (of many the first) as points, with the choice of axes and colour.

    A click opens the page of a model.
    """
    from charts.scatter import in_words, scatter

    with st.container(horizontal=True):
        panel.controls(ModelView, "axes", session.offered(snapshot))
    axes, rows, scores, facts = (AXES[view.x], AXES[view.y]), found.top(FOREMOST), found.scores, snapshot.facts
    pins = [row for row in found.pinned.tolist() if row in rows]
    if len(scores) > FOREMOST:
        names = [*dict.fromkeys((*axes[0].reads, *axes[1].reads, "license_class"))]
        scores, facts, pins = (
            scores.of(rows),
            facts[names].iloc[rows],
            np.flatnonzero(np.isin(rows, found.pinned)).tolist(),
        )
        rows = np.arange(len(rows))
    figure = scatter(scores, facts, rows.tolist(), axes, view.colour, set(pins))
    words = in_words(scores, facts, rows.tolist(), axes)

    def opened(point: Mapping[str, Any]) -> None:
        links.go_to("model", model=str(scores.ids[int(point["customdata"][0])]))

    draw(figure, words, "scatter", opened)
    first = f" These are the first {FOREMOST:,} of {found.shown:,} by total." if found.shown > FOREMOST else ""
    st.caption(plain(f"{words}{first} A click on a point opens the model; the table below has the same models."))
