"""The `weighbridge` command: the same scores as the app, for terminals, pipes and CI.

Exit codes: 0 all done; 1 some lines, calls or checks failed and the rest was done; 2 nothing could be done; 130 stopped
by Ctrl-C.
"""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module, metadata
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

from data.archive import SnapshotError
from terminal.messages import Refused, complain, reason, say

PLAIN: dict[str, Any] = {"add_completion": False, "pretty_exceptions_enable": False, "rich_markup_mode": None}


class LazyGroup(TyperGroup):
    """A group whose commands are `module:function`; a module is imported when its command runs or shows its help."""

    commands: dict[str, Any]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, made of its function when it is first asked for; None when there is none."""
        command = self.commands.get(cmd_name)
        if isinstance(command, str):
            module, _, function = command.partition(":")
            alone = typer.Typer(**PLAIN)
            alone.command(cmd_name)(getattr(import_module(module), function))
            command = self.commands[cmd_name] = get_command(alone)
        return command


def _version(wanted: bool) -> None:
    if wanted:
        say(f"weighbridge {metadata.version('weighbridge')}")
        raise typer.Exit


def _weighbridge(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Open scores for open AI models."""


def _group(name: str, purpose: str, commands: Any) -> LazyGroup:
    return LazyGroup(name=name, help=purpose, commands=commands, rich_markup_mode=None)


COMMANDS: dict[str, Any] = {
    "score": "terminal.models:score",
    "rank": _group(
        "rank",
        "Rank the models of a snapshot, or the organisations of a month.",
        {"models": "terminal.models:rank", "organisations": "terminal.organisations:rank"},
    ),
    "explain": "terminal.models:explain",
    "collect": "terminal.collect:collect",
    "snapshot": _group(
        "snapshot",
        "List, verify, compare and build snapshots.",
        {
            "list": "terminal.snapshots:show",
            "verify": "terminal.snapshots:verify",
            "diff": "terminal.snapshots:diff",
            "build": "terminal.snapshots:build",
        },
    ),
    "docs": "terminal.docs:docs",
}
_top = typer.Typer(name="weighbridge", cls=LazyGroup, **PLAIN)
_top.callback()(_weighbridge)
app = get_group(_top)
app.commands = COMMANDS


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
