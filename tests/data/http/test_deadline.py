"""A deadline holds for everything that a try reads, however small the pieces in which it comes."""

import time

import pytest
import requests

from data.http.deadline import Adapter, TooSlow, deadline, left
from tests.platforms import server as bad


def test_what_is_left_runs_out():
    with deadline(0.05):
        assert 0 < left() <= 0.05
        time.sleep(0.06)
        with pytest.raises(TooSlow):
            left()
    assert left() > 3600


@pytest.mark.parametrize("head", [False, True])
def test_a_byte_at_a_time_ends_with_the_deadline(server, head):
    server.break_on("/api/one", bad.slow(0.1, head=head))
    session = requests.Session()
    session.mount("http://", Adapter())
    started = time.monotonic()
    with deadline(0.4), pytest.raises((requests.RequestException, TimeoutError)):
        session.get(server.url + "/api/one", timeout=60)
    assert time.monotonic() - started < 5
