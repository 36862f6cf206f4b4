"""A view as code: the command and the Python that give the same numbers, each with a button that copies it."""

from __future__ import annotations

import streamlit as st

from scoring.output.code import command, python
from scoring.settings import View


def copy_code(view: View, date: str, subject: str = "") -> None:
    """Draw the way to both; they rank what the view ranks at a date, or explain a `subject` of it."""
    with st.popover("As code", icon=":material/terminal:"):
        st.markdown("In a terminal:")
        st.code(command(view, date, subject), language="bash", wrap_lines=True)
        st.markdown("In a notebook:")
        st.code(python(view, date, subject), language="python", wrap_lines=True)
