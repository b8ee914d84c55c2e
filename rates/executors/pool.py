"""`pool`: `multiprocessing.Pool`, its different interface turned into submit, map, shutdown and futures.

The Pool does not report a worker that died: a watcher does here.
"""

from __future__ import annotations

import threading
import weakref
from functools import partial
from multiprocessing import connection
from typing import Any

from . import _private, worker
from .calls import Call
from .processes import ProcessesExecutor
from .queued import Backend


class PoolExecutor(ProcessesExecutor):
    """A `multiprocessing.Pool` that is a `concurrent.futures.Executor`. Its processes start at the first call."""

    mode = "pool"

    def open_backend(self) -> _Pool:
        """A Pool, and the thread that waits for the death of one of its processes."""
        return _Pool(self)


class _Pool(Backend):
    def __init__(self, executor: PoolExecutor) -> None:
        with executor.starting():
            self.pool: Any = executor.context.Pool(executor.workers, worker.prepare, executor.initial)
        self.closing = False
        # Listed before any call is handed over: the Pool replaces a dead worker at once, and then none would be missed.
        watched = list(_private.workers_of_pool(self.pool)), weakref.ref(executor)
        threading.Thread(target=self.watch, args=watched, name="rates-watch", daemon=True).start()

    def watch(self, workers: list[Any], executor: weakref.ref[PoolExecutor]) -> None:
        """Waits for the first of the workers to end, which none does before the pool is ended."""
        connection.wait([process.sentinel for process in workers])
        opened = executor()
        if opened is not None and not self.closing:
            opened.crashed(self)

    def begin(self, call: Call) -> None:
        """Hands the call to the Pool."""
        executor = call.executor
        assert isinstance(executor, PoolExecutor)
        self.pool.apply_async(
            worker.serve,
            (call.what,),
            callback=partial(self._answered, executor, call),
            error_callback=partial(executor.landed, call, None),
        )

    def _answered(self, executor: PoolExecutor, call: Call, body: bytes | str) -> None:
        executor.answered(call, body, self)

    def close(self) -> None:
        """Lets the processes come to their end."""
        self.closing = True
        self.pool.close()
        self.pool.join()

    def end(self) -> None:
        """Ends every process, whatever it runs, and reaps it."""
        self.closing = True
        _private.end_pool(self.pool)

    def disown(self) -> None:
        """In a forked child: the processes are the parent's."""
        _private.disown_children(_private.workers_of_pool(self.pool))
        _private.disown_pool(self.pool)
