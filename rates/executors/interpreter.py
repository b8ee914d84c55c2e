"""`interpreter`: the standard library's pool of isolated interpreters, each with its own lock, from Python 3.14 on.

Calls and results travel as bytes, as to another process: what the interpreters share by themselves loses errors that
have no simple form, and prints them on stderr.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import InterpreterPoolExecutor  # type: ignore[attr-defined]
from typing import Any
from warnings import filterwarnings

from . import worker as _worker
from .base import InitializerFailed
from .pickling import from_bytes
from .process import refuse_in_bootstrap, sendable
from .remote import main_module, packed_call
from .thread import Call, ThreadExecutor, Worker


class SentCall(Call):
    """A call as bytes, served in the interpreter of the worker that takes it."""

    __slots__ = ()

    def value(self, worker: Worker) -> Any:
        """What the call gives there."""
        value, error = _served(worker, self.fn)
        if error is not None:
            raise error
        return value


def _served(worker: Worker, payload: Any) -> tuple[Any, BaseException | None]:
    return from_bytes(worker.inner.run((_worker.serve, (payload,), {})))


class InterpreterExecutor(ThreadExecutor, InterpreterPoolExecutor):  # type: ignore[misc]
    """An `InterpreterPoolExecutor`. Each interpreter starts with its thread, at a call for which there is none."""

    mode = "interpreter"
    shares_memory = False

    def __init__(
        self, workers: int, initializer: Callable[..., object] | None = None, initargs: tuple[Any, ...] = ()
    ) -> None:
        refuse_in_bootstrap()
        if initializer is not None:
            sendable(initializer)
        self._checked: object = None
        super().__init__(workers, initializer, initargs, name="rates_interpreter")

    def check(self, fn: object) -> None:
        """Raises TypeError if `fn` cannot be sent to another interpreter."""
        if fn is not self._checked:
            sendable(fn)
            self._checked = fn

    def made(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call:
        """The call as bytes; TypeError for what cannot be sent."""
        self.check(fn)
        payload: Any = packed_call(fn, args, kwargs)
        return SentCall(payload, (), {})

    def _leave(self, workers: list[Worker], why: str) -> str:
        """Leaves their interpreters too; that they are still there when the process exits, Python would complain of."""
        if workers:
            filterwarnings("ignore", "remaining subinterpreters", RuntimeWarning)
        return super()._leave(workers, why).replace("its thread", "its interpreter's thread")

    def prepare(self, worker: Worker) -> str:
        """Makes the thread's interpreter, in which the main module is imported anew and the initializer is run."""
        worker.inner = self._create_worker_context()
        try:
            worker.inner.initialize()
            _, error = _served(worker, packed_call(_worker.arrive, (main_module(),), {}))
            if error is None:
                _, error = _served(worker, packed_call(_worker.begin, self.initial, {}))
        except Exception as failure:
            error = failure
        if error is None:
            return ""
        if isinstance(error, InitializerFailed):
            return str(error)
        return f"no interpreter can be made: {type(error).__qualname__}: {error}"
