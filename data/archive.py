"""A snapshot's folder `<root>/<kind>/<date>/` on disk: write it whole or not at all, list, check.

It holds the files of its layout and manifest.json with the size and sha256 of every file and its own seal. SHA256SUMS
in the root lists every manifest with its sha256, for data/remote.py. Light on purpose: no pandas is imported here.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from data.shapes import misfit

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

SCHEMA = 2
MOMENT = 0.02  # seconds
BUNDLED = Path(__file__).parent / "snapshots"
LONGEST_BUILD = 24 * 3600  # seconds; where there are no locks, a draft older than that has no writer
LARGEST_MANIFEST = 16_000_000  # bytes
SUMS = "SHA256SUMS"  # as `sha256sum */*/manifest.json` prints them
REMEDY = "restore the folder from the repository or build it again with `weighbridge snapshot build`"
_SHA256 = re.compile(r"[0-9a-f]{64}")


class SnapshotError(ValueError):
    """A snapshot that is not there or cannot be trusted; the message names it and says what to do."""


class Damaged(SnapshotError):
    """A snapshot that is not what was written."""

    def __init__(self, folder: Path, problem: str) -> None:
        super().__init__(f"Snapshot {folder.name} is damaged: {problem}; {REMEDY}.")


class Layout(NamedTuple):
    """What a kind of snapshot holds: its files, the shape of its manifest (see `misfit`), and what it may hold more."""

    kind: str
    files: frozenset[str]
    manifest: Mapping[str, Any]
    further: frozenset[str] = frozenset()


def root() -> Path:
    """Return the folder of snapshots: WEIGHBRIDGE_SNAPSHOTS, else the bundled one.

    Of an address it is the cache of what was fetched, and the bundle until something was.
    """
    if where := address():
        return fetched if (fetched := cache(where)).joinpath(SUMS).exists() else BUNDLED
    return Path(os.environ.get("WEIGHBRIDGE_SNAPSHOTS") or BUNDLED)


def address() -> str:
    """Return the address that WEIGHBRIDGE_SNAPSHOTS is; '' where it is a folder or not set."""
    where = os.environ.get("WEIGHBRIDGE_SNAPSHOTS", "").strip().rstrip("/")
    return where if "://" in where else ""


def cache(where: str) -> Path:
    """Return the folder that keeps what was fetched from an address, below the user's caches."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "weighbridge" / hashlib.sha256(where.encode()).hexdigest()[:16]


def dates(kind: str, within: Path | None = None) -> list[str]:
    """Return the dates of the snapshots of a kind, oldest first; a folder that is named by no date is none of them."""
    if not (home := (within or root()) / kind).is_dir():
        return []
    tidy(home)
    return sorted(p.name for p in home.iterdir() if _is_date(p.name) and p.is_dir())


def _is_date(name: str) -> bool:
    with suppress(ValueError):
        return date.fromisoformat(name).isoformat() == name  # 20261008 and 2026-W41-4 are read, too
    return False


def last_change(folder: Path) -> int:
    """Return when a file was last put into a folder or changed there (ns since 1970); 0 where nothing can be seen."""
    with suppress(OSError):
        return max((path.lstat().st_mtime_ns for path in folder.iterdir()), default=0)  # a link may lead nowhere
    return 0


# Write


@contextmanager
def drafted(kind: str, taken: str, manifest: Mapping[str, Any], into: Path | None = None) -> Iterator[Path]:
    """Give an empty folder to fill; when the block ends well it is published under a date that is known beforehand."""
    with drafting(kind, into) as draft:
        yield draft
        publish(draft, taken, manifest)


@contextmanager
def drafting(kind: str, into: Path | None = None) -> Iterator[Path]:
    """Give an empty folder to fill and `publish`; whatever is left of it when the block ends is gone.

    It stays locked as long as its writer lives, so that nobody takes it for what a killed writer left behind.
    """
    home = (into or root()) / kind
    home.mkdir(parents=True, exist_ok=True)
    draft = home / f".draft-{secrets.token_hex(8)}"
    with ExitStack() as writing:
        try:
            with locked(home, wait=True) as alone:  # nobody tidies before the draft is locked too
                _tidy(home, alone)
                draft.mkdir()
                writing.enter_context(locked(draft, wait=True))
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def publish(draft: Path, taken: str, manifest: Mapping[str, Any]) -> Path:
    """Seal a draft with its manifest and move it into place in one step; returns the snapshot's folder.

    A reader sees the old folder or the new one, never a half-written one.
    """
    target = draft.with_name(taken)
    files = sorted(draft.iterdir())
    entries = dict(manifest) | {
        "schema": SCHEMA,
        "kind": draft.parent.name,
        "taken": taken,
        "bytes": {path.name: path.stat().st_size for path in files},
        "sha256": {path.name: sha256_of(path) for path in files},
    }
    (draft / "manifest.json").write_text(_sealed(entries), "utf-8")
    place(draft, target)
    write_sums(target.parents[1])
    return target


