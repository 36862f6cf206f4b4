"""What all sessions share: snapshots and months, read, verified and scored when a page asks for them.

No other component imports data. The modules of organisations are imported when one of their pages asks, so that the app
opens without them.
"""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import reduce
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import streamlit as st
from threadpoolctl import threadpool_limits

from components.text import listed, plain
from data.archive import SnapshotError, address, dates, last_change, root
from data.curated.tables import licence as licence
from data.models import about
from data.models import snapshot as stored
from data.models.choices import choices
from data.models.snapshot import KIND as KIND
from data.models.snapshot import Snapshot as Snapshot
from scoring.beside import beside as place_beside
from scoring.beside import group
from scoring.engine import fit
from scoring.ground import Count
from scoring.methods import EVERY_METHOD
from scoring.reasons.receipt import day
from scoring.reasons.verdict import Group
from scoring.scorecards import MODEL
from scoring.scores import Scores
from scoring.settings import Offered, Searched
from scoring.types import Yardstick
from scoring.view import ModelView, OrganisationView

if TYPE_CHECKING:
    import pandas as pd

    from data.organisations.month import Month
    from data.organisations.rollup import Reading, Rollup

MONTHS = "organisations"
MOST_OWNERS = 1000  # that a control lists
MOST_OWNED = 10_000  # models of an owner
IDLE = 5.0  # seconds without a run, after which nobody waits
Stamps = tuple[tuple[str, int], ...]  # folders, each with the time at which something in it was last put in place
Weights = tuple[tuple[str, float], ...]


def snapshot() -> Snapshot:
    """Return the snapshot that the link or the panel names, else the newest sound one.

    One that is damaged or not there is named on the page and the newest sound one is used; with none left the page
    stops with a sentence.
    """
    if address():
        _look_for_newer()
    # When the panel is drawn it knows better than the address, which follows it.
    wanted = str(st.session_state.get("snapshot", st.query_params.get("snapshot")) or "")
    try:
        there = dates(KIND)
        found, note = _loaded(wanted if wanted in there else "", _stamped(KIND, there))
    except SnapshotError as none_left:
        st.error(plain(str(none_left)), icon=":material/database_off:")
        st.stop()
    if wanted and wanted not in there:
        note = f"There is no snapshot of “{wanted[:40]}”; this is the newest one, of {day(found.taken)}. {note}"
    if note:
        st.warning(plain(note), icon=":material/warning:")
    if found.generated:
        st.info("These models are generated, to try the app at this size. None of them exists.", icon=":material/info:")
    return found


def named(taken: str) -> Snapshot:
    """Return the sound snapshot of this date, else the newest; SnapshotError with none."""
    there = dates(KIND)
    return _loaded(taken if taken in there else "", _stamped(KIND, there))[0]


def facts_csv(snapshot: Snapshot) -> Iterator[str]:
    """Yield the facts of a snapshot as CSV text."""
    return about.as_csv(snapshot)


def snapshots() -> list[str]:
    """Return the dates of all snapshots, newest first."""
    return dates(KIND)[::-1]


def snapshots_in_words(shown: Snapshot) -> list[str]:
    """Say which snapshots there are, which of them is shown, and from where newer ones come."""
    others = [day(one) for one in snapshots() if one != shown.taken]
    sentences = [f"Shown is the snapshot of {day(shown.taken)}, scored with {MODEL.title.lower()} {MODEL.version}."]
    there = f"Older and newer ones that can be chosen in the panel: {listed(others)}."
    return [*sentences, there if others else "There is no other snapshot here yet.", about.followed()]


def stamps(days: Sequence[str]) -> tuple[tuple[str, str, int], ...]:
    """Return what sets the snapshots of these dates apart from others of the same dates, written elsewhere or anew."""
    return tuple((one, *written) for one, written in zip(days, _stamped(KIND, days), strict=True))


def sound(days: Sequence[str]) -> list[Snapshot]:
    """Return the snapshots of these dates that can be trusted, without a word about the others."""
    loaded = [_loaded(one, _stamped(KIND, [one]))[0] for one in days]
    return [found for found, one in zip(loaded, days, strict=True) if found.taken == one]


def offered(snapshot: Snapshot) -> Offered:
    """Return what the panel can offer of a snapshot, by key: the most frequent values first."""
    return {**_offered(snapshot), "pin": _names(snapshot), "snapshot": snapshots()}


def _names(snapshot: Snapshot) -> Searched:
    return Searched(resolve=snapshot.resolve, search=snapshot.search, nearest=snapshot.nearest)


def name(snapshot: Snapshot) -> str:
    """Return what sets this snapshot apart from every other, whatever its date: the key of what is cached of it."""
    return f"{snapshot.folder}:{snapshot.manifest['sha256']['facts.parquet']}"


