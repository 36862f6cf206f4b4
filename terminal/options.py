"""The view options: one for each key of a link, made from the fields of a view."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any

import typer

from data.shapes import as_date
from scoring.settings import Key, Offered
from scoring.view import NOTHING_WEIGHS, ModelView, View
from terminal.said import Refused, nearest

_METAVARS = {"date": "DATE", "share": "SHARE", "names": "NAME"}


def with_view(kind: type[View], offered: Callable[[], Offered] | None = None) -> Callable[..., Callable[..., None]]:
    """Give a command the options of a view, and hand it the view that they make as `chosen`.

    `offered` says what there is to choose from (`View.parse`); it is asked only when the command runs.
    """
    options = options_of(kind)

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(command, eval_str=True).parameters

        @functools.wraps(command)
        def called(**given: Any) -> None:
            chosen = {name: given.pop(name) for name in options}
            more = {name: value for name, value in chosen.items() if name in own}
            command(**given, **more, chosen=view_of(kind, chosen, offered() if offered else None))

        mine = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for n, p in own.items() if n not in ("chosen", *options)]
        shared = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[of, option])
            for name, (of, default, option) in options.items()
        ]
        called.__signature__ = inspect.Signature([*mine, *shared])  # type: ignore[attr-defined]
        called.__annotations__ = {p.name: p.annotation for p in (*mine, *shared)}
        return called

    return decorated


def options_of(kind: type[View]) -> dict[str, tuple[Any, Any, Any]]:
    """Return the type, default and option of every parameter that a view needs."""
    weight = typer.Option(metavar="ID=N", help=f"Weight of a {kind.parts}; may be repeated.")
    options = {_parameter(name, key): _option(key) for name, key in kind.keys().items() if key.option}
    options["weight"] = (list[str] | None, None, weight)
    if kind is ModelView:
        help_ = "Day on which records without dates were read."
        options["as_of"] = (str | None, None, typer.Option(metavar="DATE", help=help_))
    return options


def view_of(kind: type[View], given: Mapping[str, Any], offered: Offered | None = None) -> View:
    """Read options as a link's keys are read; what a link would ignore is refused here."""
    params: dict[str, list[str]] = {}
    ids = kind().usual
    for text in given["weight"] or ():
        weight_id, sign, number = text.partition("=")
        if not sign or weight_id not in ids:
            raise Refused(f"--weight {text} is not ID=N with the id of a {kind.parts}{nearest(weight_id, ids)}")
        params[weight_id] = [number]
    for name, key in kind.keys().items():
        value = given.get(_parameter(name, key))
        if value is not None and value is not False:
            params[name] = ["false"] if key.kind == "switch" else value if key.kind == "names" else [value]
    day(given.get("as_of"), "2026-10-08")
    found, notes = kind.parse(params, offered)
    if any(note.startswith(NOTHING_WEIGHS) for note in notes):
        raise Refused(f"{NOTHING_WEIGHS}; raise at least one weight.")
    if notes:
        raise Refused(" ".join(notes))
    return found


def _parameter(name: str, key: Key) -> str:
    """A switch is on by default, so that its option turns it off."""
    return f"no_{name}" if key.kind == "switch" else key.flag or name


def _option(key: Key) -> tuple[Any, Any, Any]:
    if key.kind == "switch":
        return bool, False, typer.Option(help=key.option)
    option = typer.Option(metavar=_METAVARS.get(key.kind), help=key.option)
    return (list[str] | None if key.kind == "names" else str | None), None, option


def day(text: str | None, default: str) -> date:
    """Return the day that --as-of names, or the default one."""
    found = as_date(default if text is None else text)
    if found is None:
        raise Refused(f"--as-of {text} is not a date; write it as {default}.")
    return found
