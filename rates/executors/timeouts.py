"""A limit per item: when each call began, also in another process, and which run too long or do not begin."""

from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from itertools import count
from math import inf
from time import monotonic
from typing import Generic, TypeVar

from .result import Lateness

T = TypeVar("T")
R = TypeVar("R")

_RECORD = struct.Struct("=qd")  # the number of an attempt, and the time at which it began

# Calls this close to their limit are late with one that has reached it.
TOGETHER_S = 0.1


class Overrun(Exception):
    """The call has ended by itself, after it had run for longer than it may."""


class Timed(Generic[T, R]):
    """`func`, which first notes that it begins. The monotonic clock is one for all processes of a machine.

    For a coroutine function the result is its coroutine, as with `functools.partial`.
    """

    def __init__(self, func: Callable[[T], R], note: Callable[[int, float], object], limit_s: float) -> None:
        self.func, self.note, self.limit_s = func, note, limit_s

    def __call__(self, attempt: int, item: T) -> R:
        """What `func` gives, in time; raises Overrun."""
        began = monotonic()
        self.note(attempt, began)
        value = self.func(item)
        if monotonic() - began > self.limit_s:
            raise Overrun
        return value


class NoteInFile:
    """Writes the beginning of a call into a file of the process that dispatches."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self, attempt: int, began: float) -> None:
        """Appends one record, which is short enough to be written whole."""
        with suppress(OSError):  # the dispatch is over, and its file gone; or it is another machine's
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND)
            try:
                os.write(handle, _RECORD.pack(attempt, began))
            finally:
                os.close(handle)


class Limit:
    """Knows which calls of an executor have run for longer than `limit_s`, and which do not begin.

    Where memory is shared calls note their beginning in a dict, else in a file, which is not seen on another machine.
    start_s: how long the first call may take to begin. After it, those that wait are late too if no call begins or ends
    for `limit_s`, as when a scheduler is stopped. None: they may wait for ever, except on another machine.
    """

    def __init__(self, executor: Executor, limit_s: float, start_s: float | None = None) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self.limit_s, self._executor, remote = limit_s, executor, getattr(executor, "remote", False)
        self._start_s = start_s if start_s is not None else limit_s if remote else inf
        self._waiting_s = limit_s if self._start_s < inf else inf
        self.due = 0.0  # when to look again
        self.first = inf  # when the first call began
        # By the index of the item the number of the attempt: what an earlier one notes late must not count. By that
        # number when it began.
        self._calls: dict[int, int] = {}
        self._began: dict[int, float] = {}
        self._numbers = count()
        self._renew()
        self._handle, self.path, self._read = -1, "", 0
        self.note: Callable[[int, float], object] = self._began.__setitem__
        if not getattr(executor, "shares_memory", isinstance(executor, ThreadPoolExecutor)):
            # A file without a name does not stay behind, however this process ends. On another machine its path may
            # lead to a file of another program.
            if hasattr(os, "memfd_create") and os.path.exists("/proc/self/fd") and not remote:
                self._handle = os.memfd_create("rates-begun")
                self.path = f"/proc/{os.getpid()}/fd/{self._handle}"
            else:
                self._handle, self.path = tempfile.mkstemp(prefix="rates-begun-")
            self.note = NoteInFile(self.path)

    def _renew(self) -> None:
        """The workers are new, and may take their time to start."""
        self._reopened = getattr(self._executor, "reopened", 0)
        self._patience_s, self._progress = self._start_s, monotonic()

    def progress(self, at: float) -> None:
        """A call began or ended at that time."""
        self.first = min(self.first, at)
        self._progress = max(self._progress, at)
        self._patience_s = self._waiting_s

    def handed(self, index: int) -> int:
        """The item's call is to be submitted, for the first time or again; the number of this attempt."""
        if not self._calls:
            self._progress = max(self._progress, monotonic())
        self._calls[index] = attempt = next(self._numbers)
        return attempt

    def landed(self, index: int) -> None:
        """The item's call has ended."""
        self._began.pop(self._calls.pop(index, -1), None)
        self.progress(monotonic())

    def over(self) -> dict[int, Lateness]:
        """Why each call is late that is late now, by the indices in order."""
        now = monotonic()
        self._look()
        ends: dict[int, float] = {}
        for index, attempt in sorted(self._calls.items()):
            began = self._began.get(attempt)
            ends[index] = self._progress + self._patience_s if began is None else began + self.limit_s
        self.due = min([now + self.limit_s, *ends.values()])
        if self.due > now:
            return {}
        # Calls that began together are late together: else those left would be run once more with a fresh worker.
        until = now + min(TOGETHER_S, self.limit_s / 20)
        waited = Lateness(f"no worker began it within {self._patience_s:g} s")
        return {i: self.ran() if self._calls[i] in self._began else waited for i, end in ends.items() if end <= until}

    def ran(self, became: str = "") -> Lateness:
        """The reason of a call that took longer than it may."""
        return Lateness(f"it ran for longer than {self.limit_s:g} s", True, became)

    def _look(self) -> None:
        """Learns which calls have begun since the last look."""
        if self._reopened != getattr(self._executor, "reopened", 0):
            self._renew()
        current = set(self._calls.values())
        if self._handle >= 0:
            body = os.pread(self._handle, os.fstat(self._handle).st_size - self._read, self._read)
            whole = len(body) - len(body) % _RECORD.size
            self._read += whole
            for attempt, began in _RECORD.iter_unpack(body[:whole]):
                self.first = min(self.first, began)
                if attempt in current:
                    self._began[attempt] = began
        for attempt in current:
            if attempt in self._began:
                self.progress(self._began[attempt])

    def end(self) -> None:
        """Removes the file."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
            with suppress(OSError):
                os.unlink(self.path)
