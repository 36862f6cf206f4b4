"""Run a command: route it, and turn every refusal into one sentence on standard error."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import typer

from data.archive import SnapshotError
from data.collect.replies import holds_replies
from terminal.said import Refused, complain


def run(everything: Callable[[], typer.Typer]) -> None:
    """Run what the command line asks for; `everything` is only built for commands that need it."""
    _open_streams()
    arguments = sys.argv[1:] or ["--help"]
    try:
        app = _light(arguments) or everything()
        code = app(arguments, standalone_mode=False) or 0
        if code == 130:  # what typer makes of Ctrl-C
            raise KeyboardInterrupt
        sys.stdout.flush()
    except (Refused, SnapshotError) as wrong:
        complain(str(wrong))
        code = 2
    except typer.TyperException as wrong:
        complain(f"{wrong.format_message().rstrip('.')}; see `weighbridge --help`.")
        code = 2
    except KeyboardInterrupt:
        complain("Stopped.")
        code = 130
    except (BrokenPipeError, SystemExit):  # the reader of a pipe, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 0
    except OSError as wrong:
        complain(f"{wrong.filename or 'The output'} cannot be written: {said(wrong)}.")
        code = 2
    sys.exit(code)


def _open_streams() -> None:
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 - for as long as the process lives
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter is no reason to stop


def said(wrong: BaseException) -> str:
    """Return what an error of the system says, in lower case and without a full stop."""
    if isinstance(wrong, FileNotFoundError):
        return "there is no such file or folder"
    return (getattr(wrong, "strerror", None) or str(wrong) or type(wrong).__name__).rstrip(".").lower()


def _light(arguments: Sequence[str]) -> typer.Typer | None:
    """Build the commands that start at once, without pandas, if it is one of them."""
    if arguments[0] == "collect":
        return _collecting()
    return _organisations() if _of_organisations(arguments) else None


def _collecting() -> typer.Typer:
    from terminal.collect import collect

    app = typer.Typer(name="weighbridge", add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.callback()(_group)
    app.command("collect")(collect)
    return app


def _of_organisations(arguments: Sequence[str]) -> bool:
    """Whether a command is about organisations: those start at once, without pandas."""
    match arguments[:2]:
        case ["explain", *_]:
            return any(a == "--organisation" or a.startswith("--organisation=") for a in arguments)
        case ["snapshot", "build"]:
            sources = [b for a, b in pairwise((*arguments, "")) if a == "--from"]
            sources += [a.removeprefix("--from=") for a in arguments if a.startswith("--from=")]
            return any(Path(source).is_dir() and not holds_replies(source) for source in sources)
        case start:
            return list(start) == ["rank", "organisations"]


def _organisations() -> typer.Typer:
    """Build the commands about organisations alone; cli.py lists them among the others."""
    from terminal import organisations

    app = typer.Typer(name="weighbridge", add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command("explain")(organisations.explain)
    for group, name, command in (
        ("rank", "organisations", organisations.rank),
        ("snapshot", "build", organisations.build),
    ):
        inner = typer.Typer()
        inner.callback()(_group)
        inner.command(name)(command)
        app.add_typer(inner, name=group)
    return app


def _group() -> None:
    """Keep one command in a group of its own, which typer would otherwise take for the group."""
