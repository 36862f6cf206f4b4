"""A function over parts of a work: a plain loop, processes of this machine, or a cluster that Dask schedules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, Final, TypeVar

Done = TypeVar("Done")
WAIT: Final = "10s"  # for a scheduler that does not answer


class NoWorkers(ValueError):
    """Nobody is there to do the work; the message is one sentence."""


def run(function: Callable[..., Done], work: Sequence[tuple[Any, ...]], workers: int, scheduler: str) -> Iterator[Done]:
    """Call a function with each of these arguments and yield what it returns, in whatever order it is done.

    With one worker and no scheduler in this process; else what a worker that dies had in hand is done by another. An
    exception of the function ends all. Raises NoWorkers.
    """
    if not work or (workers == 1 and not scheduler):
        yield from (function(*arguments) for arguments in work)
        return
    try:
        from distributed import Client, KilledWorker, LocalCluster, as_completed
    except ImportError:
        raise NoWorkers(
            "More than one worker needs the package distributed; install weighbridge[cluster], or use --workers 1."
        ) from None
    with ExitStack() as stack:
        try:
            where: Any = scheduler or stack.enter_context(
                LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=50)
            )
            client = stack.enter_context(Client(where, timeout=WAIT))
        except (OSError, TimeoutError):
            raise NoWorkers(f"No scheduler answers at {scheduler}; start one with `dask scheduler`.") from None
        except ValueError:
            raise NoWorkers(f"{scheduler} is no address of a scheduler; one is tcp://HOST:8786.") from None
        shared = [client.submit(function, *arguments, pure=False) for arguments in work]
        try:
            for future in as_completed(shared):
                yield future.result()
        except KilledWorker as killed:
            raise NoWorkers(f"The workers that were given a part died of it, one after the other ({killed}).") from None
        finally:
            client.cancel(shared)
