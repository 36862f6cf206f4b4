"""The panel of the organisations' pages: month, method, weights and whom to list, and the view that they make.

A control's key in the link is its id; its widget's key has a prefix, for the models' pages use some of the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from components import link, months, page
from components.text import clean, plain
from scoring.influence_view import KEYS, InfluenceView, nearest, parse, standard, weighs
from scoring.methods import METHODS
from scoring.scorecards import ORGANISATION
from scoring.scores import Scores
from scoring.types import Category
from scoring.view import MOST_WEIGHT

COMFORTABLE_WEIGHT = 10.0  # where a slider ends, unless a link says more
KEPT: dict[str, Any] = {"persist_state": "session"}
_PREFIX = "influence_"


def influence_panel(known: Sequence[str], filters: bool = False, weights: bool = True) -> tuple[InfluenceView, str]:
    """Draw the panel in the sidebar and return the view that it sets, and the month that it shows.

    A page that ranks nobody draws it without the `weights`; they stay as they are.
    What a link says that cannot be understood is ignored, with a note. All weights zero: a sentence, and the last valid
    weights.
    """
    every = months.names(list(known))
    _read(list(known), every)
    view = _valid(_view(known))
    st.session_state["_influence_view"] = view
    taken = view.month or known[-1]
    with st.sidebar:
        st.selectbox("Month", known[::-1], format_func=page.day, key=_key("month"), **KEPT)
        if weights:
            _weights(view, taken)
        if filters:
            st.subheader("Filters", anchor=False)
            st.multiselect(
                "Organisations",
                every,
                key=_key("only"),
                placeholder="all of them",
                select_all=False,
                help="Ranks still count all organisations.",
                **KEPT,
            )
    return view, taken


def pick(now: Scores, known: Sequence[str]) -> str:
    """Draw the search for one organisation, which the link names, and return it; a sentence where it is not ranked."""
    ranked = [str(now.ids[n]) for n in now.order]
    state, key = st.session_state, _key("organisation")
    asked = str(state.pop("_organisation_asked", ""))
    own = {i.lower(): i for i in ranked}
    if asked.lower() in own:
        state[key] = own[asked.lower()]
    in_vain = asked if asked and asked.lower() not in own else ""
    if state.get(key) not in ranked:
        in_vain = in_vain or state.get(key, "")
        state[key] = ranked[0]
    if in_vain:
        st.warning(plain(_not_ranked(in_vain, ranked, now.as_of, known)), icon=":material/search_off:")
    return str(
        st.selectbox("Organisation", ranked, key=key, icon=":material/search:", label_visibility="collapsed", **KEPT)
    )


def reset_weights() -> None:
    """Set every slider to its method's own weight (a callback: it runs before the sliders are drawn)."""
    for weight_id, weight in standard(st.session_state[_key("method")]).items():
        st.session_state[_key(weight_id)] = weight


def clear_filter() -> None:
    """List everybody again (a callback)."""
    st.session_state[_key("only")] = []


def _read(known: list[str], every: list[str]) -> None:
    """Put what the address says into the session's state, when a session opens and on arrival from another page."""
    state = st.session_state
    first, arrived = "_influence_ignored" not in state, page.arrived()
    params = {key: st.query_params.get_all(key) for key in st.query_params} if first or arrived else {}
    if first or arrived:
        state["_organisation_asked"] = clean("".join(params.get("organisation", [])[-1:]), 80)
    if first or not KEYS.isdisjoint(params):
        view, notes = parse(params, known, every)
        state["_influence_ignored"] = notes
        _adopt(view, known)
    elif arrived:
        _adopt(state["_influence_view"], known)
    link.tell("_influence_ignored")


def _adopt(view: InfluenceView, known: Sequence[str]) -> None:
    state = st.session_state
    state[_key("month")] = view.month if view.month in known else known[-1]
    state[_key("method")] = view.method
    state[_key("only")] = list(view.only)
    for weight_id, weight in (standard(view.method) | dict(view.weights)).items():
        state[_key(weight_id)] = float(weight)


