"""Rows of a listing in Parquet, in whatever types its writer chose, read as the records that they would be as JSON."""

import json
from datetime import date
from pathlib import Path

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.models import snapshot
from data.models.build import build
from data.models.listing import Unreadable, day_of, open_listing, records
from data.models.parts import build_listing
from data.models.records import Malformed, parse, rows
from tests.platforms import server as bad
from tests.platforms.server import Answer, Server
from tests.records import AS_OF, known

NESTED = ("cardData", "gguf")


LISTING = Path(__file__).parents[2] / "fixtures" / "hub_stats.parquet"  # a thousand real models


def lines():
    """The rows of the listing in the shape of the Hub's API, as lines of JSON that were read."""
    every = pq.read_table(LISTING).to_pylist()
    for row in every:
        row |= {key: json.loads(row[key]) for key in NESTED if row[key]}
    return [one for one in parse(json.dumps(row, default=str) for row in every) if isinstance(one, dict)]


def read(path):
    return [one for unit in open_listing(str(path)).units for one in records(unit)]


def written(folder, **columns):
    path = folder / "listing.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def test_a_thousand_real_rows_give_the_same_facts_as_json_lines_and_as_parquet(tmp_path):
    as_lines = build(lines(), AS_OF, tmp_path / "lines")
    as_parquet, _ = build_listing(str(LISTING), AS_OF, tmp_path / "parquet")
    one, other = (snapshot.load(within=folder.parents[1]) for folder in (as_lines, as_parquet))
    assert one.facts.equals(other.facts)
    assert len(other.facts) == 1000
    assert one.common_ground == other.common_ground
    for name in ("scaled.parquet", "yardstick.json"):
        assert (as_lines / name).read_bytes() == (as_parquet / name).read_bytes()
    sources = {one["name"]: one["licence"] for one in snapshot.verify(as_parquet)["sources"]}
    assert sources["hub-stats"] == "Apache-2.0"


def test_types_differ_from_file_to_file_and_facts_do_not(tmp_path):
    card, files = {"license": "mit", "datasets": ["squad"]}, ["model.safetensors", "train.py"]
    expected = rows([{"id": "a/b", "cardData": card, "siblings": files, "gated": "manual", "likes": 3}], AS_OF)
    for columns in (
        {"cardData": [json.dumps(card)], "siblings": [[{"rfilename": f} for f in files]]},
        {"cardData": [card], "siblings": [files]},
        {"cardData": [card | {"unused": None}], "siblings": [json.dumps([{"rfilename": f} for f in files])]},
    ):
        path = written(tmp_path, id=["a/b"], gated=["manual"], likes=[3.0], added=[1], **columns)
        assert rows(read(path), AS_OF) == expected
    path = written(tmp_path, id=["a/b"], safetensors=[{"parameters": {"F32": 7}, "total": 7}], private=["False"])
    assert read(path) == [{"id": "a/b", "safetensors": {"total": 7}, "private": False}]


def test_real_rows_give_the_same_facts_in_whatever_types_their_columns_are(tmp_path):
    table = pq.read_table(LISTING).slice(0, 200)
    expected = rows(read(LISTING)[:200], AS_OF)

    def as_json(name):
        return pa.array([None if one is None else json.dumps(one) for one in table[name].to_pylist()])

    texts = [f"{day.isoformat()}.000Z" for day in table["createdAt"].to_pylist()]
    others = [
        {name: as_json(name) for name in ("safetensors", "tags")} | {"added": as_json("baseModels")},
        {"likes": table["likes"].cast(pa.float64()), "createdAt": pa.array(texts)},
        {
            "lastModified": table["lastModified"].cast(pa.timestamp("ns", "UTC")),
            "id": table["id"].cast(pa.large_string()),
        },
        {name: table[name].dictionary_encode() for name in ("id", "pipeline_tag", "library_name", "cardData")},
    ]
    for changed in others:
        path = written(tmp_path, **{name: table[name] for name in table.column_names} | changed)
        assert rows(read(path), AS_OF) == expected
    path = written(tmp_path, **{name: table[name] for name in table.column_names if name != "cardData"})
    bare = [{key: value for key, value in one.items() if key != "cardData"} for one in read(LISTING)[:200]]
    assert rows(read(path), AS_OF) == rows(bare, AS_OF)


