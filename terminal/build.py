"""`weighbridge snapshot build`: records, or what was collected of models, become a snapshot while one looks on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from data import records
from data.collect import Replay, summary
from data.jobs import job
from data.run import Run, RunError
from terminal.progress import Built
from terminal.said import Refused, complain


def of_records(good: Iterable[Mapping[str, Any]], as_of: date, into: Path | None) -> tuple[Path, int]:
    """Build a snapshot of records as they come; its folder, and how many there were. Nothing is begun before the first.

    Ctrl-C leaves nothing of it behind.
    """
    coming = iter(good)
    first = next(coming)
    with Built() as shown:
        folder = records.build(chain([first], coming), as_of, into, shown.tell)
    return folder, shown.done["Reading"]


def of_collection(run: Path, as_of: date, into: Path | None) -> tuple[Path, int, bool]:
    """Build a snapshot of a collection of models; its folder, how many models, and whether something is missing."""
    try:
        with Run(run, create=False) as kept:
            todo = job(kept.about("plan"))
            if todo.choice["source"] != "huggingface":
                raise Refused(f"{run} holds {todo.choice['source']}, of which no snapshot is built.")
            rows = todo.rows(Replay(kept))
            first = next(rows, None)
            missing = summary(kept)
            for sentence in missing:
                complain(sentence)
            if first is None:
                raise Refused(f"{run} holds no model; nothing was built.")
            return *of_records(chain([first], rows), as_of, into), bool(missing)
    except RunError as wrong:
        raise Refused(str(wrong)) from None
