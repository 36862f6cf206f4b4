"""Pages of a long list: only the rows of one page travel to the browser."""

from __future__ import annotations

import streamlit as st


def paging(count: int, per_page: int, listed: object, key: str = "page") -> slice:
    """Draw the page numbers of a list of `count` rows and return the rows of the chosen page as a slice.

    `listed` is what the list depends on: when it changes, the list starts at its first page again.
    """
    pages = max(1, -(-count // per_page))
    memory = f"_{key}_of"
    known = st.session_state.setdefault(memory, listed)
    if known != listed or int(st.session_state.get(key) or 1) > pages:
        st.session_state[memory] = listed
        st.session_state[key] = 1
    number = st.pagination(pages, key=key, bind="query-params")
    return slice((number - 1) * per_page, number * per_page)
