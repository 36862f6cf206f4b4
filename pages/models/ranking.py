"""Ranking: every model of the snapshot by total, under weights that the reader sets."""

from dataclasses import replace
from typing import Any

import streamlit as st

from components import citation, firmness, frame, links, panel, session, switchboard
from components.copy_link import copy_link
from components.download import models
from components.listing import Listing, compare_button, listing, paging
from components.picture import picture
from components.ranking_table import ranking_table
from components.text import plain
from components.weights import app as weights
from scoring.view import ModelView

PER_PAGE = 25
ROW: dict[str, Any] = {"horizontal": True, "vertical_alignment": "center", "horizontal_alignment": "distribute"}

snapshot = session.snapshot()
first, last = frame.span(snapshot)
frame.header(
    "Open models, weighed",
    f"{len(snapshot.facts):,} {'generated models' if snapshot.generated else 'models of the Hugging Face Hub'}, scored "
    f"from dated facts. They were read between {frame.day(first)} and {frame.day(last)}; the dates differ from model "
    "to model.",
)


@st.fragment
def ranking(drawn: ModelView) -> None:
    """Draw all that a moved weight changes; `drawn` is the view of the panel, which stands as it is."""
    view = panel.model_view(snapshot, drawn)
    scores = session.scores(snapshot, view)
    usual = session.scores(snapshot, replace(view, weights={})) if view.weights else None
    found = listing(view, scores, snapshot, usual)

    above = st.container(horizontal=True, vertical_alignment="center")
    above.markdown(plain(" ".join(found.summary())), width="stretch")
    panel.count_line(view, scores)
    panel.nothing_passes(ModelView, "" if found.shown else found.strictest)
    picture(view, found, snapshot)
    firmness.order(scores, found.kept)
    switchboard.of_models(view, snapshot, scores, found.kept)
    rows = table(found)
    with above:
        number = rows.start // PER_PAGE + 1
        with copy_link(links.address(view, page=str(number) if number > 1 else "")):
            links.as_code(view, snapshot.taken)
            citation.cite(scores, **session.of_snapshot(view, snapshot))


def table(found: Listing) -> slice:
    """Draw a page of what is listed, and what is done with all of it; return the rows of that page."""
    if any_row := found.shown or len(found.pinned):
        with st.container(**ROW):
            compare_button(found.scores.ids[found.pinned].tolist())
            with st.popover("Sort and columns", icon=":material/view_column:", key="table", on_change="rerun") as body:
                if body.open:
                    panel.controls(ModelView, "table", session.offered(snapshot))
    place, rows = st.container(), slice(0, 0)
    if found.shown:
        with st.container(**ROW):
            rows = paging(found.shown, PER_PAGE, found.listed)
            models(found, snapshot)
    if any_row:
        with place:
            ranking_table(found, rows, snapshot, panel.pin)
    return rows


ranking(panel.model_panel(snapshot, filters=True, drawn=weights.live(len(snapshot.facts))))
frame.footer(snapshot)
