"""A table to take along: as CSV, and as an Excel workbook that says what it is of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from components import frame, links, session
from components.listing import Listing
from scoring.output.export import ranking_columns, ranking_csv
from scoring.output.workbook import MOST_ROWS, of_ranking, workbook
from scoring.scores import Scores
from scoring.settings import View


def download(
    label: str,
    name: str,
    csv: Callable[[], str | bytes],
    columns: Callable[[int], Mapping[str, Sequence[Any]]],
    about: Callable[[], Mapping[str, Any]],
    taken: str,
    rows: int = 0,
) -> None:
    """Draw both buttons for a table of facts of an ISO day, of so many `rows` in all where not all are in `columns`.

    A file, called `name`, is made when somebody asks for it; `columns` are those of so many rows.
    """
    common: dict[str, Any] = {"on_click": "ignore", "icon": ":material/download:"}
    st.download_button(f"{label} (CSV)", csv, f"{name}.csv", "text/csv", **common)
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
    scores, facts, kept = found.scores, snapshot.facts, found.kept
    download(
        "Download this ranking",
        f"weighbridge-{'generated-' * snapshot.generated}models-{snapshot.taken}",
        lambda: "".join(ranking_csv(scores, facts, found.page(slice(None)), kept)),
        lambda most: ranking_columns(scores, facts, found.page(slice(0, most)), kept),
        lambda: ranking_about(scores, **session.of_snapshot(found.view, snapshot)),
        snapshot.taken,
        found.shown,
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
