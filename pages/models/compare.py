"""Compare: two to six models side by side, with what is too close to call said as such."""

import streamlit as st

from components import link, page, picker, sidebyside
from components.copy_link import copy_link
from components.panel import view_panel

PAIRS = (
    ("openai/whisper-large-v3", "openai/whisper-large-v3-turbo"),
    ("openai/gpt-oss-20b", "openai/gpt-oss-120b"),
    ("sentence-transformers/all-MiniLM-L6-v2", "BAAI/bge-m3"),
)

taken = page.snapshot()
view = view_panel(taken)
page.header(
    "Compare", "Two to six models side by side: where they differ, and whether the difference is known for sure."
)
models = taken.facts.sort_values("likes", ascending=False, na_position="last", kind="stable")["id"].tolist()
picked = picker.within(*picker.some(models))
if len(picked) < picker.FEWEST:
    picker.pairs(picked, models, [pair for pair in PAIRS if set(pair) <= set(models)])
    page.footer(taken)
    st.stop()

scores = page.scores(view, taken)
rows = [taken.position[model] for model in picked]
sidebyside.verdict(scores, rows)
sidebyside.charts(scores, rows)
st.subheader("By factor", anchor=False)
only = st.toggle("Only differences", key="differences", bind="query-params")
sidebyside.table(scores, rows, taken.facts, only)
with st.container(horizontal=True, vertical_alignment="center"):
    for model in picked:
        page.link_to("model", f"Why: {model}", model=model)
copy_link(link.address(view, compare=picked, differences="true" if only else ""))
page.footer(taken)
