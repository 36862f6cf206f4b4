"""What long work shows while it runs, as a moving line on a terminal.

A collection shows what is done and left, its calls, waits and errors; a build, how many records are read and written;
snapshots that are fetched, how many of their bytes are there.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TaskID, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from data.http.client import Event

SHOWN_EVERY = 100  # records of a build


class StageProgress(Progress):
    """Shows how far each stage of a work is, on a line of its own; nothing when standard error is no terminal."""

    def __init__(self, counted: ProgressColumn) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), counted, TimeElapsedColumn())
        super().__init__(*columns, console=console, disable=not console.is_terminal, transient=True)
        self._lines: dict[str, TaskID] = {}

    def show(self, stage: str, done: int, total: int | None) -> None:
        """Show how far a stage is."""
        if stage not in self._lines:
            self._lines[stage] = self.add_task(stage, total=total)
        self.update(self._lines[stage], completed=done, total=total)


class BuildProgress(StageProgress):
    """Shows how far a build is. `done` counts the records of each stage."""

    def __init__(self) -> None:
        super().__init__(MofNCompleteColumn())
        self.done: dict[str, int] = {}

    def show(self, stage: str, done: int, total: int | None) -> None:
        """Show how many records are through a stage."""
        self.done[stage] = done
        if done % SHOWN_EVERY == 0 or done == total:
            super().show(stage, done, total)


class CollectionProgress(Progress):
    """Counts the events of a collection. Where standard error is no terminal it only announces waits, as they begin."""

    def __init__(self, title: str, total: int | None) -> None:
        console = Console(stderr=True)
        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[counts]}"), TimeElapsedColumn())
        super().__init__(
            TextColumn("{task.description}"), *columns, console=console, disable=not console.is_terminal, transient=True
        )
        self.done = self.requests = self.waits = self.errors = self.retries = 0
        self._counting = threading.Lock()
        self._line = self.add_task(title, total=total, counts="")

    def tick(self, subjects: int) -> None:
        """Count subjects that are done."""
        with self._counting:
            self.done += subjects
        self._show()

    def on_event(self, event: Event) -> None:
        """Count a call, a failure, a retry or a wait; a wait is announced."""
        with self._counting:
            match event.what:
                case "done":
                    self.requests += 1
                case "failed":
                    self.requests += 1
                    self.errors += 1
                case "again":
                    self.retries += 1
                case "wait":
                    self.waits += 1
        if event.what == "wait":
            why = "for the quota of" if event.kind == "quota" else "as asked by"
            sentence = f"Waiting {event.seconds:.0f} s {why} {event.host} ({event.bucket})."
            self.console.print(sentence, markup=False, highlight=False)
        self._show()

    def summary(self, kept: int) -> str:
        """Return what was done in one line; `kept` is the number of replies that were there before."""
        calls, waits, retries = _count(self.requests, "call"), _count(self.waits, "wait"), _count(self.retries, "retry")
        replies, errors = _count(kept, "reply"), _count(self.errors, "error")
        return f"{self.done:,} done, {calls}, {replies} kept from before, {waits}, {retries}, {errors}."

    def _show(self) -> None:
        counts = ", ".join((_count(self.requests, "call"), _count(self.waits, "wait"), _count(self.errors, "error")))
        self.update(self._line, completed=self.done, counts=counts)


def _count(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"
