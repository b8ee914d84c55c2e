"""One call that an executor keeps in a queue of its own."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from contextvars import Context, ContextVar, copy_context
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .queued import QueuedExecutor

# The call under way, where calls see this process's memory: who submits from within it may wait for what it submits.
under_way: ContextVar[Queued | None] = ContextVar("rates_call", default=None)


class Queued:
    """One call: its future, what is to be run, in which context, and whether it was given up, or lent a place."""

    __slots__ = ("context", "executor", "future", "gone", "handle", "lends", "what", "where")

    def __init__(self, executor: QueuedExecutor, what: Any) -> None:
        self.executor, self.what = executor, what
        self.future: Future[Any] = Future()
        self.context: Context = copy_context()
        self.gone = self.lends = False
        self.handle: Any = None  # the pool's own word for the call
        self.where: Any = None  # the thread that runs it

    def run(self, worker: Any) -> None:
        """As the thread pool's own calls do: what it gives is its executor's. One that was given up is not begun."""
        if self.gone:
            return
        try:
            value = self.value()
        except BaseException as error:
            self.fail(error)
        else:
            self.executor.landed(self, value, None)

    def fail(self, error: BaseException) -> None:
        """It is not run, or has failed."""
        self.executor.landed(self, None, error)

    def value(self) -> Any:
        """What it gives, here and now, in its context."""
        self.where = threading.current_thread()
        return self.context.run(self._inside)

    def _inside(self) -> Any:
        fn, args, kwargs = self.what
        token = under_way.set(self)
        try:
            return fn(*args, **kwargs)
        finally:
            under_way.reset(token)
