"""`thread`: a pool of threads, for calls that mostly wait.

A `ThreadPoolExecutor` in all that others see, with workers of our own: daemonic, so that one whose call never returns
can be left behind (the standard library's would be joined before the interpreter exits); with the context variables of
who submits; and one more for each running call that itself submits, which would else wait for itself in a full pool.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import thread as _library
from contextvars import Context, copy_context
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

from .base import InitializerFailed, OpenExecutor
from .interrupts import begins, uninterrupted
from .worker import why_failed

P = ParamSpec("P")
R = TypeVar("R")


class Call:
    """One call and its future, run in the context of who submitted it."""

    __slots__ = ("args", "context", "fn", "future", "kwargs")

    def __init__(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.future: Future[Any] = Future()
        self.context: Context = copy_context()
        self.fn, self.args, self.kwargs = fn, args, kwargs

    def fail(self, error: BaseException) -> None:
        """It is not run."""
        self.future.set_exception(error)

    def value(self, worker: Worker) -> Any:
        """What the call gives, in the worker's thread."""
        return self.context.run(self.fn, *self.args, **self.kwargs)

    def run(self, worker: Worker) -> None:
        """Settles the future, unless it was cancelled."""
        future = self.future
        if not begins(future):
            return
        try:
            value = self.value(worker)
        except BaseException as error:
            future.set_exception(error)
            # Cuts the circle future -> error -> its traceback -> this frame -> future.
            del future, self
        else:
            future.set_result(value)


class Worker(threading.Thread):
    """One thread of a pool.

    call: the one it runs; adds_worker: whether that one has submitted to its own pool; left: whether the thread is
    given up.
    It holds its pool only weakly, so that one that nobody has any more ends. inner: what the pool gave it to run in.
    """

    def __init__(self, pool: ThreadExecutor, name: str) -> None:
        queue: Any = pool._work_queue
        self.pool = weakref.ref(pool, lambda _: queue.put(None))
        self.queue: SimpleQueue[Call | None] = queue
        self.inner: Any = None
        self.call: Call | None = None
        self.adds_worker = self.left = False
        super().__init__(name=name, daemon=DAEMONS or None)

    def run(self) -> None:
        """Takes calls until the pool ends, or this thread is given up."""
        if self._prepared():
            self._work()
        if self.inner is not None:
            self.inner.finalize()

    def _work(self) -> None:
        while (call := self.queue.get()) is not None or not self._over():
            if call is not None:
                self.call = call
                call.run(self)
                self.call = call = None
                if (self.adds_worker or self.left) and self._leaves():
                    return

    def _over(self) -> bool:
        pool = self.pool()
        if pool is not None and not pool._shutdown and not _library._shutdown:
            return False
        self.queue.put(None)  # for the next one
        return True

    def _leaves(self) -> bool:
        """Whether this thread was given up, or the pool has one too many once its call no longer waits for others."""
        pool = self.pool()
        if self.left or pool is None:
            return True
        self.adds_worker = False
        return pool.returned(self)

    def _prepared(self) -> bool:
        pool = self.pool()
        if pool is None:
            return True
        why = pool.prepare(self)
        if why:
            pool.break_down(why)
        return not why


# The standard library ends and joins the threads that are listed here before the interpreter exits.
_joined: Any = _library._threads_queues
# An isolated interpreter has no daemonic threads; there a call that never returns keeps the interpreter.
DAEMONS = getattr(threading, "_daemon_threads_allowed", lambda: True)()


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
        super().__init__(workers, thread_name_prefix=name)
        self.workers = workers
        self.initial = (initializer, initargs)
        self._lent = self._begun = 0

    def made(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call:
        """What is put into the queue."""
        return Call(fn, args, kwargs)

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

        Raises RuntimeError after shutdown, InitializerFailed when an initializer failed.
        """
        call = self.made(fn, args, kwargs)
        self.put(call)
        return call.future

    def put(self, call: Any) -> None:
        """Puts a call into the queue: anything with `run(worker)`, `fail(error)` and `future`."""
        with self._shutdown_lock:
            if self._broken:
                raise InitializerFailed(self._broken)
            if self._shutdown or _library._shutdown:
                raise RuntimeError("cannot run a call after shutdown: open another executor")
            self._work_queue.put(call)
            if len(self._threads) < self.workers + self._lent or self._adds_worker():
                self.refuse_forked()
                self._adjust_thread_count()

    def _adds_worker(self) -> bool:
        """Whether the caller is a worker of this pool, and may wait for the call: then the pool needs another one."""
        caller = threading.current_thread()
        if not isinstance(caller, Worker) or caller.adds_worker or caller.pool() is not self:
            return False
        caller.adds_worker = True
        self._lent += 1
        return True

    def returned(self, worker: Worker) -> bool:
        """Takes back what the worker's call was lent; True when the worker is one too many now."""
        with self._shutdown_lock:
            self._lent -= 1
            if len(self._threads) <= self.workers + self._lent:
                return False
            self._forget(worker)
            return True

    def _forget(self, worker: Worker) -> None:
        known: Any = self._threads
        known.discard(worker)
        _joined.pop(worker, None)

    def _adjust_thread_count(self) -> None:
        worker = Worker(self, f"{self._thread_name_prefix}_{self._begun}")
        with uninterrupted():
            worker.start()
            self._begun += 1
            known: Any = self._threads
            known.add(worker)
            _joined[worker] = self._work_queue

    def break_down(self, why: str) -> None:
        """Fails whatever waits, and refuses all that comes."""
        with self._shutdown_lock:
            self._broken = why  # type: ignore[assignment]
            for call in self._drained():
                call.fail(InitializerFailed(why))

    def _drained(self) -> list[Call]:
        calls: list[Call] = []
        while True:
            try:
                call: Any = self._work_queue.get_nowait()
            except Empty:
                return calls
            if call is not None:
                calls.append(call)

    def drop(self, futures: Collection[Future[Any]], why: str) -> str:
        """Leaves the threads that run the futures."""
        with self._shutdown_lock:
            found = [worker for worker in self._workers() if worker.call and worker.call.future in futures]
            return self._leave(found, why)

    def drop_threads(self, threads: Collection[threading.Thread], why: str) -> str:
        """Leaves these threads of the pool."""
        with self._shutdown_lock:
            return self._leave([worker for worker in self._workers() if worker in threads], why)

    def _workers(self) -> list[Worker]:
        return [thread for thread in self._threads if isinstance(thread, Worker)]

    def _leave(self, workers: list[Worker], why: str) -> str:
        told = f"; its thread {workers[0].name} cannot be ended and is left" if workers else ""
        for worker in workers:
            worker.left = True
            self._forget(worker)
            worker.name = f"{worker.name} (left: {why})"
            if not self._shutdown:
                self._adjust_thread_count()
        return told

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As the standard library's; threads that were given up are not waited for."""
        with self._shutdown_lock:
            self._shutdown = True
            for call in self._drained() if cancel_futures else ():
                call.future.cancel()
            self._work_queue.put(None)  # type: ignore[arg-type]
            threads = list(self._threads)
        if wait:
            for thread in threads:
                if thread is not threading.current_thread():
                    thread.join()

    def kill(self) -> None:
        """Cancels what has not begun and waits for nothing.

        A thread cannot be ended from outside: what runs goes on until it returns or the interpreter exits, which does
        not wait for it.
        """
        self.shutdown(wait=False, cancel_futures=True)
        with self._shutdown_lock:
            self._leave([worker for worker in self._workers() if worker.call is not None], "killed")
