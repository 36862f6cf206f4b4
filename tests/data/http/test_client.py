"""The client against a server that misbehaves in every way that we know of; and the limits that it keeps to."""

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import fields

import pytest

from data.http.client import LIVE, BadLimit, Client, Event, Limits, from_environment
from data.http.message import Request
from tests.platforms import server as bad
from tests.platforms.ask import request
from tests.platforms.server import Answer, Server

QUICK = Limits(deadline=0.6, max_wait=2.5, backoff=0.02, max_body=3_000_000)


def test_good_reply_is_read_and_dated(server, rows):
    response = Client(QUICK).send(request(server, params=(("expand", "likes"), ("expand", "tags"))))
    assert response.good
    assert response.data == {"rows": rows}
    assert response.at.endswith("+00:00")
    assert server.log[0].query == {"expand": ["likes", "tags"]}
    assert response.url == server.url + "/api/one?expand=likes&expand=tags"


# fault, kind of failure, requests that reach the server (tries, never more than four)
FAULTS = {
    "429 without a word": (bad.status(429), "quota", 4),
    "429 Retry-After 0": (bad.status(429, Retry_After="0"), "quota", 4),
    "429 Retry-After 300": (bad.status(429, Retry_After="300"), "quota", 1),
    "429 Retry-After garbage": (bad.status(429, Retry_After="soon, \x7f!"), "quota", 4),
    "429 Retry-After 99999999999999999999": (bad.status(429, Retry_After="9" * 20), "quota", 4),
    "429 Retry-After a past date": (bad.status(429, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"), "quota", 4),
    "429 RateLimit t=300": (bad.status(429, RateLimit='"api";r=0;t=300'), "quota", 1),
    "429 RateLimit garbage": (bad.status(429, RateLimit='"api";r=-1;t=many'), "quota", 4),
    "500": (bad.status(500), "server", 4),
    "502": (bad.status(502, b"<html>Bad gateway</html>"), "server", 4),
    "503": (bad.status(503), "server", 4),
    "401": (bad.status(401), "denied", 1),
    "403": (bad.status(403), "denied", 1),
    "404": (bad.status(404), "missing", 1),
    "410": (bad.status(410), "missing", 1),
    "400": (bad.status(400), "refused", 1),
    "418": (bad.status(418), "refused", 1),
    "reset in the body": (bad.reset, "unreachable", 4),
    "hangs up": (bad.hang_up, "unreachable", 4),
    "a byte at a time": (bad.slow(0.1), "slow", 4),
    "headers a byte at a time": (bad.slow(0.1, head=True), "slow", 4),
    "gzip cut short": (bad.cut_gzip, "damaged", 4),
    "no gzip at all": (bad.body(b'{"rows": []}', Content_Encoding="gzip"), "damaged", 4),
    "unknown compression": (bad.body(b"abc", Content_Encoding="br"), "damaged", 4),
    "JSON cut short": (bad.cut_json, "damaged", 4),
    "JSON nested deeply": (bad.body(b"[" * 200_000 + b"]" * 200_000), "damaged", 4),
    "HTML under 200": (bad.HTML, "damaged", 4),
    "empty body": (bad.EMPTY, "damaged", 4),
    "100 MB": (bad.huge(), "large", 1),
    "100 MB packed": (bad.huge(packed=True), "large", 1),
    "redirect in a circle": (bad.circle, "redirect", 4),
    "redirect to another host": (bad.elsewhere("http://127.0.0.2:9"), "redirect", 1),
    "redirect to nowhere": (bad.status(302), "redirect", 1),
    "redirect to another scheme": (bad.status(302, Location="file:///etc/passwd"), "redirect", 1),
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_ends_in_time_and_is_named(server, name):
    fault, kind, requests = FAULTS[name]
    server.break_on("/api/one", fault)
    started = time.monotonic()
    response = Client(QUICK).send(request(server))
    assert response.kind == kind, response
    assert response.reason.endswith(".")
    assert response.data is None
    assert len(server.log) == requests
    assert time.monotonic() - started < 4 * QUICK.deadline + 10


@pytest.mark.parametrize("name", [n for n, (_, _, requests) in FAULTS.items() if requests == 4 and "circle" not in n])
def test_what_passes_is_tried_again(server, rows, name):
    server.break_on("/api/one", FAULTS[name][0], times=2)
    assert Client(QUICK).send(request(server)).data == {"rows": rows}


def test_refused_connection():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    client = Client(QUICK)
    response = client.send(Request("test/one", f"http://127.0.0.1:{port}", "/api/one"))
    assert (response.kind, response.reason) == ("unreachable", f"127.0.0.1:{port} refuses connections.")


def test_a_host_that_never_answers_is_soon_tried_once_a_call(server):
    server.break_on("/api", bad.hang_up)
    client = Client(QUICK)
    for _ in range(6):
        assert client.send(request(server)).kind == "unreachable"
    assert len(server.log) == 3 * 4 + 3
    server.faults.clear()
    assert client.send(request(server)).good
    server.break_on("/api", bad.hang_up, times=3)
    assert client.send(request(server)).good


def test_waiting_for_quota_is_no_try_and_is_announced_once(server):
    server.break_on("/api/one", bad.status(429, RateLimit='"api";r=0;t=1'), times=1)
    server.break_on("/api/one", bad.status(500), times=3)
    events: list[Event] = []
    response = Client(QUICK, events.append).send(request(server))
    assert response.good
    assert len(server.log) == 5
    assert [e.what for e in events].count("wait") == 1


def test_waiting_ends_with_max_wait(server):
    server.break_on("/api/one", bad.status(429, Retry_After="1"))
    started = time.monotonic()
    response = Client(QUICK).send(request(server))
    assert response.kind == "quota"
    assert "--max-wait" in response.reason
    assert 0.9 < time.monotonic() - started < 15
    assert len(server.log) <= 4


@pytest.mark.parametrize(
    ("headers", "when"),
    [
        ({"Retry_After": "45"}, "45 seconds"),
        ({"Retry_After": "240"}, "4 minutes"),
        ({"RateLimit": '"api";r=0;t=300'}, "5 minutes"),
        ({}, "a few minutes"),
    ],
)
def test_whoever_waits_is_told_when_to_come_back(server, headers, when):
    server.break_on("/api/one", bad.status(429, **headers))
    client = Client(QUICK, live=True)
    for _ in range(5):
        response = client.send(request(server))
        assert response.kind == "quota"
        assert response.reason == f"The quota of {request(server).host} is used up; ask again in {when}."


def test_an_exhausted_bucket_is_not_asked_again_and_again(server):
    server.break_on("/api", bad.status(429, Retry_After="300"))
    client = Client(QUICK)
    responses = [client.send(request(server)) for _ in range(10)]
    assert {r.kind for r in responses} == {"quota"}
    assert len(server.log) == 3


def test_one_refusal_does_not_stop_the_rest(server):
    server.break_on("/api/one", bad.status(429, Retry_After="300"))
    client = Client(QUICK)
    assert client.send(request(server)).kind == "quota"
    assert client.send(request(server, path="/api/two")).good


def test_stop_ends_a_wait_at_once(server):
    server.break_on("/api/one", bad.status(429, Retry_After="2"))
    client = Client(QUICK)
    threading.Timer(0.2, client.stop.set).start()
    started = time.monotonic()
    assert client.send(request(server)).kind in ("stopped", "quota")
    assert time.monotonic() - started < 1.9  # less than the wait that was stopped


def test_total_ends_everything(server):
    server.break_on("/api/one", bad.slow(0.1))
    client = Client(QUICK.but(total=0.5))
    started = time.monotonic()
    assert [client.send(request(server)).kind for _ in range(3)] == ["slow"] * 3
    assert time.monotonic() - started < 10


def test_a_platform_that_is_down_for_a_while_is_waited_for_within_max_wait(server):
    server.break_on("/api/one", bad.status(503, Retry_After="1"))
    events: list[Event] = []
    started = time.monotonic()
    assert Client(QUICK, events.append).send(request(server)).kind == "server"
    assert time.monotonic() - started < QUICK.max_wait + 10
    assert len(server.log) == 3  # two waits of a second fit into two and a half
    assert [e.what for e in events] == ["again", "wait", "again", "wait", "failed"]


@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize("headers", [{"Retry_After": "1"}, {"RateLimit": '"api";r=0;t=1'}])
def test_a_wait_as_long_as_anybody_waits_is_waited(server, live, headers):
    server.break_on("/api/one", bad.status(429, **headers), times=1)
    started = time.monotonic()
    assert Client(QUICK.but(max_wait=1), live=live).send(request(server)).good
    assert time.monotonic() - started >= 1
    assert len(server.log) == 2


def test_at_a_live_door_all_calls_together_wait_no_longer_than_one_may(server):
    for path in ("/api/one", "/api/two", "/api/three"):
        server.break_on(path, bad.status(429, Retry_After="1"), times=1)
    client = Client(QUICK.but(max_wait=1.5), live=True)
    started = time.monotonic()
    responses = [client.send(request(server, path=path)) for path in ("/api/one", "/api/two", "/api/three")]
    assert [r.good for r in responses] == [True, False, False]
    assert "ask again in" in responses[1].reason
    assert time.monotonic() - started < 5


def test_quota_is_used_but_never_overdrawn():
    """Five calls in each second, told in headers only: eight threads, no refusal, at least nine tenths used."""
    windows: dict[int, int] = {}
    lock = threading.Lock()
    started = time.monotonic()

    def app(request):
        with lock:
            past = time.monotonic() - started
            window = int(past)
            windows[window] = windows.get(window, 0) + 1
            left = 20 - windows[window]
            headers = {
                "RateLimit": f'"api";r={max(0, left)};t={1 - past % 1:.0f}',
                "RateLimit-Policy": '"fixed window";"api";q=20;w=1',
            }
        return Answer({}, 200 if left >= 0 else 429, headers)

    with Server(app) as server:
        client = Client(QUICK.but(max_wait=30))
        todo = list(range(80))

        def work():
            while todo:
                try:
                    n = todo.pop()
                except IndexError:
                    return
                assert client.send(request(server, name=f"test/{n}")).good

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert time.monotonic() - started < 30
    assert len(server.log) < 100


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Limits(deadline=0), "deadline"),
        (lambda: Limits(tries=5), "tries"),
        (lambda: Limits(backoff=-1), "backoff"),
    ],
)
def test_limits_that_make_no_sense_are_named(make: Callable[[], Limits], words):
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.parametrize("name", [one.name for one in fields(Limits)])
def test_every_limit_is_read_from_the_environment(monkeypatch, name):
    value = getattr(Limits(), name) // 2 + 1
    monkeypatch.setenv(f"WEIGHBRIDGE_{name.upper()}", str(value))
    assert getattr(from_environment(), name) == value
    assert type(getattr(from_environment(), name)) is type(getattr(Limits(), name))


