"""Snapshots on disk: write atomically, verify, load, list.

    <root>/<kind>/<date>/facts.parquet     a row a subject, a column a fact
                         evidence.parquet  what differs from the snapshot's default source, and notes
                         scaled.parquet    the scaled measures under the scorecard's fingerprint
                         yardstick.json    the yardstick that they were scaled with
                         records.jsonl.gz  what the facts were read from, without any text of a model card
                         manifest.json     sources, as-of ranges, counts and the sha256 of every file

float64 is kept in scaled.parquet: the app, the command line and a fresh computation must agree to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from data.folder import SnapshotError as SnapshotError
from data.folder import dates as dates
from data.folder import drafted, read_parquet, write_parquet
from data.folder import root as root
from data.folder import tidy as tidy
from data.folder import verify as verify
from scoring.engine import Scaled, measure, scale, yardstick
from scoring.types import Evidence, Scorecard, Yardstick, YardstickKind

_NULLABLE = {pa.string(): pd.StringDtype(), pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
_ARROW = {"string": pa.string(), "Int64": pa.int64(), "boolean": pa.bool_()}
EVIDENCE_COLUMNS = ("subject", "fact", "source", "as_of", "note")


@dataclass(frozen=True)
class Snapshot:
    """A verified snapshot: its facts (one row a subject, pandas nullable columns) and where they come from."""

    kind: str
    taken: str
    folder: Path
    manifest: Mapping[str, Any]
    facts: pd.DataFrame
    _memo: dict[tuple[str, str], tuple[Scaled, Yardstick]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def position(self) -> dict[str, int]:
        """Row number of every subject."""
        return {str(i): n for n, i in enumerate(self.facts["id"])}

    @cached_property
    def exceptions(self) -> Mapping[tuple[str, str], tuple[str, str, str]]:
        """(subject, fact) -> (source, as_of, note) wherever that differs from the default source."""
        table = read_parquet(self.folder / "evidence.parquet")
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
                stick = Yardstick.from_json((self.folder / "yardstick.json").read_text())
                self._memo[key] = (_read_scaled(self.folder / "scaled.parquet", card), stick)
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


def frame(rows: Iterable[Mapping[str, Any]], dtypes: Mapping[str, str]) -> pd.DataFrame:
    """Make a table of facts from rows: `id` and one nullable column a fact (string, Int64 or boolean)."""
    return _to_pandas(_to_arrow(rows, dtypes))


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
    facts = _to_arrow(rows, dtypes)
    measured = measure(card, _to_pandas(facts))
    stick = yardstick(card, measured, "goalposts", taken)
    said = dict(manifest) | {
        "rows": len(rows),
        "scorecard": {"id": card.id, "version": card.version, "fingerprint": card.fingerprint},
    }
    with drafted(kind, taken, said, into) as draft:
        write_parquet(facts, draft / "facts.parquet")
        columns = {c: pa.array([e[c] for e in evidence], pa.string()) for c in EVIDENCE_COLUMNS}
        write_parquet(pa.table(columns), draft / "evidence.parquet")
        write_parquet(_scaled_table(scale(card, measured, stick), card), draft / "scaled.parquet")
        (draft / "yardstick.json").write_text(stick.to_json() + "\n")
        (draft / "records.jsonl.gz").write_bytes(records)
    return (into or root()) / kind / taken


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
    manifest = verify(folder)
    facts = _to_pandas(read_parquet(folder / "facts.parquet"))
    return Snapshot(kind=kind, taken=taken, folder=folder, manifest=manifest, facts=facts)


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


def _to_arrow(rows: Iterable[Mapping[str, Any]], dtypes: Mapping[str, str]) -> pa.Table:
    rows = list(rows)
    schema = {"id": "string"} | dict(dtypes)
    return pa.table({name: pa.array([r.get(name) for r in rows], _ARROW[dtype]) for name, dtype in schema.items()})


def _to_pandas(table: pa.Table) -> pd.DataFrame:
    facts: pd.DataFrame = table.to_pandas(types_mapper=_NULLABLE.get)
    return facts


def _scaled_table(scaled: Scaled, card: Scorecard) -> pa.Table:
    columns: dict[str, Any] = {"id": pa.array(scaled.ids, pa.string())}
    for j, f in enumerate(card.factors):
        for end, values in (("", scaled.value), (":low", scaled.low), (":high", scaled.high)):
            columns[f.id + end] = pa.array(values[:, j], pa.float64(), from_pandas=True)
        columns[f"{f.id}:applies"] = pa.array(scaled.applies[:, j], pa.bool_())
    for j, cap in enumerate(card.caps):
        columns[f"{cap.id}:cap"] = pa.array(scaled.caps[:, j], pa.bool_())
    return pa.table(columns)


def _read_scaled(path: Path, card: Scorecard) -> Scaled:
    table = read_parquet(path)

    def matrix(suffix: str, names: Iterable[str]) -> np.ndarray[Any, Any]:
        columns = [table[name + suffix].to_numpy(zero_copy_only=False) for name in names]
        return np.stack(columns, axis=1) if columns else np.zeros((table.num_rows, 0), dtype=bool)

    ids = [f.id for f in card.factors]
    return Scaled(
        ids=np.asarray(table["id"].to_pylist(), dtype=object),
        value=matrix("", ids),
        low=matrix(":low", ids),
        high=matrix(":high", ids),
        applies=matrix(":applies", ids),
        caps=matrix(":cap", [c.id for c in card.caps]),
    )
