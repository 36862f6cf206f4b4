"""How firm an order is, on a click: rank bands under other weights, tiers, and for whom each would be first."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from charts.bands import in_words, rank_bands
from components.reference import draw
from components.text import bullets, plain
from scoring.order import ahead
from scoring.reasons.bands import FIRM, Bands, bands, percent
from scoring.reasons.draws import CONCENTRATION, DEPTHS, EXACT, NOISES, Depth, Noise
from scoring.reasons.tipping import first_places, tipping
from scoring.scores import Scores
from scoring.types import Bools

ROWS = 20
MOST_TIPS = 6
PATIENCE = 0.3  # seconds without a sign that something is under way
HOW = {
    "around": "Each draw changes the weights of the categories a little: one that weighs 30 % is between 19 % and 42 % "
    "in nine of ten draws.",
    "any": "Each draw takes any weights of the categories, all equally likely; one that weighs nothing stays so.",
}
INSIDE = "Inside each of them the weights are drawn likewise."
UNKNOWN = "What is unknown of a category is drawn anywhere between its worst and its best."


def order(scores: Scores, among: Bools | None = None, prefix: str = "") -> None:
    """Draw how firm an order is, once somebody asks: of the subjects `among` (n, default all) that are ranked.

    Of many only the foremost are drawn.
    """
    ranked = int((scores.ranked if among is None else scores.ranked & among).sum())
    if among is None or among.any():
        some, those = scores.foremost(among)  # a session keeps what a fragment is given: not the scores of all
        _order(some, those, prefix, ranked if len(some) < len(scores) else 0)


@st.fragment
def _order(scores: Scores, among: Bools | None, prefix: str, every: int) -> None:
    with st.expander(
        "How firm is this order?", icon=":material/balance:", key=f"{prefix}firm", on_change="rerun"
    ) as body:
        if body.open:
            _body(scores, among, prefix)
            if every > len(scores):
                st.caption(
                    f"Drawn among the first {len(scores):,} of {every:,} that are ranked; the others stay behind."
                )


def _body(scores: Scores, among: Bools | None, prefix: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        noise = st.segmented_control(
            "Drawn are",
            list(NOISES),
            default="around",
            required=True,
            format_func=lambda one: NOISES[one],
            key=f"{prefix}noise",
        )
        unknown = scores.method.has_intervals and st.toggle(
            "and what is unknown", True, key=f"{prefix}noise_unknown", help=UNKNOWN
        )
        depth = st.segmented_control(
            "The weights of",
            DEPTHS,
            default=DEPTHS[0],
            required=True,
            format_func=_of_what(scores),
            key=f"{prefix}depth",
        )
    found = _found(scores, among, prefix, noise, depth, unknown)
    if found is None:
        return
    st.markdown(plain(found.summary()))
    rows = [int(row) for row in found.order[:ROWS]]
    if not rows:
        return
    draw(rank_bands(found, rows), in_words(found, rows), f"{prefix}bands")
    _draw_table(found, rows)
    st.caption(plain(_how(found)))
    if tips := first_places(scores, among):
        st.markdown("**Where the first place changes**, one weight at a time while the others keep their proportions:")
        bullets(f"{tip.moves}: {tip.then} is first." for tip in tips[:MOST_TIPS])


@st.fragment
def places(scores: Scores, rows: Sequence[int], label: str, key: str) -> None:
    """Draw what weights would change the order of these subjects, each and the next one, once somebody asks."""
    ordered = sorted(rows, key=lambda row: -np.nan_to_num(scores.total[row], nan=-1.0))
    if len(ordered) < 2:
        return
    with st.expander(label, icon=":material/balance:", key=key, on_change="rerun") as body:
        if body.open:
            bullets(" ".join(tipping(scores, one, other).sentences()) for one, other in pairwise(ordered))
            st.caption("One weight moves while the others keep their proportions; “level” means the same total.")


def neighbours(scores: Scores, row: int) -> list[int]:
    """Return a subject with those that rank right before and right after it; alone where it has no rank."""
    if not scores.ranked[row]:
        return [row]
    total = float(scores.total[row])
    first, level = ahead(scores.field, total), int((np.abs(scores.field - total) < EXACT).sum())
    near = scores.top(level + 2, scores.ranked, max(first - 1, 0))
    at = int(np.flatnonzero(near == row)[0])
    return [int(one) for one in near[max(at - 1, 0) : at + 2]]


def _draw_table(found: Bands, rows: list[int]) -> None:
    subject = found.scores.card.subject.capitalize()
    tier = f"A tier ends where its first is firmly ahead of all who follow, in {percent(FIRM)} of the draws."
    whom = "Compared are the average weights of the draws in which it is first and those that are set now."
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    columns: dict[str, Any] = {
        "Rank": number(width=50),
        subject: text(width=250),
        "Nine of ten draws": text(help="From the 5 % to the 95 % rank.", width=120),
        "First in": text(help="The share of draws in which it is first.", width=80),
        "Top ten in": text(help="The share of draws in which it is among the first ten.", width=80),
        "Tier": number(help=f"{tier} Within one, the order is not firm.", width=50),
        "It is first for": text(help=whom, width=270),
    }
    table = {
        "Rank": [int(found.rank[row]) for row in rows],
        subject: [str(found.scores.ids[row]) for row in rows],
        "Nine of ten draws": [found.band(row) for row in rows],
        "First in": [percent(found.first[row]) for row in rows],
        "Top ten in": [percent(found.ten[row]) for row in rows],
        "Tier": [None if np.isnan(found.tier[row]) else int(found.tier[row]) for row in rows],
        "It is first for": [found.for_whom(row) or None for row in rows],
    }
    alt = "Rank, band, share of first places, tier, and for whom each would be first."
    shown = pd.DataFrame(table)
    st.dataframe(shown, hide_index=True, height="content", placeholder="–", column_config=columns, alt=alt)


def _how(found: Bands) -> str:
    sentences = [f"{found.draws:,} draws, the same ones at every visit.", HOW[found.noise]]
    sentences += [INSIDE] if found.depth == "factors" else []
    sentences += [UNKNOWN] if found.unknown else []
    if len(found.order) > ROWS:
        sentences.append(f"Shown are the first {ROWS} of {len(found.order):,}, among all of which they are ranked.")
    if found.noise == "around":
        sentences.append(
            f"Drawn from a Dirichlet distribution of concentration {CONCENTRATION:g} around these weights."
        )
    return " ".join(sentences)


def _of_what(scores: Scores) -> Callable[[Depth], str]:
    """Return how the choice of what is drawn is worded for these subjects."""
    parts = ("dimensions", "all indicators") if scores.card.subject == "organisation" else ("categories", "all factors")
    return dict(zip(DEPTHS, parts, strict=True)).__getitem__


def _found(scores: Scores, among: Bools | None, prefix: str, noise: Noise, depth: Depth, unknown: bool) -> Bands | None:
    """Return the bands; those of the last time where nothing has changed. None where the visitor has cancelled.

    A click ends the run at the next sign of progress, so that nobody waits for what nobody wants any more.
    """
    state, kept, stopped = st.session_state, f"_{prefix}bands", f"_{prefix}bands_cancelled"
    of = (_of(scores, among), noise, depth, unknown)
    if kept in state and state[kept][0] == of:
        found: Bands = state[kept][1]
        return found
    place = st.empty()
    if state.pop(stopped, False):
        with place.container(horizontal=True, vertical_alignment="center"):
            st.markdown("Cancelled.")
            st.button("Draw again", key=f"{prefix}bands_again")
        return None
    bar: list[Any] = []
    begun = time.monotonic()

    def progress(done: float) -> None:
        if not bar and time.monotonic() - begun > PATIENCE:
            with place.container():
                bar.append(st.progress(done))
                st.button("Cancel", key=f"{prefix}bands_cancel", on_click=state.__setitem__, args=(stopped, True))
        if bar:
            bar[0].progress(done, f"{done:.0%} of the draws")

    found = bands(scores, among, noise=noise, depth=depth, unknown=unknown, banded=200, progress=progress)
    place.empty()
    state[kept] = of, found
    return found


def _of(scores: Scores, among: Bools | None) -> int:
    """Return what changes with everything that bands depend on."""
    scaled = scores.scaled
    arrays = (scores.blended.value, scaled.low, scaled.high, scaled.caps, scores.ranked, among)
    weights = tuple(scores.card.weights().items())
    return hash((weights, scores.method.id, scores.capped, *(b"" if a is None else a.tobytes() for a in arrays)))
