"""A server that is full: who is in stays in, who comes waits on a page that says so, and gets in by itself."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from serve import RETRY
from tests import serving

pytestmark = pytest.mark.browser


@pytest.fixture
def small(tmp_path):
    """The address of an app with room for two."""
    with serving.app(tmp_path / "log.txt", WEIGHBRIDGE_MOST_VISITORS="2") as address:
        yield address


def arrive(address, session=""):
    """Connect as a page does, again as `session` if it was one before; the connection and its session."""
    names = [Subprotocol(name) for name in ("streamlit", "no-token", session) if session or name == "streamlit"]
    url = f"{address.replace('http', 'ws')}/_stcore/stream"
    socket = connect(url, subprotocols=names, max_size=None, legacy=True)
    message = BackMsg()
    message.rerun_script.query_string = ""
    socket.send(message.SerializeToString())
    while True:
        got = ForwardMsg.FromString(socket.recv(timeout=serving.PATIENCE))
        if got.WhichOneof("type") == "new_session":
            return socket, got.new_session.initialize.session_id


def test_the_third_of_two_waits_and_gets_in_when_one_leaves(small, visitor):
    first = visitor(f"{small}/method")
    expect(first.get_by_role("heading", level=1)).to_be_visible()
    second, session = arrive(small)

    third = visitor(f"{small}/compare?m=a")
    expect(third.get_by_role("heading", level=1)).to_have_text("Busy just now")
    third.clock.install()
    answer = third.reload()
    assert (answer.status, answer.headers["retry-after"]) == (503, str(RETRY))
    expect(third.get_by_text(f"The next try is in {RETRY - 1} seconds.")).to_be_visible()
    for scheme in ("dark", "light"):
        third.emulate_media(color_scheme=scheme)
        assert Axe().run(third).response["violations"] == []
    assert third.request.get(f"{small}/_stcore/health").ok
    with pytest.raises(InvalidStatus):
        arrive(small)

    second.close()
    other, _ = arrive(small)
    second, again = arrive(small, session)
    assert again == session, "who loses a connection comes back to what was there, even when it is full"

    third.clock.run_for(RETRY * 1000)
    expect(third.get_by_text(f"The next try is in {RETRY - 1} seconds.")).to_be_visible()
    second.close()
    other.close()
    third.clock.run_for(RETRY * 1000)
    expect(third.get_by_role("heading", level=1)).to_have_text("Compare")
    expect(third).to_have_url(f"{small}/compare?m=a")
    expect(first.get_by_role("heading", level=1)).to_be_visible()
    assert first.problems == []
