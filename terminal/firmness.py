"""How firm a ranking is, on the command line: ranks under other weights, tiers, and for whom each would be first."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import typer

from scoring.output.code import command
from scoring.output.export import Row, as_csv, band_rows, cause_rows
from scoring.reasons.attribution import Attribution
from scoring.reasons.bands import BANDED, Bands, bands, percent
from scoring.reasons.draws import DEPTHS, Noise
from scoring.reasons.elicitation import FEWEST, MARGIN, MOST, nearest_weights
from scoring.reasons.tipping import tipping
from scoring.scores import Scores
from scoring.settings import View
from scoring.types import Bools
from terminal.messages import Format, Refused, say

WHOM = "First for"
WithBands = Annotated[
    bool, typer.Option("--bands", help="Show how firm the order is: the ranks under 4,000 weights like these.")
]
Against = Annotated[
    str | None, typer.Option("--against", metavar="NAME", help="Say what weights would change its order with this one.")
]
AnyWeights = Annotated[bool, typer.Option("--any-weights", help="With --bands: under any weights, all equally likely.")]

AllFactors = Annotated[
    bool, typer.Option("--all-factors", help="With --bands: draw the weights of all factors or indicators, too.")
]


Order = Annotated[
    list[str] | None,
    typer.Option("--order", metavar="NAME", help="Find weights that give this order; repeat it, first to last."),
]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Whether bands are wanted, and of which weights."""

    bands: bool
    any_weights: bool
    all_factors: bool


def check(wanted: Drawn, order: Sequence[str] | None, others: Mapping[str, bool] | None = None) -> None:
    """Refuse what means nothing: settings of bands without them, or `others` (options; whether given) beside an answer.

    An answer is bands, or the weights of an `order`.
    """
    for option, yes in (("--any-weights", wanted.any_weights), ("--all-factors", wanted.all_factors)):
        if yes and not wanted.bands:
            raise Refused(f"{option} means nothing without --bands.")
    if wanted.bands and order:
        raise Refused("Give either --bands or --order, not both.")
    if order and not FEWEST <= len(order) <= MOST:
        raise Refused(f"An order is of {FEWEST} to {MOST}: repeat --order, the first ahead of all others.")
    given = [option for option, yes in (others or {}).items() if yes]
    if given and (wanted.bands or order):
        answer = "--bands" if wanted.bands else "--order"
        raise Refused(f"{answer} is about one month's ranking by all dimensions; leave out {' and '.join(given)}.")


def drawn(scores: Scores, among: Bools | None, wanted: Drawn, banded: int = BANDED) -> Bands:
    """Draw the bands of those of `among` that are ranked, with a sign of life on a terminal."""
    from terminal.tables import console

    with console().status("Drawing weights"):
        noise: Noise = "any" if wanted.any_weights else "around"
        return bands(scores, among, noise=noise, depth=DEPTHS[wanted.all_factors], banded=banded)


def show(
    found: Bands, format: Format, rows: Sequence[int] | None = None, only: Sequence[str] = (), key: str = "id"
) -> None:
    """Print the bands of these rows (positions in the scores), in their order, by default all; ids stand under `key`.

    `only` keeps those of these ids.
    """
    rows = found.order.tolist() if rows is None else rows
    rows = [row for row in rows if not only or found.scores.ids[row] in only]
    written = band_rows(found, rows, key)
    match format:
        case Format.json:
            for row in written:
                sys.stdout.write(json.dumps(row, allow_nan=False) + "\n")
        case Format.csv:
            sys.stdout.write(as_csv([written]))
        case Format.table:
            from terminal import tables

            tables.sentences(found.summary())
            left_out = () if tables.console().width >= tables.WIDE else (WHOM,)
            tables.bands([{h: text for h, text in _words(found, row).items() if h not in left_out} for row in rows])


def compare(scores: Scores, one: int, other: int) -> None:
    """Print what would change the order of two subjects (positions in the scores)."""
    from terminal.tables import sentences

    sentences(*tipping(scores, one, other).sentences())


def elicit(scores: Scores, rows: Sequence[int], view: View, date: str, format: Format) -> None:
    """Print the weights that rank these rows in this order at a date, and the command that does; or why none do."""
    found = nearest_weights(scores, rows)
    weights = found.weights()
    match format:
        case Format.json:
            answer = {"sentence": found.sentence(), "moved": found.moved if weights else None, "weights": weights}
            sys.stdout.write(json.dumps(answer, allow_nan=False) + "\n")
        case Format.csv:
            sys.stdout.write(as_csv([[{"weight": i, "value": weight} for i, weight in weights.items()]]))
        case Format.table:
            from terminal.tables import sentences

            sentences(found.sentence())
            if weights and found.moved >= MARGIN:
                say(command(replace(view, weights=dict(view.weights) | weights), date))


def moved(found: Attribution, name: str, format: Format) -> None:
    """Print why a subject moved: a sentence and its parts."""
    parts = cause_rows(found)
    match format:
        case Format.json:
            about = {key: value for key, value in vars(found).items() if key not in ("points", "places", "causes")}
            sys.stdout.write(json.dumps({"id": name, **about, "parts": parts}, allow_nan=False) + "\n")
        case Format.csv:
            sys.stdout.write(as_csv([parts]))
        case Format.table:
            from terminal import tables

            tables.sentences(f"{name}. {found.sentence()}")
            tables.moved(found.rows(), placed=bool(found.places))


def _words(found: Bands, row: int) -> Row:
    return {
        "#": "-" if found.rank[row] != found.rank[row] else f"{found.rank[row]:.0f}",
        found.scores.card.subject.capitalize(): str(found.scores.ids[row]),
        "Nine of ten": found.band(row),
        "First in": percent(found.first[row]),
        "Top ten in": percent(found.ten[row]),
        "Tier": "-" if found.tier[row] != found.tier[row] else f"{found.tier[row]:.0f}",
        WHOM: found.for_whom(row),
    }
