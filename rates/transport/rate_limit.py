"""The limit of requests to one host: so many at once, and so much time between their starts.

It holds across all threads and event loops of a process, and across the processes of a run: see `interprocess`.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable

from rates.errors import DeadlineExceeded, HostNotFound, QuotaExceeded
from rates.forks import fork_safe_lock, in_forked_child
from rates.transport import pauses
from rates.transport.interprocess import FileSlot, Release, processes
from rates.transport.io import Io
from rates.transport.timings import now
from rates.transport.watchdog import Guard, monotonic

Wake = Callable[[], object]
MOST_HOSTS = 256  # twice as many as there are publishers


class Slots:
    """The slots of one host, and the moment at which its next request may start."""

    def __init__(self, concurrency: int) -> None:
        self.free = concurrency
        self.users = 0  # requests that have a slot or wait for one
        self.waiting: deque[Wake] = deque()
        self.lock = threading.Lock()
        self.next_start = 0.0

    def take(self, wake: Wake | None = None) -> bool:
        """Takes a slot if one is free; if not, `wake` is registered and called once when a slot is handed over."""
        with self.lock:
            if self.free:
                self.free -= 1
                return True
            if wake is not None:
                self.waiting.append(wake)
            return False

    def release(self) -> None:
        """Hands the slot over to the one that has waited longest."""
        with self.lock:
            wake = self.waiting.popleft() if self.waiting else None
            self.free += wake is None
        if wake is not None:
            wake()

    def cancel(self, wake: Wake) -> None:
        """Ends a wait; a slot that was handed over meanwhile is released."""
        with self.lock:
            waited = wake in self.waiting
            if waited:
                self.waiting.remove(wake)
        if not waited:
            self.release()

    def delay(self, host: str, spacing_s: float, guard: Guard) -> float:
        """Reserves the next free start, and gives the seconds until then; raises when the guard's time ends before."""
        with self.lock:
            moment, left_s = monotonic(), guard.left()
            start = max(moment, self.next_start)
            if start - moment < left_s:
                self.next_start = start + spacing_s
                return start - moment
        guard.check()
        raise DeadlineExceeded(f"its turn at {host} comes too late", hint="give more time with --deadline")

    def not_asked(self) -> None:
        """Lets the next request start at once, since the last one did not reach the host."""
        with self.lock:
            self.next_start = 0.0


_slots: dict[tuple[str, int], Slots] = {}
_lock = fork_safe_lock()


def use_slots(host: str, concurrency: int) -> Slots:
    """The slots of a host, the same for all threads and event loops of the process, until `leave_slots`.

    Redirects may lead to any number of hosts: of more than `MOST_HOSTS`, those in use or to be waited for are kept.
    """
    with _lock:
        found = _slots.get((host, concurrency))
        if found is None:
            if len(_slots) >= MOST_HOSTS:
                moment = monotonic()
                for key in [key for key, one in _slots.items() if not one.users and one.next_start <= moment]:
                    del _slots[key]
            found = _slots[host, concurrency] = Slots(concurrency)
        found.users += 1
    return found


def leave_slots(slots: Slots) -> None:
    """Ends one use of a host's slots."""
    with _lock:
        slots.users -= 1


class Turn:
    """A turn among the requests to a host: a slot, and a start at the right distance from the one before.

    An asynchronous context manager; `DeadlineExceeded` when the turn does not come in time. A host that asked to wait
    has no turns until then: `QuotaExceeded` if that is later than the deadline.
    """

    __slots__ = (
        "_concurrency", "_guard", "_heeded", "_host", "_io", "_release_file", "_slots", "_spacing_s", "_taken",
    )  # fmt: skip

    def __init__(self, io: Io, host: str, concurrency: int, spacing_s: float, guard: Guard) -> None:
        self._io, self._host, self._guard = io, host, guard
        self._concurrency, self._spacing_s = processes().allowed(concurrency, spacing_s)
        self._release_file: Release | None = None
        self._taken = False
        self._heeded = 0.0  # the end of the last pause that was waited for

    async def __aenter__(self) -> None:
        began = now()
        self._slots = use_slots(self._host, self._concurrency)
        try:
            await self._heed()
            await self._take()
            while self._paused():  # the host asked to wait while this turn was waited for
                self._give_back()
                await self._heed()
                await self._take()
        except BaseException:
            await self.__aexit__()
            raise
        finally:
            self._guard.phases.turn += now() - began

    def _paused(self) -> pauses.Pause | None:
        """A pause of the host that this turn has not waited for."""
        pause = pauses.pause(self._host)
        return None if pause.over or pause.until <= self._heeded else pause

    async def _heed(self) -> None:
        """Waits as long as the host asked for, and a little more."""
        while pause := self._paused():
            left_s = self._guard.left()
            least, seconds = pause.wait_s(left_s)
            if least >= left_s:
                self._guard.check()
                error = QuotaExceeded(f"{self._host} asked to wait", hint=f"try again in {math.ceil(least)} s")
                error.retry_after_s = least
                raise error
            await self._io.sleep(seconds, self._guard)
            self._heeded = pause.until

    async def _take(self) -> None:
        """Takes a slot, and waits for its start."""
        if not self._slots.take():
            await self._wait()
        self._taken = True
        folder = processes().folder
        if folder:
            files = FileSlot(self._io, folder, self._host, self._guard)
            self._release_file = await files.take(self._concurrency)
            if self._spacing_s:
                await self._io.sleep(await files.delay(self._spacing_s), self._guard)
        elif self._spacing_s:
            await self._io.sleep(self._slots.delay(self._host, self._spacing_s, self._guard), self._guard)

    async def _wait(self) -> None:
        """Returns with a slot that was handed over."""
        signal = self._io.signal()
        wake = signal.set
        if self._slots.take(wake):
            return
        try:
            await signal.wait(self._guard)
        except BaseException:
            self._slots.cancel(wake)
            raise

    def _give_back(self) -> None:
        if self._release_file is not None:
            self._release_file()
            self._release_file = None
        if self._taken:
            self._taken = False
            self._slots.release()

    async def __aexit__(self, kind: type[BaseException] | None = None, *_: object) -> None:
        if kind is HostNotFound:  # without a network, five bases would wait for the spacing of each host
            self._slots.not_asked()
        self._give_back()
        leave_slots(self._slots)


@in_forked_child
def _forget() -> None:
    """A slot may have been taken by a thread that the child does not have."""
    _slots.clear()
