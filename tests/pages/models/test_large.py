"""Every page says the same of a snapshot that stays on the disk as of one in memory."""

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components import session
from data import archive
from data.models import parts, snapshot
from scoring.reasons.attribution import Side, of_model
from scoring.reasons.bands import bands
from scoring.reasons.choices import board
from scoring.view import ModelView

ROOT = Path(__file__).resolve().parents[3]
LISTING = ROOT / "tests" / "fixtures" / "hub_stats.parquet"
MODELS = 400


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Two snapshots of several groups of rows."""
    into = tmp_path_factory.mktemp("large")
    rows = pq.read_table(LISTING).slice(0, MODELS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "MERGED", 128)
        for day, some in ((date(2026, 11, 2), rows.slice(0, MODELS - 9)), (date(2026, 11, 9), rows)):
            pq.write_table(some, into / "listing.parquet")
            parts.build_listing(str(into / "listing.parquet"), day, into)
    return into


@pytest.fixture
def ids(root):
    return snapshot.load(within=root).search("", 3)


def drawn(page, /, **query):
    """All that a page says: the texts of its elements, in order."""
    st.cache_resource.clear()
    st.cache_data.clear()  # a chart that is kept is written in another order than a new one
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    if page:
        app.run()
        app.switch_page(page)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return [_said(element) for element in app]


def _said(element):
    proto = getattr(element, "proto", None)
    drawn = re.sub(r"\$\$ID-[0-9a-f]+", "", str(proto)) if element.type in DATA else ""  # an id differs from run to run
    return type(element).__name__, str(getattr(element, "value", "")), drawn


DATA = ("bidi_component", "plotly_chart")
VIEWS: tuple[dict[str, Any], ...] = (
    {},
    {"sort": "likes", "page": "3", "columns": ["downloads", "params", "provider", "license_type_scaled"]},
    {"sort": "security", "reverse": "true", "page": "2"},
    {"sort": "flags"},
    {"sort": "task"},
    {"search": "a", "hide_flagged": "true", "license": "permissive", "memory": "8", "publisher": "neither"},
    {"security": "60", "license_type": "3", "evidence": "listing", "unknown": "skip"},
    {"chart": "scatter", "count": "all", "changed": "2y"},
    {"yardstick": "population"},
)


@pytest.mark.parametrize("query", VIEWS, ids=lambda query: "-".join(query) or "usual")
def test_the_ranking_says_the_same(root, ids, monkeypatch, query):
    monkeypatch.setenv("WEIGHBRIDGE_SNAPSHOTS", str(root))
    pinned = query | {"pin": ids[1:]}
    whole = drawn("", **pinned)
    monkeypatch.setattr(snapshot, "LARGE", 0)
    assert drawn("", **pinned) == whole


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        ("models/model", lambda ids: {"model": ids[0]}),
        ("models/compare", lambda ids: {"compare": ids}),
        ("models/any", lambda ids: {"any": ids[0], "beside": ids[1:]}),
        ("about/data", lambda ids: {}),
        ("about/method", lambda ids: {"factor": "likes"}),
        ("organisations/organisation", lambda ids: {}),
    ],
)
def test_the_other_pages_say_the_same(root, ids, monkeypatch, page, asked):
    monkeypatch.setenv("WEIGHBRIDGE_SNAPSHOTS", str(root))
    shutil.copytree(archive.BUNDLED / "organisations", root / "organisations", dirs_exist_ok=True)
    whole = drawn(f"pages/{page}.py", **asked(ids))
    assert len(whole) > 20
    monkeypatch.setattr(snapshot, "LARGE", 0)
    assert drawn(f"pages/{page}.py", **asked(ids)) == whole


def test_a_large_snapshot_is_not_read_wholly(root, monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_SNAPSHOTS", str(root))
    monkeypatch.setattr(snapshot, "LARGE", 0)
    st.cache_resource.clear()
    st.cache_data.clear()  # a chart that is kept is written in another order than a new one
    found, _ = session._loaded("", ())
    assert found.file is not None


def found(folder):
    """Why a model moved, what other ways to count make of the first, and how firm the order is."""
    before, now = (snapshot.load(day, folder, by_position=True) for day in ("2026-11-02", "2026-11-09"))
    view, model = ModelView(weights={"security": 55.0}), str(before.facts["id"].iloc[100])
    at, was = (int(one.rows([model])[0]) for one in (now, before))
    moved = of_model(Side.of(now, at, view), Side.of(before, was, ModelView()))
    scores = view.score(now)
    contenders = np.sort(scores.top(50, np.ones(len(scores), dtype=bool)))
    others = board(view, now, contenders, ["goalposts"]).others
    drawn = bands(scores, depth="factors", draws=200)
    return moved.sentence(), {one: there.total.tolist() for one, there in others.items()}, drawn.summary()


def test_movement_choices_and_bands_are_those_of_the_snapshot_in_memory(root, monkeypatch):
    whole = found(root)
    monkeypatch.setattr(snapshot, "LARGE", 0)
    assert found(root) == whole
