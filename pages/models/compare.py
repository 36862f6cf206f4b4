"""Compare: two to six models side by side, and whether it is too close to call."""

import streamlit as st

from components import elicitation, firmness, frame, links, picker, session, sidebyside
from components.copy_link import copy_link
from components.panel import model_panel
from scoring.reasons.differences import differences
from scoring.reasons.receipt import receipt
from scoring.view import ModelView

PAIRS = (
    ("openai/whisper-large-v3", "openai/whisper-large-v3-turbo"),
    ("openai/gpt-oss-20b", "openai/gpt-oss-120b"),
    ("sentence-transformers/all-MiniLM-L6-v2", "BAAI/bge-m3"),
)

snapshot = session.snapshot()
view = model_panel(snapshot)
frame.header(
    "Compare", "Two to six models side by side: where they differ, and whether the difference is known for sure."
)
picked = picker.within(*picker.some(snapshot))
if len(picked) < picker.FEWEST:
    picker.pairs(picked, snapshot, PAIRS)
    frame.footer(snapshot)
    st.stop()

frame.tab(" or ".join(model.rpartition("/")[2] for model in picked))
scores = session.scores(snapshot, view).of(snapshot.rows(picked))
rows = range(len(picked))
subjects = [snapshot.subject(model) for model in picked]
receipts = [receipt(scores, row, facts) for row, facts in zip(rows, subjects, strict=True)]
found = differences(receipts, [snapshot.days(model) for model in picked])
sidebyside.verdict(scores, rows, found)
sidebyside.charts(scores, rows)
firmness.places(scores, rows, "What weights would change this order?", "tipping")
elicitation.order(scores, ModelView, rows)
st.subheader("By factor", anchor=False)
only = st.toggle("Only differences", key="differences", bind="query-params")
sidebyside.table(scores, rows, subjects, found, only)
with st.container(horizontal=True, vertical_alignment="center"):
    for model in picked:
        links.link_to("model", f"Why: {model}", model=model)
with copy_link(links.address(view, compare=picked, differences="true" if only else "")):
    links.as_code(view, snapshot.taken, *picked)
frame.footer(snapshot)
