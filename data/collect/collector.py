"""Run sources: ask each question once, keep the answer, go on where an interruption left off, replay it all later.

A source is written as if every question were asked over the network. Here the kept answers come first: what was asked
in this run, or is still fresh, is not asked again. A snapshot is built by running the same source over a Replay, which
has nothing but the kept answers.
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
from data.collect.replies import Run, RunError
from data.http.client import Door
from data.http.limits import Limits
from data.http.message import Call, Kind, Reply, now

T = TypeVar("T")
FOREVER = 36_500.0
ABSENT_FOR = 30.0  # days that "there is nothing" is believed


class Collector:
    """Asks through a door and keeps every answer in a run. Threads share it; the same question is asked once."""

    def __init__(self, run: Run, door: Door) -> None:
        self.run, self.door, self.limits = run, door, door.limits
        self.kept, self._began = 0, now()
        self._asking: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def ask(self, call: Call, *, stamp: str = "", days: float = 0.0, final: IsFinal = always) -> Reply:
        """See Asker."""
        with self._lock:
            alone = self._asking[call.name]
        with alone:
            reply = self._ask(call, stamp, days, final)
        with self._lock:
            self._asking.pop(call.name, None)
        return reply

    def _ask(self, call: Call, stamp: str, days: float, final: IsFinal) -> Reply:
        kept = self.run.reply(call.name)
        if kept and self._serves(call, *kept, stamp, days, final):
            with self._lock:
                self.kept += kept[0].at < self._began
            if not (kept[0].good or call.optional):
                self.run.fail(kept[0])
            return kept[0]
        failed = self.run.failure(call.name)
        if failed and failed.at >= self._began:  # another thread has just tried, and that often enough
            return failed
        reply = self.door.ask(call)
        if reply.good or reply.kind == "missing":
            self.run.keep(reply, stamp)
        if not (reply.good or reply.kind == "stopped" or (reply.kind == "missing" and call.optional)):
            self.run.fail(reply)
        return reply

    def _serves(self, call: Call, reply: Reply, kept: str, stamp: str, days: float, final: IsFinal) -> bool:
        if reply.at >= self.run.started:
            return True
        if _is_absence(call, reply):
            return kept == stamp and _age(reply) <= min(days, ABSENT_FOR)
        return reply.good and kept == stamp and final(reply) and _age(reply) <= days

    def miss(self, name: str, kind: Kind, reason: str) -> None:
        """See Asker."""
        self.run.fail(Reply(name, "", now(), kind=kind, reason=reason))

    def past(self, prefix: str, name: str) -> None:
        """See Asker."""
        self.run.forget_after(prefix, name)


class Replay:
    """Answers from a run alone: what was not asked or failed is a failed reply with its reason."""

    def __init__(self, run: Run, limits: Limits | None = None) -> None:
        self.run, self.limits = run, limits or Limits()

    def ask(self, call: Call, *, stamp: str = "", days: float = 0.0, final: IsFinal = always) -> Reply:
        """See Asker. An answer from before the run counts, with its own day, as long as its stamp is this one."""
        kept, failed = self.run.reply(call.name), self.run.failure(call.name)
        if kept and kept[0].at >= self.run.started:
            return kept[0]
        if kept and kept[1] == stamp and (kept[0].good or _is_absence(call, kept[0])):
            stale = failed.reason if failed else "" if days else "It was not asked again in this collection."
            return replace(kept[0], stale=stale)
        return failed or Reply(call.name, call.url, now(), kind="not asked", reason="It was not asked for.")

    def miss(self, name: str, kind: Kind, reason: str) -> None:
        """See Asker; the run has noted it already."""

    def past(self, prefix: str, name: str) -> None:
        """See Asker; nothing to forget."""


def work(items: Iterable[T], do: Callable[[T], object], collector: Collector) -> None:
    """Do something with every item, `jobs` at a time, holding few more of them than that; ends when the door stops.

    An item that goes wrong in a way nobody thought of is noted and the rest goes on; a RunError (a full disk) ends all.
    """
    todo: queue.Queue[list[T]] = queue.Queue(maxsize=collector.limits.jobs)
    stop, fatal = collector.door.stop, list[RunError]()
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
            while thread.is_alive():  # in slices, so that Ctrl-C is heard
                thread.join(0.1)
    except BaseException:
        stop.set()
        raise
    if fatal:
        raise fatal[0]


def _worker(todo: queue.Queue[list[T]], do: Callable[[T], object], collector: Collector, fatal: list[RunError]) -> None:
    while batch := todo.get():  # an empty one says that there is no more
        for item in [] if collector.door.stop.is_set() else batch:
            try:
                _attempt(do, item, collector)
            except RunError as wrong:
                fatal.append(wrong)
                collector.door.stop.set()


def _attempt(do: Callable[[T], object], item: T, collector: Collector) -> None:
    try:
        do(item)
    except RunError:
        raise
    except Exception as wrong:
        name = f"unexpected/{str(item)[:80]}"
        collector.miss(name, "damaged", f"It has a shape that nobody expected ({type(wrong).__name__}).")


def _put(todo: queue.Queue[list[T]], batch: list[T], stop: threading.Event | None) -> None:
    while not (stop and stop.is_set()):
        with suppress(queue.Full):
            return todo.put(batch, timeout=0.1)


def _is_absence(call: Call, reply: Reply) -> bool:
    """Whether an answer is that there is nothing, where that is an answer like any other."""
    return reply.kind == "missing" and call.optional


def _age(reply: Reply) -> float:
    try:
        return (datetime.fromisoformat(now()) - datetime.fromisoformat(reply.at)) / timedelta(days=1)
    except (ValueError, TypeError):
        return FOREVER


def summary(run: Run) -> list[str]:
    """Return one line for each kind of failure: how many, the reason of the first, and where."""
    count: Counter[Kind] = Counter()
    first: dict[Kind, Reply] = {}
    for failure in run.failures():
        count[failure.kind] += 1
        first.setdefault(failure.kind, failure)
    return [
        f"{n} missing ({WORDS[kind]}), for example {first[kind].name}: {first[kind].reason}"
        for kind, n in count.items()
    ]


WORDS: dict[Kind, str] = {
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
