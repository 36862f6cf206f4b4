"""The Data page counts what the snapshot holds and hides nothing that is unknown."""

import os
from pathlib import Path

from streamlit.testing.v1 import AppTest

from components import frame
from components.text import plain
from data import archive
from data.models import about
from data.models import snapshot as store
from scoring.scorecards import MODEL

PAGE = str(Path(__file__).resolve().parents[3] / "pages" / "about" / "data.py")


def opened():
    app = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not app.exception
    return app


def test_the_page_shows_sources_coverage_gaps_tables_and_hashes():
    app, snapshot = opened(), store.load()
    tables = [d.value for d in app.dataframe]
    assert [len(t) for t in tables] == [
        len(about.sources(snapshot)),
        len(about.coverage(snapshot, MODEL)),
        len(about.gaps(snapshot, MODEL)),
        len(about.curated()),
        len(about.hashes(snapshot)),
    ]
    metrics = {m.label: m.value for m in app.metric}
    assert metrics["Models"] == f"{len(snapshot.facts):,}"
    assert metrics["Known facts"] == f"{int(snapshot.facts.drop(columns='id').notna().sum().sum()):,}"
    first, last = frame.span(snapshot)
    assert first <= last == snapshot.taken
    assert (metrics["Oldest fact"], metrics["Newest fact"]) == (frame.day(first), frame.day(last))
    half = f"half of it was read on {frame.day(about.middle_day(snapshot))} or before"
    assert any(half in caption.value for caption in app.caption)


def test_the_page_names_the_factors_that_nobody_has():
    (note,) = opened().info
    for f in about.unknown_to_all(store.load(), MODEL):
        assert f.label in note.value


def test_the_page_can_be_cited_and_taken_away():
    app = opened()
    assert about.hashes(store.load())["sha256"].iloc[1] in app.code[0].value
    assert {b.label for b in app.get("download_button")} == {"Facts (CSV)", "Excel", "Facts (Parquet)"}


def test_a_damaged_snapshot_is_a_sentence(tmp_path, monkeypatch):
    folder = tmp_path / "models" / "2026-01-01"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{")
    monkeypatch.setenv("WEIGHBRIDGE_SNAPSHOTS", str(tmp_path))
    app = opened()
    assert "2026" in app.error[0].value
    assert not app.dataframe


def test_the_page_names_the_snapshots_and_the_address_that_is_followed(monkeypatch, tmp_path):
    listed = "\n".join(m.value for m in opened().markdown)
    assert plain("Shown is the snapshot of 8 October 2026") in listed
    assert plain("There is no other snapshot here yet.") in listed
    assert about.followed().startswith("No address is followed")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("WEIGHBRIDGE_SNAPSHOTS", "https://me:secret@snapshots.example/all/")
    assert about.followed() == (
        "Newer snapshots are fetched from https://snapshots.example/all, which has not been read yet."
    )
    looked = archive.cache(archive.address()) / "looked"
    looked.parent.mkdir(parents=True)
    looked.touch()
    os.utime(looked, (1_795_834_920, 1_795_834_920))
    assert about.followed().endswith("snapshots.example/all, last read on 28 November 2026 at 03:02 UTC.")
