"""`weighbridge score`, `rank models` and `explain`: models of a snapshot, of a file of records, or of the Hub.

What needs pandas is imported by the command that runs, so that help and `explain --organisation` start without it.
"""

from __future__ import annotations

import io
import json
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoring.settings import nearest
from scoring.view import ModelView, OrganisationView
from terminal import organisations
from terminal.messages import As, Format, Refused, complain, reason, say
from terminal.options import day, with_view
from terminal.snapshots import look_for_newer

if TYPE_CHECKING:
    import pandas as pd

    from data.models.snapshot import Snapshot
    from scoring.scores import Scores


@with_view(ModelView)
def score(
    path: Annotated[
        str | None,
        typer.Argument(metavar="RECORDS.jsonl|-", help="Hub API records, a JSON object a line; - is standard input."),
    ] = None,
    model_id: Annotated[
        list[str] | None, typer.Option("--id", metavar="ORG/NAME", help="Score this model; may be repeated.")
    ] = None,
    format: As = Format.table,
    *,
    chosen: ModelView,
    as_of: str | None,
) -> None:
    """Score models of a file, a snapshot or the Hub.

    A file holds Hub API records as JSON lines, gzipped or not. A model that is named with --id and is not in the
    snapshot is looked up on the Hub. Every factor is shown with its value and its points.
    """
    from data.models import records

    if bool(path) == bool(model_id):
        raise Refused("Give either a file of records (or - for standard input) or --id ORG/NAME.")
    loaded = _snapshot(chosen)
    if model_id:
        facts, positions, missing = _find(loaded, model_id)
        origin = loaded if facts is loaded.facts else None
        scores = chosen.score(loaded) if origin else chosen.place(loaded, facts)
    else:
        complaints: list[str] = []
        found = list(good_records(str(path), complaints))
        missing = complained(complaints)
        facts, origin = records.frame(records.rows(found, day(as_of, loaded.taken))), None
        scores = chosen.place(loaded, facts)
        positions = _matching(chosen, facts, scores)
    show(scores, facts, positions, format, receipts=len(positions) <= 3, origin=origin)
    if missing:
        raise typer.Exit(1)


@with_view(ModelView)
def rank(
    top: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="How many to print (default: 20 in a table, else all).")
    ] = None,
    format: As = Format.table,
    *,
    chosen: ModelView,
) -> None:
    """Rank the models of a snapshot under your weights."""
    loaded = _snapshot(chosen)
    scores = chosen.score(loaded)
    matching = set(_matching(chosen, loaded.facts, scores))
    among = [int(n) for n in scores.order if int(n) in matching]
    positions = list(chosen.arranged(scores, loaded.facts, among))
    shown = positions[: top or (20 if format is Format.table else None)]
    show(scores, loaded.facts, shown, format, among=among)
    if format is Format.table:
        say(_tally(len(shown), len(positions)))


@with_view(ModelView, OrganisationView)
def explain(
    model_id: Annotated[str | None, typer.Argument(metavar="[ORG/NAME]", help="The model to explain.")] = None,
    organisation: Annotated[
        str | None, typer.Option(metavar="NAME", help="Explain this organisation instead of a model.")
    ] = None,
    format: As = Format.table,
    *,
    chosen: Callable[..., Any],
) -> None:
    """Print every factor of a model or organisation with its source.

    For an organisation, --month, --method and --weight choose how it is scored; for a model, all other options.
    """
    if bool(model_id) == bool(organisation):
        raise Refused("Give either a model (ORG/NAME) or --organisation NAME; see `weighbridge --help`.")
    if organisation:
        organisations.explain(organisation, chosen(OrganisationView, organisations.offered()), format)
        return
    view = chosen(ModelView)
    loaded = _snapshot(view)
    position = _position(loaded, str(model_id))
    if position is None:
        raise Refused(
            f"There is no model {model_id} in snapshot {loaded.taken}{nearest(str(model_id), loaded.position)}"
        )
    show(view.score(loaded), loaded.facts, [position], format, receipts=True, origin=loaded)


def show(
    scores: Scores,
    facts: Any,
    positions: list[int],
    format: Format,
    receipts: bool = False,
    origin: Snapshot | None = None,
    among: Sequence[int] = (),
) -> None:
    """Print the models at `positions`, in that order; `receipts` adds every factor of each to a table.

    `among` are all that the filters leave, by default these.
    """
    import numpy as np

    from scoring.output.export import ranking_csv, report
    from scoring.reasons.flags import FLAGS, flags
    from terminal import tables

    match format:
        case Format.json:
            raised = flags(facts).to_numpy()
            for n, row in zip(positions, facts.iloc[positions].to_dict("records"), strict=True):
                names = [f.id for f, holds in zip(FLAGS, raised[n], strict=True) if holds]
                sys.stdout.write(json.dumps(report(scores, n, row, names), allow_nan=False) + "\n")
        case Format.csv:
            rows, within = (np.array(some, dtype=np.intp) for some in (positions, among or positions))
            sys.stdout.write(ranking_csv(scores, facts, flags(facts), rows, within))
        case Format.table:
            tables.models(scores, positions)
            for n in positions if receipts else []:
                tables.model(scores, n, facts.iloc[n].to_dict(), origin)


