"""The button that opens the panel on a phone, where Streamlit folds the sidebar behind a toggle without a word."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_button = st.components.v2.component(
    "weighbridge_open_panel",
    html='<button type="button"></button>',
    css=(_HERE.parent / "copy_link" / "style.css").read_text(),
    js=(_HERE / "index.js").read_text(),
)


def open_panel(label: str) -> None:
    """Draw the button; page.css hides it where the panel stands beside the page."""
    _button(data={"label": label}, key="open_panel", width="content", height="content")
