"""Tokens are cut out of whatever is kept or shown."""

import base64
from urllib.parse import quote

import pytest

from data.http import secrets
from data.platforms import ALL

CANARY = "canary+/=secret-0123456789"


@pytest.mark.parametrize("variable", [v for platform in ALL for v in platform.tokens])
def test_a_token_of_the_environment_is_cut_out_however_it_is_spelled(monkeypatch, variable):
    monkeypatch.setenv(variable, CANARY)
    for spelled in (CANARY, quote(CANARY, safe=""), base64.b64encode(CANARY.encode()).decode()):
        assert secrets.redact(f"before {spelled} after") in ("before [removed] after", "before [removed]= after")
        assert secrets.redact(f"x{spelled}y".encode()).startswith(b"x[removed]")


@pytest.mark.parametrize(
    "text",
    [
        "hf_" + "a" * 34,
        "ghp_" + "b" * 36,
        "github_pat_" + "c" * 40,
        "?access_token=abcdefgh&x=1",
        "Authorization: Bearer abcdefghijkl",
        "authorization: token abcdefghijkl",
        "PRIVATE-TOKEN: abcdefghijkl",
        "private_token=abcdefghijkl",
    ],
)
def test_what_has_the_shape_of_a_token_is_cut_out(text):
    assert "[removed]" in secrets.redact(text)
    assert "abcdefgh" not in secrets.redact(text)


@pytest.mark.parametrize("text", ["", "hf_hub", "a model card about Bearer of news", "token=", "\ud800"])
def test_innocent_text_stays(monkeypatch, text):
    monkeypatch.setenv("HF_TOKEN", "x")
    assert secrets.redact(text) == text


def test_a_token_is_read_when_it_is_used(monkeypatch):
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.delenv("HUGGING_FACE_HUB_TOKEN", raising=False)
    variables = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
    assert secrets.token(variables) == ""
    monkeypatch.setenv("HUGGING_FACE_HUB_TOKEN", " abc123 \n")
    assert secrets.token(variables) == "abc123"
    monkeypatch.setenv("HF_TOKEN", "two words")
    assert secrets.token(variables) == ""
    assert secrets.token(()) == ""


def test_a_hundred_kilobytes_are_read_in_no_time():
    text = b"bearer " * 15_000 + b"access_token=" * 8_000
    assert secrets.redact(text)


@pytest.mark.parametrize("before", ["", "a", "ab", "Bearer ", "user:"])
@pytest.mark.parametrize("after", ["", "x", ":tail"])
def test_a_token_inside_base64_is_cut_out(monkeypatch, before, after):
    monkeypatch.setenv("HF_TOKEN", CANARY)
    left = secrets.redact(base64.b64encode(f"{before}{CANARY}{after}".encode()).decode())
    assert "[removed]" in left
    assert len(left) < 12 + len(before) * 2 + len(after) * 2 + 4


def test_a_token_in_percents_is_cut_out(monkeypatch):
    monkeypatch.setenv("HF_TOKEN", CANARY)
    for form in ("%{:02x}", "%{:02X}"):
        assert secrets.redact("".join(form.format(ord(c)) for c in CANARY)) == "[removed]"
