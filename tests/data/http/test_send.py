"""One try: redirects, tokens that come back, bodies and links of every kind."""

import gzip
import json

import pytest

from data.http.client import Client, Event, Limits
from data.http.message import UNREADABLE
from tests.platforms import server as bad
from tests.platforms.ask import request
from tests.platforms.server import Answer, Server

QUICK = Limits(deadline=0.6, max_wait=2.5, backoff=0.02, max_body=3_000_000)


def test_redirects_on_the_same_host_are_followed_with_the_token(server):
    server.break_on("/api/one", bad.status(307, Location="/api/renamed"))
    secret = {"headers": {"Authorization": "Bearer hf_" + "a" * 30}}
    assert Client(QUICK).send(request(server, secret=secret)).good
    assert [r.headers["authorization"][:6] for r in server.log] == ["Bearer", "Bearer"]


def test_another_host_is_never_asked(server):
    with Server(lambda request: Answer({})) as other:
        server.break_on("/api/one", bad.elsewhere(other.url))
        client = Client(QUICK)
        secret = {"headers": {"Authorization": "Bearer hf_" + "a" * 30}}
        assert client.send(request(server, secret=secret)).kind == "redirect"
        assert client.send(request(server, path=other.url + "/api/two", secret=secret)).kind == "redirect"
        assert other.log == []


def test_a_further_host_is_asked_without_the_token(server):
    with Server(lambda request: Answer({"here": 1})) as other:
        elsewhere = other.url.replace("127.0.0.1", "localhost")
        server.break_on("/api/one", bad.elsewhere(elsewhere))
        secret = {"headers": {"Authorization": "Bearer hf_" + "a" * 30}, "params": {"access_token": "a"}}
        asked = request(server, secret=secret, hosts=("localhost",))
        assert Client(QUICK).send(asked).data == {"here": 1}
        assert "authorization" not in other.log[0].headers
        assert other.log[0].query == {}
        for hosts in ((), ("host",), ("example.org",)):
            assert Client(QUICK).send(request(server, hosts=hosts)).kind == "redirect"


def test_a_file_is_written_as_it_comes_and_of_each_try_anew(server):
    file = gzip.compress(b'{"a": "hf_' + b"b" * 30 + b'"}' * 200)
    tries: list[bytes] = []
    asked = request(server, into=lambda pieces: tries.append(b"".join(pieces)))
    server.break_on("/api/one", bad.status(502), times=1)
    server.break_on("/api/one", bad.body(file, Content_Encoding="gzip"))
    response = Client(QUICK).send(asked)
    assert (response.good, response.body, response.data, tries) == (True, b"", None, [file])
    assert server.log[0].headers["accept-encoding"] == "identity"
    limited = Client(QUICK.but(max_body=len(file) - 1)).send(asked)
    assert (limited.kind, limited.reason) == (
        "large",
        f"The reply is larger than {len(file) - 1} bytes; it was cut off.",
    )
    server.faults.clear()
    server.break_on("/api/one", bad.huge())
    assert Client(QUICK).send(asked).reason == "The reply is larger than 3 MB; it was cut off."


def test_a_token_that_comes_back_is_cut_out(server, monkeypatch):
    canary = "CANARY-0123456789"
    monkeypatch.setenv("GITEE_TOKEN", canary)

    def echo(handler, request, app):
        handler.give(Answer({"sent": dict(request.headers), "query": request.query}, 200))

    server.break_on("/api/one", echo)
    events: list[Event] = []
    secret = {"params": {"access_token": canary}, "headers": {"Authorization": f"Bearer {canary}"}}
    response = Client(QUICK, events.append).send(request(server, secret=secret))
    assert server.log[0].query["access_token"] == [canary]
    assert canary not in repr((response, events, response.data, request(server, secret=secret)))
    server.faults.clear()
    server.break_on("/api/one", bad.status(302, Location=f"http://x.invalid/?access_token={canary}"))
    assert canary not in repr(Client(QUICK).send(request(server, secret=secret)))


@pytest.mark.parametrize("escape", [lambda t: t.replace("/", "\\/"), lambda t: "".join(f"\\u{ord(c):04x}" for c in t)])
def test_a_token_that_comes_back_escaped_is_cut_out(server, monkeypatch, escape):
    monkeypatch.setenv("GITEE_TOKEN", "gi/CANARY+0123=9")
    body = '{"license": "' + escape("gi/CANARY+0123=9") + '", "plain": "a\\/b"}'
    server.break_on("/api/one", bad.body(body.encode()))
    response = Client(QUICK).send(request(server))
    assert response.data == {"license": "[removed]", "plain": "a/b"}
    assert b"CANARY" not in response.body


