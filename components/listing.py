"""What a ranking shows and what it leaves out, with the sentences that say so, and how far its order can be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components import links, picker
from components.session import Snapshot
from components.text import plain
from scoring.filters import LACKING
from scoring.reasons.receipt import day
from scoring.scores import FOREMOST, Scores
from scoring.tasks import in_words
from scoring.types import Bools, Floats
from scoring.view import ModelView

UNKNOWN = "unknown"

FILTERS = {name: key.noun or key.label.lower() for name, key in ModelView.keys().items() if key.keeps}
ORDER = ("bits", "sort", "reverse")  # what else decides which models a page of the list holds


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What of some scores a view lists: those `kept` (n) by its filters, in its order, and the `pinned` positions.

    `usual` are the scores under the unchanged weights; None where they are unchanged.
    `without` counts what each filter that is set leaves out; a model can be left out by several. `lacking` counts by
    fact those that would be shown if only this fact, which is unknown, passed. `listed` changes with what is listed,
    and not with its order.
    """

    view: ModelView
    scores: Scores
    facts: Any
    usual: Scores | None
    kept: Bools
    pinned: NDArray[np.intp]
    without: Mapping[str, int]
    lacking: Mapping[str, int]
    listed: tuple[object, ...]

    @cached_property
    def shown(self) -> int:
        """How many pass the filters."""
        return int(self.kept.sum())

    @cached_property
    def ranked(self) -> int:
        """How many of those shown have a rank."""
        return int((self.scores.ranked & self.kept).sum())

    def top(self, count: int) -> NDArray[np.intp]:
        """Return the positions of the first of those shown by total, the ranked before the others."""
        return self.scores.top(count, self.kept)

    def page(self, rows: slice) -> NDArray[np.intp]:
        """Return the positions of these places of the list, in the order of the view."""
        return self.view.arranged(self.scores, self.facts, self.kept, rows)

    def here(self, rows: NDArray[np.intp]) -> Floats:
        """Return the ranks of these positions among those shown, NaN where they have none."""
        return self.scores.rank_of(rows, self.kept)

    def rose(self, rows: NDArray[np.intp]) -> Floats | None:
        """Return how many places these positions rose against the unchanged weights; None where none changed."""
        return None if self.usual is None else self.usual.rank_of(rows, self.kept) - self.here(rows)

    def marks(self, rows: NDArray[np.intp]) -> list[str]:
        """Return how far each rose or fell against the unchanged weights, as ▲ 3; empty where it is nothing."""
        rose = self.rose(rows)
        return [""] * len(rows) if rose is None else ["" if np.isnan(one) else moved_words(one, True) for one in rose]

    @property
    def strictest(self) -> str:
        """Say which filter leaves out the most; empty when none is set."""
        if not self.without:
            return ""
        most = max(self.without, key=lambda f: self.without[f])
        return f"Most of all, the {FILTERS[most]} leaves out {self.without[most]:,} of {len(self.scores):,}."

    def summary(self) -> list[str]:
        """Say what is listed, what is left out and why, and who has no rank and why."""
        everyone, shown, groups = len(self.scores), self.shown, self.view.task_group
        sentences = [f"{shown:,} of {everyone:,} models." if self.without else f"All {everyone:,} models."]
        if groups:
            inside = everyone - self.without["task_group"]
            which = f"All {inside:,}" if shown == inside else f"{shown:,} of {inside:,}"
            sentences = [f"{which} models in {in_words(groups)}; {everyone:,} in all."]
        others = {f: n for f, n in self.without.items() if n and f != "task_group"}
        if others:
            parts = [f"{n:,} by the {FILTERS[f]}" for f, n in sorted(others.items(), key=lambda pair: -pair[1])]
            several = " (one model can be left out by several)" if len(parts) > 1 else ""
            sentences.append(f"Left out: {', '.join(parts)}{several}.")
        sentences += [f"{n:,} more {LACKING[fact][n > 1]}." for fact, n in self.lacking.items()]
        if self.without and shown:
            sentences.append("Ranks are among these; beside them stands the rank in all.")
        if unranked := shown - self.ranked:
            are, them = ("is", "it") if unranked == 1 else ("are", "them")
            least = self.view.min_coverage
            known = f"less than {least:.0%} of what counts" if least else "nothing that counts"
            sentences.append(f"{unranked:,} {are} listed after the others without a rank: {known} is known of {them}.")
        return sentences

    def places(self) -> str:
        """Say where each pinned model, else the first, stands among those shown and in all; empty where all are."""
        scores, sentences = self.scores, []
        rows = (self.pinned if len(self.pinned) else self.top(1)) if self.without else self.pinned[:0]
        for name, here, rank in zip(scores.ids[rows], self.here(rows), scores.rank_of(rows), strict=True):
            if not np.isnan(here):
                everywhere = f"{rank:,.0f} of {len(scores.field):,} in all"
                sentences.append(f"{name} is {here:,.0f} of {self.ranked:,} shown; {everywhere}.")
        return " ".join(sentences)

    def movement(self, start: str) -> str:
        """Say how many moved against the unchanged weights of `start`, and who most; empty where none has changed.

        Of many models it counts the first.
        """
        few = self.ranked <= FOREMOST
        rows = np.flatnonzero(self.kept & self.scores.ranked) if few else self.top(FOREMOST)
        rose = self.rose(rows)
        if rose is None or not len(rows):
            return ""
        far = np.nan_to_num(np.abs(rose))
        of = f"{self.ranked:,}" if len(rows) == self.ranked else f"the first {len(rows):,}"
        if not far.any():
            whom = "no model" if len(rows) == self.ranked else f"none of {of} models"
            return f"Against “{start}” unchanged, {whom} has another rank."
        most, count = int(np.argmax(far)), int((far > 0).sum())
        name = f"{self.scores.ids[rows[most]]} moved most, {moved_words(rose[most], True)}"
        has = "has" if count == 1 else "have"
        return f"Against “{start}” unchanged, {count:,} of {of} models {has} another rank; {name}."

    def doubt(self, top: int = 20) -> str:
        """Say how far unknown facts could still change the order of the first `top`; empty where there are not two."""
        first = self.scores.of(self.top(min(top, self.ranked)))
        if len(first) < 2:
            return ""
        low, high = first.low, first.high
        below = np.triu(np.ones((len(first), len(first)), dtype=bool), 1)
        passed = (high[None, :] > low[:, None]) & below
        moving = (passed.any(axis=0) | passed.any(axis=1)) & (high > low)
        count, most = int(moving.sum()), int(np.argmax(np.where(moving, high - low, -1.0)))
        sentence = f"No unknown fact that counts can change the order of the top {len(first)}."
        if count:
            which = "most of all " if count > 1 else ""
            sentence = (
                f"Unknown facts could move {count} of the top {len(first)} past others, {which}"
                f"{first.ids[most]} (its total is between {low[most]:.0f} and {high[most]:.0f})"
            )
            others = len(first) - count
            sentence += f"; the other {others} keep their order among themselves." if others > 1 else "."
        return " ".join([sentence, *self._could_be_held(first)])

    def _could_be_held(self, some: Scores) -> Iterator[str]:
        """Say how many of these a finding that nobody looked for could still hold, by cap."""
        for cap in some.card.caps:
            open_ones = sum(cap in some.open_caps(row) for row in range(len(some)))
            if open_ones:
                yield f"{open_ones} of them would be held at {cap.limit:g} if {cap.label}, which is not known."


