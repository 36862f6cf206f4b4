"""A listing of the whole Hub as Parquet, in the columns of the public data set hub-stats: its files, groups and rows.

A row becomes a record in the shape of the Hub's API, so that every fact has one definition. A column that is missing is
unknown of all; what is nested may be a struct or JSON text, a list of files may hold names or objects. A file may lie
on a disk, behind https:// or in a data set (hf://datasets/OWNER/NAME/...).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from data.curated import tables
from data.models.records import Malformed, whole
from data.models.schema import FACTS
from data.shapes import LONGEST, as_text

BATCH: Final = 2000  # rows that are objects of Python at a time
UNIT: Final = 50_000  # rows of small row groups that are read as one part
GENERATED: Final = b"generated"  # key of a file's metadata whose value says how its rows were made up
KEYS: Final = {key for fact in FACTS.values() for key in fact.keys} | {"id", "disabled", "transformersInfo"}
_TEXTS: Final = frozenset("id author pipeline_tag library_name createdAt lastModified readme".split())
_CLOSED: Final = "it is not there, or its server opens it only to some; with HF_TOKEN it may know you"
_STATUS: Final = {
    401: _CLOSED,
    403: _CLOSED,
    404: "there is no such file or folder",
    429: "its server was asked too often; run this again later, what was read is kept",
}
_WORDS: Final = {"true": True, "false": False}  # a gate or a switch that a writer put down as text
_JSON: Final = json.JSONDecoder(parse_int=whole)  # made at every call, it would cost more than most texts
_DAY: Final = re.compile(r"(?<!\d)20\d\d-\d\d-\d\d(?!\d)")


class Unreadable(ValueError):
    """A source that is no listing of models, or that is damaged; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the work: row groups of one file that follow each other."""

    number: int
    address: str
    groups: tuple[int, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The units of a listing, the source that its facts name, and what tells it from another (`stamp`)."""

    source: str
    units: tuple[Unit, ...]
    stamp: tuple[object, ...]
    generated: bool

    @property
    def rows(self) -> int:
        """Rows of all files."""
        return sum(unit.rows for unit in self.units)


def is_listing(address: str) -> bool:
    """Whether an address is of Parquet: by its name, or as a folder that holds such files."""
    if "://" in address or address.endswith(".parquet"):
        return True
    files, path = _resolved(address)
    return bool(files.isdir(path) and files.glob(f"{path}/**/*.parquet"))


def day_of(address: str) -> date | None:
    """The last date that an address names, as weekly copies do."""
    for text in reversed(_DAY.findall(address)):
        try:
            return date.fromisoformat(text)
        except ValueError:
            continue
    return None


def open_listing(address: str) -> Listing:
    """Read what the files of a listing hold, without their rows. Unreadable names the file that is none."""
    with _explained(address):
        files, path = _resolved(address)
        # What https:// names is a file: to ask whether it is a folder would fetch all of it.
        folder = not address.startswith(("http://", "https://")) and files.isdir(path)
        found = sorted(files.glob(f"{path}/**/*.parquet")) if folder else [path]
    units: list[Unit] = []
    stamp: list[object] = []
    generated = b""
    for one in (path if "://" not in address else files.unstrip_protocol(path) for path in found):
        with opened(one) as file:
            _check(one, file.schema_arrow)
            sizes = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
            generated = (file.metadata.metadata or {}).get(GENERATED, generated)
            stamp.append((one, file.metadata.num_rows, file.metadata.serialized_size, sizes, str(file.schema_arrow)))
        stamp.append(str(files.info(files._strip_protocol(one)).get("size")))
        for groups in _together(sizes):
            units.append(Unit(len(units), one, groups, sum(sizes[n] for n in groups)))
    if not any(unit.rows for unit in units):
        raise Unreadable(f"{address} holds no model; nothing was built.")
    source = f"Generated models ({generated.decode()})" if generated else _source(address)
    return Listing(source, tuple(units), tuple(stamp), bool(generated))


