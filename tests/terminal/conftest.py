"""What the tests of several commands need."""

import pytest


@pytest.fixture
def file(tmp_path):
    def write(content, name="records.jsonl"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write
