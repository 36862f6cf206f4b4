"""The view options: one for each key of a link, made from the fields of a view."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from datetime import date
from keyword import iskeyword
from typing import Annotated, Any, TypeVar

import typer

from data.shapes import as_date
from scoring.settings import NOTHING_WEIGHS, Key, Offered, View, nearest
from scoring.view import ModelView
from terminal.messages import Refused

V = TypeVar("V", bound=View)
_METAVARS = {"choice": "NAME", "date": "DATE", "names": "NAME", "offered": "NAME", "share": "SHARE", "text": "WORDS"}


def with_view(*kinds: type[View], offered: Callable[[], Offered] | None = None) -> Callable[..., Callable[..., None]]:
    """Give a command the options of a view, and hand it the view that they make as `chosen`.

    `offered` says what there is to choose from (`View.parse`); it is asked only when the command runs. A command about
    one of several kinds of views gets a function as `chosen`, which takes the kind and what is offered.
    """
    options = options_of(*kinds)

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(command, eval_str=True).parameters
        # A command may declare an option of its own in place of a shared one; without a default it asks for its value.
        shared = {name: o for name, o in options.items() if name not in own or own[name].default is own[name].empty}

        @functools.wraps(command)
        def called(**given: Any) -> None:
            values = {name: given.pop(name) for name in shared}
            if len(kinds) == 1:
                chosen: Any = view_of(kinds[0], offered() if offered else None, given=values)
            else:
                chosen = functools.partial(view_of, given=values)
            command(**given, **{name: value for name, value in values.items() if name in own}, chosen=chosen)

        parameters = [
            p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for n, p in own.items() if n not in ("chosen", *shared)
        ]
        parameters += [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[of, option])
            for name, (of, default, option) in shared.items()
        ]
        called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        called.__annotations__ = {p.name: p.annotation for p in parameters}
        return called

    return decorated


def options_of(*kinds: type[View]) -> dict[str, tuple[Any, Any, Any]]:
    """Return the type, default and option of every parameter that a view of any of these kinds needs."""
    keys = {_parameter(name, key): key for kind in kinds for name, key in kind.keys().items() if key.option}
    options = {parameter: _option(parameter, key) for parameter, key in keys.items()}
    parts = ", or of a ".join(kind.parts for kind in kinds)
    weight = typer.Option(metavar="ID=N", help=f"Weight of a {parts}; may be repeated.")
    options["weight"] = (list[str] | None, None, weight)
    if ModelView in kinds:
        help_ = "Day on which records without dates were read."
        options["as_of"] = (str | None, None, typer.Option(metavar="DATE", help=help_))
    return options


def view_of(kind: type[V], offered: Offered | None = None, *, given: Mapping[str, Any]) -> V:
    """Read options as a link's keys are read; what a link would ignore is refused here."""
    params: dict[str, list[str]] = {}
    ids = kind().usual
    options = options_of(kind)
    if foreign := sorted(_flag(name) for name, value in given.items() if value and name not in options):
        own = ", ".join(sorted(_flag(name) for name in options if name in given))
        raise Refused(f"{' and '.join(foreign)} cannot be used here; the options are {own}.")
    for text in given["weight"] or ():
        weight_id, sign, number = text.partition("=")
        if not sign or weight_id not in ids:
            raise Refused(f"--weight {text} is not ID=N with the id of a {kind.parts}{nearest(weight_id, ids)}")
        params[weight_id] = [number]
    for name, key in kind.keys().items():
        value = given.get(_parameter(name, key))
        if value is not None and value is not False:
            turned = ["false" if key.default else "true"]
            params[name] = turned if key.kind == "switch" else value if key.kind == "names" else [value]
    day(given.get("as_of"), "2026-10-08")
    found, notes = kind.parse(params, offered)
    if any(note.startswith(NOTHING_WEIGHS) for note in notes):
        raise Refused(f"{NOTHING_WEIGHS}; raise at least one weight.")
    if notes:
        raise Refused(" ".join(notes))
    return found


def _parameter(name: str, key: Key) -> str:
    """The option of a switch that is on by default turns it off; a word of Python's own gets an underscore."""
    parameter = f"no_{name}" if key.kind == "switch" and key.default else key.flag or name
    return f"{parameter}_" if iskeyword(parameter) else parameter


def _flag(parameter: str) -> str:
    return "--" + parameter.rstrip("_").replace("_", "-")


def _option(parameter: str, key: Key) -> tuple[Any, Any, Any]:
    if key.kind == "switch":
        return bool, False, typer.Option(_flag(parameter), help=key.option)
    option = typer.Option(_flag(parameter), metavar=_METAVARS.get(key.kind), help=key.option)
    return (list[str] | None if key.kind == "names" else str | None), None, option


def day(text: str | None, default: str) -> date:
    """Return the day that --as-of names, or the default one."""
    found = as_date(default if text is None else text)
    if found is None:
        raise Refused(f"--as-of {text} is not a date; write it as {default}.")
    return found
