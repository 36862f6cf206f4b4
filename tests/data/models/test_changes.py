"""What changed between two snapshots, fact by fact, against a plain comparison model by model."""

from datetime import date

import numpy as np
import pytest

from data.models import snapshot
from data.models.build import build
from data.models.changes import GROWING, changes, in_both
from data.models.schema import FACTS
from scoring.reasons.moves import moves
from scoring.view import ModelView
from tests.records import known

BEFORE = [{"id": f"owner/m{n}", "likes": n, "gated": bool(n % 2), "pipeline_tag": "text-generation"} for n in range(8)]
NOW = [
    *BEFORE[:2],
    BEFORE[2] | {"likes": 50},
    BEFORE[3] | {"likes": 1, "gated": False},
    BEFORE[4] | {"pipeline_tag": "fill-mask", "library_name": "timm"},
    {"id": "owner/m5", "likes": 5},
    {"id": "a/new", "likes": 1},
]


@pytest.fixture(params=["small", "large"])
def two(request, tmp_path, monkeypatch):
    for records, day in ((BEFORE, date(2026, 12, 1)), (NOW, date(2026, 12, 8))):
        build(records, day, tmp_path)
    if request.param == "large":
        monkeypatch.setattr(snapshot, "LARGE", 0)
    return tuple(snapshot.load(day, tmp_path, by_position=True) for day in ("2026-12-08", "2026-12-01"))


def test_every_fact_is_compared_as_model_by_model(two):
    rows = in_both(*two)
    now, before = ({row["id"]: row for row in known(one.facts.iloc[np.arange(len(one.facts))])} for one in two)
    both = sorted(now.keys() & before.keys())
    assert [(list(now)[here], list(before)[there]) for here, there in rows] == [(one, one) for one in both]
    found = {one.fact: one for one in changes(two[0], two[1], rows)}
    assert found.keys() == FACTS.keys() - set(GROWING)
    for fact, one in found.items():
        pairs = [(before[i][fact], now[i][fact]) for i in both]
        counts = (one.changed, one.now_known, one.no_longer_known)
        came, went = (sum(pair[way] is None and pair[1 - way] is not None for pair in pairs) for way in (0, 1))
        assert counts == (sum(was != is_ for was, is_ in pairs), came, went), fact
        ordered = [p for p in pairs if None not in p and FACTS[fact].dtype != "string"]
        assert (one.risen, one.fallen) == (sum(b > a for a, b in ordered), sum(b < a for a, b in ordered)), fact
    assert found["likes"].changed == 2
    assert found["task"].no_longer_known == 1


def test_moves_are_those_of_scores_that_are_compared_by_id(two):
    now, before = (ModelView().score(one) for one in two)
    days = ("2026-12-01", "2026-12-08")
    assert moves(now, before, days, in_both(*two)) == moves(now, before, days)
    assert moves(now, before, days).new == ("a/new",)
