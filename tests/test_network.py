"""The socket guard holds here and in the commands that tests start."""

import socket
import subprocess
import sys

import pytest

from tests import network

ABROAD = ("192.0.2.1", 80)  # an address that documentation may use and nobody answers


def test_a_foreign_address_is_refused():
    with socket.socket() as one, pytest.raises(network.Trespass, match=r"192\.0\.2\.1"):
        one.connect(ABROAD)
    with socket.socket() as one, pytest.raises(network.Trespass):
        one.connect_ex(ABROAD)
    with socket.socket(type=socket.SOCK_DGRAM) as one, pytest.raises(network.Trespass):
        one.sendto(b"x", ABROAD)
    with pytest.raises(network.Trespass):
        socket.create_connection(ABROAD, timeout=1)


def test_a_foreign_name_is_not_even_looked_up():
    with pytest.raises(network.Trespass, match=r"huggingface\.co"):
        socket.create_connection(("huggingface.co", 443), timeout=1)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_may_be_reached(host):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection((host, port), timeout=5) as client:
            assert client.getpeername()[1] == port


def test_commands_that_tests_start_stay_home_too():
    code = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    done = subprocess.run([sys.executable, "-c", code], env=network.environment(), capture_output=True, text=True)
    assert done.returncode == 1
    assert "A test may not" in done.stderr
