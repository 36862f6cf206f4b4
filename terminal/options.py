"""The view options: one for each key of a link, made from the fields of a view."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal, Protocol, TypeVar

import typer

from data.shapes import as_date
from scoring.settings import NOTHING_WEIGHS, Key, Offered, View, nearest
from terminal.messages import Refused

V = TypeVar("V", bound=View)
Use = Literal["rank", "choose", "one"]
_METAVARS = {"choice": "NAME", "date": "DATE", "names": "NAME", "offered": "NAME", "share": "SHARE", "text": "WORDS"}


class Chosen(Protocol):
    """Makes a view of the options that were given; `offered` says what there is to choose from (`View.parse`)."""

    def __call__(self, kind: type[V], offered: Offered | None = None) -> V:
        """Return the view; Refused says which option is wrong."""


def with_view(*kinds: type[View], use: Use = "rank") -> Callable[..., Callable[..., None]]:
    """Give a command the options of these kinds of views, and as `chosen` a function that makes a view of them.

    They are those that change what it does: it may `rank` many, `choose` among some, or look at `one`.
    """
    options = options_of(*kinds, use=use)

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(command, eval_str=True).parameters
        # A command may declare an option of its own in place of a shared one; without a default it asks for its value.
        shared = {name: o for name, o in options.items() if name not in own or own[name].default is own[name].empty}

        @functools.wraps(command)
        def called(**given: Any) -> None:
            values = {name: given.pop(name) for name in shared}
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


def options_of(*kinds: type[View], use: Use = "rank") -> dict[str, tuple[Any, Any, Any]]:
    """Return the type, default and option of every parameter that a view of any of these kinds needs for a use."""
    every = [(name, key) for kind in kinds for name, key in kind.keys().items() if key.option]
    options = {key.parameter(name): _option(name, key) for name, key in every if use in _uses(key)}
    parts = ", or of a ".join(kind.parts for kind in kinds)
    weight = typer.Option(metavar="ID=N", help=f"Weight of a {parts}; may be repeated.")
    return options | {"weight": (list[str] | None, None, weight)}


def view_of(kind: type[V], offered: Offered | None = None, *, given: Mapping[str, Any]) -> V:
    """Read options as a link's keys are read; what a link would ignore is refused here."""
    _only_own(kind, given)
    found, notes = kind.parse(_settings(kind, given) | _weights(kind, given["weight"] or ()), offered)
    if any(note.startswith(NOTHING_WEIGHS) for note in notes):
        raise Refused(f"{NOTHING_WEIGHS}; raise at least one weight.")
    if notes:
        raise Refused(" ".join(_of_option(kind, note) for note in notes))
    for name, key in kind.keys().items():
        if key.beside and not getattr(found, name) and getattr(found, key.beside) != kind.keys()[key.beside].default:
            raise Refused(f"{flag(key.beside, kind.keys()[key.beside])} means nothing without {flag(name, key)}.")
    # Who names the newest date means it: if it is damaged, no other may stand in for it.
    settings = _settings(kind, given)
    newest = (name for name, key in kind.keys().items() if key.newest and name in settings)
    named: dict[str, Any] = {name: settings[name][-1] for name in newest}
    return replace(found, **named)


def mistakable(kind: type[View], offered: Offered) -> Offered:
    """Leave out what is checked without a snapshot: a word that none of its models has is not mistyped."""
    keys = kind.keys()
    return {name: values for name, values in offered.items() if keys[name].kind != "choice" and not keys[name].closed}


def choosing(view: View, *, filters: bool = False) -> list[str]:
    """Return the options by which a view chooses among many and orders them, or only its filters."""
    moved = {name: key for name, key in view.keys().items() if getattr(view, name) != key.default}
    return [flag(name, key) for name, key in moved.items() if (key.keeps if filters else "one" not in _uses(key))]


def flag(name: str, key: Key) -> str:
    """Return the option of a key."""
    return key.flag_of(name)


def _uses(key: Key) -> tuple[Use, ...]:
    """What a key makes a difference to; the minimum coverage says of one subject whether it is ranked."""
    if key.section in ("weights", "counting", "head") or key.kind == "share":
        return "rank", "choose", "one"
    return ("rank", "choose") if key.section in ("purpose", "filters") else ("rank",)


def _only_own(kind: type[View], given: Mapping[str, Any]) -> None:
    """Refuse options of another kind of view."""
    options = options_of(kind)
    if foreign := sorted(_flag(name) for name, value in given.items() if value and name not in options):
        own = ", ".join(sorted(_flag(name) for name in options if name in given))
        raise Refused(f"{' and '.join(foreign)} cannot be used here; the options are {own}.")


def _weights(kind: type[View], texts: list[str] | tuple[()]) -> dict[str, list[str]]:
    weights, ids = {}, kind().usual
    for text in texts:
        weight_id, sign, number = text.partition("=")
        if not sign or weight_id not in ids:
            raise Refused(f"--weight {text} is not ID=N with the id of a {kind.parts}{nearest(weight_id, ids)}")
        weights[weight_id] = [number]
    return weights


def _settings(kind: type[View], given: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what was given as a link has it."""
    settings = {}
    for name, key in kind.keys().items():
        value = given.get(key.parameter(name))
        if value is not None and value is not False:
            turned = ["false" if key.default else "true"]
            settings[name] = turned if key.kind == "switch" else value if isinstance(value, list) else [value]
    return settings


def _of_option(kind: type[View], note: str) -> str:
    """Name the option where a sentence about a link names its key: `license=“x” is not ...`."""
    name, sign, rest = note.partition("=“")
    key = kind.keys().get(name)
    if not sign or (key is None and name not in kind().usual):
        return note
    return f"{flag(name, key)} “{rest}" if key else f"--weight {note}"


def _flag(parameter: str) -> str:
    return "--" + parameter.rstrip("_").replace("_", "-")


def _option(name: str, key: Key) -> tuple[Any, Any, Any]:
    if key.kind == "switch":
        return bool, False, typer.Option(flag(name, key), help=key.option)
    option = typer.Option(flag(name, key), metavar=_METAVARS.get(key.kind), help=key.option)
    return (list[str] | None if key.kind == "names" else str | None), None, option


def day(text: str | None, default: str) -> date:
    """Return the day that --as-of names, or the default one."""
    found = as_date(default if text is None else text)
    if found is None:
        raise Refused(f"--as-of {text} is not a date; write it as {default}.")
    return found