def columns(listing: Listing, names: Sequence[str]) -> list[pa.Table]:
    """Read a few columns of each file, of those that it has; an id that is no text is null."""
    found = []
    for address in dict.fromkeys(unit.address for unit in listing.units):
        with opened(address) as file:
            table = file.read([name for name in names if name in file.schema_arrow.names])
        found.append(table.set_column(table.column_names.index("id"), "id", _texts(table["id"])))
    return found


def records(unit: Unit) -> Iterator[dict[str, Any] | Malformed]:
    """Read the rows of a unit one by one; one that cannot be read comes out as Malformed, with its group and number."""
    name = unit.address.rpartition("/")[2]
    with opened(unit.address) as file:
        asked = [column for column in file.schema_arrow.names if column in KEYS]
        for group in unit.groups:
            number = 0
            for batch in file.iter_batches(BATCH, [group], asked, use_threads=False):
                for read in read_rows(batch):
                    number += 1
                    if isinstance(read, str):
                        yield Malformed(f"Row {number} of row group {group} of {name} {read}; it was left out.")
                    else:
                        yield read


@contextmanager
def opened(address: str) -> Iterator[pq.ParquetFile]:
    """Open a Parquet file wherever it lies. Unreadable when it, or what is read of it in the block, is damaged."""
    with _explained(address), fsspec.open(address, "rb") as file, pq.ParquetFile(file) as parquet:
        yield parquet


def _resolved(address: str) -> tuple[Any, str]:
    files, path = fsspec.core.url_to_fs(address)
    return files, str(path).rstrip("/")


@contextmanager
def _explained(address: str) -> Iterator[None]:
    """Turn whatever goes wrong with a file, wherever it lies, into one sentence."""
    try:
        yield
    except Unreadable:
        raise
    except Exception as wrong:  # each protocol has errors of its own
        raise Unreadable(f"{address} {_wrong(wrong)}.") from wrong


def _wrong(error: Exception) -> str:
    """Say what is wrong with a file, and what to do."""
    text = " ".join(str(error).split()) or type(error).__name__
    missing = isinstance(error, FileNotFoundError)
    inner = error.__cause__ if missing and error.__cause__ else error  # fsspec calls every refusal that
    status = getattr(getattr(inner, "response", inner), "status_code", getattr(inner, "status", None))
    if isinstance(status, int) and status >= 400:
        return f"cannot be read: {_STATUS.get(status, f'its server answers {status}; try again later')}"
    if type(inner).__module__.partition(".")[0] in ("aiohttp", "httpx") or isinstance(
        inner, ConnectionError | TimeoutError
    ):
        return "cannot be read: its server did not answer, or broke off; run this again, what was read is kept"
    if missing:
        return f"cannot be read: {_STATUS[404]}"
    if "streaming" in text:
        return "cannot be read: its server does not give parts of a file; download it first"
    if "magic bytes" in text or "footer" in text:
        return "is no whole Parquet file; get it again"
    if isinstance(error, pa.ArrowException) or (type(error) is OSError and not error.errno):
        return "is damaged; get it again"
    return f"cannot be read: {(getattr(error, 'strerror', None) or text)[:LONGEST].partition('. ')[0].rstrip('.')}"


def _check(address: str, schema: pa.Schema) -> None:
    ids = schema.field("id").type if "id" in schema.names else pa.null()
    ids = ids.value_type if pa.types.is_dictionary(ids) else ids
    if not (pa.types.is_string(ids) or pa.types.is_large_string(ids) or pa.types.is_string_view(ids)):
        raise Unreadable(f"{address} is no listing of models: it has no column `id` of texts.")
    if not (KEYS - {"id", "author"}) & set(schema.names):
        there = ", ".join(schema.names[:8])
        raise Unreadable(f"{address} is no listing of models: its columns are {there}, of which no fact is read.")