def listing(view: ModelView, scores: Scores, snapshot: Snapshot, usual: Scores | None = None) -> Listing:
    """Apply a view's filters to its scores of a snapshot.

    `usual` are the scores under the unchanged weights, where they have changed.
    """
    facts = snapshot.facts
    out = view.left_out(facts, scores)
    by_fact: dict[str, Bools] = {}
    for name, gone in out.items():
        fact = ModelView.keys()[name].fact or name
        by_fact[fact] = by_fact.get(fact, False) | gone
    times = np.zeros(len(scores), dtype=np.uint8)
    for gone in by_fact.values():
        times += gone
    lacking = {f: int((gone & (times == 1) & facts[f].isna()).sum()) for f, gone in by_fact.items() if f in LACKING}
    pins = (snapshot.find(pin) for pin in view.pin)
    return Listing(
        view=view,
        scores=scores,
        facts=facts,
        usual=usual,
        kept=times == 0,
        pinned=np.array([pin for pin in pins if pin is not None], dtype=np.intp),
        without={name: int(gone.sum()) for name, gone in out.items()},
        lacking={fact: count for fact, count in lacking.items() if count},
        listed=(view.snapshot, view.min_coverage, *(getattr(view, name) for name in (*FILTERS, *ORDER))),
    )


def compare_button(pinned: Sequence[str]) -> None:
    """Draw the button that sets the pinned models side by side; Compare takes two to six."""
    several = pinned[: picker.MOST]
    label = f"Compare {len(several)} pinned models" if len(several) > 1 else "Compare pinned models"
    if len(pinned) > len(several):
        label = f"Compare the first {len(several)} pinned models"
    st.button(
        label,
        key="compare_pinned",
        on_click=links.go_to,
        args=("compare",),
        kwargs={"compare": list(several)},
        disabled=len(several) < picker.FEWEST,
        help=f"Pin {picker.FEWEST} to {picker.MOST} models with the star (☆) at the end of their rows.",
        icon=":material/compare_arrows:",
    )


def sort_by(column: str) -> None:
    """Sort the list by a column, or by the same one the other way round (a callback)."""
    state = st.session_state
    state["reverse"] = state["sort"] == column and not state["reverse"]
    state["sort"] = column


def unread(gaps: Mapping[tuple[str, str], str]) -> None:
    """Warn of the organisations (with the kind of repository, and why) that were not read to the end this month."""
    if not gaps:
        return
    orgs = [f"{org} ({kind}s: {why})" for (org, kind), why in sorted(gaps.items())]
    more = f" and {len(orgs) - 3} more" if len(orgs) > 3 else ""
    lead = "Not everything was read this month, so what rests on it is unknown and counted neutral"
    st.warning(plain(f"{lead}: {' '.join(orgs[:3])}{more}."), icon=":material/cloud_off:")


def moved_words(places: float, has_before: bool) -> str:
    """Say how many places somebody rose or fell: ▲ 3, ▼ 2, =, new, or that there is no month before."""
    if not has_before:
        return UNKNOWN
    if np.isnan(places):
        return "new"
    return "=" if places == 0 else f"{'▲' if places > 0 else '▼'} {abs(places):,.0f}"


def since(before: Scores | None) -> str:
    """Say from which month a movement is counted."""
    return f"Moved since {day(before.as_of)}" if before else "No month before to move from"


def paging(count: int, per_page: int, listed: object, key: str = "page") -> slice:
    """Draw the page numbers of a list of `count` rows and return the rows of the chosen page as a slice.

    `listed` is what the list depends on: when it changes, the list starts at its first page again.
    """
    pages = max(1, -(-count // per_page))
    memory = f"_{key}_of"
    before = st.session_state.setdefault(memory, listed)
    if before != listed or int(st.session_state.get(key) or 1) > pages:
        st.session_state[memory] = listed
        st.session_state[key] = 1
    number = st.pagination(pages, key=key, bind="query-params")
    return slice((number - 1) * per_page, number * per_page)
