"""One model, now: looked up once however many ask, in bounded time, at a bounded rate."""

import threading
import time
from datetime import date

import pytest

from data.http.client import LIVE
from data.models import lookup, records
from data.models.lookup import LookupService, Refused
from tests.platforms import server as bad
from tests.platforms.faults import FAULTS
from tests.platforms.hub import Hub
from tests.platforms.server import Server

QUICK = LIVE.but(deadline=0.5, max_wait=0.3, backoff=0.02, total=4, max_body=3_000_000)


@pytest.fixture
def server(monkeypatch):
    for variable in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(variable, raising=False)
    with Server(Hub(models=12, owners=3)) as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running


def ask(lookup_service, text):
    found = lookup_service.ask(text)
    assert found.done.wait(30)
    return found


def test_every_part_arrives(server):
    found = ask(LookupService(QUICK), "https://huggingface.co/org-1/model-4")
    assert found.record is not None
    assert set(found.parts.values()) == {"done"}
    assert not found.failed
    (row,) = records.rows([found.record], date.today())
    assert row["discussions"] == 35
    assert row["hub_scan"] == "safe"


def test_the_papers_are_asked_where_the_card_links_no_code(server):
    server.break_on("/resolve/", bad.body(b"# A model\n", Content_Type="text/plain"))
    found = ask(LookupService(QUICK), "org-1/model-4")
    (row,) = records.rows([found.record], date.today())
    assert row["github_repo"] is True
    server.break_on("/api/papers", bad.status(500))
    found = ask(LookupService(QUICK), "org-1/model-4")
    (row,) = records.rows([found.record], date.today())
    assert row["github_repo"] is None
    assert list(found.failed) == ["papers"]


def test_values_that_cannot_be_read_are_named_and_no_part_is_blamed_for_them(server):
    server.app.changes["org-1/model-4"] = {"likes": -1}
    found = ask(LookupService(QUICK), "org-1/model-4")
    assert set(found.parts.values()) == {"done"}
    assert list(found.failed) == ["values"]
    assert "likes" in found.failed["values"]


def test_however_many_ask_it_is_looked_up_once(server):
    lookup_service, found = LookupService(QUICK), []
    threads = [
        threading.Thread(target=lambda: found.append(ask(lookup_service, "org-1/Model-4".lower()))) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(f) for f in found}) == 1
    assert len(server.asked("/api/models/org-1/model-4/scan")) == 1
    assert ask(lookup_service, "org-1/model-4") is found[0]
    assert ask(lookup_service, "ORG-1/MODEL-4") is found[0]


def test_nobody_waits_for_somebody_else(server):
    server.break_on("org-0/model-3", bad.slow(0.05))
    lookup_service = LookupService(QUICK)
    slow = lookup_service.ask("org-0/model-3")
    started = time.monotonic()
    assert ask(lookup_service, "org-1/model-4").record
    assert time.monotonic() - started < 10
    assert slow.done.wait(10)


@pytest.mark.parametrize("name", FAULTS)
def test_a_part_that_fails_is_named_in_time(server, name):
    server.break_on("/discussions", FAULTS[name])
    started = time.monotonic()
    found = ask(LookupService(QUICK), "org-1/model-4")
    assert time.monotonic() - started < QUICK.total + 10
    assert found.record is not None
    assert (found.parts["discussions"], found.parts["scan"]) == ("failed", "done")
    (row,) = records.rows([found.record], date.today())
    assert (row["discussions"], row["pull_requests"]) == (None, None)
    assert row["hub_scan"] == "safe"


@pytest.mark.parametrize("name", FAULTS)
def test_a_hub_that_fails_gives_one_sentence(server, name):
    server.break_on("/", FAULTS[name])
    found = ask(LookupService(QUICK), "org-0/model-0")
    if "values of absurd shape" in name:
        assert found.record is not None
    else:
        assert found.record is None
        assert found.refused.startswith("org-0/model-0 could not be looked up: ")
        assert found.refused.endswith(".")


def test_offline_nothing_is_asked(server, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(Refused, match="HF_HUB_OFFLINE"):
        LookupService(QUICK).ask("org-1/model-4")
    assert not server.log


@pytest.mark.parametrize("text", ["", "a/b/c", "../x", "https://evil.example/org/name", "org/na me", "x" * 10**6])
def test_what_is_no_id_is_refused_before_anything_is_asked(server, text):
    with pytest.raises(Refused, match="is neither an id"):
        LookupService(QUICK).ask(text)
    assert not server.log


def test_too_many_at_once_are_told_when_to_come_back(server):
    lookup_service = LookupService(QUICK, burst=3, per_minute=60)
    for n in range(3):
        lookup_service.ask(f"org-{n % 3}/model-{n}")
    with pytest.raises(Refused, match="seconds"):
        lookup_service.ask("org-0/model-9")
    lookup_service.ask("org-0/model-0")
    time.sleep(1.1)
    lookup_service.ask("org-0/model-9")


def test_what_failed_is_kept_for_a_minute_and_what_did_not_for_an_hour(server):
    found = ask(LookupService(QUICK), "org-1/model-4")
    found.ended -= 100
    assert found.fresh
    found.failed["scan"] = "No."
    assert not found.fresh
    found.failed.clear()
    found.ended -= lookup.KEPT_FOR
    assert not found.fresh


def test_the_memory_is_bounded(server, monkeypatch):
    monkeypatch.setattr(lookup, "MOST_KEPT", 5)
    lookup_service = LookupService(QUICK, burst=50)
    for n in range(9):
        ask(lookup_service, f"org-{n % 3}/model-{n}")
    assert len(lookup_service._kept) == 5


def test_a_look_up_is_never_more_patient_than_live_limits(server, monkeypatch):
    for variable, value in {"MAX_WAIT": "320", "DEADLINE": "300", "TRIES": "4", "TOTAL": "0"}.items():
        monkeypatch.setenv(f"WEIGHBRIDGE_{variable}", value)
    server.break_on("org-1/model-4", bad.status(429, Retry_After="7"))
    started = time.monotonic()
    found = ask(LookupService(), "org-1/model-4")
    assert time.monotonic() - started < LIVE.max_wait
    assert found.refused.endswith("is used up; ask again in 7 seconds.")
    assert "max-wait" not in found.refused


def test_without_a_token_a_visitor_is_cautioned(monkeypatch):
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    for variable in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
        monkeypatch.delenv(variable, raising=False)
    assert "HF_TOKEN" in lookup.caution()
    monkeypatch.setenv("HF_TOKEN", "hf_something")
    assert lookup.caution() == ""
    monkeypatch.delenv("HF_TOKEN")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert lookup.caution() == ""
