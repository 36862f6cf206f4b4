"""A collection over an older snapshot: the newer reading counts, and nothing that it could not read is lost."""

from datetime import date

from data.collect.replies import ReplyStore
from data.models import renew
from data.models.build import build, reduced
from data.models.records import parse, read_lines
from data.models.renew import gone, renewed
from data.platforms.hub.ids import STEPS
from tests.platforms import server as bad
from tests.platforms.ask import collect

DAY = "2026-10-08"


def older(model, **keys):
    """A record as a snapshot keeps it."""
    dated = {key: ["hub-stats", DAY] for key in keys if key[0] != "_"}
    return reduced({"id": model, **keys, "_provenance": dated})


def one(records):
    (found,) = records
    return found


def test_everything_that_a_reading_gives_is_known_as_such(world, tmp_path):
    with world():
        rows, _ = collect(tmp_path, top=8, **{"with": [*STEPS]})
    keys = {key for row in rows.values() for key in reduced(row) if key[0] != "_"}
    assert keys - {"id"} <= renew.READ


def test_the_newer_reading_replaces_the_older_one_and_leaves_what_the_hub_does_not_give(world, tmp_path):
    listed = {"likes": 7, "pipeline_tag": "gone-by-now", "usedStorage": 5}
    before = older("org-0/model-0", **listed, citations=12, osai={"a": "open"})
    with world(changes={"org-0/model-0": {"pipeline_tag": None}}):
        rows, _ = collect(tmp_path, ids=["org-0/model-0"])
    newer = rows["org-0/model-0"]
    found = one(renewed([before], [newer], ()))
    assert found == newer | {"citations": 12, "osai": {"a": "open"}, "_provenance": found["_provenance"]}
    assert found["_provenance"]["citations"] == ["hub-stats", DAY]
    assert found["_provenance"]["likes"] == newer["_provenance"]["likes"]
    assert found["_provenance"].keys() == newer["_provenance"].keys() | {"citations", "osai"}


def test_what_could_not_be_read_keeps_its_value_and_its_day(world, tmp_path):
    before = older("org-0/model-0", readme="## Usage\n", community=3, likes=7) | {"_incomplete": ["tags"]}
    with world() as server:
        server.break_on("README.md", bad.status(502))
        server.break_on("/discussions", bad.status(502))
        rows, _ = collect(tmp_path, ids=["org-0/model-0"])
    newer = rows["org-0/model-0"]
    assert {"readme", "community", "pull_requests"} <= newer["_failed"].keys()
    found = one(renewed([before], [newer], ()))
    assert found["readme_facts"] == before["readme_facts"]
    assert (found["community"], found["likes"]) == (3, newer["likes"])
    assert found["_provenance"]["readme"] == found["_provenance"]["community"] == ["hub-stats", DAY]
    assert found["_failed"].keys() == newer["_failed"].keys() - {"readme", "community"}
    assert "_incomplete" not in found


def test_models_that_are_gone_or_renamed_go_and_those_that_failed_stay(world, tmp_path):
    ids = ["org-0/model-0", "org-1/model-1", "org-2/model-2", "org-0/model-99"]
    with world(changes={"org-1/model-1": {"id": "org-1/renamed"}}) as server:
        server.break_on("/api/models/org-2/model-2", bad.status(502))
        rows, _ = collect(tmp_path, ids=ids)
    with ReplyStore(tmp_path) as store:
        lost = gone(store, [*ids, "not/asked"])
    assert lost == {"org-1/model-1", "org-0/model-99"}
    before = [older(model, likes=1) for model in [*ids, "not/asked"]]
    found = {record["id"]: record for record in renewed(before, rows.values(), lost)}
    assert set(found) == {"org-0/model-0", "org-1/renamed", "org-2/model-2", "not/asked"}
    assert found["org-2/model-2"] == before[2]


def test_a_snapshot_of_renewed_records_can_be_renewed_again(world, tmp_path, snapshots):
    with world():
        rows, _ = collect(tmp_path / "run", top=8)
    before = [older("org-0/model-0", citations=12), older("x/y", likes=1)]
    folder = build(renewed(before, rows.values(), ()), date(2026, 10, 8), snapshots)
    kept = [record for record in parse(read_lines(folder / "records.jsonl.gz")) if isinstance(record, dict)]
    again = build(renewed(kept, rows.values(), ()), date(2026, 10, 8), snapshots / "again")
    assert (again / "records.jsonl.gz").read_bytes() == (folder / "records.jsonl.gz").read_bytes()