def _view(known: Sequence[str]) -> InfluenceView:
    state = st.session_state
    if state[_key("month")] not in known:  # it was there when the session began
        state[_key("month")] = known[-1]
    month, method = state[_key("month")], state[_key("method")]
    usual = standard(method)
    return InfluenceView(
        month="" if month == known[-1] else month,
        method=method,
        weights={i: float(state[_key(i)]) for i, w in usual.items() if state[_key(i)] != w},
        only=tuple(state[_key("only")]),
    )


def _valid(view: InfluenceView) -> InfluenceView:
    """Return the view, or the last weights that were not all zero."""
    if weighs(view):
        st.session_state["_influence_valid"] = (view.method, view.weights)
        return view
    st.warning(
        "All weights are zero, so nothing can be ranked; raise at least one weight. "
        "Shown until then: the last weights that were not all zero.",
        icon=":material/balance:",
    )
    method, weights = st.session_state.get("_influence_valid", (view.method, {}))
    return replace(view, weights=weights if method == view.method else {})


def _weights(view: InfluenceView, taken: str) -> None:
    """Draw the method, the sliders of its dimensions and, once they are asked for, those of all indicators."""
    labels = {m.id: m.label for m in METHODS.values()}
    st.selectbox(
        "Method",
        list(labels),
        format_func=lambda method: labels[method],
        key=_key("method"),
        on_change=reset_weights,
        help="How indicators become one score. The line above the bars says how much the order depends on it.",
        **KEPT,
    )
    _sliders(view, months.scored(view, taken))


def _sliders(view: InfluenceView, now: Scores) -> None:
    """Draw the weights, each with its share of the score: what counts is how weights stand to one another."""
    for c in ORGANISATION.categories:
        label = f"{c.label} · {_share(now, c):.0%} of the score"
        help_ = f"What {c.label} counts beside the other dimensions."
        st.slider(label, 0.0, _end(c.id), step=0.5, format="%g", key=_key(c.id), help=help_, **KEPT)
    with st.expander("All indicators", icon=":material/tune:", key="all_indicators", on_change="rerun") as body:
        if body.open:
            _indicators(now)
    st.button(
        "Reset weights",
        key="influence_reset",
        on_click=reset_weights,
        icon=":material/restart_alt:",
        disabled=not view.weights,
    )


def _indicators(now: Scores) -> None:
    st.caption("A group’s weight multiplies those of its indicators. Beside each name: its share of the score.")
    for c in ORGANISATION.categories:
        st.markdown(f"**{c.label}** :gray-badge[{_share(now, c):.0%}]")
        for group, inside in ORGANISATION.groups.items():
            if not group.startswith(f"{c.id}_group_"):
                continue
            own = [f for f in c.factors if f.id in inside]
            share = sum(now.usual_shares[f.id] for f in own)
            label = f"Group: {own[0].group} · {share:.1%}"
            st.slider(label, 0.0, _end(group), step=0.25, format="%g", key=_key(group), **KEPT)
            for f in own:
                label = f"{f.label} · {now.usual_shares[f.id]:.1%}"
                st.slider(label, 0.0, _end(f.id), step=0.25, format="%g", key=_key(f.id), help=f.question, **KEPT)


def _share(now: Scores, c: Category) -> float:
    return sum(now.usual_shares[f.id] for f in c.factors)


def _end(weight_id: str) -> float:
    """Where a slider ends: once it has been wide it stays so, since another end is another slider."""
    wide: set[str] = st.session_state.setdefault("_influence_wide", set())
    if st.session_state[_key(weight_id)] > COMFORTABLE_WEIGHT:
        wide.add(weight_id)
    return MOST_WEIGHT if weight_id in wide else COMFORTABLE_WEIGHT


def _not_ranked(asked: str, ranked: Sequence[str], month: str, known: Sequence[str]) -> str:
    others = [m for m in known if asked.lower() in map(str.lower, months.rolled(m).month.ids)]
    if others:
        said = f"{asked} is not ranked in the month of {page.day(month)}; it is in {', '.join(others)}."
    else:
        said = f"There is no organisation “{asked}” in the month of {page.day(month)}{nearest(asked, ranked)}"
    return f"{said} Shown instead: {ranked[0]}."


def _key(name: str) -> str:
    return f"{_PREFIX}{name}"
