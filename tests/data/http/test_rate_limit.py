"""What headers say of quota, and what a bucket makes of it."""

import time
from email.utils import formatdate

import pytest

from data.http.rate_limit import Bucket, RateLimit, read


@pytest.mark.parametrize(
    ("headers", "left", "resets", "hint"),
    [
        ({"ratelimit": '"api";r=12;t=55', "ratelimit-policy": '"fixed window";"api";q=500;w=300'}, 12, 55, 55),
        ({"ratelimit": '"api";r=0;t=300'}, 0, 300, 300),
        ({"ratelimit": '"api";r=0;t=300', "retry-after": "2"}, 0, 300, 300),
        ({"x-ratelimit-remaining": "3", "x-ratelimit-limit": "60"}, 3, None, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "40"}, 0, 40, 40),
        ({"retry-after": "0"}, None, None, 0),
        ({"retry-after": "1"}, None, None, 1),
        ({"retry-after": " 300 "}, None, None, 300),
        ({"retry-after": "1.5"}, None, None, 1),
        ({"retry-after": "-5"}, None, None, None),
        ({"retry-after": "soon"}, None, None, None),
        ({"retry-after": ""}, None, None, None),
        ({"retry-after": "9" * 5000}, None, None, None),
        ({"ratelimit": '"api";r=' + "9" * 5000 + ";t=1"}, None, None, None),
        ({"ratelimit": "garbage", "ratelimit-policy": "\x00"}, None, None, None),
        ({"x-ratelimit-reset": "x", "x-ratelimit-remaining": "-1"}, None, None, None),
        ({}, None, None, None),
    ],
)
def test_headers_are_read_tolerantly(headers, left, resets, hint):
    said = read(headers)
    assert (said.left, said.resets, said.hint) == (left, resets, hint)


def test_dates_are_counted_on_the_clock_of_the_server():
    now = time.time() + 5000  # a server whose clock is wrong
    headers = {"date": formatdate(now, usegmt=True), "retry-after": formatdate(now + 30, usegmt=True)}
    assert read(headers).retry == pytest.approx(30, abs=1)
    headers = {
        "date": formatdate(now, usegmt=True),
        "x-ratelimit-reset": str(int(now) + 70),
        "x-ratelimit-remaining": "0",
    }
    assert read(headers).hint == pytest.approx(70, abs=1)
    assert read({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}).retry == 0


def test_a_bucket_runs_ahead_and_then_rests():
    bucket = Bucket()
    assert bucket.take() == 0
    bucket.learn(RateLimit(left=2, resets=0.2, quota=3, window=0.3))
    assert [bucket.take() for _ in range(2)] == [0, 0]
    wait = bucket.take()
    assert 0 < wait <= 0.3
    time.sleep(wait + 0.02)
    assert [bucket.take() for _ in range(3)] == [0, 0, 0]


def test_of_replies_that_overtake_each_other_the_least_counts():
    bucket = Bucket()
    bucket.learn(RateLimit(left=5, resets=100, quota=10, window=300))
    bucket.learn(RateLimit(left=7, resets=100, quota=10, window=300))
    assert [bucket.take() for _ in range(5)] == [0] * 5
    assert bucket.take() > 90


def test_a_new_window_is_full_again():
    bucket = Bucket()
    bucket.learn(RateLimit(left=0, resets=1, quota=10, window=300))
    bucket.learn(RateLimit(left=9, resets=299, quota=10, window=300))
    assert bucket.take() == 0


def test_a_silent_platform_is_paced_by_its_documentation():
    bucket = Bucket(silent=(3, 0.2))
    assert [bucket.take() for _ in range(3)] == [0, 0, 0]
    wait = bucket.take()
    assert 0 < wait <= 0.25  # its window, and a little for clocks that differ
    time.sleep(wait + 0.01)
    assert bucket.take() == 0


def test_three_refusals_close_a_bucket():
    bucket = Bucket()
    for n in range(3):
        assert bucket.probe()
        bucket.learn(RateLimit(retry=300), refused=True)
        assert bucket.probe() is (n < 2)
    bucket.learn(RateLimit())
    assert bucket.probe()


def test_a_rest_is_announced_once():
    bucket = Bucket()
    assert bucket.announces(10)
    assert not bucket.announces(9.9)
    assert not bucket.announces(0.1)
    assert bucket.announces(300)
