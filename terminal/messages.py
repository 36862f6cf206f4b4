"""What every command prints with: a line, a complaint, a refusal. Light, so that a command starts at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer


class Refused(ValueError):
    """Nothing could be done; the message is the one sentence that says why and what to do (exit code 2)."""


class Format(StrEnum):
    """How results are printed."""

    table = "table"
    json = "json"
    csv = "csv"


As = Annotated[Format, typer.Option("--format", help="How to print.")]


def say(sentence: str) -> None:
    """Write one line to standard output; whatever it quotes cannot move the cursor or break the line."""
    sys.stdout.write(_printable(sentence) + "\n")


def complain(sentence: str) -> None:
    """Write one line to standard error, as clean as `say`, with single spaces."""
    sys.stderr.write(_printable(" ".join(sentence.split())) + "\n")


def complained(complaints: Sequence[str]) -> bool:
    """Write these lines to standard error; whether there are any."""
    for sentence in complaints:
        complain(sentence)
    return bool(complaints)


def reason(error: BaseException) -> str:
    """Return why the system failed, in lower case and without a full stop."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder"
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".").lower()


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable())
