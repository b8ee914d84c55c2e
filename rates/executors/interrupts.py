"""How a Ctrl-C, or another signal to end, is kept from striking where it would do harm."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

# Those of them that this system has; SIGINT is the last to be heard again.
ENDS = [getattr(signal, name) for name in ("SIGHUP", "SIGTERM", "SIGINT") if hasattr(signal, name)]


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Delays each signal to end that the program handles until the block ends.

    For the start of workers and the making of folders. A Ctrl-C that comes inside `Thread.start` turns into
    "RuntimeError: release unlocked lock" (CPython 3.11); a signal that comes between the start of a process, or the
    making of a folder, and the noting of its name leaves that behind.
    """
    if threading.current_thread() is not threading.main_thread():  # no other is ever interrupted
        yield
        return
    own, held = os.getpid(), list[tuple[int, FrameType | None]]()
    before: dict[int, Callable[..., Any]] = {}

    def hold(number: int, frame: FrameType | None) -> None:
        if os.getpid() == own:
            held.append((number, frame))
        else:  # a child that was forked in the block
            before[number](number, frame)

    for number in ENDS:
        if callable(handler := signal.getsignal(number)):
            before[number] = handler
            signal.signal(number, hold)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if held:
            before[held[0][0]](*held[0])
