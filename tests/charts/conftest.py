"""The months of organisations, scored as documented."""

import pytest

from data.organisations import month
from data.organisations.rollup import rollup
from scoring.scorecards import influence


@pytest.fixture(scope="package")
def months():
    return [influence(rollup(month.load(m)).facts, as_of=m) for m in month.months()]
