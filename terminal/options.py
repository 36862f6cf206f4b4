"""The view options: one for each key of a link, the same for score, rank and explain."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import typer

from data.shapes import as_date
from scoring import view
from scoring.scorecards import MODEL, PRESETS
from terminal.said import Refused, nearest

_OPTIONS: dict[str, Any] = {
    "snapshot": (str | None, typer.Option(metavar="DATE", help="Snapshot to use (default: the newest).")),
    "weight": (list[str] | None, typer.Option(metavar="ID=N", help="Weight of a category or factor; may be repeated.")),
    "preset": (str | None, typer.Option(help=f"Weights to start from: {', '.join(PRESETS)}.")),
    "unknown": (str | None, typer.Option(help="How unknown facts count: neutral (0.5), zero or skip.")),
    "yardstick": (str | None, typer.Option(help="Scale: goalposts (fixed) or population (least and most).")),
    "min_coverage": (
        str | None,
        typer.Option(metavar="SHARE", help="Known share, 0 to 1, below which none is ranked."),
    ),
    "no_cap": (bool, typer.Option("--no-cap", help="Let no finding hold a total at 30.")),
    "as_of": (str | None, typer.Option(metavar="DATE", help="Day on which records without dates were read.")),
    "search": (str | None, typer.Option(help="Only ids that contain these words.")),
    "task": (str | None, typer.Option(help="Only this task, for example text-generation.")),
    "license": (str | None, typer.Option(metavar="CLASS", help="Only this licence class, for example permissive.")),
    "publisher": (str | None, typer.Option(help="Only official, established, neither, or one owner's models.")),
}


def with_view(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the view options, one for each key of a link, and hand it the View that they make."""
    own = inspect.signature(command, eval_str=True).parameters
    shared = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=False if kind is bool else None,
            annotation=Annotated[kind, option],
        )
        for name, (kind, option) in _OPTIONS.items()
    ]

    @functools.wraps(command)
    def called(**given: Any) -> None:
        options = {name: given.pop(name) for name in _OPTIONS}
        command(**given, **{"chosen": _view(options)} | ({"as_of": options["as_of"]} if "as_of" in own else {}))

    mine = [
        p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for name, p in own.items() if name not in ("chosen", "as_of")
    ]
    called.__signature__ = inspect.Signature([*mine, *shared])  # type: ignore[attr-defined]
    called.__annotations__ = {p.name: p.annotation for p in (*mine, *shared)}
    return called


def _view(options: dict[str, Any]) -> view.View:
    """Read the options through the same door as a link's keys; what a link would ignore is refused here."""
    params: dict[str, list[str]] = {}
    for text in options["weight"] or []:
        key, sign, number = text.partition("=")
        if not sign or key not in MODEL.weights():
            raise Refused(
                f"--weight {text} is not ID=N with the id of a category or factor{nearest(key, MODEL.weights())}"
            )
        params[key] = [number]
    if options["no_cap"]:
        params["cap"] = ["false"]
    of_its_own = ("weight", "no_cap", "as_of")
    params |= {key: [options[key]] for key in _OPTIONS if key not in of_its_own and options[key] is not None}
    day(options["as_of"], "2026-10-08")
    found, notes = view.parse(params)
    if any(note.startswith(view.NOTHING_WEIGHS) for note in notes):
        raise Refused(f"{view.NOTHING_WEIGHS}; raise at least one weight.")
    if notes:
        raise Refused(" ".join(notes))
    return found


def day(text: str | None, default: str) -> date:
    """Return the day that --as-of names, or the default one."""
    found = as_date(default if text is None else text)
    if found is None:
        raise Refused(f"--as-of {text} is not a date; write it as {default}.")
    return found
