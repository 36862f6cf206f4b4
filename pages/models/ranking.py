"""Ranking: every model of the snapshot by total, under weights that the reader sets."""

import streamlit as st

from charts.ranking import in_words, ranking_bars
from components import link, page, panel
from components.copy_link import copy_link
from components.listing import listing
from components.paging import paging
from components.ranking_table import ranking_table
from components.text import clean, plain
from scoring.output.export import ranking_csv

TOP = 10
PER_PAGE = 25

taken = page.snapshot()
first, last = page.span(taken)
page.header(
    "Open models, weighed",
    f"{len(taken.facts):,} models of the Hugging Face Hub, scored from dated facts. They were read between "
    f"{page.day(first)} and {page.day(last)}; the dates differ from model to model.",
)
view = panel.view_panel(taken, filters=True)
scores = page.scores(view, taken)
held = page.flags(taken)
found = listing(view, scores, taken.facts)

above = st.container(horizontal=True, vertical_alignment="center")
above.markdown(plain(" ".join(found.summary())), width="stretch")

if not len(found.shown):
    with st.container(border=True):
        st.subheader("No model passes these filters", anchor=False)
        st.markdown(plain(found.strictest))
        st.button("Clear filters", on_click=panel.clear_filters, type="primary", icon=":material/filter_alt_off:")

top = [*found.shown[:TOP], *(i for i in found.pinned if i not in found.shown[:TOP])]
if top:
    bars = ranking_bars(scores, top, found.pinned)
    st.plotly_chart(bars, key="top", config={"displayModeBar": False}, alt=clean(in_words(scores, top)))
    st.caption(plain(found.doubt()))

table, rows = st.container(), slice(0, 0)
if len(found.shown):
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        rows = paging(len(found.shown), PER_PAGE, found.listed)
        st.download_button(
            "Download this ranking (CSV)",
            lambda: ranking_csv(scores, taken.facts, held, found.shown),
            file_name=f"weighbridge-models-{taken.taken}.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
if top:
    with table:
        ranking_table(scores, taken.facts, held, found.shown[rows], found.pinned, view.query(), panel.pin)
with above:
    number = rows.start // PER_PAGE + 1
    copy_link(link.address(view, page=str(number) if number > 1 else ""))
page.footer(taken)
