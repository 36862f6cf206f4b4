"""The arithmetic of the weights component, run in a browser, is that of Python."""

import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.rescoring import generated
from components.weights import script
from scoring import engine
from scoring.preview import flags, preview
from scoring.scorecards import MODEL
from scoring.types import UNKNOWN_POLICIES
from scoring.view import ModelView

pytestmark = pytest.mark.browser

CATEGORIES, FACTORS = [c.id for c in MODEL.categories], [f.id for f in MODEL.factors]
# Reads the bytes once, then answers for every weighting: the first, and the ranks and totals of these and of others.
ASKED = """async ([cases, count]) => {
  const core = await import("/core.js"), bytes = await (await fetch("/field.bin")).arrayBuffer()
  const field = core.read(new Uint8Array(bytes))
  return cases.map(({ weights, how, flags, others }) => {
    if (flags) core.list(field, Uint8Array.from(flags))
    const { first, ranks } = core.weigh(field, weights, how, count, others), places = [...first, ...others]
    const then = core.ranksThen(field, core.remember(weights, how), places)
    return {
      first,
      totals: places.map((i) => core.one(field, i, weights, how).total),
      ranks: places.map((i) => ranks.get(i)),
      then: places.map((i) => then.get(i)),
    }
  })
}"""
CORE = "export { read, list, weigh, remember, ranksThen, one, shares, move }"


