"""The link: what the address says reaches the widgets, what they say reaches the address.

Streamlit can bind a widget to the query string by itself, and pages do so for what is theirs alone. The view is bound
here, in one place, because it is shared: over a change of page Streamlit's binding drops the parameters of the other
page's widgets and adds them again one by one, each a step that “Back” stops at and undoes, and its select boxes write
the words on the screen where a link has ids.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields
from urllib.parse import urlencode

import streamlit as st

from components import page
from components.text import clean, plain
from scoring.influence_view import InfluenceView
from scoring.scorecards import MODEL
from scoring.view import View, parse, preset_weights

VIEW_KEYS = frozenset(f.name for f in fields(View)) - {"weights"} | frozenset(MODEL.weights())
MOST_NOTES = 8


def read(offered: Mapping[str, Collection[str]]) -> None:
    """Put what the address says into the session's state, under each widget's key; call it before drawing them.

    That happens when a session opens, and on arrival at another page: an address that says nothing of the view keeps
    the one that was. `offered` are the values that the snapshot has for a key. What was ignored is noted on the page
    until the reader dismisses it.
    """
    state = st.session_state
    first, arrived = "_ignored" not in state, page.arrived()
    params = {key: st.query_params.get_all(key) for key in st.query_params} if first or arrived else {}
    if first or not VIEW_KEYS.isdisjoint(params):
        view, notes = parse(params)
        state["_ignored"] = notes + _adopt(view, offered)
    elif arrived:
        _adopt(state["_view"], offered)
    tell()


def address(view: View | InfluenceView, **more: str | list[str]) -> str:
    """Return the full address of this page under a view, with the page's own keys before the view's."""
    own = urlencode({k: v for k, v in more.items() if v}, doseq=True)
    base = page.address()
    return view.link(f"{base}?{own}" if own else base)


def _adopt(view: View, offered: Mapping[str, Collection[str]]) -> list[str]:
    state, notes = st.session_state, []
    for key in ("preset", "unknown", "yardstick", "min_coverage", "cap", "search"):
        state[key] = getattr(view, key)
    for key in ("task", "license", "publisher", "snapshot"):
        value = getattr(view, key)
        state[key] = value if value in offered[key] else None
        if value and state[key] is None and key != "snapshot":  # of that one `page.snapshot` has told
            notes.append(_lacking(key, value))
    state["pin"] = [p for p in view.pin if p in offered["pin"]]
    notes += [_lacking("pin", p) for p in view.pin if p not in state["pin"]]
    for weight_id, weight in (preset_weights(view.preset) | dict(view.weights)).items():
        state[weight_id] = float(weight)
    return notes


def _lacking(key: str, value: str) -> str:
    return f"{key}=“{clean(value, 60)}” is not in this snapshot."


def tell(key: str = "_ignored") -> None:
    """Draw the notes that the session's state has under a key, until the reader dismisses them."""
    notes = st.session_state[key]
    if not notes:
        return
    said = " ".join(plain(n, 200) for n in notes[:MOST_NOTES])
    more = f" And {len(notes) - MOST_NOTES} more." if len(notes) > MOST_NOTES else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(f"Ignored in the link: {said}{more}", icon=":material/link_off:", width="stretch")
        st.button("Dismiss", key=key.replace("ignored", "dismiss"), on_click=_dismiss, args=(key,))


def _dismiss(key: str) -> None:
    st.session_state[key] = []
