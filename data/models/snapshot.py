"""A snapshot of models on disk: what is in one, check, load. data/models/build.py builds them.

    <root>/models/<date>/facts.parquet     a row a model, a column a fact; in the order of ids
                         evidence.parquet  a row a fact that is known or has a note: where it comes from, in that order
                         scaled.parquet    the scaled measures under the scorecard's fingerprint
                         yardstick.json    the yardstick that they were scaled with
                         records.jsonl.gz  what the facts were read from, without any text of a model card; a snapshot
                                           of a listing in Parquet has none
                         manifest.json     sources, as-of ranges, counts, size and sha256 of every file and its own seal

float64 is kept in scaled.parquet: the app, the command line and a fresh computation must agree to the last digit.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from data.archive import BUNDLED as BUNDLED
from data.archive import Layout, opened, read_parquet, reading
from data.archive import SnapshotError as SnapshotError
from data.archive import dates as dates
from data.archive import root as root
from data.models.origins import Origins, evidence
from data.models.schema import DTYPES
from data.models.search import Names, nearest
from data.models.stored import Facts, Stored, between_all, check_evidence, check_scaled, mapped, scaled_by_row
from scoring.engine import fit, measure, scale
from scoring.ground import answered, common_ground
from scoring.scorecards import MODEL
from scoring.types import Evidence, Scaled, Scorecard, Yardstick, YardstickKind

KIND = "models"
LARGEST = 2**53  # of a count: a larger one is not exact in float64
SPELT = 20  # ids that may differ in their case only
LARGE = 20_000_000  # bytes of facts; from here on they stay on the disk and are read by position
TABLES = ("facts.parquet", "evidence.parquet", "scaled.parquet")
READ = frozenset({*TABLES, "yardstick.json"})
_COUNTED = {"from": str, "to": str}
LAYOUT = Layout(
    KIND,
    READ,
    {
        "rows": int,
        "generated?": bool,
        "scorecard": {"id": str, "version": str, "fingerprint": str},
        "common_ground?": [str],
        "sources": [{"name": str, "licence": str, "url": str, "models": int, "facts": int} | _COUNTED],
        "facts": {"*": {"known": int} | _COUNTED},
    },
    further=frozenset({"records.jsonl.gz"}),  # only checked; a listing in Parquet keeps its own rows
)
NULLABLE = {pa.string(): pd.StringDtype(), pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
_ARROW = {"string": pa.string(), "Int64": pa.int64(), "boolean": pa.bool_()}


@dataclass(frozen=True)
class Snapshot:
    """A sound snapshot: its facts (one row a model, pandas nullable columns) and where they come from.

    It holds what it needs of its files: what is read later is what was checked, whatever became of the folder.
    """

    taken: str
    folder: Path
    manifest: Mapping[str, Any]
    facts: pd.DataFrame
    origins: Origins = field(repr=False, compare=False)
    _memo: dict[tuple[str, str], tuple[Scaled, Yardstick]] = field(default_factory=dict, repr=False, compare=False)
    file: Stored | None = field(default=None, repr=False, compare=False)  # of a large one, whose facts stay there

    @property
    def generated(self) -> bool:
        """Whether its models are made up, to try a size."""
        return bool(self.manifest.get("generated"))

    @cached_property
    def position(self) -> dict[str, int]:
        """Row number of every model."""
        return {str(i): n for n, i in enumerate(self.facts["id"])}

    def find(self, model: str) -> int | None:
        """Return the row number of a model, None where there is none."""
        return self.file.find(model) if self.file else self.position.get(model)

    def search(self, text: str, most: int) -> list[str]:
        """Return at most so many ids that contain every word, the likeliest to be meant first (see Names.search)."""
        return self.names.search(text, most)

    def resolve(self, text: str) -> str:
        """Return the id that is meant as it is written here, whatever its case; empty where there is none."""
        if not text or self.find(text) is not None:
            return text
        return next((model for model in self.search(text, SPELT) if model.lower() == text.lower()), "")

    def nearest(self, text: str, most: int = 3) -> list[str]:
        """Return at most so many ids that look most like a text, best first."""
        return nearest(text, self.search, most)

    @cached_property
    def names(self) -> Names:
        """All ids, made ready to be searched, which takes a second for millions."""
        facts: Any = self.facts
        return facts.names if self.file else Names(*(pa.array(facts[name]) for name in ("id", "likes")))

    def rows(self, models: Iterable[str]) -> list[int]:
        """Return the row numbers of models, without those that are not there."""
        return [row for row in map(self.find, models) if row is not None]

    @cached_property
    def common_ground(self) -> tuple[str, ...]:
        """Ids of the factors that are known for nearly all models: stored, and of an older scorecard found anew."""
        if self.manifest["scorecard"]["fingerprint"] == MODEL.fingerprint and "common_ground" in self.manifest:
            return tuple(self.manifest["common_ground"])
        return common_ground(MODEL, answered(self.scaled(MODEL)), len(self.facts))

    def scaled(self, card: Scorecard, kind: YardstickKind = "goalposts") -> Scaled:
        """Return the facts on 0..1 under a card: read if the card's fingerprint is the stored one, else computed."""
        return self._scaled(card, kind)[0]

    def yardstick(self, card: Scorecard, kind: YardstickKind = "goalposts") -> Yardstick:
        """Return the yardstick of this snapshot; live models are placed on it so that only they move."""
        return self._scaled(card, kind)[1]

    def _scaled(self, card: Scorecard, kind: YardstickKind) -> tuple[Scaled, Yardstick]:
        key = (card.fingerprint, kind)
        if key not in self._memo and self.file:  # under the card of its own, else it is in memory
            self._memo[key] = between_all(self.scaled(card), self.file, card, self.taken)
        elif key not in self._memo:
            measured = measure(card, self.facts)
            yardstick = fit(card, measured, kind, self.taken)
            self._memo[key] = (scale(card, measured, yardstick), yardstick)
        return self._memo[key]

    def evidence(self, model: str, fact: str, value: object, page: str) -> Evidence:
        """Return where a fact of a model comes from; its `page` is the place to check it today."""
        source, as_of, note = self.origins.of(model).get(fact, ("", "", ""))
        return evidence(model, fact, value, page, source, as_of, note)

    def subject(self, model: str) -> dict[str, Any]:
        """Return the facts of a model by name, as pandas holds them."""
        if (row := self.find(model)) is None:
            raise KeyError(model)
        return {str(fact): value for fact, value in self.facts.iloc[row].items()}

    def days(self, model: str) -> dict[str, str]:
        """Return the ISO day on which each fact of a model was read."""
        return {fact: as_of for fact, (_, as_of, _) in self.origins.of(model).items()}


