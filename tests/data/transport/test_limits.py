"""Every limit is a setting, and one that makes no sense is named."""

from dataclasses import fields

import pytest

from data.transport.limits import LIVE, BadLimit, Limits, from_environment


@pytest.mark.parametrize("name", [one.name for one in fields(Limits)])
def test_every_limit_is_read_from_the_environment(monkeypatch, name):
    value = getattr(Limits(), name) // 2 + 1
    monkeypatch.setenv(f"WEIGHBRIDGE_{name.upper()}", str(value))
    assert getattr(from_environment(), name) == value
    assert type(getattr(from_environment(), name)) is type(getattr(Limits(), name))


@pytest.mark.parametrize("text", ["soon", "nan", "-1", "0", "1e999", "0x10"])
def test_what_is_no_limit_is_refused(monkeypatch, text):
    monkeypatch.setenv("WEIGHBRIDGE_DEADLINE", text)
    with pytest.raises(BadLimit, match=r"(?i)deadline"):
        from_environment()


def test_the_documented_defaults():
    assert (Limits().deadline, Limits().max_wait, Limits().tries) == (30, 320, 4)
    assert LIVE.max_wait == 5


def test_never_more_than_four_tries():
    with pytest.raises(BadLimit):
        Limits(tries=5)


def test_only_what_is_given_changes():
    assert Limits().but(deadline=None, tries=2) == Limits(tries=2)
