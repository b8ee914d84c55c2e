"""`thread`: a pool of threads, for calls that mostly wait.

A `ThreadPoolExecutor` by `isinstance`, with state and workers of its own: daemonic, so that one whose call never
returns can be left behind (the standard library's would be joined before the interpreter exits); with the context
variables of the caller; and one more for each running call that itself submits, which would else wait for itself in a
full pool.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

from . import _private
from .base import AFTER_SHUTDOWN, InitializerFailed, OpenExecutor
from .calls import Call, cancel, fail
from .interrupts import uninterrupted
from .worker import why_failed

P = ParamSpec("P")
R = TypeVar("R")

# The longest single wait. A Ctrl-C that comes just before a wait begins does not end it (CPython 3.11 to 3.14).
LISTEN_S = 0.25


class ThreadCall(Call):
    """A call that a worker takes from the queue."""

    __slots__ = ()

    def outcome(self, worker: Worker) -> tuple[Any, BaseException | None]:
        """What the call gives, in the worker's thread, or its error."""
        context: Any = self.context
        fn, args, kwargs = self.what
        del self  # or error, traceback, this frame, call and future would refer to each other in a circle
        try:
            return context.run(fn, *args, **kwargs), None
        except BaseException as error:
            return None, error

    def run(self, worker: Worker) -> None:
        """Finishes the future, unless it was cancelled."""
        if self.future.set_running_or_notify_cancel():
            self.finish(*self.outcome(worker))

    def fail(self, error: BaseException) -> None:
        """It is not run."""
        fail(self.future, error)


class Crew:
    """What the workers of one executor share with it; they hold no executor, so that one that is dropped is freed."""

    def __init__(self) -> None:
        self.queue: SimpleQueue[Any] = SimpleQueue()
        self.workers: set[Worker] = set()
        self.closed = False
        self.why_broken = ""

    def is_short(self) -> bool:
        """Whether more calls wait than workers do."""
        return self.queue.qsize() > sum(worker.call is None for worker in self.workers)

    def close(self) -> None:
        """The workers end when nothing is left to be run."""
        self.closed = True
        self.queue.put(None)

    def drained(self) -> list[Any]:
        """What waits, taken out."""
        calls: list[Any] = []
        while True:
            try:
                calls.append(self.queue.get_nowait())
            except Empty:
                return [call for call in calls if call is not None]


class Worker(threading.Thread):
    """One thread of a pool.

    call: the one it runs; adds_worker: whether that one has submitted to its own pool; left: whether the thread is
    given up. inner: its interpreter, where it has one of its own; main_imported: whether that has the main module.
    """

    def __init__(self, pool: ThreadExecutor, name: str) -> None:
        self.pool = weakref.ref(pool)
        self.crew = pool.crew
        self.inner: Any = None
        self.call: Any = None
        self.adds_worker = self.left = self.main_imported = False
        super().__init__(name=name, daemon=DAEMONS or None)

    def run(self) -> None:
        """Takes calls until the pool ends, or this thread is given up."""
        pool = self.pool()
        why = "" if pool is None else pool.prepare(self)
        if why and pool is not None:
            pool.break_down(why)
        del pool
        if not why:
            self._work()
        if self.inner is not None:
            self.inner.close()

    def _work(self) -> None:
        crew, queue = self.crew, self.crew.queue
        while True:
            call = queue.get()
            if call is None:
                if crew.closed:
                    queue.put(None)  # for the next one
                    return
                continue
            self.call = call
            call.run(self)
            self.call = call = None
            if (self.adds_worker or self.left) and self._leaves():
                return

    def _leaves(self) -> bool:
        """Whether this thread was given up, or the pool has one too many now that its call waits for no other."""
        pool = self.pool()
        if self.left or pool is None:
            return self.left
        return pool.returned(self)


# An isolated interpreter has no daemonic threads; there a call that never returns keeps the interpreter.
DAEMONS = _private.allows_daemon_threads()
# The threads that the interpreter waits for at exit, also those of executors that were dropped.
_workers: weakref.WeakSet[Worker] = weakref.WeakSet()


