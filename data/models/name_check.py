"""The name check: does an owner's name look like that of a much better known one, or a model's like an official one?

On the Hub the owner is the signal: the same model name under another owner is mostly an honest copy, so it is a note,
unless the copy is young or brings scripts. Known are the 1,000 owners with most downloads in the long list, pinned and
dated with the tables, never live counts. The check finds slips, look-alikes, swapped words and copies of names; it does
not find every impersonation, and it says "looks like", nothing stronger.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import combinations
from typing import Final, Literal

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from data.curated import tables

SHORTEST: Final = 4  # below this every other name is one letter away
LONG: Final = 12  # from here on two letters may differ
LONGEST: Final = 96  # the Hub takes no longer name, and a cache should not hold one
AFFIXES: Final = "official real hf ai team org inc the verified original hub huggingface".split()
# As words of their own these say nothing of whose an account is; "qwenlabs" may be anybody's name.
WORDS: Final = frozenset(
    "models model labs lab research llm llms group community dev oss opensource hq tech studio cloud chat api global"
    " foundation project".split()
) | frozenset(AFFIXES)
SEPARATORS: Final = "-_."
# Conversions carry the same name everywhere by custom, so their names say nothing.
CONVERTED: Final = frozenset(
    "gguf ggml gptq awq exl2 exl3 mlx bnb onnx openvino ct2 fp8 fp4 nvfp4 mxfp4 nf4 int4 int8 bf16 fp16 4bit"
    " 8bit".split()
)
LONG_CORE: Final = 6  # letters of a known name without its affix that are no chance
YOUNG: Final = 90  # days in which a copy of a name is followed by harm; the known case took three weeks
RACED: Final = 730  # days after which nobody races to the name of an official model

_ALIKE: Final = "the same once look-alike characters are evened out"


@dataclass(frozen=True, slots=True)
class NameRisk:
    """How much an owner's name looks like a known one; `looks_like` is that owner, `reason` one phrase for people."""

    level: Literal["none", "low", "high"]
    looks_like: str | None
    reason: str
    note: str = ""  # a sentence that no level follows from


@dataclass(frozen=True, slots=True)
class _Near:
    """A known owner that a name comes near to; `distance` in edited characters."""

    owner: str
    distance: int
    same: bool  # to the eye, not only by the keyboard

    @property
    def how(self) -> str:
        if self.same or self.distance > 2:
            return _ALIKE
        return "one character apart" if self.distance == 1 else "two characters apart"


@dataclass(frozen=True, slots=True)
class _Roster:
    """The known owners in lower case, indexed for each rule."""

    spelled: Mapping[str, str]  # lower case -> as the owner spells it
    rank: Mapping[str, int]
    long: list[str]
    by_shortened: Mapping[str, list[str]]  # see `_shortened`
    by_shape: Mapping[str, list[str]]
    by_capital_shape: Mapping[str, list[str]]
    by_loose: Mapping[str, list[str]]
    by_words: Mapping[tuple[str, ...], list[str]]  # of a name of several words, sorted


@dataclass(frozen=True, slots=True)
class _Official:
    """Those of the known owners that are official, as they spell their names."""

    by_run: Mapping[str, str]  # by the words of a name in one
    by_core: Mapping[str, list[str]]  # by a name without its affixes
    by_glued_core: Mapping[str, list[tuple[str, str]]]  # "open" -> ("openai", "ai"), by a name in one word


def check(owner: str, models: Iterable[str] = ()) -> NameRisk:
    """Judge one owner's name; never raises on a string.

    `models` are names of its models, with or without the owner: a near name with a model of the known owner is 'high'.
    Known owners are never suspects, and pairs in sibling_owners.csv are left out. Source of the rules: the design, 4b.
    """
    if len(owner) > LONGEST:
        return NameRisk("none", None, "is longer than any name on the Hub")
    risk, near = _by_name(owner)
    if risk.level != "low" or not near:
        return risk
    named = {model.rpartition("/")[2].lower() for model in models}
    for candidate in near:
        shared = sorted(named.intersection(tables.known_models(candidate.owner)))
        if shared:
            reason = f"looks like {candidate.owner} ({candidate.how}) and has a model of the same name, {shared[0]}"
            return NameRisk("high", candidate.owner, reason)
    return risk


