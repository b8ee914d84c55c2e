"""What runs inside a worker of a Dask cluster, which may serve several executors in its life."""

from __future__ import annotations

import pickle
import threading
from typing import Any

from distributed.diagnostics.plugin import WorkerPlugin

from .. import _private
from ..names import why_failed
from ..worker import serve

# By the name of the executor: why its initializer failed here.
_failed: dict[str, str] = {}
# Held while the main module is imported, which happens once.
_importing = threading.Lock()
_imported: list[dict[str, Any]] = []


class Prepare(WorkerPlugin):
    """Runs an executor's initializer in every worker that there is and every one that comes."""

    def __init__(self, name: str, initializer: str, payload: bytes, main: dict[str, Any] | None) -> None:
        self.name, self.initializer, self.payload, self.main = name, initializer, payload, main

    def setup(self, worker: Any, *args: Any, **kwargs: Any) -> None:
        """Its failure is kept for the calls to report: Dask would only log it."""
        try:
            _import_main(self.main)
            initializer, arguments, _ = pickle.loads(self.payload)
            initializer(*arguments)
        except BaseException as error:
            _failed[self.name] = why_failed(self.initializer, error)

    def teardown(self, worker: Any, *args: Any, **kwargs: Any) -> None:
        """The executor has ended."""
        _failed.pop(self.name, None)


def serve_for(name: str, payload: bytes, main: dict[str, Any] | None) -> bytes | str:
    """The call of one executor, as `worker.serve`. The process may have children, such as an executor of the call.

    main: the main module that the call refers to, if this worker has to import it.
    """
    _private.configure_process(daemon=False)
    _import_main(main)
    return _failed.get(name) or serve(payload)


def _import_main(main: dict[str, Any] | None) -> None:
    with _importing:
        if main is not None and not _imported:
            _imported.append(main)
            _private.import_main(main)
