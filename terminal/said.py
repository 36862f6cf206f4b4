"""What every command says in the same words; light, so that a small command starts at once."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from enum import StrEnum


class Refused(Exception):
    """Nothing could be done; the message is the one sentence that says why and what to do (exit code 2)."""


class Format(StrEnum):
    """How results are printed."""

    table = "table"
    json = "json"
    csv = "csv"


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that names the nearest known words."""
    from rapidfuzz import process, utils

    near = process.extract(word, list(known), processor=utils.default_process, limit=3)
    return f"; the nearest are {', '.join(n for n, _, _ in near)}." if near else "."


def complain(sentence: str) -> None:
    """Say one sentence on standard error; whatever it quotes cannot move the cursor or break the line."""
    sys.stderr.write("".join(c for c in " ".join(sentence.split()) if c.isprintable()) + "\n")
