"""The gate before the app: what a visitor may not send is dropped or refused, what is no page gets a sentence."""

import re
from time import sleep

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from streamlit.proto.BackMsg_pb2 import BackMsg

from components.pages import PAGES
from serve import CHARTS, LONGEST, MESSAGES, MOST_KEYS, RETRY, SCRIPTS, Gate, most_visitors


async def any_page(_):
    return HTMLResponse("Streamlit's own page")


async def a_file(_):
    return PlainTextResponse("a file")


async def a_sheet(_):
    return HTMLResponse("an evidence sheet")


async def echo(socket):
    await socket.accept()
    async for sent in socket.iter_bytes():
        await socket.send_bytes(sent)


@pytest.fixture(scope="module")
def client():
    methods = ["GET", "PUT", "DELETE", "OPTIONS"]
    routes = [Route("/static/x.js", a_file), Route("/media/x.html", a_sheet), WebSocketRoute("/_stcore/stream", echo)]
    behind = Starlette(routes=[*routes, Route("/{path:path}", any_page, methods=methods)])
    return TestClient(Gate(behind, most=1000))


@pytest.mark.parametrize("path", ["", *sorted(set(PAGES) - {"ranking"})])
@pytest.mark.parametrize("end", ["", "/", "?search=bert"])
def test_every_page_passes(client, path, end):
    assert client.get(f"/{path}{end}").text == "Streamlit's own page"


@pytest.mark.parametrize("path", ["nothing", "foo/bar", "models/ranking", "model/x", "ranking", "<script>alert(1)"])
def test_a_path_that_is_no_page_gets_a_sentence(client, path):
    answer = client.get(f"/{path}")
    assert answer.status_code == 404
    assert "There is no page at “/" in answer.text
    assert "<script>" not in answer.text


def test_a_page_with_charts_sends_for_their_script_at_once(client):
    for page in ("", *sorted(set(PAGES) - {"ranking"})):
        assert ("rel=modulepreload" in client.get(f"/{page}").headers.get("link", "")) == (page in CHARTS)
    assert len(SCRIPTS) == 1, "Streamlit names the script of charts otherwise"


def test_what_is_no_page_by_its_kind_passes(client):
    assert client.get("/static/x.js").text == "a file"
    assert client.get("/media/x.html").text == "an evidence sheet"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_nobody_uploads(client, method):
    answer = client.request(method, "/_stcore/upload_file/session/file")
    assert (answer.status_code, "This app takes no files." in answer.text) == (403, True)


@pytest.mark.parametrize("path", ["metrics", "metrics/", "agent/openapi.json", "script-health-check"])
def test_what_no_page_needs_is_closed(client, path):
    answer = client.get(f"/_stcore/{path}")
    assert (answer.status_code, "This address is closed." in answer.text) == (404, True)


def test_a_link_may_be_long_but_not_endless(client):
    assert client.get("/?a=" + "b" * (LONGEST - 2)).status_code == 200
    answer = client.get("/?a=" + "b" * LONGEST)
    assert answer.status_code == 414
    assert "This link is too long: 16,386 bytes after the question mark, 16,384 are read." in answer.text


def test_a_link_may_have_many_keys_but_not_endless_ones(client):
    assert client.get("/?" + "&".join(["a=1"] * MOST_KEYS)).status_code == 200
    answer = client.get("/?" + "&".join(["a=1"] * (MOST_KEYS + 1)))
    assert answer.status_code == 414
    assert "This link has 1,001 keys; at most 1,000 are read." in answer.text


def message(kind):
    sent = BackMsg()
    field = getattr(sent, kind)
    if isinstance(field, bool):
        setattr(sent, kind, True)
    else:
        field.SetInParent()
    assert sent.WhichOneof("type") == kind
    return sent.SerializeToString()


def test_only_messages_that_the_pages_need_reach_the_app(client):
    last = message("app_heartbeat")
    with client.websocket_connect("/_stcore/stream") as socket:
        for kind in (field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields):
            socket.send_bytes(message(kind))
            socket.send_bytes(last)
            if kind in MESSAGES:
                assert socket.receive_bytes() == message(kind)
            assert socket.receive_bytes() == last


@pytest.mark.parametrize("payload", [b"", b"\xff\xff", b"no message"])
def test_what_is_no_message_is_dropped(client, payload):
    with client.websocket_connect("/_stcore/stream") as socket:
        socket.send_bytes(payload)
        socket.send_text("nor is this")
        socket.send_bytes(message("stop_script"))
        assert socket.receive_bytes() == message("stop_script")


def test_a_page_that_was_sent_keeps_a_place_for_its_connection_but_not_for_long(monkeypatch):
    monkeypatch.setattr("serve.PROMISED", 0.2)
    full = TestClient(Gate(Starlette(routes=[Route("/{path:path}", any_page)]), most=1))
    assert [full.head("/").status_code, full.get("/").status_code] == [200, 200]
    for answer in (full.get("/compare?m=a"), full.head("/")):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, str(RETRY))
    assert full.get("/static/x.js").status_code != 503
    assert "Busy just now" not in full.get("/nothing").text
    sleep(0.3)
    assert full.get("/").status_code == 200


def test_the_page_that_waits_has_no_script_of_its_own_and_finds_its_files():
    full = TestClient(Gate(Starlette(routes=[Route("/", any_page)]), most=1))
    assert full.get("/").status_code == 200
    page = full.get("/").text
    assert "The next try is in" in page
    assert "<script>" not in page
    for file in re.findall(r'(?:src|href)="(/[^"]*)"', page):
        assert full.get(file).status_code == 200


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5"])
def test_a_number_of_visitors_that_is_none_stops_the_server_with_a_sentence(monkeypatch, text):
    monkeypatch.setenv("WEIGHBRIDGE_MOST_VISITORS", text)
    with pytest.raises(SystemExit, match=f"WEIGHBRIDGE_MOST_VISITORS is “{text}”; set it to a whole number from 1 on"):
        most_visitors()
