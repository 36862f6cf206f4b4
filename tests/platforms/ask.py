"""Collect from a server into a folder and read it back, as the command line does, without the command line."""

from pathlib import Path
from typing import Any

from data.collect.collector import Collector, Replay
from data.collect.plan import Plan
from data.collect.replies import ReplyStore
from data.http.client import Client, Limits
from data.http.message import Request, Response
from data.jobs import job
from data.platforms.github import GITHUB
from data.platforms.hub.ids import NEEDED
from terminal.choices import options
from tests.platforms.server import Server

QUICK = Limits(deadline=0.5, max_wait=1.5, backoff=0.01, max_body=3_000_000, max_pages=100, jobs=4)
FEW_PAGES = QUICK.but(max_pages=8)
NOTHING: dict[str, Any] = {  # what a source is asked for when no option is given
    "ids": [],
    "author": "",
    "search": "",
    "filters": [],
    "top": 0,
    "kind": "models",
    "table": "",
    "with": [],
    "as_of": "2026-11-22",
}


def gather(
    folder: Path, source: str, limits: Limits = QUICK, **choice: Any
) -> tuple[list[dict[str, Any]], list[Response]]:
    """The rows that come of a collection, and what is missing."""
    todo = job(NOTHING | {"source": source, "batched": bool(GITHUB.token)} | choice)
    with ReplyStore(folder) as run:
        run.begin(todo.choice)
        todo.collect(Collector(run, Client(limits)), lambda _: None)
        return list(todo.rows(Replay(run, limits))), list(run.failures())


def collect(folder: Path, limits: Any = FEW_PAGES, **choice: Any) -> tuple[dict[str, dict[str, Any]], list[Response]]:
    """The records of a collection of models by id, and what is missing."""
    rows, missing = gather(folder, "huggingface", limits, **({"with": list(NEEDED)} | choice))
    return {row["id"]: row for row in rows}, missing


def plan(source: str, **choice: Any) -> Plan:
    """The plan of a collection with the steps that are usual."""
    plain = NOTHING | {"source": source, "with": list(options(source).usual), "batched": bool(GITHUB.token)}
    return job(plain | choice).plan()


def request(server: Server, **changes: Any) -> Request:
    """A request to a server."""
    return Request(**({"name": "test/one", "base": server.url, "path": "/api/one"} | changes))
