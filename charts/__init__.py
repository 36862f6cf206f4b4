"""Scores become plotly figures. No Streamlit here: a notebook draws the same pictures."""
