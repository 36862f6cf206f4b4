"""The curated tables in data/curated/, read once and asked by name.

Owners, families and licences are compared without case: the Hub does so too, and two handles that differ only in case
cannot both exist. No function here raises on a string, whatever is in it.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple, get_args

LicenceClass = Literal[
    "permissive", "weak_copyleft", "strong_copyleft", "use_restricted", "custom", "non_commercial", "unknown"
]

FileKind = Literal["safe", "unsafe", "code", "conditional", "other"]

# The origin of every fact that comes from these tables; the date is the long list's newest one (a test holds it).
SOURCE: Final = "Weighbridge curated tables"
AS_OF: Final = "2026-10-08"

_FOLDER: Final = Path(__file__).parent
_TOKEN: Final = re.compile(r"[a-z0-9]+")
_LETTERS: Final = re.compile(r"[a-z]*")


@dataclass(frozen=True, slots=True)
class OwnerRecord:
    """What the long list of 40,120 models says of one owner; None = unknown. Source: data/curated/owners.csv.gz.

    `models`, `likes` and `downloads` (of the last 30 days) are sums over its models in the list, `first_created` is the
    oldest creation date known among them, `established` = three models, 1,000 likes and a year old.
    """

    owner: str
    models: int
    likes: int | None
    downloads: int | None
    first_created: date | None
    established: bool | None
    as_of: date


@dataclass(frozen=True, slots=True)
class FileName:
    """A name that tells more than its extension. Source: data/curated/file_names.csv.

    `file` is searched for in a lower-case path. `beside`, where there is one, is a pattern for the name of a file in
    the same folder, that name itself with {stem} for a group of `file`, or `tag:` and a tag of the repository, or
    `owner:` and the repository's owner.
    """

    file: re.Pattern[str]
    beside: str
    kind: FileKind


@cache
def sources() -> Mapping[str, Mapping[str, str]]:
    """Every source of the bundled data by name, with its `licence` (SPDX id, '' = none stated), `url` and `as_of`."""
    return {
        row["name"]: {"licence": row["licence"], "url": row["source"], "as_of": row["as_of"]}
        for row in _rows("sources.csv")
    }


# Owners


@cache
def providers() -> frozenset[str]:
    """The lower-cased handles of official organisations (provider level 2). Source: data/curated/providers.csv."""
    return frozenset(row["handle"].lower() for row in _rows("providers.csv"))


@cache
def organisations() -> Mapping[str, tuple[str, ...]]:
    """The ranked organisations and their Hub handles, as written there. Source: data/curated/organisation_pages.csv."""
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows("organisation_pages.csv"):
        if row["platform"] == "Hugging Face" and row["handle"]:
            found[row["organisation"]] = (*found.get(row["organisation"], ()), row["handle"])
    return found


def organisation_of(handle: str) -> str:
    """The ranked organisation that publishes under a Hub handle; empty when none is known to."""
    return next((org for org, own in organisations().items() if handle.lower() in map(str.lower, own)), "")


def owner_record(owner: str) -> OwnerRecord | None:
    """The long list's facts of an owner, or None when it has no model of this owner."""
    return _owners().get(owner.lower())


def provider_level(owner: str) -> int | None:
    """2 official, 1 established, 0 looked up and neither; None when nobody looked or it cannot be decided."""
    if owner.lower() in providers():
        return 2
    record = owner_record(owner)
    return None if record is None or record.established is None else int(record.established)


@cache
def repackagers() -> frozenset[str]:
    """The lower-cased owners who mainly convert, quantise or copy the models of others."""
    return frozenset(row["owner"].lower() for row in _rows("repackagers.csv"))


@cache
def known_owners() -> tuple[str, ...]:
    """The 1,000 owners with most downloads in the long list, most first, as they spell themselves."""
    return tuple(row["owner"] for row in _rows("known_owners.csv"))


