"""What every opened executor has beyond the standard library's: mode, workers, an end without waiting, one map."""

from __future__ import annotations

import os
import weakref
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import partial
from itertools import islice
from time import monotonic
from types import TracebackType
from typing import Any, Literal, NoReturn, TypeVar

from . import _private

R = TypeVar("R")

KILLED = "the executor was killed before the call was finished"
AFTER_SHUTDOWN = "cannot run a call after shutdown: open another executor"

# The longest single wait. A Ctrl-C that comes just before a wait begins does not end it (CPython 3.11 to 3.14 mark the
# signal, then sleep: 3 of 28 were lost when sent as the first call began), so waits end by themselves, well within a
# second.
LISTEN_S = 0.25

forks = 0


class InitializerFailed(BrokenExecutor):
    """The initializer of a worker failed, so the executor runs nothing; the message says which and why."""


class Terminated(BrokenExecutor):
    """The worker of a call was ended because of another call, which was late; the call itself did no harm."""


class OpenExecutor(Executor):
    """A `concurrent.futures.Executor` of one mode.

    `mode` is the word that opens it and `workers` how many calls it runs at once. A mode whose workers can die also has
    `broken` (whether calls are refused because one died), `reopen()` (fresh workers, same settings), `reopened`
    (how many times) and `submit_alone` (runs a call with no other beside it); one that sends its callables elsewhere
    has `check(fn)`. `dispatch` uses them where they exist. shares_memory: whether calls see this process's objects;
    remote: whether they may run on another machine.
    """

    mode: str
    workers: int
    shares_memory = False
    remote = False
    _forked = 0

    def __new__(cls, *_: object, **__: object) -> OpenExecutor:
        """Notes in which process the executor is opened."""
        opened = super().__new__(cls)
        opened._forked = forks
        return opened

    def __repr__(self) -> str:
        """The mode, its workers, and how they are started where that can be chosen."""
        how = getattr(self, "start_method", "")
        return f"<{self.mode} executor, workers={self.workers}{f', start_method={how}' if how else ''}>"

    def __reduce__(self) -> NoReturn:
        """Refuses to be sent to a worker, where its future would wait for itself."""
        raise TypeError(f"a {self.mode} executor cannot be sent to a worker: open one there, within the call")

    @property
    def forked(self) -> bool:
        """Whether this process was forked after the executor was opened: its workers stayed with the parent."""
        return self._forked != forks

    def refuse_forked(self) -> None:
        """Raises RuntimeError in such a process."""
        if self.forked:
            raise RuntimeError(
                f"this {self.mode} executor was opened before the process was forked, and its workers stayed with the "
                "parent: open another one here"
            )

    def map(
        self,
        fn: Callable[..., R],
        *iterables: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
        buffersize: int | None = None,
    ) -> Iterator[R]:
        """The results of `fn` over the iterables, in their order: Python 3.14's `map`, on every Python.

        chunksize: items sent to a worker at a time, where they must be sent. buffersize: the most calls that are begun
        and whose results are not taken yet; without it, all calls are submitted at once. Raises ValueError for a
        chunksize or buffersize below 1.
        """
        if chunksize < 1:
            raise ValueError(f"chunksize must be at least 1, not {chunksize}")
        if self.shares_memory or chunksize == 1:
            return self._map(fn, iterables, timeout, buffersize)
        calls = zip(*iterables, strict=False)
        chunks = iter(lambda: tuple(islice(calls, chunksize)), ())
        size = -(-buffersize // chunksize) if isinstance(buffersize, int) else buffersize
        # The results of a chunk are one future's; they are handed out one by one.
        return _one_by_one(self._map(partial(_run_chunk, fn), (chunks,), timeout, size))

    def _map(
        self, fn: Callable[..., Any], iterables: tuple[Iterable[Any], ...], timeout: float | None, size: int | None
    ) -> Iterator[Any]:
        if size is not None and not isinstance(size, int):
            raise TypeError(f"buffersize must be an integer or None, not {type(size).__name__}")
        if size is not None and size < 1:
            raise ValueError(f"buffersize must be at least 1, not {size}")
        calls, ends = zip(*iterables, strict=False), None if timeout is None else monotonic() + timeout
        futures = deque(self.submit(fn, *call) for call in islice(calls, size))
        return _buffered(weakref.ref(self), fn, calls, futures, ends)

    def drop(self, futures: Collection[Future[Any]], why: str) -> str:
        """Gives up those of the futures that run, and waits for none of them; a clause that says what became of it.

        Processes are terminated and replaced; other calls that they ran fail with Terminated. Threads cannot be ended:
        each gets `why` into its name, is left running and not joined, and a new one takes its place. The futures that
        were given up fail with BrokenExecutor.
        """
        return ""

    def late_because(self, future: Future[Any]) -> str:
        """Why an unfinished call is late, if this executor knows; for example, no worker is connected."""
        return ""

    def kill(self) -> None:
        """Ends at once: what has not begun is cancelled, and nothing that runs is waited for."""
        raise NotImplementedError

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        """Waits for what was submitted, as the standard library's does, unless the block was interrupted.

        After Ctrl-C, an exit or a closed generator the results are not taken any more: the standard library's executors
        would still run the whole queue first. The same holds for a Ctrl-C that comes while this waits.
        """
        if kind is not None and not issubclass(kind, Exception):
            self.kill()
            return False
        try:
            self.shutdown(wait=True)
        except BaseException:
            self.kill()
            raise
        return False


def _buffered(
    executor: weakref.ref[OpenExecutor],
    fn: Callable[..., Any],
    calls: Iterator[tuple[Any, ...]],
    futures: deque[Future[Any]],
    ends: float | None,
) -> Iterator[Any]:
    """The results in order, with a further call submitted as each is asked for; keeps neither executor nor results."""
    try:
        while futures:
            if (opened := executor()) is not None and (call := next(calls, None)) is not None:
                futures.append(opened.submit(fn, *call))
            del opened
            yield _taken(futures.popleft(), None if ends is None else ends - monotonic())
    finally:
        for future in futures:
            future.cancel()


def _taken(future: Future[Any], timeout: float | None) -> Any:
    try:
        return future.result(timeout)
    finally:
        future.cancel()
        del future  # which an error's traceback would keep


def _run_chunk(fn: Callable[..., Any], calls: tuple[tuple[Any, ...], ...]) -> list[Any]:
    """The results of several calls, in the worker."""
    return [fn(*call) for call in calls]


def _one_by_one(chunks: Iterator[list[Any]]) -> Iterator[Any]:
    for chunk in chunks:
        chunk.reverse()
        while chunk:
            yield chunk.pop()


# Executors that are still open when the interpreter exits are shut down then, as the standard library's are.
_open: weakref.WeakSet[OpenExecutor] = weakref.WeakSet()


def end_at_exit(executor: OpenExecutor, imported: str) -> None:
    """Has the executor shut down when the interpreter exits, unless it has ended by then.

    The standard library's pools register their own ends when they are imported, and the last that was registered runs
    first: so this is registered anew for whatever has been imported.
    """
    _private.register_exit(_shut_down_all, imported)
    _open.add(executor)


def _shut_down_all() -> None:
    for executor in list(_open):
        if not executor.forked:
            executor.shutdown()


def _count_fork() -> None:
    global forks
    forks += 1
    for executor in list(_open):
        keep_in_child = getattr(executor, "keep_in_child", None)
        if keep_in_child is not None:
            keep_in_child()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_count_fork)
