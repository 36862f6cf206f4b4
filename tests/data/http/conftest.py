"""A server that answers with rows."""

import pytest

from tests.platforms.server import Answer, Server


@pytest.fixture
def rows():
    return [{"id": f"org/model-{n}", "words": "x" * 60} for n in range(50)]


@pytest.fixture
def server(rows):
    with Server(lambda request: Answer({"rows": rows})) as running:
        yield running
