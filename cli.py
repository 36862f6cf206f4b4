"""The `weighbridge` command: the same scores as the app, for terminals, pipes and CI.

Exit codes: 0 all done; 1 some lines or checks failed and the rest was done; 2 nothing could be done.
"""

from __future__ import annotations

import os
import sys
import zlib
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import click
import typer
from scoring.docs import factors_markdown

from data import records, store
from data.shapes import as_date
from scoring import view
from scoring.engine import blend, coverage, measure, scale, weigh
from scoring.scorecards import MODEL
from scoring.scores import Scores
from terminal import organisations
from terminal.options import Refused, nearest, with_view
from terminal.tables import Format, complain, console, show

app = typer.Typer(
    name="weighbridge",
    help="Open scores for open AI models.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
rank_app = typer.Typer(help="Rank the subjects of a snapshot.", no_args_is_help=True)
snapshot_app = typer.Typer(help="List, verify and build snapshots.", no_args_is_help=True)
app.add_typer(rank_app, name="rank")
rank_app.command("organisations")(organisations.rank)
app.add_typer(snapshot_app, name="snapshot")

As = Annotated[Format, typer.Option("--format", help="How to print.")]


@app.command()
@with_view
def score(
    path: Annotated[
        str | None, typer.Argument(metavar="RECORDS.jsonl|-", help="Hub API records, a JSON object a line.")
    ] = None,
    model_id: Annotated[list[str] | None, typer.Option("--id", metavar="ORG/NAME", help="Score this model.")] = None,
    format: As = Format.table,
    *,
    chosen: view.View,
    as_of: str | None,
) -> None:
    """Score Hub API records (a file of JSON lines, gzipped or not, or - for standard input), with every factor."""
    if bool(path) == bool(model_id):
        raise Refused("Give either a file of records (or - for standard input) or --id ORG/NAME.")
    loaded = store.load(records.KIND, chosen.snapshot)
    failed = False
    if model_id:
        facts, positions = loaded.facts, [_find(loaded, one) for one in model_id]
        scores = _scores(chosen, loaded)
    else:
        good, failed = _read(str(path))
        facts = records.frame(records.rows(good, _day(as_of, loaded.taken)))
        scores = _scores(chosen, loaded, facts)
        positions = _kept(chosen, facts)
    show(scores, facts, positions, format, receipts=len(positions) <= 3)
    if failed:
        raise typer.Exit(1)


@rank_app.command("models")
@with_view
def rank_models(
    top: Annotated[int | None, typer.Option(min=1, help="How many (default: 20 in a table, else all).")] = None,
    format: As = Format.table,
    *,
    chosen: view.View,
) -> None:
    """Rank the models of a snapshot under the weights that you choose."""
    loaded = store.load(records.KIND, chosen.snapshot)
    scores = _scores(chosen, loaded)
    kept = set(_kept(chosen, loaded.facts))
    positions = [int(n) for n in scores.order if int(n) in kept]
    shown = positions[: top or (20 if format is Format.table else None)]
    show(scores, loaded.facts, shown, format)
    if format is Format.table:
        console.print(f"{len(shown)} of {len(positions):,} models that match; --top N shows more.")


@app.command()
@with_view
def explain(
    model_id: Annotated[str, typer.Argument(metavar="ORG/NAME")],
    format: As = Format.table,
    *,
    chosen: view.View,
) -> None:
    """Print the receipt of a model: value, scaled, share, points, source and date of every factor."""
    loaded = store.load(records.KIND, chosen.snapshot)
    show(_scores(chosen, loaded), loaded.facts, [_find(loaded, model_id)], format, receipts=True, origin=loaded)


@snapshot_app.command("list")
def snapshot_list() -> None:
    """List the snapshots with their number of models and sources."""
    for taken in store.dates(records.KIND):
        try:
            manifest = store.verify(store.root() / records.KIND / taken)
            console.print(
                f"{taken}  {records.KIND}  {manifest['rows']:,} models from {len(manifest['sources'])} sources"
            )
        except store.SnapshotError as wrong:
            console.print(f"{taken}  {records.KIND}  damaged: {wrong}", soft_wrap=True)


@snapshot_app.command("verify")
def snapshot_verify(taken: Annotated[str | None, typer.Argument(metavar="DATE")] = None) -> None:
    """Check every file of a snapshot (default: of all) against its manifest."""
    known = store.dates(records.KIND)
    if not known or (taken and taken not in known):
        raise Refused(
            f"There is no snapshot {taken or ''}in {store.root()}; the snapshots are {', '.join(known) or 'none'}."
        )
    differ = False
    for one in [taken] if taken else known:
        try:
            store.verify(store.root() / records.KIND / one)
            console.print(f"{one} is sound.")
        except store.SnapshotError as wrong:
            differ = True
            complain(str(wrong))
    if differ:
        raise typer.Exit(1)


@snapshot_app.command("build")
def snapshot_build(
    source: Annotated[
        str, typer.Option("--from", metavar="RECORDS.jsonl", help="Hub API records, a JSON object a line.")
    ],
    into: Annotated[Path | None, typer.Option(help="Folder of snapshots (default: the bundled one).")] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Day on which records without dates were read.")
    ] = None,
) -> None:
    """Build a snapshot from records; what is kept of a README is what was read from it, never its text."""
    good, failed = _read(source)
    folder = records.build(good, _day(as_of, date.today().isoformat()), into)
    console.print(f"Snapshot {folder.name}: {len(good):,} records from {source}, in {folder}.", soft_wrap=True)
    if failed:
        raise typer.Exit(1)


