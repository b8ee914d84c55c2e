"""What a comparison runs inside the workers. Each of them imports this, so it imports next to nothing."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

Clock = Callable[[], float]
# Begin, end, process, thread, and what the call gave.
Timed = tuple[float, float, int, int, Any]

# A worker that has answered is held this long, so that the next call goes to one that has not.
HOLD_S = 0.001


def timed(fn: Callable[[T], R], clock: Clock, item: T) -> Timed:
    """The call with its times; what it gives or raises travels as it would without us."""
    began = clock()
    value = fn(item)
    return began, clock(), os.getpid(), threading.get_ident(), value


async def timed_coroutine(fn: Callable[[T], Any], clock: Clock, item: T) -> Timed:
    """The same of a coroutine function."""
    began = clock()
    value = await fn(item)
    return began, clock(), os.getpid(), threading.get_ident(), value


def received(*things: object) -> None:
    """Nothing, of what has come as far as a worker."""


def who() -> tuple[int, int]:
    """Which worker this is."""
    time.sleep(HOLD_S)
    return os.getpid(), threading.get_ident()
