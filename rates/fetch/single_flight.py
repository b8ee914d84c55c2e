"""One download for many bases: who asks first fetches, who asks meanwhile waits, who asks later is given the same.

Within a process by a table of flights; across the processes of one run by files in the run's own folder, locked while
one of them fetches. A failure is shared like a success: 34 bases need not find out one by one that a bank is down.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from rates.errors import Interrupted, RatesError
from rates.model import Quote
from rates.transport.watchdog import Guard, monotonic

Quotes = tuple[Quote, ...]

# For callers without a run of their own: long enough for one batch of bases, short enough for a service that asks
# every few minutes to get what is new.
REUSE_S = 60.0
KEPT = 64  # documents remembered at most


class Flight:
    """One download under way or done. abandoned: who led it gave it up for reasons of his own; another may lead."""

    __slots__ = ("_waiting", "abandoned", "at", "error", "landed", "quotes")

    def __init__(self) -> None:
        self.landed = self.abandoned = False
        self.quotes: Quotes = ()
        self.error: RatesError | None = None
        self.at = monotonic()
        self._waiting: list[Callable[[], object]] = []

    def watch(self, wake: Callable[[], object]) -> None:
        """Calls `wake` when the download has landed; at once when it has already."""
        with _lock:
            if not self.landed:
                self._waiting.append(wake)
                return
        wake()

    def land(self) -> None:
        """Tells all who wait."""
        with _lock:
            self.landed = True
            waiting, self._waiting = self._waiting, []
        for wake in waiting:
            wake()

    def result(self) -> Quotes:
        """What came, or a copy of what stopped it."""
        if self.error is not None:
            raise _fresh(self.error)
        return self.quotes


_flights: dict[tuple[Any, ...], Flight] = {}
_lock = threading.Lock()


def _fresh(error: RatesError) -> RatesError:
    """A copy: one exception object raised in several threads would collect all their tracebacks."""
    copy: RatesError = pickle.loads(pickle.dumps(error))
    return copy


def once(key: tuple[Any, ...], run: str, run_dir: str, guard: Guard, make: Callable[[], Quotes]) -> Quotes:
    """What `make` gives for this key, made once a run however many threads, tasks and processes ask.

    Without a run, within the last minute, and failures are not kept.
    """
    while True:
        flight, leads = join((run, *key), keep_failures=bool(run))
        if leads:
            break
        come = threading.Event()
        flight.watch(come.set)
        while not come.is_set():
            guard.wait(come)
        if not flight.abandoned:
            return flight.result()
    with leading((run, *key), flight):
        flight.quotes = _shared(key, run_dir, guard, make) if run_dir else make()
    return flight.quotes


@contextmanager
def leading(key: tuple[Any, ...], flight: Flight) -> Iterator[None]:
    """Within, the flight is flown; its failure is for all who wait, or, when it is only the leader's, for nobody."""
    try:
        yield
    except BaseException as error:
        if not isinstance(error, RatesError) or isinstance(error, Interrupted):
            _leave(key, flight)  # a fault of this one fetch; who comes later may try
        flight.error = _fresh(error) if isinstance(error, RatesError) else Interrupted("the download was broken off")
        flight.abandoned = not isinstance(error, Exception)  # Ctrl-C, or a task that was cancelled
        raise
    finally:
        flight.land()


def join(key: tuple[Any, ...], *, keep_failures: bool) -> tuple[Flight, bool]:
    """The flight for a key, and whether the caller is the one to fly it."""
    with _lock:
        flight = _flights.get(key)
        if flight is not None and not _over(flight, keep_failures):
            return flight, False
        flight = _flights[key] = Flight()
        while len(_flights) > KEPT:
            _flights.pop(next(iter(_flights)))
        return flight, True


def _over(flight: Flight, keep_failures: bool) -> bool:
    """True when a finished flight must not be used again."""
    if not flight.landed or keep_failures:
        return False
    return flight.error is not None or monotonic() - flight.at > REUSE_S


def _leave(key: tuple[Any, ...], flight: Flight) -> None:
    with _lock:
        if _flights.get(key) is flight:
            del _flights[key]


def _shared(key: tuple[Any, ...], run_dir: str, guard: Guard, make: Callable[[], Quotes]) -> Quotes:
    """The same across processes: the first locks the document's file and fetches, the others wait and read it."""
    name = hashlib.sha256(repr(key).encode()).hexdigest()[:32]
    file = Path(run_dir, name)
    with _Locked(Path(run_dir, name + ".lock"), guard):
        if file.exists():
            found: Quotes | RatesError = pickle.loads(file.read_bytes())  # our own folder, readable by us alone
            if isinstance(found, RatesError):
                raise found
            return found
        try:
            made = make()
        except Interrupted:
            raise
        except RatesError as error:
            _write(file, pickle.dumps(error))
            raise
        _write(file, pickle.dumps(made))
    return made


def _write(file: Path, body: bytes) -> None:
    """Whole or not at all; a full disk only costs the sharing."""
    part = file.with_suffix(f".{os.getpid()}")
    try:
        part.write_bytes(body)
        part.replace(file)
    except OSError:
        with suppress(OSError):
            part.unlink()


class _Locked:
    """Holds a file's lock; polls, so that deadline and Ctrl-C still count. A dead process's lock is free.

    Where there are no locks (Windows, some network folders, a folder that is gone) each process fetches for itself.
    """

    def __init__(self, path: Path, guard: Guard) -> None:
        self.path, self.guard, self.handle = path, guard, -1

    def __enter__(self) -> None:
        try:
            import fcntl

            self.handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except (ImportError, OSError):
            return
        try:
            while not self._taken(fcntl):
                self.guard.sleep(0.01)
        except BaseException:
            self.__exit__()
            raise

    def _taken(self, fcntl: Any) -> bool:
        """Takes the lock if it is free; True too where the folder knows no locks."""
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            pass
        return True

    def __exit__(self, *_: object) -> None:
        if self.handle >= 0:
            handle, self.handle = self.handle, -1
            os.close(handle)


def _reset() -> None:
    """A forked child may keep what is done; a flight under way has lost its pilot."""
    global _lock
    _lock = threading.Lock()
    for key in [key for key, flight in _flights.items() if not flight.landed]:
        del _flights[key]


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reset)
