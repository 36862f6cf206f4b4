"""The ranking as a table: real rows and links for the keyboard and for screen readers, laid out for any width.

Streamlit's own table is a canvas in which a row cannot be a link within the session, and its page links cost an element
a cell. Only the rows that are shown travel to the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from components import links
from components.text import clean
from scoring.ground import evidence
from scoring.reasons import flags
from scoring.reasons.receipt import plain
from scoring.scores import Scores

KEY = "ranking_table"
_HERE = Path(__file__).parent
_table = st.components.v2.component(
    KEY,
    html=(_HERE / "index.html").read_text(),
    css=(_HERE / "style.css").read_text(),
    js=(_HERE / "index.js").read_text(),
)


def ranking_table(
    scores: Scores,
    facts: pd.DataFrame,
    held: pd.DataFrame,
    rows: Iterable[int],
    pinned: Iterable[int],
    query: Mapping[str, str | list[str]],
    on_pin: Callable[[str], None],
) -> None:
    """Draw these rows of the scores (positions), with the pinned ones above them.

    `held` says which flag holds for whom (`scoring.reasons.flags.flags`); `query` is the view that the links carry. A
    model opens in this tab, and in another one as any link does; `on_pin` gets the id whose pin was pressed.
    """
    pins, looks_like = list(pinned), facts["looks_like"]
    each = held[[f.id for f in flags.FLAGS]].to_numpy()

    def shown(positions: Iterable[int]) -> list[dict[str, Any]]:
        return [_row(scores, looks_like.iat[i], each[i], i) for i in positions]

    _table(
        data={
            "categories": [
                {"label": c.label, "colour": c.colour, "missing": "unknown" if counts else "not counted"}
                for c, counts in zip(scores.card.categories, _counting(scores), strict=True)
            ],
            "pinned": shown(pins),
            "rows": shown(rows),
            "pins": [str(scores.ids[i]) for i in pins],
            "page": links.page_address("model"),
            "view": urlencode(query, doseq=True),
        },
        key=KEY,
        on_open_change=lambda: links.go_to("model", model=str(st.session_state[KEY].open)),
        on_pin_change=lambda: on_pin(str(st.session_state[KEY].pin)),
        height="content",
    )


def _row(s: Scores, looks_like: object, held: NDArray[np.bool_], i: int) -> dict[str, Any]:
    """One row of the scores as the browser needs it; None is shown as unknown. `held` says which flags hold."""
    owner, _, name = str(s.ids[i]).rpartition("/")
    raised = [f for f, holds in zip(flags.FLAGS, held, strict=True) if holds]
    facts = {"looks_like": plain(looks_like)}
    return {
        "id": str(s.ids[i]),
        "owner": clean(owner, 96),
        "name": clean(name, 96),
        "rank": None if np.isnan(s.rank[i]) else int(s.rank[i]),
        "total": _number(s.total[i]),
        "uncapped": _number(s.uncapped[i]) if s.capped_by(i) else None,
        "digits": s.decimals(i),
        "low": _number(s.low[i]),
        "high": _number(s.high[i]),
        "evidence": "unknown" if s.evidence is None else evidence(s.evidence[i]),
        "scores": [_number(v) for v in s.category_values[i]],
        "flags": [
            {"label": f.label, "tone": f.tone, "sentence": clean(flags.sentence(f.id, facts), 300)} for f in raised
        ],
    }


def _counting(scores: Scores) -> list[bool]:
    """Say which categories hold a factor that counts."""
    return [not {f.id for f in c.factors} <= scores.uncounted for c in scores.card.categories]


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(f"{value:.1f}")
