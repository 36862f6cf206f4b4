"""Tolerant readers: what they take, what they refuse, and that nothing raises."""

import math
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given

from data.shapes import LONGEST, MOST, as_count, as_date, as_dict, as_strings, as_text, misfit
from tests.records import odd


@pytest.mark.parametrize(
    ("value", "count"),
    [
        *((0, 0), (7, 7), (7.0, 7), ("12,761", 12761), (" 3 ", 3), (MOST, MOST), (0.0, 0), (-0.0, 0)),
        *((-1, None), (MOST + 1, None), (10**30, None), (10**400, None), (2.5, None), (math.nan, None)),
        *((math.inf, None), (-math.inf, None), (True, None), (False, None), (None, None), ("", None)),
        *(("10.3k", None), ("-1", None), ("٣", None), ("9" * 30, None), ([3], None), ({"count": 3}, None)),
    ],
)
def test_a_count_is_a_whole_number_that_can_be(value, count):
    assert as_count(value) == count
    assert isinstance(as_count(value), int | None)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2024-05-25T06:07:38.000Z", date(2024, 5, 25)),
        ("2024-05-25", date(2024, 5, 25)),
        (" 2024-05-25 ", date(2024, 5, 25)),
        ("2024-05-25T23:59:59+02:00", date(2024, 5, 25)),
        ("2024-05-25 06:07:38", date(2024, 5, 25)),
        (date(2024, 5, 25), date(2024, 5, 25)),
        (datetime(2024, 5, 25, 6, tzinfo=UTC), date(2024, 5, 25)),
        (1_716_617_258, date(2024, 5, 25)),
        (1_716_617_258_000, date(2024, 5, 25)),
        (1_716_617_258.5, date(2024, 5, 25)),
        ("1716617258000", date(2024, 5, 25)),
        ("1716617258", date(2024, 5, 25)),
        ("1712122212345", date(2024, 4, 3)),  # and not the year 1712
        *((v, None) for v in ("", "yesterday", "2024-13-01", "25/05/2024", "2024", "\ud800", "9" * 19)),
        *((v, None) for v in (2024, 0, -1, 5, 10**30, 1e300, math.nan, math.inf)),
        *((True, None), (None, None), ([], None), ({}, None), ("2024-05-25T99:00:00Z", None)),
    ],
)
def test_a_date_in_each_of_its_spellings(value, day):
    assert as_date(value) == day


def test_every_millisecond_and_second_from_1973_on_is_its_day():
    start = datetime(1973, 4, 1, tzinfo=UTC)
    for n in range(0, 25_000, 97):
        moment = start + timedelta(days=n, hours=1)
        assert as_date(int(moment.timestamp())) == moment.date()
        assert as_date(int(moment.timestamp() * 1000)) == moment.date() or moment.timestamp() * 1000 < 1e11


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *(("bert", "bert"), ("  bert\n", "bert"), ("be\x00rt\x1b[31m", "bert[31m"), ("a\ud800b", "ab")),
        *(("", None), (" \t", None), ("\u200b", None), ("\ud800", None), (5, None), (None, None), (["a"], None)),
        *((b"bert", None), ("x" * 999, "x" * LONGEST), ("naïve 模型", "naïve 模型")),
    ],
)
def test_a_text_is_clean_and_short(value, text):
    assert as_text(value) == text


def test_strings_come_from_a_list_or_stand_alone():
    assert as_strings(["a", None, 3, " b ", "", {"x": 1}, ["c"]]) == ["a", "b"]
    assert as_strings("a") == ["a"]
    assert as_strings({"a": 1}) == []
    assert as_strings(None) == []
    assert sorted(as_strings({"b", "a"})) == ["a", "b"]


def test_a_mapping_is_taken_as_it_is():
    assert as_dict({"a": 1}) == {"a": 1}
    for value in (None, [], "x", 3, [("a", 1)]):
        assert as_dict(value) == {}


@given(odd)
def test_nothing_raises(value):
    for reader in (as_count, as_date, as_text, as_strings, as_dict):
        reader(value)
    text = as_text(value)
    assert text is None or text.encode("utf-8").decode("utf-8") == text


@pytest.mark.parametrize(
    ("value", "shape", "place"),
    [
        ({"a": 1, "more": 2}, {"a": int}, None),
        ({}, {"a": int}, "a"),
        ({}, {"a?": int}, None),
        ({"a": None}, {"a?": int}, "a"),
        ({"a": True}, {"a": int}, "a"),
        ({"a": 1.0}, {"a": int}, "a"),
        ({"a": None}, {"a": object}, None),
        ({"a": [{"b": "x"}, {"b": 3}]}, {"a": [{"b": str}]}, "a.1.b"),
        ([["x", "y"], ["z"]], [(str, str)], "1"),
        ({"x": 1, "y": "2"}, {"*": int}, "y"),
        ("0f", re.compile("[0-9a-f]+"), None),
        ("0fg", re.compile("[0-9a-f]+"), ""),
        ({"a": ""}, {"a": {int, re.compile("[0-9]*")}}, None),
        ({"a": []}, {"a": {int, re.compile("[0-9]*")}}, "a"),
        (None, {"a": int}, ""),
        ({"a": {"b": []}}, {"a": {"b": {"c": int}}}, "a.b"),
    ],
)
def test_the_first_value_without_its_shape_is_found(value, shape, place):
    assert misfit(value, shape) == place
