"""`weighbridge rank organisations` and `weighbridge explain --organisation`: ten months of influence."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from data.organisations.build import from_files
from data.organisations.month import before, load, months
from data.organisations.provenance import evidence
from data.organisations.rollup import Rollup, rollup, summary
from scoring.methods import DEFAULT_METHOD, METHODS
from scoring.output.export import TABLES, TableId, as_csv, exact, table_rows
from scoring.reasons.receipt import Standing, standings
from scoring.scorecards import ORGANISATION, influence
from scoring.scores import Scores
from terminal.said import Format, Refused, complain, nearest

VALUES = ("normalised", "raw")

Month = Annotated[str | None, typer.Option(metavar="DATE", help="Month to rank (default: the newest).")]
MethodId = Annotated[str, typer.Option("--method", help=f"One of {', '.join(METHODS)}.")]
Weight = Annotated[
    list[str] | None,
    typer.Option("--weight", metavar="ID=N", help="Weight of a dimension, group or indicator; may be repeated."),
]
As = Annotated[Format, typer.Option("--format", help="How to print.")]


@dataclass(frozen=True, kw_only=True)
class Scored:
    """A month under a method, with the month that its movements are counted from."""

    rolled: Rollup
    now: Scores
    before: Scores | None


def rank(
    month: Month = None,
    months: Annotated[bool, typer.Option("--months", help="All months, one below the other, as CSV.")] = False,
    method: MethodId = DEFAULT_METHOD,
    table: Annotated[str, typer.Option(help=f"One of {', '.join(TABLES)}.")] = "overall",
    values: Annotated[
        str, typer.Option(help="normalised, or raw: the facts as the method merges them.")
    ] = "normalised",
    organisation: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only these; may be repeated.")] = None,
    weight: Weight = None,
    format: As = Format.table,
) -> None:
    """Rank organisations by their influence in Data, Model, System and Benchmark."""
    if months and month:
        raise Refused("Give either --month DATE or --months, not both.")
    known = _months()
    weights = _weights(weight)
    name = _one_of("table", table, TABLES)
    raw = _one_of("value", values, VALUES) == "raw"
    chosen = _one_of("method", method, METHODS)
    every = known if months else [_month(month, known)]
    only = [_organisation(o, every) for o in organisation or ()]
    series = list(_scored(every, known, chosen, weights))
    form = Format.csv if months and format is Format.table else format
    match form:
        case Format.csv:
            sys.stdout.write(as_csv([_rows(one, name, raw, months, only) for one in series]))
        case Format.json:
            for one in series:
                for row in _rows(one, name, raw, True, only):
                    sys.stdout.write(json.dumps(row, allow_nan=False) + "\n")
        case Format.table:
            from terminal import influence_tables

            influence_tables.ranking(
                series[0].rolled, series[0].now, name, _rows(series[0], name, raw, False, only), weights
            )
    if form is not Format.table:
        for one in series:
            complain(summary(one.rolled.month, one.rolled.reading))


def explain(
    organisation: Annotated[str, typer.Option(metavar="NAME", help="The organisation to explain.")],
    month: Month = None,
    method: MethodId = DEFAULT_METHOD,
    weight: Weight = None,
    format: As = Format.table,
) -> None:
    """Print an organisation's receipt: value, scaled, rank, share, points, source and date of every indicator."""
    known = _months()
    taken = _month(month, known)
    weights = _weights(weight)
    chosen = _one_of("method", method, METHODS)
    name = _organisation(organisation, [taken])
    scored = next(iter(_scored([taken], known, chosen, weights)))
    if format is Format.table:
        from terminal import influence_tables

        influence_tables.receipt(scored.rolled, scored.now, scored.before, name)
        return
    lines = [_line(scored, name, line) for line in standings(scored.now, name)]
    if format is Format.csv:
        sys.stdout.write(as_csv([lines]))
        return
    row = scored.now.position[name]
    said = {"org": name, "month": taken, "method": scored.now.method.id, "score": float(scored.now.total[row])}
    said |= {"rank": int(scored.now.rank[row]), "indicators": lines}
    sys.stdout.write(json.dumps(said, allow_nan=False) + "\n")


