"""What the pages about the scores are made of: small tables that are shown whole, and a factor explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from charts.curve import curve
from components import session
from components.session import Snapshot
from components.text import PROSE, bullets, clean, plain
from scoring.output import docs
from scoring.reasons.importance import every, importance, in_words
from scoring.scorecards import MODEL, PRESET_LABELS
from scoring.scores import Scores
from scoring.types import Factor
from scoring.view import ModelView

MANY, TALL = 30, 420  # rows of a table, and the pixels that it gets where there are more
DAYS = ("from", "to", "date")


def draw(figure: go.Figure, alt: str, key: str, on_pick: Callable[[Mapping[str, Any]], None] | None = None) -> None:
    """Draw a chart, with one tool: it saves an image; `alt` describes it for those who do not see it.

    `on_pick` gets the point that was clicked.
    """

    def picked() -> None:
        for point in st.session_state[key].selection.points[:1]:
            if on_pick:
                on_pick(point)

    more: Any = {"on_select": picked, "selection_mode": "points"} if on_pick else {}
    image = {"format": "png", "scale": 2, "filename": f"weighbridge-{key.replace('_', '-')}"}
    config = {"modeBarButtons": [["toImage"]], "displaylogo": False, "toImageButtonOptions": image}
    st.plotly_chart(figure, key=key, config=config, alt=clean(alt), **more)


def metrics(values: Mapping[str, str]) -> None:
    """Draw some numbers in a row, each under its label."""
    with st.container(horizontal=True):
        for label, value in values.items():
            st.metric(label, value, border=True)


def sheet(rows: pd.DataFrame, alt: str, names: Mapping[str, str] | None = None, missing: str = "–") -> None:
    """Draw a table; `names` are the words over its columns, `missing` stands in an empty cell.

    Counts get separators; a column `share` holds 0..100 and becomes bars, a column `url` https addresses and links, and
    one of DAYS ISO dates, which are spelt out.
    """
    days = {name: pd.to_datetime(rows[name], errors="coerce") for name in DAYS if name in rows}
    rows = rows.assign(**days)
    columns = {str(column): _column(rows, str(column), (names or {}).get(str(column), str(column))) for column in rows}
    st.dataframe(rows, hide_index=True, column_config=columns, placeholder=missing, height="content", alt=alt)


def _column(rows: pd.DataFrame, name: str, label: str) -> Any:
    label = f"{label[:1].upper()}{label[1:]}"
    if name in DAYS:
        return st.column_config.DateColumn(label, format="D MMMM YYYY")
    if name == "share":
        return st.column_config.ProgressColumn(label, format="%.0f %%", min_value=0, max_value=100)
    if name == "url":
        return st.column_config.LinkColumn(label, display_text=r"https://(.*?)/?$")
    if pd.api.types.is_numeric_dtype(rows[name]):
        return st.column_config.NumberColumn(label, format="localized")
    return label


def factor(f: Factor, reads: Mapping[str, str]) -> None:
    """Draw a factor of the model scorecard; `reads` names the facts that it reads, with what they are."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.markdown(f"**{plain(f.question)}** {plain(f.why)}")
        draw(_drawn(f.id), docs.scale_words(f), f"curve_{f.id}")
        if not f.levels and f.curve != "yes_no":  # bars say it themselves
            st.caption(plain(docs.scale_words(f)))
    with right:
        bullets(docs.facts_of(MODEL, f))
        st.markdown("It reads")
        bullets(reads)
        if rows := docs.worked(f):
            examples = pd.DataFrame(rows, columns=["For example", "Counts"])
            st.table(examples, hide_index=True, border="horizontal", alt=f"Examples of {f.label}.")


def influence(snapshot: Snapshot, preset: str) -> None:
    """Draw what each factor weighs in a preset beside what it decides for the models of a snapshot."""
    scores = session.scores(snapshot, ModelView(preset=preset))
    ranked = f"For the {int(scores.ranked.sum()):,} models that are ranked under the {PRESET_LABELS[preset]} weights"
    st.subheader("What really decides", anchor="decides")
    st.markdown(
        f"{ranked}: the share of the weight, and the share of what sets totals apart. A factor that is the same for "
        "everybody weighs, and decides nothing.",
        width=PROSE,
    )
    deciding(scores)


def deciding(scores: Scores) -> None:
    """Draw what each factor weighs beside what it decides for all that are ranked."""
    found = importance(scores)
    bullets(in_words(found))
    percent = st.column_config.NumberColumn(format="%.1f %%", width=110)
    names = ("Indicator", "Dimension") if scores.card.subject == "organisation" else ("Factor", "Category")
    rows = {
        names[0]: [one.factor.label for one in found],
        names[1]: [one.category.label for one in found],
        "Weight": [100 * one.nominal for one in found],
        "Differences": [100 * one.real for one in found],
    }
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content" if len(found) <= MANY else TALL,
        placeholder="–",
        column_config={"Weight": percent, "Differences": percent},
        alt="The share of every factor in the weight and in what sets totals apart.",
    )
    one_in = every(int(scores.ranked.sum()))
    sample = f" Looked at is one model in {one_in}." if one_in > 1 else ""
    st.caption(
        f"Differences: the covariance of a factor’s points with the total, over the variance of the total.{sample}"
    )


@st.cache_data(show_spinner=False)
def _drawn(factor_id: str) -> go.Figure:
    return curve(MODEL.factor(factor_id), MODEL.category_of(factor_id).colour)
