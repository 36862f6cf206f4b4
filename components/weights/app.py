"""The weights component in the app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from components import files, links
from components.listing import Listing
from components.session import Snapshot, Weights, name
from components.weights import STYLE, Rows, names, places, script, state
from components.weights.native import adopt
from scoring.byrow import ScoresByRow
from scoring.preview import MOST_BY_FACTOR, flags, preview
from scoring.scorecards import MODEL, PRESET_LABELS
from scoring.scores import Scores
from scoring.types import Scaled, UnknownPolicy
from scoring.view import ModelView

KEY = "weights"
TOP = 10  # rows whose intervals travel
MOST_NAMES = 100  # that one message may ask for
_PRESETS = {i: (label, ModelView(preset=i).usual) for i, label in PRESET_LABELS.items()}
_SERIAL = "_weights_serial"  # the last move that the browser handed on
# Streamlit sends a component again with its script whenever its data change. So the component gets only what changes
# with the snapshot, and what changes with every move goes by two messengers of one line.
_WIRE = 'const wire = (globalThis[Symbol.for("weighbridge.weights")] ??= {})'
_component = st.components.v2.component(
    f"weighbridge_{KEY}",
    css=STYLE,
    js=script(
        _WIRE
        + """
const mounts = new WeakMap()
export default function ({ data, parentElement, setTriggerValue }) {
  const known = mounts.get(parentElement)
  const it = known ?? mount(parentElement, (sent) => it.hand(sent))
  mounts.set(parentElement, it)
  it.hand = ({ open, asked, ...move }) => {
    if (open) setTriggerValue("open", open)
    else if (asked) wire.ask?.(asked)
    else setTriggerValue("move", move)
  }
  it.users = (it.users ?? 0) + 1
  const { address } = data
  if (it.given !== (address ?? data)) address ? it.fetch(address) : it.field(data)
  it.given = address ?? data
  wire.to = it
  if (wire.flags) it.list(wire.flags)
  if (wire.state) it.now(wire.state)
  const leave = () => {
    if (it.users) return
    it.destroy()
    mounts.delete(parentElement)
    if (wire.to === it) wire.to = null // nothing else holds what it weighed
  }
  return () => --it.users || setTimeout(leave, 1000) // a call for new data comes just before or after
}"""
    ),
)
_messenger = st.components.v2.component(
    f"weighbridge_{KEY}_messenger",
    js=f"""{_WIRE}
export default function ({{ data }}) {{
  const isFlags = data instanceof Uint8Array
  wire[isFlags ? "flags" : "state"] = data // kept for a component that is mounted after it
  wire.to?.[isFlags ? "list" : "now"](data)
}}""",
)
_names = st.components.v2.component(
    f"weighbridge_{KEY}_names",
    js=f"""{_WIRE}
export default function ({{ data, setTriggerValue }}) {{
  wire.ask = (places) => setTriggerValue("asked", places)
  wire.to?.names(data)
}}""",
)


def live(models: int) -> Callable[[ModelView], bool]:
    """Return what says whether the ranking of so many models has these weights: beside its bars, in a browser.

    A run without one (a test of a page) has the sliders of native.py, and so have the other chart, and more models than
    a message should carry where the server hands out no files.
    """
    fits = models <= MOST_BY_FACTOR or files.served()
    return lambda view: fits and view.chart == "top" and bool(st.context.headers)


def weights(view: ModelView, found: Listing, snapshot: Snapshot) -> None:
    """Draw the weights of a view and what they do to the models of a snapshot that are listed."""
    scores, top = found.scores, found.top(TOP)
    drawn = _drawn(snapshot, view, scores)

    def moved() -> None:
        sent = st.session_state[KEY].move
        st.session_state[_SERIAL] = int(sent["serial"])
        adopt(sent)

    def opened() -> None:
        links.go_to("model", model=str(st.session_state[KEY].open))

    may_rank = scores.ranked | np.isnan(scores.total)  # who has no total under these weights may have one under others
    exact = top[~np.isnan(scores.total[top])]
    data = {"address": drawn.sent} if isinstance(drawn.sent, str) else drawn.sent
    _component(data=data, key=KEY, height="content", on_move_change=moved, on_open_change=opened)
    with st.container(gap=None, key=f"{KEY}_messengers"):
        _messenger(data=flags(found.kept[drawn.rows], may_rank[drawn.rows]), key=f"{KEY}_listed", height="content")
        leads = {"page": links.page_address("model"), "query": urlencode(view.query(), doseq=True)}
        now = state(view, scores, exact, scores.ids[found.pinned].tolist(), found.kept)
        now |= leads | {"serial": st.session_state.get(_SERIAL, 0)}
        if len(scores) > MOST_BY_FACTOR:
            on_screen = places(drawn.rows, {*exact.tolist(), *found.pinned.tolist()})
            now["names"] = names(scores, drawn.rows, on_screen)
            _named(scores, drawn, now["serial"])
        _messenger(data=now, key=f"{KEY}_now", height="content")


@dataclass(frozen=True)
class _Drawn:
    """What a browser weighs by itself: its address or, where the server hands out no files, all of it.

    `rows` are the positions in the scores, by place.
    """

    sent: bytes | str
    rows: Rows


def _drawn(snapshot: Snapshot, view: ModelView, scores: Scores) -> _Drawn:
    """Return what a browser needs to weigh the models by itself; the same for every visitor."""
    counting = tuple(snapshot.common_ground if view.count == "common" else [f.id for f in MODEL.factors])
    if len(scores) <= MOST_BY_FACTOR:
        return _preview(snapshot, view.yardstick, counting, scores.scaled)
    factors = tuple((f.id, f.weight) for f in scores.card.factors)  # then only categories move
    return _by_category(snapshot, view.yardstick, factors, view.unknown, scores)


def _released(drawn: _Drawn) -> None:
    if isinstance(drawn.sent, str):
        files.remove(drawn.sent)


_KEPT: dict[str, Any] = {"max_entries": 8, "hash_funcs": {Snapshot: name}, "on_release": _released}


@st.cache_resource(show_spinner=False, **_KEPT)
def _preview(snapshot: Snapshot, yardstick: str, counting: tuple[str, ...], _scaled: Scaled) -> _Drawn:
    made = preview(MODEL, _scaled, counting)
    packed = made.pack(_PRESETS)
    return _Drawn(files.write(packed) if files.served() else packed, made.rows)


@st.cache_resource(show_spinner="Preparing the weights …", **_KEPT)
def _by_category(
    snapshot: Snapshot, yardstick: str, factors: Weights, unknown: UnknownPolicy, _scores: Scores
) -> _Drawn:
    made = preview(MODEL, _scores.scaled, (), _scores.blended)
    in_order = isinstance(_scores, ScoresByRow)
    return _Drawn(files.write(made.pack(_PRESETS)), slice(None) if in_order else made.rows)


@st.fragment
def _named(scores: Scores, drawn: _Drawn, serial: int) -> None:
    """Send the names that the browser asks for as their models come into view; nothing else of the page runs again.

    Streamlit's page puts what is sent at one time together, as if all of it came from here: then all of it runs again.
    """
    key = f"{KEY}_names"
    if st.session_state.get(_SERIAL, 0) != serial:
        st.rerun()

    def asked() -> None:
        wanted = map(int, st.session_state[key].asked[:MOST_NAMES])
        st.session_state[f"_{key}"] = [place for place in wanted if 0 <= place < len(scores)]

    wanted = [place for place in st.session_state.get(f"_{key}", ()) if place < len(scores)]
    _names(data=names(scores, drawn.rows, wanted), key=key, on_asked_change=asked)
