"""The weights in the panel: a slider each, with its share of the result, and the ways back and on from there.

The ranking has app.py in their place, where there is a browser that can run it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Literal

import streamlit as st

from components.open_file import open_file
from components.text import plain
from scoring.reasons.weights import SOURCES, reason
from scoring.scorecards import PRESET_LABELS
from scoring.settings import LONGEST_TEXT, MOST_WEIGHT, View, finite
from scoring.types import Category
from scoring.view import ModelView
from scoring.weighting import MOST_BYTES, UNNAMED, loaded, saved

COMFORTABLE_WEIGHT = 10.0  # where a slider ends, unless a usual weight or a link says more
FACTOR_WIDTH = 300  # pixels; two stand side by side where there is room
MOST_STEPS = 20  # that can be undone
KEPT: dict[str, Any] = {"persist_state": "session"}
Shares = Mapping[str, float]


def remember(view: View) -> None:
    """Note what the weights were before this run, so that it can be undone."""
    state, now = st.session_state, (getattr(view, view.start), dict(view.weights))
    before = state.setdefault(f"_{view.prefix}now", now)
    if before != now:
        past = state.setdefault(f"_{view.prefix}past", [])
        past.append(before)
        del past[:-MOST_STEPS]
        state[f"_{view.prefix}now"] = now


def reset(kind: type[View]) -> None:
    """Set every weight to its usual one (a callback: it runs before the sliders are drawn)."""
    _set(kind(**{kind.start: st.session_state[f"{kind.prefix}{kind.start}"]}))


def adopt(sent: Mapping[str, Any]) -> None:
    """Take over weights of models that were let go of elsewhere, and the preset they stand on (a callback)."""
    state = st.session_state
    if (preset := sent.get("preset")) in PRESET_LABELS:
        state["preset"] = preset
    for weight_id in ModelView().usual:
        with suppress(KeyError, ValueError):
            state[weight_id] = finite(weight_id, [str(sent["weights"][weight_id])], MOST_WEIGHT)


def sliders(view: View, shares: Shares, tips: Mapping[str, str]) -> None:
    """Draw the weights, each with its share of the result: what counts is how weights stand to one another.

    `tips` are what is to be known of a category, by its id.
    """
    card, state = view.card, st.session_state
    _named(view)
    wide = max(c.weight for c in type(view)().card.categories) > COMFORTABLE_WEIGHT
    if wide:
        state.setdefault(f"_{view.prefix}wide", set()).update(c.id for c in card.categories)
    for c in card.categories:
        counts = any(shares[f.id] for f in c.factors) or not c.weight
        label = f"{c.label} · {f'{_percent(shares, c)} of the {view.result}' if counts else 'not counted'}"
        hint = f"What {c.label.lower()} counts beside the others; only how weights stand to one another matters."
        _slider(view, c.id, label, f"{hint} {_why(view, c.id)}".strip(), 1.0 if wide else 0.5)
        if c.id in tips:
            st.caption(plain(tips[c.id]))
    factors(view, shares, width="stretch")
    _ways_back(view)


def factors(view: View, shares: Shares, **look: Any) -> None:
    """Draw the weights of all factors behind a button, which may have another look."""
    label, key = f"All {len(view.card.factors)} {view.part} weights", f"{view.prefix}all"
    with st.popover(label, icon=":material/tune:", key=key, on_change="rerun", **look) as body:
        if body.open:
            _factors(view, shares)


def _ways_back(view: View) -> None:
    kind, state = type(view), st.session_state
    past = state.get(f"_{view.prefix}past", [])
    with st.container(horizontal=True, gap="small"):
        undo = f"Back to the weights before the last change, up to {MOST_STEPS} times."
        common: dict[str, Any] = {"args": (kind,), "type": "tertiary"}
        st.button("Undo", f"{view.prefix}undo", undo, _undo, icon=":material/undo:", disabled=not past, **common)
        unchanged = all(state[f"{view.prefix}{i}"] == w for i, w in view.usual.items())
        again = f"Every weight as the {kind.start} has it."
        st.button(
            "Reset",
            f"{view.prefix}reset",
            again,
            reset,
            icon=":material/restart_alt:",
            disabled=unchanged,
            **common,
        )
        _folded(view, "File")


def file(view: View) -> None:
    """Draw the name of weights that were loaded, and the file, where the page itself has the sliders."""
    _named(view)
    _folded(view, "Weights in a file")


def _folded(view: View, label: str) -> None:
    key = f"{view.prefix}file"
    with st.popover(label, icon=":material/save:", type="tertiary", key=key, on_change="rerun") as body:
        if body.open:
            _file(view)


def _named(view: View) -> None:
    name, of = st.session_state.get(f"_{view.prefix}name", ("", None))
    if name and of == (getattr(view, view.start), view.weights):
        st.caption(plain(f"“{name}”"))


def _file(view: View) -> None:
    """Save the weights under a name, or load some: the browser reads the file, so that no upload reaches the server."""
    kind, at = type(view), f"_{view.prefix}outcome"
    name = st.text_input(
        "Name of these weights", key=f"{view.prefix}weights_name", max_chars=LONGEST_TEXT, placeholder=UNNAMED, **KEPT
    )
    file_name = re.sub(r"[^\w]+", "-", name or UNNAMED).strip("-").lower() or "weights"
    st.download_button(
        "Save to a file",
        lambda: saved(view, name),
        file_name=f"{file_name}.json",
        mime="application/json",
        on_click="ignore",
        icon=":material/download:",
        key=f"{view.prefix}save",
    )
    open_file("Load from a file", ".json,application/json", MOST_BYTES, lambda text: _load(kind, text), view.prefix)
    if outcome := st.session_state.get(at):
        st.caption(plain(outcome))


def _load(kind: type[View], text: str) -> None:
    """Use the weights of a file (a callback), or say what is wrong with it and change nothing."""
    state = st.session_state
    try:
        name, view, note = loaded(kind, text)
    except ValueError as wrong:
        state[f"_{kind.prefix}outcome"] = f"{wrong} Your weights are as they were."
        return
    _set(view)
    state[f"_{kind.prefix}name"] = name, (getattr(view, kind.start), dict(view.weights))
    state[f"_{kind.prefix}outcome"] = f"Loaded: “{name}”. {note}".strip()


def _undo(kind: type[View]) -> None:
    state = st.session_state
    if past := state.get(f"_{kind.prefix}past"):
        start, weights = state[f"_{kind.prefix}now"] = past.pop()
        _set(kind(**{kind.start: start}, weights=weights))


def _set(view: View) -> None:
    """Give the controls of the weights what a view has."""
    state = st.session_state
    state[f"{view.prefix}{view.start}"] = getattr(view, view.start)
    for weight_id, weight in (view.usual | dict(view.weights)).items():
        state[f"{view.prefix}{weight_id}"] = float(weight)


def _factors(view: View, shares: Shares) -> None:
    groups = view.card.groups
    rule = (
        "group’s weight multiplies those of its indicators" if groups else "factor’s weight counts within its category"
    )
    st.caption(f"A {rule}. Beside each name: its share of the {view.result}.")
    for c in view.card.categories:
        st.markdown(f"**{c.label}** :gray-badge[{_percent(shares, c)}]")
        with st.container(horizontal=True, gap="small", key=f"{view.prefix}factors_of_{c.id}"):
            for name in dict.fromkeys(f.group for f in c.factors):
                _group(view, shares, groups, name, [f for f in c.factors if f.group == name])


def _group(view: View, shares: Shares, groups: Mapping[str, tuple[str, ...]], name: str, inside: list[Any]) -> None:
    if name:
        group = next(group for group, ids in groups.items() if inside[0].id in ids)
        label = f"Group: {name} · {sum(shares[f.id] for f in inside):.1%}"
        _slider(view, group, label, None, 0.25, FACTOR_WIDTH)
    c = view.card.category_of(inside[0].id)
    for f in inside:
        part = f"{shares[f.id]:.1%}" if shares[f.id] or not (f.weight and c.weight) else "not counted"
        hint = f"{f.question} {_why(view, f.id)}".strip()
        _slider(view, f.id, f"{f.label} · {part}", hint, 0.25, FACTOR_WIDTH)


def _slider(
    view: View, weight_id: str, label: str, hint: str | None, step: float, width: int | Literal["stretch"] = "stretch"
) -> None:
    """Draw a slider that ends where it is comfortable, unless its weight is larger.

    When it has been wide it stays so, since another end is another slider.
    """
    state, key = st.session_state, f"{view.prefix}{weight_id}"
    wide: set[str] = state.setdefault(f"_{view.prefix}wide", set())
    if max(state[key], view.usual[weight_id]) > COMFORTABLE_WEIGHT:
        wide.add(weight_id)
    end = MOST_WEIGHT if weight_id in wide else COMFORTABLE_WEIGHT
    st.slider(label, 0.0, end, step=step, format="%g", key=key, help=hint, width=width, **KEPT)


def _why(view: View, weight_id: str) -> str:
    """Say why a weight is what it is in the preset; the methods of organisations state theirs as a whole."""
    if not isinstance(view, ModelView):
        return ""
    why, source = reason(view.preset, weight_id)
    return f"{PRESET_LABELS[view.preset]}: {why}" + (f" ([{source}]({SOURCES[source]}))" if source else "")


def _percent(shares: Shares, c: Category) -> str:
    return f"{sum(shares[f.id] for f in c.factors):.0%}"
