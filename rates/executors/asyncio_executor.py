"""`asyncio`: an event loop in a thread of its own, which takes callables and coroutine functions.

Coroutines run on the loop; callables by `run_in_executor` on a pool of ours, since `asyncio.to_thread`'s is of fixed
size.
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections import deque
from collections.abc import Callable, Collection
from concurrent.futures import BrokenExecutor, Future
from functools import partial
from typing import Any

from .interrupts import uninterrupted
from .queued import Queued, QueuedExecutor, under_way
from .thread import ThreadExecutor

# How long the loop may take to cancel what it runs.
GRACE_S = 0.25


class AsyncioExecutor(QueuedExecutor):
    """An event loop that is a `concurrent.futures.Executor`: at most `workers` calls, of either kind, run at once.

    An initializer runs once in each thread that runs callables. Thread and loop start at the first call.
    """

    mode = "asyncio"
    shares_memory = True

    def __init__(
        self, workers: int, initializer: Callable[..., object] | None = None, initargs: tuple[Any, ...] = ()
    ) -> None:
        self._threads = ThreadExecutor(workers, initializer, initargs, name="rates_loop")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._ready: deque[Queued] = deque()
        self._coroutines: deque[Queued] = deque()
        self._tasks = 0
        self._seen: tuple[object, bool] = (None, False)
        self._woken = False
        # As many again lie ready in the queue of the threads, so that none of them waits for the loop.
        super().__init__(workers, ahead=workers)

    def begin(self, call: Queued) -> None:
        """Hands a call to the loop; the loop is woken once for all that came while it slept."""
        with self._lock:
            if self._loop is None:
                self._start()
            loop = self._loop
            self._ready.append(call)
            woken, self._woken = self._woken, True
        assert loop is not None
        if not woken:
            loop.call_soon_threadsafe(self._take)

    def _start(self) -> None:
        with uninterrupted():
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=_run, args=(self._loop,), name="rates-loop", daemon=True)
            self._thread.start()

    def _take(self) -> None:
        """On the loop: begins what was handed over."""
        self._woken = False
        while self._ready:
            call = self._ready.popleft()
            fn = call.what[0]
            if fn is not self._seen[0]:  # one function comes a thousand times, and looking what it is takes 2 us
                self._seen = fn, inspect.iscoroutinefunction(getattr(fn, "func", fn))
            if self._seen[1]:
                self._coroutines.append(call)
            else:
                self._in_thread(call)
        if self._coroutines:
            self._start_tasks()

    def _in_thread(self, call: Queued) -> None:
        """What `run_in_executor` does, but for the way back over the loop, which would wake it for nothing."""
        threads = self._threads
        if self.room - self.workers > threads.workers:  # more, while calls wait for what they submitted
            threads.workers = self.room - self.workers
        try:
            threads.put(call)
        except Exception as error:  # an initializer that failed, or a pool that was shut down meanwhile
            self.landed(call, None, error)

    def _start_tasks(self) -> None:
        """As many coroutines as there are workers, and one more for each that waits for what it submitted."""
        loop = self._loop
        while self._coroutines and self._tasks < self.room - self.workers and loop is not None:
            call = self._coroutines.popleft()
            if call.gone:
                continue
            self._tasks += 1
            call.handle = loop.create_task(_awaited(call), context=call.context)
            call.handle.add_done_callback(partial(self._finished, call))

    def _finished(self, call: Queued, done: asyncio.Future[Any]) -> None:
        self._tasks -= 1
        self._start_tasks()
        if done.cancelled():
            self.landed(call, None, BrokenExecutor("the call was cancelled on its event loop"))
        elif (error := done.exception()) is not None:
            self.landed(call, None, error)
        else:
            self.landed(call, done.result(), None)

    def drop(self, futures: Collection[Future[Any]], why: str) -> str:
        """Cancels coroutines, and leaves threads."""
        gone = self.given_up(futures)
        told = ""
        for call in gone:
            if isinstance(call.handle, asyncio.Task):
                assert self._loop is not None
                self._loop.call_soon_threadsafe(call.handle.cancel)
                told = told or "; its task was cancelled"
        inner = [call.where for call in gone if call.where is not None]
        return self._threads.drop_threads(inner, why) or told

    def close(self) -> None:
        """Ends loop and threads, which have nothing to do."""
        self._threads.shutdown()
        self._end_loop()

    def end(self) -> None:
        """Cancels what runs on the loop, ends it, and leaves the threads alone."""
        self._threads.kill()
        self._end_loop()

    def _end_loop(self) -> None:
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is None or self._thread is None:
            return
        loop.call_soon_threadsafe(loop.stop)
        if threading.current_thread() is not self._thread:
            self._thread.join(GRACE_S)


async def _awaited(call: Queued) -> Any:
    under_way.set(call)  # the task has a context of its own
    fn, args, kwargs = call.what
    return await fn(*args, **kwargs)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    """The thread of the loop: runs it until it is stopped, then cancels what is left."""
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left, timeout=GRACE_S))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        asyncio.set_event_loop(None)
        loop.close()
