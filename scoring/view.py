"""A view is everything that a link, a page and a command line can say about how to look at the models.

Each field has one key, the same in the query string, on the command line and as the widget's key. A value equal to
its default is left out of the link; what cannot be understood is ignored and said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_args
from urllib.parse import urlencode

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.factors.operational import LICENSE_LEVELS
from scoring.methods import MINIMUM_COVERAGE
from scoring.scorecards import DEFAULT_PRESET, MODEL, PRESETS
from scoring.types import Scorecard, UnknownPolicy, YardstickKind

MOST_WEIGHT = 100.0
LONGEST_TEXT = 200
MOST_PINS = 10
LONGEST_LINK = 2000
NOTHING_WEIGHS = "All weights are zero, so nothing can be ranked"
PUBLISHERS = {"official": 2, "established": 1, "neither": 0}
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "preset": tuple(PRESETS),
    "unknown": get_args(UnknownPolicy),
    "yardstick": get_args(YardstickKind),
    "license": ("", *LICENSE_LEVELS),
}
_SWITCH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_WEIGHTS = frozenset(MODEL.weights())
_TEXTS = ("search", "task", "publisher", "snapshot")
# Keys of single pages; a link may carry them beside a view.
PAGE_KEYS = ("model", "compare", "page", "factors", "differences", "trend", "changes", "any", "beside")


@dataclass(frozen=True, kw_only=True)
class View:
    """How to look at the models; `weights` holds only what differs from the preset (ids of categories and factors)."""

    preset: str = DEFAULT_PRESET
    weights: Mapping[str, float] = field(default_factory=dict)
    unknown: UnknownPolicy = "neutral"
    yardstick: YardstickKind = "goalposts"
    min_coverage: float = MINIMUM_COVERAGE
    cap: bool = True
    search: str = ""
    task: str = ""
    license: str = ""
    publisher: str = ""
    snapshot: str = ""
    pin: tuple[str, ...] = ()

    @property
    def card(self) -> Scorecard:
        """The model scorecard under this view's weights."""
        return MODEL.with_weights(dict(PRESETS[self.preset]) | dict(self.weights))

    def query(self) -> dict[str, str | list[str]]:
        """Return the query string's keys and values; defaults are left out."""
        said: dict[str, str | list[str]] = {}
        plain = View()
        for key in (*_CHOICES, *_TEXTS):
            if getattr(self, key) != getattr(plain, key):
                said[key] = getattr(self, key)
        if self.min_coverage != plain.min_coverage:
            said["min_coverage"] = number(self.min_coverage)
        if self.cap != plain.cap:
            said["cap"] = "false"
        preset = preset_weights(self.preset)
        said |= {i: number(w) for i, w in self.weights.items() if w != preset[i]}
        if self.pin:
            said["pin"] = list(self.pin[:MOST_PINS])
        return said

    def link(self, base: str = "") -> str:
        """Return the address of this view under `base`; pins beyond what fits 2,000 characters are left out."""
        for pins in range(len(self.pin), -1, -1):
            query = urlencode(replace(self, pin=self.pin[:pins]).query(), doseq=True)
            address = f"{base}{'&' if '?' in base else '?'}{query}" if query else base
            if len(address) < LONGEST_LINK:
                break
        return address


def preset_weights(preset: str) -> dict[str, float]:
    """Return every weight under a preset."""
    return MODEL.with_weights(PRESETS[preset]).weights()


def parse(params: Mapping[str, Iterable[str]]) -> tuple[View, list[str]]:
    """Read a view from a query string's keys and values, with a sentence about everything that was ignored."""
    said: dict[str, Any] = {}
    weights: dict[str, float] = {}
    notes: list[str] = []
    for key, raw in params.items():
        values = [str(v) for v in raw]
        try:
            if key in _WEIGHTS:
                weights[key] = finite(key, values, MOST_WEIGHT)
            elif key not in PAGE_KEYS:
                said[key] = _read(key, values)
        except ValueError as wrong:
            notes.append(str(wrong))
    if len(set(params.get("pin", ()))) > MOST_PINS:
        notes.append(f"Only the first {MOST_PINS} pinned models are kept.")
    view = replace(View(), **said, weights=weights)
    try:
        view.card.shares()
    except ValueError:
        notes.append(f"{NOTHING_WEIGHS}; the preset's weights are used instead.")
        view = replace(view, weights={})
    return view, notes


def _read(key: str, values: list[str]) -> Any:
    """Read the value of a key that is no weight; ValueError says what is wrong with it."""
    value = values[-1] if values else ""
    if key in _CHOICES:
        if value not in _CHOICES[key]:
            raise ValueError(f"{key}={short(value)} is not one of {', '.join(filter(None, _CHOICES[key]))}.")
        return value
    if key in _TEXTS:
        return value[:LONGEST_TEXT]
    if key == "pin":
        return tuple(dict.fromkeys(v[:LONGEST_TEXT] for v in values if v))[:MOST_PINS]
    if key == "cap":
        if value.lower() not in _SWITCH:
            raise ValueError(f"cap={short(value)} is neither true nor false.")
        return _SWITCH[value.lower()]
    if key == "min_coverage":
        return finite(key, values, 1.0)
    raise ValueError(f"{short(key)} is not a setting of this app.")


def left_out(view: View, facts: pd.DataFrame) -> dict[str, NDArray[np.bool_]]:
    """Return, per filter that is set, which subjects (n) it leaves out."""
    out: dict[str, NDArray[np.bool_]] = {}
    if view.search.strip():
        words = view.search.lower().split()
        ids = facts["id"].astype(str).str.lower()
        out["search"] = ~np.logical_and.reduce([ids.str.contains(w, regex=False).to_numpy(bool) for w in words])
    for key, column in (("task", "task"), ("license", "license_class")):
        if getattr(view, key):
            out[key] = ~(facts[column] == getattr(view, key)).fillna(False).to_numpy(bool)
    if view.publisher in PUBLISHERS:
        out["publisher"] = ~(facts["provider"] == PUBLISHERS[view.publisher]).fillna(False).to_numpy(bool)
    elif view.publisher:
        out["publisher"] = ~(facts["owner"].str.lower() == view.publisher.lower()).fillna(False).to_numpy(bool)
    return out


def finite(key: str, values: list[str], most: float) -> float:
    """Read the last value of a key as a number from 0 to `most`; ValueError says what is wrong with it."""
    text = values[-1] if values else ""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and 0 <= number <= most):
        raise ValueError(f"{key}={short(text)} is not a number from 0 to {most:g}.")
    return number


def number(value: float) -> str:
    """Write a number as briefly as it can be read back."""
    return f"{value:g}" if float(f"{value:g}") == value else repr(value)


def short(text: str) -> str:
    """Quote a text from outside, cut after 40 characters."""
    shown = "".join(c for c in text[:40] if c.isprintable())
    return f"“{shown}{'…' if len(text) > 40 else ''}”"
