"""Beside an event loop: what would block it is done in a thread of our own, which ends with its work.

Not in the loop's default pool: that belongs to the program, and has few threads (processors + 4).
"""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
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
        with _nimble.within(), _unswept.within():
            return await in_thread(fn, *args, **kwargs)


def nimble() -> AbstractContextManager[None]:
    """Within, threads that compute give way after a millisecond, not after Python's five.

    With eight that have work to do, a loop that wakes between them had to wait for 12 ms or more. The interval is the
    whole process's: others' threads only change a little more often.
    """
    return _nimble.within()


class _Lent(Generic[T]):
    """A setting of the whole process, changed as long as somebody is within."""

    def __init__(self, change: Callable[[], T], restore: Callable[[T], object]) -> None:
        self._change, self._restore = change, restore
        self._lock, self._within = threading.Lock(), 0

    @contextmanager
    def within(self) -> Iterator[None]:
        """The first changes it, the last restores it."""
        with self._lock:
            if not self._within:
                self._before = self._change()
            self._within += 1
        try:
            yield
        finally:
            with self._lock:
                self._within -= 1
                if not self._within:
                    self._restore(self._before)


def _hurry() -> float:
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(before, GIVE_WAY_S))
    return before


def _sweep_later() -> bool:
    before = gc.isenabled()
    gc.disable()
    return before


def _sweep(before: bool) -> None:
    if before:
        gc.enable()


# With eight busy threads the loop waited 9 to 21 ms for its turn at 1 ms, and 6 to 10 ms at this.
GIVE_WAY_S = 0.0001
_nimble = _Lent(_hurry, sys.setswitchinterval)
# A sweep keeps the interpreter from all threads: 70 ms among the 220,000 quotes of the ECB's history, being read.
_unswept = _Lent(_sweep_later, _sweep)


class _Share:
    """How much of the loop's present round is ours: what many tasks compute, one after the other, adds up."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def breathe(self) -> None:
        """Returns when there is time in a round of the loop; who came first goes first."""
        loop = asyncio.get_running_loop()
        while self._began is not None and loop.time() - self._began > SHARE_S:
            turn: asyncio.Future[None] = loop.create_future()
            self._waiting.append(turn)
            await turn
        if self._began is None:
            self._began = loop.time()
            loop.call_soon(self._new_round)

    def _new_round(self) -> None:
        self._began = None
        for _ in range(min(A_ROUND, len(self._waiting))):
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._new_round)


SHARE_S = 0.002  # of a round, after which who has still to compute waits for the next; each takes up to 4 ms
A_ROUND = 4  # of those who wait are woken for each round: an answer of 30 currencies takes half a millisecond
_share = PerLoop(_Share)


async def breathe() -> None:
    """Before computing for a millisecond or so in the loop: lets it have its turn, when others have just done so."""
    await _share().breathe()