def of_snapshot(view: ModelView, snapshot: Snapshot) -> dict[str, Any]:
    """Return what a receipt says of the view and the snapshot that a total of a model comes from."""
    fingerprint = snapshot.manifest["sha256"]["facts.parquet"]
    return {"view": view, "kind": KIND, "taken": snapshot.taken, "fingerprint": fingerprint}


def of_month(view: OrganisationView, month: Month) -> dict[str, Any]:
    """Return what a receipt says of the view and the month that a score of an organisation comes from."""
    fingerprint = month.manifest["sha256"]["repositories.parquet"]
    return {"view": view, "kind": MONTHS, "taken": month.taken, "fingerprint": fingerprint}


def scores(snapshot: Snapshot, view: ModelView) -> Scores:
    """Score the models of a snapshot under a view; those of the last few are kept, for all who have the same."""
    weights = tuple(sorted(view.weights.items()))
    counts = (view.preset, view.count, view.unknown, view.yardstick, view.cap, view.min_coverage)
    return _scores(snapshot, weights, counts, view)


def beside(
    snapshot: Snapshot, view: ModelView, facts: pd.DataFrame, models: Sequence[str] = ()
) -> tuple[Scores, Group | None]:
    """Score one more model (its facts) beside some of a snapshot, as the first of them; with its group of tasks."""
    whole, at = scores(snapshot, view), snapshot.find(str(facts["id"].iloc[0]))
    found = place_beside(view, snapshot, whole, facts, snapshot.rows(models), at)
    return found, group(facts["task_group"].iloc[0], snapshot.facts["task_group"], whole, found, at)


@st.cache_resource(max_entries=2, show_spinner=False, hash_funcs={Snapshot: name})
def _scores(snapshot: Snapshot, weights: Weights, counts: tuple[object, ...], _view: ModelView) -> Scores:
    return _view.score(snapshot)


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={Snapshot: name})
def _offered(snapshot: Snapshot) -> dict[str, Any]:
    keys = {name: key for name, key in ModelView.keys().items() if key.column and key.column != "id"}
    known: dict[str, Any] = {name: choices(key, snapshot.facts[key.column]) for name, key in keys.items()}
    words = ModelView.keys()["publisher"].words

    def resolve(text: str) -> str:
        return text if text in words else publisher(snapshot, text)

    return known | {"publisher": Searched(listed=known["publisher"][:MOST_OWNERS], resolve=resolve)}


def publisher(snapshot: Snapshot, text: str) -> str:
    """Return the owner of models who is meant, as it is written in a snapshot; empty where there is none."""
    owners = (model.partition("/")[0] for model in snapshot.search(f"{text}/", stored.SPELT))
    return next((owner for owner in owners if owner.lower() == text.lower()), "") if text else ""


def known(snapshot: Snapshot, models: Iterable[str]) -> list[str]:
    """Return which models a snapshot has, as it writes their ids, whatever their case (empty: no model)."""
    asked = [model.lower() for model in models if model]
    owners = dict.fromkeys(model.partition("/")[0] for model in asked)
    own = {model.lower(): model for owner in owners for model in snapshot.search(f"{owner}/", MOST_OWNED)}
    return [own[model] for model in asked if model in own]


@st.cache_resource(max_entries=32, show_spinner="Reading the snapshot …")
def _loaded(wanted: str, stamps: Stamps) -> tuple[Snapshot, str]:
    """`stamps` is in the key: another folder, a new snapshot or a mended one is another answer."""
    problem = ""
    if wanted:
        try:
            return stored.load(wanted, by_position=True), ""
        except SnapshotError as damaged:
            problem = str(damaged)
    found, note = stored.load_newest_sound(by_position=True)
    note = note if problem in note else f"{problem} {note}"
    return found, f"{note} Shown instead: {day(found.taken)}." if note else ""


@st.cache_resource(ttl=3600, show_spinner=False)
def _look_for_newer() -> Thread:
    """Fetch newer snapshots from their address, at most once an hour, while visitors see what there is."""

    def look() -> None:
        from data import remote

        for sentence in remote.follow():
            logging.getLogger("weighbridge").warning(sentence)

    looking = Thread(target=look, daemon=True)
    looking.start()
    return looking


def _stamped(kind: str, days: Sequence[str]) -> Stamps:
    folders = [root() / kind / date for date in days]
    return tuple((str(folder), last_change(folder)) for folder in folders)


def months() -> list[str]:
    """Return the sound months, oldest first; the others are named on the page. With none left the page stops there."""
    from data.organisations import month

    if address():
        _look_for_newer()
    try:
        every = month.months()
        problems = _checked(_stamped(MONTHS, every))
        if not every:
            month.load()  # which says what is missing
    except SnapshotError as none_left:
        st.error(plain(str(none_left)), icon=":material/database_off:")
        st.stop()
    for sentence in problems.values():
        st.warning(plain(f"{sentence} The month is left out."), icon=":material/warning:")
    left = [date for date in every if date not in problems]
    if not left:
        st.error("No month of organisations is sound, so there is nothing to rank.", icon=":material/database_off:")
        st.stop()
    return left


