"""`process` and `pool`: the standard library's two pools of processes; and the base of all modes that send bytes.

`multiprocessing.Pool` has another interface, which is turned into that of an executor here. It does not report a worker
that died: a thread watches for that.
"""

from __future__ import annotations

import multiprocessing
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import connection
from typing import Any

from . import _private, worker
from .base import InitializerFailed, Terminated
from .calls import Call
from .interrupts import uninterrupted
from .names import named, unknown
from .pickling import from_bytes, is_of_main, main_is_importable, packed_call, sendable
from .queued import Backend, QueuedExecutor

WHY_BROKEN = "a worker process died: out of memory, a signal, os._exit, or a crash in compiled code"
NO_GUARD = (
    'if none ever ran a call, the script that opens the executor may lack its `if __name__ == "__main__":` line, '
    "without which each worker runs that script anew"
)


class SendingExecutor(QueuedExecutor):
    """Sends its calls as bytes, and gets bytes back: so nothing that is in them can break the pool on its way.

    imports_main: whether the workers import the main module, so that one which cannot be imported is refused.
    """

    imports_main = True

    def __init__(
        self, workers: int, initializer: Callable[..., object] | None = None, initargs: tuple[Any, ...] = ()
    ) -> None:
        refuse_in_bootstrap()
        if initializer is not None:
            self.check(initializer)
        super().__init__(workers, initializer, initargs)

    def check(self, fn: object) -> None:
        """Raises TypeError if `fn` cannot be sent to a worker."""
        self._refuse_lost_main(fn)
        sendable(fn)

    def packed(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
        """The call as bytes; TypeError for what cannot be sent."""
        self._refuse_lost_main(fn)
        return packed_call(fn, args, kwargs)

    def _refuse_lost_main(self, fn: object) -> None:
        if self.imports_main and is_of_main(fn) and not main_is_importable():
            raise TypeError(
                f"{named(fn)} cannot be sent to a worker: it is defined in a main module that a worker cannot import, "
                "as with python -c, standard input or a notebook; put it into another module, or choose the mode thread"
            )

    def answered(self, call: Call, backend: Backend, body: bytes | str) -> None:
        """What `worker.serve` gave."""
        if isinstance(body, str):
            self.break_down(InitializerFailed(body), backend)
        else:
            self.landed(call, *from_bytes(body))

    def leave(self, calls: list[Call], why: str) -> str:
        """Ends all worker processes; the calls that still ran there fail with Terminated."""
        with self._lock:
            others = list(self._running)
            self._release(others)
            backend = self._take_backend()
        if backend is not None:
            backend.end()
        self.reopened += 1
        for call in others:
            call.finish(None, Terminated("its worker process was terminated together with one that was late"))
        return "; its worker process was terminated"


class ProcessesExecutor(SendingExecutor):
    """A pool of processes that can be reopened after a crash and killed. All of them start at the first call.

    start_method: how they are started. preload: modules that the fork server imports once for all of them.
    """

    # With one call alone, each would wait for the pool's own thread.
    ready = 1

    def __init__(
        self,
        workers: int,
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
        start_method: str | None = None,
        preload: Sequence[str] = (),
    ) -> None:
        self.start_method = chosen(start_method)
        self.imports_main = self.start_method != "fork"
        self.context: Any = multiprocessing.get_context(self.start_method)
        self._preload = (f"{__package__}.preload", *preload)
        super().__init__(workers, initializer, initargs)
        self._refuse_fork()

    @contextmanager
    def starting(self) -> Iterator[None]:
        """For the block in which processes start."""
        preloaded = _private.preloaded(self.context, self._preload)
        with uninterrupted(), _private.deaf_to_interrupts(), _private.without_lost_main(), preloaded:
            yield

    def crashed(self, backend: Backend) -> None:
        """One of the backend's processes has died."""
        why = WHY_BROKEN if self.start_method == "fork" else f"{WHY_BROKEN}; {NO_GUARD}"
        self.break_down(BrokenProcessPool(why), backend)

    def replace(self) -> None:
        """Ends the broken processes; raises ValueError where new ones cannot be forked."""
        super().replace()
        self._refuse_fork()

    def _refuse_fork(self) -> None:
        if self.start_method == "fork" and (alive := threading.active_count()) > 1:
            raise ValueError(
                f"start method fork refused: {alive} threads are alive, and a lock that one of them holds would stay "
                "locked in the workers; choose forkserver or spawn, or open it before any thread"
            )


class _Processes(Backend):
    def __init__(self, executor: ProcessesExecutor) -> None:
        self.pool = ProcessPoolExecutor(
            executor.workers, mp_context=executor.context, initializer=worker.prepare, initargs=executor.initial
        )
        try:
            with executor.starting():
                _private.start_workers(self.pool)
                _private.quicken(self.pool)
        except BaseException:  # a signal's, too, which is held until they have started
            self.end()
            raise

    def begin(self, call: Call) -> None:
        if (executor := call.executor) is None:  # given up meanwhile
            return
        try:
            inner = self.pool.submit(worker.serve, call.what)
        except BrokenProcessPool:
            executor.crashed(self)
        else:
            inner.add_done_callback(partial(self._answered, executor, call))

    def _answered(self, executor: ProcessesExecutor, call: Call, inner: Future[bytes | str]) -> None:
        try:
            body = inner.result()
        except CancelledError:  # by `end`
            return
        except BrokenProcessPool:
            executor.crashed(self)
        except BaseException as error:
            call.fail(error)
        else:
            executor.answered(call, self, body)

    def close(self) -> None:
        self.pool.shutdown()

    def end(self) -> None:
        _private.end_process_pool(self.pool)

    def disown(self) -> None:
        _private.disown(self.pool)


class ProcessExecutor(ProcessesExecutor):
    """Calls in a `ProcessPoolExecutor`, which can be reopened after a crash and killed."""

    mode, backend = "process", _Processes


class _Pool(Backend):
    def __init__(self, executor: ProcessesExecutor) -> None:
        self.closing = False
        self.pool: Any = None
        try:
            with executor.starting():
                self.pool = _private.open_pool(executor.context, executor.workers, worker.prepare, executor.initial)
        except BaseException:  # a signal's, held until it is open
            if self.pool is not None:
                self.end()
            raise
        # Listed before any call is handed over: the Pool replaces a dead worker at once, and then none would be missed.
        watched = _private.workers_of(self.pool), weakref.ref(executor)
        try:
            threading.Thread(target=self.watch, args=watched, name="rates-watch", daemon=True).start()
        except RuntimeError:
            self.end()
            raise

    def watch(self, workers: list[Any], executor: weakref.ref[ProcessesExecutor]) -> None:
        connection.wait([process.sentinel for process in workers])
        opened = executor()
        if opened is not None and not self.closing:
            opened.crashed(self)

    def begin(self, call: Call) -> None:
        if (executor := call.executor) is not None:  # not given up meanwhile
            landed = partial(executor.answered, call, self), call.fail
            self.pool.apply_async(worker.serve, (call.what,), {}, *landed)

    def close(self) -> None:
        self.closing = True
        self.pool.close()
        self.pool.join()

    def end(self) -> None:
        self.closing = True
        _private.end_pool(self.pool)

    def disown(self) -> None:
        _private.disown(self.pool)


class PoolExecutor(ProcessesExecutor):
    """A `multiprocessing.Pool` that is a `concurrent.futures.Executor`."""

    mode, backend = "pool", _Pool


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
    if _private.is_importing_main():
        raise RuntimeError(
            "this script opens workers each time it is imported, and a worker imports it: put what it does "
            'under `if __name__ == "__main__":`'
        )
