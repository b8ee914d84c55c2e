"""How a Ctrl-C is kept from striking where it would do harm, and a future's state is looked at without waste."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from types import FrameType
from typing import Any


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Holds a Ctrl-C back until the block ends.

    For the start of workers. One that comes inside `Thread.start` turns into "RuntimeError: release unlocked lock"
    (CPython 3.11); one that comes between the start of a process and the noting of its name leaves a process that
    nobody ends, and for which multiprocessing waits at exit.
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


def release_lock(future: Future[Any]) -> None:
    """Opens the future's lock if this thread still holds it, which outside the future's own code is never meant.

    A Ctrl-C can strike between the taking of the lock and the noting that it is taken (CPython 3.11: 3 of 320 sent as
    the first call began): the worker waits for it for ever, and so does the interpreter, for the worker, at exit.
    """
    condition: Any = getattr(future, "_condition", None)
    while condition is not None and condition._is_owned():
        condition.release()


def begins(future: Future[Any]) -> bool:
    """Marks a future as running, unless it was cancelled.

    As its `set_running_or_notify_cancel` does, in a third of the time: a twentieth of a call that does nothing.
    """
    inner: Any = future
    with inner._condition:
        if inner._state == "PENDING":
            inner._state = "RUNNING"
            return True
    return future.set_running_or_notify_cancel()
