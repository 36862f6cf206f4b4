"""One factor, explained: its question, its curve, what it reads and what it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from charts.curve import curve
from components.text import plain
from scoring.output import docs
from scoring.scorecards import MODEL
from scoring.types import Factor

PROSE = 780  # pixels; a longer line is hard to read


def factor(f: Factor, reads: Mapping[str, str]) -> None:
    """Draw a factor of the model scorecard; `reads` names the facts that it reads, with what they are."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.markdown(f"**{plain(f.question)}** {plain(f.why)}")
        st.plotly_chart(_drawn(f.id), key=f"curve_{f.id}", config={"displayModeBar": False}, alt=docs.scale_words(f))
        if not f.levels and f.curve != "yes_no":  # bars say it themselves
            st.caption(plain(docs.scale_words(f)))
    with right:
        bullets(docs.facts_of(MODEL, f))
        st.markdown("It reads")
        bullets(reads)
        if rows := docs.worked(f):
            examples = pd.DataFrame(rows, columns=["for example", "counts"])
            st.table(examples, hide_index=True, border="horizontal", alt=f"Examples of {f.label}.")


def bullets(lines: Mapping[str, str] | Iterable[str], mark: str = "-") -> None:
    """Draw plain texts as a list, each under its name where there is one."""
    if isinstance(lines, Mapping):
        said = [f"**{plain(name)}**: {plain(text)}" for name, text in lines.items()]
    else:
        said = [plain(text) for text in lines]
    st.markdown("\n".join(f"{mark} {line}" for line in said), width=PROSE)


@st.cache_data(show_spinner=False)
def _drawn(factor_id: str) -> go.Figure:
    return curve(MODEL.factor(factor_id), MODEL.category_of(factor_id).colour)
