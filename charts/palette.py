"""Colours and text that all charts share.

The categories' colours are their own (scoring/factors): for models four of the Okabe-Ito set, for organisations four
others, at 3:1 on light and dark; colour-blind people can distinguish either four. On the pages of a scorecard such a
colour means its category and nothing else. Hatched is what is unknown, hollow what is held back, grey what is not
reached.
Text takes the theme's colour; what has a colour here must be readable on light and dark alike.
"""

from __future__ import annotations

import html
import math
from typing import Any

# Streamlit's template for plotly puts the theme's text colour in this one's place, on light and dark; in a notebook it
# is the near-black that it looks like.
INK = "#000037"
QUIET = "#7B8A93"  # 3.5:1 on white, 5:1 on the dark ground
GRID = "rgba(123,138,147,0.25)"
CLEAR = "rgba(0,0,0,0)"
TRACK = "rgba(123,138,147,.16)"  # what is not reached: there, and no more than that
ACCENT = "#2E8BA6"  # reads on the light and on the dark page
LONGEST = 34  # letters of a model's id
TEXT = {"type": "scatter", "mode": "text", "hoverinfo": "skip", "showlegend": False, "cliponaxis": False}


def safe(text: str, longest: int = 0) -> str:
    """Return text that plotly shows letter by letter: it takes a few HTML tags, links among them, for markup."""
    line = " ".join(text.split())
    return html.escape(f"{line[: longest - 1]}…" if longest and len(line) > longest else line, quote=False)


def shorten(model: str, longest: int = LONGEST) -> str:
    """Cut a model's id in the middle: its owner and its last words set it apart from others."""
    if len(model) <= longest:
        return model
    head = (longest - 1) // 2
    return f"{model[:head]}…{model[-(longest - 1 - head) :]}"


def written(score: float, out_of: float = 100) -> str:
    """Write a score with the digits that its scale (0..out_of) needs; NaN is unknown."""
    return "unknown" if math.isnan(score) else f"{score:.{places(out_of)}f}"


def places(out_of: float) -> int:
    """Return how many decimals a score on 0..out_of is shown with."""
    return 1 if out_of > 1 else 4


def placed(rank: float) -> str:
    """Write a rank; who has none gets a dash."""
    return "–" if math.isnan(rank) else f"{rank:.0f}"


def hatched(colour: str | list[str], shape: str) -> dict[str, Any]:
    """Return a bar's marker that is filled with a pattern, in a colour (or one a bar)."""
    pattern = {"shape": shape, "fgcolor": colour, "bgcolor": CLEAR, "size": 6, "solidity": 0.35, "fillmode": "replace"}
    return {"color": colour, "pattern": pattern, "line": {"width": 1, "color": colour}}


def layout(height: int, **more: Any) -> dict[str, Any]:
    """Return the layout that all figures share: no frame, no zoom, the legend above."""
    return {
        "height": height,
        "margin": {"l": 0, "r": 0, "t": 34, "b": 24},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        "plot_bgcolor": CLEAR,
        "paper_bgcolor": CLEAR,
        "dragmode": False,
        "modebar": {"bgcolor": CLEAR, "color": QUIET, "activecolor": ACCENT},
    } | more
