"""The weights component in a cell of a notebook: Jupyter, VS Code, Colab and marimo show it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import anywidget
import numpy as np
import traitlets

from components.weights import STYLE, names, script, state
from scoring.preview import MOST_BY_FACTOR, flags, preview
from scoring.scorecards import MODEL, PRESET_LABELS
from scoring.settings import MOST_WEIGHT, NOTHING_WEIGHS
from scoring.view import ModelView

SHOWN = 10
_ADAPTER = f"""const STYLE = {json.dumps(STYLE)}
const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
function render({{ model, el }}) {{
  const root = el.attachShadow({{ mode: "open" }}) // the styles of a notebook and these do not touch one another
  root.append(Object.assign(document.createElement("style"), {{ textContent: STYLE }}))
  const it = mount(root, (moved) => {{
    model.set("moved", moved)
    model.save_changes()
  }})
  const given = {{
    data: () => it.field(bytes(model.get("data"))),
    listed: () => it.list(bytes(model.get("listed"))),
    now: () => it.now(model.get("now")),
    names: () => it.names(model.get("names")),
  }}
  for (const [name, take] of Object.entries(given)) {{
    take()
    model.on(`change:${{name}}`, take)
  }}
  return () => {{
    for (const [name, take] of Object.entries(given)) model.off(`change:${{name}}`, take)
    it.destroy()
  }}
}}
export default {{ render }}"""


class Explorer(anywidget.AnyWidget):
    """Sliders over the models of a snapshot. `weights` and `view` follow them, `scores` are the engine's.

    Observe `weights` to be called after every move; set them to move the sliders.
    """

    _esm = script(_ADAPTER)
    data = traitlets.Bytes().tag(sync=True)
    listed = traitlets.Bytes().tag(sync=True)
    now = traitlets.Dict().tag(sync=True)
    moved = traitlets.Dict().tag(sync=True)
    asked = traitlets.List(traitlets.Int()).tag(sync=True)
    names = traitlets.Dict().tag(sync=True)
    weights = traitlets.Dict()

    def __init__(self, snapshot: Any, view: ModelView) -> None:
        """Show a snapshot under a view; ValueError when nothing weighs."""
        scores = view.score(snapshot)
        counting = snapshot.common_ground if view.count == "common" else [f.id for f in MODEL.factors]
        drawn = preview(MODEL, scores.scaled, counting, scores.blended if len(scores) > MOST_BY_FACTOR else None)
        kept = ~np.logical_or.reduce(
            [np.zeros(len(scores), dtype=bool), *view.left_out(snapshot.facts, scores).values()]
        )
        self._snapshot, self._kept, self._rows, self._serial = snapshot, kept, drawn.rows, 0
        self.view, self.scores = view, scores
        super().__init__(
            data=drawn.pack({i: (label, ModelView(preset=i).usual) for i, label in PRESET_LABELS.items()}),
            listed=flags(kept[drawn.rows], scores.ranked[drawn.rows]),
            now=self._now(),
            weights=view.usual | dict(view.weights),
        )

    @traitlets.validate("weights")
    def _checked(self, proposal: Mapping[str, Any]) -> dict[str, float]:
        given, usual = proposal["value"], self.view.usual
        foreign = sorted(set(given) - set(usual))
        if foreign:
            raise ValueError(f"There is no weight {', '.join(foreign)}; the weights are {', '.join(usual)}.")
        weights = usual | dict(self.view.weights) | {i: float(w) for i, w in given.items()}
        wrong = [f"{i}={w:g}" for i, w in weights.items() if not 0 <= w <= MOST_WEIGHT]
        if wrong:
            raise ValueError(f"{', '.join(wrong)} is not a number from 0 to {MOST_WEIGHT:g}.")
        if not self._under(weights).weighs:
            raise ValueError(f"{NOTHING_WEIGHS}; raise at least one weight.")
        return weights

    def _under(self, weights: Mapping[str, float]) -> ModelView:
        usual = self.view.usual
        return replace(self.view, weights={i: w for i, w in weights.items() if w != usual[i]})

    @traitlets.observe("weights")
    def _weighed(self, change: Mapping[str, Any]) -> None:
        self._show(self._under(change["new"]))

    @traitlets.observe("moved")
    def _released(self, change: Mapping[str, Any]) -> None:
        """Take over what was let go of; where nothing weighs the last weights stay until something does."""
        moved = change["new"]
        weights = {i: float(w) for i, w in moved["weights"].items()}
        if not replace(self.view, weights=weights).weighs:
            return
        self.view, self._serial = replace(self.view, preset=moved["preset"], weights={}), int(moved["serial"])
        if weights == self.weights:
            self._show(self._under(weights))  # another preset to compare with, the same weights
        else:
            self.weights = weights

    @traitlets.observe("asked")
    def _named(self, change: Mapping[str, Any]) -> None:
        self.names = names(self.scores, self._rows, change["new"])

    @property
    def first(self) -> list[int]:
        """Where the first ten of what is shown stand in the scores."""
        return [int(row) for row in self.scores.top(SHOWN, self._kept)]

    def __repr__(self) -> str:
        """Say what is weighed, and how."""
        changed = ", ".join(f"{i} {w:g}" for i, w in self.view.weights.items())
        start = f"the {PRESET_LABELS[self.view.preset]} weights"
        return f"{self._kept.sum():,} models under {start}{f' with {changed}' if changed else ''}"

    def _show(self, view: ModelView) -> None:
        self.view, self.scores = view, view.score(self._snapshot)
        self.now = self._now()

    def _now(self) -> dict[str, Any]:
        pins = [i for i in self.view.pin if i in self.scores.position]
        return state(self.view, self.scores, self.first, pins) | {"serial": self._serial}


def explore(models: Any) -> Explorer:
    """Show the weights of a ranking, or of all models of a snapshot, to be moved by hand."""
    return Explorer(getattr(models, "snapshot", models), getattr(models, "view", ModelView()))
