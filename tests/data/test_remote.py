"""Snapshots at an address, from a real server: whatever comes of it, what was there before is not lost."""

import json
import os
import shutil
import time
from datetime import date

import pytest

from data import archive, remote
from data.archive import BUNDLED
from data.http.client import Limits
from data.models import build, snapshot
from tests import older
from tests.platforms import server as bad
from tests.platforms.server import Files, Server
from tests.serving import free_port

QUICK = Limits(deadline=0.6, max_wait=1.0, backoff=0.02, tries=2)
MONTH = "organisations/2024-12-13"


@pytest.fixture
def there(tmp_path):
    """A folder of snapshots to be served: a small one of models and a month."""
    records = [{"id": f"owner/model-{n}", "likes": n} for n in range(30)]
    built = build.build(records, date(2026, 1, 1), tmp_path / "there")
    shutil.copytree(BUNDLED / MONTH, tmp_path / "there" / MONTH)
    archive.write_sums(tmp_path / "there")
    return built


@pytest.fixture
def server(there):
    with Server(Files(there.parents[1])) as running:
        yield running


@pytest.fixture
def home(server, tmp_path, monkeypatch):
    """The cache of what that server has."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setenv("WEIGHBRIDGE_SNAPSHOTS", server.url)
    archive.cache(server.url).mkdir(parents=True)
    return archive.cache(server.url)


def fetch(server, home):
    server.log.clear()
    return remote.fetch(server.url, home, QUICK)


def one(sentences):
    (sentence,) = sentences
    return sentence


def content(folder):
    kept = [path for path in folder.rglob("*") if path.is_file() and path.parent != folder]
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept}


def newer(there, **changes):
    """A second snapshot at the address, of a later day and with another file of records."""
    second = there.with_name("2026-12-24")
    shutil.copytree(there, second)
    older.sealed(second, taken=second.name, **changes)
    archive.write_sums(there.parents[1])
    return second


def test_a_folder_of_snapshots_is_fetched_once_and_then_only_looked_at(server, home, there):
    assert archive.root() == BUNDLED
    assert fetch(server, home) == []
    assert content(home) == content(there.parents[1])
    assert archive.root() == home
    assert snapshot.load().taken == there.name
    assert fetch(server, home) == []
    assert [request.path for request in server.log] == ["/SHA256SUMS"]


def test_a_newer_one_joins_and_a_withdrawn_one_goes(server, home, there):
    fetch(server, home)
    second = newer(there)
    assert fetch(server, home) == []
    assert snapshot.load().taken == second.name
    shutil.rmtree(there)
    archive.write_sums(there.parents[1])
    assert fetch(server, home) == []
    assert content(home) == content(there.parents[1])
    assert archive.dates("models") == [second.name]


def test_the_bytes_are_counted_while_they_come(server, home, there):
    seen = []
    remote.fetch(server.url, home, QUICK, lambda *shown: seen.append(shown))
    manifest = json.loads((there / "manifest.json").read_text())
    total = sum(manifest["bytes"].values())
    mine = [done for one, done, of in seen if one == f"models/{there.name}" and of == total]
    assert mine == sorted(mine)
    assert mine[-1] == total


def test_it_is_looked_at_once_an_hour(server, home, there):
    server.break_on("SHA256SUMS", bad.status(404), times=1)
    assert "cannot be read" in one(remote.follow())  # which is no look
    assert remote.follow() == []
    assert len(server.asked("SHA256SUMS")) == 2
    server.log.clear()
    assert remote.follow() == []
    assert server.log == []
    past = time.time() - remote.LOOK_EVERY - 1
    os.utime(home / "looked", (past, past))
    assert remote.follow() == []
    assert server.asked("SHA256SUMS")


def test_nothing_is_asked_of_a_folder(server, tmp_path, monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_SNAPSHOTS", str(tmp_path))
    assert remote.follow() == []
    assert archive.root() == tmp_path
    monkeypatch.delenv("WEIGHBRIDGE_SNAPSHOTS")
    assert remote.follow() == []
    assert server.log == []


def test_without_a_network_the_cache_is_used_and_without_a_cache_the_bundle(server, home, there):
    fetch(server, home)
    gone = f"http://127.0.0.1:{free_port()}"
    (sentence,) = remote.fetch(gone, home, QUICK)
    assert sentence.startswith(f"The snapshots at {gone} cannot be read: SHA256SUMS does not come: 127.0.0.1:")
    assert sentence.endswith("refuses connections; what was there before is used.")
    assert snapshot.load().taken == there.name
    shutil.rmtree(home)
    assert archive.root() == BUNDLED
    assert snapshot.load().taken == archive.dates("models", BUNDLED)[-1]


def interrupted(handler, request, app):
    """Break off in the middle of a file."""
    raw = app(request).raw
    handler.head(200, {"Content-Length": str(len(raw))})
    handler.wfile.write(raw[: len(raw) // 2])
    handler.close_connection = True


FAULTS = {
    "interrupted": (interrupted, "facts.parquet does not come: {host} broke the connection off"),
    "hang up": (bad.hang_up, "facts.parquet does not come: {host} broke the connection off"),
    "a byte at a time": (bad.slow(0.1), "facts.parquet does not come: {host} did not answer in full within 0.6 s"),
    "404": (bad.status(404), "facts.parquet does not come: {host} has nothing there (404)"),
    "502": (bad.status(502), "facts.parquet does not come: {host} has an error (502)"),
    "a web page": (bad.HTML, "facts.parquet broke off after 48 of {size} bytes"),
    "nothing": (bad.EMPTY, "facts.parquet broke off after 0 of {size} bytes"),
    "cut short": (bad.cut_json, "facts.parquet broke off after "),
    "100 MB": (bad.huge(), "facts.parquet does not come: The reply is larger than {size} bytes; it was cut off"),
    "a circle": (bad.circle, "facts.parquet does not come: {host} redirects in a circle"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_does_not_come_changes_nothing(server, home, there, fault):
    fetch(server, home)
    before = content(home)
    second = newer(there)
    answer, sentence = FAULTS[fault]
    server.break_on("2026-12-24/facts.parquet", answer)
    (found,) = fetch(server, home)
    host, size = server.url.removeprefix("http://"), (second / "facts.parquet").stat().st_size
    beginning = f"models/2026-12-24 at {server.url} is not used: "
    assert found.startswith(beginning + sentence.format(host=host, size=f"{size:,}"))
    assert content(home) == before
    assert snapshot.load_newest_sound()[0].taken == there.name
    assert not list(home.rglob(".draft-*"))
    server.faults.clear()
    assert fetch(server, home) == []
    assert snapshot.load().taken == "2026-12-24"


def test_an_interrupted_transfer_is_begun_again(server, home, there):
    server.break_on("/facts.parquet", interrupted, times=1)
    assert fetch(server, home) == []
    assert content(home) == content(there.parents[1])


@pytest.mark.parametrize("path", ["SHA256SUMS", "manifest.json", "evidence.parquet"])
def test_another_host_is_not_asked(server, home, there, path):
    with Server(Files(there.parents[1])) as other:
        server.break_on(path, bad.elsewhere(other.url))
        wrongs = fetch(server, home)
        assert all("redirects to another host, which is not followed" in sentence for sentence in wrongs)
        assert wrongs
        assert other.log == []
        assert "models" not in {one.partition("/")[0] for one in archive.sums(home)}


def altered(folder):
    """Another byte in a file of the same size."""
    path = folder / "records.jsonl.gz"
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)


def foreign(folder):
    """A sealed manifest that names a file outside of its folder."""
    manifest = json.loads((folder / "manifest.json").read_text())
    outside = {"../../outside": "0" * 64}
    manifest = {**manifest, "sha256": manifest["sha256"] | outside, "bytes": manifest["bytes"] | {"../../outside": 3}}
    (folder / "manifest.json").write_text(archive._sealed(manifest))
    (folder.parents[1] / "outside").write_text("hey")


def nonsense(folder):
    """A sealed file that holds something else."""
    (folder / "facts.parquet").write_bytes(b"PAR1 no facts PAR1")
    older.sealed(folder)


def gigantic(folder):
    """A sealed manifest of a file that fills the disk."""
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(
        archive._sealed(manifest | {"bytes": manifest["bytes"] | {"facts.parquet": 10**13}})
    )


def other_day(folder):
    """A snapshot of another day under this one's name."""
    older.sealed(folder, taken="2026-01-01")