def place(folder: Path, target: Path) -> None:
    """Move a sealed snapshot into place in one step."""
    for path in (*folder.iterdir(), folder):
        _fsync(path)
    with locked(target.parent, wait=True):
        _move(folder, target)


def withdraw(folder: Path) -> None:
    """Take a snapshot away in one step."""
    with locked(folder.parent, wait=True):
        draft = folder.rename(folder.with_name(f".draft-{secrets.token_hex(8)}"))
        shutil.rmtree(draft, ignore_errors=True)


def sums(home: Path) -> dict[str, str]:
    """Return the sha256 of the manifest of every snapshot below a root, by `kind/date`."""
    found = (f"{kind.name}/{taken}" for kind in sorted(home.iterdir()) for taken in dates(kind.name, home))
    return {one: sha256_of(path) for one in found if (path := home / one / "manifest.json").is_file()}


def write_sums(home: Path) -> None:
    """Write SHA256SUMS of a root anew, in one step."""
    with locked(home, wait=True):
        draft = home / f".{SUMS}"
        draft.write_text("".join(f"{sha}  {one}/manifest.json\n" for one, sha in sums(home).items()), "utf-8")
        draft.replace(home / SUMS)


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write a table with page checksums; the same table gives the same bytes."""
    with parquet_writer(path, table.schema) as file:
        file.write_table(table)


def parquet_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Open a Parquet file with page checksums that grows by a group of rows for each table written to it."""
    import pyarrow.parquet as pq

    return pq.ParquetWriter(path, schema, compression="zstd", write_page_checksum=True)


def _move(draft: Path, target: Path) -> None:
    aside = target.with_name(f".aside-{target.name}-{secrets.token_hex(8)}")
    try:
        if target.exists():
            target.rename(aside)
        draft.rename(target)
        _fsync(target.parent)
    finally:
        if target.exists():
            shutil.rmtree(aside, ignore_errors=True)
        elif aside.exists():
            aside.rename(target)


def _sealed(manifest: Mapping[str, Any]) -> str:
    """Write a manifest with the sha256 of its own text, so that no flipped bit in it goes unseen."""
    entries = {key: value for key, value in manifest.items() if key != "seal"}
    seal = hashlib.sha256(json.dumps(entries, sort_keys=True).encode()).hexdigest()
    return json.dumps(entries | {"seal": seal}, indent=1, sort_keys=True) + "\n"


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# Read


