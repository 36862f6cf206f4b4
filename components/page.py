"""What every page does: open the snapshot, score it, name itself, link to the others and sign off.

Scoring is staged, so that a moved slider pays for its own stage only: facts are scaled once a snapshot and yardstick,
factors blended once for each set of factor weights, and a category's slider runs nothing but `engine.weigh`.
"""

from __future__ import annotations

import gc
import os
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.errors import StreamlitAPIException

import scoring.reasons.flags
from components.text import plain
from data.models import snapshot as store
from data.models.snapshot import Snapshot, SnapshotError
from scoring import engine
from scoring.scorecards import MODEL
from scoring.scores import Scores
from scoring.types import Blend, Floats, Scaled, UnknownPolicy, YardstickKind
from scoring.view import View

KIND = "models"
PAGES = {
    "ranking": "pages/models/ranking.py",
    "model": "pages/models/model.py",
    "compare": "pages/models/compare.py",
    "any": "pages/models/any.py",
    "organisations": "pages/organisations/ranking.py",
    "organisation": "pages/organisations/organisation.py",
    "sources": "pages/organisations/sources.py",
    "method": "pages/about/method.py",
    "data": "pages/about/data.py",
}
_ROOT = Path(__file__).resolve().parent.parent


def enter(path: str) -> None:
    """Note which page the reader is on; the router calls it before a page runs."""
    if st.session_state.get("_path") != path:
        st.session_state.update({"_path": path, "_arrived": True})


def arrived() -> bool:
    """Return whether the reader came to this page from another since this was asked last."""
    return bool(st.session_state.pop("_arrived", False))


def snapshot(taken: str = "") -> Snapshot:
    """Return the snapshot of a date (default: the one that the link or the panel names, else the newest sound one).

    One that is damaged or not there is named on the page and the newest sound one is used; with none left the page
    stops with a sentence.
    """
    # Once the panel is drawn it knows better than the address, which follows it.
    linked = st.session_state.get("snapshot", st.query_params.get("snapshot"))
    wanted = taken or str(linked or "")
    try:
        known = store.dates(KIND)
        found, note = _load(wanted if wanted in known else "", _written(known))
    except SnapshotError as none_left:
        st.error(plain(str(none_left)), icon=":material/database_off:")
        st.stop()
    if wanted and wanted not in known:
        note = f"There is no snapshot of “{wanted[:40]}”; this is the newest one, {found.taken}. {note}"
    if note:
        st.warning(plain(note), icon=":material/warning:")
    return found


def snapshots() -> list[str]:
    """Return the dates of all snapshots, newest first."""
    return store.dates(KIND)[::-1]


def stamps(dates: Sequence[str]) -> tuple[tuple[str, str, int], ...]:
    """Return what tells the snapshots of these dates from others of the same dates, written elsewhere or anew."""
    return tuple((one, *written) for one, written in zip(dates, _written(list(dates)), strict=True))


def sound(dates: Sequence[str]) -> list[Snapshot]:
    """Return the snapshots of these dates that can be trusted, without a word about the others."""
    loaded = [_load(one, _written([one]))[0] for one in dates]
    return [found for found, one in zip(loaded, dates, strict=True) if found.taken == one]


def name(taken: Snapshot) -> str:
    """Return what tells this snapshot from every other, whatever its date: the key of what is cached of it."""
    return f"{taken.folder}:{taken.manifest['sha256']['facts.parquet']}"


def scores(view: View, taken: Snapshot) -> Scores:
    """Score a snapshot under a view. ValueError when all weights are zero (the panel never returns such a view)."""
    card = view.card
    card.shares()
    key = name(taken)
    factors = tuple((f.id, f.weight) for f in card.factors)
    return engine.weigh(
        card,
        _scaled(key, view.yardstick, taken),
        _blend(key, view.yardstick, factors, view.unknown, taken),
        view.unknown,
        view.cap,
        _coverage(key, view.yardstick, taken) >= view.min_coverage,
    )


def placed(view: View, taken: Snapshot, facts: pd.DataFrame) -> Scores:
    """Score a snapshot with further models after its own, on its yardstick: only they move.

    One that the snapshot has as well counts once, with the further facts.
    """
    card, yardstick = view.card, taken.yardstick(MODEL, view.yardstick)
    added = engine.scale(MODEL, engine.measure(MODEL, facts), yardstick)
    every = _scaled(name(taken), view.yardstick, taken).beside(added)
    rankable = engine.coverage(MODEL, every) >= view.min_coverage
    return engine.weigh(card, every, engine.blend(card, every, view.unknown), view.unknown, view.cap, rankable)


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={Snapshot: name})
def flags(taken: Snapshot) -> pd.DataFrame:
    """Return which flag holds for which model of a snapshot (n x flags, boolean)."""
    return scoring.reasons.flags.flags(taken.facts)


@st.cache_resource(max_entries=32, show_spinner="Reading the snapshot …")
def _load(taken: str, written: tuple[tuple[str, int], ...]) -> tuple[Snapshot, str]:
    """`written` is in the key: another folder, a new snapshot or a mended one is another answer."""
    if taken:
        try:
            return store.load(taken), ""
        except SnapshotError as damaged:
            found, note = store.load_newest_sound()
            told = note if str(damaged) in note else f"{damaged} {note}"
            return found, f"{told} Shown instead: {found.taken}."
    found, note = store.load_newest_sound()
    return found, f"{note} Shown instead: {found.taken}." if note else ""


