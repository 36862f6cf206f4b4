"""How firm a ranking is, on the command line: ranks under other weights, tiers, and for whom each would be first."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from scoring.output.export import Row, as_csv, band_rows, cause_rows
from scoring.reasons.attribution import Attribution
from scoring.reasons.bands import BANDED, Bands, bands, percent
from scoring.reasons.draws import DEPTHS, Noise
from scoring.reasons.tipping import tipping
from scoring.scores import Scores
from scoring.types import Bools
from terminal.messages import Format, Refused

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


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Whether bands are wanted, and of which weights."""

    bands: bool
    any_weights: bool
    all_factors: bool


def check(wanted: Drawn, others: Mapping[str, bool] | None = None) -> None:
    """Refuse what means nothing: settings of bands without them, or `others` (options; whether given) beside bands."""
    given = [option for option, yes in (others or {}).items() if yes]
    with_bands = wanted.bands
    for option, yes in (("--any-weights", wanted.any_weights), ("--all-factors", wanted.all_factors)):
        if yes and not with_bands:
            raise Refused(f"{option} means nothing without --bands.")
    if with_bands and given:
        raise Refused(f"--bands is about one month's ranking by all dimensions; leave out {' and '.join(given)}.")


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
