"""A table to take along: as CSV, and as an Excel workbook that says what it is of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components import frame, links, session, stream
from components.listing import Listing, listing
from scoring.output.export import ranking_columns, ranking_csv
from scoring.output.workbook import MOST_ROWS, of_ranking, workbook
from scoring.scores import Scores
from scoring.settings import View
from scoring.types import Bools


def download(
    label: str,
    name: str,
    csv: Callable[[], str | bytes],
    columns: Callable[[int], Mapping[str, Sequence[Any]]],
    about: Callable[[], Mapping[str, Any]],
    taken: str,
    rows: int = 0,
    streamed: str = "",
) -> None:
    """Draw both buttons for a table of facts of an ISO day, of so many `rows` in all where not all are in `columns`.

    A file, called `name`, is made when somebody asks for it; `columns` are those of so many rows. One of many rows
    comes from the address where it is `streamed`.
    """
    common: dict[str, Any] = {"on_click": "ignore", "icon": ":material/download:"}
    if rows <= stream.MANY:
        st.download_button(f"{label} (CSV)", csv, f"{name}.csv", "text/csv", **common)
    elif streamed:
        order = f"All {rows:,} rows, in the order of their names; ranks are in a column."
        st.link_button(f"{label} (CSV)", streamed, help=order, icon=":material/download:")
    st.download_button(
        "Excel",
        lambda: workbook(columns(MOST_ROWS), about(), taken, rows),
        f"{name}.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        help=f"Numbers as numbers, and a second sheet that says what it is of; {MOST_ROWS:,} rows at most.",
        **common,
    )


def models(found: Listing, snapshot: session.Snapshot) -> None:
    """Draw the ways to take along what is listed of the models, in its order."""
    facts, view = snapshot.facts, found.view

    def again() -> Listing:  # a session keeps its buttons: not the scores of all with them
        return listing(view, session.scores(snapshot, view), snapshot)

    def rows(most: int | None) -> tuple[Scores, Any, NDArray[np.intp], Bools]:
        now = again()
        return now.scores, facts, now.page(slice(most)), now.kept

    download(
        "Download this ranking",
        f"weighbridge-{'generated-' * snapshot.generated}models-{snapshot.taken}",
        lambda: "".join(ranking_csv(*rows(None))),
        lambda most: ranking_columns(*rows(most)),
        lambda: ranking_about(again().scores, **session.of_snapshot(view, snapshot)),
        snapshot.taken,
        found.shown,
        stream.address(stream.RANKING, view, snapshot.taken),
    )


def ranking_about(scores: Scores, *, view: View, taken: str, fingerprint: str, kind: str) -> dict[str, Any]:
    """Return what a workbook of a ranking is about, of what `session.of_snapshot` or `session.of_month` returns."""
    today = datetime.now(UTC).date().isoformat()
    return of_ranking(
        scores,
        view=view,
        taken=taken,
        fingerprint=fingerprint,
        kind=kind,
        version=frame.version(),
        link=links.address(links.dated(view, taken)),
        read=today,
    )
