"""An executor over a pool that has another interface: what `pool`, `dummy`, `asyncio` and `dask` have in common.

The calls that wait are kept here, not in the pool behind: so they can be cancelled, their futures say truly whether
they run, and no more is handed over than the workers can take.
"""

from __future__ import annotations

import concurrent.futures.thread  # noqa: F401  (first: at exit, what it registers must come after ours)
import threading
import weakref
from collections import deque
from collections.abc import Callable, Collection
from concurrent.futures import BrokenExecutor, Future
from contextlib import suppress
from contextvars import Context, ContextVar, copy_context
from typing import Any, ParamSpec, TypeVar

from .base import InitializerFailed, OpenExecutor
from .interrupts import begins

# The call under way, where calls see this process's memory: who submits from within it may wait for what it submits.
under_way: ContextVar[Queued | None] = ContextVar("rates_call", default=None)


class Queued:
    """One call: its future, what is to be run, in which context, and whether it was given up, or lent a place."""

    __slots__ = ("adds_worker", "context", "executor", "future", "gone", "handle", "what", "where")

    def __init__(self, executor: QueuedExecutor, what: Any) -> None:
        self.executor, self.what = executor, what
        self.future: Future[Any] = Future()
        self.context: Context = copy_context()
        self.gone = self.adds_worker = False
        self.handle: Any = None  # the pool's own word for the call
        self.where: Any = None  # the thread that runs it

    def run(self, worker: Any) -> None:
        """As the thread pool's own calls do: what it gives is its executor's. One that was given up is not begun."""
        if self.gone:
            return
        try:
            value = self.value()
        except BaseException as error:
            self.fail(error)
        else:
            self.executor.landed(self, value, None)

    def fail(self, error: BaseException) -> None:
        """It is not run, or has failed."""
        self.executor.landed(self, None, error)

    def value(self) -> Any:
        """What it gives, here and now, in its context."""
        self.where = threading.current_thread()
        return self.context.run(self._inside)

    def _inside(self) -> Any:
        fn, args, kwargs = self.what
        token = under_way.set(self)
        try:
            return fn(*args, **kwargs)
        finally:
            under_way.reset(token)


P = ParamSpec("P")
R = TypeVar("R")