def load(taken: str = "", within: Path | None = None, *, by_position: bool = False) -> Snapshot:
    """Check and load a snapshot (default: the newest). SnapshotError names what is wrong and what to do.

    A large one is left on the disk and read `by_position` for those who ask so; its facts are then `Facts`.
    """
    known = dates(KIND, within)
    if not known:
        raise SnapshotError(
            f"There is no snapshot of {KIND} in {within or root()}; "
            "build one with `weighbridge snapshot build --from RECORDS`."
        )
    taken = taken or known[-1]
    if taken not in known:
        there = f"the only one is {known[0]}" if len(known) == 1 else f"the snapshots are {', '.join(known)}"
        raise SnapshotError(f"There is no snapshot {taken} of {KIND}; {there}.")
    folder = (within or root()) / KIND / taken
    if by_position and _is_large(folder):
        manifest, files = opened(folder, LAYOUT, {"yardstick.json"})
        if manifest["scorecard"]["fingerprint"] == MODEL.fingerprint:  # else all facts are measured anew
            return _mapped(folder, manifest, files)
    return _read(folder, *opened(folder, LAYOUT, READ))


def load_newest_sound(within: Path | None = None, *, by_position: bool = False) -> tuple[Snapshot, str]:
    """Load the newest sound snapshot, with a sentence about each newer one that is not (empty when all is well)."""
    refused: list[str] = []
    for taken in reversed(dates(KIND, within)):
        try:
            return load(taken, within, by_position=by_position), " ".join(refused)
        except SnapshotError as wrong:
            refused.append(str(wrong))
    if refused:
        raise SnapshotError(" ".join(refused))
    return load(within=within), ""


def verify(folder: Path) -> dict[str, Any]:
    """Check every file of a snapshot, read each, and return its manifest; SnapshotError names what is wrong."""
    large = _is_large(folder)
    manifest, files = opened(folder, LAYOUT, LAYOUT.further | {"yardstick.json"} if large else None)
    if not large:
        _read(folder, manifest, files)
    elif manifest["scorecard"]["fingerprint"] == MODEL.fingerprint:
        _mapped(folder, manifest, files)
    content = {name: mapped(folder, name) if large else files[name] for name in TABLES}
    with reading(folder, "scaled.parquet"):
        facts = Stored(content["facts.parquet"])
        if large:
            check_scaled(Stored(content["scaled.parquet"]), facts.column("id"))
    with reading(folder, "evidence.parquet"):
        check_evidence(content["evidence.parquet"], facts, sum(source["facts"] for source in manifest["sources"]))
    if "records.jsonl.gz" in files:
        with reading(folder, "records.jsonl.gz"), gzip.open(BytesIO(files["records.jsonl.gz"])) as lines:
            _require(sum(1 for _ in lines) == manifest["rows"])
    return manifest


