"""Speed of the organisation ranking: `python -m benchmarks.influence` from the project's folder.

Whole processes, beside `import pandas` in the same run and in turns, so that a busy machine slows all alike; then the
work itself, from repository rows to all five tables of one month.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

ROUNDS = 9
COMMAND = [sys.executable, "-m", "weighbridge", "rank", "organisations", "--format", "csv"]
PROCESSES = {
    "import pandas": [sys.executable, "-c", "import pandas"],
    "published, whole process": [*COMMAND, "--method", "published"],
    "documented, whole process": [*COMMAND, "--method", "documented"],
    "published, all months, whole process": [*COMMAND, "--method", "published", "--months"],
}
LIMITS = {"published, whole process": 2.0, "documented, whole process": 5.0}


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def whole_processes() -> None:
    times: dict[str, list[float]] = {name: [] for name in PROCESSES}
    for _ in range(ROUNDS):
        for name, command in PROCESSES.items():
            times[name].append(seconds(partial(subprocess.run, command, check=True, capture_output=True)))
    yard = statistics.median(times["import pandas"])
    print(f"{'median of ' + str(ROUNDS):<40} {'s':>7} {'x import pandas':>16} {'limit':>6}")
    for name, each in times.items():
        median = statistics.median(each)
        limit = f"{LIMITS[name]:.0f}" if name in LIMITS else ""
        print(f"{name:<40} {median:7.3f} {median / yard:16.2f} {limit:>6}")


def one_month() -> None:
    from data.archive import BUNDLED
    from data.organisations.month import load, months
    from data.organisations.rollup import rollup
    from scoring.methods import METHODS, Method
    from scoring.output.export import TABLES, table_of
    from scoring.scorecards import influence

    month = load()
    for method in (METHODS["published"], METHODS["documented"]):

        def tables(method: Method = method) -> object:
            scored = influence(rollup(month, method.reading).facts, method)
            return [table_of(scored, name) for name in TABLES]

        tables()  # imports what is imported once
        median = statistics.median(seconds(tables) for _ in range(ROUNDS))
        print(f"{month.repositories.num_rows:,} rows to five tables, {method.id}: {1000 * median:.1f} ms")
    home = [p for p in BUNDLED.glob("organisations/*/*") if p.is_file()]
    print(f"{len(months())} months on disk: {sum(p.stat().st_size for p in home) / 1e6:.2f} MB")


def main() -> None:
    whole_processes()
    one_month()


if __name__ == "__main__":
    main()
