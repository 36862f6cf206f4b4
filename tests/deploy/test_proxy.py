"""The app behind the proxy of deploy/, both started here: each header, each limit, and pages that work under them."""

import os
import re
import socket
import urllib.error
import urllib.request
from contextlib import suppress
from http.client import IncompleteRead
from time import monotonic
from urllib.parse import urlsplit

import pytest
import yaml
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from components.pages import PAGES
from tests import programs, serving

pytestmark = pytest.mark.deploy

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
POLICY = ["default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'"]
# Streamlit's browser side looks for its server below the page's own path first.
EXPECTED = re.compile(r"/\w+/_stcore/(health|host-config)$")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    log = tmp_path_factory.mktemp("app") / "log.txt"
    with serving.app(log, STREAMLIT_SERVER_ALLOWED_HOSTS="localhost scores.example.org") as address:
        yield address


@pytest.fixture(scope="module")
def redirect_port():
    return serving.free_port()


@pytest.fixture(scope="module")
def site(app, redirect_port, tmp_path_factory):
    """The address of the proxy."""
    folder = tmp_path_factory.mktemp("proxy")
    address = f"https://localhost:{serving.free_port()}"
    command = [programs.caddy(), "run", "--adapter", "caddyfile", "--config", "deploy/Caddyfile"]
    environment = os.environ | {
        "WEIGHBRIDGE_SITE": address,
        "WEIGHBRIDGE_APP": app.removeprefix("http://"),
        "WEIGHBRIDGE_HTTP_PORT": str(redirect_port),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    with serving.answering(command, address, folder / "log.txt", environment):
        yield address


def answer(address, method="GET", body=None, **headers):
    """The status, the headers and the text of an answer, whatever the status."""
    asked = urllib.request.Request(address, body, headers, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=60, context=serving.UNVERIFIED) as got:
            return got.status, got.headers, got.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers, refused.read()


@pytest.mark.parametrize(
    "path", ["/", "/model", "/_stcore/health", "/_stcore/metrics", "/no/page", "/?" + "a" * 20_000]
)
@pytest.mark.parametrize("name", HEADERS)
def test_every_answer_has_the_headers(site, path, name):
    _, headers, _ = answer(site + path)
    assert headers.get_all(name) == [HEADERS[name]]


def test_the_policy_names_this_site_alone_and_no_eval(site):
    _, headers, _ = answer(f"{site}/")
    (policy,) = headers.get_all("Content-Security-Policy")
    assert [rule for rule in POLICY if rule not in policy] == []
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    assert "script-src 'self' blob: 'sha256-" in policy


def test_the_software_is_not_named(site):
    _, headers, _ = answer(f"{site}/")
    assert headers.get("Server") is None


def test_plain_http_is_led_to_tls(site, redirect_port):
    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    with pytest.raises(urllib.error.HTTPError) as led:
        urllib.request.build_opener(NoRedirect).open(f"http://localhost:{redirect_port}/data", timeout=20)
    assert led.value.code == 308
    assert led.value.headers["Location"].startswith("https://localhost")


@pytest.mark.parametrize(
    "path", ["metrics", "upload_file/a/b", "agent/openapi.json", "agent/interact", "script-health-check"]
)
def test_what_no_page_needs_is_closed(site, path):
    assert answer(f"{site}/_stcore/{path}")[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/_stcore/upload_file/a/b"])
def test_nothing_can_be_sent(site, path, method):
    status, _, text = answer(site + path, method, b"x" if method != "OPTIONS" else None)
    assert (status, text) == (405, b"This app takes no files and no forms.")


def test_without_the_proxy_nobody_uploads_either(app):
    assert answer(f"{app}/_stcore/upload_file/a/b", "PUT", b"x")[0] == 403


@pytest.mark.parametrize("length", [1, 5_000_000])
def test_a_request_with_a_body_is_answered_without_it(site, length):
    with suppress(urllib.error.URLError):  # the connection may end before all is sent
        status, _, text = answer(f"{site}/", "GET", b"x" * length)
        assert (status, text) == (413, b"This app takes no files and no forms.")


def test_a_body_of_unknown_length_is_bounded(site):
    with suppress(urllib.error.URLError, IncompleteRead):  # the connection is cut, maybe within an answer
        sent = iter([b"x" * 100_000] * 50)
        status, _, text = answer(f"{site}/", "GET", sent, **{"Transfer-Encoding": "chunked"})
        assert (status, text) == (413, b"This app takes no files and no forms.")


@pytest.mark.parametrize("length", [17_000, 200_000])
def test_without_the_proxy_a_link_that_is_too_long_gets_a_sentence_too(app, length):
    status, _, text = answer(f"{app}/?search={'a' * length}")
    assert (status, b"This link is too long: " in text) == (414, True)


@pytest.mark.parametrize("path", ["metrics", "agent/openapi.json", "script-health-check"])
def test_without_the_proxy_what_no_page_needs_is_closed_too(app, path):
    assert answer(f"{app}/_stcore/{path}")[0] == 404


@pytest.mark.parametrize("length", [17_000, 60_000, 200_000])
def test_a_link_that_is_too_long_gets_a_sentence(site, length):
    status, _, text = answer(f"{site}/?search={'a' * length}")
    assert (status, text) == (414, b"This link is too long to be read. Open the start page and choose again.")


def test_a_path_that_is_no_page_gets_a_sentence(site):
    status, _, text = answer(f"{site}/foo/bar")
    assert status == 404
    assert "There is no page at “/foo/bar”." in text.decode()


def test_scripts_travel_compressed(site):
    _, _, page = answer(f"{site}/")
    (script,) = re.findall(r'src="\./(static/js/index[^"]+)"', page.decode())
    _, headers, packed = answer(f"{site}/{script}", **{"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip"
    assert len(packed) < len(answer(f"{site}/{script}")[2]) / 2


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example"])
def test_the_app_answers_under_its_own_names_alone(app, host):
    straight = socket.create_connection(("127.0.0.1", urlsplit(app).port))
    with pytest.raises(InvalidStatus) as refused, connect(f"ws://{host}/_stcore/stream", sock=straight):
        pass
    assert refused.value.response.status_code == 403


def test_nobody_else_may_open_a_session_from_a_page_of_theirs(site):
    address = site.replace("http", "ws") + "/_stcore/stream"
    with pytest.raises(InvalidStatus), connect(address, ssl=serving.UNVERIFIED, origin=Origin("https://evil.example")):
        pass


def test_a_visitor_cannot_empty_the_caches_of_all(site):
    """What is cached takes a fraction of the time that reading it does, so the time tells whether it was read again."""
    address = site.replace("http", "ws") + "/_stcore/stream"
    with connect(address, ssl=serving.UNVERIFIED, origin=Origin(site), max_size=None) as visitor:
        run(visitor)
        cached = max(run(visitor) for _ in range(3))
        emptied = []
        for _ in range(3):
            visitor.send(BackMsg(clear_cache=True).SerializeToString())
            emptied.append(run(visitor))
        assert min(emptied) < 2.5 * cached


def run(visitor):
    """Run the first page and return the seconds that it took."""
    wanted, start = BackMsg(), monotonic()
    wanted.rerun_script.page_name = ""
    visitor.send(wanted.SerializeToString())
    while ForwardMsg.FromString(visitor.recv(timeout=60)).WhichOneof("type") != "script_finished":
        pass
    return monotonic() - start


@pytest.mark.parametrize("path", ["", *sorted(set(PAGES) - {"ranking"})])
def test_every_page_works_under_the_policy(site, visitor, path):
    query = {"model": "?model=openai/whisper-large-v3-turbo", "organisation": "?organisation=Meta"}.get(path, "")
    tab = visitor("about:blank", ignore_https_errors=True)
    tab.on("console", lambda line: tab.problems.append(f"{line.text} {line.location['url']}"))
    tab.goto(f"{site}/{path}{query}")
    expect(tab.locator("h1").first).to_be_visible()
    expect(tab.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()
    tab.wait_for_load_state("networkidle")
    assert [problem for problem in tab.problems if not EXPECTED.search(problem)] == []


def test_the_containers_are_closed_as_far_as_they_can_be():
    services = yaml.safe_load((serving.ROOT / "deploy" / "compose.yaml").read_text())["services"]
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["mem_limit"]
    assert "ports" not in services["app"]  # only the proxy is reached from outside


def test_the_document_names_what_the_proxy_sets():
    document = (serving.ROOT / "SECURITY.md").read_text()
    assert [name for name in [*HEADERS, "Content-Security-Policy", "frame-ancestors"] if name not in document] == []
