"""Where to send feedback: a link, and the same address as a QR code for who reads on another screen."""

from __future__ import annotations

import io
import os
from functools import cache

import segno
import streamlit as st

QR = 148  # pixels


def address(default: str) -> str:
    """Return where to send feedback: WEIGHBRIDGE_FEEDBACK, else the project's issue tracker."""
    return os.environ.get("WEIGHBRIDGE_FEEDBACK") or default


def button(default: str) -> None:
    """Draw the button that opens the link and its QR code."""
    url = address(default)
    with st.popover("Feedback", icon=":material/forum:", type="tertiary"):
        st.link_button("Write to us", url, icon=":material/open_in_new:")
        st.image(code(url), width=QR, caption="or scan this with a phone")


@cache
def code(url: str) -> str:
    """Return the QR code of an address as SVG, dark on a white ground so that it can be scanned on a dark page too."""
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawn, kind="svg", scale=4, border=4, light="#fff", xmldecl=False)
    return drawn.getvalue().decode()
