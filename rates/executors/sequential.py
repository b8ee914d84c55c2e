"""`sequential`: each call runs in the caller, at submit. The yardstick for the others, and the easiest to debug."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, ParamSpec, TypeVar

from .base import AFTER_SHUTDOWN, InitializerFailed, OpenExecutor
from .calls import CallFuture
from .names import why_failed

P = ParamSpec("P")
R = TypeVar("R")


class SequentialExecutor(OpenExecutor):
    """Runs every call at once in the thread that submits it; its futures are finished when they are handed over."""

    mode = "sequential"
    workers = 1
    shares_memory = True

    def __init__(self, initializer: Callable[..., object] | None = None, initargs: tuple[Any, ...] = ()) -> None:
        self._initializer, self._initargs = initializer, initargs
        self._why_broken = ""
        self._closed = False
        self._lock = threading.RLock()  # reentrant: an initializer may submit

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """The finished future of `fn(*args, **kwargs)`.

        KeyboardInterrupt and SystemExit pass straight to the caller, in whose thread the call runs.
        Raises RuntimeError after shutdown, InitializerFailed when the initializer failed.
        """
        if self._closed:
            raise RuntimeError(AFTER_SHUTDOWN)
        if self._initializer is not None:
            self._initialize()
        if self._why_broken:
            raise InitializerFailed(self._why_broken)
        future: CallFuture[R] = CallFuture()
        future.set_running_or_notify_cancel()
        try:
            value = fn(*args, **kwargs)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            future.set_exception(error)
            try:
                return future
            finally:
                del future  # or error, traceback, this frame and future would refer to each other in a circle
        future.set_result(value)
        return future

    def _initialize(self) -> None:
        with self._lock:
            initializer, self._initializer = self._initializer, None
            try:
                if initializer is not None:
                    initializer(*self._initargs)
            except BaseException as error:
                self._why_broken = why_failed(initializer, error)
                if isinstance(error, (KeyboardInterrupt, SystemExit)):
                    raise
                raise InitializerFailed(self._why_broken) from error

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Refuses further calls; there is never one to wait for or to cancel."""
        self._closed = True

    kill = shutdown
