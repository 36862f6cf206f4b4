"""The link bar: it keeps the browser's address in step with the view, and copies it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.wire import component

_HERE = Path(__file__).parent
_button = component(
    "copy_link",
    html=(_HERE / "index.html").read_text(),
    css=(_HERE / "style.css").read_text(),
    js=(_HERE / "index.js").read_text(),
)


def copy_link(address: str, key: str = "copy_link") -> DeltaGenerator:
    """Draw “Copy link” for the address of this page's view, and make it the browser's; return the bar that it is in.

    The address is also shown, for readers whose browser lets no page copy.
    """
    bar = st.container(horizontal=True, vertical_alignment="center", gap="small", width="content", key=f"{key}_bar")
    with bar:
        _button(data={"address": address}, key=key, width="content", height="content")
        with st.popover("Show link", type="tertiary", key=f"{key}_shown"):
            st.caption("This address opens the same view: weights, filters, pinned models and snapshot.")
            st.code(address, language=None, wrap_lines=True)
    return bar