def build(
    source: Annotated[Path, typer.Option("--from", metavar="FOLDER", help="Folder of the original files.")],
    into: Annotated[Path | None, typer.Option(help="Folder of snapshots (default: the bundled one).")] = None,
) -> None:
    """Build a snapshot for every month in a folder of organisation data."""
    folders, notes = from_files(source, into)
    for sentence in notes:
        complain(sentence)
    for built in folders:
        typer.echo(summary(load(built.name, built.parent.parent)))
    if notes:
        raise typer.Exit(1)


def _scored(every: Iterable[str], known: list[str], method: str, weights: dict[str, float]) -> Iterable[Scored]:
    done: dict[str, tuple[Rollup, Scores]] = {}

    def one(taken: str) -> tuple[Rollup, Scores]:
        if taken not in done:
            rolled = rollup(load(taken), METHODS[method].reading)
            try:
                done[taken] = rolled, influence(rolled.facts, method, as_of=taken, weights=weights)
            except ValueError as wrong:
                raise Refused(str(wrong)) from None
        return done[taken]

    for taken in every:
        earlier = before(taken, known)
        rolled, now = one(taken)
        yield Scored(rolled=rolled, now=now, before=one(earlier)[1] if earlier else None)


def _rows(scored: Scored, name: TableId, raw: bool, dated: bool, only: Sequence[str]) -> list[dict[str, Any]]:
    return table_rows(scored.now, scored.before, name, raw=raw, dated=dated, only=only)


def _line(scored: Scored, name: str, line: Standing) -> dict[str, Any]:
    origin = evidence(scored.rolled, name, line.factor.id)
    return {
        "id": line.factor.id,
        "dimension": line.category.id,
        "group": line.factor.group,
        "value": None if line.value is None else exact(line.value, whole=True),
        "state": origin.state,
        "scaled": line.scaled,
        "rank": None if line.rank is None else int(line.rank),
        "share": line.share,
        "points": line.points,
        "source": origin.source,
        "url": origin.url,
        "as_of": origin.as_of,
        "note": origin.note,
    }


def _months() -> list[str]:
    known = months()
    if not known:
        load()  # which says what is missing
    return known


def _month(text: str | None, known: list[str]) -> str:
    if text is None:
        return known[-1]
    if text in known:
        return text
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused(f"There is no month {text}{nearest(text, known)}") from None
    near = sorted(known, key=lambda m: abs((date.fromisoformat(m) - day).days))[:3]
    raise Refused(f"There is no month {text}; the nearest are {', '.join(near)}.")


def _one_of(what: str, word: str, known: Iterable[Any]) -> Any:
    words = [str(k) for k in known]
    if word not in words:
        raise Refused(f"There is no {what} {word}{nearest(word, words)}")
    return word


def _organisation(name: str, every: Sequence[str]) -> str:
    """Return the organisation's own spelling of its name."""
    lowered = {i.lower(): i for month in every for i in load(month).ids}
    if name.lower() in lowered:
        return lowered[name.lower()]
    others = [m for m in months() if name.lower() in map(str.lower, load(m).ids)]
    if others:
        raise Refused(f"{name} is not ranked in {every[0]}; it is in {', '.join(others)}.")
    when = f"in {every[0]}" if len(every) == 1 else "in any month"
    raise Refused(f"There is no organisation {name} {when}{nearest(name, sorted(lowered.values()))}")


def _weights(given: list[str] | None) -> dict[str, float]:
    known = (*ORGANISATION.weights(), *ORGANISATION.groups)
    weights: dict[str, float] = {}
    for text in given or ():
        key, _, number = text.partition("=")
        if key not in known:
            raise Refused(
                f"--weight {text} is not ID=N with the id of a dimension, group or indicator{nearest(key, known)}"
            )
        try:
            weights[key] = float(number)
        except ValueError:
            weights[key] = float("nan")
        if not 0 <= weights[key] < float("inf"):
            raise Refused(f"--weight {text} is not ID=N with a number of at least 0.")
    return weights
