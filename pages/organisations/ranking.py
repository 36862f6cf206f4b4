"""Organisations: who has how much influence in a month, by a method and weights that the reader sets."""

import streamlit as st

from charts.influence import bars, bars_in_words
from components import influence, link, months, page
from components.copy_link import copy_link
from components.influence_panel import clear_filter, influence_panel
from components.text import clean, plain
from data.organisations.rollup import summary
from scoring.methods import METHODS
from scoring.output.export import as_csv, table_rows

TOP = 12

known = months.known()
page.header(
    "Organisations, weighed",
    f"Influence through Data, Models, Systems and Benchmarks, in {len(known)} months from {page.day(known[0])} to "
    f"{page.day(known[-1])}, from what organisations publish on many platforms.",
)
view, taken = influence_panel(known, filters=True)
now = months.scored(view, taken)
earlier = months.before(taken, known)
before = months.scored(view, earlier) if earlier else None
rows = [int(n) for n in now.order if not view.only or now.ids[n] in view.only]

with st.container(horizontal=True, vertical_alignment="center"):
    shown = f"{len(rows)} of {len(now.ids)} organisations" if view.only else f"All {len(now.ids)} organisations"
    st.markdown(
        f"{shown}, {plain(page.day(taken))}. **{now.method.label}:** {plain(now.method.summary)}", width="stretch"
    )
    copy_link(link.address(view))
influence.depends(now, {method: months.scored(view, taken, method) for method in METHODS})

influence.unread(months.rolled(taken).month.gaps)

if not rows:
    with st.container(border=True):
        st.subheader("None of the chosen organisations is ranked in this month", anchor=False)
        st.button("List all", on_click=clear_filter, type="primary", icon=":material/filter_alt_off:")
else:
    figure, alt = bars(now, rows[:TOP]), clean(bars_in_words(now, rows[:TOP]))
    st.plotly_chart(figure, key="top", config={"displayModeBar": False}, alt=alt)
    if len(rows) > TOP:
        st.caption(f"The first {TOP} of {len(rows)}; all of them are in the table.")
    influence.order(now, before, rows, view)
    st.download_button(
        "Download this ranking (CSV)",
        lambda: as_csv([table_rows(now, before, only=view.only)]),
        file_name=f"weighbridge-organisations-{taken}-{view.method}.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        for n in rows[:3]:
            page.link_to("organisation", f"Why: {now.ids[n]}", organisation=str(now.ids[n]))
        page.link_to("sources", "Where the numbers come from", icon=":material/hub:")

if now.constant:
    names = ", ".join(now.card.factor(i).label for i in now.constant)
    st.caption(plain(f"Equal for all this month, so counted neutral: {names}."))
st.caption(plain(summary(months.rolled(taken).month, now.method.reading)))
months.footer(taken)
