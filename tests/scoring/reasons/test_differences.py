"""A value is better than another only where both were read within sixty days; where days differ, each is shown."""

import pytest

from scoring.engine import score
from scoring.reasons.differences import differences, far_apart
from scoring.reasons.receipt import receipt
from scoring.scorecards import MODEL
from tests import records

AUTUMN, NEXT_DAY, WINTER, SPRING = "2025-10-01", "2025-10-02", "2025-11-30", "2026-05-06"


def compared(factor, *rows, weights=None):
    """Compare models, each given as its facts with the days on which they were read: {fact: (value, day)}."""
    facts = records.frame([{fact: value for fact, (value, _) in row.items()} for row in rows])
    scores = score(MODEL.with_weights(weights or {}), facts)
    receipts = [receipt(scores, n, row) for n, row in enumerate(records.known(facts))]
    found = differences(receipts, [{fact: day for fact, (_, day) in row.items()} for row in rows])
    assert [x.lines[0].factor.id for x in found] == [f.id for f in MODEL.factors]
    return next(x for x in found if x.lines[0].factor.id == factor)


def likes(*read):
    return compared("likes", *({"likes": one} for one in read))


@pytest.mark.parametrize(
    ("days", "wanted"),
    [
        ([], None),
        ([AUTUMN], None),
        ([AUTUMN, AUTUMN], None),
        ([WINTER, AUTUMN], None),  # sixty days
        (["2025-12-01", AUTUMN], (AUTUMN, "2025-12-01")),  # sixty-one
        ([WINTER, SPRING, AUTUMN], (AUTUMN, SPRING)),
        (["2024-02-01", "2024-04-01"], None),  # sixty in a leap year
    ],
)
def test_more_than_sixty_days_are_far_apart(days, wanted):
    assert far_apart(days) == wanted


def test_values_of_one_day_have_a_best_and_no_dates():
    found = likes((3, AUTUMN), (20, AUTUMN))
    assert found.best == {1}
    assert found.differs
    assert not found.dated
    assert found.apart is None


def test_values_of_near_days_have_a_best_and_show_their_dates():
    found = likes((3, AUTUMN), (20, WINTER))
    assert found.best == {1}
    assert found.dated
    assert found.days == (AUTUMN, WINTER)
    assert found.apart is None


def test_values_read_far_apart_have_no_best():
    found = likes((3, AUTUMN), (20, SPRING))
    assert found.best == frozenset()
    assert found.differs
    assert found.dated
    assert found.apart == (AUTUMN, SPRING)


def test_one_that_was_read_far_from_the_others_takes_the_mark_from_all():
    assert likes((3, SPRING), (20, SPRING), (5, AUTUMN)).best == frozenset()
    assert likes((3, SPRING), (20, SPRING), (None, AUTUMN)).best == {1}


def test_what_is_unknown_has_no_day_whatever_its_note_bears():
    found = likes((3, AUTUMN), (None, SPRING))
    assert found.days == (AUTUMN, "")
    assert not found.dated
    assert found.best == frozenset()


def test_a_value_without_a_day_is_not_dated():
    found = likes((3, ""), (20, SPRING))
    assert found.best == {1}
    assert not found.dated


def test_equal_values_that_were_read_far_apart_are_no_draw_and_say_so():
    found = likes((3, AUTUMN), (3, SPRING))
    assert not found.differs
    assert found.apart == (AUTUMN, SPRING)


def test_days_are_compared_fact_by_fact_and_a_value_is_as_old_as_its_oldest_fact():
    young = {"age_days": (800, NEXT_DAY), "days_since_update": (9, AUTUMN)}
    old = {"age_days": (900, AUTUMN), "days_since_update": (20, AUTUMN)}
    assert compared("age", young, old).days == (AUTUMN, AUTUMN)
    # One card states its base model, the other model's was read months later: its lineage is a fact of its own.
    lineage = {"lineage": ("derivative", SPRING)}
    stated = lineage | dict.fromkeys(("base_model_info", "base_model_in_metadata"), (True, AUTUMN))
    not_stated = lineage | dict.fromkeys(("base_model_info", "base_model_in_metadata"), (False, NEXT_DAY))
    found = compared("base_model_info", stated, not_stated)
    assert found.apart is None
    assert found.best == {0}
    late = compared("age", young, old | {"days_since_update": (20, SPRING)})
    assert late.apart == (AUTUMN, SPRING)
    assert late.best == frozenset()


def test_a_factor_counts_where_a_total_stands_on_it():
    rows = ({"likes": (3, AUTUMN)}, {"likes": (20, AUTUMN)})
    assert compared("likes", *rows).counts
    assert not compared("likes", *rows, weights={"likes": 0}).counts
    assert not compared("spaces", *rows).counts
