"""The months of organisations for their pages: read, rolled up and scored once a process, and only when asked for.

No other page imports this: the app opens without the data of organisations.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from pathlib import Path

import streamlit as st

from components import page
from components.text import plain
from data.archive import SnapshotError, root
from data.organisations import month
from data.organisations.rollup import Reading, Rollup, rollup
from scoring.engine import fit
from scoring.influence_view import InfluenceView
from scoring.methods import METHODS
from scoring.scorecards import influence
from scoring.scores import Scores
from scoring.types import Yardstick

Weights = tuple[tuple[str, float], ...]
Stamped = tuple[tuple[str, str], ...]


def known() -> list[str]:
    """Return the sound months, oldest first; the others are named on the page. With none left the page stops there."""
    try:
        every = month.months()
        wrongs = _checked(_stamped(every))
        if not every:
            month.load()  # which says what is missing
    except SnapshotError as none_left:
        st.error(plain(str(none_left)), icon=":material/database_off:")
        st.stop()
    for sentence in wrongs.values():
        st.warning(plain(f"{sentence} The month is left out."), icon=":material/warning:")
    sound = [taken for taken in every if taken not in wrongs]
    if not sound:
        st.error("No month of organisations is sound, so there is nothing to rank.", icon=":material/database_off:")
        st.stop()
    return sound


def names(months: list[str]) -> list[str]:
    """Return every organisation that is ranked in any of the months."""
    return sorted({i for taken in months for i in rolled(taken).month.ids}, key=str.lower)


def rolled(taken: str, reading: Reading = "documented") -> Rollup:
    """Return the organisation facts of a month under a reading, each traceable to its rows."""
    return _rolled(_stamped([taken]), reading)


def scored(view: InfluenceView, taken: str, method: str = "", yardstick: Yardstick | None = None) -> Scores:
    """Score a month under a view (`method`: another one than the view's), or against a yardstick of all months."""
    chosen = METHODS[method or view.method]
    weights = tuple(sorted(view.weights.items()))
    if yardstick is None:
        return _scored(_stamped([taken]), chosen.id, weights)
    return influence(
        rolled(taken, chosen.reading).facts, chosen, as_of=taken, weights=dict(weights), yardstick=yardstick
    )


def before(taken: str, months: list[str]) -> str | None:
    """Return the month that movements are counted from, if there is one."""
    return month.before(taken, months)


def yardstick(view: InfluenceView, months: list[str]) -> Yardstick:
    """Return low and high of every indicator over all months together."""
    every = (scored(view, taken) for taken in months)
    return reduce(Yardstick.merge, (fit(one.card, one.measured, "population", one.as_of) for one in every))


def footer(taken: str) -> None:
    """Draw the last line of a page about organisations."""
    days = [d for d in rolled(taken).month.repositories["date_crawl"].to_pylist() if d]
    read = f"repositories read {page.day(min(days))} – {page.day(max(days))}" if days else "no repositories"
    page.sign_off(f"month of {page.day(taken)}", read)


@st.cache_resource(max_entries=4, show_spinner="Checking the months …")
def _checked(months: Stamped) -> Mapping[str, str]:
    wrongs = {}
    for taken, _ in months:
        try:
            month.verify(root() / month.KIND / taken)
        except SnapshotError as wrong:
            wrongs[taken] = str(wrong)
    return wrongs


@st.cache_resource(max_entries=64, show_spinner="Reading the repositories …")
def _rolled(stamped: Stamped, reading: Reading) -> Rollup:
    return rollup(month.load(stamped[0][0]), reading)


@st.cache_resource(max_entries=512, show_spinner=False)
def _scored(stamped: Stamped, method: str, weights: Weights) -> Scores:
    facts = _rolled(stamped, METHODS[method].reading).facts
    return influence(facts, method, as_of=stamped[0][0], weights=dict(weights))


def _stamped(months: list[str]) -> Stamped:
    """The months, each with the state of its folder: a new or a mended one is another answer."""
    return tuple((taken, _state(root() / month.KIND / taken)) for taken in months)


def _state(folder: Path) -> str:
    newest = max((p.stat().st_mtime_ns for p in folder.iterdir()), default=0) if folder.is_dir() else 0
    return f"{folder}:{newest}"
