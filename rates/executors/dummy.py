"""`dummy`: `multiprocessing.dummy.Pool`, a Pool of threads, its different interface turned into an executor's."""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import Future
from contextlib import suppress
from multiprocessing.dummy import Pool
from typing import Any

from .base import InitializerFailed
from .call import Queued
from .interrupts import uninterrupted
from .queued import QueuedExecutor
from .worker import why_failed


class DummyExecutor(QueuedExecutor):
    """A `multiprocessing.dummy.Pool` that is a `concurrent.futures.Executor`. Its threads start at the first call."""

    mode = "dummy"
    shares_memory = True
    follows_itself = True

    def __init__(
        self, workers: int, initializer: Callable[..., object] | None = None, initargs: tuple[Any, ...] = ()
    ) -> None:
        self._initial = (initializer, initargs)
        self._pool: Any = None
        self._failed = ""
        super().__init__(workers)

    def begin(self, call: Queued) -> None:
        """Hands a call over, to a thread of its own where it is one more than the Pool has."""
        with self._lock:
            if self._pool is None:
                with uninterrupted():
                    self._pool = Pool(self.workers, self._initialize)
            spare = len(self._running) > self.workers
            pool = self._pool
        if spare:
            with uninterrupted():
                lent = Pool(1)
            lent.apply_async(self._run, (call,))
            lent.close()
            return
        pool.apply_async(self._run, (call,))

    def _run(self, call: Queued) -> None:
        """Runs a call and then those that wait: by way of the Pool's own threads each would wait for three wakings."""
        ready = [call]
        while ready:
            call = ready.pop()
            self._begin(ready)
            if self._failed:
                call.fail(InitializerFailed(self._failed))
            else:
                call.run(None)
            # Only now, with the future's callbacks done: one of them may wait for what this thread would take.
            with self._lock:
                ready = self._next() if not call.gone else []

    def _initialize(self) -> None:
        """The initializer in each thread; the Pool would start threads for ever where it fails."""
        initializer, arguments = self._initial
        if initializer is not None:
            try:
                initializer(*arguments)
            except Exception as error:
                self._failed = why_failed(initializer, error)

    def drop(self, futures: Collection[Future[Any]], why: str) -> str:
        """Leaves the threads that run the futures, with the Pool that they are of; a new one takes what comes next."""
        with self._lock:
            pool, self._pool = self._pool, None
        gone = self.given_up(futures)
        if not gone:
            with self._lock:
                self._pool = self._pool or pool
            return ""
        pool.close()  # its other calls end, and their threads with them
        told = ""
        for call in gone:
            if call.where is not None:
                told = told or f"; its thread {call.where.name} cannot be ended and is left"
                call.where.name = f"{call.where.name} (left: {why})"
        return told

    def close(self) -> None:
        """Ends the Pool's threads, which have nothing to do."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.terminate()
            with suppress(RuntimeError):  # from one of its own threads
                pool.join()

    def end(self) -> None:
        """Leaves the Pool's threads alone; those that run nothing end."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()
