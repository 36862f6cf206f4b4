"""A view as code: the command and the Python that give the same numbers as the page."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from scoring.settings import Key, View, number
from scoring.view import ModelView

Settings = Iterator[tuple[str, Key, list[str]]]


def command(view: View, date: str, *subjects: str) -> str:
    """Return the command that ranks what a view ranks at a date, explains a subject of it, or scores some models."""
    models, words = isinstance(view, ModelView), ["weighbridge"]
    match subjects:
        case ():
            words += ["rank", "models" if models else "organisations"]
        case (subject,):
            words += ["explain", *([subject] if models else ["--organisation", subject])]
        case _:
            words += ["score", *(word for subject in subjects for word in ("--id", subject))]
    words += [f"--{'snapshot' if models else 'month'}", date]
    for name, key, values in _settings(view, one=bool(subjects)):
        flag = key.flag_of(name)
        words += [flag] if key.kind == "switch" else [word for value in values for word in (flag, value)]
    words += [word for i, w in view.weights.items() for word in ("--weight", f"{i}={number(w)}")]
    return shlex.join(words)


def python(view: View, date: str, *subjects: str) -> str:
    """Return the lines of Python that do the same; they end with what a notebook shows."""
    models = isinstance(view, ModelView)
    given = [] if models else [f"month={date!r}"]
    given += [f"{name}={_value(key, values)}" for name, key, values in _settings(view, one=bool(subjects))]
    if view.weights:
        given.append(f"weights={ {i: float(w) for i, w in view.weights.items()}!r}")
    board = f"wb.load({date!r})" if models else "wb.load()"
    ranked = f"{board}.{'rank' if models else 'organisations'}({', '.join(given)})"
    lines = [ranked]
    match subjects:
        case ():
            pass
        case (subject,):
            lines = [f"{ranked}.explain({subject!r})"]
        case _:
            lines = [f"table = {ranked}.table", f"table[table['model'].isin({list(subjects)!r})]"]
    return "\n".join(["import weighbridge as wb", "", *lines, ""])


def _settings(view: View, *, one: bool) -> Settings:
    """Yield the settings that differ from the usual ones and change the numbers, each as a link has it."""
    query = view.query()
    for name, key in view.keys().items():
        chooses = key.section in ("purpose", "filters", "table") and key.kind != "share"
        if name in query and key.option and key.kind != "date" and not (one and chooses):
            value = query[name]
            yield name, key, value if isinstance(value, list) else [value]


def _value(key: Key, values: Sequence[str]) -> str:
    match key.kind:
        case "names":
            return repr(list(values))
        case "switch":
            return str(values[0] == "true")
        case "share":
            return values[0]
        case _:
            return repr(values[0])
