"""A listing of the whole Hub becomes a snapshot: its row groups are read for facts side by side, then merged by id.

A part is a Parquet file with the facts of a unit's models by id, the numbers of their origins, and in its metadata what
these numbers mean and which rows could not be read. It is written under another name and then renamed: a part that is
there is whole, and is not made again, whoever was killed. Facts that take all models to tell (who is established, whose
models are named as a known owner's) come from a first pass over the columns that tell it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import fsspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.archive import drafting, publish, root
from data.curated import tables
from data.models.build import LIKES, LISTINGS, MODELS, OnProgress, established, owner_of, reduced
from data.models.facts import facts
from data.models.listing import BATCH, KEYS, Listing, Unit, Unreadable, columns, open_listing, read_rows, records
from data.models.provenance import ORIGINS, Catalogue, OneReading
from data.models.records import Malformed, names_by_owner
from data.models.snapshot import KIND, facts_table
from data.models.workers import run
from data.models.writer import GROUP, Writer
from data.shapes import as_text
from scoring.scorecards import MODEL

MERGED: Final = 8 * GROUP  # models that the merge holds, and that are a group of rows in the files
_NUMBERS, _ENTRIES, _WRONG = "origins", b"entries", b"wrong"


@dataclass(frozen=True, slots=True)
class Known:
    """What a part needs to know of all models: the day of ages, the source, and what the first pass found of owners.

    An owner (in lower case) that is not in `owners` is not established; `names` are those that the name check compares.
    """

    today: date
    as_of: date
    source: str
    owners: Mapping[str, bool | None]
    names: Mapping[str, list[str]]


def build_listing(
    address: str,
    as_of: date,
    into: Path | None = None,
    on_progress: OnProgress = lambda *_: None,
    *,
    workers: int = 1,
    scheduler: str = "",
    parts: str = "",
) -> tuple[Path, list[str]]:
    """Build the snapshot of a listing in Parquet; returns its folder, and a sentence for each row that was left out.

    `parts` is where finished parts wait for the merge, an address that every worker reaches (default: beside the
    snapshot). Any number of workers, in any order, gives the same hashes. Raises Unreadable.
    """
    listing = open_listing(address)
    home = (parts or str((into or root()) / KIND)).rstrip("/")
    folder = f"{home}/.parts-{_stamp(listing, as_of)}"
    files, path = _opened(folder, home)
    known = survey(listing, as_of, on_progress)
    pa.default_memory_pool().release_unused()  # else what the first pass took stays beside what the workers take
    todo = [unit for unit in listing.units if not _is_whole(folder, unit)]
    done = listing.rows - sum(unit.rows for unit in todo)
    for unit in run(make, [(unit, known, folder) for unit in todo], workers, scheduler):
        done += unit.rows
        on_progress("Reading", done, listing.rows)
    with drafting(KIND, into) as draft:
        with Writer(draft, MODEL, as_of) as writer:
            wrong = _merge(folder, listing, writer, on_progress)
        if not writer.models:
            raise Unreadable(f"{address} has no row that is a model; nothing was built.")
        manifest = writer.finish() | ({"generated": True} if listing.generated else {})
        built = publish(draft, max(writer.tally.newest(), known.today.isoformat()), manifest)
    files.rm(path, recursive=True)
    return built, wrong


def _opened(folder: str, home: str) -> tuple[Any, str]:
    """Make the folder of the parts; returns its file system and its path there."""
    try:
        files, path = fsspec.core.url_to_fs(folder)
        if "https" in files.protocol:
            raise ValueError("it can only be read")
    except (ImportError, ValueError) as no:  # a protocol that fsspec has no package for, or does not know
        raise Unreadable(f"No parts can be written to {home}: {no}.") from no
    files.makedirs(path, exist_ok=True)
    return files, path


def survey(listing: Listing, as_of: date, on_progress: OnProgress = lambda *_: None) -> Known:
    """Read what takes all models to tell, from three columns of a listing; of rows with one id the last counts."""
    files = columns(listing, ("id", "likes", "createdAt"))
    ids = pa.chunked_array([part for file in files for part in pc.utf8_trim_whitespace(file["id"]).chunks], pa.string())
    on_progress("Looking through", len(ids), listing.rows)
    owners = [_owners(file["id"]) for file in files]
    worth = _worth_a_look(files, owners)
    by_id: dict[str, dict[str, Any]] = {}  # of several rows with one id the last counts
    for file, owner in zip(files, owners, strict=True):
        for batch in file.filter(pc.is_in(owner, worth)).to_batches(BATCH):
            read = (one for one in read_rows(batch) if isinstance(one, dict))
            by_id |= {i: one | {"id": i} for one in read if owner_of(i := as_text(one["id"]) or "")}
    today = max(as_of, date.fromisoformat(tables.AS_OF))
    levels = established(by_id.values(), today)
    known_names = pa.array({name for owner in tables.known_owners() for name in tables.known_models(owner)})
    copied = ids.filter(pc.is_in(pc.utf8_lower(pc.replace_substring_regex(ids, ".*/", "")), known_names))
    names = names_by_owner(sorted(set(copied.drop_null().to_pylist())))
    found = {owner: level for owner, level in levels.items() if level is not False}
    return Known(today, as_of, listing.source, found, names)


def _worth_a_look(files: Sequence[pa.Table], owners: Sequence[pa.ChunkedArray]) -> pa.Array:
    """Return the owners who may be established: few have enough models and likes, or something unknown."""
    parts = []
    for file, owner in zip(files, owners, strict=True):
        likes = file["likes"] if "likes" in file.column_names else pa.nulls(len(file))
        created = file["createdAt"] if "createdAt" in file.column_names else pa.nulls(len(file))
        plain = pa.types.is_integer(likes.type) and pa.types.is_timestamp(
            created.type
        )  # of others nothing is judged here
        liked = likes.cast(pa.float64()) if plain else pa.nulls(len(file), pa.float64())
        known = pc.and_(pc.fill_null(pc.greater_equal(liked, 0), False), created.is_valid())
        parts.append(pa.table({"owner": owner, "likes": pc.if_else(known, liked, float(LIKES))}))
    sums = pa.concat_tables(parts).group_by("owner").aggregate([("likes", "sum"), ("likes", "count")])
    enough = pc.and_(pc.greater_equal(sums["likes_sum"], LIKES), pc.greater_equal(sums["likes_count"], MODELS))
    return sums["owner"].filter(enough).combine_chunks()


def _owners(ids: pa.ChunkedArray) -> pa.ChunkedArray:
    """The owners of models, in lower case."""
    return pc.utf8_lower(pc.replace_substring_regex(pc.utf8_trim_whitespace(ids), "/.*", ""))


def make(unit: Unit, known: Known, folder: str) -> Unit:
    """Read a unit for facts and write its part. OSError where that cannot be written, Unreadable where it cannot be."""
    catalogue, found, wrong = Catalogue(), [], []
    reading = OneReading(catalogue, known.as_of)
    day = known.today.isoformat()
    provenance = {key: [known.source, known.as_of.isoformat()] for key in KEYS} | {"established": [LISTINGS, day]}
    rows: list[Mapping[str, Any]] = []
    numbers: list[list[int]] = []
    for read in records(unit):
        if isinstance(read, Malformed):
            wrong.append(str(read))
            continue
        record = reduced(read)
        owner = owner_of(record["id"])
        record |= {"established": known.owners.get(owner, False), "_provenance": provenance}
        row = facts(record, known.today, known.names.get(owner, ()))
        rows.append(row)
        numbers.append(reading.numbers(record, row))
        if len(rows) == GROUP:
            found.append(_table(rows, numbers))
            rows, numbers = [], []
    table = pa.concat_tables([*found, _table(rows, numbers)])
    table = table.take(pc.sort_indices(table["id"]))
    metadata = {_ENTRIES: json.dumps(list(catalogue.entries)), _WRONG: json.dumps(wrong)}
    _write(table.replace_schema_metadata(metadata), _path(folder, unit))
    return unit


def _table(rows: list[Mapping[str, Any]], numbers: list[list[int]]) -> pa.Table:
    return facts_table(rows).append_column(_NUMBERS, pa.array(numbers, ORIGINS))


def _write(table: pa.Table, path: str) -> None:
    draft = f"{path}.{secrets.token_hex(8)}"
    files, place = fsspec.core.url_to_fs(draft)
    try:
        with files.open(place, "wb") as file:
            pq.write_table(table, file, row_group_size=GROUP, compression="zstd", compression_level=1)
        files.mv(place, fsspec.core.url_to_fs(path)[1])
    except BaseException:
        with suppress(OSError):
            files.rm(place)
        raise


def _path(folder: str, unit: Unit) -> str:
    return f"{folder}/{unit.number:05d}.parquet"


def _is_whole(folder: str, unit: Unit) -> bool:
    with suppress(OSError, pa.ArrowInvalid), fsspec.open(_path(folder, unit), "rb") as file:
        return bool(pq.read_schema(file).metadata)
    return False


def _stamp(listing: Listing, as_of: date) -> str:
    """Sixteen digits that change with what the parts are made of."""
    told = [listing.source, listing.stamp, as_of.isoformat(), tables.AS_OF, MODEL.version, MODEL.fingerprint]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


# Merge


def _merge(folder: str, listing: Listing, writer: Writer, on_progress: OnProgress) -> list[str]:
    """Write the models of all parts in the order of their ids; returns which rows could not be read."""
    with ExitStack() as stack:
        parts = [stack.enter_context(_Part(_path(folder, unit))) for unit in listing.units]
        ids = pa.chunked_array([part.ids() for part in parts], pa.string())
        order = pc.sort_indices(ids).to_numpy()  # stable, so that of one id the last row comes last
        starts = np.cumsum([0, *(part.rows for part in parts)])
        sorted_ids = ids.take(pa.array(order))
        last = np.ones(len(order), dtype=bool)
        if len(order):
            last[:-1] = pc.not_equal(sorted_ids[:-1], sorted_ids[1:]).to_numpy()
        del ids, sorted_ids
        catalogue = Catalogue()
        for part in parts:
            part.numbers = catalogue.join(part.entries)
        total = int(last.sum())
        for start in range(0, max(len(order), 1), MERGED):
            here = order[start : start + MERGED]
            table, places = _next(parts, starts, here)
            table = table.take(pa.array(places[last[start : start + MERGED]])).combine_chunks()
            origins_of = table[_NUMBERS].combine_chunks() if table.num_rows else pa.array([], ORIGINS)
            writer.write(table.drop_columns([_NUMBERS]), origins_of, catalogue)
            on_progress("Writing", writer.models, total)
        return [sentence for part in parts for sentence in part.wrong]


def _next(parts: list[_Part], starts: np.ndarray[Any, Any], here: np.ndarray[Any, Any]) -> tuple[pa.Table, Any]:
    """Read the next rows of each part that are `here` (positions in all of them), and where each of these lies then."""
    owner = np.searchsorted(starts, here, side="right") - 1
    counts = np.bincount(owner, minlength=len(parts))
    places = np.empty(len(here), dtype=np.int64)
    found, before = [], 0
    for n in np.flatnonzero(counts):
        mine = owner == n
        places[mine] = here[mine] - starts[n] - parts[n].read + before
        found.append(parts[n].next(int(counts[n])))
        before += int(counts[n])
    return pa.concat_tables(found) if found else parts[0].next(0), places


class _Part:
    """A part that is read from its first row to its last, a few at a time."""

    def __init__(self, path: str) -> None:
        self._path, self.read = path, 0
        self.numbers = np.zeros(0, dtype=np.int64)  # of its entries in the catalogue of all parts

    def __enter__(self) -> _Part:
        self._opened = ExitStack()
        file = self._opened.enter_context(fsspec.open(self._path, "rb"))
        self._file = self._opened.enter_context(pq.ParquetFile(file))
        metadata = self._file.schema_arrow.metadata
        self.entries, self.wrong = (json.loads(metadata[key]) for key in (_ENTRIES, _WRONG))
        self.rows = self._file.metadata.num_rows
        self._held, self._group = self._file.schema_arrow.remove_metadata().empty_table(), 0
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def ids(self) -> pa.Array:
        """Return the ids of all rows."""
        return self._file.read(["id"], use_threads=False)["id"].combine_chunks()

    def next(self, number: int) -> pa.Table:
        """Return the next rows, with the numbers of their origins in the catalogue of all parts."""
        while self._held.num_rows < number:
            more = self._file.read_row_group(self._group, use_threads=False).replace_schema_metadata(None)
            numbers = more[_NUMBERS].combine_chunks()
            flat = pa.array(self.numbers[numbers.flatten().to_numpy()], pa.int32())
            column = pa.ListArray.from_arrays(numbers.offsets, flat)
            more = more.set_column(more.num_columns - 1, _NUMBERS, column)
            self._held, self._group = pa.concat_tables([self._held, more]), self._group + 1
        found, self._held = self._held.slice(0, number), self._held.slice(number)
        self.read += number
        return found
