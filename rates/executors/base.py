"""What every opened executor has beyond the standard library's: mode, workers, an end without waiting, one map."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from types import TracebackType
from typing import Any, Literal, NoReturn, TypeVar

from .mapping import ordered

R = TypeVar("R")

_forks = 0


class InitializerFailed(BrokenExecutor):
    """The initializer of a worker failed, so the executor runs nothing; it says which and why."""


class OpenExecutor(Executor):
    """A `concurrent.futures.Executor` of one mode.

    `mode` is the word that opens it and `workers` how many calls it runs at once. A mode whose workers can die has,
    besides, `broken` (are calls refused because one died?), `reopen()` (fresh workers, same settings) and `reopened`
    (how many times); one that must send its callables elsewhere has `check(fn)`. `dispatch` uses them when they are
    there. shares_memory: whether calls see this process's objects; remote: whether they may run on another machine.
    """

    mode: str
    workers: int
    shares_memory = False
    remote = False
    _forked = 0

    def __new__(cls, *_: object, **__: object) -> OpenExecutor:
        """Notes in which process the executor is opened."""
        opened = super().__new__(cls)
        opened._forked = _forks
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
        return self._forked != _forks

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
        """The results of `fn` over the iterables, in their order, as the standard library's, on every Python.

        Stops with the shortest iterable. timeout: seconds from this call until TimeoutError is raised. chunksize: items
        sent to a worker at a time, where they must be sent. buffersize: results not yet taken that calls may run ahead
        of; without it, all calls are submitted at once. Raises ValueError for a chunksize or buffersize below 1.
        """
        return ordered(
            self.submit, fn, iterables, timeout, 1 if self.shares_memory else chunksize, chunksize, buffersize
        )

    def drop(self, futures: Collection[Future[Any]], why: str) -> str:
        """Gives up those of the futures that run, and waits for none of them; a clause that tells what became of it.

        Processes are terminated and replaced, with whatever else they ran, which fails with BrokenExecutor. Threads
        cannot be ended: they are left, named by `why`, joined by nobody, and replaced.
        """
        return ""

    def late_because(self, future: Future[Any]) -> str:
        """A clause that tells why an unfinished call is late, where the mode knows: nobody took it, say."""
        return ""

    def kill(self) -> None:
        """Ends at once: what has not begun is cancelled, and nothing that runs is waited for."""
        raise NotImplementedError

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        """Waits for what was submitted, as the standard library's does, unless the block was interrupted.

        On Ctrl-C, an exit or a closed generator nobody is left to take the results: the standard library's executors
        would still run the whole queue first.
        """
        if kind is not None and not issubclass(kind, Exception):
            self.kill()
        else:
            self.shutdown(wait=True)
        return False


def _count_fork() -> None:
    global _forks
    _forks += 1


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_count_fork)
