"""Snapshots on disk: what is in one, load, verify, list. data/models/writer.py writes them.

    <root>/<kind>/<date>/facts.parquet     a row a subject, a column a fact
                         evidence.parquet  what differs from the snapshot's default source, and notes
                         scaled.parquet    the scaled measures under the scorecard's fingerprint
                         yardstick.json    the yardstick that they were scaled with
                         records.jsonl.gz  what the facts were read from, without any text of a model card
                         manifest.json     sources, as-of ranges, counts, the sha256 of every file and its own seal

float64 is kept in scaled.parquet: the app, the command line and a fresh computation must agree to the last digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from data.archive import BUNDLED as BUNDLED
from data.archive import SnapshotError as SnapshotError
from data.archive import dates as dates
from data.archive import opened, read_parquet
from data.archive import root as root
from data.archive import verify as verify
from data.models import columns
from data.models.evidence import Exceptions
from data.models.schema import FACTS
from scoring.engine import fit, measure, scale
from scoring.types import Evidence, Scaled, Scorecard, Yardstick, YardstickKind

READ = ("facts.parquet", "evidence.parquet", "scaled.parquet", "yardstick.json")  # the records are only checked


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
    def exceptions(self) -> Exceptions:
        """Where facts come from whose origin differs from the default source."""
        return Exceptions(self._files["evidence.parquet"])

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
                yardstick = Yardstick.from_json(self._files["yardstick.json"].decode())
                self._memo[key] = (columns.to_scaled(read_parquet(self._files["scaled.parquet"]), card), yardstick)
            else:
                measured = measure(card, self.facts)
                yardstick = fit(card, measured, kind, self.taken)
                self._memo[key] = (scale(card, measured, yardstick), yardstick)
        return self._memo[key]

    def evidence(self, subject: str, fact: str, value: object, page: str) -> Evidence:
        """Return where a fact of a subject comes from; its `page` is the place to check it today."""
        default = self.manifest["default_source"]
        usual = (default["source"], default["as_of"], "")
        source, as_of, note = self.exceptions.of(subject).get(fact, usual)
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
    manifest, files = opened(folder, READ)
    dtypes = {name: fact.dtype for name, fact in FACTS.items()} if kind == "models" else {}
    facts = columns.completed(columns.to_pandas(read_parquet(files.pop("facts.parquet"))), dtypes)
    return Snapshot(kind=kind, taken=taken, folder=folder, manifest=manifest, facts=facts, _files=files)


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
