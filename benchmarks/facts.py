"""Facts of a listing: ours, one function for every record, beside ten of them through plain pandas and through polars.

    python -m benchmarks.facts [LISTING.parquet]

The ten are what a script makes of a column each: counts and days, and whether a list holds something. Ours makes all of
its facts, of the same columns and of the whole listing, where the cards name a licence or a base model that the tags do
not; the share of models in which it agrees is printed. Each way has one thread and reads what it needs from the file.
Without a listing 20,000 models are generated. Times are of the processor, the least of three runs.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

os.environ["POLARS_MAX_THREADS"] = "1"

import pandas as pd
import polars as pl
import pyarrow.parquet as pq

from data.models.build import reduced
from data.models.facts import facts
from data.models.generate import generate
from data.models.listing import Malformed, open_listing, records
from data.models.schema import FACTS

MODELS, RUNS = 20_000, 3
TODAY = date(2026, 10, 8)
TRAINED = "generated_from_trainer|trl|sft|dpo|orpo|kto|grpo|ppo|rlhf|reward-trainer"
COLUMNS = ["id", "likes", "downloads", "library_name", "pipeline_tag", "createdAt", "lastModified", "tags", "siblings"]
TEN = [
    *("likes", "downloads_30d", "library", "task", "age_days", "days_since_update"),
    *("training_info", "license_in_metadata", "base_model_in_metadata", "training_args"),
]


def main(listing: str = "") -> None:
    """Print a line a way, how many models agree, and all of it as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        path = listing or str(Path(folder) / "models.parquet")
        if not listing:
            generate(Path(path), MODELS, 1, lambda *_: None)
        same = str(Path(folder) / "columns.parquet")
        pq.write_table(pq.read_table(path, columns=COLUMNS), same)
        made = {
            "ours, all columns": timed(ours, path),
            "ours": timed(ours, same),
            "pandas": timed(with_pandas, same),
            "polars": timed(with_polars, same),
        }
    models, found = len(made["ours"][1]), []
    for name, (seconds, frame) in made.items():
        number = int(frame.notna().any().sum()) - 1  # what these columns tell, without the id
        found.append({"way": name, "facts": number, "model": 1e6 * seconds / models})
        found[-1]["fact"] = found[-1]["model"] / number
        print("{way:>17} {facts:>3} facts {model:>6.1f} microseconds a model {fact:>5.2f} a fact".format(**found[-1]))
    ten = {name: as_one(frame) for name, (_, frame) in made.items()}
    assert ten["pandas"].equals(ten["polars"]), "pandas and polars disagree"
    agree = {fact: float((ten["ours, all columns"][fact] == ten["pandas"][fact]).mean()) for fact in TEN}
    print("ours agrees: " + ", ".join(f"{fact} {100 * share:.1f} %" for fact, share in agree.items()))
    print(json.dumps({"benchmark": "facts", "models": models, "results": found, "agree": agree}))


def timed(way: Callable[[str], Any], path: str) -> tuple[float, pd.DataFrame]:
    """Return the least seconds of processor of a few runs, and what they made."""
    least = float("inf")
    for _ in range(RUNS):
        began = time.process_time()
        made = way(path)
        least = min(least, time.process_time() - began)
    return least, pd.DataFrame(made.to_dicts() if isinstance(made, pl.DataFrame) else made)


def as_one(made: pd.DataFrame) -> pd.DataFrame:
    """Return the ten facts by id in one shape: texts, numbers and truth values, with a mark for what is unknown."""
    unknown = {"string": "", "Int64": -1, "boolean": False}
    ten = made.set_index("id").sort_index()[TEN].astype({fact: FACTS[fact].dtype for fact in TEN})
    return ten.fillna({fact: unknown[FACTS[fact].dtype] for fact in TEN})


def ours(path: str) -> Any:
    """Make every fact of every model."""
    rows = []
    for unit in open_listing(path).units:
        for read in records(unit):
            if not isinstance(read, Malformed):
                rows.append(facts(reduced(read), TODAY))
    return rows


def with_pandas(path: str) -> Any:
    """Make ten facts as a script with pandas does."""
    read = pd.read_parquet(path, columns=COLUMNS)
    tags = read["tags"].map(lambda tags: [tag.lower() for tag in tags])
    trained = set(TRAINED.split("|"))
    return pd.DataFrame(
        {
            "id": read["id"],
            "likes": read["likes"],
            "downloads_30d": read["downloads"].where((read["downloads"] > 0) | (read["likes"] < 20)),
            "library": read["library_name"],
            "task": read["pipeline_tag"],
            "age_days": (pd.Timestamp(TODAY) - read["createdAt"].dt.normalize()).dt.days,
            "days_since_update": (pd.Timestamp(TODAY) - read["lastModified"].dt.normalize()).dt.days,
            "training_info": tags.map(lambda tags: any(tag in trained for tag in tags)),
            "license_in_metadata": tags.map(lambda tags: any(tag.startswith("license:") for tag in tags)),
            "base_model_in_metadata": tags.map(lambda tags: any(tag.startswith("base_model:") for tag in tags)),
            "training_args": read["siblings"].map(
                lambda files: any(file.rpartition("/")[2] == "training_args.bin" for file in files)
            ),
        }
    )


def with_polars(path: str) -> Any:
    """Make the same ten as expressions of polars."""

    def holds(column: str, pattern: str) -> pl.Expr:
        return pl.col(column).list.eval(pl.element().str.to_lowercase().str.contains(pattern)).list.any()

    return (
        pl.scan_parquet(path)
        .select(
            "id",
            "likes",
            pl.when((pl.col("downloads") > 0) | (pl.col("likes") < 20)).then("downloads").alias("downloads_30d"),
            pl.col("library_name").alias("library"),
            pl.col("pipeline_tag").alias("task"),
            (pl.lit(TODAY) - pl.col("createdAt").dt.date()).dt.total_days().alias("age_days"),
            (pl.lit(TODAY) - pl.col("lastModified").dt.date()).dt.total_days().alias("days_since_update"),
            holds("tags", f"^(?:{TRAINED})$").alias("training_info"),
            holds("tags", "^license:").alias("license_in_metadata"),
            holds("tags", "^base_model:").alias("base_model_in_metadata"),
            holds("siblings", "(?:^|/)training_args\\.bin$").alias("training_args"),
        )
        .collect()
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
