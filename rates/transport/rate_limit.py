"""The limit of requests to one host: so many at once, and so much time between their starts.

It holds across all threads and event loops of a process, and across the processes of a run: see `interprocess`.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from rates.errors import DeadlineExceeded, HostNotFound
from rates.forks import fork_safe_lock, in_forked_child
from rates.transport.interprocess import FileSlot, Release, processes
from rates.transport.io import Io
from rates.transport.timings import now
from rates.transport.watchdog import Guard, monotonic

Wake = Callable[[], object]


class Slots:
    """The slots of one host, and the moment at which its next request may start."""

    def __init__(self, concurrency: int) -> None:
        self.free = concurrency
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


def slots(host: str, concurrency: int) -> Slots:
    """The slots of a host; the same for all threads and event loops of the process."""
    found = _slots.get((host, concurrency))
    if found is None:
        with _lock:
            found = _slots.setdefault((host, concurrency), Slots(concurrency))
    return found


class Turn:
    """A turn among the requests to a host: a slot, and a start at the right distance from the one before.

    An asynchronous context manager; `DeadlineExceeded` when the turn does not come in time.
    """

    __slots__ = ("_concurrency", "_guard", "_host", "_io", "_release_file", "_slots", "_spacing_s")

    def __init__(self, io: Io, host: str, concurrency: int, spacing_s: float, guard: Guard) -> None:
        self._io, self._host, self._guard = io, host, guard
        self._concurrency, self._spacing_s = processes().allowed(concurrency, spacing_s)
        self._slots = slots(host, self._concurrency)
        self._release_file: Release | None = None

    async def __aenter__(self) -> None:
        began = now()
        if not self._slots.take():
            await self._wait()
        try:
            folder = processes().folder
            if folder:
                files = FileSlot(self._io, folder, self._host, self._guard)
                self._release_file = await files.take(self._concurrency)
                if self._spacing_s:
                    await self._io.sleep(await files.delay(self._spacing_s), self._guard)
            elif self._spacing_s:
                await self._io.sleep(self._slots.delay(self._host, self._spacing_s, self._guard), self._guard)
        except BaseException:
            await self.__aexit__()
            raise
        finally:
            self._guard.phases.turn += now() - began

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

    async def __aexit__(self, kind: type[BaseException] | None = None, *_: object) -> None:
        if kind is HostNotFound:  # without a network, five bases would wait for the spacing of each host
            self._slots.not_asked()
        if self._release_file is not None:
            self._release_file()
        self._slots.release()


@in_forked_child
def _forget() -> None:
    """A slot may have been taken by a thread that the child does not have."""
    _slots.clear()
