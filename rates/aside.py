"""Beside an event loop: what would block it is done in a thread of our own, which ends with its work.

Not in the loop's default pool: that belongs to the program, and has few threads (processors + 4).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class PerLoop(Generic[T]):
    """One object for each event loop, made at its first use; those of closed loops are forgotten."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._known: dict[asyncio.AbstractEventLoop, T] = {}

    def __call__(self) -> T:
        """That of the running loop."""
        loop = asyncio.get_running_loop()
        found = self._known.get(loop)
        if found is None:
            for other in [other for other in tuple(self._known) if other.is_closed()]:
                self._known.pop(other, None)
            found = self._known[loop] = self._make()
        return found


class Bell:
    """Called from any thread, or not at all, it wakes the task that awaits its `rung`."""

    __slots__ = ("_loop", "rung")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.rung: asyncio.Future[None] = self._loop.create_future()

    def __call__(self) -> None:
        """Rings; once more is harmless."""
        try:
            self._loop.call_soon_threadsafe(self._ring)
        except RuntimeError:  # the loop is closed, and nobody waits
            pass

    def _ring(self) -> None:
        if not self.rung.done():
            self.rung.set_result(None)


async def in_thread(fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What the function gives or raises, in a daemonic thread; who is cancelled meanwhile does not wait for it."""
    bell, context = Bell(), copy_context()
    found: list[R] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            found.append(context.run(fn, *args, **kwargs))
        except BaseException as error:
            failed.append(error)
        bell()

    threading.Thread(target=run, name="rates-aside", daemon=True).start()
    await bell.rung
    if failed:
        try:
            raise failed[0]
        finally:
            failed.clear()  # cuts the circle error -> its traceback -> this frame -> error
    return found[0]


# One at a time for a loop: a second thread that computes would only double the time that the loop waits for its turn
# at the interpreter (5 ms each).
_turn = PerLoop(asyncio.Lock)


async def aside(fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """As `in_thread`, one after the other; for what computes, or reads files."""
    async with _turn():
        return await in_thread(fn, *args, **kwargs)
