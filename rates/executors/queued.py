"""What all modes but `sequential` have in common: a queue of calls, and the pool behind it, which runs them.

`QueuedExecutor` keeps the calls that wait and knows those that run; a `Backend` is the pool. So a waiting call can be
cancelled, no more is handed over than the workers can take, and a broken pool is replaced under the same executor.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import BrokenExecutor, Future
from math import inf
from typing import Any, ParamSpec, TypeVar

from . import _private, base
from .base import AFTER_SHUTDOWN, KILLED, LISTEN_S, InitializerFailed, OpenExecutor
from .calls import Call, under_way

P = ParamSpec("P")
R = TypeVar("R")


class Backend:
    """The pool behind an executor. It does not refer to the executor, so that one that is dropped is freed.

    finishes: whether a call that runs when the pool is ended goes on, and finishes its future.
    """

    finishes = False

    def begin(self, call: Call) -> None:
        """Hands a call over; the backend answers by `call.land`."""
        raise NotImplementedError

    def drained(self) -> list[Call]:
        """The calls that were handed over and that no worker has taken, removed from the pool."""
        return []

    def resize(self, workers: int) -> None:
        """Calls wait for others, or no longer do, so the pool needs so many workers."""

    def leave(self, calls: list[Call], why: str) -> str:
        """Leaves the workers of calls that were given up; a clause that says so."""
        return ""

    def close(self) -> None:
        """Ends the pool, in which nothing runs; its workers come to their normal end."""
        raise NotImplementedError

    def end(self) -> None:
        """Ends the pool, whatever runs in it, and waits for none of that."""
        raise NotImplementedError

    def disown(self) -> None:
        """In a forked child: makes sure that the pool, which is the parent's, is not touched when it is freed."""