@app.command()
def docs(
    check: Annotated[bool, typer.Option("--check", help="Only say whether docs/factors.md is up to date.")] = False,
) -> None:
    """Write docs/factors.md from the declarations."""
    path = Path(__file__).parent / "docs" / "factors.md"
    text = factors_markdown([MODEL])
    if check:
        if not path.is_file() or path.read_text() != text:
            complain("docs/factors.md differs from the declarations; run `weighbridge docs`.")
            raise typer.Exit(1)
        return
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    console.print(f"Wrote {path.name}.")


def _read(source: str) -> tuple[list[dict[str, Any]], bool]:
    """Read the good records of a file; a sentence on standard error for each line that is left out."""
    good: list[dict[str, Any]] = []
    failed = False
    try:
        for one in records.parse(sys.stdin.buffer if source == "-" else records.read_lines(Path(source))):
            if isinstance(one, records.Malformed):
                failed = True
                complain(str(one))
            else:
                good.append(one)
    except (OSError, EOFError, zlib.error) as wrong:
        if not good:
            reason = "there is no such file" if isinstance(wrong, FileNotFoundError) else _said(wrong)
            raise Refused(f"{source} cannot be read: {reason}.") from None
        failed = True
        complain(f"{source} breaks off after {len(good)} records ({_said(wrong)}); the rest is missing.")
    if not good:
        raise Refused(f"{source} has no line that is a JSON object with a text `id`; nothing was scored.")
    return good, failed


def _said(wrong: BaseException) -> str:
    return (getattr(wrong, "strerror", None) or str(wrong) or type(wrong).__name__).rstrip(".").lower()


def _day(text: str | None, default: str) -> date:
    day = as_date(text if text is not None else default)
    if day is None:
        raise Refused(f"--as-of {text} is not a date; write it as {default}.")
    return day


def _find(loaded: store.Snapshot, model_id: str) -> int:
    if model_id in loaded.position:
        return loaded.position[model_id]
    lowered = {i.lower(): n for i, n in loaded.position.items()}
    if model_id.lower() in lowered:
        return lowered[model_id.lower()]
    raise Refused(f"There is no model {model_id} in snapshot {loaded.taken}{nearest(model_id, loaded.position)}")


def _scores(chosen: view.View, loaded: store.Snapshot, facts: Any = None) -> Scores:
    """Score the snapshot itself, or other facts placed on its yardstick so that only they move."""
    if facts is None:
        scaled = loaded.scaled(MODEL, chosen.yardstick)
    else:
        scaled = scale(MODEL, measure(MODEL, facts), loaded.yardstick(MODEL, chosen.yardstick))
    rankable = coverage(MODEL, scaled) >= chosen.min_coverage
    return weigh(chosen.card, scaled, blend(chosen.card, scaled, chosen.unknown), chosen.unknown, chosen.cap, rankable)


def _kept(chosen: view.View, facts: Any) -> list[int]:
    dropped = view.left_out(chosen, facts).values()
    return [n for n in range(len(facts)) if not any(out[n] for out in dropped)]


def main() -> None:
    """Run the command; every refusal is one sentence on standard error."""
    try:
        code = app(standalone_mode=False)
    except (Refused, store.SnapshotError) as wrong:
        complain(str(wrong))
        code = 2
    except click.ClickException as wrong:
        complain(f"{wrong.format_message().rstrip('.')}; see `weighbridge --help`.")
        code = 2
    except (KeyboardInterrupt, click.Abort):
        complain("Stopped.")
        code = 130
    except BrokenPipeError:  # the reader of a pipe, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code or 0)


if __name__ == "__main__":
    main()
