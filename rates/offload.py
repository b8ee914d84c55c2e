"""Work beside an event loop: what would block the loop runs in threads of our own, which end with their work.

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

from rates.errors import machine_limit

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

# With eight busy threads the loop waited 9 to 21 ms for its turn at 1 ms, and 6 to 10 ms at this.
SWITCH_INTERVAL_S = 0.0001
SHARE_S = 0.002  # of a round, after which what is still to be computed waits for the next; each piece takes up to 4 ms
WOKEN_A_ROUND = 4  # of the tasks that wait: an answer of 30 currencies takes half a millisecond


class PerLoop(Generic[T]):
    """One object for each event loop, made at its first use; those of closed loops are forgotten."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._known: dict[asyncio.AbstractEventLoop, T] = {}

    def __call__(self) -> T:
        """The object of the running loop."""
        loop = asyncio.get_running_loop()
        found = self._known.get(loop)
        if found is None:
            for other in [other for other in tuple(self._known) if other.is_closed()]:
                self._known.pop(other, None)
            found = self._known[loop] = self._make()
        return found


class ThreadsafeEvent:
    """An event of the running loop that any thread may set."""

    __slots__ = ("_loop", "_set")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._set: asyncio.Future[None] = self._loop.create_future()

    def set(self) -> None:
        """Wakes the task that waits; a second time is harmless."""
        try:
            self._loop.call_soon_threadsafe(self._wake)
        except RuntimeError:  # the loop is closed, so no task waits
            pass

    def _wake(self) -> None:
        if not self._set.done():
            self._set.set_result(None)

    async def wait(self) -> None:
        """Returns when the event is set."""
        await self._set


async def in_thread(fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What the function gives or raises, in a daemonic thread; a caller that is cancelled does not wait for it.

    `MachineLimit` where no thread can be started.
    """
    done, context = ThreadsafeEvent(), copy_context()
    results: list[R] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(context.run(fn, *args, **kwargs))
        except BaseException as error:
            errors.append(error)
        done.set()

    try:
        threading.Thread(target=run, name="rates-offload", daemon=True).start()
    except RuntimeError as error:
        raise (machine_limit(error) or error) from error
    await done.wait()
    if errors:
        try:
            raise errors[0]
        finally:
            errors.clear()  # breaks the cycle error -> its traceback -> this frame -> error
    return results[0]


# One at a time for a loop: a second thread that computes would only make the loop wait twice as long for its turn.
_one_at_a_time = PerLoop(asyncio.Lock)


async def offload(fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """As `in_thread`, one call after the other; for what computes, or reads files."""
    async with _one_at_a_time():
        with short_switch_interval(), _paused_gc.changed():
            return await in_thread(fn, *args, **kwargs)


def short_switch_interval() -> AbstractContextManager[None]:
    """In the block, threads that compute give way to the loop sooner than after Python's five milliseconds.

    With eight busy threads, a loop that woke between them had to wait for 12 ms or more. The interval is the whole
    process's: the program's own threads only switch a little more often.
    """
    return _switch_interval.changed()


class _ProcessSetting(Generic[T]):
    """A setting of the whole process that is changed as long as at least one block needs it."""

    def __init__(self, change: Callable[[], T], restore: Callable[[T], object]) -> None:
        self._change, self._restore = change, restore
        self._lock, self._blocks = threading.Lock(), 0

    @contextmanager
    def changed(self) -> Iterator[None]:
        """The first block changes the setting, the last restores it."""
        with self._lock:
            if not self._blocks:
                self._before = self._change()
            self._blocks += 1
        try:
            yield
        finally:
            with self._lock:
                self._blocks -= 1
                if not self._blocks:
                    self._restore(self._before)


def _shorten() -> float:
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(before, SWITCH_INTERVAL_S))
    return before


def _pause_gc() -> bool:
    before = gc.isenabled()
    gc.disable()
    return before


def _resume_gc(before: bool) -> None:
    if before:
        gc.enable()


_switch_interval = _ProcessSetting(_shorten, sys.setswitchinterval)
# A collection stops all threads: for 70 ms among the 220,000 quotes of the ECB's history while they are read.
_paused_gc = _ProcessSetting(_pause_gc, _resume_gc)


class RoundBudget:
    """The share of each round of a loop in which our tasks may compute: what many compute in one round adds up."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._began: float | None = None
        self._waiting: deque[asyncio.Future[None]] = deque()

    def spent(self) -> bool:
        """True when the share of this round is used up, and `next_round` must be awaited before computing."""
        if self._began is None:
            self._began = self._loop.time()
            self._loop.call_soon(self._new_round)
            return False
        return self._loop.time() - self._began > SHARE_S

    async def next_round(self) -> None:
        """Returns in a later round; the task that has waited longest is the first."""
        turn: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append(turn)
        await turn

    def _new_round(self) -> None:
        self._began = None
        for _ in range(min(WOKEN_A_ROUND, len(self._waiting))):
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
        if self._waiting:
            self._loop.call_soon(self._new_round)


_budget = PerLoop(RoundBudget)


async def compute_in_loop(fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What the function gives, computed in the loop, when a round has time for it; for a millisecond or so."""
    budget = _budget()
    while budget.spent():
        await budget.next_round()
    return fn(*args, **kwargs)
