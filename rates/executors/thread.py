"""`thread`: the standard library's pool of threads, for calls that mostly wait."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .base import OpenExecutor
from .interrupts import uninterrupted


class ThreadExecutor(OpenExecutor, ThreadPoolExecutor):
    """A `ThreadPoolExecutor` whose threads are named `rates_0`, `rates_1` and so on."""

    mode = "thread"

    def __init__(
        self, workers: int, initializer: Callable[..., object] | None = None, initargs: tuple[Any, ...] = ()
    ) -> None:
        super().__init__(workers, thread_name_prefix="rates", initializer=initializer, initargs=initargs)
        self.workers = workers

    def _adjust_thread_count(self) -> None:
        # The standard library asks its semaphore for an idle thread before it counts whether it may start one more:
        # a microsecond a call, of 15, for nothing once all are there.
        if len(self._threads) < self.workers:
            with uninterrupted():
                super()._adjust_thread_count()

    def kill(self) -> None:
        """Cancels what has not begun and waits for nothing.

        A thread cannot be ended from outside: what runs goes on until it returns, and the interpreter joins it before
        it exits. Who wants to be gone sooner makes the calls return, as by closing what they wait for.
        """
        self.shutdown(wait=False, cancel_futures=True)
