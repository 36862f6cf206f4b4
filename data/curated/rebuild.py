"""Regenerate owners.csv.gz, known_owners.csv and known_models.csv.gz from a long list of Hub models.

    python data/curated/rebuild.py LONGLIST.csv[.gz] RECORDS.jsonl[.gz]

LONGLIST: a row a model with id, downloads, likes, license, created (YYYY-MM-DD), as_of, source; blank = unknown.
RECORDS: Hub API records, one JSON object a line; read only for `id`, `createdAt` and `tags`.
The same input gives the same bytes. The tables kept by hand in this folder are not touched.
"""

import csv
import gzip
import io
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any

HERE = Path(__file__).parent
KNOWN = 1000
MIN_MODELS, MIN_LIKES, MIN_YEARS = 3, 1000, 1
# The long list names its sources in words; a row of evidence needs an address.
ADDRESSES = {
    "ai-nexus": "https://github.com/mosesy5688-cell/ai-nexus",
    "llmfit": "https://pypi.org/project/llmfit/1.1.17/",
    "OSIR-LMTS": "https://github.com/brucecui0120/OSIR-LMTS",
    "starscreener": "https://github.com/0motionguy/starscreener",
    "InferenceAtlas": "https://github.com/jayeshsuyal/InferenceAtlas",
}
Row = dict[str, str]


def main(longlist: str, records: str) -> None:
    """Read both files once and write the three tables beside this script."""
    with open_text(longlist) as file:
        models = [row for row in csv.DictReader(file) if "/" in row["id"]]
    created = {row["id"]: row["created"] for row in models if row["created"]}
    code: dict[str, str] = {}
    for record in read(records):
        name = record["id"]
        if day := (record.get("createdAt") or "")[:10]:
            created[name] = min(day, created.get(name, day))
        code[name] = custom_code(record)
    owners = defaultdict(list)
    for row in models:
        owners[row["id"].split("/")[0]].append(row)
    newest = max(row["as_of"] for row in models)
    table = [describe(owner, owners[owner], created, newest) for owner in sorted(owners)]
    counted = [row for row in table if row["downloads"]]
    known = sorted(counted, key=lambda row: (-int(row["downloads"]), row["owner"]))[:KNOWN]
    ranked = [
        {"rank": str(i), "owner": row["owner"], "downloads": row["downloads"], "as_of": newest, "source": row["source"]}
        for i, row in enumerate(known, start=1)
    ]
    names = sorted(
        (
            row["owner"],
            model["id"].split("/", 1)[1],
            created.get(model["id"], ""),
            model["license"],
            code.get(model["id"], ""),
        )
        for row in known
        for model in owners[row["owner"]]
    )
    write("owners.csv.gz", table)
    write("known_owners.csv", ranked)
    write(
        "known_models.csv.gz",
        [dict(zip(("owner", "model", "created", "license", "custom_code"), name, strict=True)) for name in names],
    )


def read(records: str) -> Iterator[dict[str, Any]]:
    """Every record of the file."""
    with open_text(records) as file:
        yield from (json.loads(line) for line in file if line.strip())


def custom_code(record: dict[str, Any]) -> str:
    """'1', '0' or '' (its tags do not say) for: the Hub tags it as a model whose loader runs code of the repository."""
    tags = record.get("tags")
    if tags and "custom_code" in tags:
        return "1"
    return "0" if tags is not None and "tags" not in record.get("_incomplete", ()) else ""


def describe(owner: str, models: list[Row], created: dict[str, str], newest: str) -> Row:
    """One row of owners.csv.gz; sums are over the known values and blank where no model has one."""
    dates = sorted(created[row["id"]] for row in models if row["id"] in created)
    likes = total(row["likes"] for row in models)
    return {
        "owner": owner,
        "models": str(len(models)),
        "likes": likes,
        "downloads": total(row["downloads"] for row in models),
        "first_created": dates[0] if dates else "",
        "established": established(len(models), likes, dates, newest),
        "as_of": max(row["as_of"] for row in models),
        "source": " ".join(sorted({ADDRESSES[row["source"].split()[0]] for row in models})),
    }


def established(models: int, likes: str, dates: list[str], newest: str) -> str:
    """'1', '0' or '' (cannot be decided) for: three models, 1,000 likes in sum, a year old at `newest`."""
    if models < MIN_MODELS or (likes and int(likes) < MIN_LIKES):
        return "0"
    day = date.fromisoformat(newest)
    year_ago = date(day.year - MIN_YEARS, day.month, min(day.day, 28) if day.month == 2 else day.day).isoformat()
    if likes and dates and dates[0] <= year_ago:
        return "1"
    # A model without a date may be the oldest one, so a short past is proven only if every date is known.
    return "0" if likes and len(dates) == models else ""


def total(values: Iterable[str]) -> str:
    """The sum of the values that are not blank; blank if all are."""
    known = [int(float(value)) for value in values if value]
    return str(sum(known)) if known else ""


def open_text(path: str) -> IO[str]:
    """A text file, gzipped or not, as UTF-8."""
    return gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8")


def write(name: str, rows: list[Row]) -> None:
    """Write a table; gzip without time and name in its header, so that equal rows give equal bytes."""
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    data = text.getvalue().encode()
    (HERE / name).write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)


if __name__ == "__main__":
    main(*sys.argv[1:])
