"""A limit per item: when each call began, also in another process, and which of them have run too long."""

from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_RECORD = struct.Struct("=qd")  # the number of an attempt, and the time at which it began


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
    """Knows which calls are over their limit of seconds, counted from when they began.

    Where memory is shared calls note that in a dict, in processes of this machine in a file. On another machine it
    cannot be known when a call begins: there the limit counts from when it was handed over.
    """

    def __init__(self, limit_s: float, *, remote: bool, shared: bool) -> None:
        self.limit_s, self.remote = limit_s, remote
        # By the index of the item: the number of the attempt, since what an earlier one notes late must not count, and
        # when it was handed over, or last found not to have begun. By the number: when it began.
        self._calls: dict[int, tuple[int, float]] = {}
        self._began: dict[int, float] = {}
        self._numbers = count()
        self._handle, self.path, self._read = -1, "", 0
        self.note: Callable[[int, float], object] = self._began.__setitem__
        if not shared:
            self._handle, self.path = tempfile.mkstemp(prefix="rates-begun-")
            own = f"/proc/{os.getpid()}/fd/{self._handle}"
            if os.path.exists(own):  # a file without a name does not stay behind, however this process ends
                os.unlink(self.path)
                self.path = own
            self.note = NoteInFile(self.path)

    def handed(self, index: int) -> int:
        """The item's call is to be submitted, for the first time or again; the number of this attempt."""
        attempt = next(self._numbers)
        self._calls[index] = attempt, monotonic()
        return attempt

    def landed(self, index: int) -> None:
        """The item's call has ended."""
        attempt, _ = self._calls.pop(index, (-1, 0.0))
        self._began.pop(attempt, None)

    def next_s(self) -> float:
        """Seconds until the next call may be over its limit."""
        begins = [self._began.get(attempt, handed) for attempt, handed in self._calls.values()]
        return max(0.0, min(begins) + self.limit_s - monotonic()) if begins else self.limit_s

    def over(self) -> list[int]:
        """The indices of the calls that are over their limit now, in order."""
        now = monotonic()
        self._look()
        late = []
        for index, (attempt, handed) in self._calls.items():
            if not self.remote and attempt not in self._began:
                self._calls[index] = attempt, now  # it has not begun: it has a whole limit from now
            elif now - self._began.get(attempt, handed) >= self.limit_s:
                late.append(index)
        return sorted(late)

    def _look(self) -> None:
        """Reads from the file which calls have begun since the last look."""
        if self._handle < 0:
            return
        body = os.pread(self._handle, os.fstat(self._handle).st_size - self._read, self._read)
        whole = len(body) - len(body) % _RECORD.size
        self._read += whole
        current = {attempt for attempt, _ in self._calls.values()}
        self._began.update(note for note in _RECORD.iter_unpack(body[:whole]) if note[0] in current)

    def end(self) -> None:
        """Removes the file."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
            with suppress(OSError):
                os.unlink(self.path)
