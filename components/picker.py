"""Pick whom a page is about: from all of a snapshot or a month, or a model that is looked up while the reader waits.

The choice stays in the link.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol

import streamlit as st

from components import frame, links
from components.search_box import LISTED, put, search_box
from components.session import Snapshot
from components.text import clean, listed, plain
from scoring import settings
from scoring.reasons.influence import name
from scoring.view import MOST_PINS

FEWEST, MOST = 2, 6
LONGEST_ID = 200  # an owner and a name of 96 letters each, and a little
NEAREST = 4
LONGEST_ENTRY = 300  # letters of an id or a link
EXAMPLES = ("openai-community/gpt2", "google-bert/bert-base-uncased", "Qwen/Qwen3-0.6B")
OFTEN = 0.1  # seconds between two looks at how far it is
SIGNS = {"waiting": ":material/hourglass_empty:", "done": ":material/check:", "failed": ":material/close:"}


def one(snapshot: Snapshot, key: str = "model") -> tuple[str, str]:
    """Draw the search for one model; returns what the link asks for and the model's id (empty if there is none)."""
    asked = clean(st.query_params.get(key, ""), LONGEST_ID)
    found = snapshot.resolve(asked)
    search_box("Model", key, [found] if found else [], 1, _searching(snapshot), _hint(snapshot))
    return asked, found


def some(snapshot: Snapshot, key: str = "compare") -> tuple[list[str], list[str]]:
    """Draw the search for two to six models; returns the ids that were found and what the link asks for in vain."""
    asked = [one for one in dict.fromkeys(clean(text, LONGEST_ID) for text in st.query_params.get_all(key)) if one]
    known = {text: snapshot.resolve(text) for text in asked}
    found = list(dict.fromkeys(filter(None, known.values())))
    search_box("Models to compare", key, found, MOST, _searching(snapshot), _hint(snapshot))
    return found, [text for text, model in known.items() if not model]


def _hint(snapshot: Snapshot) -> str:
    return f"Type a part of a name to search {len(snapshot.facts):,} models"


def _searching(snapshot: Snapshot) -> Callable[[str], list[str]]:
    return lambda text: snapshot.search(text, LISTED)


def organisation(ranked: Sequence[str], month: str, others: Mapping[str, Collection[str]]) -> str:
    """Draw the search for one organisation, which the link names, and return it; a sentence where it is not ranked.

    `ranked` are those of a month, `others` those of every month.
    """
    state, key = st.session_state, "influence_organisation"
    asked = links.asked("organisation")
    own = {i.lower(): i for i in ranked}
    if asked.lower() in own:
        state[key] = own[asked.lower()]
    in_vain = asked if asked and asked.lower() not in own else ""
    if state.get(key) not in ranked:
        in_vain = in_vain or state.get(key, "")
        state[key] = ranked[0]
    if in_vain:
        months = [m for m, ids in others.items() if in_vain.lower() in map(str.lower, ids)]
        when = f"in the month of {frame.day(month)}"
        problem = f"There is no organisation “{in_vain}” {when}{settings.nearest(in_vain, ranked)}"
        if months:
            problem = f"{in_vain} is not ranked {when}; it is ranked on {listed([frame.day(m) for m in months])}."
        st.warning(plain(f"{problem} Shown instead: {ranked[0]}."), icon=":material/search_off:")
    icon = ":material/search:"
    chosen = st.selectbox(
        "Organisation",
        ranked,
        key=key,
        icon=icon,
        format_func=name,
        label_visibility="collapsed",
        persist_state="session",
    )
    return str(chosen)


def within(found: Sequence[str], in_vain: Sequence[str], most: int = MOST) -> list[str]:
    """Return the first `most` of the models that were found; what is left out is named on the page."""
    if in_vain:
        names = ", ".join(f"“{plain(text)}”" for text in in_vain[:MOST])
        st.warning(f"Not in this snapshot, so left out: {names}.", icon=":material/search_off:")
    if len(found) > most:
        st.warning(f"{len(found)} models are too many to read side by side; these are the first {most}.")
    return list(found[:most])


def none_found(asked: str, snapshot: Snapshot, key: str = "model") -> None:
    """Draw what a page for one model shows without one: what was asked for in vain, and models to start with."""
    frame.header("Model", "Search a model to see its total, every reason for it, and what would change its rank.")
    close = snapshot.nearest(asked, NEAREST) if asked else []
    if asked:
        st.warning(
            f"There is no model “{plain(asked)}” in this snapshot of {len(snapshot.facts):,} models. "
            "Check the spelling (owner/name), or search by a part of its name.",
            icon=":material/search_off:",
        )
    st.markdown("The nearest names:" if close else "Some that many people like:")
    with st.container(horizontal=True):
        for model in close or snapshot.search("", NEAREST):
            choose(key, model, model)


