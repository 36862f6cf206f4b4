"""A button that opens a text file of the reader's: the browser reads it and sends its text, and no upload is needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_input = st.components.v2.component(
    "weighbridge_open_file",
    html=(_HERE / "index.html").read_text(),
    css=(_HERE / "style.css").read_text(),
    js=(_HERE / "index.js").read_text(),
)


def open_file(label: str, accept: str, most: int, on_text: Callable[[str], None], prefix: str = "") -> None:
    """Draw the button; `on_text` gets the text of the chosen file, of at most so many bytes (a callback).

    `accept` says which files the browser offers first, as HTML writes it.
    """
    key = f"{prefix}open_file"
    data = {"label": label, "accept": accept, "most": most}
    _input(
        data=data,
        key=key,
        on_text_change=lambda: on_text(str(st.session_state[key].text or "")),
        height="content",
    )
