"""Snapshots on disk: write atomically, verify, load, list.

    <root>/<kind>/<date>/facts.parquet     a row a subject, a column a fact
                         evidence.parquet  what differs from the snapshot's default source, and notes
                         scaled.parquet    the scaled measures under the scorecard's fingerprint
                         yardstick.json    the yardstick that they were scaled with
                         records.jsonl.gz  what the facts were read from, without any text of a model card
                         manifest.json     sources, as-of ranges, counts, the sha256 of every file and its own seal

float64 is kept in scaled.parquet: the app, the command line and a fresh computation must agree to the last digit.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from data import columns
from scoring.engine import Scaled, measure, scale, yardstick
from scoring.types import Evidence, Scorecard, Yardstick, YardstickKind

SCHEMA = 1
BUNDLED = Path(__file__).parent / "snapshots"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
EVIDENCE_COLUMNS = ("subject", "fact", "source", "as_of", "note")


class SnapshotError(ValueError):
    """A snapshot that is not there or cannot be trusted; the message names it and says what to do."""


def root() -> Path:
    """Return the folder of snapshots: WEIGHBRIDGE_SNAPSHOTS, else the bundled one."""
    return Path(os.environ.get("WEIGHBRIDGE_SNAPSHOTS") or BUNDLED)


@dataclass(frozen=True)
class Snapshot:
    """A verified snapshot: its facts (one row a subject, pandas nullable columns) and where they come from.

    It holds what it needs of its files: what is read later is what was verified, whatever became of the folder.
    """

    kind: str
    taken: str
    folder: Path
    manifest: Mapping[str, Any]
    facts: pd.DataFrame
    _files: Mapping[str, bytes] = field(repr=False, compare=False)
    _memo: dict[tuple[str, str], tuple[Scaled, Yardstick]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def position(self) -> dict[str, int]:
        """Row number of every subject."""
        return {str(i): n for n, i in enumerate(self.facts["id"])}

    @cached_property
    def exceptions(self) -> Mapping[tuple[str, str], tuple[str, str, str]]:
        """(subject, fact) -> (source, as_of, note) wherever that differs from the default source."""
        table = columns.read(self._files["evidence.parquet"])
        subject, fact, *origin = (table[name].to_pylist() for name in EVIDENCE_COLUMNS)
        return dict(zip(zip(subject, fact, strict=True), zip(*origin, strict=True), strict=True))

    def scaled(self, card: Scorecard, kind: YardstickKind = "goalposts") -> Scaled:
        """Return the facts on 0..1 under a card: read if the card's fingerprint is the stored one, else computed."""
        return self._scaled(card, kind)[0]

    def yardstick(self, card: Scorecard, kind: YardstickKind = "goalposts") -> Yardstick:
        """Return the yardstick of this snapshot; live models are placed on it so that only they move."""
        return self._scaled(card, kind)[1]

    def _scaled(self, card: Scorecard, kind: YardstickKind) -> tuple[Scaled, Yardstick]:
        key = (card.fingerprint, kind)
        if key not in self._memo:
            stored = self.manifest.get("scorecard", {})
            if kind == "goalposts" and stored.get("fingerprint") == card.fingerprint:
                stick = Yardstick.from_json(self._files["yardstick.json"].decode())
                self._memo[key] = (columns.to_scaled(columns.read(self._files["scaled.parquet"]), card), stick)
            else:
                measured = measure(card, self.facts)
                stick = yardstick(card, measured, kind, self.taken)
                self._memo[key] = (scale(card, measured, stick), stick)
        return self._memo[key]

    def evidence(self, subject: str, fact: str, value: object, page: str) -> Evidence:
        """Return where a fact of a subject comes from; its `page` is the place to check it today."""
        default = self.manifest["default_source"]
        usual = (default["source"], default["as_of"], "")
        source, as_of, note = self.exceptions.get((subject, fact), usual)
        unknown = value is None or value is pd.NA
        return Evidence(
            subject=subject,
            fact=fact,
            value=None if unknown else value,
            state="unknown" if unknown else ("absent" if value == 0 else "known"),
            source="" if unknown else source,
            url=page,
            as_of="" if unknown else as_of,
            note=note,
        )


def write(
    rows: Sequence[Mapping[str, Any]],
    evidence: Sequence[Mapping[str, str]],
    records: bytes,
    *,
    kind: str,
    taken: str,
    dtypes: Mapping[str, str],
    card: Scorecard,
    manifest: Mapping[str, Any],
    into: Path | None = None,
) -> Path:
    """Write a snapshot beside the others and move it into place in one step; returns its folder.

    A reader sees the old folder or the new one, never a half-written one.
    """
    home = (into or root()) / kind
    home.mkdir(parents=True, exist_ok=True)
    tidy(home)
    draft = home / f".draft-{taken}-{os.getpid()}"
    draft.mkdir()
    try:
        _fill(draft, columns.to_arrow(rows, dtypes), evidence, card, taken)
        (draft / "records.jsonl.gz").write_bytes(records)
        said = dict(manifest) | {
            "schema": SCHEMA,
            "kind": kind,
            "taken": taken,
            "rows": len(rows),
            "scorecard": {"id": card.id, "version": card.version, "fingerprint": card.fingerprint},
            "sha256": {path.name: _sha256(path.read_bytes()) for path in sorted(draft.iterdir())},
        }
        (draft / "manifest.json").write_text(_sealed(said), "utf-8")
        for path in (*draft.iterdir(), draft):
            _fsync(path)
        return _move(draft, home / taken)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def dates(kind: str, within: Path | None = None) -> list[str]:
    """Return the dates of the snapshots of a kind, oldest first; a folder that is named by no date is none of them."""
    home = (within or root()) / kind
    if not home.is_dir():
        return []
    tidy(home)
    return sorted(p.name for p in home.iterdir() if p.is_dir() and _DAY.fullmatch(p.name))