def _together(sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Put small row groups together, so that a part is worth its beginning."""
    groups: list[int] = []
    for n, size in enumerate(sizes):
        if groups and sum(sizes[g] for g in groups) + size > UNIT:
            yield tuple(groups)
            groups = []
        groups.append(n)
    if groups:
        yield tuple(groups)


def _source(address: str) -> str:
    """The name of a known data set that an address is of, else that of the file."""
    plain = address.lower().replace("_", "-")
    known = (name for name in tables.sources() if name.startswith("hub-") and name in plain)
    return next(known, "") or (as_text(address.rstrip("/").rpartition("/")[2]) or "a listing")


# From columns to records


def read_rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any] | str]:
    """Turn rows into records; of one that cannot be read, say what is wrong with it."""
    names, broken = batch.schema.names, dict[int, str]()
    columns = [_column(batch[name], name, broken) for name in names]
    for n, values in enumerate(zip(*columns, strict=True)):
        record = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        if not as_text(record.get("id")):
            broken.setdefault(n, "has no `id` that is a text")
        yield broken.get(n, record)


def _column(array: pa.Array, name: str, broken: dict[int, str]) -> list[Any]:
    try:
        return _values(array, name, broken)
    except UnicodeDecodeError:  # somewhere in it
        return [_value(array.slice(n, 1), name, n, broken) for n in range(len(array))]


def _value(array: pa.Array, name: str, row: int, broken: dict[int, str]) -> Any:
    found: dict[int, str] = {}
    try:
        (value,) = _values(array, name, found)
    except UnicodeDecodeError:
        value, found[0] = None, f"has a `{name}` that is not UTF-8 text"
    if found:
        broken.setdefault(row, found[0])
    return value


def _values(array: pa.Array, name: str, broken: dict[int, str]) -> list[Any]:
    """The values of a column as objects of Python: structs as dictionaries of what they have, files by their names.

    Rows whose text is JSON that nobody can read are noted as `broken`.
    """
    kind = array.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _lists(array)
    if pa.types.is_struct(kind):
        return _structs(array, name)
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):  # a time that is no day of the calendar is a number
        times = array.cast(pa.timestamp("us"), safe=False)
        return times.to_numpy(zero_copy_only=False).tolist()  # type: ignore[no-any-return]
    if pa.types.is_map(kind):
        return [None if value is None else dict(value) for value in array.to_pylist()]
    values: list[Any] = (array.dictionary_decode() if pa.types.is_dictionary(kind) else array).to_pylist()
    if name not in _TEXTS:
        for n, value in enumerate(values):
            if isinstance(value, str):
                try:
                    values[n] = _meant(value)
                except (ValueError, RecursionError):
                    broken.setdefault(n, f"has a `{name}` that is not valid JSON")
    return values


def _meant(text: str) -> Any:
    """What a text stands for: a truth value, or JSON of something nested; else itself."""
    if text[:1] in ("{", "["):
        return _JSON.decode(text)
    return _WORDS.get(text.lower(), text) if len(text) < 6 else text


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Bring texts of any type into one; null where a row has bytes that are no text."""
    texts = column.cast(pa.string())
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        return pa.chunked_array([pa.array(_column(part, "id", {}), pa.string()) for part in texts.chunks], pa.string())
    return texts


def _structs(array: pa.StructArray, name: str) -> list[Any]:
    if name == "safetensors" and array.type.get_field_index("total") >= 0:  # the rest is many columns, read by nobody
        totals, valid = array.field("total").to_pylist(), array.is_valid().to_pylist()
        if all(total is not None for total, there in zip(totals, valid, strict=True) if there):
            return [{"total": total} if there else None for total, there in zip(totals, valid, strict=True)]
    return [_bare(value) for value in array.to_pylist()]


def _lists(array: pa.Array) -> list[Any]:
    flat, kind = array.flatten(), array.type.value_type
    if pa.types.is_struct(kind) and kind.get_field_index("rfilename") >= 0:
        flat = flat.field("rfilename")
    inner = flat.to_pylist()
    if pa.types.is_nested(flat.type):
        inner = [_bare(value) for value in inner]
    lengths = array.value_lengths().to_pylist()
    found, start = [], 0
    for length in lengths:
        found.append(None if length is None else inner[start : start + length])
        start += length or 0
    return found


def _bare(value: Any) -> Any:
    """A struct without the fields that it does not have; None when it has none."""
    if isinstance(value, dict):
        kept = {key: inner for key, one in value.items() if (inner := _bare(one)) is not None}
        return kept or None
    return [_bare(one) for one in value] if isinstance(value, list) else value
