"""Every limit is a setting, and one that makes no sense is named."""

from dataclasses import fields

import pytest

from data.http.client import LIVE, BadLimit, Limits, from_environment


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


@pytest.mark.parametrize("name", [one.name for one in fields(Limits)])
def test_what_is_set_for_collecting_never_lifts_a_live_limit(monkeypatch, name):
    live, most = getattr(LIVE, name), {"tries": 4, "jobs": 64}.get(name, 10**9)
    monkeypatch.setenv(f"WEIGHBRIDGE_{name.upper()}", str(most))
    assert getattr(from_environment(), name) == most
    assert from_environment().within(LIVE) == LIVE
    lower = live // 2 or 1 if isinstance(live, int) else live / 2
    monkeypatch.setenv(f"WEIGHBRIDGE_{name.upper()}", str(lower))
    assert from_environment().within(LIVE) == LIVE.but(**{name: lower})


def test_no_limit_on_the_whole_is_more_than_any(monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_TOTAL", "0")
    assert from_environment().within(LIVE).total == LIVE.total
    assert Limits().within(Limits()).total == 0


def test_only_what_is_given_changes():
    assert Limits().but(deadline=None, tries=2) == Limits(tries=2)
