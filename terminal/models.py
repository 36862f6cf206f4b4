"""`weighbridge score` and `rank models`: models of a snapshot, of a file of records, or of the Hub.

What needs pandas is imported by the command that runs, so that help starts without it.
"""

from __future__ import annotations

import io
import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from scoring.output.export import ranking_csv, reports
from scoring.settings import nearest
from scoring.tasks import in_words
from scoring.view import ModelView
from terminal import firmness
from terminal.firmness import AllFactors, AnyWeights, Drawn, Order, WithBands
from terminal.messages import As, Format, Refused, complained, reason, say
from terminal.options import Chosen, choosing, day, mistakable, with_view
from terminal.snapshots import sound_snapshot

if TYPE_CHECKING:
    import pandas as pd

    from data.models.snapshot import Snapshot
    from scoring.columns import Column
    from scoring.scores import Scores
    from scoring.types import Bools


@with_view(ModelView, use="choose")
def score(
    path: Annotated[
        str | None,
        typer.Argument(metavar="RECORDS.jsonl", help="Hub API records, a JSON object a line; - is standard input."),
    ] = None,
    model_id: Annotated[
        list[str] | None, typer.Option("--id", metavar="ORG/NAME", help="Score this model; may be repeated.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Day on which a file's records without dates were read.")
    ] = None,
    format: As = Format.table,
    *,
    chosen: Chosen,
) -> None:
    """Score models of a file, a snapshot or the Hub.

    A file holds Hub API records as JSON lines, gzipped or not; filters choose among them. A model that is named with
    --id and is not in the snapshot is looked up on the Hub. Every factor is shown with its value and its points.
    """
    if bool(path) == bool(model_id):
        raise Refused("Give either a file of records (or - for standard input) or --id ORG/NAME.")
    missing = (
        _score_named(model_id, as_of, format, chosen) if model_id else _score_file(str(path), as_of, format, chosen)
    )
    if missing:
        raise typer.Exit(1)


def _score_named(wanted: Sequence[str], as_of: str | None, format: Format, chosen: Chosen) -> bool:
    """Score models by id; whether something is missing."""
    view, loaded = opened(chosen)
    if idle := [*choosing(view), *(["--as-of"] if as_of else [])]:
        mean = "means" if len(idle) == 1 else "mean"
        raise Refused(f"{' and '.join(idle)} {mean} nothing beside --id: only the records of a file are chosen among.")
    facts, positions, missing = _find(loaded, wanted)
    origin = loaded if facts is loaded.facts else None
    scores = view.score(loaded) if origin else view.place(loaded, facts)
    show(scores, facts, positions, format, receipts=len(positions) <= 3, origin=origin)
    return missing


def _score_file(path: str, as_of: str | None, format: Format, chosen: Chosen) -> bool:
    """Score the records of a file; whether some of its lines are missing."""
    import pandas as pd

    from data.models import records
    from data.models.choices import offered

    view, loaded = opened(chosen, all_offered=False)
    read_on, complaints = day(as_of, loaded.taken), list[str]()
    facts = records.frame(records.rows(good_records(path, complaints), read_on))
    if choosing(view):
        view = chosen(ModelView, mistakable(ModelView, offered(pd.concat([facts, loaded.facts]))))
    missing = complained(complaints)
    scores = view.place(loaded, facts)
    positions = [int(n) for n in _among(view, facts, scores).nonzero()[0]]
    show(scores, facts, positions, format, receipts=len(positions) <= 3)
    return missing


@with_view(ModelView)
def rank(
    top: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="How many to print (default: 20 in a table, else all).")
    ] = None,
    with_bands: WithBands = False,
    any_weights: AnyWeights = False,
    all_factors: AllFactors = False,
    order: Order = None,
    format: As = Format.table,
    *,
    chosen: Chosen,
) -> None:
    """Rank the models of a snapshot under your weights."""
    from scoring.columns import COLUMNS

    drawn = Drawn(bands=with_bands, any_weights=any_weights, all_factors=all_factors)
    firmness.check(drawn, order)
    view, loaded = opened(chosen, by_position=not with_bands)  # bands are drawn from all scores
    scores = view.score(loaded)
    if order:
        return firmness.elicit(scores, [known(loaded, one) for one in order], view, loaded.taken, format)
    among = _among(view, loaded.facts, scores)
    most = top or (20 if format is Format.table else None)
    matching, shown = int(among.sum()), view.arranged(scores, loaded.facts, among, slice(most)).tolist()
    if with_bands:
        firmness.show(firmness.drawn(scores, among, drawn), format, shown)
    else:
        by = None if view.sort in ("total", "id") else COLUMNS[view.sort]
        show(scores, loaded.facts, shown, format, among=among, by=by)
    if format is Format.table:
        say(tally(view, len(shown), matching, loaded))


