"""What a repository's file list shows by name: which weights run code on load, which cannot, and which nobody can tell.

Names only, nothing is opened: a pickle that calls itself model.safetensors is the Hub scan's business. Every extension
has its kind in data/curated/formats.csv, every name that says more than its extension a row in file_names.csv. What is
in neither is unlisted, and that is no proof of safety.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

from data.curated import tables
from data.curated.tables import FileKind
from data.platforms.hub.templates import reaches_internals
from data.shapes import as_dict, as_text

Row = dict[str, Any]
Kind = FileKind | Literal["training_args", "unlisted"]
WeightFormats = Literal["all_safe", "mixed", "unsafe_only", "none"]
UnsafeLevel = Literal["none", "code_only", "beside_safe", "unsafe_only"]

# One stream that is packed keeps the name of what is in it; an archive may hold anything beside what its name says.
COMPRESSED: Final = frozenset("gz bz2 xz lz4 zst z lzma br zlib sz".split())
ARCHIVED: Final = frozenset("zip 7z tar tgz tbz tbz2 txz rar".split())
# The ends that splitting, numbering and keeping a copy give to a name.
_PIECE: Final = re.compile(
    r"(?:[._-](?:part|split)[._-]?(?:\d{1,4}(?:of\d{1,4})?|[a-z]{1,3})?|[._-]\d{1,5}-?of-?\d{1,5}|\.v?\d{1,4}|\.[zr]\d{2}"
    r"|\.x?[ab][a-z]|[-_]\d{1,9}|\.(?:bak|old|orig|tmp|temp|backup|copy|save|incomplete|crdownload|download)|~)$"
)
_PIECES: Final = 6  # no honest name is wrapped more often
_LONGEST: Final = 300  # of a name that is remembered
_MIXIN_TAGS: Final = {"pytorch_model_hub_mixin", "model_hub_mixin"}  # these tag safetensors repositories `pytorch`
_FINDINGS: Final = ("unsafe", "suspicious", "caution")


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Counts of files by kind. `total` counts every name, also those that hold no weights."""

    total: int = 0
    safe: int = 0
    unsafe_weights: int = 0
    code: int = 0
    conditional: int = 0
    unlisted: int = 0
    training_args: bool = False

    @property
    def unsafe_count(self) -> int:
        """Files that run code when used as meant: pickle-based weights and code itself."""
        return self.unsafe_weights + self.code

    @property
    def unclear(self) -> int:
        """Files of which no name tells whether they run code."""
        return self.conditional + self.unlisted

    @property
    def weight_formats(self) -> WeightFormats | None:
        """The weights as a whole; 'none' without any, None where nobody can tell."""
        if self.unsafe_weights:
            return "mixed" if self.safe else "unsafe_only"
        if self.unclear:
            return None
        return "all_safe" if self.safe else "none"

    @property
    def unsafe_level(self) -> UnsafeLevel | None:
        """How bad the unsafe files are: nothing, code only, unsafe weights with or without safe ones; None: unclear."""
        if self.unsafe_weights:
            return "beside_safe" if self.safe else "unsafe_only"
        if self.unclear:
            return None
        return "code_only" if self.code else "none"


def read_files(names: Iterable[object], tags: frozenset[str] = frozenset(), owner: str = "") -> FileFacts:
    """The facts of a file list. `names`: paths within the repository; what is not a string is skipped. Never raises.

    `tags` and `owner` are the repository's, in lower case: the format of a lone .bin file is sometimes in nothing else.
    """
    read = [_read(name) if len(name) <= _LONGEST else _read.__wrapped__(name) for name in _strings(names)]
    kinds = [one.kind for one in read]
    if any(one.core for one in read):
        beside = _Neighbours(frozenset(one.path for one in read), tags, owner)
        kinds = [beside.kind(one) if one.core else one.kind for one in read]
    return FileFacts(
        total=len(kinds),
        safe=kinds.count("safe"),
        unsafe_weights=kinds.count("unsafe"),
        code=kinds.count("code"),
        conditional=kinds.count("conditional"),
        unlisted=kinds.count("unlisted"),
        training_args="training_args" in kinds,
    )


