"""The plan of a model's owner: ticked improvements, the total that they would give together, and what to do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from components.text import bullets, plain
from scoring.output.plan import plan as planned
from scoring.reasons.whatif import Advice
from scoring.scores import Scores
from scoring.types import Yardstick


@st.fragment
def plan(found: Advice, scores: Scores, row: int, subject: pd.DataFrame, yardstick: Yardstick) -> None:
    """Draw what can be ticked off; only this model moves, on the yardstick of the snapshot."""
    todo = {x.line.factor.id: x for x in found.improvements if x.kind == "mend"}
    if not todo or np.isnan(scores.total[row]):
        return
    with st.expander("Plan improvements", icon=":material/checklist:", key="plan", on_change="rerun") as body:
        if not body.open:
            return
        ticked = st.pills(
            "What you would do",
            list(todo),
            selection_mode="multi",
            format_func=lambda i: f"{todo[i].line.factor.label} {todo[i].gain:+.1f}",
            key="planned",
        )
        chosen = [x for i, x in todo.items() if i in (ticked or [])]
        if not chosen:
            st.caption("Choose one or more; the total that they would give together appears here, with what to do.")
            return
        made = planned(scores, row, subject, yardstick, chosen)
        st.markdown(f"**{plain(made.sentence())}**")
        bullets(made.steps)
        if made.metadata:
            st.markdown("Into the metadata at the top of its README.md, with the words in capitals filled in:")
            st.code(made.metadata, language="yaml")
            st.caption(plain(made.hints))
        if made.guide:
            st.markdown(f"How to convert weights: [the guide of safetensors]({made.guide}).")
