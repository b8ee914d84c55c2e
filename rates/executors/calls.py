"""One call and its future, and how a future is finished so that no callback can harm the thread that finishes it."""

from __future__ import annotations

import logging
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from contextvars import Context, copy_context
from typing import Any, TypeVar

T = TypeVar("T")

# The standard library's own logger for the errors of done-callbacks.
LOGGER = logging.getLogger("concurrent.futures")


class CallFuture(Future[T]):
    """A future that raises every error, also one that is false, which the standard library takes for no error."""

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


class Call:
    """One call: its future, the context of the caller, and what is to be run.

    what: (fn, args, kwargs), or the same as bytes; None once the call is over. gone: whether the executor has given
    the call up.
    """

    __slots__ = ("context", "future", "gone", "what")

    def __init__(self, what: Any) -> None:
        self.future: CallFuture[Any] = CallFuture()
        self.context: Context | None = copy_context()
        self.what = what
        self.gone = False

    def finish(self, value: Any, error: BaseException | None) -> None:
        """Finishes the future, and keeps nothing of the call."""
        self.what = self.context = None
        settle(self.future, value, error)


def settle(future: Future[Any], value: Any, error: BaseException | None) -> None:
    """Finishes a future, unless that has happened already.

    `Future` logs the errors of its callbacks and goes on, except for SystemExit, KeyboardInterrupt and their like,
    which would end the thread of a pool here: they are logged in the same way.
    """
    try:
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)
    except InvalidStateError:
        pass
    except BaseException:
        LOGGER.exception("exception calling callback for %r", future)


def cancel(future: Future[Any]) -> bool:
    """Cancels a future that has not begun, so that `wait` and `as_completed` count it as done; whether it has.

    `Future.cancel` alone leaves that to the worker that takes the call, and no worker takes one after the end.
    """
    try:
        if not future.cancel():
            return False
    except BaseException:
        LOGGER.exception("exception calling callback for %r", future)
    with suppress(RuntimeError):  # its worker has just found it cancelled
        future.set_running_or_notify_cancel()
    return True


def fail(future: Future[Any], error: BaseException) -> None:
    """Fails a future that has begun or not; one that was cancelled stays so."""
    try:
        begun = future.running() or future.set_running_or_notify_cancel()
    except (InvalidStateError, RuntimeError):
        return
    if begun:
        settle(future, None, error)