def pairs(picked: Sequence[str], snapshot: Snapshot, suggested: Sequence[Sequence[str]], key: str = "compare") -> None:
    """Draw what the comparison shows with fewer than two models: what is missing, and pairs to start with."""
    suggested = [pair for pair in suggested if len(snapshot.rows(pair)) == len(pair)]
    if picked:
        st.info("Pick one more model to compare it with. Some with a like name:", icon=":material/compare_arrows:")
        suggested = [[picked[0], near] for near in snapshot.nearest(picked[0], NEAREST + 1) if near != picked[0]]
    else:
        st.info("Pick two to six models above, or start with a pair:", icon=":material/compare_arrows:")
    with st.container(horizontal=True):
        for pair in suggested:
            label = pair[1] if picked else " and ".join(model.rpartition("/")[2] for model in pair)
            choose(key, list(pair), label, icon=":material/add:" if picked else None)


def pin(model: str) -> None:
    """Draw the button that keeps a model in sight on the ranking, wherever it ranks."""
    pins = list(st.session_state.get("pin") or [])
    held = model in pins
    st.button(
        "Unpin from ranking" if held else "Pin in ranking",
        key="unpin_model" if held else "pin_model",
        icon=":material/keep_off:" if held else ":material/keep:",
        on_click=st.session_state.update,
        args=({"pin": [m for m in pins if m != model] if held else [*pins, model]},),
        disabled=not held and len(pins) >= MOST_PINS,
        help=f"The ranking shows up to {MOST_PINS} pinned models wherever they rank.",
    )


def choose(key: str, model: str | list[str], label: str, icon: str | None = None) -> None:
    """Draw a button that picks a model (or some) in the search with this key."""
    one = model if isinstance(model, str) else " ".join(model)
    st.button(plain(label), key=f"{key}_{one}", icon=icon, on_click=put, args=(key, model))


class Lookup(Protocol):
    """What is drawn of a look-up: how far each part is (waiting, done, failed), why one is missing, or everything."""

    model: str
    parts: Any
    failed: dict[str, str]
    refused: str
    done: threading.Event


def entry(caution: str, key: str = "any") -> str:
    """Draw where an id or a link is typed, and a word of caution; returns it, or what the link of the page says."""
    typed = st.text_input(
        "Id or link of a model on the Hugging Face Hub",
        key=key,
        max_chars=LONGEST_ENTRY,
        placeholder="owner/name, or https://huggingface.co/owner/name",
        icon=":material/travel_explore:",
        bind="query-params",
    )
    if caution:
        st.caption(plain(caution))
    return clean(typed or "", LONGEST_ENTRY)


def wait(found: Lookup, words: Mapping[str, str]) -> None:
    """Draw how far a look-up is until it is done; only this visitor waits."""
    with st.status(f"Asking the Hub for {plain(found.model)} …", expanded=not found.done.is_set()) as box:
        progress = st.empty()
        over = False
        while not over:
            over = found.done.wait(OFTEN)
            progress.markdown("  \n".join(f"{SIGNS[state]} {words[part]}" for part, state in found.parts.items()))
        came = sum(state == "done" for state in found.parts.values())
        label = f"{came} of {len(found.parts)} parts came" if not found.refused else "The Hub did not give this model"
        box.update(label=label, state="complete" if not (found.failed or found.refused) else "error", expanded=False)


def missing(failed: Mapping[str, str], words: Mapping[str, str]) -> None:
    """Name the parts that did not come, each with its reason; what they would have shown is unknown."""
    if failed:
        named = {
            reason: listed([word for part, word in words.items() if failed.get(part) == reason])
            for reason in failed.values()
        }
        reasons = " ".join(f"{parts[0].upper()}{parts[1:]}: {reason}" for reason, parts in named.items())
        sentence = f"Some parts did not come, so what they would have shown is unknown, not zero. {reasons}"
        st.warning(plain(sentence), icon=":material/cloud_off:")


def nothing(mistyped: str, refused: str, words: Mapping[str, str], may_ask: bool) -> None:
    """Say why there is nothing: what was typed is no model, or the Hub was not asked or refused; else invite."""
    if mistyped:
        st.warning(plain(mistyped), icon=":material/search_off:")
    elif refused:
        st.warning(plain(f"{refused} Every other page works without the Hub."), icon=":material/cloud_off:")
        if may_ask:
            again()
    else:
        _invite(words)


def again() -> None:
    """Draw the button that asks again, whatever is kept."""
    st.button("Ask again", icon=":material/refresh:", on_click=st.session_state.update, args=({"_again": True},))


def _invite(words: Mapping[str, str], key: str = "any") -> None:
    """Draw what would be asked, and some models to begin with."""
    st.markdown(plain(f"What is asked of the Hub: {listed(list(words.values()))}. What does not come is unknown."))
    st.markdown("For example:")
    with st.container(horizontal=True):
        for model in EXAMPLES:
            st.button(plain(model), key=f"{key}_{model}", on_click=st.session_state.update, args=({key: model},))
