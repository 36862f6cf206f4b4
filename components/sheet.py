"""A small table that is shown whole: counts with separators, shares as bars with their number, addresses as links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st


def sheet(rows: pd.DataFrame, alt: str, names: Mapping[str, str] | None = None, missing: str = "–") -> None:
    """Draw a table; `names` are the words over its columns, `missing` stands in an empty cell.

    A column `share` holds 0..100, a column `url` https addresses.
    """
    said = {str(column): _column(rows, str(column), (names or {}).get(str(column), str(column))) for column in rows}
    st.dataframe(rows, hide_index=True, column_config=said, placeholder=missing, height="content", alt=alt)


def _column(rows: pd.DataFrame, name: str, label: str) -> Any:
    if name == "share":
        return st.column_config.ProgressColumn(label, format="%.0f %%", min_value=0, max_value=100)
    if name == "url":
        return st.column_config.LinkColumn(label, display_text=r"https://(.*?)/?$")
    if pd.api.types.is_numeric_dtype(rows[name]):
        return st.column_config.NumberColumn(label, format="localized")
    return label
