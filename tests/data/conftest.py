"""Servers that play the platforms."""

import pytest

from tests.platforms.hub import Hub
from tests.platforms.server import Server


@pytest.fixture
def serve(monkeypatch):
    """Serve an app under a variable."""
    running = []

    def start(variable, app):
        server = Server(app)
        server.__enter__()
        running.append(server)
        monkeypatch.setenv(variable, server.url)
        return server

    yield start
    for server in running:
        server.__exit__()


@pytest.fixture
def world(monkeypatch, tmp_path):
    """A Hub of eight models, and what to collect them with."""

    def make(**changes):
        server = Server(Hub(**({"models": 8, "owners": 3, "page": 3} | changes)))
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        return server

    monkeypatch.delenv("HF_TOKEN", raising=False)
    return make
