"""`dummy`: `multiprocessing.dummy.Pool`, a Pool of threads, its different interface turned into an executor's."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from concurrent.futures import Future
from contextlib import suppress
from multiprocessing.dummy import Pool
from typing import Any

from .base import InitializerFailed
from .interrupts import uninterrupted
from .queued import Queued, QueuedExecutor
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
        self._handed: deque[Queued] = deque()
        super().__init__(workers)

    def begin(self, call: Queued) -> None:
        """Hands a call over to whichever thread is free first, a new one where it is one more than the Pool has."""
        with self._lock:
            if self._pool is None:
                with uninterrupted():
                    self._pool = Pool(self.workers, self._initialize)
            if len(self._running) <= self.workers:
                self._handed.append(call)
                self._pool.apply_async(self._run)  # under the lock: `drop` closes the Pool
                return
        with uninterrupted():
            lent = Pool(1)
        self._handed.append(call)
        lent.apply_async(self._run)
        lent.close()

    def _run(self) -> None:
        """Runs what there is to run: by way of the Pool's own threads each call would wait for three wakings."""
        while (call := self._taken()) is not None:
            if self._failed:
                call.fail(InitializerFailed(self._failed))
            else:
                call.run(None)
            if call.gone:
                return

    def _taken(self) -> Queued | None:
        """The oldest call that nobody runs, if any; asked for only when the last one's callbacks are done.

        One of them may wait for this very call, and those handed over earlier come first: the call may wait for them.
        """
        with self._lock:
            while self._handed:
                call = self._handed.popleft()
                if not call.gone:
                    return call
            ready = self._next()
            self._begin(ready[1:])
        return ready[0] if ready else None

    def _initialize(self) -> None:
        """The initializer in each thread; the Pool would start threads for ever where it fails."""
        initializer, arguments = self._initial
        if initializer is not None:
            try:
                initializer(*arguments)
            except BaseException as error:
                self._failed = why_failed(initializer, error)

    def drop(self, futures: Collection[Future[Any]], why: str) -> str:
        """Leaves the threads that run the futures, with the Pool that they are of; a new one takes what comes next."""
        with self._lock:
            if not any(call.future in futures for call in self._running):
                return ""
            pool, self._pool = self._pool, None
            gone = self.given_up(futures)
            if pool is not None:
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