class KnownModel(NamedTuple):
    """A model of a known owner as the long list has it; `created` is an ISO day, '' is unknown.

    `custom_code`: whether its loader runs code of its repository, None where no record tells.
    """

    id: str
    created: str
    license: str
    custom_code: bool | None


def known_models(owner: str) -> Mapping[str, KnownModel]:
    """A known owner's models in the long list by lower-cased name, without owner; empty for anyone else."""
    return _known_models().get(owner.lower(), {})


def known_model(model_id: str) -> KnownModel | None:
    """The model of a known owner with this id, whatever its case; None where the long list has none."""
    owner, _, name = model_id.partition("/")
    return known_models(owner).get(name.lower())


def official_model(name: str) -> KnownModel | None:
    """The official known owner's model of this name, whatever its capitals, hyphens, underscores and dots.

    Of two, that of the owner with most downloads.
    """
    return _official_models().get(_bare(name))


def sibling(one: str, other: str) -> bool:
    """Whether two different owners are known to be siblings, renamed, or alike by chance (sibling_owners.csv)."""
    return frozenset((one.lower(), other.lower())) in _siblings()


# Families


@cache
def families() -> Mapping[str, frozenset[str]]:
    """Model family word -> the lower-cased owners whose own it is. Source: data/curated/families.csv."""
    owners = defaultdict(set)
    for row in _rows("families.csv"):
        owners[row["family"]].add(row["handle"].lower())
    return {word: frozenset(handles) for word, handles in owners.items()}


def names_foreign_family(model_name: str, owner: str) -> str | None:
    """The first family word in a model's name that belongs to other owners only, or None.

    Words are compared with whole tokens of the name ('phi' is not in 'dolphin'); a version may be glued to the last
    one ('qwen2.5', 'gemma3n').
    """
    tokens = _TOKEN.findall(model_name.lower())
    for start, token in enumerate(tokens):
        for first in dict.fromkeys((token, _letters(token))):
            for word in _families_by_start().get(first, ()):
                if owner.lower() not in families()[word] and _spells(word.split("-"), tokens[start:]):
                    return word
    return None


def _spells(parts: list[str], tokens: list[str]) -> bool:
    last = len(parts) - 1
    if len(tokens) <= last or tokens[:last] != parts[:last]:
        return False
    return parts[last] in (tokens[last], _letters(tokens[last]))


def _letters(token: str) -> str:
    found = _LETTERS.match(token)
    return found.group() if found else ""


# Files


@cache
def formats() -> Mapping[str, FileKind]:
    """The kind of each extension that somebody has looked up, in lower case. Source: data/curated/formats.csv."""
    kinds: dict[str, FileKind] = {word: word for word in get_args(FileKind)}
    return {row["extension"]: kinds[row["kind"]] for row in _rows("formats.csv")}


@cache
def file_names() -> tuple[FileName, ...]:
    """The names that tell more than their extension; the first that fits decides. Source: file_names.csv."""
    kinds: dict[str, FileKind] = {word: word for word in get_args(FileKind)}
    return tuple(
        FileName(re.compile(row["file"]), row["beside"], kinds[row["kind"]]) for row in _rows("file_names.csv")
    )


# What templates write into cards


@cache
def tool_repositories() -> frozenset[str]:
    """The repositories, in lower case, of tools that cards link. Source: data/curated/boilerplate.csv."""
    return frozenset(row["name"] for row in _rows("boilerplate.csv") if row["kind"] == "repository")


@cache
def template_papers() -> Mapping[str, frozenset[str]]:
    """Paper that tools write into cards -> the lower-case owners whose own it is. Source: boilerplate.csv."""
    return {row["name"]: frozenset(row["owners"].split()) for row in _rows("boilerplate.csv") if row["kind"] == "paper"}


# Licences


