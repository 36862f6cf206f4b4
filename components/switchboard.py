"""What other ways to count would say, once somebody asks: the order of each against the present one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from components.session import Snapshot
from components.text import plain
from components.weights.native import reset
from scoring.methods import AGGREGATORS, NORMALISERS, combined
from scoring.organisation_view import OrganisationView
from scoring.reasons.choices import CHOICES, NAMES, Board, board, left_out
from scoring.reasons.comparison import Agreement, agreement, overlap, reversals, reversed_in_words
from scoring.reasons.influence import name
from scoring.reasons.sobol import decisive, in_words
from scoring.scores import FOREMOST, Scores
from scoring.types import Bools, YardstickKind
from scoring.view import ModelView

CONTENDERS = 500  # models whose order is looked at for which choice matters most
ICON = ":material/grid_on:"
_LEGEND = "Kendall’s tau with the order above (1 is the same) · of its first ten, how many stay"
_SHORT: Mapping[Any, str] = {
    "common": "known of nearly all",
    "all": "all that is known",
    "goalposts": "goalposts",
    "population": "least and most",
    True: "held at 30",
    False: "not held",
}


@st.fragment
def of_organisations(now: Scores, view: OrganisationView, scored: Callable[[OrganisationView], Scores]) -> None:
    """Draw every way to normalise indicators and to join dimensions."""
    _adopt_on_page()
    with st.expander("What would other methods say?", icon=ICON, key="switchboard", on_change="rerun") as body:
        if not body.open:
            return
        methods = {(n, a): combined(n, a) for n in NORMALISERS for a in AGGREGATORS}
        others = {pair: scored(replace(view, method=m.id)) for pair, m in methods.items() if m}
        cells = {pair: _organisation_cell(now, there) for pair, there in others.items()}

        def adopt(row: int, column: int) -> None:
            method = methods[list(NORMALISERS)[row], list(AGGREGATORS)[column]]
            if method and method.id in view.keys()["method"].words:
                st.session_state[f"{view.prefix}method"] = method.id
                reset(OrganisationView)
                st.session_state["_adopted"] = True
            else:
                st.toast("Z-scores have no worst and no best, so the pages cannot show them from 0 to 100.")

        st.markdown("The same facts under every way to normalise indicators and to join dimensions. A click uses one.")
        grid = [[cells.get((n, a), "does not go together") for a in AGGREGATORS] for n in NORMALISERS]
        _grid("Each indicator by", [*NORMALISERS.values()], [*AGGREGATORS.values()], grid, adopt)
        st.caption(f"{_LEGEND} · who is first.")
        _closing(min(agreement(now, others.values()), key=lambda one: one.tau), reversed_in_words(reversals(now)))
        every = {
            (*pair, count): scored(replace(view, method=there.method.id, count=count))
            for pair, there in others.items()
            for count in ("common", "all")
            if pair[0] != "z_score"  # which does not go with every way to join
        }
        _deciding(now, every, ("how indicators are normalised", "how dimensions are joined", "what counts"))


@st.fragment
def of_models(view: ModelView, snapshot: Snapshot, scores: Scores, kept: Bools) -> None:
    """Draw every combination of the settings that decide totals, for the models that are `kept` (of many the first)."""
    _adopt_on_page()
    if not kept.any():
        return
    with st.expander(
        "What would other ways to count say?", icon=ICON, key="model_switchboard", on_change="rerun"
    ) as body:
        if not body.open:
            return
        many = len(scores) > FOREMOST
        kinds: list[YardstickKind] = ["goalposts"] if many else ["goalposts", "population"]
        made = board(view, snapshot, np.sort(scores.top(FOREMOST, kept)), kinds)
        lines, heads = list(product(CHOICES["count"], CHOICES["unknown"])), list(product(kinds, CHOICES["cap"]))

        def adopt(row: int, column: int) -> None:
            chosen = (*lines[row], *heads[column])
            if chosen in made.others:
                st.session_state.update(zip(CHOICES, chosen, strict=True))
                st.session_state["_adopted"] = True

        st.markdown("The same facts under every combination of how to count. A click uses one.")
        grid = [[_model_cell(made, (*line, *head)) for head in heads] for line in lines]
        _grid("Counted is", _labels("count", "unknown", lines), _labels("yardstick", "cap", heads), grid, adopt)
        st.caption(f"{_LEGEND} · who is first, where it is another.{_bounded(many)}")
        one_less = "" if many else left_out(view, snapshot, snapshot.facts)
        _closing(made.furthest(), one_less)
        few = board(view, snapshot, np.sort(scores.top(CONTENDERS, kept)), kinds)
        names = [name for name in CHOICES if name != "yardstick" or len(kinds) > 1]
        every = {tuple(v for n, v in zip(CHOICES, c, strict=True) if n in names): s for c, s in few.others.items()}
        _deciding(few.here, every, [NAMES[one] for one in names])


def _labels(first: str, second: str, pairs: Sequence[tuple[Any, Any]]) -> list[str]:
    words = [[_SHORT.get(one, CHOICES[name][one]) for name, one in zip((first, second), x, strict=True)] for x in pairs]
    return [", ".join(each) for each in words]


def _bounded(many: bool) -> str:
    return f" Compared are the first {FOREMOST:,}, between fixed goalposts only." if many else ""


def _grid(
    corner: str,
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[str]],
    adopt: Callable[[int, int], None],
) -> None:
    """Draw a row and a column a choice; `adopt` gets the place of the cell that was clicked."""
    heads = [f"{words[:1].upper()}{words[1:]}" for words in columns]

    def picked() -> None:
        for row, column in st.session_state["methods"].selection.cells[:1]:
            if column in heads:
                adopt(row, heads.index(column))

    table = {corner: [f"{words[:1].upper()}{words[1:]}" for words in rows]}
    table |= {head: [line[n] for line in cells] for n, head in enumerate(heads)}
    st.dataframe(
        pd.DataFrame(table),
        hide_index=True,
        key="methods",
        on_select=picked,
        selection_mode="single-cell",
        alt="Kendall’s tau, the overlap of the first ten, and who is first, under every way to count.",
    )


def _adopt_on_page() -> None:
    if st.session_state.pop("_adopted", False):
        st.rerun()  # the whole page: the panel is outside


def _closing(far: Agreement, one_less: str) -> None:
    st.markdown(plain(f"Furthest away is “{far.other}”: {far.sentence()} {one_less}"))


def _deciding(here: Scores, every: Mapping[tuple[Any, ...], Scores], names: Sequence[str]) -> None:
    """Say which of the choices decides most, where each goes with each."""
    options = [{combination[n] for combination in every} for n in range(len(names))]
    if len(every) == np.prod([len(each) for each in options]) and int(here.ranked.sum()) > 1:
        st.markdown(plain(in_words(decisive(here, every, names))))
        st.caption(
            f"Sobol indices of the places that the first {len(here):,} move on average when everything is chosen at "
            "random, weights around those that are set."
        )


def _organisation_cell(now: Scores, there: Scores) -> str:
    (one,) = agreement(now, [there])
    return f"{one.tau:.2f} · {overlap(now, there)} of 10 · {' and '.join(map(name, one.first_there))}"


def _model_cell(made: Board, combination: tuple[Any, ...]) -> str:
    if combination not in made.others:
        return "nothing weighs"
    one, stay = made.against(combination)
    leaders = [leader.rpartition("/")[2] for leader in one.first_there[:2]]
    first = "" if one.first_there == one.first_here else f" · {' and '.join(leaders)}"
    return f"{one.tau:.2f} · {stay} of 10{first}"
