"""A real server on a free port and a real Chromium: what a visitor has."""

import pytest

from tests import serving


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of the app, started cold as `make run` starts it; stopped at the end."""
    with serving.app(tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield address
