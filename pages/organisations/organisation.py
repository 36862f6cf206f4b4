"""Organisation: one against the field, every indicator, the rows behind it, and its way through the months."""

import streamlit as st

from components import influence, link, months, page
from components.copy_link import copy_link
from components.influence_panel import influence_panel, pick
from components.text import plain
from data.curated import tables
from data.organisations.provenance import behind, evidence, model_id
from data.organisations.rollup import RECIPES
from scoring.reasons.comparison import movement
from scoring.reasons.receipt import standings

known = months.known()
view, taken = influence_panel(known)
now = months.scored(view, taken)
rolled = months.rolled(taken, now.method.reading)
earlier = months.before(taken, known)
before = months.scored(view, earlier) if earlier else None
name = pick(now, known)
row = now.position[name]

page.header(plain(name), f"Its influence in the month of {page.day(taken)}. {now.method.label}: {now.method.summary}")
influence.standing(now, before, row)
influence.unread({key: why for key, why in rolled.month.gaps.items() if key[0] == name})
snapshot = page.snapshot() if page.snapshots() else None
owners = {str(o).lower(): str(o) for o in snapshot.facts["owner"].dropna().unique()} if snapshot else {}
with st.container(horizontal=True, vertical_alignment="center"):
    copy_link(link.address(view, organisation=name, behind=st.query_params.get("behind", "")))
    page.link_to("organisations", "The whole ranking", icon=":material/leaderboard:")
    for handle in tables.organisations().get(name, ()):
        if handle.lower() in owners:
            owner = owners[handle.lower()]
            page.link_to("ranking", f"Models of {owner}", icon=":material/deployed_code:", publisher=owner)

st.header("What moved it", anchor="moved")
newcomers = len(set(now.position) - set(before.position)) if before else 0
influence.moved(movement(now, before, name) if before and name in before.position else None, newcomers, earlier)

st.header("Through the months", anchor="months")
own = [months.scored(view, m) for m in known]
shared = months.yardstick(view, known)
one = [months.scored(view, m, yardstick=shared) for m in known]
scales = {"each month’s own scale": own, "one scale for all months": one}
influence.through_months(name, scales, now.method.across == "rank_discount")

st.header("Every indicator", anchor="indicators")
lines = standings(now, name)
influence.indicators(lines, {x.factor.id: evidence(rolled, name, x.factor.id) for x in lines})
if nobody := [x.factor.label for x in lines if x.most is None]:
    st.caption(plain(f"Unknown of every organisation this month, so they count nothing: {', '.join(nobody)}."))

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
st.markdown(f"{len(rows):,} rows. A repository on several platforms has one row on each, and counts once.")
influence.repositories(rows)
own_models = {i.lower(): i for i in snapshot.position} if snapshot else {}
ids = (own_models.get(model_id(address)) for address in rows["Link"])
influence.models([i for i in ids if i])
months.footer(taken)
