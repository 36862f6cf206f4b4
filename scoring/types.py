"""The nouns of scoring: what is measured, how it is weighed, and what comes out.

Everything here is frozen; a change is a new object, so sliders, what-if and tests are all
"another scorecard through the same engine".
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from itertools import accumulate
from typing import Literal, TypeVar

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Curve = Literal["linear", "log", "yes_no", "levels"]
Better = Literal["higher", "lower"]
State = Literal["known", "absent", "unknown", "not_applicable"]
UnknownPolicy = Literal["neutral", "zero", "skip"]
YardstickKind = Literal["goalposts", "population"]

UNKNOWN_POLICIES: tuple[UnknownPolicy, ...] = ("neutral", "zero", "skip")
YARDSTICK_KINDS: tuple[YardstickKind, ...] = ("goalposts", "population")


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One question asked of every subject, and how its answer becomes 0..1.

    `measure` is a narwhals expression over the facts named in `reads`; null means unknown.
    The first fact of `reads` is the one shown as the factor's value.
    `low` and `high` are the goalposts in the unit of the measure (yes_no and levels: the ends of the declared scale).
    `applies` (optional) is false where the question makes no sense: not applicable, its share goes to the others.
    `open_end` (optional) is the measure at the far end of a fact that is only a lower bound; null where it is exact.
    `levels` names the words of a closed vocabulary with their scaled values.
    `group` (optional) names the few factors of a category that belong together; a weight may be put on all of them.
    """

    id: str
    label: str
    question: str
    why: str
    reads: tuple[str, ...]
    measure: nw.Expr = field(compare=False)
    curve: Curve = "linear"
    low: float = 0.0
    high: float = 1.0
    better: Better = "higher"
    weight: float = 1.0
    remedy: str = ""
    seed: str = ""
    unit: str = ""
    applies: nw.Expr | None = field(default=None, compare=False)
    open_end: nw.Expr | None = field(default=None, compare=False)
    levels: Mapping[str, float] | None = field(default=None, compare=False)
    group: str = ""

    def __post_init__(self) -> None:
        """Refuse a declaration that could not be scored, naming it."""
        _require_weight(self.id, self.weight)
        if not self.reads:
            raise ValueError(f"Factor {self.id} reads no fact; name at least one in reads=.")
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"Factor {self.id} needs goalposts low < high, not {self.low} and {self.high}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A weighted group of factors; their order is the order on screen."""

    id: str
    label: str
    factors: tuple[Factor, ...]
    weight: float = 1.0
    colour: str = "#888888"

    def __post_init__(self) -> None:
        """Refuse an impossible weight."""
        _require_weight(self.id, self.weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """A finding that no weight can outweigh: totals are held at `limit` (0..100) where `when` is true.

    Its id is that of the factor that asks for the finding.
    """

    id: str
    label: str
    limit: float
    reads: tuple[str, ...]
    when: nw.Expr = field(compare=False)


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    """A published opinion: categories, factors, weights and caps, under a version; `out_of` is the best total."""

    id: str
    title: str
    version: str
    subject: str
    categories: tuple[Category, ...]
    caps: tuple[Cap, ...] = ()
    out_of: float = 100.0

    def __post_init__(self) -> None:
        """Refuse two things under one id: ids are columns, URL keys and anchors."""
        ids = [c.id for c in self.categories] + [f.id for f in self.factors]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(f"Scorecard {self.id} uses an id twice: {', '.join(twice)}.")

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """All factors, in the order of the screen."""
        return tuple(f for c in self.categories for f in c.factors)

    @cached_property
    def slices(self) -> tuple[tuple[Category, slice], ...]:
        """Every category with the columns of its factors in an array of all."""
        stops = list(accumulate(len(c.factors) for c in self.categories))
        return tuple((c, slice(stop - len(c.factors), stop)) for c, stop in zip(self.categories, stops, strict=True))

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """Every fact that a factor or a cap reads, once, in order."""
        wanted: Iterable[Factor | Cap] = (*self.factors, *self.caps)
        return tuple(dict.fromkeys(fact for one in wanted for fact in one.reads))

    def factor(self, factor_id: str) -> Factor:
        """Return the factor with this id; KeyError with the known ids when there is none."""
        for f in self.factors:
            if f.id == factor_id:
                return f
        raise KeyError(f"There is no factor {factor_id}; the factors are {', '.join(f.id for f in self.factors)}.")

    def category_of(self, factor_id: str) -> Category:
        """Return the category that holds a factor."""
        return self._categories[factor_id]

    @cached_property
    def _categories(self) -> Mapping[str, Category]:
        return {f.id: c for c in self.categories for f in c.factors}

    def weights(self) -> dict[str, float]:
        """Return every weight as set: categories first, then factors."""
        return {c.id: c.weight for c in self.categories} | {f.id: f.weight for f in self.factors}

    @cached_property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """The id of every group of factors, `<category>_group_<name>`, with the ids of its factors."""
        found: dict[str, tuple[str, ...]] = {}
        for c in self.categories:
            for f in c.factors:
                if f.group:
                    group = f"{c.id}_group_{re.sub('[^a-z0-9]+', '_', f.group.lower())}"
                    found[group] = (*found.get(group, ()), f.id)
        return found

    def with_weights(self, weights: Mapping[str, float]) -> Scorecard:
        """Return a card with weights of categories, factors and groups changed; a group's multiplies its factors'.

        Raises ValueError naming an id that does not exist.
        """
        known = (*self.weights(), *self.groups)
        foreign = sorted(set(weights) - set(known))
        if foreign:
            raise ValueError(f"There is no weight {', '.join(foreign)}; the weights are {', '.join(known)}.")
        times = {i: weights[group] for group, ids in self.groups.items() if group in weights for i in ids}

        def changed(c: Category) -> Category:
            factors = tuple(_weighing(f, float(weights.get(f.id, f.weight)) * times.get(f.id, 1.0)) for f in c.factors)
            same = all(new is old for new, old in zip(factors, c.factors, strict=True))
            return _weighing(c if same else replace(c, factors=factors), float(weights.get(c.id, c.weight)))

        card = replace(self, categories=tuple(changed(c) for c in self.categories))
        vars(card)["fingerprint"] = self.fingerprint  # which takes long, and no weight changes
        return card

    def without(self, *ids: str) -> Scorecard:
        """Return a card in which these factors or categories weigh nothing."""
        return self.with_weights(dict.fromkeys(ids, 0.0))

    def shares(self) -> dict[str, float]:
        """Return the nominal share of every factor in the total; sums to 1. ValueError when all weights are zero."""
        weights = [c.weight if any(f.weight > 0 for f in c.factors) else 0.0 for c in self.categories]
        if not any(weights):
            raise ValueError("All weights are zero, so nothing can be ranked; raise at least one weight.")
        return {
            f.id: of_total * of_category
            for c, of_total in zip(self.categories, _parts(weights), strict=True)
            for f, of_category in zip(c.factors, _parts([f.weight for f in c.factors]), strict=True)
        }

    @cached_property
    def fingerprint(self) -> str:
        """Return twelve hex digits that change with anything but the weights: the key of scaled columns."""
        declared = [
            [f.id, list(f.reads), f.curve, f.low, f.high, f.better, dict(f.levels or {})]
            + [repr(e) for e in (f.measure, f.applies, f.open_end)]
            for f in self.factors
        ]
        declared.append([[c.id, c.limit, repr(c.when)] for c in self.caps])
        text = json.dumps([self.id, self.version, declared], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


Part = TypeVar("Part", Factor, Category)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where one fact about one subject comes from, and when it was read."""

    subject: str
    fact: str
    value: object
    state: State
    source: str
    url: str
    as_of: str
    at_least: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """The low and high of every factor that the scale is fitted on, with what it was fitted on.

    `low` and `high` map factor ids to values in the unit of the measure; NaN where no subject has a value.
    """

    low: Mapping[str, float]
    high: Mapping[str, float]
    kind: YardstickKind
    subjects: int
    as_of: str

    def merge(self, other: Yardstick) -> Yardstick:
        """Join two shards' yardsticks; a shard that knows nothing of a column does not spoil it.

        `MinMaxScaler.partial_fit` would: one all-missing shard turns its column to NaN for ever.
        """
        ids = tuple(dict.fromkeys((*self.low, *other.low)))
        nan = float("nan")
        return Yardstick(
            low={i: float(np.fmin(self.low.get(i, nan), other.low.get(i, nan))) for i in ids},
            high={i: float(np.fmax(self.high.get(i, nan), other.high.get(i, nan))) for i in ids},
            kind=self.kind if self.kind == other.kind else "population",
            subjects=self.subjects + other.subjects,
            as_of=max(self.as_of, other.as_of),
        )

    @property
    def constant(self) -> tuple[str, ...]:
        """Factors on which all subjects are equal: they scale to a neutral 0.5."""
        return tuple(i for i, low in self.low.items() if self.kind == "population" and low == self.high[i])

    def to_json(self) -> str:
        """Serialise; NaN is written as null."""
        content = asdict(self)
        for end in ("low", "high"):
            content[end] = {i: (v if math.isfinite(v) else None) for i, v in content[end].items()}
        return json.dumps(content, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Yardstick:
        """Read what `to_json` wrote."""
        content = json.loads(text)
        for end in ("low", "high"):
            content[end] = {i: (float("nan") if v is None else float(v)) for i, v in content[end].items()}
        return cls(**content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Raw measures of n subjects on f factors (NaN = not known), in the unit of each factor.

    `open_end` is the far end of a value that is only a lower bound (equal to `raw` where it is exact);
    `applies` is false where a factor does not apply; `caps` says which subject meets which cap (n x caps).
    """

    ids: NDArray[np.object_]
    raw: Floats
    open_end: Floats
    applies: Bools
    caps: Bools

    def rows(self, rows: NDArray[np.intp]) -> Measured:
        """Return some of these subjects."""
        return Measured(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scaled:
    """The measures on 0..1 (n x f, NaN = unknown or not applicable), with the interval each may lie in.

    Only the same object is equal, so that what is computed of it can be remembered by it.
    """

    ids: NDArray[np.object_]
    value: Floats
    low: Floats
    high: Floats
    applies: Bools
    caps: Bools

    def rows(self, rows: NDArray[np.intp]) -> Scaled:
        """Return some of these subjects."""
        return Scaled(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def beside(self, added: Scaled) -> Scaled:
        """Return these subjects and the added ones after them; one that is among both is the added one.

        Both must have been scaled under the same card with the same yardstick, so that only the added ones move.
        """
        stays = ~np.isin(self.ids.astype(str), added.ids.astype(str))
        columns = {f.name: (getattr(self, f.name), getattr(added, f.name)) for f in fields(self)}
        return Scaled(**{name: np.concatenate([ours[stays], theirs]) for name, (ours, theirs) in columns.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """Category scores on 0..1 (n x categories): all that a category slider needs.

    `value` is NaN where a category leaves the total; `applies` is false where none of its factors applies at all.
    """

    value: Floats
    coverage: Floats
    applies: Bools

    @property
    def counts(self) -> Bools:
        """Where a category counts in the total (n x categories)."""
        return ~np.isnan(self.value)

    def rows(self, rows: NDArray[np.intp] | slice) -> Blend:
        """Return some of these subjects."""
        return Blend(**{f.name: getattr(self, f.name)[rows] for f in fields(Blend)})


def _weighing(part: Part, weight: float) -> Part:
    """Return a part with this weight; what weighs so already is shared by every card that it is in."""
    return part if weight == part.weight else replace(part, weight=weight)


def _require_weight(owner: str, weight: float) -> None:
    if not math.isfinite(weight) or weight < 0:
        raise ValueError(f"The weight of {owner} must be a finite number of at least 0, not {weight}.")


def _parts(weights: list[float]) -> list[float]:
    """Return the part of each weight in their sum; by way of the largest, so that no sum of them overflows."""
    most = max(weights, default=0.0) or 1.0
    relative = [w / most for w in weights]
    return [w / (sum(relative) or 1.0) for w in relative]
