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
from components.session import Snapshot
from components.text import plain
from scoring.ground import ranked_on, rests_on
from scoring.reasons.weights import SOURCES, reason
from scoring.scorecards import PRESET_LABELS
from scoring.scores import Scores
from scoring.settings import LONGEST_TEXT, MOST_WEIGHT, NOTHING_WEIGHS, Key, Offered, Section, View
from scoring.types import Category
from scoring.view import MOST_PINS, ModelView, OrganisationView

COMFORTABLE_WEIGHT = 10.0  # where a slider ends, unless a usual weight or a link says more
MANY = 50  # factors; more sliders than these are drawn when somebody opens them
KEPT: dict[str, Any] = {"persist_state": "session"}
Shares = Mapping[str, float]
SomeView = TypeVar("SomeView", bound=View)


def model_panel(snapshot: Snapshot, filters: bool = False) -> ModelView:
    """Draw the panel of the pages about models (with the filters where they matter) and return the view."""
    return panel(ModelView, session.offered(snapshot), lambda view: view.counted(snapshot).shares(), filters)


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
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(plain(sentence), width="stretch")
        st.button(label, on_click=st.session_state.update, args=({"count": other},), icon=":material/rule:")


def organisation_panel(
    months: Sequence[str], filters: bool = False, weights: bool = True
) -> tuple[OrganisationView, str]:
    """Draw the panel of the pages about organisations and return the view that it sets, and the month that it shows.

    A page that ranks nobody draws it without the `weights`; they stay as they are.
    """

    def shares(view: OrganisationView) -> Shares:
        return session.scored(view, view.month or months[-1]).usual_shares

    view = panel(OrganisationView, session.offered_months(months), shares, filters, weights)
    return view, view.month or months[-1]


def panel(
    kind: type[SomeView],
    offered: Offered,
    shares: Callable[[SomeView], Shares],
    filters: bool = False,
    weights: bool = True,
) -> SomeView:
    """Draw the panel in the sidebar and return the view that it sets; `shares` says what each factor counts under one.

    What a link says that cannot be understood is ignored, with a note. All weights zero: a sentence, and the last
    valid weights.
    """
    links.read(kind, offered)
    view, counts = _valid(_view(kind, offered), shares if weights else lambda view: view.card.shares())
    st.session_state[f"_{kind.prefix}view"] = view
    if filters:
        _section(kind, "purpose", offered)
    with st.sidebar:
        _section(kind, "head", offered)
        if weights:
            _section(kind, "weights", offered)
            _sliders(view, counts)
        if filters:
            st.subheader("Filters", anchor=False)
            _section(kind, "filters", offered)
        if any(key.section == "counting" for key in kind.keys().values()):
            with st.expander("How to count", icon=":material/rule:"):
                _section(kind, "counting", offered)
    return view


def controls(kind: type[View], section: Section, offered: Offered) -> None:
    """Draw the controls of a section that a page has in a place of its own."""
    _section(kind, section, offered)


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
            state[at] = links.control(key, "", list(offered[name]))
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


def _section(kind: type[View], section: Section, offered: Offered) -> None:
    for name, key in kind.keys().items():
        options = list(offered.get(name, key.words))
        if key.section == section and not (key.kind == "date" and key.placeholder and len(options) < 2):
            _control(kind, name, key, options)


def _control(kind: type[View], name: str, key: Key, options: list[str]) -> None:
    common: dict[str, Any] = {"key": f"{kind.prefix}{name}", "help": key.hint, **KEPT}
    shown = day if key.kind == "date" else lambda word: key.words.get(word, key.shown(word))
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
            required = mode == "single" and bool(key.default)
            st.pills(key.label, options, selection_mode=mode, required=required, format_func=shown, **common)
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
                on_change=_reset if name == kind.start else None,
                args=(kind,) if name == kind.start else None,
                **common,
            )


