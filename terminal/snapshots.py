"""`weighbridge snapshot list`, `verify`, `diff` and `build`: the snapshots of models, the months of organisations."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data.archive import SnapshotError, address, dates, root
from scoring.methods import EVERY_METHOD
from scoring.reasons.moves import Moves, moves
from scoring.view import ModelView, OrganisationView
from terminal.interrupt import interruptible
from terminal.messages import Refused, complain, complained, say
from terminal.options import day

if TYPE_CHECKING:
    from data.collect.collector import Replay
    from data.collect.replies import ReplyStore
    from data.models.snapshot import Snapshot
    from data.organisations.job import Organisations

MODELS, ORGANISATIONS = "models", "organisations"
_OWN_DAYS = "--as-of is a day of records of models; the organisations of {} have days of their own."


class Written(StrEnum):
    """How a comparison is printed."""

    markdown = "markdown"
    json = "json"


def show() -> None:
    """List the snapshots of models and of organisations."""
    damaged = False
    for kind, taken in _snapshots():
        try:
            contents = _contents(kind, _checked(kind, taken))
        except SnapshotError as damage:
            damaged, contents = True, f"damaged: {damage}"
        say(f"{taken}  {kind}  {contents}")
    if _named_strangers() or damaged:
        raise typer.Exit(1)


def verify(
    taken: Annotated[
        str | None, typer.Argument(metavar="DATE", help="The snapshot to check (default: all of them).")
    ] = None,
) -> None:
    """Check every file of the snapshots against their manifests."""
    known = _snapshots()
    chosen = [(kind, one) for kind, one in known if taken in (None, one)]
    damaged = _named_strangers(taken)
    if not (chosen or damaged):
        there = f"; the snapshots are {', '.join(one for _, one in known)}" if known[1:] else ""
        there = f"; the only one is {known[0][1]}" if len(known) == 1 else there
        raise Refused(f"There is no snapshot {f'{taken} ' if taken else ''}in {root()}{there}.")
    for kind, one in chosen:
        try:
            _checked(kind, one)
            say(f"{one} of {kind} is sound.")
        except SnapshotError as damage:
            damaged = True
            complain(str(damage))
    if damaged:
        raise typer.Exit(1)


def diff(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="The earlier snapshot (default: the last two).")] = "",
    now: Annotated[str, typer.Argument(metavar="NOW", help="The later snapshot (default: the newest).")] = "",
    format: Annotated[Written, typer.Option("--format", help="How to print.")] = Written.markdown,
) -> None:
    """Print what moved between two snapshots, and why.

    Who is new or gone, whose total moved most and through what, how many categories' scores rose and fell, and of
    models which facts changed. Two dates of organisations compare months. Totals are those of the default view.
    """
    kind, days = _two(before, now)
    found, noun = _of_two_snapshots(days) if kind == MODELS else (_of_two_months(days), "organisation")
    if format is Written.json:
        say(json.dumps(asdict(found), ensure_ascii=False))
    else:
        for line in found.markdown(noun).splitlines():
            say(line)


def _two(before: str, now: str) -> tuple[str, tuple[str, str]]:
    """Return the kind and the dates of the two snapshots that are named, by default the last two of models."""
    known = _snapshots()
    for kind in (MODELS, ORGANISATIONS) if before else (MODELS,):
        every = [taken for of, taken in known if of == kind]
        wanted = (before or (every[-2:-1] or [""])[0], now or (every or [""])[-1])
        if set(wanted) <= set(every) and wanted[0] != wanted[1]:
            return kind, wanted
    named = ", ".join(f"{taken} of {kind}" for kind, taken in known) or "none"
    raise Refused(f"A comparison needs two snapshots, both of models or of organisations; the snapshots are {named}.")


def _of_two_snapshots(days: tuple[str, str]) -> tuple[Moves, str]:
    """Return what moved between two snapshots of models, and what these are called."""
    from data.models.changes import changes, in_both
    from data.models.snapshot import load

    earlier, later = (load(one, by_position=True) for one in days)
    rows, view = in_both(later, earlier), ModelView()
    facts = [*changes(later, earlier, rows)]  # before the scores, so that memory never holds both
    noun = "generated model" if earlier.generated or later.generated else "model"
    return moves(view.score(later), view.score(earlier), days, rows, facts), noun


def _of_two_months(days: tuple[str, str]) -> Moves:
    from data.organisations import month
    from data.organisations.rollup import rollup

    view = OrganisationView()
    reading = EVERY_METHOD[view.method].reading
    earlier, later = (view.score(rollup(month.load(one), reading)) for one in days)
    return moves(later, earlier, days)


@interruptible()
def build(
    origin: Annotated[
        str,
        typer.Option(
            "--from", metavar="PATH", help="Records, a listing in Parquet, a collection, or a folder of tables."
        ),
    ],
    into: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Folder of snapshots (default: bundled).")] = None,
    as_of: Annotated[str | None, typer.Option(metavar="DATE", help="Day of records without dates (see above).")] = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="Take what a collection did not read anew from the newest snapshot.")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, metavar="N", help="Processes that read a listing in Parquet.")] = 1,
    scheduler: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Let a Dask cluster read it: tcp://HOST:PORT of its scheduler.")
    ] = "",
    parts: Annotated[str, typer.Option(metavar="PATH", help="Where all workers reach its finished parts.")] = "",
) -> None:
    """Build a snapshot of records, a collection or tables.

    A file of records (JSON lines, gzipped or not, or - for standard input) or a collection becomes a snapshot of models
    or of organisations, without the text of any README. So does a listing of the Hub in Parquet (a file, a folder,
    https:// or hf://datasets/) in the columns of hub-stats; what was read before an interruption is not read again.
    Without --as-of its day is the last date in its path, else today. A folder of organisation data becomes months.
    """
    from data.models.listing import is_listing

    if into is None and address():
        raise Refused(f"Nothing can be written to {address()}; name a folder with --into.")
    spread = {"workers": workers, "scheduler": scheduler, "parts": parts}
    if is_listing(origin) and not renew:
        incomplete = _listing(origin, as_of, into, **spread)
    elif workers > 1 or scheduler or parts:
        raise Refused(f"--workers, --scheduler and --parts are for a listing in Parquet, which {origin} is not.")
    else:
        incomplete = _read(Path(origin), as_of, into, renew=renew)
    if incomplete:
        raise typer.Exit(1)


def _read(source: Path, as_of: str | None, into: Path | None, *, renew: bool) -> bool:
    """Build what a file of records, a collection or a folder of tables holds; whether something is missing."""
    from data.collect.replies import holds_replies

    read_on = day(as_of, date.today().isoformat())
    if holds_replies(source):
        return _collection(source, read_on, into, renew=renew, dated=bool(as_of))
    if renew:
        raise Refused(f"--renew needs a collection of models, which {source} is not.")
    if source.is_dir() and as_of:
        raise Refused(_OWN_DAYS.format(source))
    return _months(source, into) if source.is_dir() else _records(source, read_on, into)


@interruptible()
def generate(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="The Parquet file to write.")],
    models: Annotated[int, typer.Option(min=1, metavar="N", help="How many models.")] = 100_000,
    seed: Annotated[int, typer.Option(min=0, metavar="S", help="The same seed gives the same models.")] = 1,
) -> None:
    """Write a listing of made-up models, for trials of size.

    Their cards, tags and files are drawn from real models, their counts follow the Hub's. Wherever they show they are
    called generated.
    """
    from data.models.generate import generate
    from terminal.progress import BuildProgress

    with BuildProgress() as progress:
        generate(to, models, seed, progress.show)
    say(f"{models:,} generated models (seed {seed}), {to.stat().st_size:,} bytes, in {to}.")


def look_for_newer() -> None:
    """Fetch newer snapshots, where WEIGHBRIDGE_SNAPSHOTS is an address and nobody has looked within the hour."""
    if not address():
        return
    from rich.progress import DownloadColumn

    from data import remote
    from terminal.progress import StageProgress

    with interruptible(), StageProgress(DownloadColumn()) as progress:
        wrongs = remote.follow(progress.show)
    for sentence in wrongs:
        complain(sentence)


def sound_snapshot(taken: str, *, by_position: bool = False) -> Snapshot:
    """Load the snapshot of models of this date, or else the newest sound one, with a complaint about newer ones."""
    from data.models.snapshot import load, load_newest_sound

    look_for_newer()
    if taken:
        return load(taken, by_position=by_position)
    found, damage = load_newest_sound(by_position=by_position)
    if damage:
        complain(f"{damage} The snapshot of {found.taken} is used instead.")
    return found


def _named_strangers(name: str | None = None) -> bool:
    """Complain about what lies among the snapshots and is none (by default all of it); whether there is any."""
    homes = [root() / kind for kind in (MODELS, ORGANISATIONS)]
    wrong = [home for home in homes if os.path.lexists(home) and not home.is_dir() and name in (None, home.name)]
    for home in set(homes) - set(wrong):
        named = home.iterdir() if home.is_dir() else ()
        wrong += [p for p in named if name in (None, p.name) and p.name not in dates(home.name) and p.name[0] != "."]
    for path in sorted(wrong):
        what = "a folder of snapshots is a folder" if path in homes else "a snapshot is a folder named by a date"
        complain(f"{path} is no snapshot: {what}. Rename it or move it elsewhere.")
    return bool(wrong)


def _snapshots() -> list[tuple[str, str]]:
    look_for_newer()
    return [(kind, taken) for kind in (MODELS, ORGANISATIONS) for taken in dates(kind)]


def _checked(kind: str, taken: str) -> dict[str, Any]:
    """Return the manifest of a snapshot whose files are all sound; SnapshotError names what is not."""
    if kind == MODELS:
        from data.models.snapshot import verify
    else:
        from data.organisations.month import verify
    return verify(root() / kind / taken)


def _contents(kind: str, manifest: Mapping[str, Any]) -> str:
    number = len(manifest["sources"])
    sources = f"from {number} source{'s' * (number != 1)}"
    if kind == ORGANISATIONS:
        return f"{manifest['organisations']:,} organisations, {manifest['rows']:,} repository rows {sources}"
    return f"{manifest['rows']:,} {'generated ' * bool(manifest.get('generated'))}models {sources}"


def _records(source: Path, as_of: date, into: Path | None) -> bool:
    """Build a snapshot of a file of records; whether some of its lines are missing."""
    from terminal.models import good_records

    complaints: list[str] = []
    _of_models(source, good_records(str(source), complaints), as_of, into)
    return complained(complaints)


def _listing(source: str, as_of: str | None, into: Path | None, **spread: Any) -> bool:
    """Build a snapshot of a listing in Parquet; whether some of its rows are missing."""
    from data.models.listing import Unreadable, day_of
    from data.models.parts import build_listing
    from data.models.workers import NoWorkers
    from terminal.progress import BuildProgress

    read_on = day(as_of, (day_of(source) or date.today()).isoformat())
    try:
        with BuildProgress() as progress:
            built, wrong = build_listing(source, read_on, into, progress.show, **spread)
    except (Unreadable, NoWorkers) as refusal:
        raise Refused(str(refusal)) from None
    _say_built(built, f"{progress.done['Writing']:,} models", source)
    return complained(wrong)


def _months(source: Path, into: Path | None) -> bool:
    """Build a snapshot for every month in a folder of organisation data; whether something is missing."""
    from data.organisations.build import from_files
    from data.organisations.month import load
    from data.organisations.rollup import summary

    folders, notes = from_files(source, into)
    for sentence in notes:
        complain(sentence)
    for folder in folders:
        say(summary(load(folder.name, folder.parent.parent)))
    return bool(notes)


def _collection(folder: Path, as_of: date, into: Path | None, *, renew: bool, dated: bool) -> bool:
    """Build the snapshot of a collection; whether something is missing."""
    from data.collect.collector import Replay, summary
    from data.collect.replies import ReplyStore, ReplyStoreError
    from data.jobs import job
    from data.models.job import Models
    from data.organisations.job import Organisations
    from data.platforms.imports import Unreadable
    from terminal.choices import held

    try:
        with ReplyStore(folder, create=False) as store:
            todo = job(held(store))
            missing = summary(store)
            if store.about("ended") is None:
                missing.insert(
                    0, f"The collection in {folder} was stopped before its end: what was not asked is missing."
                )
            for sentence in missing:
                complain(sentence)
            match todo:
                case Models():
                    read = todo.rows(Replay(store))
                    rows = _renewed(read, store, todo.choice["ids"], into) if renew else read
                    _of_models(folder, rows, as_of, into)
                case _ if renew:
                    raise Refused(f"--renew needs a collection of models, which {folder} is not.")
                case Organisations() if dated:
                    raise Refused(_OWN_DAYS.format(folder))
                case Organisations():
                    _of_organisations(folder, todo, Replay(store), into)
                case _:
                    raise Refused(
                        f"{folder} holds {todo.choice['source']}, of which no snapshot is built; `weighbridge collect "
                        "organisations` collects what a snapshot of organisations needs, from all platforms."
                    )
            return bool(missing)
    except (ReplyStoreError, Unreadable) as error:
        raise Refused(str(error)) from None


def _renewed(
    rows: Iterator[Mapping[str, Any]], store: ReplyStore, ids: list[str], into: Path | None
) -> Iterator[Mapping[str, Any]]:
    """Yield a collection's records, with what the newest snapshot knows beside them."""
    from data.models.records import parse, read_lines
    from data.models.renew import gone, renewed
    from data.models.snapshot import load

    newest = load(within=into).folder
    if not (newest / "records.jsonl.gz").exists():
        raise Refused(f"Snapshot {newest.name} was built of a listing and keeps no records; build without --renew.")
    older = parse(read_lines(newest / "records.jsonl.gz"))
    return renewed((one for one in older if isinstance(one, dict)), rows, gone(store, ids))


def _of_models(source: Path, good: Iterator[Mapping[str, Any]], as_of: date, into: Path | None) -> None:
    """Build a snapshot of a source's records as they come, and show how far it is.

    Nothing is begun before the first is there (Refused if none comes), and Ctrl-C leaves nothing behind.
    """
    from data.models.build import build as build_snapshot
    from terminal.progress import BuildProgress

    first = next(good, None)
    if first is None:
        raise Refused(f"{source} holds no model; nothing was built.")
    with BuildProgress() as progress:
        built = build_snapshot(chain([first], good), as_of, into, progress.show)
    _say_built(built, f"{progress.done['Reading']:,} records", source)


def _of_organisations(folder: Path, todo: Organisations, asker: Replay, into: Path | None) -> None:
    from data.organisations.build import from_collection

    collected = todo.read(asker)
    built = from_collection(collected, into)
    for gap in (gap for gap in collected.gaps if gap.page.platform):
        page = gap.page
        complain(f"{page.organisation} has no {gap.kind} facts: {page.platform} was not read to the end. {gap.reason}")
    _say_built(built, f"{len(collected.rows):,} repository rows", folder)


def _say_built(built: Path, contents: str, source: Path | str) -> None:
    say(f"Snapshot {built.name}: {contents} from {source}, in {built}.")