def kind_of(name: str) -> Kind:
    """The kind of one file by its path alone, without regard to case."""
    return _judge(_path(name))


def is_program(name: str) -> bool:
    """Whether a file is code by its path alone: a script, a program or a library of one, packed or not."""
    core = _unwrapped(_path(name))[0]
    return _judge(core) == "code"


class _Name(NamedTuple):
    """What a name alone tells; where its neighbours may tell more, its path without wrapping and what to look for."""

    path: str
    kind: Kind
    core: str = ""
    clues: tuple[tuple[str, str, Kind], ...] = ()  # what stands beside it, the stem of its name, and what it is then


@lru_cache(maxsize=16384)
def _read(name: str) -> _Name:
    path = _path(name)
    kind = _judge(path)
    if kind in ("unsafe", "conditional") and ".bin" in path:
        core, archived = _unwrapped(path)
        if core.endswith(".bin") and not (archived and kind == "conditional"):
            clues = []
            for row in tables.file_names():
                if mark := row.file.search(core):
                    if not row.beside:  # a name that tells for certain is not changed by any later row
                        kind = row.kind
                        break
                    clues.append((row.beside, mark.groupdict().get("stem") or "", row.kind))
            return _Name(path, kind, core if clues else "", tuple(clues))
    return _Name(path, kind)


class _Neighbours:
    """Rule: what one name cannot tell, the files beside it may; the first row of file_names.csv that fits decides."""

    def __init__(self, paths: frozenset[str], tags: frozenset[str], owner: str) -> None:
        self._paths, self._marks = paths, {f"tag:{tag}" for tag in tags} | {f"owner:{owner}"}
        self._folders: dict[str, frozenset[str]] = {}  # a name beside -> the folders that hold it

    def kind(self, name: _Name) -> Kind:
        """The kind of a file: that of its name alone if nothing beside it tells more."""
        folder = name.core.rpartition("/")[0]
        fits = (kind for beside, stem, kind in name.clues if self._stands(beside, folder, stem))
        return next(fits, name.kind)

    def _stands(self, beside: str, folder: str, stem: str) -> bool:
        if beside.startswith(("tag:", "owner:")):
            return beside in self._marks
        if "{stem}" in beside:
            return "/".join(filter(None, (folder, beside.replace("{stem}", stem)))) in self._paths
        if beside not in self._folders:
            named = re.compile(beside)
            parts = (path.rpartition("/") for path in self._paths)
            self._folders[beside] = frozenset(where for where, _, base in parts if named.fullmatch(base))
        return folder in self._folders[beside]


def _judge(path: str) -> Kind:
    if path.rpartition("/")[2] == "training_args.bin":
        return "training_args"
    core, archived = _unwrapped(path)
    named = next((row.kind for row in tables.file_names() if not row.beside and row.file.search(core)), None)
    kind: Kind = named if named is not None else tables.formats().get(_extension(core), "unlisted")
    return "conditional" if archived and kind != "unsafe" else kind


def _unwrapped(path: str) -> tuple[str, bool]:
    """Rule: wrapping changes nothing. The name without what packing and splitting added, and whether it is an archive.

    The first extension from the right that has a kind of its own is what the file is.
    """
    path, archived = path[-4 * _LONGEST :], False
    for _ in range(_PIECES):
        extension = _extension(path)
        if extension in COMPRESSED or extension in ARCHIVED:
            archived |= extension in ARCHIVED or not _extension(path[: -len(extension) - 1])
            path = path[: -len(extension) - 1]
        elif extension not in tables.formats() and (piece := _PIECE.search(path)) and piece.start():
            path = path[: piece.start()]
        else:
            break
    return path, archived


