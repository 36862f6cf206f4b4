"""Ranking: every model of the snapshot by total, under weights that the reader sets."""

from dataclasses import replace

import numpy as np
import streamlit as st

from components import firmness, frame, links, panel, session
from components.copy_link import copy_link
from components.listing import compare_button, listing, paging
from components.picture import picture
from components.ranking_table import ranking_table
from components.text import plain
from components.weights import app as weights
from scoring.output.export import ranking_csv
from scoring.view import ModelView

PER_PAGE = 25

snapshot = session.snapshot()
first, last = frame.span(snapshot)
frame.header(
    "Open models, weighed",
    f"{len(snapshot.facts):,} models of the Hugging Face Hub, scored from dated facts. They were read between "
    f"{frame.day(first)} and {frame.day(last)}; the dates differ from model to model.",
)
view = panel.model_panel(snapshot, filters=True, drawn=weights.live)
scores = view.score(snapshot)
held = session.flags(snapshot)
found = listing(view, scores, snapshot.facts, replace(view, weights={}).score(snapshot) if view.weights else None)

above = st.container(horizontal=True, vertical_alignment="center")
above.markdown(plain(" ".join(found.summary())), width="stretch")
panel.count_line(view, scores)

if not len(found.shown):
    with st.container(border=True):
        st.subheader("No model passes these filters", anchor=False)
        st.markdown(plain(found.strictest))
        panel.clear_button(ModelView, "Clear filters")

picture(view, found, snapshot)
if len(found.shown):
    firmness.order(scores, ~np.isnan(found.here))
any_row = len(found.shown) or len(found.pinned)
if any_row:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        compare_button([str(scores.ids[i]) for i in found.pinned])
        with st.popover("Sort and columns", icon=":material/view_column:"):
            panel.controls(ModelView, "table", session.offered(snapshot))
table, rows = st.container(), slice(0, 0)
if len(found.shown):
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        rows = paging(len(found.shown), PER_PAGE, found.listed)
        st.download_button(
            "Download this ranking (CSV)",
            lambda: ranking_csv(scores, snapshot.facts, held, np.asarray(found.arranged, dtype=np.intp), found.shown),
            file_name=f"weighbridge-models-{snapshot.taken}.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
if any_row:
    with table:
        read_on = session.read_on(snapshot, "downloads_30d") if "downloads" in (*view.columns, view.sort) else {}
        ranking_table(found, snapshot.facts, held, rows, view, panel.pin, read_on)
with above:
    number = rows.start // PER_PAGE + 1
    copy_link(links.address(view, page=str(number) if number > 1 else ""))
    links.as_code(view, snapshot.taken)
frame.footer(snapshot)