@pytest.fixture(scope="module")
def page(chromium):
    """An empty page in which the modules can be run."""
    context = chromium.new_context()
    page = context.new_page()
    page.route("**/", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.route("**/core.js", lambda route: route.fulfill(body=script(CORE), content_type="text/javascript"))
    page.goto("http://127.0.0.1/")
    yield page
    context.close()


def asked(page, drawn, cases, count=20) -> list[dict[str, Any]]:
    """Answer cases in the browser; totals and ranks as numbers, NaN for none."""
    page.route("**/field.bin", lambda route: route.fulfill(body=drawn.pack({})))
    found = page.evaluate(ASKED, [cases, count])
    page.unroute("**/field.bin")
    numbers = ("totals", "ranks", "then")
    return [{**one, **{name: np.array(one[name], dtype=float) for name in numbers}} for one in found]


def case(view, flags=None, others=()):
    return {
        "weights": view.usual | dict(view.weights),
        "how": {"unknown": view.unknown, "capped": view.cap},
        "flags": flags and list(zlib.decompress(flags)),
        "others": [int(i) for i in others],
    }


def weightings(rng, how_many, by_factor):
    for n in range(how_many):
        weights = dict(zip(CATEGORIES, rng.integers(0, 101, 4).astype(float).tolist(), strict=True))
        if n % 9 == 0:  # one weight only
            weights = dict.fromkeys(CATEGORIES, 0.0) | {CATEGORIES[n // 9 % 4]: 7.0}
        if by_factor:
            weights |= dict(zip(FACTORS, (rng.integers(0, 40, len(FACTORS)) / 4).tolist(), strict=True))
        yield ModelView(count="all", weights=weights, unknown=UNKNOWN_POLICIES[3 * n // how_many], cap=n % 5 > 0)


def test_the_browser_has_the_order_of_the_engine_under_two_hundred_weightings(page, bundled):
    rng, cases, wanted = np.random.default_rng(7), [], []
    drawn = preview(MODEL, ModelView().score(bundled).scaled, FACTORS)
    for n, view in enumerate(weightings(rng, 200, by_factor=True)):
        scores, kept = view.score(bundled), rng.random(len(drawn.rows)) < (0.5, 1, 0.001, 0)[n % 4]
        others = rng.integers(0, len(drawn.rows), 3)
        cases.append(case(view, flags(kept[drawn.rows], scores.ranked[drawn.rows]), others))
        wanted.append((scores, scores.order[kept[scores.order]], drawn.rows[others]))
    for got, (scores, listed, others) in zip(asked(page, drawn, cases), wanted, strict=True):
        shown = np.concatenate([listed[:20], others])
        assert drawn.rows[got["first"]].tolist() == listed[:20].tolist()
        np.testing.assert_array_equal(got["ranks"], scores.rank_among(listed)[shown])
        np.testing.assert_array_equal(got["then"], got["ranks"])
        np.testing.assert_allclose(got["totals"], scores.total[shown], atol=1e-5)


@pytest.fixture(scope="module")
def many():
    """Measures of a hundred thousand."""
    return generated(100_000)


def test_it_has_it_over_a_hundred_thousand_too(page, many):
    scaled, rng, cases, wanted = many, np.random.default_rng(7), [], []
    drawn = preview(MODEL, scaled, FACTORS)
    blended = {policy: engine.blend(MODEL, scaled, policy) for policy in UNKNOWN_POLICIES}
    for view in weightings(rng, 200, by_factor=False):
        others = rng.integers(0, len(drawn.rows), 3)
        scores = engine.weigh(view.card, scaled, blended[view.unknown], view.unknown, view.cap)
        cases.append(case(view, others=others))
        shown = np.concatenate([scores.top(20), drawn.rows[others]])
        wanted.append((shown, scores.rank_of(shown)))
    for got, (shown, ranks) in zip(asked(page, drawn, cases), wanted, strict=True):
        assert drawn.rows[got["first"]].tolist() == shown[:20].tolist()
        np.testing.assert_array_equal(got["ranks"], ranks)


@pytest.mark.parametrize("policy", UNKNOWN_POLICIES)
def test_scores_of_categories_have_the_order_that_their_steps_have(page, many, policy):
    scaled, rng, cases, wanted = many, np.random.default_rng(7), [], []
    blended = engine.blend(MODEL, scaled, policy)
    drawn = preview(MODEL, scaled, FACTORS, blended)
    for n, view in enumerate(weightings(rng, 12, by_factor=False)):
        kept, rankable = rng.random((2, 100_000)) < ((0.5,), (0.9,)) if n % 2 else np.ones((2, 100_000), dtype=bool)
        view, others = replace(view, unknown=policy), rng.integers(0, 100_000, 5)
        cases.append(case(view, flags(kept, rankable), others))
        totals = drawn.totals(view.card.weights(), policy, view.cap)
        scores = engine.weigh(view.card, scaled, blended, policy, view.cap)
        ranks = rank(np.where(kept & rankable, totals[0], np.nan), others)
        wanted.append((drawn.top(totals, kept, rankable, 20), ranks, scores.total[drawn.rows], others))
    for got, (first, ranks, exact, others) in zip(asked(page, drawn, cases), wanted, strict=True):
        assert got["first"] == first.tolist()
        np.testing.assert_array_equal(got["ranks"][20:], ranks)
        np.testing.assert_allclose(got["totals"], exact[[*first, *others]], atol=0.05)


def rank(totals, places):
    """The ranks of some, NaN where there is no total."""
    above = np.sort(-totals[~np.isnan(totals)].round(9))
    return np.where(np.isnan(totals[places]), np.nan, 1 + np.searchsorted(above, -totals[places].round(9)))


MOVED = """async ([weights, id, value, locked]) => {
  const core = await import("/core.js"), bytes = await (await fetch("/field.bin")).arrayBuffer()
  const field = core.read(new Uint8Array(bytes))
  const moved = core.move(field, weights, id, value, new Set(locked), 100)
  return [moved, core.shares(field, weights), core.shares(field, moved)]
}"""


def let_move(page, drawn, *move):
    page.route("**/field.bin", lambda route: route.fulfill(body=drawn.pack({})))
    found = page.evaluate(MOVED, list(move))
    page.unroute("**/field.bin")
    return found


@pytest.mark.parametrize(
    ("locked", "value"),
    [([], 60), (["popularity"], 60), (["popularity", "operational"], 90), (["security", "popularity"], 0)],
)
def test_a_locked_weight_keeps_its_share(page, bundled, locked, value):
    view = ModelView(count="all")
    drawn = preview(MODEL, view.score(bundled).scaled, FACTORS)
    moved, before, after = let_move(page, drawn, view.usual, "activity", value, locked)
    assert all(0 <= moved[c] <= 100 for c in CATEGORIES)
    for at, c in enumerate(CATEGORIES):
        assert c not in locked or after[at] == pytest.approx(before[at], abs=2e-3)
    assert moved["activity"] <= value
    assert sum(after) == pytest.approx(1)


def test_what_is_locked_may_be_all_there_is(page, bundled):
    weights = ModelView().usual | {"activity": 0.0, "operational": 0.0, "security": 0.0}
    drawn = preview(MODEL, ModelView(count="all").score(bundled).scaled, FACTORS)
    moved, *_ = let_move(page, drawn, weights, "security", 50, ["popularity"])
    assert moved == weights