def check_model(owner: str, model: str, created: date | None, age_days: int | None, *, scripts: bool) -> NameRisk:
    """Judge a model by its own name under an owner whom nobody knows; never raises on a string.

    The name of an official model, whatever its capitals and separators, is a note. It is 'high' if the copy is younger
    than 90 days and came after the original, or if it holds `scripts` that models do not need. Source of the rules: the
    design, 4a.7.
    """
    none = NameRisk("none", None, "has no official model's name")
    original = tables.official_model(model)
    if original is None or owner.lower() in _roster().spelled or tables.provider_level(owner):
        return none
    if tables.sibling(owner, original.id.partition("/")[0]) or CONVERTED.intersection(
        re.split(r"[-_.]", model.lower())
    ):
        return none
    note = f"It has the same name as {original.id}."
    first = date.fromisoformat(original.created) if original.created else None
    after = (created - first).days if created and first else None
    young = age_days is not None and age_days < YOUNG and after is not None and 0 <= after <= RACED
    if not (young or scripts):
        return NameRisk("none", None, "has the name of an official model", note)
    why = "is younger than 90 days" if young else "holds scripts"
    return NameRisk("high", original.id, f"has the same name as {original.id} and {why}", note)


def telling(owner: str, model: str) -> bool:
    """Whether `check` can make more of an owner who has a model of this name: the others need not be told to it."""
    if len(owner) > LONGEST:
        return False
    bare = model.rpartition("/")[2].lower()
    return any(bare in tables.known_models(candidate.owner) for candidate in _by_name(owner)[1])


@lru_cache(maxsize=16384)
def _by_name(owner: str) -> tuple[NameRisk, tuple[_Near, ...]]:
    """What the owner's name alone says, and the known owners that it comes near to."""
    if owner.lower() in _roster().spelled:
        return NameRisk("none", None, "is one of the well-known owners itself"), ()
    near = tuple(candidate for candidate in _nearest(owner) if not tables.sibling(owner, candidate.owner))
    for candidate in near:
        if candidate.same:
            return NameRisk("high", candidate.owner, f"looks like {candidate.owner}: {candidate.how}"), near
    if near:
        return NameRisk("low", near[0].owner, f"looks like {near[0].owner}: {near[0].how}"), near
    for known, affix in _without_affix(owner.lower()):
        if not tables.sibling(owner, known):
            return NameRisk("low", known, f"looks like {known} with '{affix}' added"), ()
    for known, how in _by_words(owner):
        if not tables.sibling(owner, known):
            return NameRisk("low", known, f"looks like {known}: {how}"), ()
    return NameRisk("none", None, "looks like no well-known owner"), ()


def _nearest(owner: str) -> list[_Near]:
    """Every known owner near to a name, the nearest first, then the most downloaded."""
    roster, lower = _roster(), owner.lower()
    alike = {known for short in _shortened(lower) for known in roster.by_shortened.get(short, ())}
    distances = {known: distance for known in alike if (distance := OSA.distance(lower, known)) <= 1}
    if len(lower) >= LONG - 2:
        found = extract(lower, roster.long, scorer=OSA.distance, score_cutoff=2, limit=None)
        distances |= {known: int(distance) for known, distance, _ in found}
    for known in roster.by_loose.get(_loose(owner), ()):
        distances.setdefault(known, OSA.distance(lower, known))
    same: set[str] = set()
    if len(owner) >= SHORTEST:
        same.update(roster.by_shape.get(_shape(owner), ()))
        same.update(roster.by_capital_shape.get(_capital_shape(owner), ()))
    nearest = sorted(distances, key=lambda known: (distances[known], roster.rank[known]))
    return [_Near(roster.spelled[known], distances[known], known in same) for known in nearest]