UNSOUND = [
    (altered, "Snapshot 2026-12-24 is damaged: records.jsonl.gz is not what was written."),
    (
        foreign,
        "Snapshot 2026-12-24 is damaged: manifest.json lists ../../outside, which is no file of such a snapshot.",
    ),
    (nonsense, "Snapshot 2026-12-24 is damaged: facts.parquet holds something else than it should (ArrowInvalid)."),
    (gigantic, "facts.parquet has 10,000,000,000,000 bytes, and 4,000,000,000 are fetched at most."),
    (other_day, "Snapshot 2026-12-24 is damaged: it is that of models of 2026-01-01 under another name."),
]


@pytest.mark.parametrize(("spoil", "sentence"), UNSOUND, ids=[spoil.__name__ for spoil, _ in UNSOUND])
def test_a_snapshot_that_is_not_sound_never_gets_into_place(server, home, there, spoil, sentence):
    fetch(server, home)
    before = content(home)
    spoil(newer(there))
    archive.write_sums(there.parents[1])
    assert fetch(server, home) == [f"models/2026-12-24 at {server.url} is not used: {sentence}"]
    assert content(home) == before
    assert not [path for path in home.rglob("*") if path.name == "outside"]


def test_a_manifest_that_is_not_the_listed_one_is_refused(server, home, there):
    (there.parents[1] / "SHA256SUMS").write_text(f"{'0' * 64}  models/{there.name}/manifest.json\n")
    (sentence,) = fetch(server, home)
    assert sentence.endswith("is not used: its manifest.json is not the one that SHA256SUMS names.")
    assert archive.root() == BUNDLED


