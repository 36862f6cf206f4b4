"""`weighbridge snapshot build`: records or a collection become a snapshot of models, or a month of organisations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from terminal.interrupt import interruptible
from terminal.progress import Built
from terminal.said import Refused, complain

if TYPE_CHECKING:
    from data.collect.collector import Replay
    from data.organisations.job import Organisations


@interruptible()
def build(folder: Path, as_of: date, into: Path | None) -> tuple[Path, str, bool]:
    """Build the snapshot of a collection; its folder, what is in it, and whether something is missing."""
    from data.collect.collector import Replay, summary
    from data.collect.replies import ReplyStore, ReplyStoreError
    from data.jobs import job
    from data.models.job import Models
    from data.organisations.job import Organisations
    from data.platforms.imports import Unreadable
    from terminal.choices import held

    try:
        with ReplyStore(folder, create=False) as run:
            todo = job(held(run))
            wrong = summary(run)
            if run.about("ended") is None:
                wrong.insert(
                    0, f"The collection in {folder} was stopped before its end: what was not asked is missing."
                )
            for sentence in wrong:
                complain(sentence)
            missing = bool(wrong)
            match todo:
                case Models():
                    return *of_records(folder, todo.rows(Replay(run)), as_of, into), missing
                case Organisations():
                    return *_organisations(todo, Replay(run), into), missing
                case _:
                    raise Refused(
                        f"{folder} holds {todo.choice['source']}, of which no snapshot is built; `weighbridge collect "
                        "organisations` collects what a snapshot of organisations needs, from all platforms."
                    )
    except (ReplyStoreError, Unreadable) as wrong:
        raise Refused(str(wrong)) from None


@interruptible()
def of_records(source: Path, good: Iterator[Mapping[str, Any]], as_of: date, into: Path | None) -> tuple[Path, str]:
    """Build a snapshot of a source's records as they come; its folder, and what is in it. It shows how far it is.

    Nothing is begun before the first is there (Refused if none comes), and Ctrl-C leaves nothing behind.
    """
    from data.models.build import build as build_snapshot

    first = next(good, None)
    if first is None:
        raise Refused(f"{source} holds no model; nothing was built.")
    with Built() as shown:
        folder = build_snapshot(chain([first], good), as_of, into, shown.show)
    return folder, f"{shown.done['Reading']:,} records"


def _organisations(todo: Organisations, asker: Replay, into: Path | None) -> tuple[Path, str]:
    from data.organisations.build import from_collection

    got = todo.read(asker)
    built = from_collection(got, into)
    for gap in (gap for gap in got.gaps if gap.page.platform):
        page = gap.page
        complain(f"{page.organisation} has no {gap.kind} facts: {page.platform} was not read to the end. {gap.reason}")
    return built, f"{len(got.rows):,} repository rows"
