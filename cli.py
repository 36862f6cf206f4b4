"""The `weighbridge` command: the same scores as the app, for terminals, pipes and CI.

Exit codes: 0 all done; 1 some lines, calls or checks failed and the rest was done; 2 nothing could be done; 130 stopped
by Ctrl-C.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from data.archive import SnapshotError
from terminal.messages import Refused, complain, reason, say

PLAIN: dict[str, Any] = {"add_completion": False, "pretty_exceptions_enable": False, "rich_markup_mode": None}


class Later(TyperCommand):
    """A command that is known by its name and purpose; its `module:function` is imported when it runs or is explained.

    The purpose is the first line of the function's docstring.
    """

    def __init__(self, name: str, purpose: str, function: str) -> None:
        super().__init__(name, help=purpose)
        self.function = function

    def command(self) -> Any:
        """Return the command itself."""
        module, _, function = self.function.partition(":")
        alone = typer.Typer(**PLAIN)
        alone.command(self.name)(getattr(import_module(module), function))
        command: Any = get_command(alone)
        for parameter in command.params:
            if parameter.param_type_name == "argument":
                parameter.display_type_rich = lambda ctx: None  # its name says what it is
        return command


class LazyGroup(TyperGroup):
    """A group whose list of commands needs none of their modules."""

    commands: dict[str, Any]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the name of a command, the command itself, and the arguments that are left for it."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.command() if isinstance(command, Later) else command, rest


def _version(wanted: bool) -> None:
    if wanted:
        from importlib import metadata

        say(f"weighbridge {metadata.version('weighbridge')}")
        raise typer.Exit


def _weighbridge(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Open scores for open AI models."""


def _made(name: str, purpose: str, what: str | Mapping[str, Any]) -> Any:
    """Make a command of its `module:function`, or a group of its commands."""
    if isinstance(what, str):
        return Later(name, purpose, what)
    commands = {inner: _made(inner, *declared) for inner, declared in what.items()}
    return LazyGroup(name=name, help=purpose, commands=commands, rich_markup_mode=None)


COMMANDS: Mapping[str, tuple[str, str | Mapping[str, Any]]] = {
    "score": ("Score models of a file, a snapshot or the Hub.", "terminal.models:score"),
    "rank": (
        "Rank the models of a snapshot, or the organisations of a month.",
        {
            "models": ("Rank the models of a snapshot under your weights.", "terminal.models:rank"),
            "organisations": ("Rank organisations by their influence.", "terminal.organisations:rank"),
        },
    ),
    "explain": ("Print every factor of a model or organisation with its source.", "terminal.explain:explain"),
    "verify": ("Compute a saved receipt anew and say what differs.", "terminal.proofs:verify"),
    "collect": ("Collect facts from a platform and keep the raw replies.", "terminal.collect:collect"),
    "snapshot": (
        "List, verify, compare and build snapshots.",
        {
            "list": ("List the snapshots of models and of organisations.", "terminal.snapshots:show"),
            "verify": ("Check every file of the snapshots against their manifests.", "terminal.snapshots:verify"),
            "diff": ("Print what moved between two snapshots, and why.", "terminal.snapshots:diff"),
            "build": ("Build a snapshot of records, a collection or tables.", "terminal.snapshots:build"),
            "generate": ("Write a listing of made-up models, for trials of size.", "terminal.snapshots:generate"),
        },
    ),
    "docs": ("Write docs/factors.md from the declarations.", "terminal.docs:docs"),
}
_top = typer.Typer(name="weighbridge", cls=LazyGroup, **PLAIN)
_top.callback()(_weighbridge)
app = get_group(_top)
app.commands = {name: _made(name, *declared) for name, declared in COMMANDS.items()}


def main() -> None:
    """Run the command that the arguments name, and turn every refusal into one sentence on standard error."""
    _open_streams()
    try:
        code = app.main(sys.argv[1:] or ["--help"], "weighbridge", standalone_mode=False) or 0
        if code == 130:  # what typer makes of Ctrl-C
            raise KeyboardInterrupt
        sys.stdout.flush()
    except (Refused, SnapshotError) as refusal:
        complain(str(refusal))
        code = 2
    except typer.TyperException as mistake:
        sentence = mistake.format_message().replace(" Value error,", "").rstrip(".")
        complain(sentence + (" See" if sentence.endswith("?") else "; see") + " `weighbridge --help`.")
        code = 2
    except KeyboardInterrupt:
        complain("Stopped.")
        code = 130
    except (BrokenPipeError, SystemExit):  # the reader of a pipe, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 0
    except OSError as error:
        complain(f"{error.filename or 'The output'} cannot be written: {reason(error)}.")
        code = 2
    sys.exit(code)


def _open_streams() -> None:
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 - for as long as the process lives
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter is no reason to stop


if __name__ == "__main__":
    main()