def _extension(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[2] if "." in path.rpartition("/")[2] else ""


def _path(name: str) -> str:
    return name.strip().lower().replace("\\", "/")


def _strings(names: object) -> list[str]:
    if isinstance(names, str):
        names = (names,)
    return [name for name in names if isinstance(name, str) and name.strip()] if isinstance(names, Iterable) else []


# The record: its list of files, what stands in for one, and the verdicts of the Hub's scanners.


def paths(record: Mapping[str, Any]) -> list[object] | None:
    """The paths of a record's files as they stand there; None without a list."""
    listed = record.get("siblings")
    if not isinstance(listed, list | tuple):
        return None
    if {*map(type, listed)} <= {str}:  # as a listing in Parquet has them
        return [*listed]
    return [as_dict(file).get("rfilename") if isinstance(file, Mapping) else file for file in listed]


def disabled(record: Mapping[str, Any]) -> bool:
    """Whether the Hub has disabled the repository, or says so in a way that nobody can read."""
    return record.get("disabled") not in (None, False)


def security(record: Mapping[str, Any], tags: frozenset[str], *, complete: bool, cut: bool) -> Row:
    """The formats of the weights and the files that can run code.

    `complete`: the tags are all there; `cut`: the list of files lacks some.
    """
    listed = paths(record)
    safe_tag = bool({"safetensors", "gguf"} & tags) or any(as_dict(record.get(k)) for k in ("safetensors", "gguf"))
    if disabled(record):  # nobody can open its files, so nothing good is known of them
        cut, safe_tag = True, False
    if listed is not None:
        owner = (as_text(record.get("id")) or "").partition("/")[0].lower()
        seen = read_files(listed, tags | {(as_text(record.get("library_name")) or "").lower()}, owner)
        # An entry without a name hides a file as surely as a list that was cut short.
        whole = not cut and seen.total == len(listed)
        return _whole(seen, reaches_internals(record)) if whole else _cut_short(seen, safe_tag)
    row: Row = {"weight_formats": "safe_tag" if safe_tag else None}
    if "pytorch" in tags and not _MIXIN_TAGS & tags and (safe_tag or complete):
        row |= {"unsafe_files": 1, "unsafe_files_at_least": True}
        row["unsafe_level"] = "beside_safe" if safe_tag else "unsafe_only"
    return row


def _whole(seen: FileFacts, template: bool) -> Row:
    """What a whole list proves; `template`: one that the files hold may run code."""
    unclear = template or seen.unclear > 0
    return {
        "weight_formats": "no_weights" if seen.weight_formats == "none" else seen.weight_formats,
        "unsafe_files": seen.unsafe_count or (None if unclear else 0),
        "unsafe_files_at_least": unclear if seen.unsafe_count or not unclear else None,
        "unsafe_level": None if unclear and not seen.unsafe_weights else seen.unsafe_level,
        "training_args": seen.training_args,
    }


def _cut_short(seen: FileFacts, safe_tag: bool) -> Row:
    """What a list that lacks files still proves: unsafe weights beside safe ones stay so, whatever is unseen."""
    beside = seen.unsafe_weights > 0 and (seen.safe > 0 or safe_tag)
    return {
        "weight_formats": "mixed" if beside else "safe_tag" if safe_tag else None,
        "unsafe_files": seen.unsafe_count or None,
        "unsafe_files_at_least": True if seen.unsafe_count else None,
        "unsafe_level": "beside_safe" if beside else None,
        "training_args": seen.training_args or None,
    }


def scan(record: Mapping[str, Any]) -> str | None:
    """The worst verdict of the Hub's scanners on any file; None while they have not looked at everything."""
    keys = ("securityRepoStatus", "security_repo_status", "securityStatus")
    statuses = [as_dict(record[key]) for key in keys if as_dict(record.get(key))]
    lists = [status.get("filesWithIssues") for status in statuses]
    issues = [issue for one in lists if isinstance(one, list | tuple) for issue in one]
    levels = {(as_text(as_dict(issue).get("level")) or "").lower() for issue in issues}
    for finding in _FINDINGS:
        if finding in levels:
            return finding
    done = bool(statuses) and all(status.get("scansDone") is True for status in statuses)
    return "safe" if done and all(isinstance(one, list | tuple) for one in lists) and not levels - {"safe"} else None
