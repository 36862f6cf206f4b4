"""Visitors without a browser: they speak to the app as its page does, so that many fit beside the server.

A visitor opens a page, then moves a weight again and again; each run of the page is timed from the message that asks
for it to the one that ends it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from tests import network, serving

PATIENCE = 120  # seconds
COMPONENT = "weighbridge_weights"
FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
Values = dict[str, tuple[str, object]]  # of widgets: the field of their state, and what it holds


@contextmanager
def served(script: str) -> Iterator[tuple[str, int]]:
    """Serve a page of this repository for a while; its address and its process."""
    port = serving.free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
    if script != "serve.py":
        command += ["--runner.postScriptGC", "true"]  # what Streamlit does unless it is asked not to
    unlimited = network.environment(WEIGHBRIDGE_MOST_VISITORS="1000")
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(command, cwd=serving.ROOT, stdout=log, stderr=log, env=unlimited) as run,
    ):
        try:
            for _ in range(10 * PATIENCE):
                with suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                    break
                time.sleep(0.1)
            yield address, run.pid
        finally:
            run.terminate()


class Visitor:
    """One session: it remembers what it was sent, as a browser does, so that a known element travels as its hash."""

    def __init__(self, address: str, page: str = "") -> None:
        self._socket = connect(f"{address.replace('http', 'ws')}/_stcore/stream", max_size=None, legacy=True)
        self._page, _, self._query = page.partition("?")
        self._hashes, self._elements, self._fragments = {}, {}, {}
        self._runs = self._serial = 0
        self.seconds, self.bytes = self._run({})

    def move(self, weights: dict[str, float]) -> tuple[float, int]:
        """Let go of a slider at these weights; seconds and bytes until the page is as it should be."""
        self._serial += 1
        moved = {"weights": weights, "preset": "balanced", "serial": self._serial}
        at, owner = next((at, e.bidi_component.id) for at, e in self._elements.items() if _named(e) == COMPONENT)
        trigger = f"$$STREAMLIT_INTERNAL_KEY_{owner}__events"
        move = json.dumps([{"event": "move", "value": moved}])
        sent: Values = {owner: ("json_value", "{}"), trigger: ("json_trigger_value", move)}
        return self._run(sent, self._fragments.get(at, ""))

    def slide(self, label: str, value: float) -> tuple[float, int]:
        """Let go of one of Streamlit's own sliders."""
        own = next(e.slider.id for e in self._elements.values() if e.slider.label.startswith(label))
        return self._run({own: ("double_array_value", [value])})

    def component(self, name: str) -> dict[str, object]:
        """Return what a component of the page was last sent."""
        return json.loads(next(e.bidi_component.json for e in self._elements.values() if _named(e) == name))

    def leave(self) -> None:
        """Close the connection."""
        self._socket.close()

    def _run(self, values: Values, fragment: str = "") -> tuple[float, int]:
        message = BackMsg()
        state = message.rerun_script
        state.fragment_id = fragment
        state.query_string, state.page_name = self._query, self._page
        state.cached_message_hashes.extend(self._hashes)
        for widget, (kind, value) in values.items():
            one = state.widget_states.widgets.add(id=widget)
            if kind == "double_array_value":
                one.double_array_value.data.extend(value)
            else:
                setattr(one, kind, value)
        began, received = time.perf_counter(), 0
        self._socket.send(message.SerializeToString())
        self._runs += 1
        while True:
            data = self._socket.recv(timeout=PATIENCE)
            received += len(data)
            got = ForwardMsg.FromString(data)
            if got.WhichOneof("type") == "ref_hash":
                continue
            if got.metadata.cacheable:
                self._hashes[got.hash] = True
            if got.WhichOneof("type") == "delta" and got.delta.WhichOneof("type") == "new_element":
                at = tuple(got.metadata.delta_path)
                self._elements[at], self._fragments[at] = got.delta.new_element, got.delta.fragment_id
                assert got.delta.new_element.WhichOneof("type") != "exception", got
            if got.WhichOneof("type") == "script_finished":
                assert got.script_finished in FINISHED, got
                return time.perf_counter() - began, received


def _named(element: object) -> str:
    return element.bidi_component.component_name if element.WhichOneof("type") == "bidi_component" else ""
