"""What runs inside a worker of a Dask cluster, which may serve several executors in its life."""

from __future__ import annotations

import multiprocessing
import pickle
from typing import Any

from distributed.diagnostics.plugin import WorkerPlugin

from ..base import InitializerFailed
from ..pickling import to_bytes
from ..worker import serve, why_failed

# By the name of the executor: why its initializer failed here.
_failed: dict[str, str] = {}


class Prepare(WorkerPlugin):
    """Runs an executor's initializer in every worker that there is and every one that comes."""

    def __init__(self, name: str, initializer: str, payload: bytes) -> None:
        self.name, self.initializer, self.payload = name, initializer, payload

    def setup(self, worker: Any) -> None:
        """Its failure is kept for the calls to tell: Dask would only log it."""
        try:
            initializer, arguments, _ = pickle.loads(self.payload)
            initializer(*arguments)
        except BaseException as error:
            _failed[self.name] = why_failed(self.initializer, error)

    def teardown(self, worker: Any) -> None:
        """The executor has ended."""
        _failed.pop(self.name, None)


def serve_for(name: str, payload: bytes) -> bytes:
    """The call of one executor: bytes in, bytes out.

    The process may have children, so that a call can open an executor of its own: Dask makes some workers daemonic,
    such as those that it starts in place of dead ones, and daemonic processes are refused children.
    """
    current: Any = multiprocessing.current_process()
    current._config["daemon"] = False
    if name in _failed:
        return to_bytes(None, InitializerFailed(_failed[name]))
    return serve(payload)
