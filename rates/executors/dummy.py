"""`dummy`: `multiprocessing.dummy.Pool`, a Pool of threads, its different interface turned into an executor's."""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import Future
from multiprocessing.dummy import Pool
from typing import Any

from . import _private
from .base import InitializerFailed
from .interrupts import uninterrupted
from .queued import QueuedCall, QueuedExecutor
from .worker import why_failed


class DummyExecutor(QueuedExecutor):
    """A `multiprocessing.dummy.Pool` that is a `concurrent.futures.Executor`. Its threads start at the first call."""

    mode = "dummy"
    shares_memory = True

    def __init__(
        self, workers: int, initializer: Callable[..., object] | None = None, initargs: tuple[Any, ...] = ()
    ) -> None:
        self.initial = (initializer, initargs)
        super().__init__(workers)

    def open_backend(self) -> _Threads:
        """A Pool of threads."""
        return _Threads(self.workers + self.lent, *self.initial)

    def resize(self, workers: int) -> None:
        """One thread more for each call that waits for another."""
        if isinstance(self._backend, _Threads):
            _private.grow_pool(self._backend.pool, workers)

    def drop(self, futures: Collection[Future[Any]], why: str) -> str:
        """Leaves the threads that run the futures, with the Pool that they are of; a new one takes what comes next."""

        def leave(gone: list[QueuedCall]) -> str:
            self.replace()
            threads = [call.where for call in gone if call.where is not None]
            what_became = f"; its thread {threads[0].name} cannot be ended and is left" if threads else ""
            for thread in threads:
                thread.name = f"{thread.name} (left: {why})"
            return what_became

        return self.give_up(futures, why, leave)


class _Threads:
    def __init__(self, workers: int, initializer: Callable[..., object] | None, initargs: tuple[Any, ...]) -> None:
        self.why_broken: list[str] = []
        with uninterrupted():
            self.pool: Any = Pool(workers, _initialize, (self.why_broken, initializer, initargs))

    def begin(self, call: QueuedCall) -> None:
        """Hands the call to the Pool."""
        self.pool.apply_async(_run, (call, self.why_broken))

    def close(self) -> None:
        """Ends the Pool's threads."""
        self.pool.close()
        self.pool.join()

    def end(self) -> None:
        """Leaves the Pool's threads alone; those that run nothing end."""
        self.pool.close()

    def disown(self) -> None:
        """In a forked child: there are no threads."""
        _private.disown_pool(self.pool)


def _run(call: QueuedCall, why_broken: list[str]) -> None:
    if why_broken:
        call.fail(InitializerFailed(why_broken[0]))
    else:
        call.run()


def _initialize(why_broken: list[str], initializer: Callable[..., object] | None, initargs: tuple[Any, ...]) -> None:
    """The initializer in each thread; the Pool would start threads for ever where it fails."""
    if initializer is not None:
        try:
            initializer(*initargs)
        except BaseException as error:
            why_broken.append(why_failed(initializer, error))
