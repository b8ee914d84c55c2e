"""Politeness to a host across processes: those of one run and machine share places by locked files in its folder.

Where they share no folder, as on several machines, each takes its part: so many requests at once divided by how many
ask, and so much longer between them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rates.transport.watchdog import Guard, monotonic

LISTEN_S = 0.01  # between looks for a free place: a hundredth of what a request takes


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The processes that ask beside this one: how many with it, and the folder that they share ("" for none)."""

    many: int = 1
    folder: str = ""

    def allowed(self, concurrency: int, spacing_s: float) -> tuple[int, float]:
        """How much of what a host allows is for one of them."""
        if self.folder or self.many <= 1:
            return concurrency, spacing_s
        return max(1, concurrency // self.many), spacing_s * self.many


_now = Neighbours()


def settle(many: int, folder: str) -> None:
    """Says beside how many this process asks, itself included; a folder that is not here is none."""
    global _now
    _now = Neighbours(many, folder if folder and os.path.isdir(folder) and _locks() else "")


def neighbours() -> Neighbours:
    """Beside whom this process asks."""
    return _now


def _locks() -> bool:
    try:
        import fcntl  # noqa: F401
    except ImportError:  # Windows
        return False
    return True


@contextmanager
def place(folder: str, host: str, concurrency: int, spacing_s: float, guard: Guard) -> Iterator[None]:
    """A place among the requests of all neighbours to the host, and the moment for its start.

    Raises as the guard does. A dead process's place is free.
    """
    stem = Path(folder, f"turn-{hashlib.sha256(host.encode()).hexdigest()[:16]}")
    handle = _taken(stem, concurrency, guard)
    try:
        if spacing_s:
            guard.sleep(_delay(stem, spacing_s, guard))
        yield
    finally:
        os.close(handle)


def _taken(stem: Path, concurrency: int, guard: Guard) -> int:
    """The handle of a place's file, locked: closing it gives the place back."""
    while True:
        for number in range(concurrency):
            handle = os.open(f"{stem}.{number}", os.O_RDWR | os.O_CREAT, 0o600)
            if _lock(handle):
                return handle
            os.close(handle)
        guard.sleep(LISTEN_S)


def _lock(handle: int) -> bool:
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _delay(stem: Path, spacing_s: float, guard: Guard) -> float:
    """Takes the next free moment and tells how long it is until then; the clock is one for all processes."""
    handle = os.open(f"{stem}.next", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _lock(handle):
            guard.sleep(LISTEN_S)
        start = max(monotonic(), _read(handle))
        os.pwrite(handle, f"{start + spacing_s:<32.6f}".encode(), 0)
        return start - monotonic()
    finally:
        os.close(handle)


def _read(handle: Any) -> float:
    return float(os.pread(handle, 32, 0).strip() or 0)
