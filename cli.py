"""The `weighbridge` command: the same scores as the app, for terminals, pipes and CI.

Exit codes: 0 all done; 1 some lines, calls or checks failed and the rest was done; 2 nothing could be done; 130 stopped
by Ctrl-C.
"""

from __future__ import annotations

import io
import sys
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from data.collect.replies import holds_replies
from data.models import records, snapshot
from scoring.output.docs import factors_markdown
from scoring.scorecards import MODEL, ORGANISATION
from scoring.view import ModelView
from terminal import live, organisations, snapshots
from terminal.build import build, of_records
from terminal.collect import collect
from terminal.console import console
from terminal.options import day, with_view
from terminal.run import run, said
from terminal.said import Format, Refused, complain, nearest
from terminal.tables import show

app = typer.Typer(
    name="weighbridge",
    help="Open scores for open AI models.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
rank_app = typer.Typer(help="Rank the subjects of a snapshot.")
snapshot_app = typer.Typer(help="List, verify and build snapshots.")
app.add_typer(rank_app, name="rank")
rank_app.command("organisations")(organisations.rank)
app.add_typer(snapshot_app, name="snapshot")
app.command()(collect)
snapshot_app.command("list")(snapshots.show)
snapshot_app.command("verify")(snapshots.verify)

As = Annotated[Format, typer.Option("--format", help="How to print.")]


@app.command()
@with_view(ModelView)
def score(
    path: Annotated[
        str | None, typer.Argument(metavar="RECORDS.jsonl|-", help="Hub API records, a JSON object a line.")
    ] = None,
    model_id: Annotated[list[str] | None, typer.Option("--id", metavar="ORG/NAME", help="Score this model.")] = None,
    format: As = Format.table,
    *,
    chosen: ModelView,
    as_of: str | None,
) -> None:
    """Score Hub API records (a file of JSON lines, gzipped or not, or - for standard input), with every factor.

    A model that is named with --id and is not in the snapshot is looked up on the Hub.
    """
    if bool(path) == bool(model_id):
        raise Refused("Give either a file of records (or - for standard input) or --id ORG/NAME.")
    loaded = snapshot.load(chosen.snapshot)
    failed, origin = False, None
    if model_id:
        facts, positions, failed = live.find(loaded, model_id, date.today())
        origin = loaded if facts is loaded.facts else None
        scores = chosen.score(loaded) if origin else chosen.place(loaded, facts)
    else:
        good, failed = _read(str(path))
        facts = records.frame(records.rows(good, day(as_of, loaded.taken)))
        scores = chosen.place(loaded, facts)
        positions = _kept(chosen, facts)
    show(scores, facts, positions, format, receipts=len(positions) <= 3, origin=origin)
    if failed:
        raise typer.Exit(1)


@rank_app.command("models")
@with_view(ModelView)
def rank_models(
    top: Annotated[int | None, typer.Option(min=1, help="How many (default: 20 in a table, else all).")] = None,
    format: As = Format.table,
    *,
    chosen: ModelView,
) -> None:
    """Rank the models of a snapshot under the weights that you choose."""
    loaded = snapshot.load(chosen.snapshot)
    scores = chosen.score(loaded)
    kept = set(_kept(chosen, loaded.facts))
    positions = [int(n) for n in scores.order if int(n) in kept]
    shown = positions[: top or (20 if format is Format.table else None)]
    show(scores, loaded.facts, shown, format)
    if format is Format.table:
        console.print(f"{len(shown)} of {len(positions):,} models that match; --top N shows more.")


@app.command()
@with_view(ModelView)
def explain(
    model_id: Annotated[str, typer.Argument(metavar="ORG/NAME")],
    format: As = Format.table,
    *,
    chosen: ModelView,
) -> None:
    """Print the receipt of a model (or, with --organisation NAME, of an organisation): every factor with its source."""
    loaded = snapshot.load(chosen.snapshot)
    show(chosen.score(loaded), loaded.facts, [_find(loaded, model_id)], format, receipts=True, origin=loaded)


@snapshot_app.command("build")
def snapshot_build(
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="RECORDS.jsonl|FOLDER",
            help="Records, a collection, or organisation data.",
        ),
    ],
    into: Annotated[Path | None, typer.Option(help="Folder of snapshots (default: the bundled one).")] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Day on which records without dates were read.")
    ] = None,
) -> None:
    """Build a snapshot from records or a collection (never a README's text), or the months of organisation data."""
    read_on = day(as_of, date.today().isoformat())
    if holds_replies(source):
        folder, what, failed = build(Path(source), read_on, into)
    else:
        wrongs: list[str] = []
        folder, what = of_records(Path(source), _good(source, wrongs), read_on, into)
        failed = _complained(wrongs)
    console.print(f"Snapshot {folder.name}: {what} from {source}, in {folder}.", soft_wrap=True)
    if failed:
        raise typer.Exit(1)


@app.command()
def docs(
    check: Annotated[bool, typer.Option("--check", help="Only say whether docs/factors.md is up to date.")] = False,
) -> None:
    """Write docs/factors.md from the declarations."""
    path = Path(__file__).parent / "docs" / "factors.md"
    text = factors_markdown([MODEL, ORGANISATION])
    if check:
        if not path.is_file() or path.read_text("utf-8") != text:
            complain("docs/factors.md differs from the declarations; run `weighbridge docs`.")
            raise typer.Exit(1)
        return
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    console.print(f"Wrote {path.name}.")


def _read(source: str) -> tuple[list[dict[str, Any]], bool]:
    """Read the good records of a file; a sentence on standard error for each line that is left out."""
    wrongs: list[str] = []
    return list(_good(source, wrongs)), _complained(wrongs)


def _good(source: str, wrongs: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the good records of a file as they are read, one at least; `wrongs` gets a sentence for each other line."""
    good = 0
    try:
        for one in records.parse(_lines(source)):
            if isinstance(one, records.Malformed):
                wrongs.append(str(one))
            else:
                good += 1
                yield one
    except (OSError, EOFError, zlib.error) as wrong:
        if not good:
            raise Refused(f"{source} cannot be read: {said(wrong)}.") from None
        wrongs.append(f"{source} breaks off after {good} records ({said(wrong)}); the rest is missing.")
    if not good:
        raise Refused(f"{source} has no line that is a JSON object with a text `id`; nothing was scored.")


def _complained(wrongs: list[str]) -> bool:
    for sentence in wrongs:
        complain(sentence)
    return bool(wrongs)


def _lines(source: str) -> Iterator[bytes]:
    if source != "-":
        return records.read_lines(Path(source))
    if not sys.stdin:
        raise Refused("Standard input is closed, so there is nothing to read.")
    return records.unpacked(io.BufferedReader(sys.stdin.buffer))  # type: ignore[arg-type]


def _find(loaded: snapshot.Snapshot, model_id: str) -> int:
    if model_id in loaded.position:
        return loaded.position[model_id]
    lowered = {i.lower(): n for i, n in loaded.position.items()}
    if model_id.lower() in lowered:
        return lowered[model_id.lower()]
    raise Refused(f"There is no model {model_id} in snapshot {loaded.taken}{nearest(model_id, loaded.position)}")


def _kept(chosen: ModelView, facts: Any) -> list[int]:
    dropped = chosen.left_out(facts).values()
    return [n for n in range(len(facts)) if not any(out[n] for out in dropped)]


def main() -> None:
    """Run the command: the same one as `weighbridge`."""
    run(lambda: app)


if __name__ == "__main__":
    main()