def offered_months(months: Sequence[str]) -> Offered:
    """Return what the panel can offer of the organisations: the months, newest first, and who is ranked in any."""
    ids = {i for date in months for i in rolled(date).month.ids}
    return {"month": list(months)[::-1], "only": sorted(ids, key=str.lower)}


def rolled(date: str, reading: Reading = "documented") -> Rollup:
    """Return the organisation facts of a month under a reading, each traceable to its rows."""
    return _rolled(_stamped(MONTHS, [date]), reading)


def scored(view: OrganisationView, date: str, without: tuple[str, ...] = ()) -> Scores:
    """Score the organisations of a month under a view; `without` are ids of indicators that do not count."""
    return _scored(_stamped(MONTHS, [date]), view.method, tuple(sorted(view.weights.items())), view.count, without)


def through(view: OrganisationView, months: Sequence[str]) -> tuple[dict[str, Scores], frozenset[str]]:
    """Score every month under a view so that they compare: without the indicators that count in some of them only.

    Returns the scores by month, and the ids of those indicators.
    """
    from scoring.reasons.influence import uneven

    apart = uneven(scored(view, month) for month in months)
    return {month: scored(view, month, tuple(sorted(apart))) for month in months}, apart


def before(date: str, months: Sequence[str]) -> str | None:
    """Return the month that movements are counted from, if there is one."""
    from data.organisations import month

    return month.before(date, list(months))


def on_one_scale(view: OrganisationView, months: Sequence[str], without: Collection[str] = ()) -> list[Scores]:
    """Score the organisations of these months between the least and the most of all of them together."""
    weights = tuple(sorted(view.weights.items()))
    return _on_one_scale(_stamped(MONTHS, months), view.method, weights, view.count, tuple(sorted(without)))


@st.cache_resource(max_entries=4, show_spinner="Checking the months …")
def _checked(months: Stamps) -> Mapping[str, str]:
    from data.organisations import month

    problems = {}
    for folder, _ in months:
        try:
            month.verify(Path(folder))
        except SnapshotError as problem:
            problems[Path(folder).name] = str(problem)
    return problems


@st.cache_resource(max_entries=64, show_spinner="Reading the repositories …")
def _rolled(month: Stamps, reading: Reading) -> Rollup:
    from data.organisations.month import load
    from data.organisations.rollup import rollup

    return rollup(load(Path(month[0][0]).name), reading)


@st.cache_resource(max_entries=128, show_spinner=False)
def _scored(month: Stamps, method: str, weights: Weights, count: Count, without: tuple[str, ...]) -> Scores:
    view = OrganisationView(method=method, weights=dict(weights), count=count)
    return view.score(_rolled(month, EVERY_METHOD[method].reading), without=without)


@st.cache_resource(max_entries=32, show_spinner=False)
def _on_one_scale(
    months: Stamps, method: str, weights: Weights, count: Count, without: tuple[str, ...]
) -> list[Scores]:
    view = OrganisationView(method=method, weights=dict(weights), count=count)
    own = (_scored((month,), method, weights, count, without) for month in months)
    shared = reduce(Yardstick.merge, (fit(one.card, one.measured, "population", one.as_of) for one in own))
    return [view.score(_rolled((month,), EVERY_METHOD[method].reading), shared, without) for month in months]


@st.cache_resource(show_spinner=False)
def prepare() -> None:
    """Load once what the first visitors would wait for; what is not sound is the pages' to say."""
    with suppress(SnapshotError):
        scores(_loaded("", _stamped(KIND, dates(KIND)))[0], ModelView())
    time.sleep(IDLE)  # whoever opened the first page has it by now; what other pages need would have kept it waiting
    import_module("sklearn.preprocessing")  # scales a model that is changed or looked up; takes a second
    threadpool_limits(1, "blas")  # visitors share the cores already; more threads would wait for one another
    with suppress(SnapshotError):
        for date in dates(MONTHS):
            scored(OrganisationView(), date)
    gc.collect()
    gc.freeze()  # what all pages share stays; a collection need not look at it again


def warm() -> None:
    """Note the end of a run; the first one sees to what a server that runs app.py alone has not prepared."""
    _tidy().last = time.monotonic()


@st.cache_resource(show_spinner=False)
def _tidy() -> _Tidy:
    Thread(target=prepare, daemon=True).start()
    tidy = _Tidy()
    Thread(target=tidy.collect, daemon=True).start()
    return tidy


class _Tidy:
    """Collects garbage when nobody waits: Streamlit would after every rerun, which is most of a slider's latency."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    def collect(self) -> None:
        """Collect everything that is not frozen, once after each time that anything ran; never returns."""
        collected = 0.0
        while True:
            time.sleep(IDLE)
            if collected < self.last < time.monotonic() - IDLE:
                gc.collect()
                pa.default_memory_pool().release_unused()
                collected = time.monotonic()
