"""A view: everything that a link, a panel and a command line can say about how to look at a snapshot.

A field of a view carries its Key, which is all that there is to declare: links read and write it, panels draw its
control and the command line makes its option. Weights have a key each, the id of what they weigh. A value equal to its
default is left out of a link; what cannot be understood is ignored, with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, Protocol

from scoring import engine
from scoring.factors.operational import LICENSE_LEVELS
from scoring.filters import CONTEXTS, OPENNESS, SIZES, equal, fits, of_publisher, reads, with_words
from scoring.ground import Count, counted
from scoring.methods import DEFAULT_METHOD, METHODS, MINIMUM_COVERAGE
from scoring.scorecards import DEFAULT_PRESET, MODEL, ORGANISATION, PRESET_LABELS, PRESETS, influence, organisation_card
from scoring.scores import Scores
from scoring.settings import View, setting
from scoring.tasks import LABELS, SYNONYMS
from scoring.types import Blend, Floats, Scaled, Scorecard, UnknownPolicy, Yardstick, YardstickKind

MOST_PINS = 10


class Snapshot(Protocol):
    """What a view needs of a snapshot of models."""

    @property
    def common_ground(self) -> tuple[str, ...]:
        """Ids of the factors that are known for nearly all models."""

    def scaled(self, card: Scorecard, kind: YardstickKind) -> Scaled:
        """Return the facts on 0..1."""

    def yardstick(self, card: Scorecard, kind: YardstickKind) -> Yardstick:
        """Return what they were scaled with."""


@dataclass(frozen=True, kw_only=True)
class ModelView(View):
    """How to look at the models of a snapshot; an empty snapshot is the newest."""

    of = "this app"
    parts = "category or factor"
    part = "factor"
    result = "total"
    start = "preset"

    task_group: tuple[str, ...] = setting(
        "names",
        "What for",
        "purpose",
        default=(),
        words=LABELS,
        synonyms=SYNONYMS,
        placeholder="anything: choose or type, for example chat, embed, OCR, ASR",
        option=f"Only models for this: {', '.join(LABELS)}, or a word such as chat, embed, ocr, asr; may be repeated.",
        flag="for",
        noun="task group",
        keeps=lambda facts, groups: facts["task_group"].isin(groups),
    )
    preset: str = setting(
        "choice",
        "Weights",
        "weights",
        default=DEFAULT_PRESET,
        words=PRESET_LABELS,
        option=f"Weights to start from: {', '.join(PRESETS)}.",
    )
    search: str = setting(
        "text",
        "Search",
        "filters",
        placeholder="name or owner",
        option="Only ids that contain these words.",
        keeps=with_words,
    )
    task: str = setting(
        "offered",
        "Task",
        "filters",
        shown=lambda task: task.replace("-", " "),
        placeholder="any task",
        option="Only this task, for example text-generation.",
        column="task",
        keeps=equal("task"),
    )
    license: str = setting(
        "choice",
        "Licence",
        "filters",
        words={level: level.replace("_", " ") for level in LICENSE_LEVELS},
        placeholder="any licence",
        option="Only this licence class, for example permissive.",
        column="license_class",
        keeps=equal("license_class"),
    )
    publisher: str = setting(
        "offered",
        "Publisher",
        "filters",
        words={
            "official": "Official organisations",
            "established": "Established owners",
            "neither": "Neither official nor established",
        },
        placeholder="anyone",
        option="Only official, established, neither, or one owner's models.",
        column="owner",
        keeps=of_publisher,
    )
    params: str = setting(
        "choice",
        "Parameters",
        "filters",
        words={size: f"At most {number} billion" for size, number in SIZES.items()},
        placeholder="any number",
        option=f"Only models of at most so many parameters: {', '.join(SIZES)}.",
        keeps=fits,
    )
    context: str = setting(
        "choice",
        "Context length",
        "filters",
        words={tokens: f"At least {number:,} tokens" for tokens, number in CONTEXTS.items()},
        placeholder="any length",
        option=f"Only models that read so many tokens at least: {', '.join(CONTEXTS)}.",
        keeps=reads,
    )
    openness: str = setting(
        "choice",
        "Open, as reviewed",
        "filters",
        words=OPENNESS,
        placeholder="anything, or not reviewed",
        hint="The furthest that reviewers found open. Few models were reviewed; the others are left out.",
        option=f"Only models that reviewers found open so far: {', '.join(OPENNESS)}.",
        column="openness",
        keeps=equal("openness"),
    )
    results_by: str = setting(
        "offered",
        "Evaluation results by",
        "filters",
        placeholder="anyone, or none",
        option="Only models whose metadata give evaluation results of this reporter.",
        column="results_by",
        keeps=equal("results_by"),
    )
    min_coverage: float = setting(
        "share",
        "Minimum coverage",
        "filters",
        default=MINIMUM_COVERAGE,
        hint="How much of what counts must be known of a model for it to get a rank. It is measured with the "
        "Balanced weights, so that no slider changes who is ranked.",
        option="Known share, 0 to 1, below which none is ranked.",
    )
    pin: tuple[str, ...] = setting(
        "names",
        "Pinned models",
        "filters",
        default=(),
        placeholder="shown wherever they rank",
        column="id",
        noun="model",
        most=MOST_PINS,
    )
    count: Count = setting(
        "choice",
        "What counts",
        "counting",
        default="common",
        words={"common": "Only what is known of nearly all", "all": "Everything that is known"},
        hint="Of some models more was read than of others. Only what is known for at least 80 % of the snapshot’s "
        "models counts by default, so that reading more decides no order.",
        option="common (factors known for 80 % of the models) or all.",
    )
    unknown: UnknownPolicy = setting(
        "choice",
        "What is unknown",
        "counting",
        default="neutral",
        words={"neutral": "Counts as the middle", "zero": "Counts as nothing", "skip": "Is left out"},
        option="How unknown facts count: neutral (0.5), zero or skip.",
    )
    yardstick: YardstickKind = setting(
        "choice",
        "Scale between",
        "counting",
        default="goalposts",
        words={"goalposts": "Fixed goalposts", "population": "Least and most in this snapshot"},
        option="Scale: goalposts (fixed) or population (least and most).",
    )
    cap: bool = setting(
        "switch",
        "Hold findings at 30",
        "counting",
        default=True,
        hint="A file that the Hub’s scanners call unsafe, or an owner’s name that looks like a well-known one, holds a "
        "total at 30 whatever the weights: popularity cannot buy security.",
        option="Let no finding hold a total at 30.",
    )
    snapshot: str = setting(
        "date", "Snapshot", "counting", placeholder="the newest", option="Snapshot to use (default: the newest)."
    )

    @property
    def usual(self) -> dict[str, float]:
        """Every weight of the preset."""
        return dict(_preset(self.preset))

    @property
    def card(self) -> Scorecard:
        """The model scorecard under this view's weights."""
        return MODEL.with_weights(dict(PRESETS[self.preset]) | dict(self.weights))

    def counted(self, snapshot: Snapshot) -> Scorecard:
        """Return the card of what counts beside the models of a snapshot; ValueError when nothing of it weighs."""
        return self.card if self.count == "all" else counted(self.card, snapshot.common_ground)

    def score(self, snapshot: Snapshot, further: Any = None) -> Scores:
        """Score the models of a snapshot, and after them those of a `further` table of facts, of which only they move.

        One that is in both is counted as one, with the further facts. ValueError when all weights are zero.
        What a moved slider leaves as it was is not computed again: scaling depends on snapshot and yardstick, blending
        on the weights of factors.
        """
        scaled = snapshot.scaled(MODEL, self.yardstick)
        if further is not None:
            return self.weigh(scaled.beside(self._placed(snapshot, further)), snapshot)
        return self._weighed(scaled, snapshot, _blend, _coverage)

    def place(self, snapshot: Snapshot, facts: Any) -> Scores:
        """Score a table of facts alone, on the yardstick of a snapshot. ValueError when all weights are zero."""
        return self.weigh(self._placed(snapshot, facts), snapshot)

    def weigh(self, scaled: Scaled, snapshot: Snapshot) -> Scores:
        """Score measures that are on 0..1, by what counts in a snapshot. ValueError when nothing of it weighs."""
        return self._weighed(scaled, snapshot, _blend.__wrapped__, _coverage.__wrapped__)

    def _weighed(
        self, scaled: Scaled, snapshot: Snapshot, blend: Callable[..., Blend], coverage: Callable[..., Floats]
    ) -> Scores:
        """Who is ranked is decided with the Balanced weights of what counts, so that no slider changes it."""
        card, everything = self.counted(snapshot), tuple(f.id for f in MODEL.factors)
        blended = blend(scaled, tuple((f.id, f.weight) for f in card.factors), self.unknown)
        known = coverage(scaled, everything if self.count == "all" else snapshot.common_ground)
        scores = engine.weigh(card, scaled, blended, self.unknown, self.cap, known >= self.min_coverage)
        return replace(scores, whole=self.card, evidence=coverage(scaled, everything))

    def _placed(self, snapshot: Snapshot, facts: Any) -> Scaled:
        return engine.scale(MODEL, engine.measure(MODEL, facts), snapshot.yardstick(MODEL, self.yardstick))


