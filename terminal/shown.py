"""What a notebook shows: a table under the sentence that says what it is of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from scoring.output.export import band_rows, cause_rows
from scoring.reasons.attribution import Attribution
from scoring.reasons.bands import Bands, bands
from scoring.reasons.comparison import agree, overlap
from scoring.reasons.draws import DEPTHS, NOISES, Depth, Noise
from scoring.reasons.elicitation import FEWEST, MOST, nearest_weights
from scoring.scores import Scores


@dataclass(frozen=True, kw_only=True, repr=False)
class Shown:
    """A table under the sentence that says what it is of; the first `top` rows and these `columns` of it are shown.

    The table has every row and column, and full precision.
    """

    sentence: str
    table: pd.DataFrame
    columns: tuple[str, ...] = ()
    top: int | None = None
    decimals: int = 1

    def __str__(self) -> str:
        """Return the sentence."""
        return self.sentence

    def __repr__(self) -> str:
        """Return the sentence and the first rows."""
        rows = self._first.to_string(index=False, na_rep="unknown", float_format=self._number)
        return f"{self.sentence}\n\n{rows}"

    def _repr_html_(self) -> str:
        """Show the sentence and the first rows in a notebook; every text is escaped."""
        rows = self._first.to_html(index=False, border=0, na_rep="unknown", float_format=self._number)
        lines = "<br>".join(map(escape, self.sentence.splitlines()))
        return f"<p>{lines}</p>{rows}"

    @property
    def _first(self) -> pd.DataFrame:
        columns = list(self.columns) or self.table.columns
        return self.table.head(len(self.table) if self.top is None else self.top)[columns]

    def _number(self, value: float) -> str:
        return f"{value:.{self.decimals}f}"


@dataclass(frozen=True, kw_only=True, repr=False)
class Receipt(Shown):
    """Every factor of a model, or indicator of an organisation: its value, share, points, source and day.

    `changes` are what would change its rank, in points and places; an organisation has none.
    """

    changes: Shown | None = None

    def __repr__(self) -> str:
        """Return the verdict, every line, and what would change the rank."""
        return super().__repr__() + (f"\n\n{self.changes!r}" if self.changes else "")

    def _repr_html_(self) -> str:
        return super()._repr_html_() + (self.changes._repr_html_() if self.changes else "")


@dataclass(frozen=True, kw_only=True, repr=False)
class Banded(Shown):
    """How firm an order is: a row a subject with its rank, band and tier; `bands` is what charts draw."""

    bands: Bands


def banded(
    scores: Scores,
    rows: Sequence[int],
    noise: Noise,
    depth: Depth,
    key: str,
    among: Sequence[int] | range | None = None,
) -> Banded:
    """Return the bands of these rows, ranked among themselves (or among others)."""
    if noise not in NOISES:
        raise ValueError(f"Weights are drawn {' or '.join(NOISES)}, not {noise}.")
    if depth not in DEPTHS:
        raise ValueError(f"The weights that are drawn are those of {' or '.join(DEPTHS)}, not of {depth}.")
    asked = np.zeros(len(scores), dtype=bool)
    asked[list(rows if among is None else among)] = True
    found = bands(scores, asked, noise=noise, depth=depth)
    table = pd.DataFrame(band_rows(found, rows, key))
    whole = dict.fromkeys(("rank", "rank_low", "rank_high", "tier"), "Int64")
    table["first_for"] = [found.for_whom(row) for row in rows]
    columns = (key, *whole, "first", "first_ten", "first_for")
    return Banded(sentence=found.summary(), table=table.astype(whole), columns=columns, top=20, decimals=3, bands=found)


def weights_for(scores: Scores, rows: Sequence[int]) -> Shown:
    """Return the nearest weights that give these rows in this order. ValueError where they are too few or many."""
    if not FEWEST <= len(rows) <= MOST:
        raise ValueError(f"An order is of {FEWEST} to {MOST}, not of {len(rows)}.")
    found = nearest_weights(scores, rows)
    table = pd.DataFrame(found.weights().items(), columns=["weight", "value"])
    return Shown(sentence=found.sentence(), table=table, decimals=2)


def compared(here: Scores, others: Mapping[str, Scores]) -> Shown:
    """Return what other ways to count, by their names, make of an order: a row a way, the furthest last."""
    found = [(agree(here, there, way), overlap(here, there)) for way, there in others.items()]
    found.sort(key=lambda one: -np.nan_to_num(one[0].tau, nan=-1.0))
    rows = [
        {"way": one.other, "tau": one.tau, "first_ten": stay, "first": " and ".join(one.first_there)}
        for one, stay in found
    ]
    far = found[-1][0]
    sentence = f"Furthest away is “{far.other}”: {far.sentence()}"
    return Shown(sentence=sentence, table=pd.DataFrame(rows), decimals=2)


def moved(found: Attribution) -> Shown:
    """Return the parts of a change: a row a cause."""
    return Shown(sentence=found.sentence(), table=pd.DataFrame(cause_rows(found)), decimals=2)
