"""Colours and text that all charts share.

The categories' colours are their own (scoring/factors): four of the Okabe-Ito set, which colour-blind people can tell
apart. Text takes the theme's colour; what has a colour here must be readable on light and dark alike.
"""

from __future__ import annotations

import html
from typing import Any

# Streamlit's template for plotly puts the theme's text colour in this one's place, on light and dark; in a notebook it
# is the near-black that it looks like.
INK = "#000037"
QUIET = "#7B8A93"  # 3.5:1 on white, 5:1 on the dark ground
GRID = "rgba(123,138,147,0.25)"
CLEAR = "rgba(0,0,0,0)"


def safe(text: str, longest: int = 0) -> str:
    """Return text that plotly shows letter by letter: it takes a few HTML tags, links among them, for markup."""
    line = " ".join(text.split())
    return html.escape(f"{line[: longest - 1]}…" if longest and len(line) > longest else line, quote=False)


def layout(height: int, **more: Any) -> dict[str, Any]:
    """Return the layout that all figures share: no frame, no zoom, the legend above."""
    return {
        "height": height,
        "margin": {"l": 0, "r": 0, "t": 34, "b": 24},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        "plot_bgcolor": CLEAR,
        "paper_bgcolor": CLEAR,
        "dragmode": False,
    } | more