class QueuedExecutor(OpenExecutor):
    """Keeps a queue and hands over at most `room` calls at a time.

    backend: makes the pool, at the first call and again after `reopen`; it takes the executor, and does not keep it.
    marks: whether a call counts as running from the moment it is handed over; otherwise what runs it marks it. ready:
    how many calls for each worker are handed over beyond the one that it runs.
    """

    backend: Callable[[Any], Backend]
    marks = True
    ready: float = 0

    def __init__(
        self, workers: int, initializer: Callable[..., object] | None = None, initargs: tuple[Any, ...] = ()
    ) -> None:
        self.workers = self._max_workers = workers  # the name of the standard library's executors
        self.room = workers * (1 + self.ready)
        self.unbounded = self.room == inf
        self.initial = (initializer, initargs)
        self.lent = 0  # how many calls wait for others of this executor
        self.reopened = 0
        self._failure: BrokenExecutor | None = None
        self._lock = threading.RLock()  # a pool may answer at once, in the thread that hands over; a signal handler too
        self._idle = threading.Condition(self._lock)
        self._ending = threading.RLock()  # one thread at a time replaces the backend
        self._waiting: deque[Call] = deque()
        self._running: set[Call] = set()
        self._closed = self._ended = False
        self._awaited = 0  # how many threads wait in `shutdown` for the end
        self._backend: Backend | None = None

    def packed(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What is kept of a call until it begins."""
        return fn, args, kwargs

    # --- calls in ----------------------------------------------------------------------------------------------------

    @property
    def broken(self) -> bool:
        """Whether calls are refused because a worker died."""
        return self._failure is not None and not isinstance(self._failure, InitializerFailed)

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """The future of `fn(*args, **kwargs)`.

        Raises RuntimeError after shutdown, BrokenExecutor after a worker died until `reopen` is called,
        InitializerFailed after an initializer failed, TypeError for what cannot be sent to a worker.
        """
        return self._enter(Call(self, (fn, args, kwargs) if self.shares_memory else self.packed(fn, args, kwargs)))

    def submit_then(self, then: Callable[[Call], None], fn: Callable[..., R], argument: Any) -> Future[R]:
        """As `submit`; `then` is called with the future when it is done, whatever ends it, in whatever thread."""
        args = (argument,)
        call = Call(self, (fn, args, {}) if self.shares_memory else self.packed(fn, args, {}))
        call.then = then
        return self._enter(call)

    def submit_alone(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """As `submit`, for a call that may end its worker: it runs with no other call beside it."""
        call = Call(self, self.packed(fn, args, kwargs))
        call.alone = True
        return self._enter(call)

    def _enter(self, call: Call) -> Future[Any]:
        if self._forked != base.forks:  # asked before the lock, which another thread may have held at the fork
            self.refuse_forked()
        call.submitter = threading.get_ident()
        with self._lock:
            if self._closed:
                raise RuntimeError(AFTER_SHUTDOWN)
            if self._failure is not None:
                raise type(self._failure)(*self._failure.args)
            if self.shares_memory and (caller := under_way.get()) is not None:
                self._lend_to(caller)
            if self.unbounded:
                self._running.add(call)
                ready = [call]
            else:
                self._waiting.append(call)
                ready = self._next()
        if ready:
            self._begin(ready)
        call.submitter = 0
        return call

    def _lend_to(self, caller: Call) -> None:
        """One call more may run if the caller is one of ours, which may wait for what it submits; under the lock."""
        if caller.executor is self and not caller.adds_worker and caller in self._running:
            caller.adds_worker = True
            self._lend(1)

    def _lend(self, more: int) -> None:
        self.room += more
        self.lent += more
        if self._backend is not None:
            self._backend.resize(self.workers + self.lent)

    def _next(self) -> list[Call]:
        """The calls for which there is room, now counted as handed over; under the lock."""
        ready: list[Call] = []
        waiting, running = self._waiting, self._running
        while waiting and len(running) < self.room and self._failure is None:
            if running and (waiting[0].alone or any(call.alone for call in list(running)[:1])):
                break
            try:
                call = waiting.popleft()
            except IndexError:  # a signal handler has taken them all, meanwhile
                break
            if not self.marks or _private.begin(call):
                running.add(call)
                ready.append(call)
            else:
                call.forget()
        return ready

    def _begin(self, ready: list[Call]) -> None:
        for call in ready:
            if call.gone:  # a signal handler has shut down, meanwhile
                continue
            try:
                (self._backend or self.opened_backend()).begin(call)
            except Exception as error:
                call.fail(error)
            except BaseException as error:  # Ctrl-C: shutdown would wait for calls that no worker has
                for left in ready[ready.index(call) :]:
                    left.fail(error)
                raise

    def opened_backend(self) -> Backend:
        """The pool, started if there is none."""
        with self._lock:
            if self._backend is not None:
                return self._backend
            if self._ended:
                raise BrokenExecutor(KILLED)
            try:
                backend = self.backend(self)
            except ConnectionError:
                raise
            except OSError as error:
                why = f"the mode {self.mode} cannot start here ({error.strerror}): where semaphores in /dev/shm"
                raise OSError(error.errno, f"{why} cannot be made, choose the mode thread") from error
            if self._ended:  # by a signal handler, meanwhile
                backend.end()
                raise BrokenExecutor(KILLED)
            self._backend = backend
            return backend

    # --- calls out ---------------------------------------------------------------------------------------------------

    def _release(self, calls: Iterable[Call]) -> None:
        """The one way out of waiting and running: gives places back and wakes those who wait; under the lock."""
        for call in calls:
            call.gone = True
            self._running.discard(call)
            if call.adds_worker:
                call.adds_worker = False
                self._lend(-1)
        if self._awaited and not self._running and not self._waiting:
            self._idle.notify_all()

    def landed(self, call: Call, value: Any, error: BaseException | None = None) -> None:
        """The backend's answer; one for a call that has been released already changes nothing."""
        if not self._waiting and not call.adds_worker and not call.gone:
            # Threads that take turns at a lock cost a third of a short call, so this release needs none: `submit` and
            # `shutdown` write first and look at the running afterwards, and this does the opposite.
            call.gone = True
            self._running.discard(call)
            call.finish(value, error)
            if not self._waiting and not self._closed:
                return
        with self._lock:
            released = not call.gone
            self._release((call,))
            ready = self._next() if self._waiting else None
            over = self._closed and self._over()
        if ready:
            self._begin(ready)
        if released:
            call.finish(value, error)
        if over:
            self._close_backend(beside=True)

    # What takes the value that a call gave in a thread of this process.
    returned = landed

    def _over(self) -> bool:
        """Whether the last call has ended, and `shutdown` does not wait for that; under the lock."""
        return self._closed and not self._running and not self._waiting and not self._awaited

    def break_down(
        self, failure: BrokenExecutor, backend: Backend | None, lost: Collection[Call] | None = None
    ) -> None:
        """A worker died, or its initializer failed: the calls of that backend fail, and those that wait.

        lost: the calls that are lost, where the others that run will still be answered.
        """
        with self._lock:
            if self._ended or (backend is not None and backend is not self._backend):
                return
            self._failure = failure
            gone = self._taken()
            lost = [call for call in list(self._running if lost is None else lost) if not call.gone]
            self._release(lost)
            over = self._over()
        for call in [*lost, *gone]:
            error: Any = type(failure)(*failure.args)
            error.began = call.running()  # `dispatch` suspects no other
            call.finish(None, error)
        if over:
            self._close_backend(beside=True)

    def drop(self, futures: Collection[Future[Any]], why: str) -> str:
        """Releases the calls of these futures that were handed over, does without their workers, and fails them."""
        with self._ending:
            with self._lock:
                gone = [call for call in list(self._running) if call in futures]
                self._release(gone)
            what_became = self.leave(gone, why) if gone else ""
        with self._lock:
            ready = self._next()
        self._begin(ready)
        for call in gone:
            call.finish(None, BrokenExecutor(f"the call was given up: {why}"))
        return what_became

    def leave(self, calls: list[Call], why: str) -> str:
        """Leaves the workers of calls that were released, or ends them; a clause that says which."""
        return "" if self._backend is None else self._backend.leave(calls, why)

    # --- the end -----------------------------------------------------------------------------------------------------

    def reopen(self) -> None:
        """Fresh workers in place of those of a broken pool. Does nothing if no worker has died.

        Raises RuntimeError after shutdown.
        """
        with self._ending:
            with self._lock:
                if self._closed:
                    raise RuntimeError("cannot reopen an executor that was shut down: open another one")
                if not self.broken:
                    return
            self.replace()
            with self._lock:
                self._failure = None
                self.reopened += 1

    def replace(self) -> None:
        """Ends a broken backend; the next call opens another one."""
        backend = self._take_backend()
        if backend is not None:
            backend.end()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As the standard library's, but for `wait` and `as_completed`: what is cancelled here counts as done there."""
        self._closed = True
        if self.forked:
            return
        with self._lock:
            cancelled = self._taken() if cancel_futures else []
            idle = not self._running and not self._waiting
        for call in cancelled:
            call.withdraw()
        if not wait:
            if idle:
                self._close_backend(beside=True)
            return
        with self._lock:
            self._awaited += 1
        try:
            self._fail_interrupted()
            with self._lock:
                while (self._running or self._waiting) and not self._ended:
                    self._idle.wait(LISTEN_S)
        finally:
            with self._lock:
                self._awaited -= 1
        self._close_backend(beside=False)

    def _fail_interrupted(self) -> None:
        """Fails the call whose submission this thread, in a signal handler, has interrupted.

        No worker has it yet, and none gets it before the handler returns: to wait for it would be for ever.
        """
        here = threading.get_ident()
        with self._lock:
            calls = [call for call in (*self._waiting, *self._running) if call.submitter == here]
            for call in calls:
                if call in self._waiting:
                    self._waiting.remove(call)
        for call in calls:
            call.fail(RuntimeError(AFTER_SHUTDOWN))

    def _taken(self) -> list[Call]:
        """The calls that no worker has taken, taken out of the queue and of the pool; under the lock."""
        waiting = [] if self._backend is None else self._backend.drained()
        waiting += self._waiting
        self._waiting.clear()
        self._release(waiting)
        return waiting

    def kill(self) -> None:
        """Ends at once: what has not begun is cancelled, and nothing that runs is waited for."""
        self._closed = self._ended = True
        if self.forked:
            return
        with self._lock:
            cancelled, backend = self._taken(), self._take_backend()
            finish = backend is not None and backend.finishes
            lost = [call for call in list(self._running) if not (finish and call.running())]
            self._release(lost)
        for call in cancelled:
            call.withdraw()
        if backend is not None:
            backend.end()
        for call in lost:
            call.finish(None, BrokenExecutor(KILLED))

    def _take_backend(self) -> Backend | None:
        with self._lock:
            backend, self._backend = self._backend, None
            return backend

    def _close_backend(self, *, beside: bool) -> None:
        """Ends the pool; `beside` this thread where that may be one of the pool's, which cannot wait for themselves."""
        forced, backend = self.broken, self._take_backend()
        if backend is None:
            return
        if not beside:
            _close(backend, forced)
            return
        try:
            threading.Thread(target=_close, args=(backend, forced), name="rates-close", daemon=True).start()
        except RuntimeError:  # no thread can be started any more
            backend.end()

    def __del__(self) -> None:
        """One that was dropped ends its workers, as the standard library's does; all its calls have ended."""
        if self.__dict__.get("_backend") is not None and not self.forked:
            self._close_backend(beside=True)

    def keep_in_child(self) -> None:
        """In a forked child: keeps the parent's pool from being freed here, which would end or disturb it."""
        if self._backend is not None:
            _inherited.append(self._backend)
            self._backend.disown()


_inherited: list[Backend] = []


def _close(backend: Backend, forced: bool) -> None:
    if forced:
        backend.end()
        return
    try:
        backend.close()
    except BaseException:  # Ctrl-C: the end is forced
        backend.end()
        raise
