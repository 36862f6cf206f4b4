"""A record keeps what can be read; what cannot is unknown with its reason, and never perfect."""

from datetime import date
from typing import Any

import pytest

from data.models.facts import facts
from data.models.provenance import origins
from data.platforms.hub import ask as hub
from data.platforms.hub.record import record
from tests.platforms import server as bad
from tests.platforms.ask import collect

ABSURD: dict[str, tuple[dict[str, Any], str]] = {
    "files without a name": (
        {"siblings": [None, 7, {"rfilename": None}, {"path": "pytorch_model.bin"}]},
        "unsafe_files",
    ),
    "a file whose name is too long": ({"siblings": [{"rfilename": "x/" * 200 + "pytorch_model.bin"}]}, "unsafe_files"),
    "tags that are none": ({"tags": [None, {}, 5]}, "license_stated"),
    "downloads below zero": ({"downloads": -5}, "downloads_30d"),
    "likes that are a mapping": ({"likes": {"a": 1}}, "likes"),
    "a gate of no kind": ({"gated": "yes"}, "gated"),
    "a date of no calendar": ({"createdAt": "once"}, "age_days"),
    "a date before the Hub": ({"createdAt": "0001-01-01T00:00:00.000Z"}, "age_days"),
    "a list of files that is none": ({"siblings": "README.md"}, "unsafe_files"),
}


@pytest.mark.parametrize("name", ABSURD)
def test_absurd_values_are_unknown_and_never_perfect(world, tmp_path, name):
    change, fact = ABSURD[name]
    (value,) = change.values()
    with world(changes={"org-1/model-1": {"cardData": {}, "safetensors": None, **change}}) as server:
        server.break_on("model-1/resolve", bad.status(403))
        found, missing = collect(tmp_path)
    row = facts(found["org-1/model-1"], date.today())
    assert row[fact] is None
    assert isinstance(value, list) or row["notes"][fact].endswith(".")
    assert {failure.name for failure in missing} <= {"values/org-1/model-1", "readme/org-1/model-1"}
    assert facts(found["org-2/model-2"], date.today())[fact] is not None


def test_files_named_by_texts_alone_are_files(world, tmp_path):
    with world(changes={"org-1/model-1": {"siblings": ["README.md", "pytorch_model.bin"]}}):
        found, _ = collect(tmp_path)
    row = facts(found["org-1/model-1"], date.today())
    assert (row["unsafe_files"], row["example_code"]) == (1, True)


@pytest.mark.parametrize(
    ("key", "fact"),
    [("downloads", "downloads_30d"), ("likes", "likes"), ("siblings", "unsafe_files"), ("spaces", "spaces"),
     ("gated", "gated"), ("createdAt", "created")],
)  # fmt: skip
def test_a_key_that_holds_nothing_is_unknown_with_its_reason(world, tmp_path, key, fact):
    with world(changes={"someone/model-0": {key: None}}, guests=1):
        found, missing = collect(tmp_path, ids=["someone/model-0"])
    assert [m.reason for m in missing] == [f"The Hub sent what cannot be read ({key} of someone/model-0)."]
    row = facts(found["someone/model-0"], date.today())
    assert row[fact] is None
    assert "cannot be read" in row["notes"][fact]


@pytest.mark.parametrize("verified", ["yes", 1, []])
def test_a_verification_that_is_neither_yes_nor_no_is_none(world, tmp_path, verified):
    with world(models=3) as server:
        server.break_on("/overview", bad.status(200, {"name": "x", "isVerified": verified}))
        found, missing = collect(tmp_path)
    assert {facts(one, date.today())["provider"] for one in found.values()} == {None}
    assert missing


@pytest.mark.parametrize("issues", [["a.bin"], [{"level": None}], [{"path": "x"}], "x"])
def test_a_verdict_that_cannot_be_read_is_none(world, tmp_path, issues):
    with world(models=3) as server:
        for path in ("/scan", "true"):
            server.break_on(path, bad.status(200, {"scansDone": True, "filesWithIssues": issues}))
        found, missing = collect(tmp_path)
    assert {facts(one, date.today())["hub_scan"] for one in found.values()} == {None}
    assert len(missing) == 3


def test_the_exact_count_of_spaces_bears_its_own_day(world, tmp_path):
    with world(models=6):
        found, _ = collect(tmp_path)
    one = found["org-2/model-5"] | {
        "_provenance": found["org-2/model-5"]["_provenance"] | {"spaces_total": ["H", "2026-01-02"]}
    }
    assert origins(one, facts(one, date.today()), date.today())["spaces"] == ("H", "2026-01-02")


def test_results_in_a_later_entry_of_a_model_index_count(world, tmp_path):
    index = [{"name": name} for name in "abc"] + [{"name": "d", "results": [{"metrics": [{"value": 0.5}]}]}]
    change: dict[str, Any] = {"evalResults": None, "cardData": {}, "model-index": index}
    with world(changes={"org-1/model-1": change}):
        found, _ = collect(tmp_path, **{"with": []})
    assert facts(found["org-1/model-1"], date.today())["evaluation_results"] is True


@pytest.mark.parametrize("junk", [None, 5, "x", [], {}, [[]], {"id": 1}, float("nan"), "\ud800", -(10**30), [None] * 3])
def test_a_record_is_made_of_whatever_comes(junk):
    keys = (*hub.EXPAND, "id", "modelId")
    for key in keys:
        made = record(hub.Raw({"id": "org/name", key: junk}, "2026-11-22T00:00:00+00:00", {}))
        facts(made, date.today())
    record(hub.Raw(dict.fromkeys(keys, junk), "2026-11-22T00:00:00+00:00", {}))
