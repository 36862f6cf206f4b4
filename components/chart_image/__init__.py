"""Charts as images: what the button on a chart saves has the page's font, its background, and what it is of."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "weighbridge_chart_image", js=(Path(__file__).parent / "index.js").read_text("utf-8")
)


def chart_image(source: str) -> None:
    """Let every chart of the page be saved as PNG (with Shift: as SVG), over a line that names its `source`."""
    _component(data=source, key="chart_image", height="content")
