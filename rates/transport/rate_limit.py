"""Politeness per host: so many requests at once, so long between their starts.

It holds across all threads and event loops of a process, and for threads across the processes of a run: see
`neighbours`.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rates.errors import DeadlineExceeded
from rates.transport.interprocess_limit import neighbours, place
from rates.transport.watchdog import Guard, monotonic

Wake = Callable[[], object]


class _Gate:
    """One host's places and its next free moment.

    Who finds no place free leaves word how to be woken: a thread by an event, a task by its loop.
    """

    def __init__(self, concurrency: int) -> None:
        self.free = concurrency
        self.waiting: deque[Wake] = deque()
        self.lock = threading.Lock()
        self.next_start = 0.0

    def enter(self, wake: Wake | None = None) -> bool:
        """Takes a place if one is free; else `wake`, if given, is called once when one has been handed over."""
        with self.lock:
            if self.free:
                self.free -= 1
                return True
            if wake is not None:
                self.waiting.append(wake)
            return False

    def leave(self) -> None:
        """Gives a place to who has waited longest."""
        with self.lock:
            wake = self.waiting.popleft() if self.waiting else None
            self.free += wake is None
        if wake is not None:
            wake()

    def give_up(self, wake: Wake) -> None:
        """Waits no longer; a place that was handed over meanwhile is given on."""
        with self.lock:
            waited = wake in self.waiting
            if waited:
                self.waiting.remove(wake)
        if not waited:
            self.leave()

    def delay(self, host: str, spacing_s: float, guard: Guard) -> float:
        """Takes the next free moment and tells how long it is until then; raises when that is too late."""
        with self.lock:
            now, left_s = monotonic(), guard.left()
            start = max(now, self.next_start)
            if start - now < left_s:
                self.next_start = start + spacing_s
                return start - now
        guard.check()
        raise DeadlineExceeded(f"its turn at {host} comes too late", hint="give more time with --deadline")


_gates: dict[tuple[str, int], _Gate] = {}
_lock = threading.Lock()


def gate(host: str, concurrency: int) -> _Gate:
    """The gate of a host; one for all threads and event loops of the process."""
    found = _gates.get((host, concurrency))
    if found is None:
        with _lock:
            found = _gates.setdefault((host, concurrency), _Gate(concurrency))
    return found


@contextmanager
def turn(host: str, concurrency: int, spacing_s: float, guard: Guard) -> Iterator[None]:
    """A place among the requests to `host`; `DeadlineExceeded` when none comes free in time."""
    beside = neighbours()
    concurrency, spacing_s = beside.allowed(concurrency, spacing_s)
    places = gate(host, concurrency)
    if not places.enter():
        _wait(places, guard)
    try:
        if beside.folder:
            with place(beside.folder, host, concurrency, spacing_s, guard):
                yield
            return
        if spacing_s:
            guard.sleep(places.delay(host, spacing_s, guard))
        yield
    finally:
        places.leave()


def _wait(places: _Gate, guard: Guard) -> None:
    """Returns with a place that was handed over."""
    come = threading.Event()
    if places.enter(come.set):
        return
    try:
        while not come.is_set():
            guard.wait(come)
    except BaseException:
        places.give_up(come.set)
        raise


def _reset() -> None:
    """A forked child starts with free gates: a lock may have been held when it was forked."""
    global _lock
    _gates.clear()
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reset)
