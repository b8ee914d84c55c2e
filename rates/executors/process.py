"""`process`: the standard library's pool of processes."""

from __future__ import annotations

from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
from functools import partial

from . import _private, worker
from .calls import Call
from .processes import ProcessesExecutor
from .queued import Backend


class ProcessExecutor(ProcessesExecutor):
    """Calls in a `ProcessPoolExecutor`, which can be reopened after a crash and killed."""

    mode = "process"

    def open_backend(self) -> _Processes:
        """A pool whose processes start at its first call."""
        return _Processes(self)


class _Processes(Backend):
    def __init__(self, executor: ProcessExecutor) -> None:
        self.pool = ProcessPoolExecutor(
            executor.workers, mp_context=executor.context, initializer=worker.prepare, initargs=executor.initial
        )
        _private.start_all_at_once(self.pool)
        self._started = False

    def begin(self, call: Call) -> None:
        """Submits the call to the pool."""
        executor = call.executor
        assert isinstance(executor, ProcessExecutor)
        try:
            if self._started:
                inner = self.pool.submit(worker.serve, call.what)
            else:
                with executor.starting():
                    inner = self.pool.submit(worker.serve, call.what)
                    self._started = True
        except BrokenProcessPool:
            executor.crashed(self)
        else:
            inner.add_done_callback(partial(self._answered, executor, call))

    def _answered(self, executor: ProcessExecutor, call: Call, inner: Future[bytes | str]) -> None:
        try:
            body = inner.result()
        except CancelledError:  # by `end`
            return
        except BrokenProcessPool:
            executor.crashed(self)
        except BaseException as error:
            executor.landed(call, None, error)
        else:
            executor.answered(call, body, self)

    def close(self) -> None:
        """Lets the processes come to their end."""
        self.pool.shutdown()

    def end(self) -> None:
        """Ends every process, whatever it runs, and reaps it."""
        _private.end_process_pool(self.pool)

    def disown(self) -> None:
        """In a forked child: the processes are the parent's."""
        _private.disown_children(_private.processes_of_pool(self.pool))
