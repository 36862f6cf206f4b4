"""`weighbridge collect`: ask the platforms, keep every answer in a folder, say what is missing."""

from __future__ import annotations

import json
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data import records
from terminal.options import Refused
from terminal.progress import Watch
from terminal.tables import complain

if TYPE_CHECKING:
    from data.jobs import Job
    from data.transport.limits import Limits

RAW = Path(__file__).parent.parent / "data" / "raw"


class Source(StrEnum):
    """What can be collected."""

    huggingface = "huggingface"
    github = "github"
    modelscope = "modelscope"
    gitee = "gitee"
    gitcode = "gitcode"
    baai = "baai"
    openi = "openi"
    opendatalab = "opendatalab"
    sites = "sites"
    semanticscholar = "semanticscholar"
    organisations = "organisations"


MOST_IDS = 1_000_000


class Kind(StrEnum):
    """What to collect by id from a platform that has both."""

    models = "models"
    datasets = "datasets"


class Rows(StrEnum):
    """How to print what was collected."""

    none = "none"
    json = "json"


def _seconds(words: str) -> Any:
    return typer.Option(min=0, metavar="SECONDS", help=words)


def collect(
    source: Annotated[Source, typer.Argument(metavar="SOURCE", help=f"One of {', '.join(Source)}.")],
    ids: Annotated[Path | None, typer.Option(metavar="FILE", help="Ids, one a line (- for standard input).")] = None,
    author: Annotated[str, typer.Option(help="Everything of this owner.")] = "",
    search: Annotated[str, typer.Option(help="Only models whose id holds these words.")] = "",
    filter: Annotated[
        list[str] | None, typer.Option(metavar="TAG", help="Only with this tag; may be repeated.")
    ] = None,
    top: Annotated[int, typer.Option(min=0, metavar="N", help="Only the N most downloaded.")] = 0,
    what: Annotated[
        str | None,
        typer.Option("--with", metavar="STEPS", help="What to ask beyond the listing: all, none, or a list."),
    ] = None,
    kind: Annotated[Kind, typer.Option(help="What the ids of ModelScope are.")] = Kind.models,
    table: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV or JSON lines to import (sites and the like).")
    ] = None,
    as_of: Annotated[str | None, typer.Option(metavar="DATE", help="Day of a table's rows that have none.")] = None,
    run: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where replies are kept (default: data/raw/SOURCE).")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the collection in the folder, whatever it is.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Start a new collection in the folder, even after an interruption.")
    ] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Only say how many calls it will take, and how long.")] = False,
    deadline: Annotated[float | None, _seconds("Limit of one try, from connecting to the last byte (30).")] = None,
    max_wait: Annotated[float | None, _seconds("Limit of what one call waits for quota (320).")] = None,
    backoff: Annotated[float | None, _seconds("Pause before the second try; doubled for each further one (1).")] = None,
    tries: Annotated[int | None, typer.Option(min=1, max=4, help="Tries of one call (4).")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, max=64, help="Calls at a time (8).")] = None,
    format: Annotated[Rows, typer.Option("--format", help="Print the collected facts too.")] = Rows.none,
) -> None:
    """Collect facts from a platform and keep the raw replies; an interrupted collection goes on where it stopped.

    Then `weighbridge snapshot build --from FOLDER` makes a snapshot of them. Tokens are read from the environment only.
    """
    from data.transport.limits import BadLimit, from_environment

    try:
        limits = from_environment().but(deadline=deadline, max_wait=max_wait, backoff=backoff, tries=tries, jobs=jobs)
    except BadLimit as wrong:
        raise Refused(str(wrong)) from None
    folder = run or RAW / source.value
    given = {"ids": _ids(ids), "author": author, "search": search, "filters": filter or [], "top": top}
    given |= {"kind": kind.value, "table": str(table or ""), "as_of": _day(as_of)}
    todo = _job(source.value, given, what, folder, resume)
    for sentence in todo.plan().sentences():
        complain(sentence)
    if plan:
        return
    code = _run(todo, folder, limits, again=again, resume=resume, rows=format)
    if code:
        raise typer.Exit(code)


