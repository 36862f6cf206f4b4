"""Ranking: every model of the snapshot by total, under weights that the reader sets."""

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from components import citation, firmness, frame, links, panel, session
from components.copy_link import copy_link
from components.listing import Listing, compare_button, listing, paging
from components.picture import picture
from components.ranking_table import ranking_table
from components.text import plain
from components.weights import app as weights
from scoring.output.export import ranking_csv
from scoring.view import ModelView

PER_PAGE = 25
ROW: dict[str, Any] = {"horizontal": True, "vertical_alignment": "center", "horizontal_alignment": "distribute"}

snapshot = session.snapshot()
first, last = frame.span(snapshot)
frame.header(
    "Open models, weighed",
    f"{len(snapshot.facts):,} models of the Hugging Face Hub, scored from dated facts. They were read between "
    f"{frame.day(first)} and {frame.day(last)}; the dates differ from model to model.",
)


@st.fragment
def ranking(drawn: ModelView) -> None:
    """Draw all that a moved weight changes; `drawn` is the view of the panel, which stands as it is."""
    view = panel.model_view(snapshot, drawn)
    scores = view.score(snapshot)
    found = listing(view, scores, snapshot.facts, replace(view, weights={}).score(snapshot) if view.weights else None)

    above = st.container(horizontal=True, vertical_alignment="center")
    above.markdown(plain(" ".join(found.summary())), width="stretch")
    panel.count_line(view, scores)
    panel.nothing_passes(ModelView, "" if len(found.shown) else found.strictest)
    picture(view, found, snapshot)
    firmness.order(scores, ~np.isnan(found.here))
    rows = table(view, found)
    with above:
        number = rows.start // PER_PAGE + 1
        with copy_link(links.address(view, page=str(number) if number > 1 else "")):
            links.as_code(view, snapshot.taken)
            citation.cite(scores, **session.of_snapshot(view, snapshot))


def table(view: ModelView, found: Listing) -> slice:
    """Draw a page of what is listed, and what is done with all of it; return the rows of that page."""
    scores, held = found.scores, session.flags(snapshot)
    if any_row := len(found.shown) or len(found.pinned):
        with st.container(**ROW):
            compare_button([str(scores.ids[i]) for i in found.pinned])
            with st.popover("Sort and columns", icon=":material/view_column:"):
                panel.controls(ModelView, "table", session.offered(snapshot))
    place, rows = st.container(), slice(0, 0)
    if len(found.shown):
        with st.container(**ROW):
            rows = paging(len(found.shown), PER_PAGE, found.listed)
            st.download_button(
                "Download this ranking (CSV)",
                lambda: ranking_csv(scores, snapshot.facts, held, found.arranged, found.shown),
                file_name=f"weighbridge-models-{snapshot.taken}.csv",
                mime="text/csv",
                on_click="ignore",
                icon=":material/download:",
            )
    if any_row:
        with place:
            read_on = session.read_on(snapshot, "downloads_30d") if "downloads" in (*view.columns, view.sort) else {}
            ranking_table(found, snapshot.facts, held, rows, view, panel.pin, read_on)
    return rows


ranking(panel.model_panel(snapshot, filters=True, drawn=weights.live))
frame.footer(snapshot)
