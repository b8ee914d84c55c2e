"""One download for many bases: the first caller downloads, the others wait and get the same result.

Within a process by a table of calls; across the processes of one run by files in the run's own folder, locked while one
of them downloads. A failure is shared like a success: 34 bases do not each wait for a bank that is down.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from rates.errors import Interrupted, RatesError
from rates.forks import fork_safe_lock, in_forked_child
from rates.model import Quote
from rates.transport import Guard, Io
from rates.transport.interprocess import FileLocked, write_whole
from rates.transport.watchdog import monotonic


class Answer(NamedTuple):
    """What a publisher has answered: its quotes; where they are from, since when, and the digest, as in `RateTable`."""

    quotes: tuple[Quote, ...] = ()
    source: str = ""
    fetched: datetime | None = None
    digest: str = ""


Make = Callable[[], Awaitable[Answer]]

# For callers without a run: long enough for one batch of bases, short enough for a service that asks
# every few minutes to get what is new.
REUSE_S = 60.0
KEPT = 64  # documents remembered at most


class Call:
    """One download, under way or done. abandoned: its leader was cancelled, and another caller may lead."""

    __slots__ = ("_waiting", "abandoned", "answer", "at", "done", "error")

    def __init__(self) -> None:
        self.done = self.abandoned = False
        self.answer = Answer()
        self.error: RatesError | None = None
        self.at = monotonic()
        self._waiting: list[Callable[[], object]] = []

    def when_done(self, wake: Callable[[], object]) -> None:
        """Calls `wake` when the download is done; at once when it already is."""
        with _lock:
            if not self.done:
                self._waiting.append(wake)
                return
        wake()

    def finish(self) -> None:
        """Wakes all waiters."""
        with _lock:
            self.done = True
            waiting, self._waiting = self._waiting, []
        for wake in waiting:
            wake()

    def result(self) -> Answer:
        """The answer, or a copy of the error that stopped the download."""
        if self.error is not None:
            raise _copy(self.error)
        return self.answer


_calls: dict[tuple[Any, ...], Call] = {}
_lock = fork_safe_lock()


def _copy(error: RatesError) -> RatesError:
    """A copy without its causes: one exception raised in several threads would collect all their tracebacks.

    Not by `copy` or `pickle`: another library may have taught those to keep the causes, which may hold a connection
    (tblib does so, which older versions of Dask install).
    """
    copy = type(error).__new__(type(error), *error.args)
    vars(copy).update(vars(error))
    return copy


async def once(io: Io, key: tuple[Any, ...], run: str, run_dir: str, guard: Guard, make: Make) -> Answer:
    """The answer that `make` gives for this key, made once a run for all threads, tasks and processes that ask.

    Without a run, made again after a minute, and after a failure.
    """
    key_in_run = (run, *key)
    while True:
        call, leads = _join(key_in_run, keep_failures=bool(run))
        if leads:
            return await _lead(key_in_run, call, _shared(io, key, run_dir, guard, make) if run_dir else make())
        signal = io.signal()
        call.when_done(signal.set)
        await signal.wait(guard)
        if not call.abandoned:
            return call.result()


def _join(key: tuple[Any, ...], *, keep_failures: bool) -> tuple[Call, bool]:
    """The call for a key, and whether the caller is to lead it."""
    with _lock:
        call = _calls.get(key)
        if call is not None and not _outdated(call, keep_failures):
            return call, False
        call = _calls[key] = Call()
        while len(_calls) > KEPT:
            _calls.pop(next(iter(_calls)))
        return call, True


def _outdated(call: Call, keep_failures: bool) -> bool:
    """True when a finished call must not be used again."""
    if not call.done or keep_failures:
        return False
    return call.error is not None or monotonic() - call.at > REUSE_S


async def _lead(key: tuple[Any, ...], call: Call, download: Awaitable[Answer]) -> Answer:
    """Runs the download. A publisher's error is shared with all waiters; the leader's cancellation is not."""
    try:
        call.answer = await download
    except BaseException as error:
        if not isinstance(error, RatesError) or isinstance(error, Interrupted):
            _drop(key, call)  # a fault of this one fetch; later callers may try
        call.error = _copy(error) if isinstance(error, RatesError) else Interrupted("the download was broken off")
        call.abandoned = not isinstance(error, Exception)  # Ctrl-C, or a task that was cancelled
        raise
    finally:
        call.finish()
    return call.answer


def _drop(key: tuple[Any, ...], call: Call) -> None:
    with _lock:
        if _calls.get(key) is call:
            del _calls[key]


async def _shared(io: Io, key: tuple[Any, ...], run_dir: str, guard: Guard, make: Make) -> Answer:
    """The same across processes: the first locks the document's file and downloads, the others wait and read it.

    Where the folder is gone each process downloads for itself.
    """
    file = Path(run_dir, hashlib.sha256(repr(key).encode()).hexdigest()[:32])
    async with FileLocked(io, f"{file}.lock", guard):
        if file.exists():
            found: Answer | RatesError = pickle.loads(file.read_bytes())  # our own folder, readable by us alone
            if isinstance(found, RatesError):
                raise found
            return found
        try:
            made = await make()
        except Interrupted:
            raise
        except RatesError as error:
            _keep(file, _copy(error))
            raise
        _keep(file, made)
    return made


def _keep(file: Path, found: Answer | RatesError) -> None:
    with suppress(OSError):  # on a full disk each process downloads for itself
        write_whole(file, pickle.dumps(found))


def forget() -> None:
    """Drops all remembered downloads of this process, so that the next fetch downloads again."""
    _calls.clear()


@in_forked_child
def _drop_unfinished() -> None:
    """A forked child may keep what is done; a download under way has lost its leader."""
    for key in [key for key, call in _calls.items() if not call.done]:
        del _calls[key]
