"""The settings of a view: each has its key in a link, its control in a panel and its option on the command line."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cache
from keyword import iskeyword
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray

from scoring.types import Scorecard

LONGEST_TEXT = 200
MOST_WEIGHT = 100.0
MANY = 12  # words; of more only the nearest to a mistake are named
NOTHING_WEIGHS = "All weights are zero, so nothing can be ranked"
_SWITCH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}

Kind = Literal["choice", "offered", "date", "names", "text", "share", "switch"]
Section = Literal["purpose", "head", "weights", "filters", "counting", "table", "chart", "axes"]


@dataclass(frozen=True, kw_only=True)
class Searched(Collection[str]):
    """Values that are too many to list: `listed` are some, and the others are found by their names.

    `resolve` returns the one that is meant as it is written, whatever its case (empty: there is none). Where none is
    listed, `search` returns at most so many that contain every word of a text, and `nearest` some that look like one.
    """

    resolve: Callable[[str], str]
    listed: Sequence[str] = ()
    search: Callable[[str, int], list[str]] | None = None
    nearest: Callable[[str], list[str]] | None = None

    def __iter__(self) -> Iterator[str]:
        """Go through those that are listed."""
        return iter(self.listed)

    def __len__(self) -> int:
        """Return how many are listed."""
        return len(self.listed)

    def __contains__(self, value: object) -> bool:
        """Whether one is listed."""
        return value in self.listed


Offered = Mapping[str, Collection[str]]


@dataclass(frozen=True, kw_only=True)
class Key:
    """One setting of a view: its default, how it is read and written, its control in the panel and its option.

    `kind`: one of its `words`; a value that the snapshot has (`offered`, `date`, several `names`); a free text; a share
    of 0 to 1; a switch. `names` with `words` are several of these, each found by its `synonyms` too, and with `others`
    values of the column as well. `column` holds what is offered.
    `keeps` says which rows of facts (of scores, where it is `scored`) a filter keeps for a value, and for that of the
    key `beside` it. A model of which its `fact` is unknown never passes.
    `option` describes it on the command line (empty: it has none), under `flag` if not under its own name.
    `buttons`: its few words are drawn as buttons, so that one click chooses.
    """

    kind: Kind
    label: str
    section: Section
    default: Any = ""
    words: Mapping[str, str] = field(default_factory=dict)
    synonyms: Mapping[str, Iterable[str]] = field(default_factory=dict)
    shown: Callable[[str], str] = str
    placeholder: str | None = None
    hint: str | None = None
    option: str = ""
    flag: str = ""
    column: str = ""
    others: bool = False
    keeps: Callable[..., Any] | None = None
    beside: str = ""
    scored: bool = False
    fact: str = ""
    buttons: bool = False
    noun: str = ""
    most: int = 0

    @property
    def closed(self) -> bool:
        """Whether there is nothing to choose from but its words."""
        return bool(self.words) and not self.others

    @property
    def newest(self) -> bool:
        """Whether an empty value is the newest date, and the newest date an empty value."""
        return self.kind == "date" and self.placeholder is None

    def parameter(self, name: str) -> str:
        """Return the parameter of the option of a setting: that of a switch that is on by default turns it off.

        A word of Python's own gets an underscore.
        """
        parameter = f"no_{name}" if self.kind == "switch" and self.default else self.flag or name
        return f"{parameter}_" if iskeyword(parameter) else parameter

    def flag_of(self, name: str) -> str:
        """Return the option of a setting on the command line."""
        return "--" + self.parameter(name).rstrip("_").replace("_", "-")

    def read(self, name: str, values: list[str], offered: Collection[str] | None) -> tuple[Any, list[str]]:
        """Read the values of a link, with a sentence about each that is ignored; ValueError when all of it is."""
        value = values[-1] if values else ""
        match self.kind:
            case "choice":
                return self._chosen(name, value, offered)
            case "switch":
                if value.lower() not in _SWITCH:
                    raise ValueError(f"{name}={short(value)} is neither true nor false.")
                return _SWITCH[value.lower()], []
            case "share":
                return finite(name, values, 1.0), []
            case "text":
                return value[:LONGEST_TEXT], []
            case "offered" | "date":
                found, notes = self._found([value] if value else [], offered)
                newest = self.newest and offered and found == [max(offered)]
                return "" if newest else "".join(found), notes
            case "names":
                return self._several(values, offered)

    def _chosen(self, name: str, value: str, offered: Collection[str] | None) -> tuple[str, list[str]]:
        if value not in self.words and value != self.default:
            few = f" is not one of {', '.join(self.words)}."
            many = f" is not known{nearest(value, self.words)}"
            raise ValueError(f"{name}={short(value)}{few if len(self.words) <= MANY else many}")
        found, notes = self._found([value], offered)
        return "".join(found) or self.default, notes

    def _several(self, values: list[str], offered: Collection[str] | None) -> tuple[tuple[str, ...], list[str]]:
        known = self.words if self.closed and offered is None else offered
        found, notes = self._found(map(self._meant, values), known)
        if self.most and len(found) > self.most:
            notes.append(f"Only the first {self.most} {self.label.lower()} are kept.")
        nothing_is_known = not found and any(values)
        return self.default if nothing_is_known else tuple(found[: self.most or None]), notes

    def _found(self, values: Iterable[str], offered: Collection[str] | None) -> tuple[list[str], list[str]]:
        """The values in the spelling of what is offered, whatever their case, and a sentence about each other one."""
        wanted = dict.fromkeys(v[:LONGEST_TEXT] for v in values if v)
        if offered is None:
            return list(wanted), []
        own = {o.lower(): o for o in offered}
        resolve = offered.resolve if isinstance(offered, Searched) else lambda value: own.get(value.lower(), "")
        parts = {v: v.split(", ") for v in wanted}  # several values in one, as a column has them
        each = {p for v in wanted for p in (v, *parts[v])}
        spelt = {p: resolve(p) for p in each}
        wanted = dict.fromkeys(p for v in wanted for p in (parts[v] if all(spelt[p] for p in parts[v]) else [v]))
        known = dict.fromkeys(spelt[v] for v in wanted if spelt[v])
        return list(known), [self._lacks(v, offered) for v in wanted if not spelt[v]]

    def _lacks(self, value: str, offered: Collection[str]) -> str:
        """Say that a value is not offered, and what is: a few words, else the nearest ones, else the newest date."""
        if isinstance(offered, Searched) and offered.nearest:
            offered = offered.nearest(value)
        end = nearest(value, offered)
        if self.closed and len(offered) <= MANY:
            end = f"; there are {', '.join(offered)}."
        elif end == "." and self.kind == "date" and offered:
            end = f"; the newest is {max(offered)}."
        return f"There is no {self.noun or self.label.lower()} {short(value)}{end}"

    def _meant(self, value: str) -> str:
        """The word that a synonym stands for, or the only one that begins so (three letters); else the value itself."""
        if not self.closed:
            return value
        typed = _plain(value)
        known = {_plain(name): word for word in self.words for name in (word, *self.synonyms.get(word, ()))}
        begun = {word for name, word in known.items() if len(typed) > 2 and name.startswith(typed)}
        return known.get(typed) or (begun.pop() if len(begun) == 1 else value)

    def write(self, value: Any) -> str | list[str]:
        """Write a value as a link has it."""
        match self.kind:
            case "names":
                return list(value[: self.most or None]) or [""]
            case "switch":
                return "true" if value else "false"
            case "share":
                return number(value)
            case _:
                return str(value)


def setting(kind: Kind, label: str, section: Section, **more: Any) -> Any:
    """Declare a field of a view by its Key."""
    key = Key(kind=kind, label=label, section=section, **more)
    return field(default=key.default, metadata={"key": key})


@dataclass(frozen=True, kw_only=True)
class View:
    """How to look at the subjects of a scorecard; `weights` holds only what differs from the usual ones, by id."""

    of: ClassVar[str]  # the pages whose settings these are
    parts: ClassVar[str]  # what a weight may be of
    part: ClassVar[str]  # one of the many
    result: ClassVar[str]  # what they add up to
    start: ClassVar[str]  # the field whose value sets all weights
    prefix: ClassVar[str] = ""  # of its keys in the session

    weights: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    @cache
    def keys(cls) -> Mapping[str, Key]:
        """Return the key of every field but the weights."""
        return {f.name: f.metadata["key"] for f in fields(cls) if "key" in f.metadata}

    @property
    def usual(self) -> dict[str, float]:
        """Every weight before anybody moves one."""
        raise NotImplementedError

    @property
    def card(self) -> Scorecard:
        """The scorecard under this view's weights."""
        raise NotImplementedError

    @property
    def weighs(self) -> bool:
        """Whether any weight is left: with none nothing can be ranked."""
        try:
            self.card.shares()
        except ValueError:
            return False
        return True

    def query(self) -> dict[str, str | list[str]]:
        """Return the query string's keys and values; defaults are left out."""
        keys, usual = self.keys(), self.usual
        moved = {n: k.write(getattr(self, n)) for n, k in keys.items() if getattr(self, n) != k.default}
        names = {n: moved.pop(n) for n in list(moved) if keys[n].kind == "names"}
        return moved | {i: number(w) for i, w in self.weights.items() if w != usual[i]} | names

    @classmethod
    def parse(cls, params: Mapping[str, Iterable[str]], offered: Offered | None = None) -> tuple[Self, list[str]]:
        """Read a view from a query string's keys and values, with a sentence about everything that was ignored.

        `offered` holds by key the values that there are; what is not in it is not checked.
        """
        given: dict[str, Any] = {}
        weights: dict[str, float] = {}
        notes: list[str] = []
        for name, raw in params.items():
            values = [str(v) for v in raw]
            try:
                if key := cls.keys().get(name):
                    given[name], ignored = key.read(name, values, (offered or {}).get(name))
                    notes += ignored
                elif name in cls().usual:
                    weights[name] = finite(name, values, MOST_WEIGHT)
                else:
                    raise ValueError(f"{short(name)} is not a setting of {cls.of}.")
            except ValueError as wrong:
                notes.append(str(wrong))
        view = cls(**given)
        usual = view.usual
        view = replace(view, weights={i: w for i, w in weights.items() if w != usual[i]})
        if not view.weighs:
            notes.append(f"{NOTHING_WEIGHS}; the {cls.start}'s weights are used instead.")
            view = replace(view, weights={})
        return view, notes

    def left_out(self, facts: Any, scores: Any = None) -> dict[str, NDArray[np.bool_]]:
        """Return, per filter that is set, which subjects (n) it leaves out; some filters go by their scores."""
        out: dict[str, NDArray[np.bool_]] = {}
        for name, key in self.keys().items():
            value = getattr(self, name)
            if key.keeps and (value.strip() if isinstance(value, str) else value):
                values = [value, getattr(self, key.beside)] if key.beside else [value]
                out[name] = ~np.asarray(key.keeps(scores if key.scored else facts, *values), dtype=bool)
        return out


