"""The ranking as a table: real rows and links for the keyboard and for screen readers, laid out for any width.

Streamlit's own table is a canvas in which a row cannot be a link within the session, and its page links cost an element
a cell. Only the rows that are shown travel to the browser.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components import links
from components.listing import Listing, sort_by
from components.text import clean
from components.wire import component
from scoring.columns import ALWAYS, CHOICES, COLUMNS, Column
from scoring.reasons import flags
from scoring.reasons.receipt import between, day, plain
from scoring.scores import Scores

KEY = "ranking_table"
_HERE = Path(__file__).parent
_table = component(
    KEY,
    html=(_HERE / "index.html").read_text(),
    css=(_HERE / "style.css").read_text(),
    js=(_HERE / "index.js").read_text(),
)


def ranking_table(
    found: Listing, page: slice, on_pin: Callable[[str], None], read_on: Callable[[str], str] | None
) -> None:
    """Draw a page of what is listed, with the pinned models above it, in the columns of the view.

    A model opens in this tab, and in another one as any link does; `on_pin` gets the id whose pin was pressed.
    `read_on` gives the ISO day on which the downloads of a model were read.
    """
    with st.container(gap=None):
        _table(
            data=_data(found, page, read_on),
            key=KEY,
            on_open_change=lambda: links.go_to("model", model=str(st.session_state[KEY].open)),
            on_pin_change=lambda: on_pin(str(st.session_state[KEY].pin)),
            on_sort_change=lambda: sort_by(str(st.session_state[KEY].sort)),
            height="content",
        )


def _data(found: Listing, page: slice, read_on: Callable[[str], str] | None) -> dict[str, Any]:
    """What the browser draws: a column that the list is sorted by is shown, chosen or not."""
    view, by = found.view, COLUMNS[found.view.sort]
    columns = [COLUMNS[i] for i in dict.fromkeys((*view.columns, by.id)) if i in CHOICES]
    positions = np.concatenate([found.pinned, found.page(page)])
    reads = (*(column.reads for column in columns), *(flag.reads for flag in flags.FLAGS))
    wanted = dict.fromkeys(name for one in reads for name in one if name in found.facts)
    scores, facts = found.scores.of(positions), found.facts[[*wanted]].iloc[positions]
    held = flags.flags(facts)[[f.id for f in flags.FLAGS]].to_numpy()
    columns_of = zip(found.here(positions), found.marks(positions), scores.low, scores.high, strict=True)
    rows = [
        _row(scores, i, here, mark, low, high)
        | {"inAll": _whole(scores.rank[i]) if found.without else None}
        | {"cells": [_cell(c, scores, facts, held[i], i, read_on) for c in columns]}
        for i, (here, mark, low, high) in enumerate(columns_of)
    ]
    pins = len(found.pinned)
    return {
        "heads": [_head(column, scores) for column in (*ALWAYS[::-1], *columns)],
        "sorted": {"id": by.id, "order": "ascending" if by.rising is not view.reverse else "descending"},
        "caption": f"Models by {by.label.lower()}. The bar beside a total is the interval in which it may lie; its "
        "mark is the total.",
        "pinned": rows[:pins],
        "rows": rows[pins:],
        "pins": [row["id"] for row in rows[:pins]],
        "page": links.page_address("model"),
        "view": urlencode(view.query(), doseq=True),
    }


def _head(column: Column, scores: Scores) -> dict[str, Any]:
    """A column's heading; a category has its colour, and says what an empty cell of it means."""
    head = {"id": column.id, "label": column.label, "kind": column.kind, "missing": "unknown"}
    for c in scores.card.categories:
        if c.id == column.id:
            head |= {"colour": c.colour, "missing": "not counted" if c.id in scores.idle else "unknown"}
    return head


def _row(s: Scores, i: int, here: float, mark: str, low: float, high: float) -> dict[str, Any]:
    """What every row shows: rank among those shown and how far it moved, name, total and interval."""
    owner, _, name = str(s.ids[i]).rpartition("/")
    return {
        "id": str(s.ids[i]),
        "owner": clean(owner, 96),
        "name": clean(name, 96),
        "rank": _whole(here),
        "moved": mark,
        "total": _number(s.total[i]),
        "uncapped": _number(s.uncapped[i]) if s.capped_by(i) else None,
        "digits": s.precision(high - low),
        "interval": "unknown" if np.isnan(s.total[i]) else between(s, low, high),
        "low": _number(low),
        "high": _number(high),
    }


def _cell(
    column: Column, s: Scores, facts: Any, held: NDArray[np.bool_], i: int, read_on: Callable[[str], str] | None
) -> Any:
    """One cell as the browser needs it: a score as a number, flags as labels, else text; nothing is unknown."""
    match column.kind:
        case "score":
            return _number(float(column.values(s, facts)[i]))
        case "flags":
            about = {"looks_like": plain(facts["looks_like"].iat[i])}
            raised = [f for f, holds in zip(flags.FLAGS, held, strict=True) if holds]
            return [
                {"label": f.label, "tone": f.tone, "sentence": clean(flags.sentence(f.id, about), 300)} for f in raised
            ]
        case _:
            text = column.shown(s, facts, i)
            month = day(read_on(str(s.ids[i]))).partition(" ")[2] if read_on and column.id == "downloads" else ""
            return clean(f"{text} ({month})" if text and month else text, 96)


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(f"{value:.1f}")
