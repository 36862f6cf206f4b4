"""The ranking as a table: real rows and links for the keyboard and for screen readers, laid out for any width.

Streamlit's own table is a canvas in which a row cannot be a link within the session, and its page links cost an element
a cell. Only the rows that are shown travel to the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd
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
from scoring.view import ModelView

KEY = "ranking_table"
_HERE = Path(__file__).parent
_table = component(
    KEY,
    html=(_HERE / "index.html").read_text(),
    css=(_HERE / "style.css").read_text(),
    js=(_HERE / "index.js").read_text(),
)


def ranking_table(
    found: Listing,
    facts: pd.DataFrame,
    held: pd.DataFrame,
    page: slice,
    view: ModelView,
    on_pin: Callable[[str], None],
    read_on: Mapping[str, str],
) -> None:
    """Draw a page of what is listed, with the pinned models above it, in the columns of the view.

    `held` says which flag holds for whom (`scoring.reasons.flags.flags`), `read_on` on which day downloads were read. A
    model opens in this tab, and in another one as any link does; `on_pin` gets the id whose pin was pressed.
    """
    with st.container(gap=None):
        _table(
            data=_data(found, facts, held[[f.id for f in flags.FLAGS]].to_numpy(), page, view, read_on),
            key=KEY,
            on_open_change=lambda: links.go_to("model", model=str(st.session_state[KEY].open)),
            on_pin_change=lambda: on_pin(str(st.session_state[KEY].pin)),
            on_sort_change=lambda: sort_by(str(st.session_state[KEY].sort)),
            height="content",
        )


def _data(
    found: Listing,
    facts: pd.DataFrame,
    held: NDArray[np.bool_],
    page: slice,
    view: ModelView,
    read_on: Mapping[str, str],
) -> dict[str, Any]:
    """What the browser draws: a column that the list is sorted by is shown, chosen or not."""
    scores, by = found.scores, COLUMNS[view.sort]
    columns = [COLUMNS[i] for i in dict.fromkeys((*view.columns, by.id)) if i in CHOICES]

    def shown(positions: NDArray[np.intp]) -> list[dict[str, Any]]:
        return [
            _row(found, i, low, high) | {"cells": [_cell(c, scores, facts, held[i], i, read_on) for c in columns]}
            for i, low, high in zip(positions, *scores.interval(positions), strict=True)
        ]

    return {
        "heads": [_head(column, scores) for column in (*ALWAYS[::-1], *columns)],
        "sorted": {"id": by.id, "order": "ascending" if by.rising is not view.reverse else "descending"},
        "caption": f"Models by {by.label.lower()}. The bar beside a total is the interval in which it may lie; its "
        "mark is the total.",
        "pinned": shown(found.pinned),
        "rows": shown(found.arranged[page]),
        "pins": [str(scores.ids[i]) for i in found.pinned],
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


def _row(found: Listing, i: int, low: float, high: float) -> dict[str, Any]:
    """What every row shows: rank among those shown and, where filters are set, in all; name, total and interval."""
    s = found.scores
    owner, _, name = str(s.ids[i]).rpartition("/")
    return {
        "id": str(s.ids[i]),
        "owner": clean(owner, 96),
        "name": clean(name, 96),
        "rank": _whole(found.here[i]),
        "inAll": _whole(s.rank[i]) if found.without else None,
        "moved": found.mark(i),
        "total": _number(s.total[i]),
        "uncapped": _number(s.uncapped[i]) if s.capped_by(i) else None,
        "digits": s.decimals(i),
        "interval": "unknown" if np.isnan(s.total[i]) else between(s, low, high),
        "low": _number(s.low[i]),
        "high": _number(s.high[i]),
    }


def _cell(
    column: Column, s: Scores, facts: pd.DataFrame, held: NDArray[np.bool_], i: int, read_on: Mapping[str, str]
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
            month = day(read_on.get(str(s.ids[i]), "")).partition(" ")[2] if column.id == "downloads" else ""
            return clean(f"{text} ({month})" if text and month else text, 96)


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(f"{value:.1f}")
