"""A model that is looked up while the reader waits: where it is typed, how far the look-up is, what is missing."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Protocol

import streamlit as st

from components import picker
from components.text import clean, plain

LONGEST = 300  # letters of an id or a link
EXAMPLES = ("openai-community/gpt2", "google-bert/bert-base-uncased", "Qwen/Qwen3-0.6B")
OFTEN = 0.1  # seconds between two looks at how far it is
SIGNS = {"waiting": ":material/hourglass_empty:", "done": ":material/check:", "failed": ":material/close:"}


class Lookup(Protocol):
    """What is drawn of a look-up: how far each part is, and why one is missing."""

    @property
    def model(self) -> str:
        """The id that is looked up."""

    @property
    def parts(self) -> Mapping[str, str]:
        """How far each part is: waiting, done or failed."""

    @property
    def failed(self) -> Mapping[str, str]:
        """Why a part is missing."""

    @property
    def refused(self) -> str:
        """Why there is nothing at all."""

    @property
    def done(self) -> threading.Event:
        """Set when it is over."""


def entry(caution: str, key: str = "any") -> str:
    """Draw where an id or a link is typed, and a word of caution; returns it, or what the link of the page says."""
    typed = st.text_input(
        "Id or link of a model on the Hugging Face Hub",
        key=key,
        max_chars=LONGEST,
        placeholder="owner/name, or https://huggingface.co/owner/name",
        icon=":material/travel_explore:",
        bind="query-params",
    )
    if caution:
        st.caption(plain(caution))
    return clean(typed or "", LONGEST)


def wait(found: Lookup, words: Mapping[str, str]) -> None:
    """Draw how far a look-up is until it is done; only this visitor waits."""
    with st.status(f"Asking the Hub for {plain(found.model)} …", expanded=not found.done.is_set()) as box:
        said = st.empty()
        over = False
        while not over:
            over = found.done.wait(OFTEN)
            said.markdown("  \n".join(f"{SIGNS[state]} {words[part]}" for part, state in found.parts.items()))
        came = sum(state == "done" for state in found.parts.values())
        label = f"{came} of {len(found.parts)} parts came" if not found.refused else "The Hub did not give this model"
        box.update(label=label, state="complete" if not (found.failed or found.refused) else "error", expanded=False)


def missing(failed: Mapping[str, str], words: Mapping[str, str]) -> None:
    """Name the parts that did not come, each with its reason; what they would have told is unknown."""
    if failed:
        named = {
            reason: _and([said for part, said in words.items() if failed.get(part) == reason])
            for reason in failed.values()
        }
        reasons = " ".join(f"{parts[0].upper()}{parts[1:]}: {reason}" for reason, parts in named.items())
        said = f"Some parts did not come, so what they would have told is unknown, not zero. {reasons}"
        st.warning(plain(said), icon=":material/cloud_off:")


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
    """Draw the button that asks once more, whatever is kept."""
    st.button("Ask again", icon=":material/refresh:", on_click=st.session_state.update, args=({"_again": True},))


def _invite(words: Mapping[str, str], key: str = "any") -> None:
    """Draw what would be asked, and some models to begin with."""
    st.markdown(plain(f"What is asked of the Hub: {_and(list(words.values()))}. What does not come is unknown."))
    st.markdown("For example:")
    with st.container(horizontal=True):
        for model in EXAMPLES:
            picker.choose(key, model, model)


def _and(parts: list[str]) -> str:
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)
