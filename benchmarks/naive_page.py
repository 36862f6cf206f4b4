"""The ranking page as it is first written: every slider runs it all again and sends the whole table.

    streamlit run benchmarks/naive_page.py

It is measured beside the app; it knows no intervals, caps, filters or links.
"""

import sys
from pathlib import Path

import pandas as pd
import plotly.express as px
import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[1]))

from data.models.snapshot import load
from scoring.scorecards import MODEL


@st.cache_data
def scaled() -> pd.DataFrame:
    """Every factor on 0..1, a row a model."""
    found = load().scaled(MODEL)
    return pd.DataFrame(found.value, index=pd.Index(found.ids, name="id"), columns=[f.id for f in MODEL.factors])


st.title("Open models")
weights = {c.id: st.sidebar.slider(c.label, 0.0, 100.0, 25.0) for c in MODEL.categories}
table, total = scaled().copy(), 0.0
for c in MODEL.categories:
    table[c.label] = weights[c.id] * table[[f.id for f in c.factors]].fillna(0.5).mean(axis=1)
    total = total + table[c.label]
table["total"] = 100 * total / (sum(weights.values()) or 1)
table["rank"] = table["total"].rank(ascending=False, method="min")
table = table.sort_values("rank").reset_index()
labels = [c.label for c in MODEL.categories]
st.plotly_chart(px.bar(table.head(10), x=labels, y="id", orientation="h"))
st.dataframe(table[["rank", "id", "total", *labels]])
