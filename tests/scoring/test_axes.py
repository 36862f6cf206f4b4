"""The axes of the scatter hold what the facts and the scores hold."""

import numpy as np
import pytest

from scoring.axes import AXES
from scoring.scorecards import MODEL
from scoring.view import ModelView


@pytest.fixture(scope="module")
def scores(bundled):
    return ModelView().score(bundled)


def test_every_category_factor_and_size_is_an_axis():
    assert list(AXES) == [
        "total",
        *(c.id for c in MODEL.categories),
        "params",
        "context",
        *(f.id for f in MODEL.factors),
    ]
    assert len({axis.label for axis in AXES.values()}) == len(AXES)


@pytest.mark.parametrize("axis", AXES.values(), ids=list(AXES))
def test_every_axis_has_a_value_of_each_model_or_none(bundled, scores, axis):
    values = axis.values(scores, bundled.facts)
    assert (values.shape, values.dtype) == ((len(scores),), np.float64)
    known = values[~np.isnan(values)]
    assert (known >= 0).all()
    if not axis.log:
        assert (known <= (1 if axis.id in {f.id for f in MODEL.factors} else 100)).all()


def test_counts_are_facts_and_what_is_not_counted_is_unknown(bundled, scores):
    downloads = AXES["downloads"].values(scores, bundled.facts)
    facts = bundled.facts["downloads_30d"].to_numpy(float, na_value=np.nan)
    unknown = np.isnan(scores.scaled.value[:, 0])
    assert np.isnan(downloads[unknown]).all()
    assert (downloads[~unknown] == facts[~unknown]).all()
