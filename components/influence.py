"""The organisations' pages, part by part: the order with its doubts, one organisation's indicators, months and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import streamlit as st

from charts import influence as charts
from components import page
from components.text import clean, plain
from scoring.influence_view import InfluenceView
from scoring.methods import DEFAULT_METHOD
from scoring.output.export import risen
from scoring.reasons.comparison import Movement, agreement
from scoring.reasons.receipt import Standing
from scoring.scores import Scores
from scoring.types import Evidence

UNKNOWN = "unknown"
MOST_MODELS = 8
_BARE = {"displayModeBar": False}
_FLAT = "documented_flat"


def depends(now: Scores, others: Mapping[str, Scores]) -> None:
    """Say how much the order depends on the method, and whether the first place does; `others` are by method."""
    parts = []
    for one in agreement(now, [other for method, other in others.items() if method != now.method.id]):
        parts.append(f"Compared with “{one.other}”: {one.sentence()}")
    said = f"**How much this order depends on the method.** {plain(' '.join(parts))}"
    st.markdown(said, help="Kendall’s tau is 1 for the same order, 0 for two orders that have nothing in common.")
    plainly, flat = (_first(others[method]) for method in (DEFAULT_METHOD, _FLAT))
    if plainly != flat:
        st.warning(
            plain(
                f"The two readings of the documented method disagree on the first place: it is {plainly} if the four "
                f"dimensions count alike, and {flat} if all indicators do."
            ),
            icon=":material/swap_vert:",
        )
    else:
        st.caption(plain(f"Both readings of the documented method put {plainly} first."))


def unread(gaps: Mapping[tuple[str, str], str]) -> None:
    """Warn of the organisations (with the kind of repository, and why) that were not read to the end this month."""
    if not gaps:
        return
    said = [f"{org} ({kind}s: {why})" for (org, kind), why in sorted(gaps.items())]
    more = f" and {len(said) - 3} more" if len(said) > 3 else ""
    st.warning(
        plain(
            "Not everything was read this month, so what rests on it is unknown and counted neutral: "
            f"{' '.join(said[:3])}{more}."
        ),
        icon=":material/cloud_off:",
    )


def order(now: Scores, before: Scores | None, rows: Sequence[int], view: InfluenceView) -> None:
    """Draw the ranking as a table: rank, movement, score, and score and rank in every dimension."""
    moved = risen(now, before, "overall")
    table: dict[str, Any] = {
        "Rank": [_whole(now.rank[n]) for n in rows],
        "Moved": [moved_words(moved[n], before is not None) for n in rows],
        "Organisation": [_address(str(now.ids[n]), view) for n in rows],
        "Score": now.total[rows],
    }
    said: dict[str, Any] = {
        "Rank": st.column_config.NumberColumn(width=60),
        "Moved": st.column_config.TextColumn(width=80, help=_since(before)),
        "Organisation": st.column_config.LinkColumn(
            display_text=r"organisation=([^&]*)", width=150, help="Opens its page in another tab."
        ),
        "Score": st.column_config.NumberColumn(format="%.4f"),
    }
    for d, c in enumerate(now.card.categories):
        table[c.label] = now.category_values[rows, d]
        table[f"{c.label} rank"] = [_whole(now.category_ranks[n, d]) for n in rows]
        said[c.label] = st.column_config.NumberColumn(format="%.4f", help=f"Its score in {c.label}, 0 to 1.")
    alt = f"{len(rows)} organisations with rank, movement, score and the score in every dimension."
    frame = pd.DataFrame(table)
    st.dataframe(frame, hide_index=True, column_config=said, placeholder=UNKNOWN, height="content", alt=alt)


def standing(now: Scores, before: Scores | None, row: int) -> None:
    """Draw score and rank, how the rank moved, and the four dimensions against the field."""
    moved = risen(now, before, "overall")[row]
    with st.container(horizontal=True):
        st.metric("Score, 0 to 1", _score(now.total[row]), border=True)
        st.metric("Rank", f"{now.rank[row]:.0f} of {len(now.ids)}", border=True)
        st.metric(_since(before), moved_words(moved, before is not None), border=True)
    figure, alt = charts.field(now, row), clean(charts.field_in_words(now, row))
    st.plotly_chart(figure, key="field", config=_BARE, alt=alt)


def indicators(lines: Sequence[Standing], evidence: Mapping[str, Evidence]) -> None:
    """Draw every indicator: what was found, what the method makes of it, its rank, who leads, and where it is from."""
    rows = [
        {
            "Indicator": x.factor.label,
            "Dimension": x.category.label,
            "Group": x.factor.group,
            "Value": x.value,
            "Scaled": x.scaled,
            "Rank": None if x.rank is None else int(x.rank),
            "Leader": _leaders(x),
            "Most": x.most,
            "Share": 100 * x.share,
            "Counts": "yes" if x.factor.weight > 0 and x.most is not None else "no",
            "Source": ", ".join(t for t in (evidence[x.factor.id].source, evidence[x.factor.id].note) if t) or UNKNOWN,
            "As of": evidence[x.factor.id].as_of or UNKNOWN,
        }
        for x in lines
    ]
    st.dataframe(
        pd.DataFrame(rows).astype({"Value": "Float64", "Scaled": "Float64", "Rank": "Int64", "Most": "Float64"}),
        hide_index=True,
        placeholder=UNKNOWN,
        height=420,
        column_config={
            "Indicator": st.column_config.TextColumn(pinned=True, width=190),
            "Value": st.column_config.NumberColumn(format="localized"),
            "Scaled": st.column_config.NumberColumn(format="%.4f", help="What the method makes of the value."),
            "Most": st.column_config.NumberColumn(format="localized", help="What the leader has."),
            "Share": st.column_config.NumberColumn(format="%.1f %%", help="of the score"),
            "Counts": st.column_config.TextColumn(help="No: nobody has counted it yet, or its weight is 0."),
        },
        alt="Every indicator with its value, scaled value, rank, leader, share, source and date.",
    )


def repositories(rows: pd.DataFrame) -> None:
    """Draw the repositories behind the numbers: sortable, with their links; what is unknown says so."""
    st.dataframe(
        rows,
        hide_index=True,
        placeholder=UNKNOWN,
        height=min(420, 40 + 35 * max(1, len(rows))),
        column_config={
            "Name": st.column_config.TextColumn(pinned=True, width=230),
            "Downloads": st.column_config.NumberColumn("Downloads, last month", format="localized"),
            "Likes": st.column_config.NumberColumn(format="localized", width=95),
            "Threads": st.column_config.NumberColumn(format="localized", width=95, help="Discussions, pull requests"),
            "Read": st.column_config.TextColumn(width=100),
            "Link": st.column_config.LinkColumn(display_text="open"),
        },
        alt="The repositories of the organisation with platform, downloads, likes and links.",
    )


def models(ids: Sequence[str]) -> None:
    """Draw links to those of its models that the model scorecard scores, most downloads first."""
    if not ids:
        st.caption("None of these is in the snapshot of the model scorecard.")
        return
    st.markdown(f"**{len(ids)} of these are in the model scorecard:**")
    with st.container(horizontal=True, vertical_alignment="center"):
        for model in ids[:MOST_MODELS]:
            page.link_to("model", model, icon=":material/deployed_code:", model=model)
    if len(ids) > MOST_MODELS:
        st.caption(f"and {len(ids) - MOST_MODELS} more; the links at the top of the page lead to all of them.")


def through_months(organisation: str, scales: Mapping[str, Sequence[Scores]], discounted: bool) -> None:
    """Draw score and rank over the months on both scales, and explain the difference."""
    figure, alt = charts.through_months(organisation, scales), charts.months_in_words(organisation, scales)
    st.plotly_chart(figure, key="months", config=_BARE, alt=clean(alt))
    said = (
        "**Each month’s own scale** measures against the least and the most of that month: a score falls when another "
        "organisation grows, or when a new indicator is asked. **One scale for all months** measures against the least "
        "and the most that anybody ever had: there a month’s score moves by the organisation’s own numbers, and by "
        "which indicators that month has."
    )
    if discounted:
        said += " Under this method ranks are joined, not scores, so that the others move it on either scale."
    st.markdown(said)


def moved(found: Movement | None, newcomers: int, earlier: str | None) -> None:
    """Say what moved an organisation since the month before (`earlier`), and which of its own numbers changed."""
    if found is None:
        why = "It was not ranked in the month before" if earlier else "No month lies about thirty days before this one"
        st.info(f"{why}, so nothing can be said.", icon=":material/help:")
        return
    more = f" {newcomers} organisations are new this month; they count among the others." if newcomers else ""
    st.markdown(plain(found.sentence() + more))
    if not found.changes:
        st.caption("None of its own numbers changed.")
        return
    rows = [
        {
            "Indicator": c.factor.label,
            "Before": c.before,
            "Now": c.now,
            "Scaled before": c.scaled_before,
            "Scaled now": c.scaled_now,
        }
        for c in found.changes
    ]
    number, scaled = (st.column_config.NumberColumn(format=f) for f in ("localized", "%.4f"))
    st.dataframe(
        pd.DataFrame(rows).astype(dict.fromkeys(list(rows[0])[1:], "Float64")),
        hide_index=True,
        placeholder=UNKNOWN,
        height=min(320, 40 + 35 * len(rows)),
        column_config={"Before": number, "Now": number, "Scaled before": scaled, "Scaled now": scaled},
        alt="The organisation's own numbers that changed since the month before.",
    )
    st.caption("A scaled value can change where the number does not, and stay where it does: it depends on the field.")


def moved_words(places: float, has_before: bool) -> str:
    """Say how many places somebody rose or fell: ▲ 3, ▼ 2, =, new, or that there is no month before."""
    if not has_before:
        return UNKNOWN
    if np.isnan(places):
        return "new"
    return "=" if places == 0 else f"{'▲' if places > 0 else '▼'} {abs(places):.0f}"


def _since(before: Scores | None) -> str:
    return f"Moved since {before.as_of}" if before else "No month before to move from"


def _address(organisation: str, view: InfluenceView) -> str:
    return view.link(f"{page.address('organisation')}?{urlencode({'organisation': organisation})}")


def _leaders(x: Standing) -> str:
    if x.most is None:
        return UNKNOWN
    names = ", ".join(x.leaders[:3])
    more = f" and {len(x.leaders) - 3} more" if len(x.leaders) > 3 else ""
    return names + more if names else "nobody"


def _first(scored: Scores) -> str:
    return " and ".join(sorted(str(i) for i in scored.ids[scored.rank == 1]))


def _whole(rank: float) -> int | None:
    return None if np.isnan(rank) else int(rank)


def _score(score: float) -> str:
    return UNKNOWN if np.isnan(score) else f"{score:.4f}"
