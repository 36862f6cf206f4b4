"""What a collection costs: calls for each choice of facts, the share of the allowed rate, and memory, also of a build.

    python -m benchmarks.collect [SECONDS]

against a server on this machine that enforces the Hub's documented quota (500 API calls and 3,000 files a window
without a token). Its windows last SECONDS, by default 5 instead of the real 300, so that it is over in a minute or two:
what is measured, how much of each window is used, only gets better with longer ones.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.collect.collector import Collector
from data.collect.replies import ReplyStore
from data.http.client import Client, Event, Limits
from data.jobs import job
from data.platforms.hub import ids
from tests.platforms.hub import Hub, Quota
from tests.platforms.server import Server

ROOT = Path(__file__).parents[1]
MODELS = 1000
LISTED = 100_000
CHOICE = {"source": "huggingface", "ids": [], "author": "", "search": "", "filters": [], "top": 0}
STEPS = {
    "models-list": "listing",
    "readme": "readme",
    "scan": "scan",
    "discussions": "discussions",
    "pull-requests": "discussions",
    "organizations": "owners",
    "users": "owners",
    "spaces": "spaces",
    "history-all": "history",
    "history-pull_request": "history",
    "papers": "papers",
}


@contextmanager
def _serving(app: Hub) -> Iterator[Server]:
    with Server(app) as server:
        os.environ["HF_ENDPOINT"] = server.url
        yield server


def _collect(wanted: list[str], folder: Path, events: list[Event]) -> float:
    todo = job(CHOICE | {"with": wanted})
    started = time.perf_counter()
    with ReplyStore(folder) as run:
        run.begin(todo.choice)
        todo.collect(Collector(run, Client(Limits(), events.append)), lambda _: None)
    return time.perf_counter() - started


def requests() -> None:
    """Calls for a thousand models, by what they are for."""
    events: list[Event] = []
    with tempfile.TemporaryDirectory() as folder, _serving(Hub(models=MODELS, owners=200)):
        seconds = _collect(list(ids.STEPS), Path(folder), events)
    count = Counter(STEPS[event.name.split("/")[0]] for event in events if event.what in ("done", "failed"))
    print(f"Calls for {MODELS:,} models of 200 owners, a fifth of them with a full list of Spaces:")
    for step in ("listing", *ids.STEPS):
        print(f"  {step:<12} {count[step]:>6,}")
    needed = count["listing"] + sum(count[step] for step in ids.NEEDED)
    print(f"  every factor {needed:>6,}")
    print(f"  everything   {sum(count.values()):>6,} ({sum(count.values()) / seconds:,.0f} a second)")


def share(window: float) -> None:
    """How much of the allowed rate is used while the quota is what holds a collection up."""
    api, resolvers = Quota(500, window), Quota(3000, window, "resolvers")
    events: list[Event] = []
    with tempfile.TemporaryDirectory() as folder, _serving(Hub(models=MODELS, api=api, resolvers=resolvers)):
        seconds = _collect(["scan", "discussions"], Path(folder), events)
    full = api.windows  # the last window, in which the work runs out, is not over
    used = sum(full) / (api.requests * len(full))
    print(f"Share of the allowed rate: {used:.1%} of {len(full)} windows of {api.requests} calls in {window:g} s,")
    print(f"  {api.served:,} calls in {seconds:.0f} s, {api.refused} of them refused and asked again,", end=" ")
    print(f"{sum(event.what == 'wait' for event in events)} waits.")


def memory() -> None:
    """The peak of whole processes: one that lists a hundred thousand models, and one that builds a snapshot of them."""
    with tempfile.TemporaryDirectory() as work, _serving(Hub(models=LISTED, owners=LISTED // 5)):
        run, into = Path(work) / "run", Path(work) / "snapshots"
        peak, seconds = _peak("collect", "huggingface", "--with", "none", "--run", run)
        size = sum(path.stat().st_size for path in run.iterdir()) / 1e6
        print(f"Collecting {LISTED:,} listed models: {peak:.0f} MB at most, {seconds:.0f} s, {size:.0f} MB on disk.")
        peak, seconds = _peak("snapshot", "build", "--from", run, "--into", into)
        size = sum(path.stat().st_size for path in into.rglob("*.*")) / 1e6
        print(f"A snapshot of them: {peak:.0f} MB at most, {seconds:.0f} s, {size:.0f} MB on disk.")
        os.environ["WEIGHBRIDGE_SNAPSHOTS"] = str(into)
        peak, seconds = _peak("rank", "models", "--top", "20")
        print(f"Their ranking: {peak:.0f} MB at most, {seconds:.0f} s.")


def _peak(*words: object) -> tuple[float, float]:
    """Run a command in a process of its own; its peak in MB, and the seconds that it took."""
    code = (
        "import re, runpy, sys; sys.argv = sys.argv[1:]\n"
        "try: runpy.run_path(sys.argv[0], run_name='__main__')\n"
        "finally: print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"
    )
    line = [sys.executable, "-c", code, "weighbridge.py", *map(str, words)]
    started = time.perf_counter()
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1]) * 1024 / 1e6, time.perf_counter() - started


def main(window: float = 5.0) -> None:
    """Run all three."""
    requests()
    share(window)
    memory()


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]))
