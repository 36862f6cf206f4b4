"""From an order to weights: which weights put a few subjects in the order that somebody has in mind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from components.text import plain
from scoring.reasons.elicitation import FEWEST, MOST, nearest_weights
from scoring.scores import Scores
from scoring.settings import View


@st.fragment
def order(scores: Scores, kind: type[View], rows: Sequence[int] | None = None) -> None:
    """Draw the nearest weights that give an order, once somebody asks: of these `rows`, or of those who are chosen."""
    if st.session_state.pop("_elicited_used", False):
        st.rerun()  # the whole page: the panel is outside
    label = "Which weights give my order?" if rows is None else "Which weights put them in this order?"
    with st.expander(label, icon=":material/format_list_numbered:", key="elicited", on_change="rerun") as body:
        if not body.open:
            return
        if rows is None:
            names = [str(scores.ids[row]) for row in scores.order]
            asked = f"Two to {MOST}, the first ahead of all others"
            rows = [
                scores.position[name]
                for name in st.multiselect(asked, names, max_selections=MOST, key="elicited_order")
            ]
        if len(rows) < FEWEST:
            return
        found = nearest_weights(scores, rows)
        st.markdown(plain(f"{' > '.join(str(scores.ids[row]) for row in rows)}. {found.sentence()}"))
        if weights := found.weights():
            st.button(
                "Use these weights", key="elicited_use", on_click=_use, args=(kind, weights), icon=":material/tune:"
            )


def _use(kind: type[View], weights: Mapping[str, float]) -> None:
    for weight_id, weight in weights.items():
        st.session_state[f"{kind.prefix}{weight_id}"] = weight
    st.session_state["_elicited_used"] = True
