"""What runs inside a worker of a Dask cluster, which may serve several executors in its life."""

from __future__ import annotations

import pickle
from typing import Any

from distributed.diagnostics.plugin import WorkerPlugin

from .. import _private
from ..worker import serve, why_failed

# By the name of the executor: why its initializer failed here.
_failed: dict[str, str] = {}


class Prepare(WorkerPlugin):
    """Runs an executor's initializer in every worker that there is and every one that comes."""

    def __init__(self, name: str, initializer: str, payload: bytes) -> None:
        self.name, self.initializer, self.payload = name, initializer, payload

    def setup(self, worker: Any, *args: Any, **kwargs: Any) -> None:
        """Its failure is kept for the calls to report: Dask would only log it."""
        try:
            initializer, arguments, _ = pickle.loads(self.payload)
            initializer(*arguments)
        except BaseException as error:
            _failed[self.name] = why_failed(self.initializer, error)

    def teardown(self, worker: Any, *args: Any, **kwargs: Any) -> None:
        """The executor has ended."""
        _failed.pop(self.name, None)


def serve_for(name: str, payload: bytes) -> bytes | str:
    """The call of one executor, as `worker.serve`. The process may have children, such as an executor of the call."""
    _private.allow_children()
    return _failed.get(name) or serve(payload)
