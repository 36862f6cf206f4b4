"""Method: how a total comes about, generated from the declarations of the scorecard."""

import pandas as pd
import streamlit as st

from components import frame, session
from components.reference import factor, influence, sheet
from components.text import bullets, plain
from data.models import about
from scoring.output import docs
from scoring.reasons import weights
from scoring.scorecards import MODEL, PRESET_LABELS

snapshot = session.snapshot()
frame.header(
    "Method", "How a total comes about, factor by factor. This page is made from the code that does the scoring."
)
parts = {
    "total": "Total",
    "not": "What it is not",
    "unknown": "Unknown",
    "presets": "Presets",
    "factors": "Factors",
    "worked": "Worked total",
    "names": "Name check",
}
st.markdown(" · ".join(f"[{name}](#{anchor})" for anchor, name in parts.items()))

left, right = st.columns([3, 2], gap="large")
with left:
    st.header("How a total comes about", anchor="total")
    bullets(docs.how(MODEL), "1.")
    st.markdown("These findings hold a total down, so that popularity cannot buy security:")
    bullets(docs.caps(MODEL))
with right.container(border=True):
    st.subheader("What this score is not", anchor="not")
    bullets(docs.NOT_THIS)

st.header("What is known, and what is not", anchor="unknown")
left, right = st.columns([3, 2], gap="large")
with left:
    bullets(docs.STATES)
with right:
    st.markdown("What counts at all, and what an unknown factor counts, is your choice, one for the whole view:")
    bullets(dict(docs.COUNTS.values()))
    bullets(dict(docs.POLICIES.values()))

st.header("Presets", anchor="presets")
sheet(pd.DataFrame(docs.presets(MODEL)), "The weights of every preset.")
bullets({f"{label} also sets": changes for label, changes in docs.preset_changes(MODEL).items()})
preset = st.selectbox("Why these weights", PRESET_LABELS, format_func=PRESET_LABELS.__getitem__)
sheet(pd.DataFrame(weights.table(preset)), f"Why each weight of {PRESET_LABELS[preset]} is what it is.")
influence(snapshot, preset)

st.header("Factors", anchor="factors")
asked = st.text_input(
    "Find a factor", key="find", bind="query-params", type="search", placeholder="licence, pickle, card …"
)
found = [f for f in MODEL.factors if docs.finds(f, asked or "")]
opened = st.query_params.get("factor") or (found[0].id if len(found) == 1 else "")
for c in MODEL.categories:
    mine = [f for f in c.factors if f in found]
    if mine:
        st.subheader(f"{c.label}: weight {c.weight:g}", anchor=c.id)
    for f in mine:
        label = f"**{plain(f.label)}** · weight {f.weight:g}, {MODEL.shares()[f.id]:.1%} of the total"
        with st.expander(label, key=f"about_{f.id}", expanded=f.id == opened, on_change="rerun") as body:
            if body.open:
                factor(f, about.read_by(snapshot, f))
if not found:
    st.info("No factor says that. Try a shorter word: licence, card, files.", icon=":material/search_off:")

st.header("One total, worked out", anchor="worked")
st.markdown("An imagined model. Every number below is what the engine made of its facts when this page was drawn.")
sheet(pd.DataFrame(docs.worked_total(MODEL)), "One total, worked out.", missing="")

st.header("What the name check finds", anchor="names")
bullets(docs.NAME_CHECK)
frame.footer(snapshot)
