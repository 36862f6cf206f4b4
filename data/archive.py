"""A snapshot's folder `<root>/<kind>/<date>/` on disk: write it whole or not at all, list, verify.

It holds Parquet files and manifest.json with the sha256 of every file and its own seal. Light on purpose: no
pandas is imported here.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.locks import locked

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

SCHEMA = 1
MOMENT = 0.02  # seconds
BUNDLED = Path(__file__).parent / "snapshots"
LONGEST_BUILD = 24 * 3600  # seconds; where there are no locks, a draft older than that has no writer
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class SnapshotError(ValueError):
    """A snapshot that is not there or cannot be trusted; the message names it and says what to do."""


def root() -> Path:
    """Return the folder of snapshots: WEIGHBRIDGE_SNAPSHOTS, else the bundled one."""
    return Path(os.environ.get("WEIGHBRIDGE_SNAPSHOTS") or BUNDLED)


def dates(kind: str, within: Path | None = None) -> list[str]:
    """Return the dates of the snapshots of a kind, oldest first; a folder that is named by no date is none of them."""
    home = (within or root()) / kind
    if not home.is_dir():
        return []
    tidy(home)
    return sorted(p.name for p in home.iterdir() if p.is_dir() and _DAY.fullmatch(p.name))


@contextmanager
def drafted(kind: str, taken: str, manifest: Mapping[str, Any], into: Path | None = None) -> Iterator[Path]:
    """Give an empty folder to fill; when the block ends well it is published under a date that is known beforehand."""
    with drafting(kind, into) as draft:
        yield draft
        publish(draft, taken, manifest)


@contextmanager
def drafting(kind: str, into: Path | None = None) -> Iterator[Path]:
    """Give an empty folder to fill and `publish`; whatever is left of it when the block ends is gone.

    It stays locked as long as its writer lives, so that nobody takes it for the leavings of a killed one.
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
    said = dict(manifest) | {
        "schema": SCHEMA,
        "kind": draft.parent.name,
        "taken": taken,
        "sha256": {path.name: _sha256_of(path) for path in sorted(draft.iterdir())},
    }
    (draft / "manifest.json").write_text(_sealed(said), "utf-8")
    for path in (*draft.iterdir(), draft):
        _fsync(path)
    with locked(draft.parent, wait=True):
        _move(draft, target)
    return target


def verify(folder: Path) -> dict[str, Any]:
    """Check every file of a snapshot against its manifest and return the manifest; SnapshotError when it differs."""
    return opened(folder, ())[0]


def opened(folder: Path, wanted: Collection[str] | None = None) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Read a snapshot's manifest and files, each of them once; SnapshotError when one is not what was written.

    What is read of these bytes later is what was verified, whatever becomes of the folder. Files that are not `wanted`
    (default: all are) are only checked. A folder that is put in the place of another meanwhile is read again.
    """
    while True:
        before = _which(folder)
        try:
            return _opened(folder, wanted)
        except SnapshotError:
            time.sleep(MOMENT)  # between the two steps of a move there is no folder of this name
            if _which(folder) == before:
                raise


def _which(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another of the same name."""
    with suppress(OSError):
        found = folder.stat()
        return found.st_ino, found.st_ctime_ns
    return None


def _opened(folder: Path, wanted: Collection[str] | None) -> tuple[dict[str, Any], dict[str, bytes]]:
    remedy = "restore the folder from the repository or build it again with `weighbridge snapshot build`"
    try:
        text = (folder / "manifest.json").read_text("utf-8")
        manifest = json.loads(text)
        sums = dict(manifest["sha256"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise SnapshotError(f"Snapshot {folder.name} has no readable manifest.json; {remedy}.") from None
    if manifest.get("schema") != SCHEMA:
        raise SnapshotError(
            f"Snapshot {folder.name} has format {manifest.get('schema')}, this version reads {SCHEMA}; {remedy}."
        )
    if text != _sealed(manifest):
        raise SnapshotError(f"Snapshot {folder.name} is damaged: manifest.json is not what was written; {remedy}.")
    files = {}
    for name, sealed in sums.items():
        path = folder / Path(name).name
        try:
            if wanted is None or name in wanted:
                files[name] = path.read_bytes()
            found = _sha256(files[name]) if name in files else _sha256_of(path)
        except OSError as wrong:
            problem = "is missing" if isinstance(wrong, FileNotFoundError) else "cannot be read"
            raise SnapshotError(f"Snapshot {folder.name} is damaged: {name} {problem}; {remedy}.") from None
        if found != sealed:
            raise SnapshotError(f"Snapshot {folder.name} is damaged: {name} is not what was written; {remedy}.")
    return manifest, files


def tidy(home: Path) -> None:
    """Finish or undo what a killed writer left: a half-written draft goes, a folder moved aside comes back."""
    if not any(_left(home)):
        return
    with suppress(OSError), locked(home) as alone:  # somebody else is at it, or the folder is not ours to change
        _tidy(home, alone)


def _left(home: Path) -> list[Path]:
    return [*home.glob(".aside-*"), *home.glob(".draft-*")]


def _tidy(home: Path, alone: bool) -> None:
    """Tidy while the folder is locked (`alone`): whoever moves a snapshot has it locked, too."""
    for left in _left(home):
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


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write a table with page checksums; the same table gives the same bytes."""
    with parquet_writer(path, table.schema) as file:
        file.write_table(table)


def parquet_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Open a Parquet file with page checksums that grows by a group of rows for each table written to it."""
    import pyarrow.parquet as pq

    return pq.ParquetWriter(path, schema, compression="zstd", write_page_checksum=True)


def read_parquet(content: bytes, words: Collection[str] = ()) -> pa.Table:
    """Read the content of a Parquet file, its page checksums checked; columns of `words` keep each text once."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    # read_table would import pyarrow.dataset too
    with pq.ParquetFile(pa.BufferReader(content), page_checksum_verification=True, read_dictionary=list(words)) as file:
        return file.read()


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
    said = {key: value for key, value in manifest.items() if key != "seal"}
    seal = _sha256(json.dumps(said, sort_keys=True).encode())
    return json.dumps(said | {"seal": seal}, indent=1, sort_keys=True) + "\n"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
