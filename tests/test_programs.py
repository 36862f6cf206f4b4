"""The set-up finds the browser that it is given, and names in one sentence what is missing."""

import subprocess
import sys

import pytest

from tests import network


def found(tmp_path, name="chromium", **environment):
    command = [sys.executable, "-m", "tests.programs", name]
    empty = {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path), "CHROMIUM": ""}
    return subprocess.run(command, env=network.environment(**empty | environment), capture_output=True, text=True)


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_a_browser_on_the_path_is_enough(tmp_path, name):
    (tmp_path / name).touch(0o755)
    assert found(tmp_path).returncode == 0


def test_a_browser_that_is_named_is_used_wherever_it_lies(tmp_path):
    assert found(tmp_path, CHROMIUM=sys.executable).returncode == 0


def test_a_name_that_is_no_program_is_one_sentence(tmp_path):
    ended = found(tmp_path, CHROMIUM="/no/such/chrome")
    assert ended.returncode == 1
    assert (
        ended.stderr
        == "CHROMIUM is /no/such/chrome, which is no program; set it to the path of Chromium, or unset it.\n"
    )


def test_a_proxy_that_cannot_be_installed_is_one_sentence(tmp_path):
    ended = found(tmp_path, "caddy")
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert ended.stderr.startswith("There is no Caddy here: install it ")
