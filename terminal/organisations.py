"""`weighbridge rank organisations` and the organisations of `explain`: their influence, month by month."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from data.archive import SnapshotError
from data.organisations.month import before, load, months
from data.organisations.provenance import evidence
from data.organisations.rollup import Rollup, rollup, summary
from scoring.methods import EVERY_METHOD, METHODS
from scoring.output.export import Row, TableId, as_csv, exact, table_rows
from scoring.reasons.comparison import agreement
from scoring.reasons.influence import compared
from scoring.reasons.receipt import Standing, day
from scoring.scores import Scores
from scoring.settings import Offered, nearest
from scoring.view import OrganisationView
from terminal import firmness
from terminal.firmness import AllFactors, AnyWeights, Drawn, Order, WithBands
from terminal.messages import As, Format, Refused, complain, say
from terminal.options import Chosen, with_view
from terminal.snapshots import look_for_newer

Sound = Callable[[str], bool]


@dataclass(frozen=True, kw_only=True)
class Scored:
    """A month under a method, with the month that its movements are counted from."""

    rolled: Rollup
    now: Scores
    before: Scores | None


def offered() -> Offered:
    """Return the months that there are, for a view to choose from."""
    look_for_newer()
    return {"month": months() or [load().taken]}


@with_view(OrganisationView)
def rank(
    all_months: Annotated[bool, typer.Option("--months", help="All months, one below the other.")] = False,
    table: Annotated[TableId, typer.Option(help="Rank by all dimensions or by one.")] = "overall",
    values: Annotated[
        Literal["normalised", "raw"], typer.Option(help="Raw values are the facts as the method merges them.")
    ] = "normalised",
    with_bands: WithBands = False,
    any_weights: AnyWeights = False,
    all_factors: AllFactors = False,
    order: Order = None,
    format: As = Format.table,
    *,
    chosen: Chosen,
    month: str | None,
) -> None:
    """Rank organisations by their influence.

    Influence has four dimensions (Data, Model, System and Benchmark), each with a table of its own.
    """
    if all_months and month:
        raise Refused("Give either --month DATE or --months, not both.")
    others = {"--months": all_months, "--table": table != "overall", "--values": values != "normalised"}
    drawn = Drawn(bands=with_bands, any_weights=any_weights, all_factors=all_factors)
    firmness.check(drawn, order, others)
    view, sound = chosen(OrganisationView, offered()), checker()
    every = [one for one in months() if sound(one)] if all_months else []
    every = every or [view.month or newest(sound)]
    only = [named(o, every, sound) for o in view.only]
    series = list(scored(every, view, sound=sound))
    if with_bands:
        return firmness.show(firmness.drawn(series[0].now, None, drawn), format, only=only, key="org")
    if order:
        now = series[0].now
        places = [now.position[named(one, every, sound)] for one in order]
        return firmness.elicit(now, places, view, every[0], format)
    dated = all_months or format is Format.json
    rows = [table_rows(one.now, one.before, table, raw=values == "raw", dated=dated, only=only) for one in series]
    _print(series, view, table, rows, format)


def _print(
    series: Sequence[Scored], view: OrganisationView, table: TableId, rows: Sequence[Sequence[Row]], format: Format
) -> None:
    match format:
        case Format.csv:
            sys.stdout.write(as_csv(rows))
        case Format.json:
            _write_lines(chain.from_iterable(rows))
        case Format.table:
            _show(series, view, table, rows)
            return
    for one in series:
        complain(summary(one.rolled.month, one.rolled.reading))


def _write_lines(rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        sys.stdout.write(json.dumps(row, allow_nan=False) + "\n")


def _show(series: Sequence[Scored], view: OrganisationView, table: TableId, rows: Sequence[Sequence[Row]]) -> None:
    """Print a table, what it stands on and, below the overall one, how much its order depends on the method."""
    from terminal.tables import organisations

    days = day(series[0].now.as_of) + (f" to {day(series[-1].now.as_of)}" if series[1:] else "")
    organisations(f"{days}, {EVERY_METHOD[view.method].label.lower()}: {table}", list(chain.from_iterable(rows)))
    if series[1:]:
        say(compared({one.now.as_of: one.now for one in series}, ()))
    for one in series:
        say(summary(one.rolled.month, one.rolled.reading))
        if one.now.constant:
            say(f"Equal for all this month, so counted neutral: {', '.join(one.now.constant)}.")
    if not series[1:] and table == "overall" and view.method != "published":  # which starts without scikit-learn
        _agree(series[0], view)


def _agree(scored: Scored, view: OrganisationView) -> None:
    """Say how much the order depends on the method."""
    now, rolled = scored.now, scored.rolled
    others = []
    for method in METHODS.values():
        if method.id != view.method:
            same = method.reading == rolled.reading
            others.append(
                replace(view, method=method.id).score(rolled if same else rollup(rolled.month, method.reading))
            )
    for one in agreement(now, others):
        say(f"Compared with “{one.other}”: {one.sentence()}")


def scored(
    every: Iterable[str], chosen: OrganisationView, within: Path | None = None, *, sound: Sound | None = None
) -> Iterator[Scored]:
    """Yield each of these months under a view, from a folder of snapshots or the bundle.

    Movements are counted from a month that is `sound`.
    """
    sound = sound or checker(within)

    @cache
    def one(taken: str) -> tuple[Rollup, Scores]:
        rolled = rollup(load(taken, within), EVERY_METHOD[chosen.method].reading)
        return rolled, chosen.score(rolled)

    known = months(within)
    for taken in every:
        earlier = before(taken, known)
        if earlier and not sound(earlier):
            earlier = before(taken, [one for one in known if sound(one)])
        rolled, now = one(taken)
        yield Scored(rolled=rolled, now=now, before=one(earlier)[1] if earlier else None)


def newest(sound: Sound, within: Path | None = None) -> str:
    """Return the newest sound month; SnapshotError names what is wrong where none is."""
    return next(filter(sound, reversed(months(within))), None) or load(within=within).taken


def checker(within: Path | None = None, report: Callable[[str], None] = complain) -> Sound:
    """Return what tells of a month whether it can be trusted, and reports each that cannot a single time."""

    @cache
    def sound(taken: str) -> bool:
        try:
            load(taken, within)
        except SnapshotError as damage:
            report(f"{damage} The month is left out.")
            return False
        return True

    return sound


def line(scored: Scored, name: str, line: Standing) -> dict[str, Any]:
    """Return an indicator of an organisation, with where its value comes from."""
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


def named(name: str, every: Sequence[str], sound: Sound) -> str:
    """Return the organisation's own spelling of its name."""
    lowered = {i.lower(): i for month in every for i in load(month).ids}
    if name.lower() in lowered:
        return lowered[name.lower()]
    others = [m for m in months() if sound(m) and name.lower() in map(str.lower, load(m).ids)]
    if others:
        raise Refused(f"{name} is not ranked in {every[0]}; it is in {', '.join(others)}.")
    when = f"in {every[0]}" if len(every) == 1 else "in any month"
    raise Refused(f"There is no organisation {name} {when}{nearest(name, sorted(lowered.values()))}")
