"""`sequential`: each call runs in the caller, at submit. The yardstick for the others, and the easiest to debug."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, ParamSpec, TypeVar

from .base import AFTER_SHUTDOWN, InitializerFailed, OpenExecutor
from .calls import CallFuture, settle

P = ParamSpec("P")
R = TypeVar("R")


class SequentialExecutor(OpenExecutor):
    """Runs every call at once in the thread that submits it; its futures are finished when they are handed over."""

    mode = "sequential"
    workers = 1
    shares_memory = True

    def __init__(self, initializer: Callable[..., object] | None = None, initargs: tuple[Any, ...] = ()) -> None:
        self._initializer = initializer
        self._initargs = initargs
        self._why_broken: str | None = None
        self._closed = False
        # Reentrant: an initializer may submit.
        self._lock = threading.RLock()

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """The finished future of `fn(*args, **kwargs)`.

        KeyboardInterrupt and SystemExit pass straight to the caller, in whose thread the call runs.
        Raises RuntimeError after shutdown, InitializerFailed when the initializer failed.
        """
        if self._closed:
            raise RuntimeError(AFTER_SHUTDOWN)
        if self._initializer is not None:
            self._initialize()
        if self._why_broken is not None:
            raise InitializerFailed(self._why_broken)
        future: CallFuture[R] = CallFuture()
        _run(future, fn, *args, **kwargs)
        return future

    def _initialize(self) -> None:
        from .worker import why_failed

        with self._lock:
            initializer, self._initializer = self._initializer, None
            if initializer is None:
                return
            try:
                initializer(*self._initargs)
            except BaseException as error:
                self._why_broken = why_failed(initializer, error)
                if isinstance(error, (KeyboardInterrupt, SystemExit)):
                    raise
                raise InitializerFailed(self._why_broken) from error

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Refuses further calls; there is never one to wait for or to cancel."""
        self._closed = True

    def kill(self) -> None:
        """As `shutdown`: nothing runs outside the caller."""
        self._closed = True


def _run(future: Future[R], fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> None:
    future.set_running_or_notify_cancel()
    try:
        value = fn(*args, **kwargs)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        settle(future, None, error)
        # Cuts the circle future -> error -> its traceback -> this frame -> future, as the standard library does.
        del future
    else:
        settle(future, value, None)
