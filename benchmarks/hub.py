"""The whole Hub, made up: time, memory and bytes of every step from the listing to a model's receipt.

    python -m benchmarks.hub [MODELS] [WORKERS]

Every step is a process of its own, as a user starts it. Memory is the most that all its processes together took;
processor is the time that they worked, which a busy machine changes least.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from data.models.snapshot import load

COMMAND = [sys.executable, "cli.py"]


def main(models: int = 10_000, workers: int = 1) -> None:
    """Print a line a step, and all of it as JSON."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        listing, home = Path(folder) / "models.parquet", Path(folder) / "snapshots"
        build = ["snapshot", "build", "--from", listing, "--into", home, "--workers", workers]
        steps = {
            "generate": ["snapshot", "generate", listing, "--models", models],
            f"build, {workers} worker{'s' * (workers > 1)}": build,
            "verify": ["snapshot", "verify"],
            "rank models --top 20": ["rank", "models", "--top", 20],
            "rank, filtered": ["rank", "models", "--top", 20, "--for", "language", "--license", "permissive"],
            "explain": ["explain"],
        }
        found = []
        for name, step in steps.items():
            if name == "explain":
                step.append(load(within=home).facts["id"].iloc[models // 2])
            found.append({"step": name} | measured(step, home))
            shown = "{step:>22} {seconds:>8.1f} s {processor:>8.1f} s of processor {memory:>6.0f} MB"
            print(shown.format(**found[-1]), flush=True)
        sizes = {path.name: path.stat().st_size for path in (listing, *home.glob("models/*/*"))}
        print(json.dumps({"benchmark": "hub", "models": models, "workers": workers, "results": found, "bytes": sizes}))


def measured(arguments: list[object], home: Path) -> dict[str, float]:
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
    main(*map(int, sys.argv[1:]))
