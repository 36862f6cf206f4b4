"""Asking once, keeping, going on, and replaying."""

import threading
import time

import pytest

from data.collect.collector import Collector, Replay, summary, work
from data.collect.replies import ReplyStore, ReplyStoreError
from data.http.client import Client
from data.http.message import Request
from tests.platforms import server as bad
from tests.platforms.ask import QUICK, collect
from tests.platforms.server import Answer, Server


@pytest.fixture
def server():
    with Server(lambda request: Answer({"path": request.path}, 404 if "none" in request.path else 200)) as running:
        yield running


@pytest.fixture
def collector(tmp_path):
    with ReplyStore(tmp_path) as run:
        run.begin({})
        yield Collector(run, Client(QUICK))


def request(server, name="one", **changes):
    return Request(**({"name": name, "base": server.url, "path": f"/{name}"} | changes))


def test_the_same_question_is_asked_once(server, collector):
    threads = [threading.Thread(target=collector.ask, args=(request(server),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.log) == 1
    assert collector.kept == 0  # nothing was there before


def test_a_failure_is_not_tried_again_by_the_next_who_asks(server, collector):
    server.break_on("/one", bad.status(500))
    assert [collector.ask(request(server)).kind for _ in range(3)] == ["server"] * 3
    assert len(server.log) == 4


def test_nothing_there_is_an_answer_and_missing_all_the_same(server, collector):
    for _ in range(2):
        assert collector.ask(request(server, "none")).kind == "missing"
        assert collector.ask(request(server, "none-optional", optional=True)).kind == "missing"
    assert len(server.log) == 2
    assert [f.name for f in collector.store.failures()] == ["none"]


def test_an_older_answer_serves_as_long_as_it_is_fresh(server, collector):
    ask, run = collector.ask, collector.store
    ask(request(server), stamp="a", days=7)
    run.end(whole=True)
    run.begin({})
    ask(request(server), stamp="a", days=7)
    assert len(server.log) == 1
    ask(request(server), stamp="b", days=7)
    assert len(server.log) == 2
    run.end(whole=True)
    run.begin({})
    ask(request(server), stamp="b")
    assert len(server.log) == 3
    run.end(whole=True)
    run.begin({})
    ask(request(server), stamp="b", days=7, final=lambda _: False)
    assert len(server.log) == 4
    run._write("UPDATE replies SET at = '2020-01-01T00:00:00.000000+00:00'")
    ask(request(server), stamp="b", days=7)
    assert len(server.log) == 5


def test_a_replay_never_asks(server, collector):
    collector.ask(request(server), stamp="a", days=7)
    server.break_on("/two", bad.status(502))
    collector.ask(request(server, "two"))
    asked = len(server.log)
    replay = Replay(collector.store)
    assert replay.ask(request(server)).data == {"path": "/one"}
    assert replay.ask(request(server, "two")).kind == "server"
    assert replay.ask(request(server, "three")).kind == "not asked"
    assert len(server.log) == asked


def test_a_replay_takes_no_answer_to_another_state_of_the_repository(server, collector):
    collector.ask(request(server), stamp="old", days=7)
    collector.store.end(whole=True)
    time.sleep(0.001)
    collector.store.begin({})
    replay = Replay(collector.store)
    assert replay.ask(request(server), stamp="old", days=7).good
    assert replay.ask(request(server), stamp="new", days=7).kind == "not asked"


def test_work_holds_few_items_at_a_time(collector):
    done: list[int] = []

    def items():
        for n in range(200):
            assert n - len(done) < 4 * QUICK.jobs
            yield n

    def do(n):
        time.sleep(0.001)
        done.append(n)

    work(items(), do, collector)
    assert sorted(done) == list(range(200))


def test_one_item_that_goes_wrong_is_noted_and_the_rest_goes_on(collector):
    done = []

    def do(n):
        if n == 3:
            raise KeyError("surprise")
        done.append(n)

    work(range(6), do, collector)
    assert sorted(done) == [0, 1, 2, 4, 5]
    (failure,) = collector.store.failures()
    assert (failure.kind, failure.name) == ("damaged", "unexpected/3")


def test_a_full_disk_ends_everything(collector):
    def do(n):
        raise ReplyStoreError("full")

    with pytest.raises(ReplyStoreError, match="full"):
        work(range(1000), do, collector)


def test_an_interruption_ends_everything_at_once(collector):
    def items():
        yield 1
        raise KeyboardInterrupt

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        work(items(), lambda n: time.sleep(0.05), collector)
    assert collector.client.stop.is_set()
    assert time.monotonic() - started < 10


def test_summary_has_a_line_for_each_kind_of_failure(world, tmp_path):
    with world() as server:
        server.break_on("/discussions", bad.status(403))
        server.break_on("/scan", bad.status(500))
        collect(tmp_path)
    with ReplyStore(tmp_path) as store:
        lines = summary(store)
    assert len(lines) == 2
    assert any(line.startswith("8 missing (no access)") for line in lines)
