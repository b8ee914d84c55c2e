"""One call and its future, and how a future is finished so that no callback can harm the thread that finishes it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Future, InvalidStateError
from contextvars import ContextVar, copy_context
from typing import Any, TypeVar

from . import _private

T = TypeVar("T")

# The standard library's own logger for the errors of done-callbacks.
LOGGER = logging.getLogger("concurrent.futures")
# The call that runs here, where calls see this process's memory: it may submit another one and wait for the result.
under_way: ContextVar[Call | None] = ContextVar("rates_call", default=None)


class CallFuture(Future[T]):
    """A future that is done as soon as it is cancelled, and raises every error.

    The standard library's is done for `wait` and `as_completed` only when a worker finds it cancelled, and takes an
    error that is false for none.
    """

    def cancel(self) -> bool:
        """As the standard library's."""
        try:
            return super().cancel()
        finally:  # an error of a callback, such as SystemExit
            if self.cancelled():
                _private.begin(self)

    def result(self, timeout: float | None = None) -> T:
        """As the standard library's."""
        value = super().result(timeout)
        if value is not None:
            return value
        error = self.exception(0)
        if error is None:
            return value
        try:
            raise error
        finally:
            del self, error  # or error, traceback, frame and future would refer to each other in a circle


class Call(CallFuture[Any]):
    """The future of a call of a `QueuedExecutor`, with what is to be run until it is over.

    what: (fn, args, kwargs), or the same as bytes. executor, context: the caller's. gone: whether the executor has
    released it. adds_worker: whether it has submitted to its own executor, which then runs one call more. alone:
    whether it must run with no other beside it. begun_again: whether its result was lost once. handle: the pool's
    object for it. where: the thread that runs it. submitter: the identifier of the thread that is just submitting it,
    0 afterwards. then: what is called with it when it is done, once; for that a callback would cost twice as much.
    """

    gone = adds_worker = alone = begun_again = False
    submitter = 0
    handle: Any = None
    then: Callable[[Call], None] | None = None
    where: threading.Thread | None = None

    def __init__(self, executor: Any, what: Any) -> None:
        super().__init__()
        self.executor, self.what = executor, what
        self.context: Any = copy_context() if executor.shares_memory else None

    def begins(self) -> bool:
        """Marks it as running; whether this thread has to run it: not if it was cancelled or given up."""
        if self.gone:
            return False
        if _private.begin(self):
            return True
        self.fail(CancelledError())
        return False

    def run(self) -> None:
        """Runs it in this thread."""
        executor, context, what = self.executor, self.context, self.what  # it may be given up at any moment
        if what is None or not (executor.marks or self.begins()):
            return
        context.run(under_way.set, self)
        fn, args, kwargs = what
        try:
            value = context.run(fn, *args, **kwargs)
        except BaseException as error:
            executor.landed(self, None, error)
            # Or error, traceback, this frame and call would refer to each other in a circle.
            del self, executor, context, what, fn, args, kwargs
        else:
            executor.returned(self, value)

    def land(self, value: Any, error: BaseException | None = None) -> None:
        """Takes what became of it, unless it is over already."""
        if (executor := self.executor) is not None:
            executor.landed(self, value, error)

    def fail(self, error: BaseException) -> None:
        """Ends it with an error, without running it."""
        self.land(None, error)

    def break_down(self, failure: BrokenExecutor, backend: Any) -> None:
        """Its worker cannot run it or anything else, so its executor is broken."""
        if (executor := self.executor) is not None:
            executor.break_down(failure, backend)

    def finish(self, value: Any, error: BaseException | None) -> None:
        """Finishes a call that was released, whether it has begun or not.

        `Future` logs the errors of its callbacks and goes on, except for SystemExit, KeyboardInterrupt and their like,
        which would end the thread of a pool here: they are logged in the same way.
        """
        self.forget()
        try:
            if error is None:
                self.set_result(value)
            else:
                self.set_exception(error)
        except InvalidStateError:  # it was cancelled
            pass
        except BaseException:
            LOGGER.exception("exception calling callback for %r", self)
        self._call_then()

    def cancel(self) -> bool:
        """As the standard library's."""
        try:
            return super().cancel()
        finally:
            if self.cancelled():
                self._call_then()

    def _call_then(self) -> None:
        then, self.then = self.then, None
        if then is not None:
            then(self)

    def forget(self) -> None:
        """Keeps nothing of the call but its future."""
        self.what = self.context = self.executor = self.handle = self.where = None

    def withdraw(self) -> None:
        """Cancels a call that was released; logs the errors of its callbacks, in the same way."""
        self.forget()
        try:
            self.cancel()
        except BaseException:
            LOGGER.exception("exception calling callback for %r", self)
