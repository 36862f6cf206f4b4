"""Every page opens the snapshot, scores it in stages, and can be left for another."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import page
from data.models import snapshot
from data.models.build import build as build_snapshot
from scoring.view import View, preset_weights
from tests import older

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


def test_a_category_slider_blends_nothing_again(bundled):
    first = page.scores(View(), bundled)
    moved = page.scores(View(weights={"popularity": 77.0}), bundled)
    assert moved.blended is first.blended
    assert moved.scaled is first.scaled
    assert moved.total.tolist() != first.total.tolist()


def test_a_factor_slider_blends_again_and_scales_nothing(bundled):
    first = page.scores(View(), bundled)
    moved = page.scores(View(weights={"downloads": 7.0}), bundled)
    assert moved.blended is not first.blended
    assert moved.scaled is first.scaled
    assert page.scores(View(unknown="skip"), bundled).blended is not first.blended
    assert page.scores(View(yardstick="population"), bundled).scaled is not first.scaled


def test_no_slider_changes_who_is_ranked(bundled):
    first = page.scores(View(), bundled)
    moved = page.scores(View(weights={"popularity": 0.0, "hub_scan": 9.0}), bundled)
    assert (moved.ranked <= first.ranked).all()
    lost = first.ranked & ~moved.ranked
    assert all(v != v for v in moved.total[lost]), "only a model of which nothing that counts is known loses its rank"


def test_all_weights_zero_is_refused_with_a_sentence(bundled):
    with pytest.raises(ValueError, match="All weights are zero"):
        page.scores(View(weights=dict.fromkeys(preset_weights("balanced"), 0.0)), bundled)


def test_a_damaged_snapshot_is_named_and_the_one_before_is_used(snapshots, bundled_records):
    build(bundled_records, snapshots, "2026-05-01")
    newest = build(bundled_records, snapshots, "2026-06-01")
    (newest / "facts.parquet").write_bytes(b"not a table")
    app = opened()
    assert not app.exception
    (warning,) = [w.value for w in app.warning]
    assert "2026\\-06\\-01" in warning
    assert "2026\\-05\\-01" in warning
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


@pytest.mark.parametrize(("iso", "said"), [("2026-10-08", "8 October 2026"), ("", ""), ("soon", "soon")])
def test_days_are_said_as_people_say_them(iso, said):
    assert page.day(iso) == said


def test_the_footer_names_version_snapshot_and_dates(bundled):
    said = opened().main.caption[-1].value.replace("\\", "")
    assert f"Weighbridge {page.version()}" in said
    assert page.day(bundled.taken) in said
    assert page.version() in (ROOT / "pyproject.toml").read_text()


def test_feedback_goes_where_the_host_says(monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_FEEDBACK", "https://example.org/feedback")
    assert "[Feedback](https://example.org/feedback)" in opened().main.caption[-1].value


def test_the_span_is_that_of_all_facts(bundled):
    first, last = page.span(bundled)
    assert first < last == bundled.taken


def test_a_link_degrades_to_text_where_a_page_runs_alone():
    def script():
        from components import page

        page.link_to("model", "a *name*", model="google/bert")

    app = AppTest.from_function(script).run()
    assert not app.exception
    assert app.markdown[0].value == "a \\*name\\*"


def test_store_and_page_mean_the_same_kind():
    assert page.KIND == snapshot.KIND
    assert snapshot.dates(page.KIND)
