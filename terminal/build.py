"""`weighbridge snapshot build --from RUN`: a collection becomes a snapshot of models, or a month of organisations."""

from __future__ import annotations

from datetime import date
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from terminal.said import Refused, complain

if TYPE_CHECKING:
    from data.collect import Replay
    from data.jobs import Job
    from data.organisation_month import Organisations


def build(folder: Path, as_of: date, into: Path | None) -> tuple[Path, str, bool]:
    """Build the snapshot of a collection; its folder, what is in it, and whether something is missing."""
    from data.collect import Replay, summary
    from data.jobs import Models, job
    from data.organisation_month import Organisations
    from data.run import Run, RunError

    try:
        with Run(folder, create=False) as run:
            todo = job(run.about("plan"))
            for sentence in summary(run):
                complain(sentence)
            missing = any(True for _ in run.failures())
            match todo:
                case Models():
                    return *_models(todo, Replay(run), as_of, into), missing
                case Organisations():
                    return *_organisations(todo, Replay(run), into), missing
                case _:
                    raise Refused(
                        f"{folder} holds {todo.choice['source']}, of which no snapshot is built; `weighbridge collect "
                        "organisations` collects what a snapshot of organisations needs, from all platforms."
                    )
    except RunError as wrong:
        raise Refused(str(wrong)) from None


def _models(todo: Job, asker: Replay, as_of: date, into: Path | None) -> tuple[Path, str]:
    from data import records

    rows = todo.rows(asker)
    first = next(rows, None)
    if first is None:
        raise Refused(f"{asker.run.folder} holds no model; nothing was built.")
    counted = count(1)
    built = records.build((row for row, _ in zip(chain([first], rows), counted, strict=False)), as_of, into)
    return built, f"{next(counted) - 1:,} records"


def _organisations(todo: Organisations, asker: Replay, into: Path | None) -> tuple[Path, str]:
    from data import organisation_month

    built, rows, gaps = organisation_month.build(todo, asker, into)
    for gap in (gap for gap in gaps if gap.page.platform):
        page = gap.page
        complain(f"{page.organisation} has no {gap.kind} facts: {page.platform} was not read to the end. {gap.reason}")
    return built, f"{rows:,} repository rows"
