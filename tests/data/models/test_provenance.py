"""Where facts come from: the key that was read, with its source and day; tables where the id alone was asked."""

import pyarrow as pa

from data.curated import tables
from data.models import records
from data.models.provenance import ORIGINS, Catalogue, Tally, origins
from data.models.snapshot import facts_table
from tests.records import AS_OF

HERE = ("Hugging Face Hub", AS_OF.isoformat())
TABLES = (tables.SOURCE, tables.AS_OF)


def read(record):
    (row,) = records.rows([record], AS_OF)
    return row, origins(record, row, AS_OF)


def test_a_fact_has_the_origin_of_the_key_that_it_was_read_from():
    said = {"likes": ["a crawl", "2026-01-02"], "tags": ["another", "2026-03-04T05:06:07Z"], "gated": ["", "no day"]}
    _, found = read({"id": "a/b", "likes": 3, "gated": False, "tags": ["license:mit"], "_provenance": said})
    assert found["likes"] == ("a crawl", "2026-01-02")
    assert found["license"] == found["license_class"] == ("another", "2026-03-04")
    assert found["gated"] == HERE
    assert found["name_risk"] == TABLES
    assert "downloads_30d" not in found


def test_a_provider_comes_from_the_tables_or_from_the_account():
    assert read({"id": "openai/x"})[1]["provider"] == TABLES
    account = {"authorData": {"isVerified": True}, "_provenance": {"authorData": ["a crawl", "2026-01-02"]}}
    assert read({"id": "nobody-knows/x"} | account)[1]["provider"] == ("a crawl", "2026-01-02")


def test_a_note_explains_also_what_is_unknown():
    row, found = read({"id": "a/b", "downloads": 0, "likes": 50})
    assert row["downloads_30d"] is None
    assert row["notes"]["downloads_30d"].startswith("The Hub shows 0 downloads beside signs of use")
    assert found["downloads_30d"] == found["likes"] == HERE
    assert "likes" not in row["notes"]


def test_a_tally_counts_models_facts_and_days():
    tally = Tally(AS_OF)
    assert (tally.newest(), tally.sources()) == ("2026-10-08", [])
    row = records.rows([{"id": "a/b", "likes": 1}], AS_OF)[0]
    for found in (
        {"likes": ("x", "2026-01-02"), "gated": ("y", "2026-01-01")},
        {"likes": ("x", "2025-12-31"), "gated": ("y", "2026-01-01"), "task": ("x", "2026-01-02")},
    ):
        catalogue = Catalogue()
        tally.add(facts_table([row]), pa.array([catalogue.numbers(row, found)], ORIGINS), catalogue)
    assert tally.newest() == "2026-01-02"
    assert [(s["name"], s["from"], s["to"], s["models"], s["facts"]) for s in tally.sources()] == [
        ("x", "2025-12-31", "2026-01-02", 2, 3),
        ("y", "2026-01-01", "2026-01-01", 2, 2),
    ]
    assert tally.coverage()["likes"] == {"known": 2, "from": "2025-12-31", "to": "2026-01-02"}
    assert tally.coverage()["params"] == {"known": 0, "from": "", "to": ""}
