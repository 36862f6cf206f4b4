"""A table of many models is sent as it is made: the same lines as in memory, in the order of ids; two at a time."""

import csv
import io

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from components import stream
from components.listing import listing
from data.models import about
from scoring.output.export import ranking_csv
from scoring.view import ModelView


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setattr(stream, "served", type(stream.served)())
    return TestClient(Starlette(routes=stream.routes()))


def test_a_ranking_is_sent_with_its_ranks(client, bundled):
    view = ModelView(search="whisper", weights={"security": 60.0})
    answer = client.get(stream.RANKING, params={"search": "whisper", "security": "60", "snapshot": bundled.taken})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    found = listing(view, view.score(bundled), bundled)
    whole = csv.DictReader(
        io.StringIO("".join(ranking_csv(found.scores, bundled.facts, found.page(slice(None)), found.kept)))
    )
    assert rows == sorted(whole, key=lambda row: row["id"])
    assert f"weighbridge-models-{bundled.taken}.csv" in answer.headers["content-disposition"]


def test_the_facts_are_sent(client, bundled):
    assert client.get(stream.FACTS).text == "".join(about.as_csv(bundled))


def test_who_comes_third_is_asked_to_wait(client, monkeypatch):
    monkeypatch.setattr(stream, "_places", type(stream._places)(1))
    assert client.get(stream.RANKING, params={"search": "whisper"}).status_code == 200
    stream._places.acquire()
    answer = client.get(stream.RANKING)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "120")
    stream._places.release()
    assert client.get(stream.RANKING, params={"search": "whisper"}).status_code == 200


def test_without_a_server_for_it_there_is_no_address(monkeypatch):
    monkeypatch.setattr(stream, "served", type(stream.served)())
    assert stream.address(stream.RANKING, ModelView(search="a b")) == ""
    stream.routes()
    assert stream.address(stream.RANKING, ModelView(search="a b"), "2026-11-28").endswith(
        "/ranking.csv?search=a+b&snapshot=2026-11-28"
    )
