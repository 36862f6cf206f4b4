"""Organisations: who has how much influence in a month, by a method and weights that the reader sets."""

from dataclasses import replace

import streamlit as st

from charts.ranking import in_words, ranking_bars
from components import citation, elicitation, firmness, frame, influence, links, listing, session, switchboard
from components.copy_link import copy_link
from components.panel import clear_button, organisation_panel
from components.reference import draw
from components.text import plain
from data.organisations.rollup import summary
from scoring.methods import METHODS
from scoring.organisation_view import OrganisationView
from scoring.reasons.influence import of_100

TOP = 12

months = session.months()
frame.header(
    "Organisations, weighed",
    f"Influence through Data, Models, Systems and Benchmarks, in {len(months)} months from {frame.day(months[0])} to "
    f"{frame.day(months[-1])}, from what organisations publish on many platforms.",
)
view, date = organisation_panel(months, filters=True)
now = session.scored(view, date)
earlier = session.before(date, months)
before = session.scored(view, earlier) if earlier else None
left_out = view.left_out(session.rolled(date, now.method.reading).facts)
rows = [int(n) for n in now.order if not any(out[n] for out in left_out.values())]

influence.headline(now, {method: session.scored(replace(view, method=method), date) for method in METHODS})
influence.age(months[-1])
listing.unread(session.rolled(date).month.gaps)

if not rows:
    with st.container(border=True):
        st.subheader("None of the chosen organisations is ranked in this month", anchor=False)
        clear_button(OrganisationView, "List all")
else:
    shown = of_100(now)
    draw(ranking_bars(shown, rows[:TOP], intervals=False), in_words(shown, rows[:TOP]), "top")
    if len(rows) > TOP:
        st.caption(f"The first {TOP} of {len(rows)}; all of them are in the table.")
    with st.container(horizontal=True, vertical_alignment="center"):
        listed = f"{len(rows)} of {len(now.ids)} organisations" if left_out else f"All {len(now.ids)} organisations"
        method = f"**{now.method.label}:** {plain(now.method.summary)}"
        st.markdown(f"{listed}, {plain(frame.day(date))}. {method}", width="stretch")
        with copy_link(links.address(view)):
            links.as_code(view, date)
            citation.cite(shown, **session.of_month(view, session.rolled(date).month))
    firmness.order(shown, prefix=view.prefix)
    elicitation.order(shown, OrganisationView)
    switchboard.of_organisations(now, view, lambda other: session.scored(other, date))
    influence.deciding(shown)
    influence.order(now, before, rows, view)
    influence.counting(now, view)
    st.header("Through the months", anchor="months")
    influence.months(*session.through(view, months), [str(now.ids[n]) for n in rows])
    influence.download(now, before, **session.of_month(view, session.rolled(date).month))
    with st.container(horizontal=True, vertical_alignment="center"):
        for n in rows[:3]:
            links.link_to("organisation", f"Why: {shown.ids[n]}", organisation=str(now.ids[n]))
        links.link_to("sources", "Where the numbers come from", icon=":material/hub:")

if now.constant:
    names = ", ".join(now.card.factor(i).label for i in now.constant)
    st.caption(plain(f"Equal for all this month, so counted neutral: {names}."))
st.caption(plain(summary(session.rolled(date).month, now.method.reading)))
frame.month_footer(session.rolled(date).month)
