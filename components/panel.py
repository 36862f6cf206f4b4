"""The panel in the sidebar: how to weigh, what to show. It returns the view that the pages of a scorecard share.

Every control is made from its key in the view (scoring/view.py); its value stays in the session when the page changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

from components import links, session
from components.frame import day
from components.open_panel import open_panel
from components.search_box import LISTED, search_box
from components.session import Snapshot
from components.text import listed, plain
from components.weights.native import KEPT, Shares, remember, reset, sliders
from scoring.ground import ranked_on, rests_on
from scoring.reasons.influence import of_100
from scoring.reasons.tipping import marks
from scoring.scores import Scores
from scoring.settings import LONGEST_TEXT, NOTHING_WEIGHS, Key, Offered, Searched, Section, View
from scoring.view import MOST_PINS, ModelView, OrganisationView

ALONE: tuple[Section, ...] = ("weights", "table", "axes")  # what a part of a page may change without the others
FIRST = 4  # filters that are in sight; a view declares the most used first, and the others unfold
SomeView = TypeVar("SomeView", bound=View)


def model_panel(
    snapshot: Snapshot, filters: bool = False, drawn: Callable[[ModelView], bool] = lambda view: False
) -> ModelView:
    """Draw the panel of the pages about models (with the filters where they matter) and return the view.

    `drawn` says under which views the page draws the weights itself.
    """

    def shares(view: ModelView) -> Shares:
        return view.counted(snapshot).shares()

    return panel(ModelView, session.offered(snapshot), shares, filters, drawn=drawn)


def count_line(view: ModelView, scores: Scores) -> None:
    """Say what the ranking and each category rest on, with the switch to the other way to count beside it."""
    card, more = scores.card, len(scores.uncounted)
    rests = ", ".join(f"{c.label} {rests_on(c)}" for c in card.categories)
    if view.count == "common":
        sentence = f"{ranked_on(card, scores.uncounted)}; {more} more stand on each model’s page. By category: {rests}."
        other, label = "all", "Count everything that is known"
    else:
        sentence = f"All {len(card.factors)} factors count where they are known, so that reading more can move a model."
        other, label = "common", "Count what is known of nearly all"
    words, switch = st.columns([3, 1], vertical_alignment="center")
    words.caption(plain(sentence))
    switch.button(label, on_click=st.session_state.update, args=({"count": other},), icon=":material/rule:")


def organisation_panel(
    months: Sequence[str], filters: bool = False, weights: bool = True
) -> tuple[OrganisationView, str]:
    """Draw the panel of the pages about organisations and return the view that it sets, and the month that it shows.

    A page that ranks nobody draws it without the `weights`; they stay as they are.
    """

    def shares(view: OrganisationView) -> Shares:
        return session.scored(view, view.month or months[-1]).usual_shares

    def tips(view: OrganisationView) -> Mapping[str, str]:
        return marks(of_100(session.scored(view, view.month or months[-1])))

    view = panel(OrganisationView, session.offered_months(months), shares, filters, weights, tips=tips)
    return view, view.month or months[-1]


def panel(
    kind: type[SomeView],
    offered: Offered,
    shares: Callable[[SomeView], Shares],
    filters: bool = False,
    weights: bool = True,
    drawn: Callable[[SomeView], bool] = lambda view: False,
    tips: Callable[[SomeView], Mapping[str, str]] = lambda view: {},
) -> SomeView:
    """Draw the panel in the sidebar and return the view that it sets; `shares` says what each factor counts under one.

    `tips` says, by category, at which of its weights another comes first.

    What a link says that cannot be understood is ignored, with a note. All weights zero: a sentence, and the last
    valid weights.
    """
    links.read(kind, offered)
    view, counts = _current(kind, offered, shares if weights else lambda view: view.card.shares())
    own = weights and not drawn(view)
    if shown := [word for word, there in (("weights", own), ("filters", filters)) if there]:
        open_panel(listed(shown).capitalize())
    if filters:
        controls(kind, "purpose", offered)
    with st.sidebar:
        controls(kind, "head", offered)
        if own:
            controls(kind, "weights", offered)
            sliders(view, counts, tips(view))
        if filters:
            _filters(view, offered)
        if any(key.section == "counting" for key in kind.keys().values()):
            with st.expander("How to count", icon=":material/rule:"):
                controls(kind, "counting", offered)
    return view


def model_view(snapshot: Snapshot, panel: ModelView) -> ModelView:
    """Return the view as it is now, for a part of the page that runs alone; `panel` is the one that the panel has.

    Where more has changed than that part draws, the whole page runs again.
    """
    view, _ = _current(ModelView, session.offered(snapshot), lambda view: view.counted(snapshot).shares())
    elsewhere = (name for name, key in view.keys().items() if key.section not in ALONE)
    if any(getattr(view, name) != getattr(panel, name) for name in elsewhere):
        st.rerun()
    return view


def _current(kind: type[SomeView], offered: Offered, shares: Callable[[SomeView], Shares]) -> tuple[SomeView, Shares]:
    """Return the view that the controls set, remembered for undo and for the other pages, and its shares."""
    view = _view(kind, offered)
    remember(view)
    view, counts = _valid(view, shares)
    st.session_state[f"_{kind.prefix}view"] = view
    return view, counts


def controls(kind: type[View], section: Section, offered: Offered) -> None:
    """Draw the controls of a section; a page has some in places of their own."""
    for name, key in kind.keys().items():
        if key.section == section:
            _control(kind, name, offered)


def nothing_passes(kind: type[View], why: str) -> None:
    """Say, where there is a reason for it, that the filters leave nothing, with the button that clears them."""
    if why:
        with st.container(border=True):
            st.subheader("No model passes these filters", anchor=False)
            st.markdown(plain(why))
            clear_button(kind, "Clear filters")


def clear_button(kind: type[View], label: str) -> None:
    """Draw the button that sets every filter to its default."""
    st.button(label, on_click=_clear, args=(kind,), type="primary", icon=":material/filter_alt_off:")


def _clear(kind: type[View]) -> None:
    for name, key in kind.keys().items():
        if key.keeps:
            st.session_state[f"{kind.prefix}{name}"] = links.control(key, key.default, [])


def pin(model_id: str) -> None:
    """Pin a model, or unpin it (a callback); further ones than the view keeps are refused."""
    pins = list(st.session_state["pin"])
    if model_id in pins:
        pins.remove(model_id)
    elif len(pins) < MOST_PINS:
        pins.append(model_id)
    else:
        st.toast(f"At most {MOST_PINS} models can be pinned; unpin one first.", icon=":material/keep_off:")
    st.session_state["pin"] = pins


def _view(kind: type[SomeView], offered: Offered) -> SomeView:
    """Read the controls; a date that was there when the session began, and is no more, gives way to the newest."""
    state, values = st.session_state, {}
    for name, key in kind.keys().items():
        at = f"{kind.prefix}{name}"
        if key.kind == "date" and state[at] not in (None, *offered[name]):
            state[at] = links.control(key, "", offered[name])
        newest = key.newest and state[at] == next(iter(offered[name]))
        values[name] = key.default if newest or state[at] is None else type(key.default)(state[at])
    usual = kind(**{kind.start: values[kind.start]}).usual
    weights = {i: float(state[f"{kind.prefix}{i}"]) for i in usual}
    return kind(**values, weights={i: w for i, w in weights.items() if w != usual[i]})


def _valid(view: SomeView, shares: Callable[[SomeView], Shares]) -> tuple[SomeView, Shares]:
    """Return the view and its shares, or those of the last weights under which something counted."""
    state, key = st.session_state, f"_{view.prefix}valid"
    usable = (view, replace(view, **state.get(key, {})), replace(view, weights={}))
    for one in usable:
        with suppress(ValueError):
            found = shares(one)
            break
    if one is view:
        state[key] = {view.start: getattr(view, view.start), "weights": view.weights}
    else:
        sentence = f"{NOTHING_WEIGHS}; raise at least one weight. Shown until then: the last weights that counted."
        st.warning(sentence, icon=":material/balance:")
    return one, found


def _filters(view: View, offered: Offered) -> None:
    """Draw the first filters, and the others folded; how many of these are set is in sight."""
    st.subheader("Filters", anchor=False)
    kind, names = type(view), [name for name, key in view.keys().items() if key.section == "filters"]
    for name in names[:FIRST]:
        _control(kind, name, offered)
    if more := names[FIRST:]:
        changed = sum(
            getattr(view, name) != key.default for name, key in view.keys().items() if name in more and key.keeps
        )
        label = f"More filters: {changed} set" if changed else "More filters"
        with st.expander(label, icon=":material/filter_alt:", key=f"{view.prefix}more"):
            for name in more:
                _control(kind, name, offered)


def _control(kind: type[View], name: str, offered: Offered) -> None:
    key, at = kind.keys()[name], f"{kind.prefix}{name}"
    choices = offered.get(name, key.words)
    if isinstance(choices, Searched) and choices.search:
        _searched(at, key, choices.search)
        return
    # Of many values only the most frequent are listed.
    further = [value for value in st.session_state[at] if value not in choices] if key.others else []
    options = [*choices, *further]
    if key.kind != "date" or not key.placeholder or len(options) > 1:
        _widget(kind, name, options)


def _widget(kind: type[View], name: str, options: list[str]) -> None:
    key = kind.keys()[name]
    common: dict[str, Any] = {"key": f"{kind.prefix}{name}", "help": key.hint, **KEPT}
    shown = _words(kind, name, key)
    match key.kind:
        case "text":
            icon, placeholder = ":material/search:", key.placeholder
            st.text_input(key.label, max_chars=LONGEST_TEXT, placeholder=placeholder, icon=icon, live=True, **common)
        case "share":
            st.slider(key.label, 0.0, 1.0, step=0.05, format="percent", **common)
        case "switch":
            st.toggle(key.label, **common)
        case "names" | "choice" if key.buttons:
            mode: Any = "multi" if key.kind == "names" else "single"
            common |= {"required": mode == "single" and bool(key.default)}
            common |= {"label_visibility": "collapsed"} if key.section == "chart" else {}
            st.pills(key.label, options, selection_mode=mode, format_func=shown, **common)
        case "names":
            common |= {"max_selections": key.most or None, "placeholder": key.placeholder, "format_func": shown}
            st.multiselect(key.label, options, select_all=False, **common)
        case "choice" | "offered" | "date":
            st.selectbox(
                key.label,
                options,
                index=None if key.placeholder else 0,
                format_func=shown,
                placeholder=key.placeholder,
                on_change=reset if name == kind.start else None,
                args=(kind,) if name == kind.start else None,
                **common,
            )


def _searched(at: str, key: Key, search: Callable[[str, int], list[str]]) -> None:
    """Draw the control of values that are searched, because they are too many to list."""

    def choose(values: list[str]) -> None:
        st.session_state[at] = values

    chosen, placeholder = st.session_state[at], key.placeholder or ""
    search_box(key.label, at, chosen, key.most, lambda text: search(text, LISTED), placeholder, choose)


def _words(kind: type[View], name: str, key: Key) -> Callable[[str], str]:
    """Return how a control writes its options; what the weights started from says when they have changed since."""
    if key.kind == "date":
        return day
    start, moved = st.session_state[f"_{kind.prefix}now"]

    def shown(word: str) -> str:
        text = key.words.get(word, key.shown(word))
        return f"{text}, changed" if moved and (name, word) == (kind.start, start) else text

    return shown
