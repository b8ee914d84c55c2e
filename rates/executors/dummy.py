"""`dummy`: `multiprocessing.dummy.Pool`, a Pool of threads, its different interface turned into an executor's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from multiprocessing.dummy import Pool
from typing import Any

from . import _private
from .base import InitializerFailed
from .calls import Call
from .interrupts import uninterrupted
from .queued import Backend, QueuedExecutor
from .worker import why_broken


class _Threads(Backend):
    def __init__(self, executor: QueuedExecutor) -> None:
        self.failures: list[str] = []
        try:
            with uninterrupted():
                self.pool: Any = Pool(executor.workers + executor.lent, _initialize, (self.failures, *executor.initial))
        except AttributeError as error:  # a Pool whose start fails ends its threads as if they were processes
            raise RuntimeError("can't start new thread") from error.__context__

    def begin(self, call: Call) -> None:
        self.pool.apply_async(_run, (call, self))

    def resize(self, workers: int) -> None:
        _private.grow_pool(self.pool, workers)

    def close(self) -> None:
        self.pool.close()
        self.pool.join()

    def end(self) -> None:
        self.pool.close()

    def disown(self) -> None:
        _private.disown(self.pool)


class DummyExecutor(QueuedExecutor):
    """A `multiprocessing.dummy.Pool` that is a `concurrent.futures.Executor`. Its threads start at the first call."""

    mode, backend = "dummy", _Threads
    shares_memory = True

    def leave(self, calls: list[Call], why: str) -> str:
        """Leaves the Pool whose threads run the calls; another one takes what comes next."""
        self.replace()
        threads = [call.where for call in calls if call.where is not None]
        what_became = f"; its thread {threads[0].name} cannot be ended and is left" if threads else ""
        for thread in threads:
            thread.name = f"{thread.name} (left: {why})"
        return what_became


def _run(call: Call, threads: _Threads) -> None:
    if threads.failures:
        call.break_down(InitializerFailed(threads.failures[0]), threads)
    else:
        call.where = threading.current_thread()
        call.run()


def _initialize(failures: list[str], initializer: Callable[..., object] | None, initargs: tuple[Any, ...]) -> None:
    """Runs the initializer in each thread; the Pool would start threads for ever where it fails."""
    if why := why_broken(initializer, initargs):
        failures.append(why)
