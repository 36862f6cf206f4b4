"""What the page of the organisations' ranking is made of: who leads, how firm that is, the order, and its months."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from charts import bump
from components import download as files
from components import frame, links, reference
from components.listing import UNKNOWN, moved_words, since
from components.reference import draw
from components.text import plain
from scoring.methods import DEFAULT_METHOD
from scoring.organisation_view import OrganisationView
from scoring.output.export import Row, as_csv, risen, table_rows
from scoring.output.workbook import by_column
from scoring.reasons.comparison import agreement
from scoring.reasons.influence import compared, firmness, leads, name, of_100
from scoring.scores import Scores

OLD = 60  # days after which a month is called old
_TAU = (
    "Kendall’s tau compares two orders: 1 is the same order, 0 is two that have nothing in common. A line of the "
    "comparison below: "
)


def age(newest: str, today: date | None = None) -> None:
    """Say how old the newest month is, and what makes a current one, where it is old."""
    days = ((today or date.today()) - date.fromisoformat(newest)).days
    if days > OLD:
        st.caption(
            f"The newest month is that of {frame.day(newest)}, {days:,} days ago. "
            "`weighbridge collect organisations` and `weighbridge snapshot build` make a current one."
        )


def headline(now: Scores, others: Mapping[str, Scores]) -> None:
    """Say who leads and by what, and how firm it is; `others` are the scores under every method, by its id."""
    st.subheader(plain(leads(now)), anchor=False)
    compared = agreement(now, [other for method, other in others.items() if method != now.method.id])
    first = " and ".join(sorted(str(i) for i in now.ids[now.rank == 1]))
    details = " ".join(f"Compared with “{one.other}”: {one.sentence()}" for one in compared)
    st.markdown(f"**How firm is it?** {plain(firmness(first, compared))}", help=f"{_TAU}{plain(details)}")
    plainly, flat = (_first(others[method]) for method in (DEFAULT_METHOD, "documented_flat"))
    if plainly != flat:
        st.caption(
            plain(
                "The two readings of the documented method disagree on the first place: "
                f"it is {plainly} if the four dimensions count alike, and {flat} if all indicators do."
            )
        )


def counting(now: Scores, view: OrganisationView) -> None:
    """Say which indicators do not count, because few are known to have them."""
    names = [f"{f.label} ({now.card.category_of(f.id).label})" for f in now.card.factors if f.id in now.uncounted]
    if names and view.count == "common":
        st.caption(
            plain(f"Shown and not counted, because known for fewer than half of the organisations: {', '.join(names)}.")
        )


def order(now: Scores, before: Scores | None, rows: Sequence[int], view: OrganisationView) -> None:
    """Draw the ranking as a table: rank, movement, score, and score and rank in every dimension, of 100."""
    moved, page = risen(now, before), links.page_address("organisation")
    addresses = [links.linked(view, page, {"organisation": str(now.ids[n])}) for n in rows]
    table: dict[str, Any] = {
        "Rank": [_whole(now.rank[n]) for n in rows],
        "Moved": [moved_words(moved[n], before is not None) for n in rows],
        "Organisation": [f"{at}#{name(str(now.ids[n]))}" for at, n in zip(addresses, rows, strict=True)],
        "Score": of_100(now).total[rows],
    }
    columns: dict[str, Any] = {
        "Rank": st.column_config.NumberColumn(width=60),
        "Moved": st.column_config.TextColumn(width=80, help=since(before)),
        "Organisation": st.column_config.LinkColumn(
            display_text=r"#(.*)$", width=150, help="Opens its page in another tab."
        ),
        "Score": st.column_config.NumberColumn(format="%.1f", help="0 to 100."),
    }
    for d, c in enumerate(now.card.categories):
        table[c.label] = 100 / now.card.out_of * now.category_values[rows, d]
        table[f"{c.label} rank"] = [_whole(now.category_ranks[n, d]) for n in rows]
        columns[c.label] = st.column_config.NumberColumn(format="%.1f", help=f"Its score in {c.label}, 0 to 100.")
    alt = f"{len(rows)} organisations with rank, movement, score and the score in every dimension."
    shown = pd.DataFrame(table)
    st.dataframe(shown, hide_index=True, column_config=columns, placeholder=UNKNOWN, height="content", alt=alt)


def months(series: Mapping[str, Scores], apart: Collection[str], rows: Sequence[str]) -> None:
    """Draw the ranks of organisations (ids, in the order of the list) through the months, with the table behind it.

    `apart` are the indicators that were left out so that the months compare.
    """
    first = "The rank of the first eight in each month, under the method and the weights of the panel."
    st.caption(plain(f"{first} {compared(series, apart)}"))
    shown = {day: of_100(scores) for day, scores in series.items()}
    names = [name(one) for one in rows]
    draw(bump.bump(shown, names), bump.in_words(shown, names), "months")
    with st.expander("All ranks, month by month", icon=":material/table:"):
        lines = bump.ranks(shown, names)
        table = pd.DataFrame(
            {"Organisation": list(lines)}
            | {frame.day(day): [line[n] for line in lines.values()] for n, day in enumerate(shown)}
        )
        st.dataframe(
            table, hide_index=True, placeholder="not ranked", alt="Ranks of every organisation in every month."
        )


def download(now: Scores, before: Scores | None, *, view: OrganisationView, taken: str, **about: Any) -> None:
    """Draw the ways to take the ranking along; `about` is what `session.of_month` returns."""

    def rows() -> list[Row]:
        return table_rows(now, before, only=view.only)

    files.download(
        "Download this ranking",
        f"weighbridge-organisations-{taken}-{view.method}",
        lambda: as_csv([rows()]),
        lambda most: by_column(rows()[:most]),
        lambda: files.ranking_about(now, view=view, taken=taken, **about),
        taken,
    )


@st.fragment
def deciding(now: Scores) -> None:
    """Draw what each indicator weighs beside what it decides, once somebody asks."""
    with st.expander(
        "What really decides?", icon=":material/query_stats:", key="deciding_open", on_change="rerun"
    ) as body:
        if not body.open:
            return
        if now.method.adds_up:
            reference.deciding(now)
        else:
            st.markdown(plain(f"Under “{now.method.label}” indicators have no points, so none has a share."))


def _first(scored: Scores) -> str:
    return " and ".join(sorted(name(str(i)) for i in scored.ids[scored.rank == 1]))


def _whole(rank: float) -> int | None:
    return None if np.isnan(rank) else int(rank)