def _run(todo: Job, folder: Path, limits: Limits, *, again: bool, resume: bool, rows: Rows) -> int:
    """Collect, then say what is missing; the exit code."""
    from data.collect import Collector, Replay, summary
    from data.run import Run, RunError
    from data.transport.door import Door

    try:
        with Run(folder) as run:
            resumed = run.begin(todo.choice, again=again, resume=resume)
            if resumed:
                complain(f"Going on with the collection of {run.started[:16].replace('T', ' ')} UTC.")
            with Watch(str(todo.choice["source"]), len(todo.choice["ids"]) or todo.choice["top"] or None) as watch:
                door = Door(limits, watch.hear)
                collector = Collector(run, door)
                todo.collect(collector, watch.tick)
            missing = summary(run)
            run.end(whole=not missing)
            complain(watch.summary(collector.kept) + f" Kept in {folder}.")
            for sentence in missing:
                complain(sentence)
            if rows is Rows.json:
                for row in todo.rows(Replay(run, limits)):
                    sys.stdout.write(json.dumps({k: v for k, v in row.items() if k != "readme"}) + "\n")
            return (1 if watch.done or collector.kept or watch.calls > watch.errors else 2) if missing else 0
    except RunError as wrong:
        raise Refused(str(wrong)) from None


def _job(source: str, given: dict[str, Any], what: str | None, folder: Path, resume: bool) -> Job:
    """Make the job of what was given; with --resume and nothing else, the job of the folder."""
    from data.jobs import SOURCES, job
    from data.sources import hub, hub_id

    bare = not any(given[key] for key in ("ids", "author", "search", "filters", "top", "table"))
    if resume and bare and what is None:
        return _kept(folder)
    if source not in SOURCES:
        raise Refused(f"{source} cannot be collected yet.")
    words = (*hub.STEPS, "citations")
    ready: dict[str | None, list[str]] = {None: list(hub.NEEDED), "all": list(words), "none": []}
    chosen = ready.get(what)
    if chosen is None:
        chosen = [word.strip() for word in str(what).split(",") if word.strip()]
    foreign = sorted(set(chosen) - set(words))
    if foreign:
        raise Refused(
            f"--with {', '.join(foreign)} is nothing that can be asked; it may be {', '.join(words)}, all or none."
        )
    if source == "huggingface":
        wrong = [one for one in given["ids"] if hub_id.model_id(one) is None]
        if wrong:
            complain(f"{len(wrong)} ids are none, for example {wrong[0][:80]!r}; they were left out.")
        given["ids"] = [model for one in given["ids"] if (model := hub_id.model_id(one))]
    needs = {"sites": "table", "modelscope": "author", "baai": "", "huggingface": ""}.get(source, "ids")
    if needs and not (given[needs] or given["ids"]):
        raise Refused(f"{source} needs --{needs}; see `weighbridge collect --help`.")
    return job({"source": source, "with": chosen, **given})


def _kept(folder: Path) -> Job:
    from data.jobs import job
    from data.run import Run, RunError

    try:
        with Run(folder, create=False) as run:
            return job(run.about("plan"))
    except RunError as wrong:
        raise Refused(str(wrong)) from None


def _ids(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        reason = (getattr(wrong, "strerror", None) or "it is not UTF-8 text").lower()
        raise Refused(f"{path} cannot be read: {reason}.") from None
    found = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip() and line.strip()[0] != "#"))
    if not found:
        raise Refused(f"{path} holds no ids.")
    if len(found) > MOST_IDS:
        raise Refused(f"{path} holds more than {MOST_IDS:,} ids.")
    return found


def _day(text: str | None) -> str:
    from data.shapes import as_date

    day = as_date(text) if text else date.today()
    if day is None:
        raise Refused(f"--as-of {text} is not a date; write it as {date.today()}.")
    return day.isoformat()


def holds_run(source: str) -> bool:
    """Whether a path is the folder of a collection."""
    return source != "-" and Path(source).is_dir()


def records_of(folder: Path) -> tuple[list[dict[str, Any]], bool]:
    """Return the records of a collection of models, and whether some are missing; a sentence for each kind of failure."""
    from data.collect import Replay, summary
    from data.jobs import job
    from data.run import Run, RunError

    try:
        with Run(folder, create=False) as run:
            todo = job(run.about("plan"))
            if todo.choice["source"] != "huggingface":
                raise Refused(f"{folder} holds {todo.choice['source']}, of which no snapshot is built.")
            found = [records.reduced(row) for row in todo.rows(Replay(run))]
            missing = summary(run)
    except RunError as wrong:
        raise Refused(str(wrong)) from None
    for sentence in missing:
        complain(sentence)
    if not found:
        raise Refused(f"{folder} holds no model; nothing was built.")
    return found, bool(missing)