def _plain(name: str) -> str:
    return name.lower().replace("-", " ").replace("_", " ").strip()


def nearest(word: str, known: Iterable[str], otherwise: Iterable[str] = ()) -> str:
    """Return the end of a sentence that names the known words nearest to one: of dates the nearest days.

    Where none is near it names the words that are to be named `otherwise`.
    """
    from rapidfuzz import fuzz, process  # here, because most links and commands have no mistake

    words = list(known)
    try:
        day = date.fromisoformat(word)
        close = sorted(words, key=lambda w: abs((date.fromisoformat(w) - day).days))[:3]
    except ValueError:
        found = process.extract(
            word[:LONGEST_TEXT], words, scorer=fuzz.ratio, processor=str.lower, limit=3, score_cutoff=40
        )
        close = [w for w, _, _ in found]
    verb = "is" if len(close) == 1 else "are"
    if close:
        return f"; the nearest {verb} {', '.join(close)}."
    return f"; there are {', '.join(otherwise)}." if otherwise else "."


def finite(key: str, values: list[str], most: float) -> float:
    """Read the last value of a key as a number from 0 to `most`; ValueError says what is wrong with it."""
    text = values[-1] if values else ""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and 0 <= value <= most):
        raise ValueError(f"{key}={short(text)} is not a number from 0 to {most:g}.")
    return value


def number(value: float) -> str:
    """Write a number as briefly as it can be read back."""
    return f"{value:g}" if float(f"{value:g}") == value else repr(value)


def short(text: str) -> str:
    """Quote a text from outside, cut after 40 characters."""
    shown = "".join(c for c in text[:40] if c.isprintable())
    return f"“{shown}{'…' if len(text) > 40 else ''}”"
