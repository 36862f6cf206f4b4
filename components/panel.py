"""The panel in the sidebar: how to weigh, what to show. It returns the View that all pages share.

Every control's key is its id in the link (components/link.py); its value stays in the session when the page changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from components import link, page
from data.models.snapshot import Snapshot
from scoring.factors.operational import LICENSE_LEVELS
from scoring.scorecards import DEFAULT_PRESET, MODEL, PRESET_LABELS
from scoring.types import Category
from scoring.view import MOST_PINS, MOST_WEIGHT, PUBLISHERS, View, preset_weights

COMFORTABLE_WEIGHT = 10.0  # where a factor's slider ends, unless a link says more
LONGEST_SEARCH = 200
UNKNOWN_WORDS = {"neutral": "Counts as the middle", "zero": "Counts as nothing", "skip": "Is left out"}
YARDSTICK_WORDS = {"goalposts": "Fixed goalposts", "population": "Least and most in this snapshot"}
PUBLISHER_WORDS = {
    "official": "Official organisations",
    "established": "Established owners",
    "neither": "Neither official nor established",
}
KEPT: dict[str, Any] = {"persist_state": "session"}


def view_panel(taken: Snapshot, filters: bool = False) -> View:
    """Draw the panel in the sidebar (with the filters where they matter) and return the view that it sets.

    What a link says that cannot be understood is ignored, with a note. All weights zero: a sentence, and the last
    valid weights.
    """
    offered = _offered(taken, tuple(page.snapshots()))
    link.read(offered)
    with st.sidebar:
        _weights()
        if filters:
            _filters(offered)
        _counting(offered["snapshot"])
    state = st.session_state
    standard = preset_weights(state["preset"])
    view = View(
        preset=state["preset"],
        weights={i: float(state[i]) for i, w in standard.items() if state[i] != w},
        unknown=state["unknown"],
        yardstick=state["yardstick"],
        min_coverage=float(state["min_coverage"]),
        cap=bool(state["cap"]),
        search=state["search"] or "",
        task=state["task"] or "",
        license=state["license"] or "",
        publisher=state["publisher"] or "",
        snapshot=state["snapshot"] or "",
        pin=tuple(state["pin"]),
    )
    state["_view"] = _valid(view)
    return state["_view"]


def reset_weights() -> None:
    """Set every slider to its preset's weight (a callback: it runs before the sliders are drawn)."""
    for weight_id, weight in preset_weights(st.session_state["preset"]).items():
        st.session_state[weight_id] = weight


def clear_filters() -> None:
    """Set every filter to its default (a callback)."""
    st.session_state.update({"search": "", "task": None, "license": None, "publisher": None})


def pin(model_id: str) -> None:
    """Pin a model, or unpin it (a callback); more than MOST_PINS are not taken."""
    pins = list(st.session_state["pin"])
    if model_id in pins:
        pins.remove(model_id)
    elif len(pins) < MOST_PINS:
        pins.append(model_id)
    else:
        st.toast(f"At most {MOST_PINS} models can be pinned; unpin one first.", icon=":material/keep_off:")
    st.session_state["pin"] = pins


def _weights() -> None:
    """Draw the sliders, each with its share of the total: what counts is how weights stand to one another."""
    _choice("Weights", "preset", PRESET_LABELS, DEFAULT_PRESET, on_change=reset_weights)
    state, standard = st.session_state, preset_weights(st.session_state["preset"])
    shares = _shares({i: float(state[i]) for i in standard})
    for c in MODEL.categories:
        label = f"{c.label} · {_percent(shares, c)} of the total"
        st.slider(label, 0.0, MOST_WEIGHT, step=1.0, format="%g", key=c.id, help=_explained(c), **KEPT)
    with st.expander("All factors", icon=":material/tune:"):
        st.caption("A factor’s weight counts within its category. Beside its name: its share of the total.")
        for c in MODEL.categories:
            st.markdown(f"**{c.label}** :gray-badge[{_percent(shares, c)}]")
            for f in c.factors:
                label = f"{f.label} · {f'{shares[f.id]:.1%}' if shares else '–'}"
                st.slider(label, 0.0, _end(f.id), step=0.25, format="%g", key=f.id, help=f.question, **KEPT)
    changed = any(state[i] != w for i, w in standard.items())
    st.button("Reset weights", key="reset", on_click=reset_weights, icon=":material/restart_alt:", disabled=not changed)


