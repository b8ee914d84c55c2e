"""`dask`: a cluster of `dask.distributed`, one of our own on this machine or one that runs already.

Results travel as bytes, which the scheduler passes on unread. What Dask does by itself is switched off: it takes
functions for pure, answers an equal call from memory, and tries a call whose worker died four times.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import uuid
from collections.abc import Callable, Collection
from concurrent.futures import BrokenExecutor, Future
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any, cast

try:
    import dask
    import distributed
except ImportError as error:
    raise ImportError("dask is not installed: pip install 'fetch-rates[dask]'") from error

from ..names import named
from ..pickling import from_bytes
from ..process import TERMINATED, WHY_BROKEN, refuse_in_bootstrap, sendable
from ..queued import Queued, QueuedExecutor
from ..remote import packed_call
from ..terminate import joined, unheard
from .end import kill, kill_started, let_end, processes_of
from .start import Start, quiet
from .worker import Prepare, serve_for

# How long a scheduler may take to answer when it is first spoken to, a cluster of ours to end, and one that is killed:
# a Ctrl-C must be over within a second.
CONNECT_S, GRACE_S, KILLED_S = 10.0, 2.0, 0.5
CLIENT_LOG = logging.getLogger("distributed.client")
# A dead worker's calls are told, not tried again unseen; workers may have child processes; and nobody is waited for.
CONFIG = {
    "distributed.scheduler.allowed-failures": 0,
    "distributed.worker.daemon": False,
    "distributed.comm.timeouts.connect": f"{CONNECT_S:g}s",
    "distributed.nanny.pre-spawn-environ": {},
    "distributed.version": 2,
}


class OwnCluster(cast(Any, distributed).LocalCluster):  # type: ignore[misc]
    """A local cluster that Dask does not end at exit, which may take it ten seconds: it is ended here."""

    shutdown_on_close = property(lambda _: False, lambda _, value: None)


class DaskExecutor(QueuedExecutor):
    """A Dask client that is a `concurrent.futures.Executor`.

    Without a scheduler a cluster of our own starts at the first call: a process for each processor, with as many
    threads as make `workers`. With one (tcp://host:8786) it is spoken to at once, and the calls run on whatever
    machines its workers are on; they need nothing but what the calls import.
    """

    mode = "dask"

    def __init__(
        self,
        workers: int,
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
        scheduler: str | None = None,
        processes: int = 1,
    ) -> None:
        refuse_in_bootstrap()
        self._initial = None if initializer is None else _preparing(initializer, initargs)
        self.scheduler = scheduler
        self.remote = scheduler is not None
        self._name = f"rates-{uuid.uuid4().hex[:12]}"
        self._processes = min(processes, workers)
        self._checked: object = None
        self._keys = count()
        self._client: Any = None
        self._cluster: Any = None
        self._folder = ""
        # Passes nothing on. That a scheduler is lost the calls tell; Dask would log its tracebacks as well.
        self._hush = logging.Filter(self._name)
        super().__init__(workers)
        if scheduler is not None:
            self._start()

    def check(self, fn: object) -> None:
        """Raises TypeError if `fn` cannot be sent to another process."""
        if fn is not self._checked:
            sendable(fn)
            self._checked = fn

    def packed(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
        """The call as bytes; TypeError for what cannot be sent."""
        self.check(fn)
        return packed_call(fn, args, kwargs)

    def _start(self, connect_s: float = CONNECT_S) -> None:
        """The client, and its cluster if it is ours; on Ctrl-C nothing of them.

        Both take seconds, in a thread of their own: one that was interrupted in the middle would leave its processes.
        """
        Start(partial(self._connect, connect_s), self._halt, self.end).finish()

    def _connect(self, connect_s: float) -> None:
        CLIENT_LOG.addFilter(self._hush)
        with unheard(), dask.config.set(CONFIG):
            where, library = self.scheduler or self._local(), cast(Any, distributed)
            try:
                self._client = library.Client(where, timeout=connect_s, set_as_default=False, name=self._name)
            except (OSError, ValueError) as error:
                raise ConnectionError(
                    f"the scheduler at {self.scheduler} does not answer ({error}): is it running, and is the address "
                    "like tcp://host:8786?"
                ) from error
            if self._initial is not None:
                self._client.register_plugin(Prepare(self._name, *self._initial), name=self._name)

    def _local(self) -> Any:
        self._folder = tempfile.mkdtemp(prefix="rates-dask-")
        self._cluster = OwnCluster(
            n_workers=self._processes,
            threads_per_worker=-(-self.workers // self._processes),
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            memory_limit=0,
            local_directory=self._folder,
            silence_logs=logging.CRITICAL,
        )
        # Asyncio would tell on stderr that the scheduler could not speak to a worker which was just being ended.
        self._cluster.loop.asyncio_loop.set_exception_handler(lambda *_: None)
        return self._cluster

    def _halt(self) -> None:
        """Ends the processes of a cluster of ours that is still starting."""
        nannies = cast(Any, distributed).Nanny._instances
        ours = [nanny for nanny in list(nannies) if self._folder and self._folder in str(nanny.local_directory)]
        kill(processes_of(ours))

    def begin(self, call: Queued) -> None:
        """Hands a call to the scheduler."""
        with self._lock:
            if self._client is None:
                self._start()
            client = self._client
        key = f"{self._name}-{next(self._keys)}"
        call.handle = client.submit(serve_for, self._name, call.what, key=key, pure=False)
        call.handle.add_done_callback(partial(self._answered, call, client))

    def _answered(self, call: Queued, client: Any, handle: Any) -> None:
        if handle.status == "finished":
            try:
                answer = from_bytes(handle.result(timeout=CONNECT_S))
            except Exception as error:
                answer = None, ConnectionError(f"the result was lost with its worker: {error}")
            self.landed(call, *answer)
        elif handle.status == "error":
            self._failed(call, handle)
        elif client is self._client:  # cancelled or lost, which nobody asked for; a client of before was ended by us
            self.break_down(f"the scheduler{f' at {self.scheduler}' if self.scheduler else ''} is lost")

    def _failed(self, call: Queued, handle: Any) -> None:
        """The call could not be run: its worker died, or it lacks what the call imports."""
        try:
            error = handle.exception(timeout=CONNECT_S)
        except Exception as failure:
            error = failure
        if type(error).__name__ != "KilledWorker":
            told = f"the worker cannot run the call: {type(error).__qualname__}: {error}"
            self.landed(call, None, RuntimeError(told))
            return
        with self._lock:
            if not self._closed:
                self.why_broken = WHY_BROKEN
        self.landed(call, None, BrokenExecutor(self.why_broken))

    def reopen(self) -> None:
        """Lets calls be handed over again: Dask has replaced the worker that died; a lost cluster is started anew.

        Raises RuntimeError after shutdown, ConnectionError where a scheduler is lost for good.
        """
        with self._lock:
            if self._closed:
                raise RuntimeError("cannot reopen an executor that was shut down: open another one")
            if not self.why_broken:
                return
            if "scheduler" in self.why_broken:
                self.end()
                self._start(GRACE_S)
            self.why_broken = ""
            self.reopened += 1
            ready = self._next()
        self._begin(ready)

    def drop(self, futures: Collection[Future[Any]], why: str) -> str:
        """Terminates the workers of a cluster of ours; elsewhere the calls are cancelled, and one that runs is left."""
        gone = self.given_up(futures)
        if not gone:
            return ""
        with suppress(Exception):
            self._client.cancel([call.handle for call in gone if call.handle is not None])
        if self._cluster is None:
            return "; its worker elsewhere cannot be ended and is left"
        self.break_down(TERMINATED)
        with self._lock:
            self.end()
            self.why_broken = ""
            self.reopened += 1
        return "; its worker process was terminated"

    def late_because(self, future: Future[Any]) -> str:
        """That no worker is there to take it."""
        with suppress(Exception):
            if self._client is not None and not self._client.scheduler_info()["workers"]:
                return f"; no worker is connected to the scheduler{f' at {self.scheduler}' if self.scheduler else ''}"
        return ""

    def close(self) -> None:
        """Ends client and cluster; nothing runs."""
        self._end(2 * GRACE_S)

    def end(self) -> None:
        """Ends the client, and the cluster if it is ours, whatever runs there."""
        self._end(KILLED_S)

    def _end(self, wait_s: float) -> None:
        with self._lock:
            client, cluster, folder = self._client, self._cluster, self._folder
            self._client, self._cluster, self._folder = None, None, ""
        if client is None and cluster is None and not folder:
            CLIENT_LOG.removeFilter(self._hush)
            return
        with quiet():
            if client is not None and cluster is None and self._initial is not None:
                with suppress(Exception):
                    client.unregister_worker_plugin(self._name)
            nannies = list(getattr(cluster, "workers", {}).values())
            processes = processes_of(nannies)
            let_end(nannies)
            kill(processes)
            # A client whose scheduler is lost goes on looking for it, whatever it is told.
            joined(partial(_close, self._hush, client, cluster), wait_s)
            if kill(processes):  # one that was just being started
                joined(partial(kill_started, processes), KILLED_S)
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def _preparing(initializer: Callable[..., object], initargs: tuple[Any, ...]) -> tuple[str, bytes]:
    """The initializer's name, and its call as bytes: Dask would send a copy of it with module variables of its own."""
    sendable(initializer)
    return named(initializer), packed_call(initializer, initargs, {})


def _close(hush: logging.Filter, *parts: Any) -> None:
    for part in parts:
        if part is not None:
            with suppress(Exception):
                part.close(timeout=GRACE_S)
    CLIENT_LOG.removeFilter(hush)
