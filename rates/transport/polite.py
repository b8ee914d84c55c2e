"""Politeness per host, across all threads of a process: so many requests at once, so long between their starts."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rates.errors import DeadlineExceeded
from rates.transport.watchdog import Guard, monotonic


class _Gate:
    """One host's places and its next free moment."""

    def __init__(self, concurrency: int) -> None:
        self.places = threading.Semaphore(concurrency)
        self.lock = threading.Lock()
        self.next_start = 0.0

    def delay(self, spacing_s: float, left_s: float) -> float:
        """Takes the next free moment and tells how long it is until then; takes none when that is too late."""
        with self.lock:
            now = monotonic()
            start = max(now, self.next_start)
            if start - now < left_s:
                self.next_start = start + spacing_s
            return start - now


_gates: dict[tuple[str, int], _Gate] = {}
_lock = threading.Lock()


def _gate(host: str, concurrency: int) -> _Gate:
    with _lock:
        key = (host, concurrency)
        if key not in _gates:
            _gates[key] = _Gate(concurrency)
        return _gates[key]


@contextmanager
def turn(host: str, concurrency: int, spacing_s: float, guard: Guard) -> Iterator[None]:
    """A place among the requests to `host`; `DeadlineExceeded` when none comes free in time."""
    gate = _gate(host, concurrency)
    if not gate.places.acquire(timeout=max(0.0, guard.left())):
        raise _late(host, guard)
    try:
        if spacing_s:
            delay = gate.delay(spacing_s, guard.left())
            if delay >= guard.left():
                raise _late(host, guard)
            guard.sleep(delay)
        yield
    finally:
        gate.places.release()


def _late(host: str, guard: Guard) -> DeadlineExceeded:
    guard.check()
    return DeadlineExceeded(f"its turn at {host} comes too late", hint="give more time with --deadline")


def _reset() -> None:
    """A forked child starts with free gates: a lock may have been held when it was forked."""
    global _lock
    _gates.clear()
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reset)