def _by_words(owner: str) -> Iterable[tuple[str, str]]:
    """(known owner, how) for a name that is a known one with its words swapped, added or left out."""
    official, words = _official(), _split(owner)
    yield from (
        (known, "the same words in another order") for known in _roster().by_words.get(tuple(sorted(words)), ())
    )
    for start, end in combinations(range(len(words) + 1), 2):
        others = {*words[:start], *words[end:]}
        known = official.by_run.get("".join(words[start:end]))
        if known and others and others <= WORDS | tables.families().keys():
            yield known, f"its name with {' and '.join(sorted(others))}"
    yield from ((known, "its name without a word") for known in official.by_core.get("".join(words), ()))
    core, generic = [word for word in words if word not in WORDS], [word for word in words if word in WORDS]
    for whole, affix in official.by_glued_core.get("".join(core), ()) if generic else ():
        if affix not in generic:
            yield whole, f"its name with '{generic[0]}' in place of '{affix}'"


def _split(name: str) -> list[str]:
    return [word for word in re.split(r"[-_.]+", name.lower()) if word]


def _without_affix(lower: str) -> Iterable[tuple[str, str]]:
    """(known owner, affix) for every way in which a lower-case name is a known one with a word before or after it."""
    for affix in AFFIXES:
        cores = (
            lower.removeprefix(affix).lstrip(SEPARATORS) if lower.startswith(affix) else "",
            lower.removesuffix(affix).rstrip(SEPARATORS) if lower.endswith(affix) else "",
        )
        for core in cores:
            if len(core) >= SHORTEST and core in _roster().spelled:
                yield _roster().spelled[core], affix


def _shortened(name: str) -> set[str]:
    """A name, and what is left of it without any one character: names that are one edit apart share one of these."""
    return {name, *(name[:n] + name[n + 1 :] for n in range(len(name)))}


# Three ways to blur a name. A capital I passes for an l and must be caught before lowering; a small i does not deceive
# the eye, so it only brings names near.


def _shape(name: str) -> str:
    plain = name.lower().replace("-", "").replace("_", "").replace(".", "")
    return plain.replace("rn", "m").replace("vv", "w").replace("1", "l").replace("0", "o")


def _capital_shape(name: str) -> str:
    return _shape(name.replace("I", "l"))


def _loose(name: str) -> str:
    return _shape(name).replace("i", "l")


@cache
def _roster() -> _Roster:
    spelled = {owner.lower(): owner for owner in tables.known_owners()}
    long_enough = [known for known in spelled if len(known) >= SHORTEST]
    shapes: list[dict[str, list[str]]] = [defaultdict(list), defaultdict(list), defaultdict(list)]
    shortened: dict[str, list[str]] = defaultdict(list)
    for known in long_enough:
        for index, blur in zip(shapes, (_shape, _capital_shape, _loose), strict=True):
            index[blur(spelled[known])].append(known)
        for short in _shortened(known):
            shortened[short].append(known)
    by_words: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for known, owner in spelled.items():
        if len(words := _split(known)) > 1:
            by_words[tuple(sorted(words))].append(owner)
    rank = {known: i for i, known in enumerate(spelled)}
    long = [known for known in long_enough if len(known) >= LONG]
    return _Roster(spelled, rank, long, shortened, shapes[0], shapes[1], shapes[2], by_words)


@cache
def _official() -> _Official:
    by_run: dict[str, str] = {}
    by_core: dict[str, list[str]] = defaultdict(list)
    by_glued_core: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for known, owner in _roster().spelled.items():
        if known not in tables.providers():
            continue
        words = _split(known)
        if len(known) >= SHORTEST:
            by_run.setdefault("".join(words), owner)  # of two spellings the one with more downloads
        core = "".join(word for word in words if word not in WORDS)
        if len(core) >= LONG_CORE and core != "".join(words):
            by_core[core].append(owner)
        for affix in AFFIXES if len(words) == 1 else ():
            if known.endswith(affix) and len(known) - len(affix) >= SHORTEST:
                by_glued_core[known.removesuffix(affix)].append((owner, affix))
    return _Official(by_run, by_core, by_glued_core)
