"""Every page opens the snapshot: the newest sound one, or the one that is asked for."""

import os
import shutil
import threading
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import session
from data import archive
from data.models import snapshot
from data.models.build import build as build_snapshot
from tests import older
from tests.platforms.server import Files, Server

ROOT = Path(__file__).resolve().parents[2]


def build(bundled_records, folder, taken, count=40):
    """A snapshot of some of the bundled records under this date; its own is the curated tables'."""
    built = build_snapshot(bundled_records[:count], date(2026, 10, 8), into=folder / "drafts")
    (folder / "models").mkdir(exist_ok=True)
    return older.under(taken, built.rename(folder / "models" / taken))


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def in_place_of(name, put):
    def damage(folder):
        (folder / name).unlink()
        put(folder / name)

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        in_place_of("facts.parquet", lambda path: path.write_bytes(b"not a table")),
        in_place_of("manifest.json", os.mkfifo),
        in_place_of("scaled.parquet", lambda path: path.symlink_to("nowhere")),
        in_place_of("records.jsonl.gz", lambda path: path.symlink_to("/dev/zero")),
        lambda folder: older.sealed(folder, sources=[{"name": None}]),
        lambda folder: older.sealed(folder, sha256={}),
        lambda folder: older.sealed(folder, taken="2026-06-02"),
        lambda folder: older.sealed(folder, kind="organisations"),
    ],
)
def test_a_damaged_snapshot_is_named_and_the_one_before_is_used(snapshots, bundled_records, damage):
    build(bundled_records, snapshots, "2026-05-01")
    damage(build(bundled_records, snapshots, "2026-06-01"))
    app = opened()
    assert not app.exception
    (warning,) = [w.value for w in app.warning]
    assert "2026\\-06\\-01" in warning
    assert "1 May 2026" in warning
    assert "40 models" in " ".join(m.value for m in app.markdown)


def test_a_mended_snapshot_is_taken_up_without_a_restart(snapshots, bundled_records):
    build(bundled_records, snapshots, "2026-05-01", 30)
    newest = build(bundled_records, snapshots, "2026-06-01", 40)
    sound = (newest / "facts.parquet").read_bytes()
    (newest / "facts.parquet").write_bytes(b"not a table")
    app = opened()
    assert app.warning
    (newest / "facts.parquet").write_bytes(sound)
    app.run()
    assert not app.warning
    assert "40 models" in " ".join(m.value for m in app.markdown)


def test_with_no_sound_snapshot_the_page_stops_with_a_sentence(snapshots, bundled_records):
    only = build(bundled_records, snapshots, "2026-05-01")
    shutil.rmtree(only)
    app = opened()
    assert not app.exception
    (error,) = [e.value for e in app.error]
    assert "no snapshot of models" in error
    assert "weighbridge snapshot build" in error.replace("\\", "")
    assert not app.get("plotly_chart")


def test_a_link_to_an_older_snapshot_opens_it(snapshots, bundled_records):
    build(bundled_records, snapshots, "2026-05-01", 30)
    build(bundled_records, snapshots, "2026-06-01", 40)
    app = opened(snapshot="2026-05-01")
    assert "30 models" in " ".join(m.value for m in app.markdown)
    assert app.selectbox(key="snapshot").value == "2026-05-01"
    app.selectbox(key="snapshot").set_value(None).run()
    assert "40 models" in " ".join(m.value for m in app.markdown)
    assert not app.warning


def test_a_link_to_a_snapshot_that_is_not_there_opens_the_newest_and_says_so():
    app = opened(snapshot="1999-01-01")
    assert not app.exception
    assert "1999\\-01\\-01" in app.warning[0].value


def test_store_and_session_mean_the_same_kind():
    assert session.KIND == snapshot.KIND
    assert snapshot.dates(session.KIND)


def test_a_newer_snapshot_is_fetched_behind_the_back_of_whoever_reads(bundled, bundled_records, tmp_path, monkeypatch):
    newer = build(bundled_records, tmp_path / "there", "2026-12-01")
    archive.write_sums(tmp_path / "there")
    with Server(Files(tmp_path / "there")) as server:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
        monkeypatch.setenv("WEIGHBRIDGE_SNAPSHOTS", server.url)
        late = threading.Event()

        def wait(handler, request, app):
            late.wait(30)
            handler.give(app(request))

        server.break_on("SHA256SUMS", wait)
        session._look_for_newer.clear()
        app = opened()
        assert not app.exception
        assert session.snapshots()[0] == bundled.taken  # while the server lets one wait
        late.set()
        session._look_for_newer().join(30)
        assert session.snapshots() == [newer.name]
        assert not app.run().exception
        assert len(server.asked("SHA256SUMS")) == 1
    session._look_for_newer.clear()
