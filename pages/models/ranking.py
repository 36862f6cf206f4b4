"""Ranking: every model of the snapshot by total, under weights that the reader sets."""

from dataclasses import replace

import numpy as np
import streamlit as st

from charts.ranking import in_words, ranking_bars
from components import frame, links, panel, session
from components.copy_link import copy_link
from components.listing import compare_button, listing, paging
from components.ranking_table import ranking_table
from components.reference import draw
from components.scatterplot import scatterplot
from components.text import plain
from components.weights import app as weights
from scoring.output.export import ranking_csv
from scoring.scorecards import PRESET_LABELS
from scoring.view import ModelView

TOP = 10
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

top = [*found.shown[:TOP], *(i for i in found.pinned if i not in found.shown[:TOP])]
if top or weights.live(view):
    panel.controls(ModelView, "chart", session.offered(snapshot))
    if weights.live(view):
        weights.weights(view, found, session.preview(snapshot, view, scores))
    elif view.chart == "scatter":
        scatterplot(view, found, snapshot)
    else:
        marks = {i: found.mark(i) for i in top}
        bars, words = ranking_bars(scores, top, found.pinned, True, found.here, marks), in_words(scores, top, marks)
        draw(bars, words, "top", lambda bar: links.go_to("model", model=scores.ids[top[round(bar["y"])]]))
if top:
    if view.chart != "scatter":
        parts = (found.movement(PRESET_LABELS[view.preset]), found.places(), found.doubt())
        st.caption(plain(" ".join(filter(None, parts))))
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
if top:
    with table:
        read_on = session.read_on(snapshot, "downloads_30d") if "downloads" in (*view.columns, view.sort) else {}
        ranking_table(found, snapshot.facts, held, rows, view, panel.pin, read_on)
with above:
    number = rows.start // PER_PAGE + 1
    copy_link(links.address(view, page=str(number) if number > 1 else ""))
frame.footer(snapshot)