def _read(folder: Path, manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> Snapshot:
    """Read the files of a snapshot. Those of an older scorecard are scaled anew when somebody asks."""
    stored: dict[tuple[str, str], tuple[Scaled, Yardstick]] = {}
    with reading(folder, "facts.parquet"):
        facts = facts_frame(read_parquet(files["facts.parquet"]))
        ids = facts["id"]
        _require(len(ids) == manifest["rows"] and ids.notna().all() and ids.is_unique and ids.is_monotonic_increasing)
        _require(facts.dtypes.astype(str).to_dict().items() >= DTYPES.items())
        counts = facts.select_dtypes("Int64")
        _require(((counts >= 0) & (counts <= LARGEST)).fillna(True).to_numpy().all())
    with reading(folder, "evidence.parquet"):
        origins = Origins(files["evidence.parquet"], folder)
    if manifest["scorecard"]["fingerprint"] == MODEL.fingerprint:
        with reading(folder, "scaled.parquet"):
            scaled = read_scaled(read_parquet(files["scaled.parquet"]), MODEL)
            _require(np.array_equal(scaled.ids, ids.to_numpy()))
            _require(scaled.value.dtype == float and scaled.applies.dtype == scaled.caps.dtype == bool)
            _require(not np.isnan([scaled.low, scaled.high]).any())
            places = np.array([scaled.value, scaled.low, scaled.high])
            _require(not ((places < 0) | (places > 1)).any())  # an unknown value is neither
        with reading(folder, "yardstick.json"):
            yardstick = Yardstick.from_json(files["yardstick.json"].decode())
            _require(yardstick.low.keys() == yardstick.high.keys() == {f.id for f in MODEL.factors})
        with reading(folder, "manifest.json"):
            ground = manifest.get("common_ground", [*yardstick.low])
            _require(ground and yardstick.low.keys() >= set(ground))
        stored[MODEL.fingerprint, "goalposts"] = scaled, yardstick
    return Snapshot(folder.name, folder, manifest, facts, origins, stored)


def _is_large(folder: Path) -> bool:
    facts = folder / "facts.parquet"
    return facts.is_file() and facts.stat().st_size > LARGE


def _mapped(folder: Path, manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> Snapshot:
    """Map the files of a large snapshot, which were checked, into memory, and read of them what is asked for."""
    with reading(folder, "facts.parquet"):
        file = Stored(mapped(folder, "facts.parquet"))
        facts: Any = Facts(file)
        _require(len(facts) == manifest["rows"])
    with reading(folder, "evidence.parquet"):
        origins = Origins(mapped(folder, "evidence.parquet"), folder)
    with reading(folder, "scaled.parquet"):
        scaled = Stored(mapped(folder, "scaled.parquet"))
        _require(len(scaled) == manifest["rows"])
    with reading(folder, "yardstick.json"):
        yardstick = Yardstick.from_json(files["yardstick.json"].decode())
    stored: dict[tuple[str, str], tuple[Scaled, Yardstick]] = {
        (MODEL.fingerprint, "goalposts"): (scaled_by_row(scaled, MODEL, file), yardstick)
    }
    return Snapshot(folder.name, folder, manifest, facts, origins, stored, file)


def _require(sound: object) -> None:
    if not sound:
        raise ValueError("The content does not fit the rest of the snapshot.")


def facts_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Make the table of facts that is stored; keys of a row that are neither `id` nor a fact are left out."""
    rows = list(rows)
    columns = {"id": pa.string()} | {name: _ARROW[dtype] for name, dtype in DTYPES.items()}
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in columns.items()})


def facts_frame(table: pa.Table) -> pd.DataFrame:
    """Read a stored table of facts into nullable columns; a fact that it lacks (an older one) is unknown of all."""
    facts: pd.DataFrame = table.to_pandas(types_mapper=NULLABLE.get, use_threads=False)
    lacking = {name: dtype for name, dtype in DTYPES.items() if name not in facts}
    return facts.assign(**{name: pd.Series(pd.NA, facts.index, dtype) for name, dtype in lacking.items()})


def scaled_table(scaled: Scaled, card: Scorecard) -> pa.Table:
    """Make a table of scaled measures: per factor its value, low, high and whether it applies; per cap who meets it."""
    columns: dict[str, Any] = {"id": pa.array(scaled.ids, pa.string())}
    for j, f in enumerate(card.factors):
        for end, values in (("", scaled.value), (":low", scaled.low), (":high", scaled.high)):
            columns[f.id + end] = pa.array(values[:, j], pa.float64(), from_pandas=True)
        columns[f"{f.id}:applies"] = pa.array(scaled.applies[:, j], pa.bool_())
    for j, cap in enumerate(card.caps):
        columns[f"{cap.id}:cap"] = pa.array(scaled.caps[:, j], pa.bool_())
    return pa.table(columns)


def read_scaled(table: pa.Table, card: Scorecard, *, ends: bool = True) -> Scaled:
    """Read what `scaled_table` made, to the last bit; without ids and `ends` of intervals what only totals need."""

    def matrix(suffix: str, names: Iterable[str]) -> np.ndarray[Any, Any]:
        columns = [table[name + suffix].to_numpy(zero_copy_only=False) for name in names]
        return np.stack(columns).T if columns else np.zeros((table.num_rows, 0), dtype=bool)

    ids = [f.id for f in card.factors]
    value = matrix("", ids)
    return Scaled(
        ids=np.asarray(table["id"].to_pylist(), dtype=object) if ends else np.empty(len(value), dtype=object),
        value=value,
        low=matrix(":low", ids) if ends else value,
        high=matrix(":high", ids) if ends else value,
        applies=matrix(":applies", ids),
        caps=matrix(":cap", [c.id for c in card.caps]),
    )
