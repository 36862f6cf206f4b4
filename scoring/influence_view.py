"""What a link can say about how to look at the organisations: month, method, weights, and whom to list.

Each field has one key, the same in the query string and on the command line; a weight's key is its id. A value equal to
its default is left out; what cannot be understood is ignored and said.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from scoring.methods import DEFAULT_METHOD, METHODS
from scoring.scorecards import ORGANISATION, organisation_card
from scoring.view import LONGEST_LINK, LONGEST_TEXT, MOST_WEIGHT, NOTHING_WEIGHS, finite, number, short

# Keys of single pages; a link may carry them beside a view.
PAGE_KEYS = ("organisation", "behind")
KEYS = frozenset(("month", "method", "only", *ORGANISATION.weights(), *ORGANISATION.groups))


@dataclass(frozen=True, kw_only=True)
class InfluenceView:
    """How to look at the organisations; an empty month is the newest, `only` empty is everybody.

    `weights` holds only what differs from the method's own (ids of dimensions, groups and indicators).
    """

    month: str = ""
    method: str = DEFAULT_METHOD
    weights: Mapping[str, float] = field(default_factory=dict)
    only: tuple[str, ...] = ()

    def query(self) -> dict[str, str | list[str]]:
        """Return the query string's keys and values; defaults are left out."""
        said: dict[str, str | list[str]] = {"month": self.month} if self.month else {}
        if self.method != DEFAULT_METHOD:
            said["method"] = self.method
        usual = standard(self.method)
        said |= {i: number(w) for i, w in self.weights.items() if w != usual[i]}
        return said | ({"only": list(self.only)} if self.only else {})

    def link(self, base: str = "") -> str:
        """Return the address of this view under `base`; names beyond what fits 2,000 characters are left out."""
        for names in range(len(self.only), -1, -1):
            query = urlencode(replace(self, only=self.only[:names]).query(), doseq=True)
            address = f"{base}{'&' if '?' in base else '?'}{query}" if query else base
            if len(address) < LONGEST_LINK:
                break
        return address


def standard(method: str) -> dict[str, float]:
    """Return every weight of a method before anybody moves one: dimensions, indicators, and groups (1 each)."""
    return ORGANISATION.with_weights(METHODS[method].weights).weights() | dict.fromkeys(ORGANISATION.groups, 1.0)


def parse(
    params: Mapping[str, Iterable[str]], months: Sequence[str], names: Sequence[str]
) -> tuple[InfluenceView, list[str]]:
    """Read a view from a query string, with a sentence about everything that was ignored.

    `months` are those that there are, oldest first, `names` the organisations of any of them.
    """
    said: dict[str, Any] = {}
    weights: dict[str, float] = {}
    notes: list[str] = []
    for key, raw in params.items():
        values = [str(v) for v in raw]
        try:
            if key == "only":
                said[key], lacking = _organisations(values, names)
                notes += lacking
            elif key in KEYS - {"month", "method"}:
                weights[key] = finite(key, values, MOST_WEIGHT)
            elif key not in PAGE_KEYS:
                said[key] = _read(key, values[-1] if values else "", months)
        except ValueError as wrong:
            notes.append(str(wrong))
    view = replace(InfluenceView(), **said)
    usual = standard(view.method)
    view = replace(view, weights={i: w for i, w in weights.items() if w != usual[i]})
    if not weighs(view):
        notes.append(f"{NOTHING_WEIGHS}; the method’s own weights are used instead.")
        view = replace(view, weights={})
    return view, notes


def weighs(view: InfluenceView) -> bool:
    """Whether a view leaves any indicator a weight."""
    try:
        organisation_card(METHODS[view.method], view.weights).shares()
    except ValueError:
        return False
    return True


def nearest(name: str, names: Sequence[str]) -> str:
    """Return the end of a sentence that names the organisations whose names look most like this one."""
    lowered = {n.lower(): n for n in names}
    close = difflib.get_close_matches(name.lower()[:LONGEST_TEXT], lowered, n=3, cutoff=0.4)
    return f"; the nearest are {', '.join(lowered[c] for c in close)}." if close else "."


def _read(key: str, value: str, months: Sequence[str]) -> str:
    """Read month or method; ValueError says what is wrong and what there is."""
    if key == "method":
        if value not in METHODS:
            raise ValueError(f"There is no method {short(value)}; the methods are {', '.join(METHODS)}.")
        return value
    if key != "month":
        raise ValueError(f"{short(key)} is not a setting of the organisation pages.")
    if value in months:
        return "" if value == months[-1] else value
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{short(value)} is no month; the newest, {months[-1]}, is shown.") from None
    near = sorted(months, key=lambda m: abs((date.fromisoformat(m) - day).days))[:3]
    raise ValueError(f"There is no month {value}; the nearest are {', '.join(near)}. The newest is shown.")


def _organisations(values: Iterable[str], names: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    lowered = {n.lower(): n for n in names}
    found = tuple(dict.fromkeys(lowered[v.lower()] for v in values if v.lower() in lowered))
    lacking = [f"There is no organisation {short(v)}{nearest(v, names)}" for v in values if v.lower() not in lowered]
    return found, lacking
