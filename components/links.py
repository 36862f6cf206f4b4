"""Links: what the address says reaches the widgets, what they say reaches the address, and pages lead to pages.

Streamlit can bind a widget to the query string by itself, and pages do so for what is theirs alone. The view is bound
here, in one place, because it is shared: over a change of page Streamlit's binding drops the parameters of the other
page's widgets and adds them again one by one, each a step that “Back” stops at and undoes, and its select boxes write
the words on the screen where a link has ids.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.errors import StreamlitAPIException

from components.pages import PAGES, ROOT, own_keys
from components.text import clean, plain
from scoring.output.code import command, python
from scoring.settings import Key, Offered, View

LONGEST_LINK = 2000
LONGEST_ID = 80
MOST_NOTES = 8


def enter(path: str) -> None:
    """Note which page the reader is on; the router calls it before a page runs."""
    if st.session_state.get("_path") != path:
        st.session_state.update({"_path": path, "_arrived": True})


def read(kind: type[View], offered: Offered) -> None:
    """Put what the address says into the session's state, under each widget's key; call it before drawing them.

    That happens when a session opens, and on arrival at another page: an address that says nothing of the view keeps
    the one that was. `offered` are the values that there are for a key. What was ignored is noted on the page until
    the reader dismisses it.
    """
    state, ignored = st.session_state, f"_{kind.prefix}ignored"
    first, arrived = ignored not in state, bool(state.pop("_arrived", False))
    if first or arrived:
        params = {key: st.query_params.get_all(key) for key in st.query_params}
        state["_asked"] = {key: clean(params.pop(key)[-1], LONGEST_ID) for key in own_keys(kind) if params.get(key)}
        if not set(params.get("snapshot", ())) <= set(offered.get("snapshot", ())):
            del params["snapshot"]  # the session has named it on the page
        if first or not params.keys().isdisjoint((*kind.keys(), *kind().usual)):
            view, state[ignored] = kind.parse(params, offered)
        else:
            kept = state[f"_{kind.prefix}view"].query()
            view, _ = kind.parse({k: v if isinstance(v, list) else [v] for k, v in kept.items()}, offered)
        _adopt(view, offered)
    _notes(ignored)


def asked(key: str) -> str:
    """Return what the address had under a page's own key when the reader arrived; only the first call gets it."""
    return str(st.session_state.get("_asked", {}).pop(key, ""))


def address(view: View, **own: str | list[str]) -> str:
    """Return the full address of this page under a view, with the page's own keys before the view's."""
    return linked(view, page_address(), own)


def dated(view: View, taken: str) -> Any:
    """Return a view that names its date, so that it shows the same when newer facts come."""
    dates: dict[str, Any] = {name: taken for name, key in view.keys().items() if key.kind == "date"}
    return replace(view, **dates)


def linked(view: View, base: str, own: Mapping[str, Any] | None = None) -> str:
    """Return the address of a view under `base`; names beyond what fits 2,000 characters are left out."""
    keys = {key: value for key, value in (own or {}).items() if value}
    several, written = (name for name, key in view.keys().items() if key.kind == "names"), view.query()
    many = max(several, key=lambda name: len(urlencode({name: written.get(name, "")}, doseq=True)))
    names = getattr(view, many)
    for count in range(len(names), -1, -1):
        shorter: dict[str, Any] = {many: names[:count]}
        query = urlencode(keys | replace(view, **shorter).query(), doseq=True)
        whole = f"{base}{'&' if '?' in base else '?'}{query}" if query else base
        if len(whole) < LONGEST_LINK:
            break
    return whole


def page_address(path: str = "") -> str:
    """Return the full address of a page of PAGES (default: of this page), without a query string."""
    here = str(st.context.url or "").partition("?")[0].rstrip("/")
    now = next((p for p in PAGES if here.endswith(f"/{p}")), ROOT)
    wanted = path or now
    root = here.removesuffix(f"/{now}")
    return f"{root}/" if wanted == ROOT else f"{root}/{wanted}"


def link_to(path: str, label: str, *, icon: str | None = None, help: str | None = None, **own: object) -> None:
    """Draw a link to a page of PAGES that keeps the view, with these further keys; the label is plain text.

    With `go_to` it is the only way from page to page, and only text where a page runs without the others (in tests).
    """
    try:
        st.page_link(PAGES[path].file, label=plain(label), icon=icon, help=help, query_params=_query(path, own))
    except (StreamlitAPIException, KeyError):
        st.markdown(plain(label), help=help)


def go_to(path: str, **own: object) -> None:
    """Leave for a page of PAGES with the view and these further keys; stays where a page runs without the others."""
    try:
        st.switch_page(PAGES[path].file, query_params=_query(path, own))
    except StreamlitAPIException:
        st.toast(f"The page “{PAGES[path].title}” cannot be opened from here.")


def _query(path: str, own: Mapping[str, object]) -> dict[str, str | list[str]]:
    """The pages of organisations have a view of their own, which means nothing to the others."""
    view = st.session_state.get(f"_{PAGES[path].view.prefix}view")
    keys = {k: list(v) if isinstance(v, list | tuple) else str(v) for k, v in own.items() if v}
    return {**keys, **(view.query() if view else {})}


def _adopt(view: View, offered: Offered) -> None:
    """Give every control of the panel what a view says."""
    for name, key in view.keys().items():
        st.session_state[f"{view.prefix}{name}"] = control(key, getattr(view, name), offered.get(name, ()))
    for weight_id, weight in (view.usual | dict(view.weights)).items():
        st.session_state[f"{view.prefix}{weight_id}"] = float(weight)


def control(key: Key, value: Any, offered: Collection[str]) -> Any:
    """Return what a control holds for a value of a view: nothing chosen is None, or the newest date."""
    match key.kind:
        case "names":
            return list(value)
        case "choice" | "offered" | "date" if not value:
            return next(iter(offered)) if key.newest else None
        case _:
            return value


def _notes(ignored: str) -> None:
    notes = st.session_state[ignored]
    if not notes:
        return
    listed = " ".join(plain(n, 200) for n in notes[:MOST_NOTES])
    more = f" And {len(notes) - MOST_NOTES} more." if len(notes) > MOST_NOTES else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(f"Ignored in the link: {listed}{more}", icon=":material/link_off:", width="stretch")
        update, key = st.session_state.update, ignored.replace("ignored", "dismiss")
        st.button("Dismiss", key=key, on_click=update, args=({ignored: []},))


def as_code(view: View, date: str, *subjects: str) -> None:
    """Draw the way to both; they rank what the view ranks at a date, explain a subject of it, or score some models."""
    with st.popover("As code", icon=":material/terminal:", type="tertiary", key="code", on_change="rerun") as body:
        if body.open:
            st.markdown("In a terminal:")
            st.code(command(view, date, *subjects), language="bash", wrap_lines=True)
            st.markdown("In a notebook:")
            st.code(python(view, date, *subjects), language="python", wrap_lines=True)
