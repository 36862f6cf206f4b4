"""How models could be counted otherwise: every combination of the settings that decide totals, and its order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring import engine
from scoring.reasons.comparison import Agreement, agree, overlap, reversed_in_words
from scoring.scorecards import MODEL
from scoring.scores import Scores
from scoring.types import YardstickKind
from scoring.view import ModelView, Snapshot

# The settings, each with what it may be.
CHOICES: Final[Mapping[str, Mapping[Any, str]]] = {
    "count": {"common": "only what is known of nearly all", "all": "everything that is known"},
    "unknown": {"neutral": "unknown in the middle", "zero": "unknown as nothing", "skip": "unknown left out"},
    "yardstick": {"goalposts": "fixed goalposts", "population": "least and most of these"},
    "cap": {True: "findings hold at 30", False: "findings hold nothing"},
}
NAMES: Final[Mapping[str, str]] = {
    "count": "what counts",
    "unknown": "what is unknown",
    "yardstick": "the scale",
    "cap": "what findings hold",
}
Combination = tuple[Any, ...]  # a value for each of CHOICES, in their order


@dataclass(frozen=True, kw_only=True, eq=False)
class Board:
    """The same models under every combination: `here` under that which is set, the `others` by combination."""

    view: ModelView
    here: Scores
    others: Mapping[Combination, Scores]

    def views(self, combination: Combination) -> ModelView:
        """Return the view with another combination."""
        settings: dict[str, Any] = dict(zip(CHOICES, combination, strict=True))
        return replace(self.view, **settings)

    def against(self, combination: Combination) -> tuple[Agreement, int]:
        """Return how far a combination agrees with that which is set, and how many of the first ten stay."""
        there = self.others[combination]
        return agree(self.here, there, words(combination)), overlap(self.here, there)

    def furthest(self) -> Agreement:
        """Return the combination whose order agrees least."""
        found = (self.against(combination)[0] for combination in self.others)
        return min(found, key=lambda one: 2.0 if np.isnan(one.tau) else one.tau)


def words(combination: Combination) -> str:
    """Say what is chosen, such as 'fixed goalposts, unknown in the middle'."""
    return ", ".join(words[value] for words, value in zip(CHOICES.values(), combination, strict=True))


def board(view: ModelView, snapshot: Snapshot, rows: NDArray[np.intp], kinds: Sequence[YardstickKind]) -> Board:
    """Score these rows of a snapshot under every combination, as far as there are these kinds of yardsticks.

    Ranks are among these rows. A combination under which nothing weighs is left out.
    """
    scaled = {kind: snapshot.scaled(MODEL, kind).rows(rows) for kind in kinds}
    others: dict[Combination, Scores] = {}
    for combination in product(*CHOICES.values()):
        settings: dict[str, Any] = dict(zip(CHOICES, combination, strict=True))
        if settings["yardstick"] in scaled:
            try:
                others[combination] = replace(view, **settings).weigh(scaled[settings["yardstick"]], snapshot)
            except ValueError:
                continue
    return Board(view=view, here=others[tuple(getattr(view, name) for name in CHOICES)], others=others)


def left_out(view: ModelView, snapshot: Snapshot, facts: Any) -> str:
    """Say how often leaving out one model reorders the others: only where the field is the scale it can.

    Then those matter who alone have the least or the most of something that counts.
    """
    if view.yardstick == "goalposts":
        return "Between fixed goalposts, leaving out any single one changes the order of no others."
    measured, card = engine.measure(MODEL, facts), view.counted(snapshot)
    here = view.weigh(engine.scale(MODEL, measured, snapshot.yardstick(MODEL, "population")), snapshot)
    weighing = [j for j, f in enumerate(card.factors) if f.weight > 0 and f.curve in ("linear", "log")]
    moved = dict.fromkeys(map(str, here.ids), 0)
    for row in sorted({row for j in weighing for row in _alone(measured.raw[:, j])}):
        stay = np.delete(np.arange(len(here)), row)
        fewer = measured.rows(stay)
        own = engine.scale(MODEL, fewer, engine.fit(MODEL, fewer, "population", ""))
        again = view.weigh(own, snapshot)
        before = here.rank_among(stay)[stay]
        moved[str(here.ids[row])] = int((again.rank != before)[~np.isnan(before)].sum())
    return reversed_in_words(moved)


def _alone(column: Any) -> list[int]:
    """Return who alone has the least, and who the most, of a column."""
    found = []
    for end in (np.nanmin, np.nanmax) if not np.isnan(column).all() else ():
        rows = np.flatnonzero(column == end(column))
        found += rows.tolist() if len(rows) == 1 else []
    return found