def opened(
    folder: Path, layout: Layout, wanted: Collection[str] | None = None
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Read a snapshot's manifest and files, each of them once; SnapshotError when one is not what was written.

    What is read of these bytes later is what was checked, whatever becomes of the folder. Files that are not `wanted`
    (default: all are) are only checked. A folder that is put in the place of another meanwhile is read again.
    """
    while True:
        before = _identity(folder)
        try:
            manifest = read_manifest(folder, layout)
            return manifest, _files(folder, manifest, manifest["sha256"] if wanted is None else wanted)
        except SnapshotError:
            time.sleep(MOMENT)  # between the two steps of a move there is no folder of this name
            if _identity(folder) == before:
                raise


@contextmanager
def reading(folder: Path, name: str) -> Iterator[None]:
    """Refuse a snapshot if the content of a file cannot be read, for whatever reason, though it is what was sealed."""
    try:
        yield
    except SnapshotError:
        raise
    except Exception as wrong:
        raise Damaged(folder, f"{name} holds something else than it should ({type(wrong).__name__})") from None


def read_parquet(content: bytes) -> pa.Table:
    """Read a Parquet file, its page checksums checked; alone, as a process that ends while threads start is aborted."""
    with parquet_file(content) as file:
        return file.read(use_threads=False)


def parquet_file(content: bytes, words: list[str] | None = None, known: pq.FileMetaData = None) -> pq.ParquetFile:
    """Open a Parquet file (of `known` metadata), page checksums checked; columns of `words` come as dictionaries."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    read = pa.BufferReader(content)  # read_table would import pyarrow.dataset too
    return pq.ParquetFile(read, metadata=known, read_dictionary=words, page_checksum_verification=True)


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what distinguishes a folder from another of the same name."""
    with suppress(OSError):
        found = folder.stat()
        return found.st_ino, found.st_ctime_ns
    return None


def read_manifest(folder: Path, layout: Layout) -> dict[str, Any]:
    """Read a manifest that is whole, of this kind and of this folder's date; SnapshotError when it is not."""
    try:
        with _regular(folder / "manifest.json") as file:
            text = file.read(LARGEST_MANIFEST).decode("utf-8")
        manifest = dict(json.loads(text))
    except (OSError, ValueError, TypeError, RecursionError):
        raise SnapshotError(f"Snapshot {folder.name} has no readable manifest.json; {REMEDY}.") from None
    if (schema := manifest.get("schema")) != SCHEMA or not isinstance(schema, int):
        schema = str(schema)[:20]
        raise SnapshotError(f"Snapshot {folder.name} has format {schema}, this version reads {SCHEMA}; {REMEDY}.")
    if text != _sealed(manifest):
        raise Damaged(folder, "manifest.json is not what was written")
    names = [*layout.files, *(f"{name}?" for name in layout.further)]
    every: dict[str, Any] = {"bytes": dict.fromkeys(names, int), "sha256": dict.fromkeys(names, _SHA256)}
    if (place := misfit(manifest, {"kind": str, "taken": str} | every | dict(layout.manifest))) is not None:
        raise Damaged(folder, f"manifest.json has nothing valid at {place[:80]}")
    if foreign := sorted(set(manifest["sha256"]) - layout.files - layout.further):
        raise Damaged(folder, f"manifest.json lists {foreign[0][:80]}, which is no file of such a snapshot")
    if (manifest["kind"], manifest["taken"]) != (layout.kind, folder.name):
        raise Damaged(folder, f"it is that of {manifest['kind'][:40]} of {manifest['taken'][:40]} under another name")
    return manifest


def _files(folder: Path, manifest: Mapping[str, Any], wanted: Collection[str]) -> dict[str, bytes]:
    """Check every file of a manifest; returns the content of those that are wanted."""
    files: dict[str, bytes] = {}
    for name, sealed in manifest["sha256"].items():
        try:
            with _regular(folder / name) as file:
                if os.fstat(file.fileno()).st_size != manifest["bytes"].get(name):
                    raise Damaged(folder, f"{name} is not what was written")
                if name in wanted:
                    files[name] = file.read()
                    digest = hashlib.sha256(files[name])
                else:
                    digest = hashlib.file_digest(file, "sha256")
        except OSError as wrong:
            problem = "is missing" if isinstance(wrong, FileNotFoundError) else "cannot be read"
            raise Damaged(folder, f"{name} {problem}") from None
        if digest.hexdigest() != sealed:
            raise Damaged(folder, f"{name} is not what was written")
    return files


@contextmanager
def _regular(path: Path) -> Iterator[BufferedReader]:
    """Open a regular file; OSError for anything else under its name, as a pipe or a device might never end."""
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "is no regular file", str(path))
        yield file


# Locks, and what a killed writer left behind


@contextmanager
def locked(folder: Path, *, wait: bool = False) -> Iterator[bool]:
    """Hold the lock of a folder during the block; BlockingIOError when somebody else has it and nobody is to wait.

    The kernel frees it with the process that holds it. Gives False where the file system has no locks, as some network
    ones: then nobody knows what others are at.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)  # whoever opens a pipe might wait for ever
    try:
        yield _lock(handle, wait)
    finally:
        os.close(handle)


def _lock(handle: int, wait: bool) -> bool:
    from filelock import lock_descriptor  # whoever only reads need not wait for this import

    try:
        free = lock_descriptor(handle, blocking=wait, poll_interval=MOMENT)
    except OSError:
        return False
    if not free:
        raise BlockingIOError(errno.EWOULDBLOCK, "The folder is locked")
    return True


def tidy(home: Path) -> None:
    """Finish or undo what a killed writer left: a half-written draft goes, a folder moved aside comes back."""
    if not any(_left_behind(home)):
        return
    with suppress(OSError), locked(home) as alone:  # somebody else is at it, or the folder is not ours to change
        _tidy(home, alone)


def _left_behind(home: Path) -> list[Path]:
    return [*home.glob(".aside-*"), *home.glob(".draft-*")]


def _tidy(home: Path, alone: bool) -> None:
    """Tidy while the folder is locked (`alone`): whoever moves a snapshot has it locked, too."""
    for left in _left_behind(home):
        target = home / left.name.removeprefix(".aside-")[: len("2026-10-08")]
        if not _abandoned(left, alone):
            continue
        if left.name.startswith(".aside-") and not target.exists():
            left.rename(target)
        else:
            shutil.rmtree(left, ignore_errors=True)


def _abandoned(left: Path, alone: bool) -> bool:
    try:
        with locked(left) as free:
            return (alone and free) or time.time() - left.stat().st_ctime > LONGEST_BUILD
    except OSError:  # its writer is at work, or somebody has tidied it away
        return False