def load(kind: str, taken: str = "", within: Path | None = None) -> Snapshot:
    """Verify and load a snapshot (default: the newest). SnapshotError names what is wrong and what to do."""
    known = dates(kind, within)
    if not known:
        raise SnapshotError(
            f"There is no snapshot of {kind} in {within or root()}; "
            "build one with `weighbridge snapshot build --from RECORDS`."
        )
    taken = taken or known[-1]
    if taken not in known:
        raise SnapshotError(f"There is no snapshot {taken} of {kind}; the snapshots are {', '.join(known)}.")
    folder = (within or root()) / kind / taken
    manifest, files = _open(folder)
    facts = columns.to_pandas(columns.read(files["facts.parquet"]))
    kept = {name: files[name] for name in ("evidence.parquet", "scaled.parquet", "yardstick.json")}
    return Snapshot(kind=kind, taken=taken, folder=folder, manifest=manifest, facts=facts, _files=kept)


def load_newest_sound(kind: str) -> tuple[Snapshot, str]:
    """Load the newest snapshot that verifies, with a sentence about those that do not (empty when all is well)."""
    refused: list[str] = []
    for taken in reversed(dates(kind)):
        try:
            return load(kind, taken), " ".join(refused)
        except SnapshotError as wrong:
            refused.append(str(wrong))
    if refused:
        raise SnapshotError(" ".join(refused))
    return load(kind), ""


def verify(folder: Path) -> dict[str, Any]:
    """Check every file of a snapshot against its manifest and return the manifest; SnapshotError when it differs."""
    return _open(folder)[0]


def tidy(home: Path) -> None:
    """Finish or undo what a killed writer left: a half-written draft goes, a folder moved aside comes back."""
    for left in [*home.glob(".aside-*"), *home.glob(".draft-*")]:
        name, _, writer = left.name.rpartition("-")
        if writer.isdigit() and Path(f"/proc/{writer}").exists():
            continue  # its writer is at work
        target = home / name.removeprefix(".aside-")
        if name.startswith(".aside-") and not target.exists():
            left.rename(target)
        else:
            shutil.rmtree(left, ignore_errors=True)


def _open(folder: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Read a snapshot's manifest and files, each of them once; SnapshotError when one is not what was written."""
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
    for name, wanted in sums.items():
        try:
            files[name] = (folder / Path(name).name).read_bytes()
        except OSError as wrong:
            problem = "is missing" if isinstance(wrong, FileNotFoundError) else "cannot be read"
            raise SnapshotError(f"Snapshot {folder.name} is damaged: {name} {problem}; {remedy}.") from None
        if _sha256(files[name]) != wanted:
            raise SnapshotError(f"Snapshot {folder.name} is damaged: {name} is not what was written; {remedy}.")
    return manifest, files


def _move(draft: Path, target: Path) -> Path:
    aside = target.with_name(f".aside-{target.name}-{os.getpid()}")
    while True:
        if target.exists():
            target.rename(aside)
        try:
            draft.rename(target)
            break
        except OSError:
            if not target.exists():
                aside.rename(target)
                raise
            shutil.rmtree(aside, ignore_errors=True)  # another writer was quicker: replace its folder
    _fsync(target.parent)
    shutil.rmtree(aside, ignore_errors=True)
    return target


def _sealed(manifest: Mapping[str, Any]) -> str:
    """Write a manifest with the sha256 of its own text, so that no flipped bit in it goes unseen."""
    said = {key: value for key, value in manifest.items() if key != "seal"}
    seal = _sha256(json.dumps(said, sort_keys=True).encode())
    return json.dumps(said | {"seal": seal}, indent=1, sort_keys=True) + "\n"


def _fill(draft: Path, facts: pa.Table, evidence: Sequence[Mapping[str, str]], card: Scorecard, taken: str) -> None:
    measured = measure(card, columns.to_pandas(facts))
    stick = yardstick(card, measured, "goalposts", taken)
    origins = {c: pa.array([e[c] for e in evidence], pa.string()) for c in EVIDENCE_COLUMNS}
    columns.write(facts, draft / "facts.parquet")
    columns.write(pa.table(origins), draft / "evidence.parquet")
    columns.write(columns.from_scaled(scale(card, measured, stick), card), draft / "scaled.parquet")
    (draft / "yardstick.json").write_text(stick.to_json() + "\n", "utf-8")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
