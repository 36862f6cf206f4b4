"""What a response says: numbers, and failures under a good status."""

import json

from data.http.client import Client, Limits
from tests.platforms import server as bad
from tests.platforms.ask import request

QUICK = Limits(deadline=0.6, max_wait=2.5, backoff=0.02, max_body=3_000_000)


def test_a_failure_under_status_200_is_a_failure(server):
    def wrong(data):
        return None if data.get("code") == 0 else ("server", "It says that it failed.")

    server.break_on("/api/one", bad.body(b'{"code": 7}'), times=2)
    server.break_on("/api/one", bad.body(b'{"code": 0}'))
    assert Client(QUICK).send(request(server, wrong=wrong)).data == {"code": 0}
    assert len(server.log) == 3


def test_numbers_that_are_none_in_json_are_unknown(server):
    server.break_on("/api/one", bad.body(b'{"likes": NaN, "downloads": Infinity, "n": ' + b"9" * 5000 + b"}"))
    data = Client(QUICK).send(request(server)).data
    assert data["likes"] is None
    assert data["downloads"] is None
    assert json.dumps(data["n"]) == "Infinity"