class QueuedExecutor(OpenExecutor):
    """Keeps a queue and hands over at most `room` calls at a time.

    A mode defines `packed` (what is kept of a call), `begin` (hand it over; the pool answers by `landed`), `end` (end
    the pool, waiting for nothing) and `close` (end it when nothing runs any more).

    follows_itself: whether what answers goes on by itself with the calls that wait.
    """

    follows_itself = False

    def __init__(self, workers: int, ahead: int = 0) -> None:
        self.workers, self.room = workers, workers + ahead
        self.reopened = 0
        self.why_broken = ""
        self._refusal: InitializerFailed | None = None
        self._lock = threading.RLock()  # a pool may answer at once, in the thread that hands over
        self._idle = threading.Condition(self._lock)
        self._waiting: deque[Queued] = deque()
        self._running: set[Queued] = set()
        self._closed = self._ended = False
        self._awaited = 0  # how many wait in `shutdown` for the end
        _open.add(self)

    # --- what a mode defines ---------------------------------------------------------------------------------------

    def packed(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What is kept of a call until it begins."""
        return fn, args, kwargs

    def begin(self, call: Queued) -> None:
        """Hands a call over to the pool."""
        raise NotImplementedError

    def close(self) -> None:
        """Ends the pool, in which nothing runs."""
        raise NotImplementedError

    def end(self) -> None:
        """Ends the pool, whatever runs in it, and waits for none of that."""
        raise NotImplementedError

    def fresh(self) -> None:
        """A new pool with the same settings, the old one having ended."""

    # --- what all have ---------------------------------------------------------------------------------------------

    @property
    def broken(self) -> bool:
        """Whether calls are refused because a worker died."""
        return bool(self.why_broken)

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """The future of `fn(*args, **kwargs)`.

        Raises RuntimeError after shutdown, BrokenExecutor when a worker died and nobody has called `reopen`, or when
        an initializer failed, TypeError for what cannot be sent to a worker.
        """
        call = Queued(self, self.packed(fn, args, kwargs))
        with self._lock:
            if self._closed or self.why_broken or self._refusal is not None or self.forked:
                self._refuse()
            caller = under_way.get()
            if caller is not None and caller.executor is self and not caller.adds_worker and caller in self._running:
                caller.adds_worker = True
                self.room += 1
            self._waiting.append(call)
            ready = self._next()
        if ready:
            self._begin(ready)
        return call.future

    def _refuse(self) -> None:
        if self._closed:
            raise RuntimeError("cannot run a call after shutdown: open another executor")
        if self._refusal is not None:
            raise InitializerFailed(str(self._refusal))
        if self.why_broken:
            raise BrokenExecutor(self.why_broken)
        self.refuse_forked()

    def _next(self) -> list[Queued]:
        """The calls for which there is room, marked as running; under the lock."""
        ready: list[Queued] = []
        waiting, running = self._waiting, self._running
        while waiting and len(running) < self.room and not self.why_broken:
            call = waiting.popleft()
            if begins(call.future):
                running.add(call)
                ready.append(call)
        return ready

    def _begin(self, ready: list[Queued]) -> None:
        for place, call in enumerate(ready):
            try:
                self.begin(call)
            except Exception as error:
                self.landed(call, None, error)
            except BaseException as error:  # Ctrl-C: shutdown would wait for what nobody runs
                for left in ready[place:]:
                    self.landed(left, None, error)
                raise

    def landed(self, call: Queued, value: Any, error: BaseException | None) -> None:
        """The pool's answer; one for a call that was given up, or has failed already, changes nothing."""
        with self._lock:
            if call not in self._running:
                return
            self._running.discard(call)
            if call.adds_worker:
                self.room -= 1
            if error is not None and isinstance(error, InitializerFailed):
                self._refusal = error
            ready = self._next() if self._waiting and not self.follows_itself else None
        if ready:
            self._begin(ready)
        if error is None:
            call.future.set_result(value)
        else:
            call.future.set_exception(error)
        if self._closed:
            self._notice_end()

    def _notice_end(self) -> None:
        with self._lock:
            done = not self._running and not self._waiting
            if done:
                self._idle.notify_all()
            nobody = not self._awaited
        if done and nobody:
            self._finish()

    def _finish(self) -> None:
        """Ends the pool from a thread of its own: its own threads could not wait for themselves."""
        threading.Thread(target=self._finish_here, name="rates-close", daemon=True).start()

    def break_down(self, why: str) -> None:
        """A worker died: whatever was handed over fails with BrokenExecutor, and what waits too."""
        with self._lock:
            if self._closed and not self._running:
                return
            self.why_broken = why
            lost = self._take_all()
        for call in lost:
            _fail(call, BrokenExecutor(why))

    def _take_all(self) -> list[Queued]:
        lost = [*self._running, *self._waiting]
        self.room -= sum(call.adds_worker for call in self._running)
        self._running.clear()
        self._waiting.clear()
        return lost

    def reopen(self) -> None:
        """Fresh workers in place of those of a broken pool. Does nothing if no worker has died.

        Raises RuntimeError after shutdown.
        """
        with self._lock:
            if self._closed:
                raise RuntimeError("cannot reopen an executor that was shut down: open another one")
            if not self.why_broken:
                return
            self.end()
            self.fresh()
            self.why_broken = ""
            self.reopened += 1

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As the standard library's."""
        with self._lock:
            self._closed = True
            cancelled = list(self._waiting) if cancel_futures else []
            if cancel_futures:
                self._waiting.clear()
            idle = not self._running and not self._waiting
        for call in cancelled:
            call.future.cancel()
        if idle and self.shares_memory and not wait:  # a callback may still keep one of its threads
            self._finish()
        elif idle:
            self._finish_here()
        elif wait:
            with self._idle:
                self._awaited += 1
                self._idle.wait_for(lambda: not self._running and not self._waiting)
            self._finish_here()

    def _finish_here(self) -> None:
        with self._lock:
            if self._ended:
                return
            self._ended = True
        self.close()

    def kill(self) -> None:
        """Ends at once: what has not begun is cancelled, and nothing that runs is waited for."""
        with self._lock:
            self._closed = True
            waiting = list(self._waiting)
            self._waiting.clear()
            lost = self._take_all()
            ended, self._ended = self._ended, True
        for call in waiting:
            call.future.cancel()
        if not ended:
            self.end()
        for call in lost:
            _fail(call, BrokenExecutor("the executor was killed before the call was finished"))

    def given_up(self, futures: Collection[Future[Any]]) -> list[Queued]:
        """Takes the running calls of these futures out: their answers are no longer waited for, their places are free.

        Their futures stay as they are, running, for ever.
        """
        with self._lock:
            gone = [call for call in self._running if call.future in futures]
            for call in gone:
                call.gone = True
                self._running.discard(call)
                if call.adds_worker:
                    self.room -= 1
            ready = self._next()
        self._begin(ready)
        return gone


def _fail(call: Queued, error: BaseException) -> None:
    """Fails a call that was taken out, whether it had begun or not; one that was cancelled stays so."""
    future = call.future
    if future.running() or future.set_running_or_notify_cancel():
        with suppress(Exception):
            future.set_exception(error)


# Executors that nobody has shut down when the interpreter exits are shut down then, as the standard library's are.
_open: weakref.WeakSet[QueuedExecutor] = weakref.WeakSet()


def _shut_down_all() -> None:
    for executor in list(_open):
        if not executor.forked:
            executor.shutdown()


threading._register_atexit(_shut_down_all)  # type: ignore[attr-defined]  # as concurrent.futures does
