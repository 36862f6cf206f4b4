"""What long work shows while it runs, on a terminal as a moving line.

A collection shows what is done and left, its calls, waits and errors; a build, how many records are read and written.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from data.http.client import Event


SHOWN_EVERY = 100  # records of a build


class Built:
    """Shows how far a build is; into a pipe it prints nothing."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
        self._tasks: dict[str, TaskID] = {}
        self.done: dict[str, int] = {}

    def __enter__(self) -> Built:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, doing: str, done: int, total: int | None) -> None:
        """Show how many records are through; each thing that is done has a line of its own."""
        self.done[doing] = done
        if done % SHOWN_EVERY and done != total:
            return
        if doing not in self._tasks:
            self._tasks[doing] = self._progress.add_task(doing, total=total)
        self._progress.update(self._tasks[doing], completed=done, total=total)


class Watch:
    """Shows the events of a collection. Into a pipe it says only what somebody must know: waits, as they begin."""

    def __init__(self, title: str, total: int | None) -> None:
        self.console = Console(stderr=True)
        self.done = self.requests = self.waits = self.errors = self.again = 0
        self._lock = threading.Lock()
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[said]}"),
            TimeElapsedColumn(),
            console=self.console,
            disable=not self.console.is_terminal,
            transient=True,
        )
        self._task = self._progress.add_task(title, total=total, said="")

    def __enter__(self) -> Watch:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def tick(self, subjects: int) -> None:
        """Count subjects that are done."""
        with self._lock:
            self.done += subjects
        self._show()

    def on_event(self, event: Event) -> None:
        """Count a call, a failure or a wait; a wait is announced."""
        with self._lock:
            match event.what:
                case "done":
                    self.requests += 1
                case "failed":
                    self.requests += 1
                    self.errors += 1
                case "again":
                    self.again += 1
                case "wait":
                    self.waits += 1
        if event.what == "wait":
            why = "for the quota of" if event.kind == "quota" else "as asked by"
            said = f"Waiting {event.seconds:.0f} s {why} {event.host} ({event.bucket})."
            self.console.print(said, markup=False, highlight=False)
        self._show()

    def _show(self) -> None:
        said = f"{self.requests:,} calls, {self.waits} waits, {self.errors} errors"
        self._progress.update(self._task, completed=self.done, said=said)

    def summary(self, kept: int) -> str:
        """Say what was done, in one line."""
        parts = [f"{self.done:,} done", f"{self.requests:,} calls", f"{kept:,} answers kept from before"]
        parts += [f"{self.waits} waits", f"{self.again} tries repeated", f"{self.errors} errors"]
        return ", ".join(parts) + "."
