"""The ranking as a table: real rows and links for the keyboard and for screen readers, laid out for any width.

Streamlit's own table is a canvas in which a row cannot be a link within the session, and its page links cost an element
a cell. Only the rows that are shown travel to the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components import links
from components.listing import Listing, sort_by
from components.session import Snapshot, name
from components.text import clean
from components.wire import component
from scoring.columns import ALWAYS, CHOICES, COLUMNS, Column
from scoring.reasons import flags
from scoring.reasons.receipt import between, day, plain
from scoring.scores import Scores
from scoring.types import Bools

KEY = "ranking_table"
MOST_KEPT = 2000  # rows whose texts are kept
_HERE = Path(__file__).parent
_table = component(
    KEY,
    html=(_HERE / "index.html").read_text(),
    css=(_HERE / "style.css").read_text(),
    js=(_HERE / "index.js").read_text(),
)


def ranking_table(found: Listing, page: slice, snapshot: Snapshot, on_pin: Callable[[str], None]) -> None:
    """Draw a page of what is listed, with the pinned models above it, in the columns of the view.

    A model opens in this tab, and in another one as any link does; `on_pin` gets the id whose pin was pressed.
    """
    with st.container(gap=None):
        _table(
            data=_data(found, page, snapshot),
            key=KEY,
            on_open_change=lambda: links.go_to("model", model=str(st.session_state[KEY].open)),
            on_pin_change=lambda: on_pin(str(st.session_state[KEY].pin)),
            on_sort_change=lambda: sort_by(str(st.session_state[KEY].sort)),
            height="content",
        )


def _data(found: Listing, page: slice, snapshot: Snapshot) -> dict[str, Any]:
    """What the browser draws: a column that the list is sorted by is shown, chosen or not."""
    view, by = found.view, COLUMNS[found.view.sort]
    columns = [COLUMNS[i] for i in dict.fromkeys((*view.columns, by.id)) if i in CHOICES]
    positions = np.concatenate([found.pinned, found.page(page)])
    scores, texts = found.scores.of(positions), _texts(found, snapshot, columns, positions)
    numbers = {c.id: c.values(scores, None) for c in columns if c.kind == "score"}
    columns_of = zip(texts, found.here(positions), found.marks(positions), scores.low, scores.high, strict=True)
    rows = [
        _row(scores, i, here, mark, low, high)
        | {"inAll": _whole(scores.rank[i]) if found.without else None}
        | {"cells": [_number(numbers[c.id][i]) if c.id in numbers else cells[c.id] for c in columns]}
        for i, (cells, here, mark, low, high) in enumerate(columns_of)
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


def _texts(
    found: Listing, snapshot: Snapshot, columns: Sequence[Column], positions: NDArray[np.intp]
) -> list[dict[str, Any]]:
    """Return the cells (by column) that no weight changes of these positions: written once for all visitors."""
    texts = tuple(c.id for c in columns if c.kind != "score")
    kept = _written(snapshot, texts, (found.view.yardstick, found.view.count))
    here = {at: cells for at in positions.tolist() if (cells := kept.get(at)) is not None}
    if lacking := [at for at in positions.tolist() if at not in here]:
        reads = (*(column.reads for column in columns), *(flag.reads for flag in flags.FLAGS))
        wanted = dict.fromkeys(fact for one in reads for fact in one if fact in found.facts)
        scores, facts = found.scores.of(lacking), found.facts[[*wanted]].iloc[lacking]
        held = flags.flags(facts)[[f.id for f in flags.FLAGS]].to_numpy() if "flags" in texts else None
        new = {
            at: {name: _cell(COLUMNS[name], scores, facts, held, i, snapshot) for name in texts}
            for i, at in enumerate(lacking)
        }
        here |= new
        if len(kept) > MOST_KEPT:
            kept.clear()
        kept |= new
    return [here[at] for at in positions.tolist()]


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs={Snapshot: name})
def _written(snapshot: Snapshot, texts: tuple[str, ...], counts: tuple[str, ...]) -> dict[int, dict[str, Any]]:
    return {}


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


def _cell(column: Column, s: Scores, facts: Any, held: Bools | None, i: int, snapshot: Snapshot) -> Any:
    """One cell as the browser needs it: flags as labels, else text; nothing is unknown."""
    if held is not None and column.kind == "flags":
        about = {"looks_like": plain(facts["looks_like"].iat[i])}
        raised = [f for f, holds in zip(flags.FLAGS, held[i], strict=True) if holds]
        return [{"label": f.label, "tone": f.tone, "sentence": clean(flags.sentence(f.id, about), 300)} for f in raised]
    text = column.shown(s, facts, i)
    if text and column.id == "downloads":
        month = day(snapshot.days(str(s.ids[i])).get("downloads_30d", "")).partition(" ")[2]
        text += f" ({month})" if month else ""
    return clean(text, 96)


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(f"{value:.1f}")
