"""Ctrl-C for long work, also where the process was started with it ignored."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGINT raise KeyboardInterrupt within the block, or within the function that this decorates.

    A shell without job control, some CI runners among them, starts what runs in the background with SIGINT ignored, and
    Python then leaves it so. The handler from before is put back at the end. For the main thread only.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
