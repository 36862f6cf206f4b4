"""Pure scoring: tables in, tables out. No Streamlit, no network, no files."""
