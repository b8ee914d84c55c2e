"""`interpreter`: a pool of isolated interpreters, each with its own lock, from Python 3.14 on.

Calls and results travel as bytes, as to another process: what the interpreters share by themselves loses errors that
have no simple form, and prints them on stderr.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent import interpreters  # type: ignore[attr-defined]
from concurrent.futures import InterpreterPoolExecutor  # type: ignore[attr-defined]
from typing import Any
from warnings import filterwarnings

from . import _private
from . import worker as _worker
from .pickling import from_bytes, packed_call, refuse_lost_main, sendable
from .processes import refuse_in_bootstrap
from .thread import ThreadCall, ThreadExecutor, Worker


class SentCall(ThreadCall):
    """A call as bytes, served in the interpreter of the worker that takes it."""

    __slots__ = ()

    def outcome(self, worker: Worker) -> tuple[Any, BaseException | None]:
        """What the call gives there, or its error."""
        payload, needs_main = self.what
        del self
        try:
            if needs_main and not worker.main_imported:
                worker.inner.call(_private.import_main, _private.main_module())
                worker.main_imported = True
            return from_bytes(worker.inner.call(_worker.serve, payload))
        except BaseException as error:
            return None, error


class InterpreterExecutor(ThreadExecutor, InterpreterPoolExecutor):  # type: ignore[misc]
    """An `InterpreterPoolExecutor`. Each interpreter starts with its thread, at a call for which there is none."""

    mode = "interpreter"
    shares_memory = False

    def __init__(
        self, workers: int, initializer: Callable[..., object] | None = None, initargs: tuple[Any, ...] = ()
    ) -> None:
        refuse_in_bootstrap()
        self._initial = b""
        if initializer is not None:
            self.check(initializer)
            self._initial = packed_call(initializer, initargs, {})
        super().__init__(workers, initializer, initargs, name="rates_interpreter")

    def check(self, fn: object) -> None:
        """Raises TypeError if `fn` cannot be sent to another interpreter."""
        refuse_lost_main(fn)
        sendable(fn)

    def made(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> ThreadCall:
        """The call as bytes; TypeError for what cannot be sent."""
        refuse_lost_main(fn)
        payload = packed_call(fn, args, kwargs)
        return SentCall((payload, b"__main__" in payload))

    def _leave(self, workers: list[Worker], why: str) -> str:
        """Leaves their interpreters too; Python would warn at exit that they are still there."""
        if workers:
            filterwarnings("ignore", "remaining subinterpreters", RuntimeWarning)
        return super()._leave(workers, why).replace("its thread", "its interpreter's thread")

    def prepare(self, worker: Worker) -> str:
        """Makes the thread's interpreter, in which the initializer is run."""
        try:
            worker.inner = interpreters.create()
            worker.inner.exec(f"import sys; sys.path[:] = {sys.path!r}")
            if b"__main__" in self._initial:
                worker.inner.call(_private.import_main, _private.main_module())
                worker.main_imported = True
            return str(worker.inner.call(_worker.initialize_from, self._initial)) if self._initial else ""
        except Exception as failure:
            return f"no interpreter can be made: {type(failure).__qualname__}: {failure}"
