"""`interpreter`: a pool of isolated interpreters, each with its own lock, from Python 3.14 on.

Calls and results travel as bytes, as to another process: what the interpreters share by themselves loses errors that
have no simple form, and prints them on stderr.
"""

from __future__ import annotations

import sys
import weakref
from concurrent import interpreters  # type: ignore[attr-defined]
from concurrent.futures import InterpreterPoolExecutor  # type: ignore[attr-defined]
from math import inf
from time import monotonic
from typing import cast
from warnings import filterwarnings

from . import _private
from . import worker as _worker
from .calls import Call
from .processes import SendingExecutor
from .queued import QueuedExecutor
from .thread import Crew, Worker

# How long an interpreter may take to start and to end.
END_S = 5.0


class _Interpreters(Crew):
    thread = "interpreter's thread"

    def __init__(self, executor: QueuedExecutor) -> None:
        super().__init__(executor)
        initializer, initargs = executor.initial
        self.payload = b"" if initializer is None else executor.packed(initializer, initargs, {})

    def prepare(self, worker: Worker) -> str:
        _workers.add(worker)
        try:
            worker.inner = interpreters.create()
            worker.inner.exec(f"import sys; sys.path[:] = {sys.path!r}")
            _import_main(worker, self.payload)
            return str(worker.inner.call(_worker.initialize_from, self.payload)) if self.payload else ""
        except Exception as failure:
            return f"no interpreter can be made: {type(failure).__qualname__}: {failure}"

    def serve(self, worker: Worker, call: Call) -> None:
        executor, payload = cast(SendingExecutor, call.executor), call.what
        if payload is None or not call.begins():
            return
        try:
            _import_main(worker, payload)
            body = worker.inner.call(_worker.serve, payload)
        except BaseException as error:
            call.fail(error)
            del call, executor  # or error, traceback, this frame and call would refer to each other in a circle
        else:
            executor.answered(call, self, body)

    def _left(self, workers: list[Worker], why: str) -> list[str]:
        # Python would warn at exit that their interpreters are still there.
        filterwarnings("ignore", "remaining subinterpreters", RuntimeWarning)
        return super()._left(workers, why)


class InterpreterExecutor(SendingExecutor, InterpreterPoolExecutor):  # type: ignore[misc]
    """An `InterpreterPoolExecutor`. Each interpreter starts with its thread, at a call for which none is idle."""

    mode, backend = "interpreter", _Interpreters
    leave = QueuedExecutor.leave  # there is no process to terminate
    marks = False
    ready = inf


# The threads that have interpreters.
_workers: weakref.WeakSet[Worker] = weakref.WeakSet()


def _join_workers() -> None:
    """Waits at exit for threads that are about to end: Python 3.14 warns of one that is still in its interpreter then.

    It may even crash. A thread that was left may never end.
    """
    began = monotonic()
    for worker in list(_workers):
        worker.join(max(0.0, began + (_private.GRACE_S if worker.left else END_S) - monotonic()))


# At import, and so after the ends of the executors, which are registered later.
_private.register_exit(_join_workers, "interpreters")


def _import_main(worker: Worker, payload: bytes) -> None:
    """Imports the main module into the worker's interpreter, once, if the payload refers to it."""
    if b"__main__" in payload and not worker.main_imported:
        worker.inner.call(_private.import_main, _private.main_module())
        worker.main_imported = True
