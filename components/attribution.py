"""Why a score moved between two days, once somebody asks: a sentence, and its parts as steps up and down."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from charts.waterfall import in_words, waterfall
from components import frame, session
from components.reference import draw
from components.text import plain
from scoring.output.proof import settings
from scoring.reasons.attribution import Attribution, Side, attribution, of_model
from scoring.scores import Scores
from scoring.view import ModelView

LABEL = "Part by part: facts, weights and method"


def of_organisation(now: Scores, before: Scores, organisation: str) -> None:
    """Draw the parts of an organisation's change since a month under a method and its usual weights."""
    with st.expander(LABEL, key="parts", on_change="rerun") as body:
        if body.open:
            further = f"Before: {before.method.label.lower()}, with its usual weights."
            _parts(attribution(now, before, organisation), further)


@st.fragment
def of_model_since(days: Sequence[str], view: ModelView, snapshot: session.Snapshot, model: str) -> None:
    """Draw the parts of a model's change since one of these days (ISO, oldest first) that lie before the snapshot's."""
    earlier = [day for day in days if day < snapshot.taken][::-1]
    if not earlier:
        return
    with st.expander(
        f"Why it moved. {LABEL}", icon=":material/waterfall_chart:", key="moved", on_change="rerun"
    ) as body:
        if not body.open:
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            since = st.selectbox("Since", earlier, format_func=frame.day, key="moved_since", width=220)
            usual = bool(settings(view)) and st.toggle("Under the default settings then", key="moved_usual")
        for old in session.sound([since]):
            sides = [
                Side.of(one, row, under)
                for one, under in ((snapshot, view), (old, ModelView() if usual else view))
                if (row := one.find(model)) is not None
            ]
            try:
                further = "Before: the default weights and settings." if usual else ""
                _parts(of_model(*sides), further)
            except ValueError as unknown:
                st.markdown(plain(str(unknown)))
        st.caption(
            "Each part is what a cause adds on average over all orders in which the four could have changed. Each day "
            "counts the factors that were known for nearly all of its own models."
        )


def _parts(found: Attribution, further: str) -> None:
    st.markdown(plain(f"{found.sentence()} {further}"))
    draw(waterfall(found), in_words(found), "waterfall")