def test_a_row_that_cannot_be_read_costs_one_line(tmp_path):
    path = tmp_path / "models.parquet"
    table = pa.table({"id": ["a/1", None, "a/3", "a/4"], "cardData": ["{}", "{}", "{", None], "likes": [1, 2, 3, 4]})
    pq.write_table(table, path, row_group_size=2)
    built, wrong = build_listing(str(path), AS_OF, tmp_path)
    assert wrong == [
        "Row 2 of row group 0 of models.parquet has no `id` that is a text; it was left out.",
        "Row 1 of row group 1 of models.parquet has a `cardData` that is not valid JSON; it was left out.",
    ]
    assert list(snapshot.load(within=tmp_path).facts["id"]) == ["a/1", "a/4"]
    assert not [one for one in read(path) if isinstance(one, Malformed) and "Row" not in str(one)]
    assert [p.name for p in built.parent.iterdir()] == [built.name]


def test_text_that_is_none_and_days_of_no_calendar_cost_no_more_than_their_rows(tmp_path):
    def text(*values):
        return pa.Array.from_buffers(pa.string(), len(values), pa.array(values, pa.binary()).buffers())

    path = written(
        tmp_path,
        id=text(b"a/1", b"a/\xff", b"a/3", b"a/4"),
        pipeline_tag=text(b"text-generation", b"", b"\xfe", b"fill-mask"),
        tags=pa.ListArray.from_arrays([0, 1, 1, 1, 2], text(b"license:mit", b"\xff")),
        createdAt=pa.array([10**15, 0, 0, 0], pa.timestamp("s")),
        lastModified=pa.array([10**9, 0, 0, 0], pa.date32()),
    )
    _, wrong = build_listing(str(path), AS_OF, tmp_path)
    assert wrong == [
        f"Row {n} of row group 0 of listing.parquet has a `{name}` that is not UTF-8 text; it was left out."
        for n, name in ((2, "id"), (3, "pipeline_tag"), (4, "tags"))
    ]
    (row,) = known(snapshot.load(within=tmp_path).facts)
    assert (row["id"], row["task"], row["license"]) == ("a/1", "text-generation", "mit")
    assert (row["created"], row["modified"]) == (None, None)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-900]), "is no whole Parquet file; get it again."),
        (lambda path: path.write_text("{}"), "is no whole Parquet file; get it again."),
        (lambda path: path.unlink(), "cannot be read: there is no such file or folder."),
        (lambda path: pq.write_table(pa.table({"id": [1]}), path), "it has no column `id` of texts."),
        (lambda path: pq.write_table(pa.table({"id": ["a"], "x": [1]}), path), "its columns are id, x, of which no"),
    ],
)
def test_what_is_no_listing_is_refused_in_a_sentence(tmp_path, spoil, sentence):
    path = tmp_path / "listing.parquet"
    path.write_bytes(LISTING.read_bytes())
    spoil(path)
    with pytest.raises(Unreadable) as refused:
        build_listing(str(path), AS_OF, tmp_path / "into")
    assert str(path) in str(refused.value)
    assert sentence in str(refused.value)


def test_a_page_that_is_damaged_is_named_and_no_snapshot_begins(tmp_path):
    path = tmp_path / "listing.parquet"
    whole = bytearray(LISTING.read_bytes())
    whole[2000:90_000] = bytes(88_000)
    path.write_bytes(whole)
    with pytest.raises(Unreadable, match=r"listing\.parquet is damaged; get it again"):
        build_listing(str(path), AS_OF, tmp_path / "into")
    assert not [p for p in (tmp_path / "into" / "models").iterdir() if p.name[0] != "."]