@pytest.mark.parametrize("line", ["<html>", "", f"{'0' * 64}  models/../../etc/manifest.json", f"{'0' * 64}  models/x"])
def test_a_list_of_something_else_is_refused(server, home, there, line):
    fetch(server, home)
    (there.parents[1] / "SHA256SUMS").write_text(line)
    (sentence,) = fetch(server, home)
    assert "its SHA256SUMS is no list of manifests; what was there before is used." in sentence
    assert snapshot.load().taken == there.name


def test_a_kind_that_this_version_does_not_know_is_left_alone(server, home, there):
    with (there.parents[1] / "SHA256SUMS").open("a") as file:
        file.write(f"{'0' * 64}  agents/2026-01-01/manifest.json\n")
    assert fetch(server, home) == []


def test_a_data_set_of_the_hub(server, home, there, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    monkeypatch.setenv("HF_TOKEN", "hf_" + "a" * 30)
    assert remote.fetch("hf://datasets/o/scores/of/us", home, QUICK) == []
    assert content(home) == content(there.parents[1])
    assert {request.headers["authorization"] for request in server.log} == {"Bearer hf_" + "a" * 30}
    (sentence,) = remote.fetch("hf://datasets/o/none", home, QUICK)
    assert sentence.startswith("The snapshots at hf://datasets/o/none cannot be read: 127.0.0.1:")


@pytest.mark.parametrize(
    "where",
    ["s3://bucket/x", "https://me:pass@example.org/x", "hf://models/o/n", "hf://datasets/o", "hf://datasets/o/n/../x"],
)
def test_what_is_no_address_is_not_asked(home, where):
    (sentence,) = remote.fetch(where, home, QUICK)
    assert "it is neither https://HOST/FOLDER, without a name or password, nor hf://datasets/OWNER/NAME" in sentence
    assert "pass@" not in sentence


def test_a_cache_that_cannot_be_written_is_named(server, home, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    (sentence,) = remote.follow()
    assert sentence.startswith(f"No newer snapshots are fetched: {tmp_path}/file")
    assert sentence.endswith("cannot be written (Not a directory).")
    assert archive.root() == BUNDLED