def _filters(offered: Mapping[str, list[str]]) -> None:
    st.subheader("Filters", anchor=False)
    st.text_input(
        "Search",
        key="search",
        max_chars=LONGEST_SEARCH,
        placeholder="name or owner",
        icon=":material/search:",
        live=True,
        **KEPT,
    )
    _choice("Task", "task", {t: t.replace("-", " ") for t in offered["task"]}, placeholder="any task")
    _choice("Licence", "license", {c: c.replace("_", " ") for c in offered["license"]}, placeholder="any licence")
    owners = {o: PUBLISHER_WORDS.get(o, o) for o in offered["publisher"]}
    _choice("Publisher", "publisher", owners, placeholder="anyone")
    st.slider(
        "Minimum coverage",
        0.0,
        1.0,
        step=0.05,
        format="percent",
        key="min_coverage",
        help="How much of the scorecard must be known of a model for it to get a rank. It is measured with the "
        "Balanced weights, so that no slider changes who is ranked.",
        **KEPT,
    )
    st.multiselect(
        "Pinned models",
        offered["pin"],
        key="pin",
        max_selections=MOST_PINS,
        placeholder="shown wherever they rank",
        select_all=False,
        **KEPT,
    )


def _counting(dates: list[str]) -> None:
    with st.expander("How to count", icon=":material/rule:"):
        _choice("What is unknown", "unknown", UNKNOWN_WORDS, "neutral")
        _choice("Scale between", "yardstick", YARDSTICK_WORDS, "goalposts")
        st.toggle(
            "Hold findings at 30",
            key="cap",
            help="A file that the Hub’s scanners call unsafe, or an owner’s name that looks like a well-known one, "
            "holds a total at 30 whatever the weights: popularity cannot buy security.",
            **KEPT,
        )
        if len(dates) > 1:
            _choice("Snapshot", "snapshot", {d: page.day(d) for d in dates}, placeholder="the newest")


def _choice(
    label: str,
    key: str,
    words: Mapping[str, str],
    default: str = "",
    on_change: Callable[[], None] | None = None,
    placeholder: str | None = None,
) -> None:
    """Draw a select box over ids, shown as words; without a default it can be emptied."""
    st.selectbox(
        label,
        list(words),
        index=list(words).index(default) if default else None,
        format_func=lambda option: words.get(option, option),
        key=key,
        on_change=on_change,
        placeholder=placeholder,
        **KEPT,
    )


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={Snapshot: page.name})
def _offered(taken: Snapshot, dates: tuple[str, ...]) -> dict[str, list[str]]:
    """What can be chosen, from the facts: the most frequent tasks and owners first."""
    facts = taken.facts
    return {
        "task": list(facts["task"].value_counts().index),
        "license": [c for c in LICENSE_LEVELS if (facts["license_class"] == c).any()],
        "publisher": [*PUBLISHERS, *facts["owner"].value_counts().index],
        "pin": list(facts["id"]),
        "snapshot": list(dates),
    }


def _end(factor_id: str) -> float:
    """Where a factor's slider ends: once it has been wide it stays so, since another end is another slider."""
    wide: set[str] = st.session_state.setdefault("_wide", set())
    if st.session_state[factor_id] > COMFORTABLE_WEIGHT:
        wide.add(factor_id)
    return MOST_WEIGHT if factor_id in wide else COMFORTABLE_WEIGHT


def _valid(view: View) -> View:
    """Return the view, or the last weights that were not all zero."""
    state = st.session_state
    try:
        view.card.shares()
    except ValueError as all_zero:
        st.warning(f"{all_zero} Shown until then: the last weights that were not all zero.", icon=":material/balance:")
        preset, weights = state.get("_valid_weights", (DEFAULT_PRESET, {}))
        return replace(view, preset=preset, weights=weights)
    state["_valid_weights"] = (view.preset, view.weights)
    return view


def _shares(weights: Mapping[str, float]) -> dict[str, float]:
    try:
        return MODEL.with_weights(weights).shares()
    except ValueError:
        return {}


def _percent(shares: Mapping[str, float], c: Category) -> str:
    return f"{sum(shares[f.id] for f in c.factors):.0%}" if shares else "–"


def _explained(c: Category) -> str:
    return f"What {c.label.lower()} counts beside the other categories; only how weights stand to one another matters."
