"""Collect: send each request a single time, keep its response, go on after an interruption, replay it all later.

A platform's module is written as if every request went over the network. Here the kept responses come first: what was
asked in this collection, or is still fresh, is not asked again. A snapshot is built by running the same module over a
Replay, which has nothing but the kept responses.
"""

from __future__ import annotations

import queue
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from data.collect.asker import IsFinal, always
from data.collect.replies import ReplyStore, ReplyStoreError
from data.http.client import Client, Limits
from data.http.message import Failure, Request, Response, now

T = TypeVar("T")
FOREVER = 36_500.0
ABSENT_FOR = 30.0  # days that "there is nothing" is believed


class Collector:
    """Asks with a client and keeps every response in a store. Threads share it; the same request is sent once."""

    def __init__(self, store: ReplyStore, client: Client) -> None:
        self.store, self.client, self.limits = store, client, client.limits
        self.kept, self._began = 0, now()
        self._asking: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def ask(self, request: Request, *, stamp: str = "", days: float = 0.0, final: IsFinal = always) -> Response:
        """See Asker."""
        with self._lock:
            alone = self._asking[request.name]
        with alone:
            response = self._ask(request, stamp, days, final)
        with self._lock:
            self._asking.pop(request.name, None)
        return response

    def _ask(self, request: Request, stamp: str, days: float, final: IsFinal) -> Response:
        kept = self.store.response(request.name)
        if kept and self._serves(request, *kept, stamp, days, final):
            with self._lock:
                self.kept += kept[0].at < self._began
            if not (kept[0].good or request.optional):
                self.store.fail(kept[0])
            return kept[0]
        failed = self.store.failure(request.name)
        if failed and failed.at >= self._began:  # another thread has just tried, and that often enough
            return failed
        response = self.client.send(request)
        if response.good or response.kind == "missing":
            self.store.keep(response, stamp)
        if not (response.good or response.kind == "stopped" or (response.kind == "missing" and request.optional)):
            self.store.fail(response)
        return response

    def _serves(self, request: Request, response: Response, kept: str, stamp: str, days: float, final: IsFinal) -> bool:
        if response.at >= self.store.started:
            return True
        if _is_absence(request, response):
            return kept == stamp and _age(response) <= min(days, ABSENT_FOR)
        return response.good and kept == stamp and final(response) and _age(response) <= days

    def miss(self, name: str, kind: Failure, reason: str) -> None:
        """See Asker."""
        self.store.fail(Response(name, "", now(), kind=kind, reason=reason))

    def past(self, prefix: str, name: str) -> None:
        """See Asker."""
        self.store.forget_after(prefix, name)


class Replay:
    """Answers from a store alone: what was not asked or failed is a failed response with its reason."""

    def __init__(self, store: ReplyStore, limits: Limits | None = None) -> None:
        self.store, self.limits = store, limits or Limits()

    def ask(self, request: Request, *, stamp: str = "", days: float = 0.0, final: IsFinal = always) -> Response:
        """See Asker. An older answer than the collection counts, with its own day, as long as its stamp is this one."""
        kept, failed = self.store.response(request.name), self.store.failure(request.name)
        if kept and kept[0].at >= self.store.started:
            return kept[0]
        if kept and kept[1] == stamp and (kept[0].good or _is_absence(request, kept[0])):
            stale = failed.reason if failed else "" if days else "It was not asked again in this collection."
            return replace(kept[0], stale=stale)
        return failed or Response(request.name, request.url, now(), kind="not asked", reason="It was not asked for.")

    def miss(self, name: str, kind: Failure, reason: str) -> None:
        """See Asker; the store has noted it already."""

    def past(self, prefix: str, name: str) -> None:
        """See Asker; nothing to forget."""


def work(items: Iterable[T], do: Callable[[T], object], collector: Collector) -> None:
    """Do something with every item, `jobs` at a time, holding few more of them than that; ends when the client stops.

    An item that goes wrong in a way nobody thought of is noted and the rest goes on; a ReplyStoreError
    (a full disk) ends all.
    """
    todo: queue.Queue[list[T]] = queue.Queue(maxsize=collector.limits.jobs)
    stop, fatal = collector.client.stop, list[ReplyStoreError]()
    threads = [
        threading.Thread(target=_worker, args=(todo, do, collector, fatal), daemon=True)
        for _ in range(collector.limits.jobs)
    ]
    for thread in threads:
        thread.start()
    try:
        for item in items:
            _put(todo, [item], stop)
            if stop.is_set():
                break
        for _ in threads:
            _put(todo, [], None)
        for thread in threads:
            while thread.is_alive():  # in slices, so that Ctrl-C gets through
                thread.join(0.1)
    except BaseException:
        stop.set()
        raise
    if fatal:
        raise fatal[0]


def _worker(
    todo: queue.Queue[list[T]], do: Callable[[T], object], collector: Collector, fatal: list[ReplyStoreError]
) -> None:
    while batch := todo.get():  # an empty one says that there is no more
        for item in [] if collector.client.stop.is_set() else batch:
            try:
                _attempt(do, item, collector)
            except ReplyStoreError as wrong:
                fatal.append(wrong)
                collector.client.stop.set()


def _attempt(do: Callable[[T], object], item: T, collector: Collector) -> None:
    try:
        do(item)
    except ReplyStoreError:
        raise
    except Exception as wrong:
        name = f"unexpected/{str(item)[:80]}"
        collector.miss(name, "damaged", f"It has a shape that nobody expected ({type(wrong).__name__}).")


def _put(todo: queue.Queue[list[T]], batch: list[T], stop: threading.Event | None) -> None:
    while not (stop and stop.is_set()):
        with suppress(queue.Full):
            return todo.put(batch, timeout=0.1)


def _is_absence(request: Request, response: Response) -> bool:
    """Whether an answer is that there is nothing, where that is an answer like any other."""
    return response.kind == "missing" and request.optional


def _age(response: Response) -> float:
    try:
        return (datetime.fromisoformat(now()) - datetime.fromisoformat(response.at)) / timedelta(days=1)
    except (ValueError, TypeError):
        return FOREVER


def summary(store: ReplyStore) -> list[str]:
    """Return one line for each kind of failure: how many, the reason of the first, and where."""
    count: Counter[Failure] = Counter()
    first: dict[Failure, Response] = {}
    for failure in store.failures():
        count[failure.kind] += 1
        first.setdefault(failure.kind, failure)
    return [
        f"{n} missing ({WORDS[kind]}), for example {first[kind].name}: {first[kind].reason}"
        for kind, n in count.items()
    ]


WORDS: dict[Failure, str] = {
    "quota": "quota used up",
    "server": "errors of the platform",
    "unreachable": "not reachable",
    "slow": "too slow",
    "denied": "no access",
    "missing": "not there",
    "refused": "refused",
    "damaged": "damaged replies",
    "large": "replies too large",
    "redirect": "redirects",
    "pages": "listings not read to their end",
    "stopped": "stopped",
    "not asked": "not asked",
}
