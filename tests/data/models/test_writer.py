"""Written group by group, a snapshot is the same as all of it at once; and the tally of origins is a plain count."""

import json
from datetime import date

import numpy as np
import pyarrow.parquet as pq

from data.archive import read_parquet
from data.models import build, records, snapshot
from data.models.provenance import origins
from data.models.writer import GROUP
from scoring.engine import fit, measure, scale
from scoring.scorecards import MODEL
from tests.records import AS_OF

MANY = [
    {
        "id": f"owner-{n % 7}/model-{n}",
        "likes": n,
        "tags": ["license:mit", f"arxiv:2401.{n % 90:05d}"],
        "createdAt": "2026-12-01" if n % 1000 == 0 else "2025-01-01",
        "_provenance": {"likes": ["a crawl", f"2026-01-{n % 28 + 1:02d}"], "tags": ["a crawl", "2026-02-03"]},
    }
    for n in range(2 * GROUP + 1)
]


def test_groups_make_the_same_snapshot_as_all_at_once(tmp_path):
    folder = build.build(MANY, AS_OF, tmp_path)
    kept = sorted(map(build.reduced, MANY), key=lambda one: one["id"])
    owners = build.established(kept, AS_OF)
    kept = [build.with_owner(one, owners, AS_OF) for one in kept]
    rows = records.rows(kept, AS_OF)
    facts = snapshot.facts_table(rows)
    measured = measure(MODEL, snapshot.facts_frame(facts))
    yardstick = fit(MODEL, measured, "goalposts", folder.name)
    with pq.ParquetFile(folder / "facts.parquet") as file:
        assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [GROUP, GROUP, 1]
        assert file.read().equals(facts)
    taken = snapshot.load(within=tmp_path)
    whole = scale(MODEL, measured, yardstick)
    for name in ("value", "low", "high", "applies", "caps"):
        np.testing.assert_array_equal(getattr(taken.scaled(MODEL), name), getattr(whole, name))
    assert taken.yardstick(MODEL) == yardstick
    lines = records.read_lines(folder / "records.jsonl.gz")
    assert [json.loads(line)["id"] for line in lines] == list(taken.position)

    every = [
        (row["id"], fact, *origin, row["notes"].get(fact, ""))
        for record, row in zip(kept, rows, strict=True)
        for fact, origin in origins(record, row, AS_OF).items()
    ]
    table = read_parquet((folder / "evidence.parquet").read_bytes())
    assert [tuple(row.values()) for row in table.to_pylist()] == every
    assert sum(bool(e[4]) for e in every) == 5  # created after the day on which it was read
    for said in taken.manifest["sources"]:
        mine = [e for e in every if e[2] == said["name"]]
        assert (said["facts"], said["models"]) == (len(mine), len({e[0] for e in mine}))
        assert (said["from"], said["to"]) == (min(e[3] for e in mine), max(e[3] for e in mine))
    for fact, said in taken.manifest["facts"].items():
        days = [e[3] for e in every if e[1] == fact]
        assert said["known"] == sum(row[fact] is not None for row in rows)
        assert (said["from"], said["to"]) == (min(days, default=""), max(days, default=""))


def test_a_group_that_is_just_full_is_one_group(tmp_path):
    folder = build.build(MANY[:GROUP], date(2026, 10, 8), tmp_path)
    for name in ("facts", "scaled", "evidence"):
        assert pq.ParquetFile(folder / f"{name}.parquet").num_row_groups == 1
    assert snapshot.verify(folder)["rows"] == GROUP
