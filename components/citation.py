"""“Cite”: what to quote of a page, and the badge of its subject."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from components import frame, links
from components.text import clean
from scoring.output.citation import badge, citation
from scoring.output.sheet import file_name
from scoring.scores import Scores
from scoring.settings import View


def cite(
    scores: Scores, row: int | None = None, *, view: View, kind: str, taken: str, fingerprint: str, **own: str
) -> None:
    """Draw the way to a citation of a ranking, or of the subject at a row of it with its badge.

    `own` are the page's own keys of the address, which names the date in any case: a citation stays true when newer
    facts come. The rest is what `session.of_snapshot` and `session.of_month` return.
    """
    with st.popover("Cite", icon=":material/format_quote:", type="tertiary", key="cite", on_change="rerun") as body:
        if body.open:
            _cited(scores, row, view, kind, taken, fingerprint, links.address(links.dated(view, taken), **own))


def _cited(scores: Scores, row: int | None, view: View, kind: str, taken: str, fingerprint: str, link: str) -> None:
    today = datetime.now(UTC).date().isoformat()
    given: dict[str, Any] = {"version": frame.version(), "view": view, "taken": taken, "fingerprint": fingerprint}
    st.code(citation(scores, row, **given, link=link, read=today), language=None, wrap_lines=True)
    if row is not None:
        picture = badge(scores, row, view, taken)
        st.image(picture, alt=f"The badge of {clean(str(scores.ids[row]))}")
        st.download_button(
            "Badge (SVG)",
            picture,
            file_name(f"{kind}-{scores.ids[row]}", taken).replace(".html", ".svg"),
            "image/svg+xml",
            on_click="ignore",
            icon=":material/download:",
        )
