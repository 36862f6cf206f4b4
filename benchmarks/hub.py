"""The whole Hub, made up: time, memory and bytes of every step from the listing to a model's receipt.

    python -m benchmarks.hub [--models N] [--workers N] [--folder FOLDER] [--steps STEP ...]

Every step is a process of its own, as a user starts it. Memory is the most that all its processes together took;
processor is the time that they worked, which a busy machine changes least. A folder that is named is kept, so that a
later run may repeat single steps on what is there; `diff` builds a second snapshot of the same listing a week earlier.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import psutil

from data.models.snapshot import dates, load

COMMAND = [sys.executable, "cli.py"]
NOW, BEFORE = "2026-12-08", "2026-12-01"
Step = list[object]


def main(models: int, workers: int, folder: Path, wanted: Sequence[str]) -> None:
    """Print a line a step, and all of it as JSON."""
    listing, home = folder / "models.parquet", folder / "snapshots"
    found = []
    for name, step in steps(models, workers, listing, home).items():
        if wanted and name not in wanted:
            continue
        if name == "explain":
            step.append(load(within=home, by_position=True).facts.iloc[models // 2]["id"])
        found.append({"step": name} | measured(step, home))
        shown = "{step:>15} {seconds:>8.1f} s {processor:>8.1f} s of processor {memory:>6.0f} MB"
        print(shown.format(**found[-1]), flush=True)
    sizes = {path.name: path.stat().st_size for path in (listing, *home.glob(f"models/{dates('models', home)[-1]}/*"))}
    print(json.dumps({"benchmark": "hub", "models": models, "workers": workers, "results": found, "bytes": sizes}))


def steps(models: int, workers: int, listing: Path, home: Path) -> Mapping[str, Step]:
    """Return the command of every step, in their order."""
    build: Step = ["snapshot", "build", "--from", listing, "--into", home, "--workers", workers, "--as-of"]
    return {
        "generate": ["snapshot", "generate", listing, "--models", models],
        "build": [*build, NOW],
        "verify": ["snapshot", "verify"],
        "rank": ["rank", "models", "--top", 20],
        "rank, filtered": ["rank", "models", "--top", 20, "--for", "language", "--license", "permissive"],
        "explain": ["explain"],
        "build before": [*build, BEFORE],
        "diff": ["snapshot", "diff"],
    }


def measured(arguments: Step, home: Path) -> dict[str, float]:
    """Run a command and return its seconds, its seconds of processor and its MB, with all processes that it starts."""
    began = time.perf_counter()
    environment = {"WEIGHBRIDGE_SNAPSHOTS": str(home), "PATH": "/usr/bin:/bin", "HOME": str(home)}
    with subprocess.Popen([*COMMAND, *map(str, arguments)], stdout=subprocess.DEVNULL, env=environment) as running:
        watch = _Watch(running.pid)
        watch.start()
        code = running.wait()
    assert code == 0, arguments
    watch.join()
    return {"seconds": time.perf_counter() - began, "processor": sum(watch.worked.values()), "memory": watch.most}


class _Watch(threading.Thread):
    """Looks at a process and those that it started, ten times a second, until it ends."""

    def __init__(self, pid: int) -> None:
        super().__init__()
        self._process = psutil.Process(pid)
        self.most, self.worked = 0.0, dict[int, float]()

    def run(self) -> None:
        while True:
            try:
                family = [self._process, *self._process.children(recursive=True)]
                if self._process.status() == psutil.STATUS_ZOMBIE:
                    return
            except psutil.NoSuchProcess:
                return
            held = 0
            for one in family:
                try:
                    held += one.memory_info().rss
                    self.worked[one.pid] = sum(one.cpu_times()[:2])
                except psutil.NoSuchProcess:
                    continue
            self.most = max(self.most, held / 1e6)
            time.sleep(0.1)


if __name__ == "__main__":
    options = argparse.ArgumentParser(usage=__doc__.splitlines()[2].strip())
    options.add_argument("--models", type=int, default=10_000)
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--folder", type=Path)
    options.add_argument("--steps", nargs="*", default=[])
    asked = options.parse_args()
    with ExitStack() as stack:
        place = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(dir=".")))
        place.mkdir(parents=True, exist_ok=True)
        main(asked.models, asked.workers, place, asked.steps)
