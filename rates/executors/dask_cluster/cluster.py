"""The client of a Dask scheduler, with a cluster of our own behind it or one that runs already; how both are ended.

A nanny that is asked to close waits for its worker to be up before it ends it, and one that is given up before that
leaves its worker alone. So a forced end looks for the processes itself until none is on its way any more.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from functools import partial
from itertools import count
from time import monotonic
from typing import Any, cast

import dask
import distributed

from .. import _private
from ..calls import Call
from ..queued import Backend
from .start import Start, quiet
from .worker import Prepare, serve_for

# How long a scheduler may take to answer when it is first spoken to, a cluster of ours to end, and one that is killed:
# a Ctrl-C must be over within a second.
CONNECT_S, GRACE_S, KILLED_S = 10.0, 5.0, 0.5
# How long a worker process may take to start, at the most, when it is to be ended, and how often it is looked for.
START_S, LOOK_S = 60.0, 0.02
CLIENT_LOG = logging.getLogger("distributed.client")
# A dead worker's calls fail, and are not tried again unseen; workers may have child processes.
CONFIG = {
    "distributed.scheduler.allowed-failures": 0,
    "distributed.worker.daemon": False,
    "distributed.comm.timeouts.connect": f"{CONNECT_S:g}s",
    "distributed.nanny.pre-spawn-environ": {"DASK_LOGGING__DISTRIBUTED": "critical"},
    "distributed.version": 2,
}


class OwnCluster(cast(Any, distributed).LocalCluster):  # type: ignore[misc]
    """A local cluster that Dask does not end at exit, which may take it ten seconds: it is ended here."""

    shutdown_on_close = property(lambda _: False, lambda _, value: None)


class Cluster(Backend):
    """The backend of a `DaskExecutor`."""

    def __init__(
        self, name: str, initial: tuple[str, bytes] | None, scheduler: str | None, workers: int, processes: int
    ) -> None:
        self._name, self._initial, self._scheduler = name, initial, scheduler
        self._workers, self._processes = workers, processes
        self._keys = count()
        self._client: Any = None
        self._cluster: Any = None
        self._folder = ""
        self._lock = threading.Lock()
        self._quiet = ExitStack()
        # Passes nothing on: the calls fail when a scheduler is lost, and Dask would log its tracebacks as well.
        self._hush = logging.Filter(self._name)
        # It takes seconds, in a thread of its own: one that was interrupted in the middle would leave its processes.
        Start(self._connect, self._halt, self.end).finish()

    def _connect(self) -> None:
        CLIENT_LOG.addFilter(self._hush)
        with _private.deaf_to_interrupts(), _private.without_lost_main(), dask.config.set(CONFIG):
            where, library = self._scheduler or self._local(), cast(Any, distributed)
            try:
                self._client = library.Client(where, timeout=CONNECT_S, set_as_default=False, name=self._name)
            except (OSError, ValueError) as error:
                raise ConnectionError(
                    f"the scheduler at {self._scheduler} does not answer ({error}): is it running, and is the address "
                    "like tcp://host:8786?"
                ) from error
            if self._initial is not None:
                self._client.register_plugin(Prepare(self._name, *self._initial), name=self._name)

    def _local(self) -> Any:
        multiprocessing.Lock()  # without /dev/shm an OSError; a nanny would only say that it failed to start
        self._quiet.enter_context(quiet())
        self._folder = tempfile.mkdtemp(prefix="rates-dask-")
        self._cluster = OwnCluster(
            n_workers=self._processes,
            threads_per_worker=-(-self._workers // self._processes),
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            memory_limit=0,
            local_directory=self._folder,
            silence_logs=False,  # it is not undone where clusters overlap; `quiet` is
        )
        _private.silence_loop(self._cluster)
        return self._cluster

    def _halt(self) -> None:
        """Ends the processes of a cluster of ours that is still starting."""
        _kill(_private.worker_processes(_private.nannies_in(self._folder)))

    def begin(self, call: Call) -> None:
        """Hands the call to the scheduler."""
        executor: Any = call.executor
        key = f"{self._name}-{next(self._keys)}"
        call.handle = self._client.submit(serve_for, self._name, call.what, key=key, pure=False)
        call.handle.add_done_callback(partial(self._answered, executor, call))

    def _answered(self, executor: Any, call: Call, handle: Any) -> None:
        fetch = handle.exception if handle.status == "error" else handle.result
        lost = handle.status not in ("finished", "error")
        executor.answer(call, self, handle.status, (lambda: None) if lost else partial(fetch, timeout=CONNECT_S))

    def has_workers(self) -> bool:
        """Whether a worker is connected to the scheduler; true as well if the scheduler does not answer."""
        with suppress(Exception):
            return bool(self._client.scheduler_info()["workers"])
        return True

    def close(self) -> None:
        """Lets the worker processes come to their end, and ends client and cluster."""
        self._end(forced=False)

    def end(self) -> None:
        """Ends client and cluster, whatever runs there."""
        self._end(forced=True)

    def _end(self, *, forced: bool) -> None:
        with self._lock:
            client, cluster, folder = self._client, self._cluster, self._folder
            self._client, self._cluster, self._folder = None, None, ""
        with quiet():
            if client is not None and cluster is None and self._initial is not None:
                with suppress(Exception):
                    client.unregister_worker_plugin(self._name)
            nannies = list(getattr(cluster, "workers", {}).values())
            processes = _private.worker_processes(nannies)
            if forced:
                _private.keep_from_restarting(nannies)
                _kill(processes)
            # A client whose scheduler is lost goes on looking for it, even when it is closed.
            _private.beside(partial(_close, self._hush, client, cluster), KILLED_S if forced else 2 * GRACE_S)
            if _kill(processes):  # one that was just being started
                _private.beside(partial(_kill_started, processes), KILLED_S)
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
        self._quiet.close()

    def disown(self) -> None:
        """In a forked child: the worker processes are the parent's."""
        nannies = list(getattr(self._cluster, "workers", {}).values())
        _private.disown_children([worker.process for worker in _private.worker_processes(nannies)])


def _kill(workers: Sequence[Any]) -> list[Any]:
    """Ends worker processes; those of them that are just being started and cannot be ended yet."""
    starting = []
    for worker in workers:
        process = worker.process
        with suppress(ValueError, OSError):  # it is gone
            if process is not None and process.pid is None:
                starting.append(worker)
            elif process is not None and process.is_alive():
                os.kill(process.pid, signal.SIGKILL)
    return starting


def _kill_started(workers: Sequence[Any]) -> None:
    """Ends them as soon as they have started."""
    pause, until = threading.Event(), monotonic() + START_S
    while (workers := _kill(workers)) and monotonic() < until:
        pause.wait(LOOK_S)


def _close(hush: logging.Filter, *parts: Any) -> None:
    for part in parts:
        if part is not None:
            with suppress(Exception):
                part.close(timeout=GRACE_S)
    CLIENT_LOG.removeFilter(hush)
