"""The preview of a drag against the engine: the same order, and totals nobody can tell apart."""

import json
import zlib
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.rescoring import generated
from scoring import byrow, engine
from scoring.preview import Preview, flags, preview
from scoring.scorecards import MODEL
from scoring.types import UNKNOWN_POLICIES
from scoring.view import ModelView

CATEGORIES, FACTORS = [c.id for c in MODEL.categories], [f.id for f in MODEL.factors]


def views(how_many):
    """Random weightings under every policy, with zeros among them, some with moved factors."""
    rng = np.random.default_rng(13)
    for n in range(how_many):
        weights = dict(zip(CATEGORIES, rng.integers(0, 101, 4).astype(float).tolist(), strict=True))
        weights[CATEGORIES[n % 4]] *= n % 3 > 0
        if n % 2:
            weights |= dict(zip(FACTORS, (rng.integers(0, 40, len(FACTORS)) / 4).tolist(), strict=True))
        policy, coverage = UNKNOWN_POLICIES[n % 3], (0.5, 0.0)[n % 7 == 0]
        view = ModelView(weights=weights, unknown=policy, cap=n % 5 > 0, min_coverage=coverage)
        yield view if n // 2 % 2 else replace(view, count="all")


def test_two_hundred_weightings_have_the_order_of_the_engine(bundled):
    made: dict[str, Preview] = {}
    for n, view in enumerate(views(200)):
        scores = view.score(bundled)
        counting = bundled.common_ground if view.count == "common" else FACTORS
        drawn = made.setdefault(view.count, preview(MODEL, scores.scaled, counting))
        totals = drawn.totals(scores.card.weights(), view.unknown, view.cap)
        np.testing.assert_allclose(totals[0], scores.total[drawn.rows], atol=1e-5)
        kept = np.arange(len(scores)) % 3 > 0 if n % 4 == 0 else np.ones(len(scores), dtype=bool)
        order = drawn.rows[drawn.top(totals, kept[drawn.rows], scores.ranked[drawn.rows], len(scores))]
        wanted = scores.order[kept[scores.order]]
        assert order[:500].tolist() == wanted[:500].tolist(), view
        # Further down two models may lie a ten-millionth of a point apart, which the values do not tell.
        np.testing.assert_allclose(scores.total[order], scores.total[wanted], atol=1e-7)


def test_without_factors_the_totals_lie_within_a_twentieth_of_a_point(bundled):
    for view in views(12):
        scores = view.score(bundled)
        drawn = preview(MODEL, scores.scaled, FACTORS, scores.blended)
        total, uncapped = drawn.totals(scores.card.weights(), view.unknown, view.cap)
        np.testing.assert_allclose(total, scores.total[drawn.rows], atol=0.05)
        np.testing.assert_allclose(uncapped, scores.uncapped[drawn.rows], atol=0.05)


def test_a_hundred_thousand_have_the_order_of_the_engine():
    scaled = generated(100_000)
    drawn, everyone = preview(MODEL, scaled, FACTORS), np.ones(100_000, dtype=bool)
    for view in views(4):
        scores = engine.weigh(view.card, scaled, engine.blend(view.card, scaled, view.unknown), view.unknown, view.cap)
        totals = drawn.totals(view.card.weights(), view.unknown, view.cap)
        first = drawn.top(totals, everyone, scores.ranked[drawn.rows], 1000)
        assert drawn.rows[first].tolist() == scores.top(1000).tolist()


def coded(scaled):
    """The same measures as codes in tables."""
    factors = []
    for j in range(scaled.value.shape[1]):
        each = np.stack([scaled.value[:, j], scaled.low[:, j], scaled.high[:, j], scaled.applies[:, j]])
        table, codes = np.unique(each, axis=1, return_inverse=True, equal_nan=True)
        value, low, high, applies = table
        factors.append(
            byrow.Values(
                codes=codes.ravel().astype(np.uint32), value=value, low=low, high=high, applies=applies.astype(bool)
            )
        )
    return byrow.by_row(byrow.ByRow(scaled.ids.__getitem__, len(scaled.ids)), factors, scaled.caps.T)


def test_measures_by_row_have_the_preview_of_a_table(bundled, monkeypatch):
    monkeypatch.setattr("scoring.byrow.BLOCK", 1000)
    whole = ModelView().score(bundled).scaled
    whole = whole.rows(np.argsort(whole.ids.astype(str)))
    by_row = coded(whole)
    weights = tuple((f.id, f.weight) for f in MODEL.factors)
    wanted = preview(MODEL, whole, (), engine.blend(MODEL, whole))
    got = preview(MODEL, by_row, (), byrow.blend(by_row, weights, "neutral"))
    assert got.pack({}) == wanted.pack({})
    assert got.rows.tolist() == wanted.rows.tolist() == list(range(len(whole.ids)))


def test_what_nobody_is_asked_does_not_travel(bundled):
    card, scaled = MODEL.with_weights({"discussions": 0, "pull_requests": 0}), ModelView().score(bundled).scaled
    drawn = preview(MODEL, scaled, (), engine.blend(card, scaled))
    assert drawn.columns == ("popularity", "operational", "security")
    assert len(drawn.values) == 3


def test_a_filter_and_a_lack_of_coverage_are_a_bit_each():
    kept, rankable = np.array([True, False, False] * 5), np.array([True, True, False] * 5)
    bits = np.unpackbits(np.frombuffer(zlib.decompress(flags(kept, rankable)), np.uint8).reshape(2, 2), axis=1)
    assert (bits[:, :15] == [kept, rankable]).all()


@pytest.mark.parametrize(("by_factor", "bits"), [(True, 32), (False, 16)])
def test_what_is_packed_says_where_everything_is(bundled, by_factor, bits):
    scores = ModelView().score(bundled)
    drawn = preview(MODEL, scores.scaled, bundled.common_ground, None if by_factor else scores.blended)
    sent = drawn.pack({"balanced": ("Balanced", ModelView().usual)})
    long = int.from_bytes(sent[:4], "little")
    header, body = json.loads(sent[4 : 4 + long]), sent[4 + long :]
    assert long % 4 == 0
    assert header["bits"] == bits
    assert [c["id"] for c in header["categories"]] == CATEGORIES
    assert header["presets"]["balanced"]["weights"]["popularity"] == 30
    assert list(header["blocks"]) == (["values", "caps", "ids"] if by_factor else ["values", "caps"])
    start, length = header["blocks"]["values"]
    values = np.frombuffer(body[start : start + length], dtype=f"<u{bits // 8}").reshape(-1, header["n"])
    assert (values == drawn.values).all()
    if by_factor:
        start, length = header["blocks"]["ids"]
        assert body[start : start + length].decode().split("\n") == sorted(bundled.facts["id"])