def show(
    scores: Scores,
    facts: Any,
    positions: list[int],
    format: Format,
    receipts: bool = False,
    origin: Snapshot | None = None,
    among: Bools | None = None,
    by: Column | None = None,
) -> None:
    """Print the models at `positions`, in that order; `receipts` adds every factor of each to a table.

    `among` marks those (n) that pass the filters, by default these: ranks are given among them and in all. A
    table shows what they are sorted `by` beside their totals.
    """
    from scoring.reasons.flags import FLAGS, flags

    match format:
        case Format.json:
            chosen = facts.iloc[positions]
            raised = flags(chosen).to_numpy()
            held = ([f.id for f, holds in zip(FLAGS, one, strict=True) if holds] for one in raised)
            for one in reports(scores, positions, chosen.to_dict("records"), held):
                sys.stdout.write(json.dumps(one, allow_nan=False) + "\n")
        case Format.csv:
            rows = np.array(positions, dtype=np.intp)
            for text in ranking_csv(scores, facts, rows, among):
                sys.stdout.write(text)
        case Format.table:
            from terminal import tables

            sorted_by = (by.label, [by.shown(scores, facts, n) for n in positions]) if by else None
            tables.models(scores, positions, among, sorted_by)
            for n in positions if receipts else []:
                say("")
                say(str(scores.ids[n]))
                tables.model(scores, n, facts.iloc[n].to_dict(), origin)


def tally(view: ModelView, shown: int, matching: int, loaded: Snapshot) -> str:
    """Say how many models are shown, of how many that pass the filters and in all, and how to see the others."""
    if not matching:
        return "No model matches."
    one, many = ("model", " that matches"), ("models", " that match")
    models, match = one if matching == 1 else many
    models, every = "generated " * loaded.generated + models, len(loaded.facts)
    models += f" in {in_words(view.task_group)}" if view.task_group else ""
    models += match if {"--for", *choosing(view, filters=True)} != {"--for"} else ""
    in_all = "" if matching == every else f"; {every:,} in all"
    return f"{shown:,} of {matching:,} {models} shown{in_all}" + ("; --top N shows more." if shown < matching else ".")


def opened(chosen: Chosen, all_offered: bool = True, by_position: bool = False) -> tuple[ModelView, Snapshot]:
    """Return the view that was chosen, checked against the snapshot that it names, and this snapshot."""
    from data.models.choices import offered

    view = chosen(ModelView)
    loaded = sound_snapshot(view.snapshot, by_position=by_position and view.yardstick == "goalposts")
    if all_offered and choosing(view):
        view = chosen(ModelView, mistakable(ModelView, offered(loaded.facts, view)))
    try:
        view.counted(loaded)
    except ValueError as nothing_weighs:
        raise Refused(str(nothing_weighs)) from None
    return view, loaded


def _among(view: ModelView, facts: Any, scores: Scores) -> Bools:
    """Return which models pass the filters (n)."""
    return ~np.logical_or.reduce([*view.left_out(facts, scores).values(), np.zeros(len(facts), dtype=bool)])


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


def _lines(source: str) -> Iterator[bytes]:
    from data.models import records

    if source != "-":
        return records.read_lines(Path(source))
    if not sys.stdin:
        raise Refused("Standard input is closed, so there is nothing to read.")
    return records.unpacked(io.BufferedReader(sys.stdin.buffer))  # type: ignore[arg-type]


# Models by id


def position(loaded: Snapshot, model_id: str) -> int | None:
    """Return where a model stands in a snapshot, by its exact id or else whatever its capitals."""
    exact = loaded.find(model_id)
    if exact is not None or loaded.file:
        return exact
    lowered = {known.lower(): n for known, n in loaded.position.items()}
    return lowered.get(model_id.lower())


def known(loaded: Snapshot, model_id: str) -> int:
    """Return where a model stands in a snapshot; Refused names the nearest where it is not there."""
    found = position(loaded, model_id)
    if found is None:
        near = nearest(model_id, () if loaded.file else loaded.position)  # nobody waits for a look through millions
        raise Refused(f"There is no model {model_id} in snapshot {loaded.taken}{near}")
    return found


def _find(loaded: Snapshot, wanted: Sequence[str]) -> tuple[pd.DataFrame, list[int], bool]:
    """Return facts and positions of models by id, from the snapshot or else the Hub, and whether something is missing.

    Refused when nothing is found at all. An id is checked before anything is asked for it.
    """
    import pandas as pd

    from data.models import records
    from data.platforms.hub.ids import model_id

    places = {one: position(loaded, model_id(one) or one.strip()) for one in wanted}
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
    with console().status("Asking the Hub"):
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
