"""What the processes of one run on one machine share: locked files, and the limit of requests to one host.

Files stand in the run's folder and are locked by `filelock`; the lock of a process that dies is free. Where processes
share no folder, as on several machines, each takes its part of a host's limit: the requests at once divided by the
number of processes, and the time between starts multiplied by it.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rates.transport.io import Io
from rates.transport.watchdog import Guard, monotonic

POLL_S = 0.01  # between tries: a hundredth of what a request takes

Release = Callable[[], object]


def try_lock(path: str) -> Release | None:
    """Locks a file, and gives the function that releases it; None while another holds the lock.

    Where files cannot be locked (some network folders, a folder that is gone) each caller gets the lock: every process
    then works for itself.
    """
    from filelock import lock_descriptor  # here, since only processes that share a folder need it

    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return _nothing
    try:
        if lock_descriptor(handle, blocking=False):
            return partial(_release, handle)
    except OSError:
        os.close(handle)
        return _nothing
    os.close(handle)
    return None


def _release(handle: int) -> None:
    from filelock import unlock_descriptor

    unlock_descriptor(handle)
    os.close(handle)


def _nothing() -> None:
    """Releases no lock."""


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file completely or not at all: no other thread or process reads a part of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        draft.write_bytes(content)
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


class FileLocked:
    """Holds a file's lock for the block, which it waits for by polling: the deadline and Ctrl-C still end the wait."""

    def __init__(self, io: Io, path: str, guard: Guard) -> None:
        self._io, self._path, self._guard = io, path, guard

    async def __aenter__(self) -> None:
        while (release := try_lock(self._path)) is None:
            await self._io.sleep(POLL_S, self._guard)
        self._release = release

    async def __aexit__(self, *_: object) -> None:
        self._release()


# --- the limit -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Processes:
    """The processes that share the limits: how many, with this one, and their common folder ("" for none)."""

    count: int = 1
    folder: str = ""

    def allowed(self, concurrency: int, spacing_s: float) -> tuple[int, float]:
        """How much of a host's limits is for each of them, or for all in the common folder."""
        if self.folder or self.count <= 1:
            return concurrency, spacing_s
        return max(1, concurrency // self.count), spacing_s * self.count


_processes = Processes()


def share_limits(count: int, folder: str) -> None:
    """Sets how many processes share the limits, with this one, and in which folder; none if it does not exist here."""
    global _processes
    if folder and os.path.isdir(folder):
        import filelock  # noqa: F401 - takes 40 ms, which the first fetch need not wait for
    else:
        folder = ""
    _processes = Processes(count, folder)


def processes() -> Processes:
    """The processes that share the limits with this one."""
    return _processes


def _stem(folder: str, host: str) -> Path:
    """What the names of a host's files begin with."""
    return Path(folder, f"turn-{hashlib.sha256(host.encode()).hexdigest()[:16]}")


def write_pause(folder: str, host: str, until: float, spread_s: float) -> None:
    """Notes for all processes until when the host is not asked; nothing where no file can be written."""
    try:
        write_whole(Path(f"{_stem(folder, host)}.pause"), f"{until:.6f} {spread_s:.6f}".encode())
    except OSError:
        pass


def read_pause(folder: str, host: str) -> tuple[float, float]:
    """What `write_pause` noted; (0, 0) if nothing. The clock is one for all processes of a machine."""
    try:
        with open(f"{_stem(folder, host)}.pause", encoding="ascii") as file:
            until, spread_s = map(float, file.read().split())
    except (OSError, ValueError):
        return 0.0, 0.0
    return until, spread_s


class FileSlot:
    """One host's slots as files in a folder, and the moment of the next start in another; for one request."""

    def __init__(self, io: Io, folder: str, host: str, guard: Guard) -> None:
        self._io, self._guard = io, guard
        self._stem = _stem(folder, host)

    async def take(self, concurrency: int) -> Release:
        """Takes a free slot, and gives the function that releases it. The slot of a process that dies is free."""
        while True:
            for number in range(concurrency):
                release = try_lock(f"{self._stem}.{number}")
                if release is not None:
                    return release
            await self._io.sleep(POLL_S, self._guard)

    async def delay(self, spacing_s: float) -> float:
        """Reserves the next free start, and gives the seconds until then; the clock is one for all processes.

        Where no file can be written, as on a full disk, each request waits for its spacing once.
        """
        file = Path(f"{self._stem}.next")
        async with FileLocked(self._io, f"{self._stem}.next.lock", self._guard):
            try:
                start = max(monotonic(), float(file.read_text() or 0) if file.exists() else 0.0)
                file.write_text(f"{start + spacing_s:.6f}")
            except (OSError, ValueError):
                return spacing_s
            return start - monotonic()
