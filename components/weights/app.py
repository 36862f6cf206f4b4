"""The weights component in the app."""

from __future__ import annotations

from urllib.parse import urlencode

import numpy as np
import streamlit as st

from components import links
from components.listing import Listing
from components.weights import STYLE, script, state
from components.weights.native import adopt
from scoring.preview import Preview, flags
from scoring.view import ModelView

KEY = "weights"
TOP = 10  # rows whose intervals travel
_SERIAL = "_weights_serial"  # the last move that the browser handed on
# Streamlit sends a component again with its script whenever its data change. So the component gets only what changes
# with the snapshot, and what changes with every move goes by two messengers of one line.
_WIRE = 'const wire = (globalThis[Symbol.for("weighbridge.weights")] ??= {})'
_component = st.components.v2.component(
    f"weighbridge_{KEY}",
    css=STYLE,
    js=script(
        f"""{_WIRE}
const mounts = new WeakMap()
export default function ({{ data, parentElement, setTriggerValue }}) {{
  const known = mounts.get(parentElement)
  const it = known ?? mount(parentElement, (sent) => it.hand(sent))
  mounts.set(parentElement, it)
  it.hand = (sent) => ("open" in sent ? setTriggerValue("open", sent.open) : setTriggerValue("move", sent))
  it.users = (it.users ?? 0) + 1
  if (it.data !== data) it.field((it.data = data))
  wire.listed = (flags) => it.list(flags)
  wire.now = (state) => it.now(state)
  if (wire.flags) wire.listed(wire.flags)
  if (wire.state) wire.now(wire.state)
  const leave = () => it.users || (it.destroy(), mounts.delete(parentElement))
  return () => --it.users || setTimeout(leave, 1000) // a call for new data comes just before or after
}}"""
    ),
)
_messenger = st.components.v2.component(
    f"weighbridge_{KEY}_messenger",
    js=f"""{_WIRE}
export default function ({{ data }}) {{
  const isFlags = data instanceof Uint8Array
  wire[isFlags ? "flags" : "state"] = data // kept for a component that is mounted after it
  wire[isFlags ? "listed" : "now"]?.(data)
}}""",
)


def live(view: ModelView) -> bool:
    """Say whether the ranking has these weights: beside its bars, where a browser runs them.

    A run without one (a test of a page) has the sliders of native.py, and so has the other chart.
    """
    return view.chart == "top" and bool(st.context.headers)


def weights(view: ModelView, found: Listing, drawn: tuple[Preview, bytes]) -> None:
    """Draw the weights of a view and what they do to the models that are listed.

    `drawn` is the preview of all models and what it packs.
    """
    scores, top = found.scores, found.top(TOP)

    def moved() -> None:
        sent = st.session_state[KEY].move
        st.session_state[_SERIAL] = int(sent["serial"])
        adopt(sent)

    def opened() -> None:
        links.go_to("model", model=str(st.session_state[KEY].open))

    may_rank = scores.ranked | np.isnan(scores.total)  # who has no total under these weights may have one under others
    exact = top[~np.isnan(scores.total[top])]
    _component(data=drawn[1], key=KEY, height="content", on_move_change=moved, on_open_change=opened)
    with st.container(gap=None, key=f"{KEY}_messengers"):
        _messenger(data=flags(drawn[0].rows, found.kept, may_rank).tobytes(), key=f"{KEY}_listed", height="content")
        leads = {"page": links.page_address("model"), "query": urlencode(view.query(), doseq=True)}
        now = state(view, scores, exact, scores.ids[found.pinned].tolist(), found.kept)
        now |= leads | {"serial": st.session_state.get(_SERIAL, 0)}
        _messenger(data=now, key=f"{KEY}_now", height="content")
