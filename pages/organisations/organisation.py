"""Organisation: one against the field, every indicator, the rows behind it, and its way through the months."""

import streamlit as st

from components import citation, dossier, firmness, frame, links, listing, picker, receipt, session, trend
from components.copy_link import copy_link
from components.panel import organisation_panel
from components.text import plain
from data.curated import tables
from data.organisations.provenance import behind, evidence, model_id
from data.organisations.rollup import RECIPES
from scoring.organisation_view import OrganisationView
from scoring.reasons.influence import compared, of_100, stands
from scoring.reasons.influence import name as title
from scoring.reasons.receipt import standings

months = session.months()
view, date = organisation_panel(months)
now = session.scored(view, date)
rolled = session.rolled(date, now.method.reading)
earlier = session.before(date, months)
before = session.scored(view, earlier) if earlier else None
name = picker.organisation([str(now.ids[n]) for n in now.order], date, {m: session.rolled(m).month.ids for m in months})
row = now.position[name]

frame.tab(title(name))
frame.header(plain(title(name)), f"In the month of {frame.day(date)} it is {stands(now, row)}.")
dossier.place(of_100(now), of_100(before) if before else None, row)
firmness.places(of_100(now), firmness.neighbours(now, row), "What weights would change its place?", "tipping")
listing.unread({key: why for key, why in rolled.month.gaps.items() if key[0] == name})
snapshot = session.snapshot() if session.snapshots() else None
with st.container(horizontal=True, vertical_alignment="center"):
    with copy_link(links.address(view, organisation=name, behind=st.query_params.get("behind", ""))):
        links.as_code(view, date, name)
        citation.cite(of_100(now), row, organisation=name, **session.of_month(view, rolled.month))
    links.link_to("organisations", "The whole ranking", icon=":material/leaderboard:")
    for handle in tables.organisations().get(name, ()):
        if snapshot and (owner := session.publisher(snapshot, handle)):
            links.link_to("ranking", f"Models of {owner}", icon=":material/deployed_code:", publisher=owner)

st.caption(plain(f"{now.method.label}: {now.method.summary}"))

st.header("What moved it", anchor="moved")
receipt.moved(now, before, session.scored(OrganisationView(), earlier) if earlier else None, name)

st.header("Through the months", anchor="months")
series, apart = session.through(view, months)
one = [of_100(scores) for scores in session.on_one_scale(view, months, apart)]
scales = {"each month’s own scale": [of_100(own) for own in series.values()], "one scale for all months": one}
trend.through_months(title(name), scales, now.method.across == "rank_discount")
st.caption(plain(compared(series, apart)))

st.header("Every indicator", anchor="indicators")
lines = standings(now, name)
receipt.indicators(lines, origins := {x.factor.id: evidence(rolled, name, x.factor.id) for x in lines})
dossier.receipt_file(now, row, {}, origins, **session.of_month(view, rolled.month))
if nobody := [f"{x.factor.label} ({x.category.label})" for x in lines if x.most is None]:
    st.caption(plain(f"Unknown for every organisation this month, so without weight: {', '.join(nobody)}."))

st.header("The repositories behind it", anchor="repositories")
counted = {x.factor.id: f"{x.category.label}: {x.factor.label}" for x in lines if x.factor.id in RECIPES}
fact = st.selectbox(
    "Behind which indicator",
    list(counted),
    index=None,
    format_func=lambda i: counted[i],
    key="behind",
    bind="query-params",
    placeholder="all of them",
)
rows = behind(rolled, name, fact or "")
st.markdown(f"{len(rows):,} rows. A repository on several platforms has one row on each, and is counted as one.")
receipt.repositories(rows)
receipt.models(session.known(snapshot, map(model_id, rows["Link"])) if snapshot else [])
frame.month_footer(rolled.month)
