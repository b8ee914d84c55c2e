"""What runs inside the workers. Each of them imports this module, so it imports next to nothing."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

Clock = Callable[[], float]
# Begin, end, process, thread, and the result of the call.
Timed = tuple[float, float, int, int, Any]

# A worker that answered is held this long, so that the next call goes to another one.
HOLD_S = 0.001


def timed(fn: Callable[[T], R], clock: Clock, item: T) -> Timed:
    """The call with its times; its result or exception travels back as without them."""
    began = clock()
    value = fn(item)
    return began, clock(), os.getpid(), threading.get_ident(), value


async def timed_coroutine(fn: Callable[[T], Any], clock: Clock, item: T) -> Timed:
    """The same for a coroutine function."""
    began = clock()
    value = await fn(item)
    return began, clock(), os.getpid(), threading.get_ident(), value


def worker_id() -> tuple[int, int]:
    """The process and the thread of this worker."""
    time.sleep(HOLD_S)
    return os.getpid(), threading.get_ident()