def test_the_day_of_a_weekly_copy_stands_in_its_path():
    assert day_of("hf://datasets/owner/weekly/models/2026-09-30/models.parquet") == date(2026, 9, 30)
    assert day_of("/data/2026-13-45/models.parquet") is None


# A listing that lies elsewhere

FILE = "2026-09-30/models.parquet"


def elsewhere(request):
    """A server of a file, and the Hub with the data set o/weekly that holds it; both give the parts that are asked."""
    raw = LISTING.read_bytes()
    entries = [
        {"type": "directory", "path": "2026-09-30", "oid": "0" * 40},
        {"type": "file", "path": FILE, "size": len(raw), "oid": "0" * 40},
    ]
    if request.path in ("/api/datasets/o/weekly", "/api/datasets/o/weekly/revision/main"):
        return Answer({"id": "o/weekly", "sha": "0" * 40})
    if request.path.startswith("/api/datasets/o/weekly/tree/main"):
        whole = request.one("recursive") == "true"
        return Answer(entries if whole else entries[request.path.endswith("/2026-09-30") :][:1])
    if not request.path.endswith(FILE):
        return Answer({"error": "Repository not found"}, 404, {"X-Error-Code": "RepoNotFound"})
    if request.method == "HEAD":
        return Answer(b"", headers={"Content-Length": str(len(raw)), "Accept-Ranges": "bytes"})
    first, last = (int(end) for end in request.headers["range"].removeprefix("bytes=").split("-"))
    return Answer(raw[first : last + 1], 206, {"Content-Range": f"bytes {first}-{last}/{len(raw)}"})


@pytest.fixture
def hub(monkeypatch):
    with Server(elsewhere) as server:
        monkeypatch.setitem(fsspec.config.conf, "hf", {"endpoint": server.url})
        yield server


@pytest.mark.parametrize("address", ["{url}/" + FILE, f"hf://datasets/o/weekly/{FILE}", "hf://datasets/o/weekly"])
def test_a_listing_is_read_where_it_lies_part_by_part(hub, address):
    assert read(address.format(url=hub.url)) == read(LISTING)
    fetched = [request for request in hub.asked(FILE) if request.method == "GET"]
    assert fetched
    assert all("range" in request.headers for request in fetched)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (bad.status(404), "cannot be read: there is no such file or folder."),
        (bad.status(401), "its server opens it only to some; with HF_TOKEN it may know you."),
        (bad.status(429), "its server was asked too often; run this again later, what was read is kept."),
        (bad.status(503), "its server answers 503; try again later."),
        (bad.reset, "its server did not answer, or broke off; run this again, what was read is kept."),
        (bad.hang_up, "its server did not answer, or broke off; run this again, what was read is kept."),
        (bad.HTML, "is no whole Parquet file; get it again."),
        (bad.EMPTY, "its server does not give parts of a file; download it first."),
    ],
)
def test_a_server_that_does_not_give_a_listing_is_named(hub, fault, sentence):
    hub.break_on(FILE, fault)
    with pytest.raises(Unreadable) as refused:
        open_listing(f"{hub.url}/{FILE}")
    assert str(refused.value).startswith(f"{hub.url}/{FILE} ")
    assert str(refused.value).endswith(sentence)


def test_a_server_that_breaks_off_while_rows_are_read_is_named(hub):
    listing = open_listing(f"{hub.url}/{FILE}")
    hub.break_on(FILE, bad.reset)
    with pytest.raises(Unreadable, match="its server did not answer, or broke off"):
        list(records(listing.units[0]))


def test_a_data_set_that_the_hub_does_not_have_is_named(hub):
    with pytest.raises(Unreadable, match=r"hf://datasets/o/none/x\.parquet cannot be read: there is no such file"):
        open_listing("hf://datasets/o/none/x.parquet")