def _tally(shown: int, matching: int) -> str:
    """Say how many models are shown of those that match, and how to see the others."""
    if not matching:
        return "No model matches."
    models = f"{matching:,} {'model that matches' if matching == 1 else 'models that match'}"
    return f"{shown:,} of {models}" + ("; --top N shows more." if shown < matching else ".")


def _snapshot(chosen: ModelView) -> Snapshot:
    from data.models.snapshot import load

    look_for_newer()
    loaded = load(chosen.snapshot)
    try:
        chosen.counted(loaded)
    except ValueError as nothing_weighs:
        raise Refused(str(nothing_weighs)) from None
    return loaded


def _matching(chosen: ModelView, facts: Any, scores: Scores) -> list[int]:
    filters = chosen.left_out(facts, scores).values()
    return [n for n in range(len(facts)) if not any(left_out[n] for left_out in filters)]


# A file of records


def good_records(source: str, complaints: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the good records of a file as they are read; `complaints` gets a sentence for each line that is left out.

    Refused when the file cannot be read or has no good record.
    """
    from data.models import records

    good = 0
    try:
        for record in records.parse(_lines(source)):
            if isinstance(record, records.Malformed):
                complaints.append(str(record))
            else:
                good += 1
                yield record
    except (OSError, EOFError, zlib.error) as error:
        if not good:
            raise Refused(f"{source} cannot be read: {reason(error)}.") from None
        complaints.append(f"{source} breaks off after {good} records ({reason(error)}); the rest is missing.")
    if not good:
        raise Refused(f"{source} has no line that is a JSON object with a text `id`.")


def complained(complaints: Sequence[str]) -> bool:
    """Write the complaints to standard error; whether there are any."""
    for sentence in complaints:
        complain(sentence)
    return bool(complaints)


def _lines(source: str) -> Iterator[bytes]:
    from data.models import records

    if source != "-":
        return records.read_lines(Path(source))
    if not sys.stdin:
        raise Refused("Standard input is closed, so there is nothing to read.")
    return records.unpacked(io.BufferedReader(sys.stdin.buffer))  # type: ignore[arg-type]


# Models by id


def _position(loaded: Snapshot, model_id: str) -> int | None:
    """Return where a model stands in a snapshot, by its exact id or else whatever its capitals."""
    exact = loaded.position.get(model_id)
    if exact is not None:
        return exact
    lowered = {known.lower(): n for known, n in loaded.position.items()}
    return lowered.get(model_id.lower())


def _find(loaded: Snapshot, wanted: Sequence[str]) -> tuple[pd.DataFrame, list[int], bool]:
    """Return facts and positions of models by id, from the snapshot or else the Hub, and whether something is missing.

    Refused when nothing is found at all. An id is checked before anything is asked for it.
    """
    import pandas as pd

    from data.models import records
    from data.platforms.hub.ids import model_id

    places = {one: _position(loaded, model_id(one) or one.strip()) for one in wanted}
    held = [n for n in places.values() if n is not None]
    lacking = [one for one, n in places.items() if n is None]
    if not lacking:
        return loaded.facts, held, False
    looked_up, complaints = _look_up(lacking, loaded)
    if not looked_up and not held:
        complained(complaints[:-1])
        raise Refused(complaints[-1])
    day_of_ages = date.fromisoformat(loaded.taken)  # that of every model of the snapshot
    tables = [loaded.facts.iloc[held]] + ([records.frame(records.rows(looked_up, day_of_ages))] if looked_up else [])
    facts = pd.concat(tables).drop_duplicates("id").reset_index(drop=True)
    return facts, list(range(len(facts))), complained(complaints)


def _look_up(wanted: Sequence[str], loaded: Snapshot) -> tuple[list[dict[str, Any]], list[str]]:
    """Ask the Hub for models; their records, and a sentence about everything that is missing."""
    from data.models import lookup
    from terminal.choices import cautions
    from terminal.tables import console

    complained(cautions())
    service = lookup.LookupService(burst=max(lookup.BURST, len(wanted)))
    lookups: dict[str, lookup.Lookup] = {}
    refused: dict[str, str] = {}
    for one in wanted:
        try:
            lookups[one] = service.ask(one)
        except lookup.Refused as refusal:
            refused[one] = str(refusal)
    with console.status("Asking the Hub"):
        for found in lookups.values():
            found.done.wait()
    refused |= {one: found.refused for one, found in lookups.items() if found.refused}
    missing = [
        f"There is no model {one[:100]} in snapshot {loaded.taken}{nearest(one[:200], loaded.position)} {why}"
        for one, why in refused.items()
    ]
    labels = lookup.WORDS | lookup.ODD_VALUES
    for found in lookups.values():
        missing += [f"{found.model}: {labels[part]} is unknown. {why}" for part, why in found.failed.items()]
    return [found.record for found in lookups.values() if found.record is not None], missing
