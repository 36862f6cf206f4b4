"""Weights under a name, as a file: saved by one person, loaded by another."""

from __future__ import annotations

import json
from typing import TypeVar

from scoring.settings import LONGEST_TEXT, View, short

MOST_BYTES = 100_000
UNNAMED = "My weights"
SomeView = TypeVar("SomeView", bound=View)


def saved(view: View, name: str) -> str:
    """Return the weights of a view as JSON text: a name, the scorecard, what they start from, and what differs."""
    card = view.card
    kept = {
        "name": " ".join(name.split())[:LONGEST_TEXT] or UNNAMED,
        "scorecard": card.id,
        "version": card.version,
        view.start: getattr(view, view.start),
        "weights": dict(view.weights),
    }
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


def loaded(kind: type[SomeView], text: str) -> tuple[str, SomeView, str]:
    """Read what `saved` wrote: the name, a view with these weights, and a note when the scorecard has changed since.

    ValueError says in a sentence what is wrong; then nothing of the file is used.
    """
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise ValueError(f"The file is too large: weights take at most {MOST_BYTES // 1000} kB.")
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("The file is not JSON; load one that was saved here.") from None
    card, start = kind().card, kind.start
    known = {"name", "scorecard", "version", start, "weights"}
    if not isinstance(kept, dict) or not {"scorecard", start, "weights"} <= kept.keys():
        raise ValueError(f"The file holds no weights: it needs scorecard, {start} and weights.")
    if kept["scorecard"] != card.id:
        raise ValueError(f"The file is for the scorecard {short(str(kept['scorecard']))}; this one is “{card.id}”.")
    if foreign := sorted(kept.keys() - known):
        raise ValueError(f"{short(foreign[0])} is no part of a file of weights; remove it.")
    return _named(kept), _view(kind, kept), _aged(kept, card.version)


def _named(kept: dict[str, object]) -> str:
    name = kept.get("name", UNNAMED)
    if not isinstance(name, str):
        raise ValueError("The name in the file is not a text.")
    return " ".join(name.split())[:LONGEST_TEXT] or UNNAMED


def _view(kind: type[SomeView], kept: dict[str, object]) -> SomeView:
    """Links are read as strictly, and their sentences do here as well."""
    weights, usual = kept["weights"], kind().usual
    if not isinstance(weights, dict):
        raise ValueError("The weights in the file are not names with numbers.")
    for weight_id, weight in weights.items():
        if weight_id not in usual:
            raise ValueError(f"There is no {kind.parts} {short(weight_id)} to weigh.")
        if isinstance(weight, bool) or not isinstance(weight, int | float):
            raise ValueError(f"The weight of {weight_id} is not a number.")
    given = {weight_id: [str(weight)] for weight_id, weight in weights.items()}
    view, wrong = kind.parse({kind.start: [str(kept[kind.start])], **given})
    if wrong:
        raise ValueError(wrong[0])
    return view


def _aged(kept: dict[str, object], now: str) -> str:
    then = str(kept.get("version", ""))
    if then in ("", now):
        return ""
    return f"They were saved under version {short(then)} of the scorecard; this is {now}, so totals may differ."