def _reset(kind: type[View]) -> None:
    """Set every slider to its usual weight (a callback: it runs before the sliders are drawn)."""
    state = st.session_state
    for weight_id, weight in kind(**{kind.start: state[f"{kind.prefix}{kind.start}"]}).usual.items():
        state[f"{kind.prefix}{weight_id}"] = weight


def _sliders(view: View, shares: Shares) -> None:
    """Draw the weights, each with its share of the result: what counts is how weights stand to one another."""
    card, state = view.card, st.session_state
    wide = max(c.weight for c in type(view)().card.categories) > COMFORTABLE_WEIGHT
    if wide:
        state.setdefault(f"_{view.prefix}wide", set()).update(c.id for c in card.categories)
    for c in card.categories:
        counts = any(shares[f.id] for f in c.factors) or not c.weight
        label = f"{c.label} · {f'{_percent(shares, c)} of the {view.result}' if counts else 'not counted'}"
        hint = f"What {c.label.lower()} counts beside the others; only how weights stand to one another matters."
        hint = f"{hint} {_why(view, c.id)}".strip()
        _slider(view, c.id, label, hint, 1.0 if wide else 0.5)
    many: dict[str, Any] = {"key": f"{view.prefix}all", "on_change": "rerun"} if len(card.factors) > MANY else {}
    with st.expander(f"All {view.part}s", icon=":material/tune:", **many) as body:
        if not many or body.open:
            _factors(view, shares)
    st.button(
        "Reset weights",
        key=f"{view.prefix}reset",
        on_click=_reset,
        args=(type(view),),
        icon=":material/restart_alt:",
        disabled=all(state[f"{view.prefix}{i}"] == w for i, w in view.usual.items()),
    )


def _factors(view: View, shares: Shares) -> None:
    groups = view.card.groups
    rule = (
        "group’s weight multiplies those of its indicators" if groups else "factor’s weight counts within its category"
    )
    st.caption(f"A {rule}. Beside each name: its share of the {view.result}.")
    for c in view.card.categories:
        st.markdown(f"**{c.label}** :gray-badge[{_percent(shares, c)}]")
        for name in dict.fromkeys(f.group for f in c.factors):
            inside = [f for f in c.factors if f.group == name]
            if name:
                group = next(group for group, ids in groups.items() if inside[0].id in ids)
                label = f"Group: {name} · {sum(shares[f.id] for f in inside):.1%}"
                _slider(view, group, label, None, 0.25)
            for f in inside:
                part = f"{shares[f.id]:.1%}" if shares[f.id] or not (f.weight and c.weight) else "not counted"
                _slider(view, f.id, f"{f.label} · {part}", f"{f.question} {_why(view, f.id)}".strip(), 0.25)


def _slider(view: View, weight_id: str, label: str, hint: str | None, step: float) -> None:
    """Draw a slider that ends where it is comfortable, unless its weight is larger.

    When it has been wide it stays so, since another end is another slider.
    """
    state, key = st.session_state, f"{view.prefix}{weight_id}"
    wide: set[str] = state.setdefault(f"_{view.prefix}wide", set())
    if max(state[key], view.usual[weight_id]) > COMFORTABLE_WEIGHT:
        wide.add(weight_id)
    end = MOST_WEIGHT if weight_id in wide else COMFORTABLE_WEIGHT
    st.slider(label, 0.0, end, step=step, format="%g", key=key, help=hint, **KEPT)


def _why(view: View, weight_id: str) -> str:
    """Say why a weight is what it is in the preset; the methods of organisations state theirs as a whole."""
    if not isinstance(view, ModelView):
        return ""
    why, source = reason(view.preset, weight_id)
    return f"{PRESET_LABELS[view.preset]}: {why}" + (f" ([{source}]({SOURCES[source]}))" if source else "")


def _percent(shares: Shares, c: Category) -> str:
    return f"{sum(shares[f.id] for f in c.factors):.0%}"
