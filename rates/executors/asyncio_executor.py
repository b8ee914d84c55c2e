"""`asyncio`: an event loop in a separate thread, which takes callables and coroutine functions.

Coroutines run on the loop; callables by `run_in_executor` on a pool of ours, since `asyncio.to_thread`'s is of fixed
size. Whatever a callable returns that can be awaited is awaited on the loop.
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections import deque
from contextlib import suppress
from typing import Any

from .calls import Call, under_way
from .interrupts import uninterrupted
from .queued import Backend, QueuedExecutor
from .thread import Crew

# How long the loop may take to cancel what it runs.
GRACE_S = 0.25


class _Loop(Backend):
    """The loop and the threads beside it."""

    def __init__(self, executor: QueuedExecutor) -> None:
        self.crew = Crew(executor)
        self.loop = asyncio.new_event_loop()
        self._arrived: deque[tuple[Call, Any]] = deque()
        self._woken = False
        self._thread = threading.Thread(target=_run, args=(self.loop,), name="rates-loop", daemon=True)
        try:
            with uninterrupted():
                self._thread.start()
        except RuntimeError:  # the system has no thread left: the next call tries again
            self.loop.close()
            raise

    def drained(self) -> list[Call]:
        return self.crew.drained()

    def resize(self, workers: int) -> None:
        self.crew.size = workers

    def begin(self, call: Call, awaitable: Any = None) -> None:
        """Hands a coroutine to the loop, which is woken once for all that come while it sleeps; others to a thread.

        That is what `run_in_executor` does, without the way over the loop.
        """
        if awaitable is None and not _is_coroutine_function(call.what[0]):
            self.crew.begin(call)
            return
        self._arrived.append((call, awaitable))
        woken, self._woken = self._woken, True
        if not woken:
            self.loop.call_soon_threadsafe(self._take)

    def _take(self) -> None:
        self._woken = False
        while self._arrived:
            call, awaitable = self._arrived.popleft()
            if call.begins() if awaitable is None else not call.gone:
                call.handle = self.loop.create_task(_awaited(call, awaitable), context=call.context)

    def leave(self, calls: list[Call], why: str) -> str:
        tasks = [call.handle for call in calls if call.handle is not None]
        for task in tasks:
            self.loop.call_soon_threadsafe(task.cancel)
        in_threads = [call for call in calls if call.handle is None]
        return self.crew.leave(in_threads, why) or ("; its task was cancelled" if tasks else "")

    def close(self) -> None:
        self.crew.close()
        self._end_loop()

    def end(self) -> None:
        self.crew.end()
        self._end_loop()

    def _end_loop(self) -> None:
        with suppress(RuntimeError):  # it has ended already
            self.loop.call_soon_threadsafe(self.loop.stop)
        if threading.current_thread() is not self._thread:
            self._thread.join(GRACE_S)


class AsyncioExecutor(QueuedExecutor):
    """An event loop that is a `concurrent.futures.Executor`: at most `workers` calls of either kind run at once.

    An initializer runs once in each thread that runs callables. Thread and loop start at the first call.
    """

    mode, backend = "asyncio", _Loop
    shares_memory = True
    marks = False

    def returned(self, call: Call, value: Any, error: BaseException | None = None) -> None:
        """Takes the value of a call, which is awaited on the loop if it can be."""
        if isinstance(self._backend, _Loop) and inspect.isawaitable(value):
            self._backend.begin(call, value)
        else:
            self.landed(call, value)


def _is_coroutine_function(fn: Any) -> bool:
    code = getattr(getattr(fn, "func", fn), "__code__", None)
    return code is not None and bool(code.co_flags & inspect.CO_COROUTINE)


async def _awaited(call: Call, awaitable: Any) -> None:
    """Awaits the call. Its every error is its own: SystemExit or KeyboardInterrupt would end the loop."""
    try:
        if awaitable is None:
            under_way.set(call)  # the task has the context of the call
            fn, args, kwargs = call.what
            awaitable = fn(*args, **kwargs)
            del fn, args, kwargs
        value = await awaitable
    except BaseException as error:
        call.fail(error)
        del call  # or error, traceback, this frame and call would refer to each other in a circle
    else:
        call.land(value)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    """The thread of the loop: runs it until it is stopped, then cancels what is left."""
    try:
        loop.run_forever()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left, timeout=GRACE_S))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()
