"""The models that a ranking shows as points between two axes that the reader chooses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from charts.scatter import in_words, scatter
from components import links, panel, session
from components.listing import Listing
from components.reference import draw
from components.session import Snapshot
from components.text import plain
from scoring.axes import AXES
from scoring.view import ModelView


def scatterplot(view: ModelView, found: Listing, snapshot: Snapshot) -> None:
    """Draw every model that is listed as a point, with the choice of axes and colour; a click opens its page."""
    with st.container(horizontal=True):
        panel.controls(ModelView, "axes", session.offered(snapshot))
    axes, rows = (AXES[view.x], AXES[view.y]), found.shown.tolist()
    figure = scatter(found.scores, snapshot.facts, rows, axes, view.colour, set(found.pinned.tolist()))
    words = in_words(found.scores, snapshot.facts, rows, axes)

    def opened(point: Mapping[str, Any]) -> None:
        links.go_to("model", model=str(found.scores.ids[int(point["customdata"][0])]))

    draw(figure, words, "scatter", opened)
    st.caption(plain(f"{words} A click on a point opens the model; the table below has the same models."))
