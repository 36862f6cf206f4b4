"""A file that is handed out: once to each browser, under the name of its content, as long as somebody needs it."""

import gzip

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from components import files


@pytest.fixture
def client():
    with files.handed_out():
        yield TestClient(Starlette(routes=[files.route()]))
    assert not files.served()


def test_it_is_handed_out_compressed_and_kept_for_good(client):
    content = b"seven models " * 1000
    address = files.write(content)
    assert files.served()
    assert files.write(content) == address
    assert files.write(content + b"x") != address
    answer = client.get(address)
    assert answer.content == content
    assert int(answer.headers["content-length"]) < len(content) / 10
    assert "immutable" in answer.headers["cache-control"]
    assert gzip.decompress((files._FOLDERS[0] / address.removeprefix(files.PATH)).read_bytes()) == content


def test_what_is_removed_is_gone_and_may_be_removed_again(client):
    address = files.write(b"eight models")
    files.remove(address)
    files.remove(address)
    answer = client.get(address)
    assert answer.status_code == 404
    assert "cache-control" not in answer.headers


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fetc%2fpasswd", "0" * 64, "%00"])
def test_nothing_else_is_handed_out(client, name):
    assert client.get(files.PATH + name).status_code == 404
