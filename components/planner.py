"""The plan of a model's owner: ticked improvements, the total that they would give together, and what to do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from components.text import bullets, plain
from scoring.output.metadata import hints, metadata
from scoring.reasons.receipt import counted
from scoring.reasons.verdict import place
from scoring.reasons.whatif import Advice, together
from scoring.scores import Scores
from scoring.types import Yardstick

CONVERT = "https://huggingface.co/docs/safetensors/convert-weights"


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
        total, rise = together(scores, row, subject, yardstick, chosen)
        before = float(scores.total[row])
        rank, now = "", place(scores, row)
        if now:
            rank = f", rank {now.rank:,} → {now.rank - rise:,} of {now.of:,}"
        st.markdown(f"**Total {before:.1f} → {total:.1f}{rank}** with {counted(len(chosen), 'improvements')}.")
        bullets(x.line.factor.remedy.replace("`", "") for x in chosen)
        yaml = metadata(x.line.factor.id for x in chosen)
        if yaml:
            st.markdown("Into the metadata at the top of its README.md, with the words in capitals filled in:")
            st.code(yaml, language="yaml")
            st.caption(plain("; ".join(hints(yaml)) + "."))
        if any(x.line.factor.id in ("safetensors", "unsafe_files") for x in chosen):
            st.markdown(f"How to convert weights: [the guide of safetensors]({CONVERT}).")
