"""Beside an event loop: what would block it is done in a thread of our own, which ends with its work.

Not in the loop's default pool: that belongs to the program, and has few threads (processors + 4).
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


# One at a time for a loop: a second thread that computes would only make the loop wait twice as long for its turn.
_turn = PerLoop(asyncio.Lock)


async def aside(fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """As `in_thread`, one after the other; for what computes, or reads files."""
    async with _turn():
        with nimble():
            return await in_thread(fn, *args, **kwargs)


GIVE_WAY_S = 0.001
_nimble_lock = threading.Lock()
_nimble: list[float] = []  # for each who is within, the interval that was before


@contextmanager
def nimble() -> Iterator[None]:
    """Within, threads that compute give way after a millisecond, not after Python's five.

    With eight that have work to do, a loop that wakes between them had to wait for 12 ms or more. The interval is the
    whole process's: others' threads only change a little more often.
    """
    with _nimble_lock:
        _nimble.append(_nimble[0] if _nimble else sys.getswitchinterval())
        sys.setswitchinterval(min(_nimble[0], GIVE_WAY_S))
    try:
        yield
    finally:
        with _nimble_lock:
            before = _nimble.pop()
            if not _nimble:
                sys.setswitchinterval(before)


class _Share:
    """How much of the loop's present round is ours: what many tasks compute, one after the other, adds up."""

    def __init__(self) -> None:
        self._began: float | None = None

    async def breathe(self) -> None:
        """Returns when there is time in a round of the loop."""
        loop = asyncio.get_running_loop()
        while self._began is not None and loop.time() - self._began > SHARE_S:
            await asyncio.sleep(0)
        if self._began is None:
            self._began = loop.time()
            loop.call_soon(self._new_round)

    def _new_round(self) -> None:
        self._began = None


SHARE_S = 0.002  # of a round, after which who has still to compute waits for the next; each takes up to 4 ms
_share = PerLoop(_Share)


async def breathe() -> None:
    """Before computing for a millisecond or so in the loop: lets it have its turn, when others have just done so."""
    await _share().breathe()
