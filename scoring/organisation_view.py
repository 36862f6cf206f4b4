"""A view of the organisations: how to look at a month of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from scoring.ground import Count
from scoring.methods import DEFAULT_METHOD, EVERY_METHOD, METHODS
from scoring.scorecards import ORGANISATION, influence, organisation_card
from scoring.scores import Scores
from scoring.settings import View, setting
from scoring.types import Measured, Scorecard, Yardstick


class Rollup(Protocol):
    """What a view needs of a month of organisations: its facts, under the reading of the view's method."""

    @property
    def month(self) -> Any:
        """The month, whose date is `taken`."""

    @property
    def facts(self) -> Any:
        """A row an organisation, a column a fact."""

    @property
    def measured(self) -> Measured:
        """What the indicators measure of these facts."""


@dataclass(frozen=True, kw_only=True)
class OrganisationView(View):
    """How to look at the organisations; an empty month is the newest, `only` empty is everybody."""

    of = "the organisation pages"
    parts = "dimension, group or indicator"
    part = "indicator"
    result = "score"
    start = "method"
    prefix = "influence_"  # the pages of models use some of the same words

    month: str = setting("date", "Month", "head", option="Month to rank (default: the newest).")
    method: str = setting(
        "choice",
        "Method",
        "weights",
        default=DEFAULT_METHOD,
        words={m.id: m.label for m in EVERY_METHOD.values() if m.normalise != "z_score"},
        hint="How indicators become one score. The line above the bars says how much the order depends on it.",
        option=f"One of {', '.join(METHODS)}, or another, for example percentile_rank_mean.",
    )
    count: Count = setting(
        "choice",
        "What counts",
        "weights",
        default="common",
        words={"common": "What is known for half", "all": "All that is known"},
        hint="Of some organisations more was read than of others. Under the documented methods an indicator counts by "
        "default if it is known for at least half of them; others are shown. “As published” has its own indicators.",
        option="common (indicators known for half of the organisations) or all; not under published.",
    )
    only: tuple[str, ...] = setting(
        "names",
        "Organisations",
        "filters",
        default=(),
        placeholder="all of them",
        hint="Ranks still count all organisations.",
        option="Only these; may be repeated.",
        flag="organisation",
        keeps=lambda facts, only: [i in only for i in facts["id"].to_pylist()],
        noun="organisation",
    )

    @property
    def usual(self) -> dict[str, float]:
        """Every weight of the method: dimensions, indicators, and groups (1 each)."""
        return dict(_standard(self.method))

    @property
    def card(self) -> Scorecard:
        """The organisation scorecard under this view's weights."""
        return organisation_card(EVERY_METHOD[self.method], self.weights)

    def score(self, rollup: Rollup, yardstick: Yardstick | None = None, without: Collection[str] = ()) -> Scores:
        """Score the organisations of a month, on its own scale or on another yardstick. ValueError as for models.

        `without` are ids of indicators that do not count, whatever is known of them.
        """
        return influence(
            rollup.facts,
            self.method,
            measured=rollup.measured,
            as_of=rollup.month.taken,
            weights=self.weights,
            yardstick=yardstick,
            count=self.count,
            without=without,
        )


@cache
def _standard(method: str) -> Mapping[str, float]:
    return organisation_card(EVERY_METHOD[method], {}).weights() | dict.fromkeys(ORGANISATION.groups, 1.0)
