"""Locks between processes: files in a common folder, locked by `filelock`. The lock of a process that dies is free."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from types import TracebackType

from rates.transport.io import Io
from rates.transport.watchdog import Guard

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


class FileLocked:
    """Holds a file's lock for the block, which it waits for by polling: the deadline and Ctrl-C still end the wait."""

    def __init__(self, io: Io, path: str, guard: Guard) -> None:
        self._io, self._path, self._guard = io, path, guard

    async def __aenter__(self) -> None:
        while (release := try_lock(self._path)) is None:
            await self._io.sleep(POLL_S, self._guard)
        self._release = release

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._release()
