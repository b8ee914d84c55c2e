"""What modes have in common whose calls travel as bytes, to processes or interpreters of this machine or another."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from . import _private
from .base import InitializerFailed, Terminated
from .calls import Call
from .interrupts import uninterrupted
from .names import unknown
from .pickling import from_bytes, packed_call, refuse_lost_main, sendable
from .queued import Backend, QueuedExecutor

WHY_BROKEN = "a worker process died: out of memory, a signal, os._exit, or a crash in compiled code"
NO_GUARD = (
    'if none ever ran a call, the script that opens the executor may lack its `if __name__ == "__main__":` line, '
    "without which each worker runs that script anew"
)


class SendingExecutor(QueuedExecutor):
    """Sends its calls as bytes, and gets bytes back: so nothing that is in them can break the pool on its way."""

    def __init__(
        self, workers: int, initializer: Callable[..., object] | None = None, initargs: tuple[Any, ...] = ()
    ) -> None:
        refuse_in_bootstrap()
        if initializer is not None:
            self.check(initializer)
        super().__init__(workers, initializer, initargs)

    def check(self, fn: object) -> None:
        """Raises TypeError if `fn` cannot be sent to a worker."""
        refuse_lost_main(fn)
        sendable(fn)

    def packed(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
        """The call as bytes; TypeError for what cannot be sent."""
        refuse_lost_main(fn)
        return packed_call(fn, args, kwargs)

    def answered(self, call: Call, body: bytes | str, backend: Backend) -> None:
        """What `worker.serve` gave."""
        if isinstance(body, str):
            self.break_down(InitializerFailed(body), backend)
        else:
            self.landed(call, *from_bytes(body))

    def leave(self, calls: list[Call], why: str) -> str:
        """Ends all worker processes; the calls that still ran there fail with Terminated."""
        with self._lock:
            others = list(self._running)
            self._release(others)
            backend = self._take_backend()
        if backend is not None:
            backend.end()
        self.reopened += 1
        for call in others:
            call.drop(Terminated("its worker process was terminated together with one that was late"))
        return "; its worker process was terminated"


class ProcessesExecutor(SendingExecutor):
    """A pool of processes that can be reopened after a crash and killed. All of them start at the first call.

    start_method: how they are started. preload: modules that the fork server imports once for all of them.
    """

    # With one call alone, each would wait for the pool's own thread.
    ready = 1

    def __init__(
        self,
        workers: int,
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
        start_method: str | None = None,
        preload: Sequence[str] = (),
    ) -> None:
        self.start_method = chosen(start_method)
        self.context: Any = multiprocessing.get_context(self.start_method)
        self._preload = (f"{__package__}.preload", *preload)
        super().__init__(workers, initializer, initargs)
        self._refuse_fork()

    def check(self, fn: object) -> None:
        """Raises TypeError if `fn` cannot be sent to a worker."""
        sendable(fn)
        if self.start_method != "fork":  # where the workers have the main module
            refuse_lost_main(fn)

    def packed(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
        """The call as bytes; TypeError for what cannot be sent."""
        if self.start_method != "fork":
            refuse_lost_main(fn)
        return packed_call(fn, args, kwargs)

    @contextmanager
    def starting(self) -> Iterator[None]:
        """For the block in which processes start."""
        preloaded = _private.preloaded(self.context, self._preload)
        with uninterrupted(), _private.deaf_to_interrupts(), _private.without_lost_main(), preloaded:
            yield

    def crashed(self, backend: Backend) -> None:
        """One of the backend's processes has died."""
        why = WHY_BROKEN if self.start_method == "fork" else f"{WHY_BROKEN}; {NO_GUARD}"
        self.break_down(BrokenProcessPool(why), backend)

    def replace(self) -> None:
        """Ends the broken processes; raises ValueError where new ones cannot be forked."""
        super().replace()
        self._refuse_fork()

    def _refuse_fork(self) -> None:
        if self.start_method == "fork" and (alive := threading.active_count()) > 1:
            raise ValueError(
                f"start method fork refused: {alive} threads are alive, and a lock that one of them holds would stay "
                "locked in the workers; choose forkserver or spawn, or open it before any thread"
            )


def chosen(start_method: str | None) -> str:
    """The start method asked for, else forkserver where there is one, else spawn.

    A fork server starts in 0.1 s where spawn takes 0.2 s, and forks no parent that has threads or has fetched.
    """
    known = multiprocessing.get_all_start_methods()
    if start_method is None:
        return "forkserver" if "forkserver" in known else "spawn"
    if start_method not in known:
        raise unknown("start method", start_method, known)
    return start_method


def refuse_in_bootstrap() -> None:
    """Raises RuntimeError in a worker that is still importing the script that opened it."""
    if _private.is_importing_main():
        raise RuntimeError(
            "this script opens workers each time it is imported, and a worker imports it: put what it does "
            'under `if __name__ == "__main__":`'
        )
