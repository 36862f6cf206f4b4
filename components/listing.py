"""What the ranking shows and what it leaves out, with the sentences that say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.scores import Scores
from scoring.view import View, left_out

FILTER_WORDS = {"search": "the search", "task": "the task", "license": "the licence", "publisher": "the publisher"}


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Positions in the scores: `shown` from first to last (the ranked before the others), and the `pinned`.

    `without` counts what each filter that is set leaves out; a model can be left out by several. `listed` changes with
    what is listed, and not with its order.
    """

    scores: Scores
    shown: NDArray[np.intp]
    pinned: NDArray[np.intp]
    without: Mapping[str, int]
    min_coverage: float
    listed: tuple[object, ...]

    @property
    def ranked(self) -> int:
        """How many of those shown have a rank."""
        return int(self.scores.ranked[self.shown].sum())

    @property
    def strictest(self) -> str:
        """Say which filter leaves out the most; empty when none is set."""
        if not self.without:
            return ""
        most = max(self.without, key=lambda f: self.without[f])
        return f"Most of all, {FILTER_WORDS[most]} leaves out {self.without[most]:,} of {len(self.scores):,}."

    def summary(self) -> list[str]:
        """Say what is listed, what is left out and why, and who has no rank and why."""
        everyone, shown = len(self.scores), len(self.shown)
        said = [f"{shown:,} of {everyone:,} models." if self.without else f"All {everyone:,} models."]
        if self.without:
            parts = [f"{n:,} by {FILTER_WORDS[f]}" for f, n in sorted(self.without.items(), key=lambda pair: -pair[1])]
            several = " (one model can be left out by several)" if len(parts) > 1 else ""
            said.append(f"Left out: {', '.join(parts)}{several}; ranks still count all models.")
        if unranked := shown - self.ranked:
            known = (
                f"less than {self.min_coverage:.0%} of the scorecard" if self.min_coverage else "nothing that counts"
            )
            said.append(f"{unranked:,} are listed after the others without a rank: {known} is known of them.")
        return said

    def doubt(self, top: int = 20) -> str:
        """Say how far unknown facts could still change the order of the first `top`; empty where there are not two."""
        first = self.shown[: min(top, self.ranked)]
        if len(first) < 2:
            return ""
        low, high = self.scores.low[first], self.scores.high[first]
        below = np.triu(np.ones((len(first), len(first)), dtype=bool), 1)
        open_pairs = (high[None, :] > low[:, None]) & below
        open_ones = int((open_pairs.any(axis=0) | open_pairs.any(axis=1)).sum())
        width = float(np.median(high - low))
        if not open_ones:
            return f"No unknown fact can change the order of the top {len(first)}."
        return (
            f"Unknown facts leave {open_ones} of the top {len(first)} within each other’s interval "
            f"(the middle interval is {width:.0f} points wide)."
        )


def listing(view: View, scores: Scores, facts: pd.DataFrame) -> Listing:
    """Apply a view's filters to its scores; rows of `facts` and of the scores are the same models in the same order."""
    out = left_out(view, facts)
    kept = ~np.logical_or.reduce([np.zeros(len(scores), dtype=bool), *out.values()])
    pins = [scores.position[p] for p in view.pin if p in scores.position]
    return Listing(
        scores=scores,
        shown=scores.order[kept[scores.order]],
        pinned=np.array(pins, dtype=np.intp),
        without={name: int(gone.sum()) for name, gone in out.items()},
        min_coverage=view.min_coverage,
        listed=(view.snapshot, view.search, view.task, view.license, view.publisher, view.min_coverage),
    )
