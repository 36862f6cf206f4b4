"""Search models by name while one types, and pick one or several: a combobox whose matches come from the server.

Streamlit's own boxes send every option to the browser, which for all names of the Hub is 80 MB. What is picked stands
in the address, under the key of the box.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from components.text import clean

LONGEST = 200  # letters that are searched for
LISTED = 20  # matches
_HERE = Path(__file__).parent
_box = st.components.v2.component(
    "weighbridge_search_box",
    html=(_HERE / "index.html").read_text(),
    css=(_HERE / "style.css").read_text(),
    js=(_HERE / "index.js").read_text(),
)


@st.fragment
def search_box(
    label: str,
    key: str,
    chosen: Sequence[str],
    most: int,
    search: Callable[[str], list[str]],
    placeholder: str,
    choose: Callable[[list[str]], None] | None = None,
) -> None:
    """Draw the box with what is `chosen` in it; at most so many can be. `search` gives the matches of a text.

    A choice goes into the address under the key, or to `choose`; then the page runs again.
    """
    state, typed_at, done_at = st.session_state, f"_{key}_typed", f"_{key}_done"

    def typed() -> None:
        state[typed_at] = clean(str(state[f"{key}_box"].typed or ""), LONGEST)

    def picked() -> None:
        names = [str(name) for name in state[f"{key}_box"].picked or ()][:most]
        (choose or (lambda some: put(key, some)))(names)
        state[done_at] = True

    if state.pop(done_at, False):
        state.pop(typed_at, None)
        st.rerun()
    text = state.get(typed_at, "")
    data = {"label": label, "placeholder": placeholder, "chosen": list(chosen), "most": most}
    data |= {"of": text, "matches": search(text) if text else []}
    _box(data=data, key=f"{key}_box", on_typed_change=typed, on_picked_change=picked, height="content")


def put(key: str, chosen: str | Sequence[str]) -> None:
    """Put what was chosen into the address, under a key (a callback); nothing takes the key away."""
    if chosen:
        st.query_params[key] = chosen if isinstance(chosen, str) else list(chosen)
    elif key in st.query_params:
        del st.query_params[key]