@pytest.mark.parametrize("text", ["soon", "nan", "-1", "0", "1e999", "0x10"])
def test_what_is_no_limit_is_refused(monkeypatch, text):
    monkeypatch.setenv("WEIGHBRIDGE_DEADLINE", text)
    with pytest.raises(BadLimit, match=r"(?i)deadline"):
        from_environment()


def test_the_documented_defaults():
    assert (Limits().deadline, Limits().max_wait, Limits().tries) == (30, 320, 4)
    assert LIVE.max_wait == 5


def test_never_more_than_four_tries():
    with pytest.raises(BadLimit):
        Limits(tries=5)


@pytest.mark.parametrize("name", [one.name for one in fields(Limits)])
def test_what_is_set_for_collecting_never_lifts_a_live_limit(monkeypatch, name):
    live, most = getattr(LIVE, name), {"tries": 4, "jobs": 64}.get(name, 10**9)
    monkeypatch.setenv(f"WEIGHBRIDGE_{name.upper()}", str(most))
    assert getattr(from_environment(), name) == most
    assert from_environment().within(LIVE) == LIVE
    lower = live // 2 or 1 if isinstance(live, int) else live / 2
    monkeypatch.setenv(f"WEIGHBRIDGE_{name.upper()}", str(lower))
    assert from_environment().within(LIVE) == LIVE.but(**{name: lower})


def test_no_limit_on_the_whole_is_more_than_any(monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_TOTAL", "0")
    assert from_environment().within(LIVE).total == LIVE.total
    assert Limits().within(Limits()).total == 0


def test_only_what_is_given_changes():
    assert Limits().but(deadline=None, tries=2) == Limits(tries=2)
