"""What `Scores.top` and `Scores.rank_of` shortcut is exactly what `order` and `rank` decide, ties and gaps included."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine import blend, weigh
from scoring.scorecards import MODEL
from scoring.types import Scaled

FACTORS = len(MODEL.factors)


def scored(seed, n, steps, ranked_share, capped):
    """Score n subjects whose values are so coarse that many totals are equal."""
    rng = np.random.default_rng(seed)
    value = rng.integers(0, steps, (n, 1)) / max(steps - 1, 1) * np.ones((1, FACTORS))
    value[rng.random((n, FACTORS)) < 0.2] = np.nan
    value[rng.random(n) < 0.1] = np.nan  # nothing known: no total
    unknown = np.isnan(value)
    scaled = Scaled(
        ids=np.array([f"o/{i}" for i in rng.permutation(n)], dtype=object),
        value=value,
        low=np.where(unknown, 0.0, value),
        high=np.where(unknown, 1.0, value),
        applies=np.ones(value.shape, dtype=bool),
        caps=rng.random((n, len(MODEL.caps))) < 0.3,
    )
    ranked = rng.random(n) < ranked_share
    return weigh(MODEL, scaled, blend(MODEL, scaled), capped=capped, rankable=ranked), rng


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 60),
    st.integers(1, 4),
    st.sampled_from([0.0, 0.3, 1.0]),
    st.booleans(),
    st.integers(0, 70),
)
def test_top_is_the_beginning_of_order(seed, n, steps, ranked_share, capped, wanted):
    scores, rng = scored(seed, n, steps, ranked_share, capped)
    assert list(scores.top(wanted)) == list(scores.order[:wanted])
    mask = rng.random(n) < 0.5
    assert list(scores.top(wanted, mask)) == [i for i in scores.order if mask[i]][:wanted]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(1, 4), st.sampled_from([0.0, 0.3, 1.0]))
def test_rank_of_is_rank(seed, n, steps, ranked_share):
    scores, rng = scored(seed, n, steps, ranked_share, capped=True)
    rows = rng.permutation(n)[: int(rng.integers(0, n + 1))]
    assert np.array_equal(scores.rank_of(rows), scores.rank[rows], equal_nan=True)


def test_the_table_of_some_rows_is_those_rows_of_the_whole():
    scores, _ = scored(7, 40, 3, 0.7, capped=True)
    rows = scores.order[5:15]
    assert scores.table(rows).equals(scores.table().iloc[5:15].reset_index(drop=True))


@pytest.mark.parametrize("odd", ["<script>alert(1)</script>", "a&b/'\"", "o/" + "x" * 300])
def test_jupyter_shows_ids_as_text(odd):
    scores, _ = scored(1, 3, 2, 1.0, capped=True)
    scores.ids[0] = odd
    html = scores._repr_html_()
    assert "<script" not in html
    assert html.count("<tr>") == 4


def test_jupyter_says_what_is_unknown_and_how_many_there_are():
    scores, _ = scored(3, 60, 3, 0.5, capped=True)
    html = scores._repr_html_()
    assert html.count("<tr>") == 21
    assert "the first 20 of 60 models" in html
    for c in MODEL.categories:
        assert c.label in html