def _written(dates: list[str]) -> tuple[tuple[str, int], ...]:
    """The folders of these snapshots, with the time at which something in them was last put in place."""
    folders = [store.root() / KIND / d for d in dates]
    return tuple((str(f), max((p.stat().st_mtime_ns for p in f.iterdir()), default=0)) for f in folders)


@st.cache_resource(max_entries=8, show_spinner=False)
def _scaled(key: str, kind: YardstickKind, _taken: Snapshot) -> Scaled:
    return _taken.scaled(MODEL, kind)


@st.cache_resource(max_entries=32, show_spinner=False)
def _blend(
    key: str, kind: YardstickKind, factors: tuple[tuple[str, float], ...], unknown: UnknownPolicy, _taken: Snapshot
) -> Blend:
    return engine.blend(MODEL.with_weights(dict(factors)), _scaled(key, kind, _taken), unknown)


@st.cache_resource(max_entries=8, show_spinner=False)
def _coverage(key: str, kind: YardstickKind, _taken: Snapshot) -> Floats:
    """Under the Balanced weights, so that no slider changes who is ranked."""
    return engine.coverage(MODEL, _scaled(key, kind, _taken))


@st.cache_resource(show_spinner=False)
def warm() -> bool:
    """Take what is loaded by now out of the garbage collector's sight, once a process.

    Streamlit collects after every rerun; without this, that is most of a slider's latency.
    """
    gc.collect()
    gc.freeze()
    return True


def header(title: str, lead: str) -> None:
    """Draw a page's title and its one-sentence introduction."""
    st.title(title, anchor=False)
    st.markdown(f":gray[{plain(lead)}]")


def footer(taken: Snapshot) -> None:
    """Draw the last line of a page: version, snapshot, licence of the code, where to send feedback."""
    first, last = span(taken)
    sign_off(f"snapshot {day(taken.taken)}", f"facts read {day(first)} – {day(last)}")


def sign_off(*said: str) -> None:
    """Draw a line with the version, what was `said` of the data, and where to send feedback."""
    st.divider()
    line = " · ".join(plain(s) for s in (f"Weighbridge {version()}", *said))
    st.caption(f"{line} · [Feedback]({feedback()})")


def link_to(page: str, label: str, *, icon: str | None = None, help: str | None = None, **query: object) -> None:
    """Draw a link to a page of PAGES that keeps the view, with these further keys; the label is plain text.

    With `go_to` it is the only way from page to page, and only text where a page runs without the others (in tests).
    """
    try:
        st.page_link(PAGES[page], label=plain(label), icon=icon, help=help, query_params=_query(page, query))
    except (StreamlitAPIException, KeyError):
        st.markdown(plain(label), help=help)


def go_to(page: str, **query: object) -> None:
    """Leave for a page of PAGES with the view and these further keys; stays where a page runs without the others."""
    try:
        st.switch_page(PAGES[page], query_params=_query(page, query))
    except StreamlitAPIException:
        st.toast(f"The page “{page}” cannot be opened from here.")


def _query(page: str, more: Mapping[str, object]) -> dict[str, str | list[str]]:
    """The pages of organisations have a view of their own, which means nothing to the others."""
    ours = "_influence_view" if "/organisations/" in PAGES[page] else "_view"
    view = st.session_state.get(ours)
    kept = view.query() if view else {}
    said = {k: list(v) if isinstance(v, list | tuple) else str(v) for k, v in more.items() if v}
    return {**said, **kept}


def address(page: str = "") -> str:
    """Return the full address of a page of PAGES (default: of this page), without a query string."""
    here = str(st.context.url or "").partition("?")[0].rstrip("/")
    now = next((p for p in PAGES if here.endswith(f"/{p}")), "ranking")
    wanted = page or now
    root = here.removesuffix(f"/{now}")
    return f"{root}/" if wanted == "ranking" else f"{root}/{wanted}"


def span(taken: Snapshot) -> tuple[str, str]:
    """Return the first and the last day on which the facts of a snapshot were read (ISO dates)."""
    facts = taken.manifest.get("facts", {}).values()
    first = min((f["from"] for f in facts if f.get("from")), default=taken.taken)
    return first, max((f["to"] for f in facts if f.get("to")), default=taken.taken)


def day(iso: str) -> str:
    """Say an ISO date as people do: 8 October 2026."""
    try:
        when = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{when.day} {when:%B %Y}"


def version() -> str:
    """Return the version of this code."""
    return str(_project()["version"])


def feedback() -> str:
    """Return where to send feedback: WEIGHBRIDGE_FEEDBACK, else the project's issue tracker."""
    return os.environ.get("WEIGHBRIDGE_FEEDBACK") or str(_project()["urls"]["Issues"])


@cache
def _project() -> dict[str, Any]:
    """Read pyproject.toml, which lies beside app.py also where the code runs uninstalled."""
    project: dict[str, Any] = tomllib.loads((_ROOT / "pyproject.toml").read_text())["project"]
    return project
