"""Sources merged into records: the newer reading counts, lists fill gaps, and every value keeps its source and day."""

import csv
import json
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.curated import tables
from data.models import merge

CRAWL = ["a crawl", "2026-05-04"]
OLD = {
    "id": "a/both",
    "likes": 5,
    "downloads": 9,
    "tags": ["license:mit"],
    "gated": False,
    "readme": "# A",
    "createdAt": "2025-01-01",
    "_incomplete": ["tags"],
    "_provenance": dict.fromkeys(("likes", "downloads", "tags", "gated", "readme"), CRAWL)
    | {"createdAt": ["llmfit 1.1.17", "2026-10-08"]},
}
ROW = {
    "id": "a/both",
    "author": "a",
    "createdAt": datetime(2024, 12, 31, 10),
    "lastModified": datetime(2025, 2, 3, 4),
    "downloads": 20,
    "likes": 7,
    "tags": ["license:mit", "gguf"],
    "cardData": json.dumps({"licence": "mit", "extra_gated_prompt": "Do you agree?"}),
    "safetensors": {"parameters": {"BF16": 9}, "total": 9},
    "gguf": json.dumps({"total": 10, "context_length": 8192, "chat_template": "{{ x }}"}),
}
LLMFIT = {"id": "a/both", "downloads": "30", "likes": "7", "params": "8", "context": "2048", "created": "2020-01-01"}
MTEB = {"name": "a/both", "n_parameters": "7", "max_tokens": "512", "license": "mit", "open_weights": "True"}
MTEB |= {"public_training_code": "", "public_training_data": "https://example.org"}


def merged(**changes):
    records = [OLD | changes.get("old", {}), *merge.listed([ROW | changes.get("row", {})])]
    found = merge.merge(merge.api_records(records))
    merge.add_llmfit(found, [LLMFIT | changes.get("llmfit", {})])
    merge.add_mteb(found, [MTEB | changes.get("mteb", {})])
    return found["a/both"]


def test_the_newer_reading_counts_and_the_older_fills_in():
    one = merged(llmfit={"id": "a/other"})
    assert (one["likes"], one["downloads"], one["gated"], one["readme"]) == (7, 20, False, "# A")
    assert one["tags"] == ["license:mit", "gguf"]
    assert "_incomplete" not in one  # the newer list of tags is whole
    assert one["_provenance"]["likes"] == one["_provenance"]["cardData"] == list(merge.HUB_STATS)
    assert one["_provenance"]["gated"] == CRAWL
    assert set(one["_provenance"]) == set(one) - {"id", "_provenance"}


def test_a_list_that_was_cut_short_stays_so_where_no_newer_one_is():
    record = OLD | {"id": "a/alone"}
    assert merge.merge([record])["a/alone"]["_incomplete"] == ["tags"]


def test_a_row_of_hub_stats_is_a_record_as_the_collector_makes_it():
    one = next(merge.listed([ROW]))
    assert (one["createdAt"], one["lastModified"]) == ("2024-12-31T10:00:00Z", "2025-02-03T04:00:00Z")
    assert one["cardData"] == {"license": "mit", "extra_gated_prompt": True}
    assert one["gguf"] == {"total": 10, "context_length": 8192}
    assert one["safetensors"] == {"total": 9}
    assert "_failed" not in one  # a column that the data set lacks was not asked for


def test_counts_of_llmfit_are_newer_unless_the_likes_fell():
    assert merged()["downloads"] == 30
    assert merged()["_provenance"]["downloads"] == list(merge.LLMFIT)
    fallen = merged(llmfit={"likes": "6"})
    assert (fallen["downloads"], fallen["likes"]) == (20, 7)


def test_lists_fill_only_what_no_reading_of_the_hub_gives():
    one = merged()
    assert one["createdAt"] == "2024-12-31T10:00:00Z"
    assert "params" not in one  # counted in the header of the weights
    assert (one["context"], one["_provenance"]["context"]) == (2048, list(merge.LLMFIT))
    unread = merged(row={"safetensors": None, "gguf": None, "createdAt": None})
    assert (unread["params"], unread["createdAt"]) == (8, "2020-01-01T00:00:00.000Z")
    by_hand = merged(row={"safetensors": None, "gguf": None}, llmfit={"id": "a/other"})
    assert (by_hand["params"], by_hand["context"]) == (7, 512)
    assert by_hand["_provenance"]["params"] == by_hand["_provenance"]["mteb"] == list(merge.MTEB)
    assert by_hand["mteb"] == {"license": "mit", "open_weights": "True", "public_training_data": "https://example.org"}


def test_the_context_that_llmfit_writes_where_it_could_not_read_one_is_unknown():
    assert merged(llmfit={"context": "4096"}, mteb={"name": "a/other"}).get("context") is None


@pytest.mark.parametrize(("ids", "kept"), [(["A/Both"], True), (["a/both", "A/Both"], False), (["b/c", None], False)])
def test_a_review_is_kept_of_the_one_model_that_it_names(ids, kept):
    found = merge.merge([OLD])
    merge.add_reviews(found, "osai", merge.OSAI, [{"hub_id": i, "x": 1} for i in ids], lambda review: {"code": "open"})
    assert ("osai" in found["a/both"]) is kept


def test_every_source_is_in_the_table_of_sources():
    known = tables.sources()
    for name, day in (merge.HUB_STATS, merge.LLMFIT, merge.MTEB, merge.OSAI, merge.MOF):
        assert known[name]["as_of"] == day


def test_files_become_the_same_bytes_twice(tmp_path):
    records, stats, llmfit, mteb, osai, mof = (
        tmp_path / name
        for name in ("records.jsonl", "stats.parquet", "llmfit.csv", "mteb.csv", "osai.jsonl", "mof.jsonl")
    )
    records.write_text(json.dumps(OLD) + "\n", "utf-8")
    pq.write_table(pa.Table.from_pylist([ROW, ROW | {"id": "A/b"}]), stats)
    for path, row in ((llmfit, LLMFIT), (mteb, MTEB)):
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, list(row))
            table.writeheader()
            table.writerow(row)
    osai.write_text(json.dumps({"hub_id": "A/b", "dimensions": {"code": {"class": "open", "link": "x"}}}), "utf-8")
    components = {"Training code": "MIT", "Datasets": "unlicensed", "Model card": "Component not included"}
    whole = {"hub_id": "A/b", "components": components, "licences": {"distribution": {"name": "Apache-2.0"}}}
    mof.write_text(json.dumps(whole), "utf-8")
    written = []
    for name in ("one", "two"):
        merge.main(*map(str, (records, stats, llmfit, mteb, osai, mof, tmp_path / name)))
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    first, second = map(json.loads, written[0].decode().splitlines())
    assert (first["id"], second["id"]) == ("A/b", "a/both")
    assert first["osai"] == {"code": "open"}
    assert first["mof"] == {"Training code": "MIT", "Datasets": "Apache-2.0"}
