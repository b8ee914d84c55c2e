"""`process`: the standard library's pool of processes, with its known traps told or taken away."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
from multiprocessing.reduction import ForkingPickler
from typing import Any, ParamSpec, TypeVar, cast

from . import worker
from .base import OpenExecutor
from .ending import end, unheard
from .interrupts import let_go, uninterrupted
from .names import unknown

P = ParamSpec("P")
R = TypeVar("R")

WHY_BROKEN = (
    "a worker process died: out of memory, a signal, os._exit, a crash in compiled code, or an initializer that failed"
)
NO_GUARD = (
    'if none ever ran a call, the script that opens the executor may lack its `if __name__ == "__main__":` line, '
    "without which each worker runs that script anew"
)


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
        _refuse_in_bootstrap()
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
        self._lock = threading.Lock()
        self._closed = self._killed = False
        self._started: ProcessPoolExecutor | None = None
        self._pool = self._fresh()

    def _fresh(self) -> ProcessPoolExecutor:
        if self.start_method == "fork" and threading.active_count() > 1:
            raise ValueError(
                f"start method fork refused: {threading.active_count()} threads are alive, and a lock that one of them "
                "holds would stay locked in the workers; choose forkserver or spawn, or open it before any thread"
            )
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
        if fn is self._checked:
            return
        try:
            ForkingPickler.dumps(fn)
        except Exception as error:
            name = getattr(fn, "__qualname__", repr(fn))
            raise TypeError(
                f"{name} cannot be sent to a worker process ({error}): give a function from the top level of a module, "
                "with functools.partial for its settings, or choose the mode thread"
            ) from error
        self._checked = fn

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """The future of `fn(*args, **kwargs)` in a worker process.

        Raises TypeError for a callable that cannot be pickled, RuntimeError after shutdown, and BrokenProcessPool when
        a worker has died and nobody has called `reopen`.
        """
        if fn is not self._checked:
            self.check(fn)
        pool = self._pool
        try:
            if pool is self._started:
                future = pool.submit(worker.call, fn, args, kwargs)
            else:
                with uninterrupted(), unheard():
                    future = pool.submit(worker.call, fn, args, kwargs)
                    self._started = pool
        except BrokenProcessPool as error:
            raise BrokenProcessPool(self._why_broken()) from error
        try:
            future.add_done_callback(self._explain)
        except KeyboardInterrupt:
            let_go(future)
            raise
        return future

    def _why_broken(self) -> str:
        if self._killed:
            return "the executor was killed before the call was finished"
        return WHY_BROKEN if self.start_method == "fork" else f"{WHY_BROKEN}; {NO_GUARD}"

    def _explain(self, future: Future[R]) -> None:
        # The pool gives one error object to all its futures; its own text says only that a process ended abruptly.
        if self.broken and not future.cancelled() and isinstance(error := future.exception(), BrokenProcessPool):
            error.args = (self._why_broken(),)

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

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As the standard library's."""
        self._closed = True
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def kill(self) -> None:
        """Ends every worker process, whatever it runs, and reaps it; what has not begun is cancelled."""
        self._closed = self._killed = True
        with self._lock:
            end(self._pool)


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


def _refuse_in_bootstrap() -> None:
    # The attribute is multiprocessing's own mark of a child that is still importing its parent's main module.
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise RuntimeError(
            "this script opens worker processes each time it is imported, and a worker imports it: put what it does "
            'under `if __name__ == "__main__":`'
        )
