"""A page with one line: what Streamlit and the browser take before any page of anybody's shows something."""

import streamlit as st

st.write("One line.")