@pytest.mark.parametrize("number", [200, 404, 500])
def test_a_token_in_a_header_is_cut_out(server, monkeypatch, number):
    monkeypatch.setenv("HF_TOKEN", "CANARY-0123456789")
    headers = {"X_Error_Code": "CANARY-0123456789", "Content_Encoding": "CANARY-0123456789"}
    server.break_on("/api/one", bad.status(number, {"message": "for CANARY-0123456789"}, **headers))
    assert "CANARY" not in repr(Client(QUICK).send(request(server)))


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-32"])
def test_json_in_another_coding_is_none_and_nothing_of_it_is_kept(server, monkeypatch, coding):
    monkeypatch.setenv("HF_TOKEN", "hf_canaryCANARY0123456789")
    server.break_on("/api/one", bad.body('{"a": "hf_canaryCANARY0123456789"}'.encode(coding)))
    response = Client(QUICK).send(request(server))
    assert (response.kind, response.body) == ("damaged", b"")


def test_a_token_that_is_split_by_what_nobody_sees_is_cut_out(server, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_canaryCANARY0123456789")
    split = "hf_canary\u0007CANARY\u200b0123456789"
    server.break_on("/api/one", bad.status(200, {"a": [split, "b"], split: "stays\u200b"}))
    response = Client(QUICK).send(request(server))
    assert response.data == {"a": ["[removed]", "b"], "[removed]": "stays\u200b"}
    assert b"CANARY" not in response.body
    for text in (split.encode(), "hf_canaryCANARY0123456789".encode("utf-16")):
        server.faults.clear()
        server.break_on("/api/one", bad.body(b"# Model " + text, Content_Type="text/plain"))
        kept = Client(QUICK).send(request(server, text=True)).body
        assert b"CANARY" not in kept.replace(b"\0", b"")


def test_a_body_of_several_packed_parts_is_read_whole(server, rows):
    raw = json.dumps({"rows": rows}).encode()
    parts = gzip.compress(raw[:100]) + gzip.compress(raw[100:])
    server.break_on("/api/one", bad.body(parts, Content_Encoding="gzip"))
    assert Client(QUICK).send(request(server)).data == {"rows": rows}
    server.faults.clear()
    server.break_on("/api/one", bad.body(parts[:-5], Content_Encoding="gzip"))
    assert Client(QUICK).send(request(server)).kind == "damaged"


def test_a_part_that_was_not_asked_for_is_no_whole(server):
    server.break_on("/api/one", bad.status(206, {"rows": []}, Content_Range="bytes 0-3/900"))
    assert Client(QUICK).send(request(server)).kind == "damaged"


@pytest.mark.parametrize("body", [b"", b" \n", b"<html>", b"<!DOCTYPE html><p>"])
def test_a_file_out_of_a_repository_may_be_anything(server, body):
    server.break_on("/api/one", bad.body(body, Content_Type="text/plain", X_Repo_Commit="abc"))
    response = Client(QUICK).send(request(server, text=True))
    assert (response.good, response.body) == (True, body)


@pytest.mark.parametrize(
    ("header", "next_", "last"),
    [
        ('</a?p=2>; rel="next"', "/a?p=2", ""),
        ("</a?p=2>; rel=next, </a?p=9>; rel=last", "/a?p=2", "/a?p=9"),
        ('</a?p=2>; rel="last next"', "/a?p=2", "/a?p=2"),
        ('</a?a=1;cursor=2,3>; title="a=b, c"; REL="Next"', "/a?a=1;cursor=2,3", ""),
        ('</a?p=1>; rel="prev", </a?p=2>; rel="next"', "/a?p=2", ""),
        ('</a?p=2>; rel="nextpage"', "", ""),
        ('</a?p=1>; rel="prev"; title="next"', "", ""),
        ("</a?p=2>; rel='next'", "/a?p=2", ""),
        ("</a?p=2>; rel='next', </a?p=9>; rel='last'", "/a?p=2", "/a?p=9"),
        ("</a?p=1>; title='; rel=next'; rel='prev'", "", ""),
        ('</a?p=1>; title="rel=next"; rel="prev"', "", ""),
        ("", "", ""),
    ],
)
def test_links_are_read_as_they_are_written(server, header, next_, last):
    server.break_on("/api/one", bad.status(200, [], Link=header))
    response = Client(QUICK).send(request(server))
    wanted = tuple(server.url + path if path else "" for path in (next_, last))
    assert (response.link, response.last) == wanted


def test_what_a_platform_says_of_its_refusal_is_passed_on(server):
    server.break_on("/api/one", bad.status(403, {"message": "The history is too large\x1b[2J to list."}))
    response = Client(QUICK).send(request(server))
    assert "it says “The history is too large[2J to list”" in response.reason


def test_a_token_in_what_a_platform_says_is_cut_out_before_the_rest_is(server, monkeypatch):
    monkeypatch.setenv("GITEE_TOKEN", "CANARY" + "x7" * 13)
    server.break_on("/api/one", bad.status(401, {"message": "y" * 80 + " CANARY" + "x7" * 13}))
    assert "CANARY" not in Client(QUICK).send(request(server)).reason


def test_a_link_that_cannot_be_read_is_no_end(server):
    for link in ('<http://[::1/x>; rel="next"', "<<<>;;;rel=next", '<x y>; rel="next"'):
        server.faults.clear()
        server.break_on("/api/one", bad.status(200, [], Link=link))
        assert Client(QUICK).send(request(server)).link, link
    response = Client(QUICK).send(request(server, path=UNREADABLE))
    assert (response.kind, response.reason.endswith("but not where.")) == ("damaged", True)
