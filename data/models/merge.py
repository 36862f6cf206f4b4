"""Merge what public sources have read of models into one record a model, the input of `weighbridge snapshot build`.

    python -m data.models.merge RECORDS.jsonl HUB_STATS.parquet LLMFIT.csv MTEB.csv OSAI.jsonl MOF.jsonl INTO.jsonl

Two of them list models: RECORDS (records of the Hub's API, with `_provenance`) and HUB_STATS (one reading, in the
columns of the public data set hub-stats). Of what both have the newer reading counts. The others add to these models:
LLMFIT and MTEB fill what no reading of the Hub gives, OSAI and MOF are reviews of openness. Every value keeps its
source and day. READMEs are in the output for the facts that are read from them; a build leaves their text out. Inputs
may be gzipped; the same input gives the same bytes.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from data.models.records import read_lines
from data.platforms.hub.ask import Raw
from data.platforms.hub.record import record
from data.shapes import as_count

Record = dict[str, Any]
Source = tuple[str, str]  # its name in data/curated/sources.csv, and the day of its reading

HUB_STATS: Final[Source] = ("hub-stats", "2026-05-20")
LLMFIT: Final[Source] = ("llmfit 1.1.17", "2026-10-08")
MTEB: Final[Source] = ("mteb 2.26.24", "2026-10-01")  # it states a month
OSAI: Final[Source] = ("European Open Source AI Index", "2026-06-12")
MOF: Final[Source] = ("Model Openness Tool", "2026-05-11")

FILLER: Final = 4096  # llmfit's context length of a model whose own it could not read, speech models among them
STATED: Final = ("license", "open_weights", "public_training_code", "public_training_data")  # by mteb, of openness


def main(records: str, hub_stats: str, llmfit: str, mteb: str, osai: str, mof: str, into: str) -> None:
    """Read every source and write the merged records, sorted by id."""
    merged = merge([*api_records(_json_lines(records)), *listed(pq.read_table(hub_stats).to_pylist())])
    add_llmfit(merged, _rows(llmfit))
    add_mteb(merged, _rows(mteb))
    add_reviews(merged, "osai", OSAI, _json_lines(osai), lambda review: _classes(review["dimensions"]))
    add_reviews(merged, "mof", MOF, _json_lines(mof), _licensed)
    lines = "".join(json.dumps(merged[key], sort_keys=True, ensure_ascii=False) + "\n" for key in sorted(merged))
    Path(into).write_text(lines, "utf-8")


def api_records(records: Iterable[Record]) -> Iterator[Record]:
    """Yield records without what llmfit gave them: its own rows say it, and a reading of the Hub goes before them."""
    for one in records:
        borrowed = {key for key, (source, _) in one["_provenance"].items() if source == LLMFIT[0]}
        kept = {key: value for key, value in one.items() if key not in borrowed}
        yield kept | {"_provenance": {k: v for k, v in one["_provenance"].items() if k not in borrowed}}


def listed(rows: Iterable[Record]) -> Iterator[Record]:
    """Turn rows of hub-stats into records, as the collector does; a column that it lacks is unknown, not failed."""
    source, day = HUB_STATS
    for row in rows:
        dates = {key: value.isoformat() + "Z" for key, value in row.items() if isinstance(value, datetime)}
        read = {key: json.loads(row[key] or "{}") for key in ("cardData", "gguf")}
        made = record(Raw(row | dates | read, day, {}))
        made.pop("_failed", None)
        made["_provenance"] = {key: [source, day] for key in made["_provenance"]}
        yield made


def merge(records: Iterable[Record]) -> dict[str, Record]:
    """Return one record an id; of a key that several have, the one that was read last."""
    merged: dict[str, Record] = {}
    for one in records:
        held = merged.setdefault(one["id"], {"id": one["id"], "_provenance": {}})
        cut = set(held.pop("_incomplete", ()))
        for key, (source, day) in one["_provenance"].items():
            if day >= held["_provenance"].get(key, ("", ""))[1]:
                held[key], held["_provenance"][key] = one[key], [source, day]
                cut = cut - {key} | ({key} & set(one.get("_incomplete", ())))
        if cut:
            held["_incomplete"] = sorted(cut)
    return merged


def add_llmfit(merged: Mapping[str, Record], rows: Iterable[Mapping[str, str]]) -> None:
    """Fill in parameters, context and day of creation, and take newer counts from a row whose likes have not fallen."""
    for row in rows:
        if (held := merged.get(row["id"])) is None:
            continue
        context = as_count(_whole(row["context"]))
        created = f"{row['created']}T00:00:00.000Z" if row["created"] else None
        _fill(held, LLMFIT, createdAt=created, context=None if context == FILLER else context)
        _fill_params(held, LLMFIT, row["params"])
        likes, downloads = _whole(row["likes"]), _whole(row["downloads"])
        if likes is not None and downloads is not None and likes >= held.get("likes", 0):
            held |= {"likes": likes, "downloads": downloads}
            held["_provenance"] |= {"likes": list(LLMFIT), "downloads": list(LLMFIT)}


def add_mteb(merged: Mapping[str, Record], rows: Iterable[Mapping[str, str]]) -> None:
    """Fill in parameters and context, and keep what mteb states of licence, weights, training code and data."""
    for row in rows:
        if (held := merged.get(row["name"])) is None:
            continue
        stated = {key: row[key] for key in STATED if row[key]}
        _fill(held, MTEB, context=_whole(row["max_tokens"]), mteb=stated or None)
        _fill_params(held, MTEB, row["n_parameters"])


def add_reviews(merged: Mapping[str, Record], key: str, source: Source, reviews: Iterable[Record], reduce: Any) -> None:
    """Keep a review of openness under `key`; of a model that several reviews name, which is meant cannot be known."""
    reviews = [review for review in reviews if review.get("hub_id")]
    named = Counter(review["hub_id"].lower() for review in reviews)
    ids = {one.lower(): one for one in merged}
    for review in reviews:
        lower = review["hub_id"].lower()
        if lower in ids and named[lower] == 1:
            _fill(merged[ids[lower]], source, **{key: reduce(review) or None})


def _classes(dimensions: Mapping[str, Any]) -> dict[str, str]:
    return {name: found["class"] for name, found in dimensions.items()}


def _licensed(review: Mapping[str, Any]) -> dict[str, str]:
    """Return component -> licence, empty without one; the licence of the whole release is that of parts without one."""
    whole = (review.get("licences") or {}).get("distribution") or {}
    found = {}
    for component, licence in review["components"].items():
        if "not include" not in licence:
            none = licence.lower() in ("unlicensed", "undisclosed")
            found[component] = (whole.get("name") or "") if none else licence
    return found


def _fill(held: Record, source: Source, **values: Any) -> None:
    """Keep the values that are known and that nothing else gave."""
    for key, value in values.items():
        if value is not None and key not in held:
            held[key], held["_provenance"][key] = value, list(source)


def _fill_params(held: Record, source: Source, digits: str) -> None:
    """Fill in a number of parameters where no header of safetensors or GGUF, which counts them, was read."""
    counted = any(as_count((held.get(key) or {}).get("total")) for key in ("safetensors", "gguf"))
    if not counted and (number := _whole(digits)):
        _fill(held, source, params=number)


def _whole(digits: str) -> int | None:
    return int(float(digits)) if digits else None


def _json_lines(path: str) -> Iterator[Record]:
    return (json.loads(line) for line in read_lines(Path(path)))


def _rows(path: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(line.decode() for line in read_lines(Path(path)))


if __name__ == "__main__":
    main(*sys.argv[1:])
