"""`process`: the standard library's pool of processes, with its known traps told or taken away."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
from contextlib import suppress
from multiprocessing.reduction import ForkingPickler
from typing import Any, ParamSpec, TypeVar, cast

from . import worker
from .base import InitializerFailed, OpenExecutor
from .interrupts import release_lock, uninterrupted
from .names import named, unknown
from .pickling import CarriedFuture
from .terminate import end, unheard

P = ParamSpec("P")
R = TypeVar("R")

WHY_BROKEN = "a worker process died: out of memory, a signal, os._exit, or a crash in compiled code"
NO_GUARD = (
    'if none ever ran a call, the script that opens the executor may lack its `if __name__ == "__main__":` line, '
    "without which each worker runs that script anew"
)
KILLED = "the executor was killed before the call was finished"
TERMINATED = "its worker process was terminated together with one that was late"


class ProcessExecutor(OpenExecutor):
    """A `ProcessPoolExecutor` that can be reopened after a crash and killed.

    `start_method` says how its processes are started. All of them start at the first call.
    """

    mode = "process"

    def __init__(
        self,
        workers: int,
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
        start_method: str | None = None,
        preload: Sequence[str] = (),
    ) -> None:
        refuse_in_bootstrap()
        self.workers = workers
        self.start_method = chosen(start_method)
        self.reopened = 0
        self._context = multiprocessing.get_context(self.start_method)
        if self.start_method == "forkserver":
            self._context.set_forkserver_preload([worker.__name__, *preload])
        self._checked: object = None
        if initializer is not None:
            self.check(initializer)
        self._initial = (initializer, initargs)
        self._lock = threading.RLock()
        self._closed = False
        self._why = WHY_BROKEN if self.start_method == "fork" else f"{WHY_BROKEN}; {NO_GUARD}"
        self._refusal: BaseException | None = None
        self._started: ProcessPoolExecutor | None = None
        self._pool = self._fresh()

    def _fresh(self) -> ProcessPoolExecutor:
        if self.start_method == "fork":
            refuse_fork()
        pool: Any = ProcessPoolExecutor(
            self.workers, mp_context=self._context, initializer=worker.prepare, initargs=self._initial
        )
        # All workers at the first call, not one by one: the pool's watcher does not see a worker which was added while
        # it waited, and would not notice its death before another call ends (CPython 3.11 to 3.14).
        pool._safe_to_dynamically_spawn_children = False
        return cast(ProcessPoolExecutor, pool)

    @property
    def broken(self) -> bool:
        """Whether calls are refused because a worker died."""
        return bool(self._pool._broken)

    def check(self, fn: object) -> None:
        """Raises TypeError if `fn` cannot be sent to another process."""
        if fn is not self._checked:
            sendable(fn)
            self._checked = fn

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """The future of `fn(*args, **kwargs)` in a worker process.

        Raises TypeError for a callable that cannot be pickled, RuntimeError after shutdown, BrokenProcessPool when
        a worker has died and nobody has called `reopen`, InitializerFailed when an initializer failed.
        """
        if fn is not self._checked:
            self.check(fn)
        if self._refusal is not None:
            raise InitializerFailed(str(self._refusal))
        pool = self._pool
        try:
            if pool is self._started:
                future = pool.submit(worker.call, fn, args, kwargs)
            else:
                future = self._first(pool, fn, args, kwargs)
        except BrokenProcessPool as error:
            raise BrokenProcessPool(self._why) from error
        future.__class__ = CarriedFuture
        try:
            future.add_done_callback(self._explain)
        except KeyboardInterrupt:
            release_lock(future)
            raise
        return future

    def _first(self, pool: ProcessPoolExecutor, fn: Any, args: Any, kwargs: Any) -> Future[Any]:
        """The call with which the processes start."""
        self.refuse_forked()
        with uninterrupted(), unheard():
            future = pool.submit(worker.call, fn, args, kwargs)
            self._started = pool
        return future

    def _explain(self, future: Future[R]) -> None:
        # The pool gives one error object to all its futures; its own text says only that a process ended abruptly.
        error = future._exception  # looked at for every call, so without the lock
        if error is None:
            return
        if isinstance(error, InitializerFailed):
            self._refusal = error
        elif isinstance(error, BrokenProcessPool) and self.broken:
            error.args = (self._why,)

    def reopen(self) -> None:
        """Fresh workers with the same settings in place of a broken pool, whose futures are then all finished.

        Does nothing if no worker has died. Raises RuntimeError after shutdown.
        """
        with self._lock:
            if self._closed:
                raise RuntimeError("cannot reopen an executor that was shut down: open another one")
            if not self.broken:
                return
            end(self._pool)
            self._pool = self._fresh()
            self.reopened += 1

    def drop(self, futures: Collection[Future[Any]], why: str) -> str:
        """Terminates all worker processes if one of the futures runs, and lets fresh ones take what comes next."""
        with self._lock:
            if self._closed or not any(future.running() for future in futures):
                return ""
            before, self._why = self._why, TERMINATED
            end(self._pool)
            self._why = before
            with suppress(ValueError):  # no fork beside threads: the executor stays broken, and says so
                self._pool = self._fresh()
            self.reopened += 1
        return "; its worker process was terminated"

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As the standard library's."""
        self._closed = True
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def kill(self) -> None:
        """Ends every worker process, whatever it runs, and reaps it; what has not begun is cancelled."""
        self._closed, self._why = True, KILLED
        with self._lock:
            end(self._pool)


def sendable(fn: object) -> None:
    """Raises TypeError if a callable cannot be sent to another process."""
    try:
        ForkingPickler.dumps(fn)
    except Exception as error:
        raise TypeError(
            f"{named(fn)} cannot be sent to a worker ({error}): give a function from the top level of a module, "
            "with functools.partial for its settings, or choose the mode thread"
        ) from error


def refuse_fork() -> None:
    """Raises ValueError where a fork would be a trap."""
    if threading.active_count() > 1:
        raise ValueError(
            f"start method fork refused: {threading.active_count()} threads are alive, and a lock that one of them "
            "holds would stay locked in the workers; choose forkserver or spawn, or open it before any thread"
        )


def chosen(start_method: str | None) -> str:
    """The start method asked for, else forkserver where there is one, else spawn.

    A fork server starts in 0.1 s where spawn takes 0.2 s, and forks no parent that has threads or has fetched.
    """
    known = multiprocessing.get_all_start_methods()
    if start_method is None:
        return "forkserver" if "forkserver" in known else "spawn"
    if start_method not in known:
        raise unknown("start method", start_method, known)
    return start_method


def refuse_in_bootstrap() -> None:
    """Raises RuntimeError in a worker that is still importing the script that opened it."""
    # The attribute is multiprocessing's own mark of a child that is still importing its parent's main module.
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise RuntimeError(
            "this script opens workers each time it is imported, and a worker imports it: put what it does "
            'under `if __name__ == "__main__":`'
        )
