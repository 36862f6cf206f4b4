"""`weighbridge collect`: ask the platforms, keep every answer in a folder, say what is missing."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data.platforms import ALL
from terminal import choices
from terminal.interrupt import interruptible
from terminal.messages import Refused, complain, complained
from terminal.progress import CollectionProgress

if TYPE_CHECKING:
    from data.http.client import Limits
    from data.jobs import Job

SOURCES = [*(platform.id for platform in ALL), "organisations"]
RAW = Path(__file__).parent.parent / "data" / "raw"


class Kind(StrEnum):
    """What to collect by id from a platform that has both."""

    models = "models"
    datasets = "datasets"


class Rows(StrEnum):
    """How to print what was collected."""

    none = "none"
    json = "json"


def _source(text: str) -> str:
    if text not in SOURCES:
        raise typer.BadParameter(f"{text} cannot be collected; the sources are {', '.join(SOURCES)}.")
    return text


Source = Annotated[str, typer.Argument(metavar="SOURCE", help=f"One of {', '.join(SOURCES)}.", callback=_source)]
Ids = Annotated[
    Path | None, typer.Option(help="Ids, or names of organisations, one a line (- for standard input).", metavar="FILE")
]
Author = Annotated[
    str, typer.Option(help="Everything of this owner; on ModelScope several, with commas.", metavar="OWNER")
]
Search = Annotated[str, typer.Option(help="Only models whose id holds these words.", metavar="WORDS")]
Tags = Annotated[
    list[str] | None, typer.Option("--filter", help="Only models with this tag; may be repeated.", metavar="TAG")
]
Top = Annotated[int, typer.Option(help="Only the N most downloaded.", min=0, metavar="N", show_default=False)]
With = Annotated[
    str | None, typer.Option("--with", help="What to ask beyond the listing: all, none, or a list.", metavar="STEPS")
]
OfKind = Annotated[Kind | None, typer.Option(help="What the ids of ModelScope are (models).")]
Table = Annotated[
    Path | None, typer.Option(help="CSV or JSON lines to import: what a platform does not give.", metavar="FILE")
]
Pages = Annotated[Path | None, typer.Option(help="Table of organisations (default: the curated one).", metavar="FILE")]
AsOf = Annotated[str | None, typer.Option(help="Day of a table's rows that have none.", metavar="DATE")]
Folder = Annotated[
    Path | None, typer.Option("--run", help="Where replies are kept (default: data/raw/SOURCE).", metavar="FOLDER")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the collection in the folder, whatever it is.")]
Again = Annotated[
    bool, typer.Option("--again", help="Start a new collection in the folder, even after an interruption.")
]
OnlyPlan = Annotated[bool, typer.Option("--plan", help="Only say how many calls it will take, and how long.")]
Deadline = Annotated[
    float | None, typer.Option(help="Seconds that one try may take, to the last byte (30).", min=0, metavar="N")
]
MaxWait = Annotated[
    float | None, typer.Option(help="Seconds that one call waits for quota at most (320).", min=0, metavar="N")
]
Backoff = Annotated[
    float | None,
    typer.Option(help="Seconds before the second try, doubled for each further one (1).", min=0, metavar="N"),
]
Tries = Annotated[int | None, typer.Option(help="Tries of one call (4).", min=1, max=4, metavar="N")]
Jobs = Annotated[int | None, typer.Option(help="Calls at a time (8).", min=1, max=64, metavar="N")]
Printed = Annotated[Rows, typer.Option("--format", help="Print the collected facts too.")]


def collect(
    source: Source,
    ids: Ids = None,
    author: Author = "",
    search: Search = "",
    tags: Tags = None,
    top: Top = 0,
    what: With = None,
    kind: OfKind = None,
    table: Table = None,
    pages: Pages = None,
    as_of: AsOf = None,
    run: Folder = None,
    resume: Resume = False,
    again: Again = False,
    plan: OnlyPlan = False,
    deadline: Deadline = None,
    max_wait: MaxWait = None,
    backoff: Backoff = None,
    tries: Tries = None,
    jobs: Jobs = None,
    format: Printed = Rows.none,
) -> None:
    """Collect facts from a platform and keep the raw replies.

    An interrupted collection goes on where it stopped. Then `weighbridge snapshot build --from FOLDER` makes a snapshot
    of it. Tokens are read from the environment only.
    """
    chosen = {"deadline": deadline, "max_wait": max_wait, "backoff": backoff, "tries": tries, "jobs": jobs}
    limits, folder = _limits(**chosen), run or RAW / source
    if resume and again:
        raise Refused("--resume goes on and --again starts anew; give one of them.")
    if plan:
        _nothing_more(chosen | {"again": again, "format": format is Rows.json})
    given = {"ids": ids, "author": author, "search": search, "filters": tags or [], "top": top}
    given |= {"kind": kind and kind.value, "table": table, "pages": pages, "as_of": as_of, "with": what}
    todo = choices.kept(folder, source) if resume and choices.bare(given) else choices.job_of(source, given)
    complained([*choices.cautions(), *todo.plan().sentences()])
    if not plan:
        raise typer.Exit(_run(todo, folder, limits, again=again, resume=resume, rows=format))


def _nothing_more(given: Mapping[str, Any]) -> None:
    """Refuse what only a collection itself would use."""
    if used := [key for key, value in given.items() if value not in (None, False)]:
        raise Refused(f"--plan collects nothing, so it takes no {choices.named(used, ' and no ')}.")


def _limits(**given: Any) -> Limits:
    from data.http.client import BadLimit, from_environment

    try:
        return from_environment().but(**given)
    except BadLimit as wrong:
        raise Refused(str(wrong)) from None


@interruptible()
def _run(todo: Job, folder: Path, limits: Limits, *, again: bool, resume: bool, rows: Rows) -> int:
    """Collect, then say what is missing; the exit code."""
    from data.collect.collector import Collector, Replay, summary
    from data.collect.replies import ReplyStore, ReplyStoreError
    from data.http.client import Client
    from data.platforms.imports import Unreadable

    try:
        with ReplyStore(folder) as store:
            if store.begin(todo.choice, again=again, resume=resume):
                complain(f"Going on with the collection of {store.started[:16].replace('T', ' ')} UTC.")
            choice = todo.choice
            with CollectionProgress(str(choice["source"]), len(choice["ids"]) or choice["top"] or None) as progress:
                collector = Collector(store, Client(limits, progress.on_event))
                todo.collect(collector, progress.tick)
            missing = summary(store)
            store.end(whole=not missing)
            complain(f"{progress.summary(collector.kept)} Kept in {folder}.")
            for sentence in missing:
                complain(sentence)
            for row in todo.rows(Replay(store, limits)) if rows is Rows.json else ():
                sys.stdout.write(json.dumps({k: v for k, v in row.items() if k != "readme"}) + "\n")
    except (ReplyStoreError, Unreadable) as wrong:
        raise Refused(str(wrong)) from None
    nothing = not (progress.done or collector.kept or progress.requests > progress.errors)
    return (2 if nothing else 1) if missing else int(bool(todo.choice.get("left_out")))
