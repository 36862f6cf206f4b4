"""The arithmetic of the weights component, run in a browser, is that of Python."""

import base64

import numpy as np
import pytest

from components.weights import script
from scoring.preview import flags, preview
from scoring.scorecards import MODEL
from scoring.types import UNKNOWN_POLICIES
from scoring.view import ModelView

pytestmark = pytest.mark.browser

CATEGORIES, FACTORS = [c.id for c in MODEL.categories], [f.id for f in MODEL.factors]
# Reads the bytes once, then answers for every weighting: the first, their ranks and their totals, and one by one.
ASKED = """async ([code, bytes, cases, count]) => {
  const core = await import("data:text/javascript;base64," + code)
  const field = core.read(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)))
  return cases.map(({ weights, how, flags }) => {
    core.list(field, Uint8Array.from(flags))
    const first = core.weigh(field, weights, how, count)
    const then = core.remember(field, weights, how)
    return {
      first,
      totals: first.map((i) => field.total[i]),
      ranks: core.ranks(field, first),
      alone: first.map((i) => core.one(field, i, weights, how).total),
      then: first.map((i) => core.rankThen(field, then, i)),
    }
  })
}"""
CORE = "export { read, list, weigh, remember, ranks, one, rankThen, shares, move }"


@pytest.fixture(scope="module")
def page(chromium):
    """An empty page in which the modules can be run."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def code():
    return base64.b64encode(script(CORE).encode()).decode()


def case(view, scores, drawn, kept):
    return {
        "weights": view.usual | dict(view.weights),
        "how": {"unknown": view.unknown, "capped": view.cap},
        "flags": flags(drawn.rows, kept, scores.ranked).tolist(),
    }


@pytest.mark.parametrize("by_factor", [True, False])
def test_the_browser_reckons_as_python_does(page, bundled, by_factor):
    rng, cases, wanted = np.random.default_rng(7), [], []
    blended = None if by_factor else ModelView(count="all").score(bundled).blended
    drawn = preview(MODEL, ModelView().score(bundled).scaled, FACTORS, blended)
    for n in range(12):
        weights = dict(zip(CATEGORIES, rng.integers(0, 101, 4).astype(float).tolist(), strict=True))
        if by_factor:
            weights |= dict(zip(FACTORS, (rng.integers(0, 40, len(FACTORS)) / 4).tolist(), strict=True))
        policy = UNKNOWN_POLICIES[n % 3] if by_factor else "neutral"
        view = ModelView(count="all", weights=weights, unknown=policy, cap=n % 2 > 0)
        scores, kept = view.score(bundled), rng.random(len(drawn.rows)) < (0.5, 1, 0.001)[n % 3]
        cases.append(case(view, scores, drawn, kept))
        wanted.append((scores, scores.order[kept[scores.order]]))
    sent = base64.b64encode(drawn.pack({})).decode()
    for got, (scores, listed) in zip(page.evaluate(ASKED, [code(), sent, cases, 20]), wanted, strict=True):
        if by_factor:
            first, here = listed[:20], scores.rank_among(listed)
            assert drawn.rows[got["first"]].tolist() == first.tolist()
            assert got["ranks"] == [None if np.isnan(r) else r for r in here[first]]
            assert got["then"] == got["ranks"]
        for totals in (got["totals"], got["alone"]):
            shown = np.array([np.nan if t is None else t for t in totals], dtype=float)
            np.testing.assert_allclose(shown, scores.total[drawn.rows[got["first"]]], atol=0.05)


MOVED = """async ([code, bytes, weights, id, value, locked]) => {
  const core = await import("data:text/javascript;base64," + code)
  const field = core.read(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)))
  const moved = core.move(field, weights, id, value, new Set(locked), 100)
  return [moved, core.shares(field, weights), core.shares(field, moved)]
}"""


@pytest.mark.parametrize(
    ("locked", "value"),
    [([], 60), (["popularity"], 60), (["popularity", "operational"], 90), (["security", "popularity"], 0)],
)
def test_a_locked_weight_keeps_its_share(page, bundled, locked, value):
    view = ModelView(count="all")
    drawn = preview(MODEL, view.score(bundled).scaled, FACTORS)
    sent = base64.b64encode(drawn.pack({})).decode()
    moved, before, after = page.evaluate(MOVED, [code(), sent, view.usual, "activity", value, locked])
    assert all(0 <= moved[c] <= 100 for c in CATEGORIES)
    for at, c in enumerate(CATEGORIES):
        assert c not in locked or after[at] == pytest.approx(before[at], abs=2e-3)
    assert moved["activity"] <= value
    assert sum(after) == pytest.approx(1)


def test_what_is_locked_may_be_all_there_is(page, bundled):
    weights = ModelView().usual | {"activity": 0.0, "operational": 0.0, "security": 0.0}
    drawn = preview(MODEL, ModelView(count="all").score(bundled).scaled, FACTORS)
    sent = base64.b64encode(drawn.pack({})).decode()
    moved, *_ = page.evaluate(MOVED, [code(), sent, weights, "security", 50, ["popularity"]])
    assert moved == weights