class ThreadExecutor(OpenExecutor, ThreadPoolExecutor):
    """A `ThreadPoolExecutor` whose threads are named `rates_0`, `rates_1` and so on."""

    mode = "thread"
    shares_memory = True

    def __init__(
        self,
        workers: int,
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
        name: str = "rates",
    ) -> None:
        # The initialization of ThreadPoolExecutor is left out: none of its state is used.
        self.workers = self._max_workers = workers
        self.initial = (initializer, initargs)
        self.crew = Crew()
        self._lock = threading.RLock()  # a signal handler may call what it interrupts
        self._name, self._lent, self._begun = name, 0, 0

    def made(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> ThreadCall:
        """What is put into the queue."""
        return ThreadCall((fn, args, kwargs))

    def prepare(self, worker: Worker) -> str:
        """Makes a fresh thread fit for work; why it is not, "" when it is."""
        initializer, arguments = self.initial
        if initializer is not None:
            try:
                initializer(*arguments)
            except BaseException as error:  # sys.exit too: this thread would end, and no call ever
                return why_failed(initializer, error)
        return ""

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """The future of `fn(*args, **kwargs)` in a thread, with a copy of the caller's context variables.

        Raises RuntimeError after shutdown or where no thread can be started, InitializerFailed after an initializer
        failed.
        """
        call = self.made(fn, args, kwargs)
        self.put(call)
        return call.future

    def put(self, call: Any) -> None:
        """Puts a call into the queue: anything with `run(worker)`, `fail(error)` and `future`."""
        crew = self.crew
        if self.forked:  # asked before the lock, which another thread may have held at the fork
            self.refuse_forked()
        with self._lock:
            if crew.why_broken:
                raise InitializerFailed(crew.why_broken)
            if crew.closed:
                raise RuntimeError(AFTER_SHUTDOWN)
            crew.queue.put(call)
            if (len(crew.workers) < self.workers + self._lent or self._adds_worker()) and crew.is_short():
                self._start_or_withdraw()

    def _adds_worker(self) -> bool:
        """Whether the caller is a worker of this pool, and may wait for the call: then the pool needs another one."""
        caller = threading.current_thread()
        if not isinstance(caller, Worker) or caller.adds_worker or caller.crew is not self.crew:
            return False
        caller.adds_worker = True
        self._lent += 1
        return True

    def returned(self, worker: Worker) -> bool:
        """Takes back the place that was added for the worker's call; whether there is one worker too many now."""
        # A signal handler may hold the lock and wait for this very worker: then it stays, and ends with the pool.
        if not self._lock.acquire(blocking=False):
            return False
        try:
            worker.adds_worker = False
            self._lent -= 1
            if len(self.crew.workers) <= self.workers + self._lent:
                return False
            self.crew.workers.discard(worker)
            return True
        finally:
            self._lock.release()

    def _start_or_withdraw(self) -> None:
        try:
            self._start()
        except RuntimeError:  # the system has no thread left; those that there are will take the call
            if not self.crew.workers:
                self.crew.drained()  # of nothing but this call, which must not run when its caller has the error
                raise

    def _start(self) -> None:
        worker = Worker(self, f"{self._name}_{self._begun}")
        with uninterrupted():
            worker.start()
            self._begun += 1
            self.crew.workers.add(worker)
            _workers.add(worker)

    def break_down(self, why: str) -> None:
        """Fails whatever waits, and refuses all that comes."""
        with self._lock:
            self.crew.why_broken = why
            calls = self.crew.drained()
        for call in calls:
            call.fail(InitializerFailed(why))

    def drop(self, futures: Collection[Future[Any]], why: str) -> str:
        """Leaves the threads that run the futures."""
        with self._lock:
            found = [(worker, call) for worker in self.crew.workers if (call := worker.call) and call.future in futures]
            what_became = self._leave([worker for worker, _ in found], why)
        for _, call in found:
            call.fail(TimeoutError(f"the call was given up: {why}"))
        return what_became

    def drop_threads(self, threads: Collection[threading.Thread], why: str) -> str:
        """Leaves these threads of the pool."""
        with self._lock:
            return self._leave([worker for worker in self.crew.workers if worker in threads], why)

    def _leave(self, workers: list[Worker], why: str) -> str:
        what_became = f"; its thread {workers[0].name} cannot be ended and is left" if workers else ""
        for worker in workers:
            worker.left = True
            self.crew.workers.discard(worker)
            _workers.discard(worker)
            worker.name = f"{worker.name} (left: {why})"
            if not self.crew.closed:
                with suppress(RuntimeError):
                    self._start()
        return what_became

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As the standard library's; threads that were given up are not waited for."""
        crew = self.crew
        if self.forked:
            crew.closed = True
            return
        with self._lock:
            calls = crew.drained() if cancel_futures else []
            crew.close()
            workers = list(crew.workers)
        for call in calls:
            if not call.gone:
                cancel(call.future)
        for worker in workers if wait else ():
            _join(worker)

    def kill(self) -> None:
        """Cancels what has not begun and waits for nothing.

        A thread cannot be ended from outside: what runs goes on until it returns or the interpreter exits, which does
        not wait for it.
        """
        self.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._leave([worker for worker in self.crew.workers if worker.call is not None], "killed")

    def __del__(self) -> None:
        """One that was dropped ends its threads, when they have run all calls."""
        crew = self.__dict__.get("crew")
        if crew is not None:
            crew.close()


def _join(worker: Worker) -> None:
    while worker is not threading.current_thread() and worker.is_alive() and not worker.left:
        worker.join(LISTEN_S)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_workers.clear)


def _join_workers() -> None:
    for worker in list(_workers):
        worker.crew.close()
    for worker in list(_workers):
        _join(worker)


# At import, and so after the ends of the executors that use these threads, which are registered later.
_private.register_exit(_join_workers, "threads")
