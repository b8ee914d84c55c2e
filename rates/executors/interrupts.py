"""How a Ctrl-C is kept from striking where it would do harm."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Holds a Ctrl-C back until the block ends.

    For the start of workers. One that comes inside `Thread.start` turns into "RuntimeError: release unlocked lock"
    (CPython 3.11); one that comes between the start of a process and the noting of its name leaves a process that is
    never ended, and for which multiprocessing waits at exit.
    """
    before = signal.getsignal(signal.SIGINT)
    # Only the main thread is ever interrupted, and may say by what; a handler from outside Python shows as None.
    if threading.current_thread() is not threading.main_thread() or before is None:
        yield
        return
    held: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda number, frame: held.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if held and callable(before):
            before(*held[-1])
