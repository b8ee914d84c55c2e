"""`pool`: `multiprocessing.Pool`, its different interface turned into submit, map, shutdown and futures.

The Pool never tells of a worker that died, and starts new ones for ever where the initializer fails. Here a watcher
tells, and results travel as bytes, which arrive whatever is in them.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from multiprocessing import connection
from multiprocessing.pool import Pool
from typing import Any

from . import worker
from .interrupts import uninterrupted
from .pickling import from_bytes
from .process import NO_GUARD, TERMINATED, WHY_BROKEN, chosen, refuse_fork, refuse_in_bootstrap, sendable
from .queued import Queued, QueuedExecutor
from .remote import packed_call
from .terminate import joined, stop, unheard

# How long the Pool's own threads may take to end once its processes are gone.
GRACE_S = 0.25


class _Free:
    """A worker process that may have child processes, so that a call can open an executor of its own."""

    @property
    def daemon(self) -> bool:
        return False

    @daemon.setter
    def daemon(self, value: bool) -> None:
        """The Pool's wish, not granted: daemonic processes are refused children."""


class FreeSpawn(_Free, multiprocessing.get_context("spawn").Process):  # type: ignore[misc]
    """Started by spawn."""


FREE: dict[str, Any] = {"spawn": FreeSpawn}
if "fork" in multiprocessing.get_all_start_methods():

    class FreeFork(_Free, multiprocessing.get_context("fork").Process):  # type: ignore[misc]
        """Started by fork."""

    class FreeForkServer(_Free, multiprocessing.get_context("forkserver").Process):  # type: ignore[misc]
        """Started by a fork server."""

    FREE.update(fork=FreeFork, forkserver=FreeForkServer)


class FreePool(Pool):
    """A Pool of such processes."""

    @staticmethod
    def Process(ctx: Any, *args: Any, **kwds: Any) -> Any:  # noqa: N802  (the Pool's own name)
        """One of them."""
        return FREE[ctx.get_start_method()](*args, **kwds)


class PoolExecutor(QueuedExecutor):
    """A `multiprocessing.Pool` that is a `concurrent.futures.Executor`. Its processes start at the first call."""

    mode = "pool"

    def __init__(
        self,
        workers: int,
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
        start_method: str | None = None,
        preload: Sequence[str] = (),
    ) -> None:
        refuse_in_bootstrap()
        self.start_method = chosen(start_method)
        if self.start_method == "fork":
            refuse_fork()
        self._context = multiprocessing.get_context(self.start_method)
        if self.start_method == "forkserver":
            self._context.set_forkserver_preload([worker.__name__, *preload])
        if initializer is not None:
            sendable(initializer)
        self._initial = (initializer, initargs)
        self._pool: Any = None
        self._checked: object = None
        super().__init__(workers, ahead=1)

    def check(self, fn: object) -> None:
        """Raises TypeError if `fn` cannot be sent to another process."""
        if fn is not self._checked:
            sendable(fn)
            self._checked = fn

    def packed(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
        """The call as bytes; TypeError for what cannot be sent."""
        self.check(fn)
        return packed_call(fn, args, kwargs)

    def begin(self, call: Queued) -> None:
        """Hands a call over, after starting the processes if it is the first."""
        with self._lock:
            if self._pool is None:
                self._start()
            pool = self._pool
        pool.apply_async(
            worker.serve,
            (call.what,),
            callback=partial(self._answered, call),
            error_callback=partial(self.landed, call, None),
        )

    def _answered(self, call: Queued, body: bytes) -> None:
        self.landed(call, *from_bytes(body))

    def _start(self) -> None:
        with uninterrupted(), unheard():
            self._pool = FreePool(self.workers, worker.prepare, self._initial, context=self._context)
        # Listed before any call is handed over: the Pool replaces a dead worker at once, and then none would be missed.
        workers = list(self._pool._pool)
        watcher = threading.Thread(target=self._watch, args=(self._pool, workers), name="rates-watch", daemon=True)
        watcher.start()

    def _watch(self, pool: Any, workers: list[Any]) -> None:
        """Waits for the first of the workers to end, which none does before the pool is ended."""
        connection.wait([process.sentinel for process in workers])
        with self._lock:
            if pool is not self._pool or self._ended:
                return
        self.break_down(WHY_BROKEN if self.start_method == "fork" else f"{WHY_BROKEN}; {NO_GUARD}")

    def fresh(self) -> None:
        """The next call starts new processes."""

    def end(self) -> None:
        """Ends every worker process and reaps it."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            _end(pool)

    def close(self) -> None:
        """Ends the pool; its workers have nothing to do."""
        self.end()

    def drop(self, futures: Collection[Future[Any]], why: str) -> str:
        """Terminates all worker processes, and lets fresh ones take what comes next."""
        if not self.given_up(futures):
            return ""
        self.break_down(TERMINATED)
        with suppress(RuntimeError):
            self.reopen()
        return "; its worker process was terminated"


def _terminate(pool: Any) -> None:
    """The Pool's own end. A worker that was killed while it took a call leaves half of it, which cannot be read."""
    try:
        pool.terminate()
    except Exception:
        pool._task_handler._state = pool._result_handler._state = "TERMINATE"
        pool._taskqueue.put(None)
        with suppress(OSError, ValueError):
            pool._outqueue.put(None)


def _end(pool: Any) -> None:
    """Ends the Pool without waiting for what it runs.

    Its own `terminate` waits for a lock that a dead worker may have taken with it, so the processes are ended first,
    then the lock is opened.
    """
    pool._worker_handler._state = "TERMINATE"  # or it would replace what is ended here
    pool._change_notifier.put(None)
    pool._worker_handler.join(GRACE_S)
    stop(pool._pool)
    with suppress(ValueError):  # no thread of this process takes that one before `terminate`
        pool._inqueue._rlock.release()
    results = pool._outqueue._wlock
    if results is not None and not results.acquire(timeout=GRACE_S):
        with suppress(ValueError):
            results.release()
    elif results is not None:
        results.release()
    ender = joined(partial(_terminate, pool), GRACE_S)
    if ender.is_alive():
        # Half of a large result is being read whose worker is gone: ours is the last open end.
        pool._outqueue._writer.close()
        ender.join(GRACE_S)
    left = list(pool._pool)  # one that was started at the last moment, in place of one that had ended
    stop(left)
    for process in left:
        process.join(GRACE_S)