@lru_cache(maxsize=32)
def _blend(scaled: Scaled, factors: tuple[tuple[str, float], ...], unknown: UnknownPolicy) -> Blend:
    return engine.blend(MODEL.with_weights(dict(factors)), scaled, unknown)


@lru_cache(maxsize=8)
def _coverage(scaled: Scaled, ground: tuple[str, ...]) -> Floats:
    return engine.coverage(counted(MODEL, ground), scaled)


@cache
def _preset(preset: str) -> Mapping[str, float]:
    return MODEL.with_weights(PRESETS[preset]).weights()


class Rollup(Protocol):
    """What a view needs of a month of organisations: its facts, under the reading of the view's method."""

    @property
    def month(self) -> Any:
        """The month, whose date is `taken`."""

    @property
    def facts(self) -> Any:
        """A row an organisation, a column a fact."""


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
        words={method.id: method.label for method in METHODS.values()},
        hint="How indicators become one score. The line above the bars says how much the order depends on it.",
        option=f"One of {', '.join(METHODS)}.",
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
        return organisation_card(METHODS[self.method], self.weights)

    def score(self, rollup: Rollup, yardstick: Yardstick | None = None) -> Scores:
        """Score the organisations of a month, on its own scale or on another yardstick. ValueError as for models."""
        day = rollup.month.taken
        return influence(rollup.facts, self.method, as_of=day, weights=self.weights, yardstick=yardstick)


@cache
def _standard(method: str) -> Mapping[str, float]:
    return organisation_card(METHODS[method], {}).weights() | dict.fromkeys(ORGANISATION.groups, 1.0)
