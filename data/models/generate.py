"""A listing of as many made-up models as are asked for, to try things at the size of the whole Hub.

Cards, tags and lists of files are those of real models of the bundle, drawn anew. Counts follow the Hub's: a third has
recent downloads, a quarter states a base model, a few have nearly all of it. Names are put together of parts of real
ones. The file says that it was generated, and so does every source of a snapshot of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.archive import BUNDLED, dates
from data.models.listing import GENERATED
from data.models.records import parse, read_lines
from data.models.snapshot import KIND
from data.shapes import as_dict, as_strings

GROUP: Final = 50_000  # models of a row group
DERIVED, DOWNLOADED, LIKED = 0.28, 0.35, 0.3  # shares of the Hub's models that state a base model, and have any
FILES: Final = 30  # of a model; the bundle has the lists of famous ones, which are longer than most
MODELS_AN_OWNER: Final = 3.5
FIRST: Final = np.datetime64("2022-03-02", "us")
SCHEMA: Final = pa.schema(
    {
        "id": pa.string(),
        "author": pa.string(),
        "createdAt": pa.timestamp("us"),
        "lastModified": pa.timestamp("us"),
        "downloads": pa.int64(),
        "likes": pa.int64(),
        "tags": pa.list_(pa.string()),
        "cardData": pa.string(),
        "safetensors": pa.struct({"total": pa.int64()}),
        "gguf": pa.string(),
        "siblings": pa.list_(pa.string()),
        "pipeline_tag": pa.string(),
        "library_name": pa.string(),
    }
)
DRAWN: Final = ("tags", "cardData", "safetensors", "gguf", "pipeline_tag", "library_name")


def generate(path: Path, models: int, seed: int, on_progress: Callable[[str, int, int | None], None]) -> None:
    """Write a listing of so many models; the same number and seed give the same rows. OSError when it cannot."""
    taken = dates(KIND, BUNDLED)[-1]
    real = [
        one
        for one in parse(read_lines(BUNDLED / KIND / taken / "records.jsonl.gz"))
        if isinstance(one, dict) and isinstance(one.get("tags"), list) and not one.get("_incomplete")
    ]
    draw, today = np.random.default_rng(seed), np.datetime64(taken, "us")
    cards, lists, derived = _cards(real), _lists(real), np.array([_is_derived(one) for one in real])
    names = _Names(real, models, draw)
    schema = SCHEMA.with_metadata({GENERATED: f"seed {seed}"})
    with pq.ParquetWriter(path, schema, compression="zstd") as file:
        for start in range(0, models, GROUP):
            number = min(GROUP, models - start)
            pick = np.where(
                draw.random(number) < DERIVED,
                draw.choice(np.flatnonzero(derived), number),
                draw.choice(np.flatnonzero(~derived), number),
            )
            columns = {name: cards[name].take(pick) for name in DRAWN}
            columns |= {"siblings": lists.take(draw.integers(len(lists), size=number))}
            columns |= _counts(draw, number) | _days(draw, number, today) | names.next(start, number)
            file.write_table(pa.table({name: columns[name] for name in SCHEMA.names}).cast(schema))
            on_progress("Generating", start + number, models)


def _cards(real: list[dict[str, Any]]) -> Mapping[str, pa.Array]:
    texts = ("cardData", "gguf")
    columns = {name: [one.get(name) for one in real] for name in ("pipeline_tag", "library_name")}
    columns |= {name: [json.dumps(one[name]) if as_dict(one.get(name)) else None for one in real] for name in texts}
    columns["tags"] = [as_strings(one["tags"]) for one in real]
    columns["safetensors"] = [_total(as_dict(one.get("safetensors"))) for one in real]
    return {name: pa.array(values, SCHEMA.field(name).type) for name, values in columns.items()}


def _total(header: Mapping[str, Any]) -> dict[str, Any] | None:
    return {"total": header["total"]} if isinstance(header.get("total"), int) else None


def _lists(real: list[dict[str, Any]]) -> pa.Array:
    listed = ([as_dict(file).get("rfilename") for file in one.get("siblings") or ()] for one in real)
    return pa.array(
        [files for files in listed if 0 < len(files) <= FILES and all(files)], SCHEMA.field("siblings").type
    )


def _is_derived(record: Mapping[str, Any]) -> bool:
    return any(tag.startswith("base_model:") for tag in as_strings(record["tags"]))


def _counts(draw: np.random.Generator, number: int) -> dict[str, Any]:
    """Draw downloads and likes with heavy tails; who has many of the one mostly has of the other."""
    fame = draw.random(number)
    downloads = np.minimum(3 * (1 - fame) ** -1.35, 2e8) * draw.lognormal(0, 0.8, number)
    likes = np.minimum((1 - fame) ** -0.62, 1.5e4) * draw.lognormal(0, 0.6, number)
    return {
        "downloads": np.where(draw.random(number) < DOWNLOADED, downloads, 0).astype(np.int64),
        "likes": np.where(draw.random(number) < LIKED, likes, 0).astype(np.int64),
    }


def _days(draw: np.random.Generator, number: int, today: np.datetime64) -> dict[str, Any]:
    """Draw days of creation, of which each year has more, and of the last change, mostly soon after."""
    span = (today - FIRST).astype(np.int64)
    created = (span * draw.random(number) ** 0.45).astype(np.int64)
    changed = np.minimum(span, created + draw.exponential(30 * 86_400e6, number).astype(np.int64))
    return {"createdAt": FIRST + created, "lastModified": FIRST + changed}


class _Names:
    """Owners, of whom a few have many models, and names of models, of parts of real ones and a number."""

    def __init__(self, real: list[dict[str, Any]], models: int, draw: np.random.Generator) -> None:
        owners, names = zip(*(one["id"].split("/", 1) for one in real if "/" in one["id"]), strict=True)
        self._draw = draw
        self._owners = [pa.array(sorted({part for one in owners for part in _parts(one)})) for _ in range(2)]
        self._parts = pa.array([part for one in names for part in _parts(one)])
        self._number = max(int(models / MODELS_AN_OWNER), 1)
        self._seed = int(draw.integers(2**31))

    def next(self, start: int, number: int) -> dict[str, pa.Array]:
        """Name the next models; every id is another."""
        rank = (self._number * self._draw.random(number) ** 1.6).astype(np.int64)
        mixed = (rank * 2_654_435_761 + self._seed) % 2**31
        first, second = (
            part.take(mixed // factor % len(part)) for part, factor in zip(self._owners, (1, 9973), strict=True)
        )
        owner = pc.binary_join_element_wise(first, second, pa.array(rank).cast(pa.string()), "-")
        words = [self._parts.take(self._draw.integers(len(self._parts), size=number)) for _ in range(3)]
        counted = pa.array(np.arange(start, start + number)).cast(pa.string())
        name = pc.binary_join_element_wise(*words, counted, "-")
        return {"id": pc.binary_join_element_wise(owner, name, "/"), "author": owner}


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"[-_.]+", name) if part.isascii() and part.isalnum() and len(part) < 16]