@cache
def licence_names() -> Mapping[str, tuple[str, str, LicenceClass]]:
    """Name, SPDX id ('' = none) and class of each licence by its id on the Hub. Source: data/curated/licences.csv."""
    words: dict[str, LicenceClass] = {word: word for word in get_args(LicenceClass)}
    return {row["license_id"]: (row["name"], row["spdx_id"], words[row["class"]]) for row in _rows("licences.csv")}


@cache
def licences() -> Mapping[str, LicenceClass]:
    """The class of each licence by its id on the Hub."""
    return {license_id: kind for license_id, (_, _, kind) in licence_names().items()}


def licence(hub_id: str) -> str:
    """Return a licence's own name by its id on the Hub, such as Apache License 2.0 or MIT licence."""
    odd = {"other": "a licence of its own", "unknown": "a licence that it calls unknown"}
    own = licence_names().get(hub_id.lower(), (hub_id,))[0]
    return odd.get(hub_id) or (own if "licen" in own.lower() else f"{own} licence")


# Tasks


def task_group(task: str | None, marks: Collection[str]) -> str | None:
    """The group of tasks that a model serves, from its task and its `marks`: lower-case tags and library.

    None where nothing tells. A task of `other` says nothing; the first row that fits decides, a row of the task `*`
    before those of the task itself. Source: data/curated/task_groups.csv.
    """
    stated = "" if task in (None, "other") else str(task)
    rows = (*_task_groups().get("*", ()), *_task_groups().get(stated, ()))
    return next((group for beside, group in rows if not beside or beside in marks), "other" if stated else None)


# Reading


@cache
def _task_groups() -> Mapping[str, list[tuple[str, str]]]:
    """Task -> what must stand beside it ('' = nothing) and the group, in the order of the table."""
    groups = defaultdict(list)
    for row in _rows("task_groups.csv"):
        groups[row["task"]].append((row["beside"], row["group"]))
    return dict(groups)


@cache
def _owners() -> Mapping[str, OwnerRecord]:
    return {
        row["owner"].lower(): OwnerRecord(
            owner=row["owner"],
            models=int(row["models"]),
            likes=int(row["likes"]) if row["likes"] else None,
            downloads=int(row["downloads"]) if row["downloads"] else None,
            first_created=date.fromisoformat(row["first_created"]) if row["first_created"] else None,
            established=row["established"] == "1" if row["established"] else None,
            as_of=date.fromisoformat(row["as_of"]),
        )
        for row in _rows("owners.csv.gz")
    }


@cache
def _known_models() -> Mapping[str, Mapping[str, KnownModel]]:
    models: dict[str, dict[str, KnownModel]] = defaultdict(dict)
    for row in _rows("known_models.csv.gz"):
        code = {"1": True, "0": False}.get(row["custom_code"])
        model = KnownModel(f"{row['owner']}/{row['model']}", row["created"], row["license"], code)
        models[row["owner"].lower()][row["model"].lower()] = model
    return dict(models)


@cache
def _official_models() -> Mapping[str, KnownModel]:
    owners = [owner for owner in reversed(known_owners()) if owner.lower() in providers()]
    return {_bare(name): model for owner in owners for name, model in known_models(owner).items()}


def _bare(name: str) -> str:
    return re.sub(r"[-_.]", "", name.lower())


@cache
def _siblings() -> frozenset[frozenset[str]]:
    return frozenset(frozenset((row["owner"].lower(), row["sibling"].lower())) for row in _rows("sibling_owners.csv"))


@cache
def _families_by_start() -> Mapping[str, list[str]]:
    """Family words by their first part, the longest word first: 'gpt-neox' is tried before 'gpt-j'."""
    starts = defaultdict(list)
    for word in sorted(families(), key=lambda word: (-len(word), word)):
        starts[word.split("-")[0]].append(word)
    return dict(starts)


def _rows(name: str) -> Iterator[dict[str, str]]:
    path = _FOLDER / name
    with gzip.open(path, "rt", encoding="utf-8") if name.endswith(".gz") else path.open(encoding="utf-8") as file:
        yield from csv.DictReader(file)
