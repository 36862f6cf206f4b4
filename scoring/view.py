"""A view: everything that a link, a panel and a command line can say about how to look at a snapshot.

A field of a view carries its Key, which is all that there is to declare: links read and write it, panels draw its
control and the command line makes its option. Weights have a key each, the id of what they weigh. A value equal to its
default is left out of a link; what cannot be understood is ignored, with a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from scoring import byrow, engine, filters
from scoring.axes import AXES, COLOURS
from scoring.byrow import ScaledByRow
from scoring.columns import CHOICES, COLUMNS, EVERY, USUAL, arranged
from scoring.factors.operational import LICENSE_LEVELS
from scoring.filters import BITS, CONTEXTS, EVIDENCE_LEVELS, MEMORIES, OPENNESS, OVERHEAD, PERIODS, SIZES
from scoring.ground import Count, counted
from scoring.methods import MINIMUM_COVERAGE
from scoring.organisation_view import OrganisationView as OrganisationView
from scoring.scorecards import DEFAULT_PRESET, MODEL, PRESET_LABELS, PRESETS
from scoring.scores import Scores
from scoring.settings import View, setting
from scoring.tasks import LABELS, SYNONYMS
from scoring.types import Blend, Bools, Floats, Scaled, Scorecard, UnknownPolicy, Yardstick, YardstickKind

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


def several(label: str, column: str, **more: Any) -> Any:
    """Declare a filter that keeps some of the values of a column."""
    keeps = filters.among(column)
    return setting("names", label, "filters", default=(), column=column, fact=column, keeps=keeps, **more)


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
        keeps=filters.among("task_group"),
        fact="task_group",
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
        keeps=filters.with_words,
    )
    license: tuple[str, ...] = several(
        "Licence",
        "license_class",
        words={level: level.replace("_", " ") for level in LICENSE_LEVELS},
        option="Only this licence class, for example permissive; may be repeated.",
        buttons=True,
    )
    memory: str = setting(
        "choice",
        "Fits in memory of",
        "filters",
        words={gigabytes: f"{gigabytes} GB" for gigabytes in MEMORIES},
        placeholder="any size",
        hint="Parameters × bits of a weight / 8, and a fifth more to run them. What a long context takes comes on top.",
        option=f"Only models that fit so many GB ({', '.join(MEMORIES)}): parameters x --bits / 8 x {OVERHEAD}.",
        noun="memory limit",
        keeps=filters.fits,
        beside="bits",
        fact="params",
        buttons=True,
    )
    bits: str = setting(
        "choice",
        "With weights of",
        "filters",
        default="16",
        words={bits: f"{bits} bit" for bits in BITS},
        hint="As published a weight mostly has 16 bits; quantised, 8 or 4.",
        option=f"Bits of a weight, for --memory: {', '.join(BITS)} (default: 16).",
        buttons=True,
    )
    task: tuple[str, ...] = several(
        "Task",
        "task",
        shown=lambda task: task.replace("-", " "),
        placeholder="any task",
        option="Only this task, for example text-generation; may be repeated.",
    )
    publisher: tuple[str, ...] = setting(
        "names",
        "Publisher",
        "filters",
        default=(),
        words={
            "official": "Official organisations",
            "established": "Established owners",
            "neither": "Neither official nor established",
        },
        others=True,
        placeholder="anyone",
        option="Only official, established, neither, or one owner's models; may be repeated.",
        column="owner",
        keeps=filters.of_publishers,
        fact="provider",
    )
    params: str = setting(
        "choice",
        "Parameters",
        "filters",
        words={size: f"At most {number} billion" for size, number in SIZES.items()},
        placeholder="any number",
        option=f"Only models of at most so many parameters: {', '.join(SIZES)}.",
        noun="number of parameters",
        keeps=filters.at_most,
        fact="params",
    )
    context: str = setting(
        "choice",
        "Context length",
        "filters",
        words={tokens: f"At least {number:,} tokens" for tokens, number in CONTEXTS.items()},
        placeholder="any length",
        option=f"Only models that read so many tokens at least: {', '.join(CONTEXTS)}.",
        keeps=filters.reads,
        fact="context",
    )
    library: tuple[str, ...] = several(
        "Library",
        "library",
        placeholder="any library",
        option="Only models of this library, for example transformers; may be repeated.",
    )
    evidence: tuple[str, ...] = setting(
        "names",
        "Evidence",
        "filters",
        default=(),
        words={level: words.capitalize() for level, words in EVIDENCE_LEVELS.items()},
        placeholder="any",
        hint="How much of the full scorecard is known of a model: the whole dossier from 80 % on, card and files "
        "from 50 % on, else what a listing says.",
        option=f"Only models of which so much is known: {', '.join(EVIDENCE_LEVELS)}; may be repeated.",
        keeps=filters.with_evidence,
        scored=True,
    )
    changed: str = setting(
        "choice",
        "Last changed",
        "filters",
        words={"3m": "In the last 3 months", "1y": "In the last year", "2y": "In the last 2 years"},
        placeholder="at any time",
        hint="Counted back from the day of the snapshot.",
        option=f"Only models that changed so short a time before the snapshot: {', '.join(PERIODS)}.",
        noun="last change",
        keeps=filters.changed_within,
        fact="days_since_update",
    )
    openness: tuple[str, ...] = several(
        "Open, as reviewed",
        "openness",
        words=OPENNESS,
        placeholder="anything, or not reviewed",
        noun="openness",
        hint="The furthest that reviewers found open. Few models were reviewed; the others are left out.",
        option=f"Only models that reviewers found open so far: {', '.join(OPENNESS)}; may be repeated.",
    )
    results_by: tuple[str, ...] = several(
        "Evaluation results by",
        "results_by",
        placeholder="anyone, or none",
        noun="reporter",
        option="Only models whose metadata give evaluation results of this reporter; may be repeated.",
    )
    hide_flagged: bool = setting(
        "switch",
        "Hide flagged models",
        "filters",
        default=False,
        hint="Leaves out those with a file that the Hub’s scanners call unsafe, and those whose name looks like "
        "another’s. One that nobody scanned stays: no finding is known.",
        option="Leave out models with a file that scanners call unsafe, or with a name that looks like another's.",
        noun="flag filter",
        keeps=filters.without_danger,
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
    columns: tuple[str, ...] = setting(
        "names",
        "Columns",
        "table",
        default=USUAL,
        words=CHOICES,
        placeholder="rank, model and total alone",
        noun="column",
    )
    sort: str = setting(
        "choice",
        "Sort by",
        "table",
        default="total",
        words={column.id: column.label for column in COLUMNS.values()},
        hint="Over all models that are shown; what is unknown comes last.",
        option="Sort by a column, for example downloads, params or security (default: total).",
    )
    reverse: bool = setting(
        "switch",
        "The other way round",
        "table",
        default=False,
        hint="Numbers and days start with the highest, words with A.",
        option="Sort the other way round.",
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

    chart: str = setting(
        "choice",
        "Chart",
        "chart",
        default="top",
        words={"top": "Top ten", "scatter": "Scatter"},
        buttons=True,
    )
    x: str = setting("choice", "To the right", "axes", default="params", words={a.id: a.label for a in AXES.values()})
    y: str = setting("choice", "Upwards", "axes", default="total", words={a.id: a.label for a in AXES.values()})
    colour: str = setting("choice", "Colour", "axes", default="licence", words=COLOURS)

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

    def arranged(self, scores: Scores, facts: Any, mask: Bools, places: slice = EVERY) -> NDArray[np.intp]:
        """Return these places (default: all) of the models in `mask`, in the order of the view."""
        if self.sort == "total" and not self.reverse:
            start, stop, _ = places.indices(int(mask.sum()))
            return scores.top(stop - start, mask, start)
        return arranged(COLUMNS[self.sort], scores, facts, np.flatnonzero(mask), self.reverse, places)

    def score(self, snapshot: Snapshot) -> Scores:
        """Score the models of a snapshot, each stage again only with need; ValueError when all weights are zero."""
        scaled = snapshot.scaled(MODEL, self.yardstick)
        by_row, whole = (byrow.blend, byrow.coverage, byrow.weigh), (_blend, _coverage, engine.weigh)
        return self._weighed(scaled, snapshot, *(by_row if isinstance(scaled, ScaledByRow) else whole))

    def place(self, snapshot: Snapshot, facts: Any) -> Scores:
        """Score a table of facts alone, on the yardstick of a snapshot. ValueError when all weights are zero."""
        return self.weigh(self._placed(snapshot, facts), snapshot)

    def weigh(self, scaled: Scaled, snapshot: Snapshot) -> Scores:
        """Score measures that are on 0..1, by what counts in a snapshot. ValueError when nothing of it weighs."""
        return self._weighed(scaled, snapshot, _blend.__wrapped__, _coverage.__wrapped__, engine.weigh)

    def _weighed(self, scaled: Scaled, snapshot: Snapshot, blend: Any, coverage: Any, weigh: Any) -> Scores:
        """Who is ranked is decided with the Balanced weights of what counts, so that no slider changes it."""
        card, everything = self.counted(snapshot), tuple(f.id for f in MODEL.factors)
        blended = blend(scaled, tuple((f.id, f.weight) for f in card.factors), self.unknown)
        known = coverage(scaled, everything if self.count == "all" else snapshot.common_ground)
        scores: Scores = weigh(card, scaled, blended, self.unknown, self.cap, known >= self.min_coverage)
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
